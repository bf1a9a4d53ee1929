/* retired: long lists that nobody shows any more are freed a slice at a time. */
#include "survey_private.h"

enum { SLICE = 64, NEWEST = 2 /* ranges and their verdicts */ };

/* True when nothing is left of it. */
static bool free_slice(struct survey *s, struct part *p) {
    while (part_shrink(p, SLICE))
        if (loop_budget_left(s->loop) <= 0)
            return false;
    part_unref(p);
    return true;
}

static bool step(void *arg) {
    struct survey *s = arg;
    for (size_t i = 0; i < s->lists.len;) {
        if (loop_budget_left(s->loop) <= 0)
            return true;
        if (s->lists.items[i]->refs > 1) {
            i++;
            continue;
        }
        if (!free_slice(s, s->lists.items[i]))
            return true;
        s->lists.items[i] = s->lists.items[--s->lists.len];
    }
    s->retired_work = NULL;
    return false;
}

void retired_watch(struct survey *s, struct part *p) {
    vec_push(&s->lists, part_ref(p));
}

void retired_sweep(struct survey *s) {
    if (s->lists.len > NEWEST && s->retired_work == NULL)
        s->retired_work = loop_work_new(s->loop, step, s);
}

void retired_free(struct survey *s) {
    loop_work_free(s->retired_work);
    s->retired_work = NULL;
    for (size_t i = 0; i < s->lists.len; i++)
        part_unref(s->lists.items[i]);
    vec_free(&s->lists);
}
