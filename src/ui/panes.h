/* panes: the five panes, a file each. */
#ifndef UI_PANES_H
#define UI_PANES_H

#include "draw.h"

void pane_regions_draw(struct ui *ui, struct area a, bool focused);
int pane_regions_lines(struct ui *ui, int width);
void pane_tables_draw(struct ui *ui, struct area a, bool focused);
int pane_tables_lines(struct ui *ui, int width);
void pane_rows_draw(struct ui *ui, struct area a, bool focused);
void pane_rows_title(struct ui *ui, struct str *out);
void pane_report_draw(struct ui *ui, struct area a, bool focused);
int pane_report_lines(struct ui *ui, int width);
/* The report in two lines, for narrow screens. */
void pane_report_strip(struct ui *ui, struct area a);
void pane_feed_draw(struct ui *ui, struct area a, bool focused);

#endif
