/* zonesetting: what CONFIGURE ZONE said of objects, beside what the placement rules derive for them. */
#include "domicile/sandbox/zonesetting.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <stdlib.h>
#include <string.h>

static void clear(struct zone_setting *s) {
    free(s->index);
    free(s->partition);
    zone_free(&s->zone);
}

void zone_settings_free(struct zone_settings *list) {
    for (size_t i = 0; i < list->len; i++)
        clear(&list->items[i]);
    vec_free(list);
}

static bool same(const char *a, const char *b) { return a == b || str_eq(a, b); }

struct zone_setting *zone_settings_find(const struct zone_settings *list, const char *index, const char *partition) {
    for (size_t i = 0; i < list->len; i++)
        if (same(list->items[i].index, index) && same(list->items[i].partition, partition))
            return &list->items[i];
    return NULL;
}

struct zone_setting *zone_settings_take(struct zone_settings *list, const char *index, const char *partition) {
    struct zone_setting *s = zone_settings_find(list, index, partition);
    if (s)
        return s;
    vec_push(list, ((struct zone_setting){.index = mem_strdup_null(index), .partition = mem_strdup_null(partition)}));
    return &list->items[list->len - 1];
}

void zone_settings_remove(struct zone_settings *list, struct zone_setting *s) {
    clear(s);
    memmove(s, s + 1, (size_t)(&list->items[list->len] - (s + 1)) * sizeof *s);
    list->len--;
}

void zone_put(struct zone *z, const struct zone *from, unsigned mask) {
    struct zone chosen = {0};
    struct zone view = *from; /* borrows the lists: what it does not say it sets is not copied */
    view.set &= mask;
    zone_inherit(&chosen, &view);
    zone_inherit(&chosen, z);
    zone_free(z);
    *z = chosen;
}

void zone_unset(struct zone *z, unsigned mask) {
    struct zone kept = {0};
    zone_put(&kept, z, ~mask);
    zone_free(z);
    *z = kept;
}

void zone_settings_apply(const struct zone_settings *list, const char *index, const char *partition, struct zone *z) {
    const struct zone_setting *s = zone_settings_find(list, index, partition);
    if (!s)
        return;
    if (s->discarded)
        zone_free(z);
    zone_put(z, &s->zone, ~0U);
}
