/* field: a line of text being edited. */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include "domicile/ui/view.h"

struct field {
    struct str text;
    size_t cursor; /* in bytes */
};

void field_free(struct field *f);
void field_set(struct field *f, const char *text);
/* Takes a key or a paste; false when it is not one of its own. */
bool field_input(struct field *f, const struct input_event *e);
/* Draws it in width columns; masked: a dot for each character. */
void field_draw(const struct field *f, struct area a, int x, int y, int width, bool focused, bool masked);

#endif
