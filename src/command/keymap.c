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

void keymap_add_keys(struct str *out, const struct command *c) { str_add(out, c->keys); }

void keymap_add_key(struct str *out, const struct command *c) { str_add_n(out, c->keys, strcspn(c->keys, " ")); }
