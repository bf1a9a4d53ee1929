/* role_settings: ALTER ROLE ... SET: session variables that a user's new sessions begin with. */
#include "users_private.h"

#include <stdlib.h>
#include <string.h>

/* What stands for all roles, for any database: no name of either. */
static const char EVERY[] = "*";

static bool fits(const struct role_setting *s, const char *role, const char *database) {
    return str_eq(s->role, role ? role : EVERY) && str_eq(s->database, database ? database : EVERY);
}

static void clear(struct role_setting *s) {
    free(s->role);
    free(s->database);
    free(s->name);
    free(s->value);
}

static void remove_at(struct users *u, size_t i) {
    clear(&u->settings.items[i]);
    memmove(&u->settings.items[i], &u->settings.items[i + 1], (u->settings.len - i - 1) * sizeof *u->settings.items);
    u->settings.len--;
}

void users_set_default(struct users *u, const char *role, const char *database, const char *name, const char *value) {
    u->changes++;
    for (size_t i = u->settings.len; i-- > 0;)
        if (fits(&u->settings.items[i], role, database) && (!name || str_eq(u->settings.items[i].name, name)))
            remove_at(u, i);
    if (!name || !value)
        return;
    const struct role_setting s = {mem_strdup(role ? role : EVERY), mem_strdup(database ? database : EVERY),
        mem_strdup(name), mem_strdup(value)};
    vec_push(&u->settings, s);
}

void users_forget_defaults(struct users *u, const char *role) {
    for (size_t i = u->settings.len; i-- > 0;)
        if (!role || str_eq(u->settings.items[i].role, role))
            remove_at(u, i);
    if (!role)
        vec_free(&u->settings);
}

void users_each_default(const struct users *u, const char *role, const char *database,
    void (*emit)(void *arg, const char *name, const char *value), void *arg) {
    /* The narrower comes later, and wins. */
    for (int narrow = 0; narrow < 4; narrow++)
        for (size_t i = 0; i < u->settings.len; i++)
            if (fits(&u->settings.items[i], narrow & 2 ? role : NULL, narrow & 1 ? database : NULL))
                emit(arg, u->settings.items[i].name, u->settings.items[i].value);
}

void users_print_defaults(const struct users *u, struct str *out) {
    for (size_t i = 0; i < u->settings.len; i++) {
        const struct role_setting *s = &u->settings.items[i];
        str_add_f(out, "setting\t%s\t%s\t%s\t%s\n", s->role, s->database, s->name, *s->value ? s->value : " ");
    }
}

void users_read_default(struct users *u, char *const *fields) {
    const struct role_setting s = {mem_strdup(fields[1]), mem_strdup(fields[2]), mem_strdup(fields[3]),
        mem_strdup(fields[4])};
    vec_push(&u->settings, s);
}
