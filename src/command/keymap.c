/* keymap: which key runs which command. */
#include "domicile/command/keymap.h"

#include "domicile/base/mem.h"
#include "domicile/base/vec.h"

#include <string.h>

struct binding {
    keycode key;
    unsigned contexts;
    enum command_id id;
};

struct keymap {
    VEC_STRUCT(struct binding) bindings;
};

struct keymap *keymap_new(void) {
    struct keymap *m = mem_calloc(1, sizeof *m);
    size_t n;
    const struct command *table = command_table(&n);
    for (size_t i = 0; i < n; i++)
        for (const char *p = table[i].keys; *p;) {
            size_t len = strcspn(p, " ");
            keycode key = key_from_name(p, len);
            if (key != KEYCODE_NONE)
                vec_push(&m->bindings, ((struct binding){key, table[i].contexts, table[i].id}));
            p += len;
            p += strspn(p, " ");
        }
    return m;
}

void keymap_free(struct keymap *m) {
    if (!m)
        return;
    vec_free(&m->bindings);
    free(m);
}

enum command_id keymap_find(const struct keymap *m, unsigned contexts, keycode key) {
    for (size_t i = 0; i < m->bindings.len; i++)
        if (m->bindings.items[i].key == key && (m->bindings.items[i].contexts & contexts))
            return m->bindings.items[i].id;
    return COMMAND_NONE;
}

void keymap_bind(struct keymap *m, keycode key, enum command_id id) {
    const struct command *c = command_get(id);
    size_t kept = 0;
    for (size_t i = 0; i < m->bindings.len; i++) {
        struct binding *b = &m->bindings.items[i];
        if (b->key == key)
            b->contexts &= c ? ~c->contexts : 0;
        if (b->contexts)
            m->bindings.items[kept++] = *b;
    }
    m->bindings.len = kept;
    if (c)
        vec_push(&m->bindings, ((struct binding){key, c->contexts, id}));
}

static const struct keymap *shown;

void keymap_show(const struct keymap *m) { shown = m; }

/* Up to most keys, the table's first. */
static void add_keys(struct str *out, const struct command *c, size_t most) {
    struct keymap *table = shown ? NULL : keymap_new();
    const struct keymap *m = shown ? shown : table;
    for (size_t i = 0, n = 0; i < m->bindings.len && n < most; i++)
        if (m->bindings.items[i].id == c->id) {
            if (n++)
                str_add_char(out, ' ');
            key_add_name(out, m->bindings.items[i].key);
        }
    keymap_free(table);
}

void keymap_add_keys(struct str *out, const struct command *c) { add_keys(out, c, SIZE_MAX); }
void keymap_add_key(struct str *out, const struct command *c) { add_keys(out, c, 1); }
