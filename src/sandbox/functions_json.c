/* functions_json: JSONB as the server prints it (keys in order, a space after each colon and comma), its operators
 * and functions. */
#include "functions.h"

#include "domicile/base/mem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LOOSE = JSON_DECODE_ANY | JSON_ALLOW_NUL, PRINTED = JSON_ENCODE_ANY | JSON_SORT_KEYS };

static json_t *read_json(sqlite3_value *v) {
    return json_loads(fn_text(v), LOOSE, NULL);
}

/* Gives a value as JSONB and drops it; NULL is SQL's NULL. */
static void give_json(sqlite3_context *c, json_t *j) {
    if (j)
        fn_give(c, json_dumps(j, PRINTED));
    json_decref(j);
}

/* Gives a value as ->> does: a string without quotes, null as NULL. */
static void give_text(sqlite3_context *c, json_t *j) {
    if (json_is_string(j))
        sqlite3_result_text(c, json_string_value(j), (int)json_string_length(j), SQLITE_TRANSIENT);
    else if (j && !json_is_null(j))
        fn_give(c, json_dumps(j, PRINTED));
    json_decref(j);
}

static void to_json_value(sqlite3_context *c, int n, sqlite3_value **v) {
    json_error_t why;
    if (fn_null(n, v))
        return;
    json_t *j = json_loads(fn_text(v[0]), LOOSE, &why);
    if (j)
        give_json(c, j);
    else
        fn_fail(c, "22P02", "could not parse JSON: %s", why.text);
}

/* json_of(value, kind): n number, b boolean, j JSON, a array, s text. NULL is JSON's null. */
static json_t *value_of(sqlite3_value *v, char kind) {
    const char *s = fn_text(v);
    if (sqlite3_value_type(v) == SQLITE_NULL)
        return json_null();
    if (kind == 'b')
        return json_boolean(sqlite3_value_int(v));
    if (kind == 's')
        return json_string(s);
    if (kind != 'a')
        return json_loads(s, LOOSE, NULL);
    return NULL;
}

static void json_of(sqlite3_context *c, int n, sqlite3_value **v) {
    (void)n;
    json_t *j = value_of(v[0], *fn_text(v[1]));
    give_json(c, j ? j : json_string(fn_text(v[0])));
}

static void json_build_array(sqlite3_context *c, int n, sqlite3_value **v) {
    json_t *a = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(a, read_json(v[i]));
    give_json(c, a);
}

static void json_build_object(sqlite3_context *c, int n, sqlite3_value **v) {
    json_t *o = json_object();
    for (int i = 0; i + 1 < n; i += 2) {
        json_t *key = read_json(v[i]);
        char *text = json_is_string(key) ? mem_strdup(json_string_value(key)) : json_dumps(key, PRINTED);
        json_object_set_new(o, text, read_json(v[i + 1]));
        free(text);
        json_decref(key);
    }
    give_json(c, o);
}

/* The element of an index (from the end when negative), the value of a key; borrowed. */
static json_t *element(json_t *j, const char *key) {
    char *end;
    const long i = strtol(key, &end, 10);
    if (json_is_object(j))
        return json_object_get(j, key);
    if (!json_is_array(j) || *end || end == key)
        return NULL;
    const long n = (long)json_array_size(j);
    return json_array_get(j, (size_t)(i < 0 ? n + i : i));
}

/* json_fetch(json, key or index, as text). */
static void json_fetch(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]);
    const bool index = sqlite3_value_type(v[1]) == SQLITE_INTEGER;
    json_t *found = j && json_is_array(j) == index ? json_incref(element(j, fn_text(v[1]))) : NULL;
    json_decref(j);
    if (sqlite3_value_int(v[2]))
        give_text(c, found);
    else
        give_json(c, found);
}

/* json_path(json, path as a JSON array of texts, as text). */
static void json_path(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]), *path = read_json(v[1]), *at = j;
    for (size_t i = 0; at && i < json_array_size(path); i++)
        at = element(at, json_string_value(json_array_get(path, i)));
    json_incref(at);
    json_decref(j);
    json_decref(path);
    if (sqlite3_value_int(v[2]))
        give_text(c, at);
    else
        give_json(c, at);
}

static bool contains(const json_t *a, const json_t *b) {
    const char *key;
    json_t *value;
    if (json_is_object(a) && json_is_object(b)) {
        json_object_foreach((json_t *)(size_t)b, key, value)
            if (!json_object_get(a, key) || !contains(json_object_get(a, key), value))
                return false;
        return true;
    }
    if (!json_is_array(a))
        return json_equal(a, b);
    const size_t wanted = json_is_array(b) ? json_array_size(b) : 1;
    for (size_t i = 0; i < wanted; i++) {
        const json_t *one = json_is_array(b) ? json_array_get(b, i) : b;
        bool found = false;
        for (size_t k = 0; !found && k < json_array_size(a); k++)
            found = contains(json_array_get(a, k), one);
        if (!found)
            return false;
    }
    return true;
}

static void json_contains(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *a = read_json(v[0]), *b = read_json(v[1]);
    sqlite3_result_int(c, a && b && contains(a, b));
    json_decref(a);
    json_decref(b);
}

static bool has(const json_t *j, const char *key) {
    if (json_is_object(j))
        return json_object_get(j, key);
    for (size_t i = 0; i < json_array_size(j); i++) {
        const char *s = json_string_value(json_array_get(j, i));
        if (s && str_eq(s, key))
            return true;
    }
    return json_is_string(j) && str_eq(json_string_value(j), key);
}

/* json_has(json, JSON array of keys, all of them). */
static void json_has(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]), *keys = read_json(v[1]);
    const bool all = sqlite3_value_int(v[2]);
    bool hit = all;
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const bool one = has(j, json_string_value(json_array_get(keys, i)));
        hit = all ? hit && one : hit || one;
    }
    sqlite3_result_int(c, hit);
    json_decref(j);
    json_decref(keys);
}

static void json_concat(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *a = read_json(v[0]), *b = read_json(v[1]);
    if (json_is_object(a) && json_is_object(b)) {
        json_object_update(a, b);
        json_decref(b);
        give_json(c, a);
        return;
    }
    json_t *both = json_array();
    for (int side = 0; side < 2; side++) {
        json_t *j = side ? b : a;
        if (json_is_array(j))
            json_array_extend(both, j);
        else
            json_array_append(both, j);
    }
    json_decref(a);
    json_decref(b);
    give_json(c, both);
}

static void remove_from(json_t *j, const char *key) {
    if (json_is_object(j)) {
        json_object_del(j, key);
        return;
    }
    char *end;
    const long i = strtol(key, &end, 10), n = (long)json_array_size(j);
    if (json_is_array(j) && !*end && end != key && (i < 0 ? n + i : i) >= 0)
        json_array_remove(j, (size_t)(i < 0 ? n + i : i));
}

/* json_remove_path(json, JSON array of texts): the last of them within what the others lead to. */
static void json_remove_path(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]), *path = read_json(v[1]), *at = j;
    const size_t steps = json_array_size(path);
    for (size_t i = 0; at && i + 1 < steps; i++)
        at = element(at, json_string_value(json_array_get(path, i)));
    if (at && steps)
        remove_from(at, json_string_value(json_array_get(path, steps - 1)));
    json_decref(path);
    give_json(c, j);
}

/* jsonb - 'key', - index: json_without(json, key). An array loses the texts that equal a key. */
static void json_without(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]);
    const bool index = sqlite3_value_type(v[1]) == SQLITE_INTEGER;
    if (json_is_object(j) || index)
        remove_from(j, fn_text(v[1]));
    for (size_t i = json_array_size(j); !index && i-- > 0;) {
        const char *s = json_string_value(json_array_get(j, i));
        if (s && str_eq(s, fn_text(v[1])))
            json_array_remove(j, i);
    }
    give_json(c, j);
}

/* jsonb_set(json, path, value[, create]). */
static void json_set(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]), *path = read_json(v[1]), *at = j;
    const size_t steps = json_array_size(path);
    for (size_t i = 0; at && i + 1 < steps; i++)
        at = element(at, json_string_value(json_array_get(path, i)));
    const char *last = steps ? json_string_value(json_array_get(path, steps - 1)) : NULL;
    const bool create = n < 4 || sqlite3_value_int(v[3]);
    if (at && last && json_is_object(at) && (create || json_object_get(at, last)))
        json_object_set_new(at, last, read_json(v[2]));
    else if (at && last && json_is_array(at) && strtol(last, NULL, 10) < (long)json_array_size(at))
        json_array_set_new(at, (size_t)strtol(last, NULL, 10), read_json(v[2]));
    else if (at && last && json_is_array(at) && create)
        json_array_append_new(at, read_json(v[2]));
    json_decref(path);
    give_json(c, j);
}

static void json_kind(sqlite3_context *c, int n, sqlite3_value **v) {
    static const char *const names[] = {"object", "array", "string", "number", "number", "boolean", "boolean", "null"};
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]);
    if (j)
        sqlite3_result_text(c, names[json_typeof(j)], -1, SQLITE_STATIC);
    json_decref(j);
}

static void json_length(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]);
    if (json_is_array(j))
        sqlite3_result_int64(c, (sqlite3_int64)json_array_size(j));
    else
        fn_fail(c, "22023", "cannot get array length of a non-array");
    json_decref(j);
}

static void json_pretty(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]);
    if (j)
        fn_give(c, json_dumps(j, PRINTED | JSON_INDENT(4)));
    json_decref(j);
}

static void strip_nulls(json_t *j) {
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(j, next, key, value) {
        if (json_is_null(value))
            json_object_del(j, key);
        else
            strip_nulls(value);
    }
    for (size_t i = 0; i < json_array_size(j); i++)
        strip_nulls(json_array_get(j, i));
}

static void json_strip_nulls(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    json_t *j = read_json(v[0]);
    strip_nulls(j);
    give_json(c, j);
}

/* jsonb_object_agg(key, value as JSON). */
void fn_json_object_step(sqlite3_context *c, int n, sqlite3_value **v) {
    json_t **o = sqlite3_aggregate_context(c, sizeof *o);
    (void)n;
    if (!o)
        return;
    if (!*o)
        *o = json_object();
    json_object_set_new(*o, fn_text(v[0]), read_json(v[1]));
}

void fn_json_array_step(sqlite3_context *c, int n, sqlite3_value **v) {
    json_t **a = sqlite3_aggregate_context(c, sizeof *a);
    (void)n;
    if (!a)
        return;
    if (!*a)
        *a = json_array();
    json_array_append_new(*a, read_json(v[0]));
}

void fn_json_final(sqlite3_context *c) {
    json_t **j = sqlite3_aggregate_context(c, 0);
    if (j)
        give_json(c, *j);
}

const struct function functions_json[] = {
    {"to_json_value", 1, to_json_value}, {"json_of", 2, json_of}, {"json_build_list", -1, json_build_array},
    {"json_build_map", -1, json_build_object}, {"json_fetch", 3, json_fetch}, {"json_at_path", 3, json_path},
    {"json_contains", 2, json_contains}, {"json_has", 3, json_has}, {"json_concat", 2, json_concat},
    {"json_remove_path", 2, json_remove_path}, {"json_without", 2, json_without}, {"json_put", -1, json_set},
    {"json_kind", 1, json_kind}, {"json_count", 1, json_length}, {"json_indented", 1, json_pretty},
    {"json_strip_nulls", 1, json_strip_nulls},
    {NULL, 0, NULL},
};
