/* dialog: the stack of dialogs. */
#include "domicile/ui/dialog.h"

#include <string.h>

bool dialog_is(const struct view *v, const char *name) { return v && strcmp(v->ops->name, name) == 0; }

void dialog_push(struct view **stack, struct view *v) {
    v->below = *stack;
    *stack = v;
}

void dialog_pop(struct view **stack) {
    struct view *top = *stack;
    if (!top)
        return;
    *stack = top->below;
    top->ops->free(top);
}

void dialog_free_all(struct view **stack) {
    while (*stack)
        dialog_pop(stack);
}

struct view *dialog_find(struct view *stack, const char *name) {
    while (stack && !dialog_is(stack, name))
        stack = stack->below;
    return stack;
}

static void draw_one(struct view *v, struct ui *ui, struct area a) {
    int width = a.width;
    int height = a.height;
    v->ops->measure(v, ui, a.width > 8 ? a.width - 4 : a.width, &width, &height);
    if (width > a.width)
        width = a.width;
    if (height > a.height - (a.height > 6 ? 2 : 0))
        height = a.height - (a.height > 6 ? 2 : 0);
    if (dialog_is(v, "console"))
        width = a.width;
    bool bottom = dialog_is(v, "prompt") || dialog_is(v, "console");
    struct area part = area_part(
        a, bottom ? 0 : (a.width - width) / 2, bottom ? a.height - height : (a.height - height) / 2, width, height);
    area_fill(part, STYLE_NORMAL, ' ');
    v->box = part;
    v->ops->draw(v, ui, part);
}

void dialog_draw(struct view *stack, struct ui *ui, struct area a) {
    if (!stack)
        return;
    dialog_draw(stack->below, ui, a);
    draw_one(stack, ui, a);
}
