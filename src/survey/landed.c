/* landed: rows that came and rows that went, told in words. */
#include "pages.h"

#include <string.h>

/* "Mike (id 77b2…)": the first value beside the key, and the key. */
static void add_label(struct str *out, const struct pages *ps, char *const *values, size_t n) {
    const char *beside = ps->key_columns < n ? values[ps->key_columns] : NULL;
    if (beside != NULL)
        str_add_f(out, "%s (", beside);
    for (size_t i = 0; i < ps->key_columns && i < n; i++)
        str_add_f(out, "%s%s %s", i > 0 ? ", " : "", ps->columns.items[i], values[i] != NULL ? values[i] : "NULL");
    str_add(out, beside != NULL ? ")" : "");
}

void landed_tell(struct survey *s) {
    const struct rows *rows = snapshot_rows(&s->now);
    usec newest = s->landed_told;
    for (size_t i = 0; rows != NULL && i < rows->pages.len; i++)
        for (size_t k = 0; k < rows->pages.items[i].rows.len; k++) {
            const struct row *row = &rows->pages.items[i].rows.items[k];
            struct str text = {0};
            if (row->landed <= s->landed_told || !str_eq(rows->table, s->pages->shown))
                continue;
            newest = row->landed > newest ? row->landed : newest;
            add_label(&text, s->pages, row->values.items, row->values.len);
            str_add_f(&text, " landed in %s", row->home != NULL ? row->home : rows->table);
            if (row->range_id != 0)
                str_add_f(&text, ", r%lld", (long long)row->range_id);
            publish_event(s, EVENT_ROW_LANDED, str_get(&text));
            str_free(&text);
        }
    s->landed_told = newest;
}

void landed_gone(struct survey *s, const struct page *p, char *const *values, size_t n) {
    struct str text = {0};
    add_label(&text, s->pages, values, n);
    str_add_f(&text, " is gone from %s", p->region != NULL ? p->region : s->pages->table);
    publish_event(s, EVENT_ROW_GONE, str_get(&text));
    str_free(&text);
}

void landed_beyond(struct survey *s, const struct page *p, char *const *key, size_t n) {
    struct str text = {0};
    add_label(&text, s->pages, key, n);
    str_add_f(&text, " landed in %s, beyond the page shown", p->region != NULL ? p->region : s->pages->table);
    publish_event(s, EVENT_ROW_LANDED, str_get(&text));
    str_free(&text);
}
