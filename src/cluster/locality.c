/* locality: the ordered key=value tiers of a node. */
#include "domicile/cluster/locality.h"

#include <stdlib.h>
#include <string.h>

bool locality_parse(struct locality *l, const char *text, struct err *err) {
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, ",");
        const char *equals = memchr(p, '=', n);
        if (!equals || equals == p) {
            locality_free(l);
            return err_set(err, ERR_INPUT, "the locality tier \"%.*s\" is not of the form key=value", (int)n, p);
        }
        struct locality_tier tier = {.key = mem_strndup(p, (size_t)(equals - p)),
            .value = mem_strndup(equals + 1, n - (size_t)(equals - p) - 1)};
        vec_push(l, tier);
        p += n;
        p += *p == ',';
    }
    return true;
}

void locality_free(struct locality *l) {
    for (size_t i = 0; i < l->len; i++) {
        free(l->items[i].key);
        free(l->items[i].value);
    }
    vec_free(l);
}

void locality_copy(struct locality *to, const struct locality *from) {
    for (size_t i = 0; i < from->len; i++) {
        struct locality_tier tier = {mem_strdup(from->items[i].key), mem_strdup(from->items[i].value)};
        vec_push(to, tier);
    }
}

const char *locality_get(const struct locality *l, const char *key) {
    for (size_t i = 0; i < l->len; i++)
        if (strcmp(l->items[i].key, key) == 0)
            return l->items[i].value;
    return NULL;
}

const char *locality_region(const struct locality *l) { return locality_get(l, "region"); }

const char *locality_zone(const struct locality *l) {
    static const char *const keys[] = {"zone", "availability-zone", "az"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = locality_get(l, keys[i]);
        if (value)
            return value;
    }
    return NULL;
}

void locality_print(struct str *out, const struct locality *l) {
    for (size_t i = 0; i < l->len; i++)
        str_add_f(out, "%s%s=%s", i ? "," : "", l->items[i].key, l->items[i].value);
}

static bool has_tier(const struct locality *l, const struct zone_constraint *c) {
    const char *value = c->key && c->key[0] ? locality_get(l, c->key) : NULL;
    return value && strcmp(value, c->value) == 0;
}

bool locality_satisfies(const struct locality *l, const struct zone_conjunction *c) {
    for (size_t i = 0; i < c->members.len; i++)
        if (has_tier(l, &c->members.items[i]) == c->members.items[i].prohibited)
            return false;
    return true;
}
