/* draw: what panes and dialogs draw in the same way: glyphs of replicas, times, lists. */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include "domicile/ui/layout.h"
#include "domicile/ui/view.h"

/* The replicas of a range in one region, one glyph each, centred in width columns; "·" when there is none; a "?"
 * after them when of one of them it is not known whether it lives. home NULL: nothing is abroad. */
void draw_replicas(
    struct ui *ui, struct area a, int x, int y, int width, const struct range *r, const char *region, const char *home);
/* The glyph of a replica: leaseholder, voter, non-voter, learner, dead. */
const char *draw_glyph(const struct topology *t, const struct range *r, const struct replica *p);
/* "lease: cannot tell (timed out, n4 n5 n6 do not answer), asked at 14:42:07"; nothing where the leaseholder is known. */
void draw_add_lease_doubt(struct str *out, const struct model *m, const struct range *r);
enum style draw_verdict_style(enum domicile d);
/* "14:42:07" local time of a wall clock value. */
void draw_add_time(struct str *out, int64_t wall);
/* Loop time since when the range of a row's key (may be NULL) has the verdict that the row has; 0: since before it was
 * looked at, or the row's verdict is another index's. */
usec draw_since(const struct model *m, const struct row *r, const struct range *range);
/* "9 s", "2 min", "3 h". */
void draw_add_age(struct str *out, usec age);
/* "14 ms", "1.2 s". */
void draw_add_duration(struct str *out, usec duration);
/* The first line shown so that the selected one is, given so many lines. */
void draw_scroll(struct list_state *l, size_t count, int lines);
/* Column headings at y. */
void draw_headings(struct area a, int y, const struct table_column *columns, size_t n);
/* "n5", or "s5" when stores were not readable. Static until the next call. */
const char *draw_store(const struct topology *t, int store);
/* Regions wanted as columns on the rows' screen: the database's, the primary first; at most max. */
size_t draw_region_columns(const struct model *m, const char **names, size_t max);
/* "uksouth" cut to what tells the regions apart, in width columns. */
void draw_region_name(struct ui *ui, struct area a, int x, int y, int width, enum style style, const char *region);

#endif
