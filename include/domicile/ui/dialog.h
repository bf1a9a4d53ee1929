/* dialog: the dialogs that lie over the overview, and the stack of them. */
#ifndef DOMICILE_UI_DIALOG_H
#define DOMICILE_UI_DIALOG_H

#include "domicile/ui/view.h"

/* Each is owned by the stack once pushed. */
struct view *dialog_insert_new(struct insert_form *form); /* takes the form over */
/* Tells it how the insert stands; it closes by itself when it is committed. */
void dialog_insert_progress(struct view *v, const struct insert_result *result);
/* A refusal before anything was sent. */
void dialog_insert_refused(struct view *v, const struct err *err);

/* from and to NULL: another change than that of the placement, told by the plan's title. Takes the plan over. */
struct view *dialog_placement_new(struct plan *plan, const char *from, const char *to, const char *database);
struct view *dialog_passport_new(struct ui *ui);   /* of the row selected */
struct view *dialog_region_new(struct ui *ui);     /* of the region selected */
struct view *dialog_table_new(struct ui *ui);      /* of the table selected */
void dialog_table_answer(struct view *v, const struct inspect_answer *answer);
struct view *dialog_help_new(void);
struct view *dialog_why_new(void);
struct view *dialog_matrix_new(void);
struct view *dialog_databases_new(const char *problem);
struct view *dialog_password_new(const char *problem);
struct view *dialog_failures_new(struct ui *ui);
struct view *dialog_event_new(const struct event *e); /* an entry of the feed in full */
/* One line at the bottom: the filter ("/"). */
struct view *dialog_prompt_new(char sign, enum pane_id pane, const char *text);

/* Whether v is the dialog of this name ("insert", "console" …); false for NULL. */
bool dialog_is(const struct view *v, const char *name);

/* The stack. */
void dialog_push(struct view **stack, struct view *v);
void dialog_pop(struct view **stack);
void dialog_free_all(struct view **stack);
/* The dialog of that name in the stack; NULL. */
struct view *dialog_find(struct view *stack, const char *name);
/* Draws the stack, the lowest first. */
void dialog_draw(struct view *stack, struct ui *ui, struct area a);

#endif
