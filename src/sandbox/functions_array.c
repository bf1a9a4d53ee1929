/* functions_array: arrays: {a,"b c",NULL}. */
#include "functions.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct elements {
    VEC(char *); /* NULL: NULL */
};

static const char SPACES[] = " \t\r\n";

static void elements_free(struct elements *e) {
    for (size_t i = 0; i < e->len; i++)
        free(e->items[i]);
    vec_free(e);
}

static void elements_read(struct elements *out, const char *s) {
    s += *s == '{';
    for (s += strspn(s, SPACES); *s && *s != '}'; s += strspn(s, SPACES)) {
        struct str text = {0};
        const bool quoted = *s == '"';
        for (s += quoted; *s && (quoted ? *s != '"' : *s != ',' && *s != '}'); s++) {
            if (*s == '\\' && s[1])
                s++;
            str_add_char(&text, *s);
        }
        s += quoted && *s == '"';
        s += strspn(s, SPACES);
        while (!quoted && text.len > 0 && strchr(SPACES, text.data[text.len - 1]))
            str_truncate(&text, text.len - 1);
        const bool null = !quoted && str_eq_nocase(str_get(&text), "NULL");
        char *item = null ? NULL : str_take(&text);
        str_free(&text);
        vec_push(out, item);
        s += *s == ',';
    }
}

static void element_add(struct str *out, const char *text) {
    if (!text) {
        str_add(out, "NULL");
        return;
    }
    if (*text && !strpbrk(text, "{},\"\\ \t\n=") && !str_eq_nocase(text, "NULL")) {
        str_add(out, text);
        return;
    }
    str_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
    str_add_char(out, '"');
}

static void make_array(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    str_add_char(&s, '{');
    for (int i = 0; i < n; i++) {
        str_add(&s, i ? "," : "");
        element_add(&s, sqlite3_value_type(v[i]) == SQLITE_NULL ? NULL : fn_text(v[i]));
    }
    str_add_char(&s, '}');
    fn_give(c, str_take(&s));
}

void fn_array_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str *s = sqlite3_aggregate_context(c, sizeof *s);
    (void)n;
    str_add(s, s->len ? "," : "{");
    element_add(s, sqlite3_value_type(v[0]) == SQLITE_NULL ? NULL : fn_text(v[0]));
}

void fn_array_final(sqlite3_context *c) {
    struct str *s = sqlite3_aggregate_context(c, 0);
    if (!s || !s->len)
        return;
    str_add_char(s, '}');
    fn_give(c, str_take(s));
}

/* An aggregate with ORDER BY: in_order(kind, separator, value, ways, key ...): kind a array, t text, j JSON; ways holds
 * a letter for each key, d for descending. */
struct ordered_row {
    char *value; /* NULL: NULL */
    sqlite3_value **keys;
};
struct ordered {
    VEC(struct ordered_row);
    char kind, *separator, *ways;
    int keys;
};

void fn_ordered_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct ordered *o = sqlite3_aggregate_context(c, sizeof *o);
    if (!o)
        return;
    if (!o->ways) {
        o->kind = *fn_text(v[0]);
        o->separator = mem_strdup(fn_text(v[1]));
        o->ways = mem_strdup(fn_text(v[3]));
        o->keys = n - 4;
    }
    const bool null = sqlite3_value_type(v[2]) == SQLITE_NULL;
    if (null && o->kind == 't')
        return;
    struct ordered_row row = {
        null ? NULL : mem_strdup(fn_text(v[2])), mem_calloc((size_t)o->keys + 1, sizeof *row.keys)};
    for (int i = 0; i < o->keys; i++)
        row.keys[i] = sqlite3_value_dup(v[4 + i]);
    vec_push(o, row);
}

/* NULLs first, numbers by value, texts by their bytes. */
static int compare_keys(sqlite3_value *a, sqlite3_value *b) {
    const bool null_a = sqlite3_value_type(a) == SQLITE_NULL, null_b = sqlite3_value_type(b) == SQLITE_NULL;
    if (null_a || null_b)
        return null_b - null_a;
    if (sqlite3_value_type(a) == SQLITE_TEXT || sqlite3_value_type(b) == SQLITE_TEXT)
        return strcmp(fn_text(a), fn_text(b));
    const double x = sqlite3_value_double(a), y = sqlite3_value_double(b);
    return (x > y) - (x < y);
}

static bool comes_after(const struct ordered *o, const struct ordered_row *a, const struct ordered_row *b) {
    for (int i = 0; i < o->keys; i++) {
        const int d = compare_keys(a->keys[i], b->keys[i]);
        if (d)
            return o->ways[i] == 'd' ? d < 0 : d > 0;
    }
    return false;
}

static void merge_sort(const struct ordered *o, struct ordered_row *rows, struct ordered_row *spare, size_t n) {
    if (n < 2)
        return;
    const size_t half = n / 2;
    merge_sort(o, rows, spare, half);
    merge_sort(o, rows + half, spare, n - half);
    memcpy(spare, rows, half * sizeof *rows);
    for (size_t i = 0, k = half, out = 0; i < half; out++)
        rows[out] = k < n && comes_after(o, &spare[i], &rows[k]) ? rows[k++] : spare[i++];
}

void fn_ordered_final(sqlite3_context *c) {
    struct ordered *o = sqlite3_aggregate_context(c, 0);
    struct str s = {0};
    if (!o)
        return;
    struct ordered_row *spare = mem_calloc(o->len + 1, sizeof *spare);
    merge_sort(o, o->items, spare, o->len);
    free(spare);
    str_add(&s, o->kind == 'a' ? "{" : o->kind == 'j' ? "[" : "");
    for (size_t i = 0; i < o->len; i++) {
        struct ordered_row *row = &o->items[i];
        str_add(&s, i ? o->separator : "");
        if (o->kind == 'a')
            element_add(&s, row->value);
        else
            str_add(&s, row->value ? row->value : "null");
        for (int k = 0; k < o->keys; k++)
            sqlite3_value_free(row->keys[k]);
        free(row->keys);
        free(row->value);
    }
    str_add(&s, o->kind == 'a' ? "}" : o->kind == 'j' ? "]" : "");
    if (o->len)
        fn_give(c, mem_strdup(str_get(&s)));
    str_free(&s);
    free(o->separator);
    free(o->ways);
    vec_free(o);
}

/* string_agg(text, separator), concat_agg(text). */
struct joined {
    struct str text;
    bool any;
};

void fn_text_step(sqlite3_context *c, int n, sqlite3_value **v) {
    struct joined *j = sqlite3_aggregate_context(c, sizeof *j);
    if (!j || sqlite3_value_type(v[0]) == SQLITE_NULL)
        return;
    str_add(&j->text, j->any && n > 1 ? fn_text(v[1]) : "");
    str_add(&j->text, fn_text(v[0]));
    j->any = true;
}

void fn_text_final(sqlite3_context *c) {
    struct joined *j = sqlite3_aggregate_context(c, 0);
    if (j && j->any)
        fn_give(c, mem_strdup(str_get(&j->text)));
    if (j)
        str_free(&j->text);
}

/* to_array(text, type): the array in the one form that it has. */
static void to_array(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    struct str s = {0};
    if (fn_null(1, v))
        return;
    (void)n;
    const char *text = fn_text(v[0]);
    text += strspn(text, SPACES);
    size_t len = strlen(text);
    while (len > 0 && strchr(SPACES, text[len - 1]))
        len--;
    if (*text != '{' || text[len - 1] != '}') {
        fn_fail(c, "22P02", "could not parse \"%s\" as type %s[]: array must be enclosed in { and }", fn_text(v[0]),
            fn_text(v[1]));
        return;
    }
    elements_read(&e, text);
    str_add_char(&s, '{');
    for (size_t i = 0; i < e.len; i++) {
        str_add(&s, i ? "," : "");
        element_add(&s, e.items[i]);
    }
    str_add_char(&s, '}');
    elements_free(&e);
    fn_give(c, str_take(&s));
}

static void array_length(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (fn_null(n, v))
        return;
    elements_read(&e, fn_text(v[0]));
    if (e.len && sqlite3_value_int(v[1]) == 1)
        sqlite3_result_int64(c, (sqlite3_int64)e.len);
    elements_free(&e);
}

static void array_get(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (fn_null(n, v))
        return;
    elements_read(&e, fn_text(v[0]));
    const sqlite3_int64 i = sqlite3_value_int64(v[1]);
    if (i >= 1 && (size_t)i <= e.len && e.items[i - 1])
        sqlite3_result_text(c, e.items[i - 1], -1, SQLITE_TRANSIENT);
    elements_free(&e);
}

static void array_to_string(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    struct str s = {0};
    if (fn_null(2, v))
        return;
    elements_read(&e, fn_text(v[0]));
    bool any = false;
    for (size_t i = 0; i < e.len; i++) {
        const char *text = e.items[i] ? e.items[i] : n > 2 ? fn_text(v[2]) : NULL;
        if (!text)
            continue;
        str_add_f(&s, "%s%s", any ? fn_text(v[1]) : "", text);
        any = true;
    }
    elements_free(&e);
    fn_give(c, str_take(&s));
}

static void string_to_array(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v))
        return;
    struct str out = {0};
    const char *at = fn_text(v[0]), *by = fn_text(v[1]);
    str_add_char(&out, '{');
    for (bool first = true; *at || first; first = false) {
        const char *end = *by ? strstr(at, by) : NULL;
        char *part = end ? mem_strndup(at, (size_t)(end - at)) : mem_strdup(at);
        str_add(&out, first ? "" : ",");
        element_add(&out, part);
        free(part);
        if (!end)
            break;
        at = end + strlen(by);
    }
    str_add_char(&out, '}');
    fn_give(c, str_take(&out));
}

static bool element_in(const struct elements *e, const char *text) {
    for (size_t i = 0; i < e->len; i++)
        if (e->items[i] && str_eq(e->items[i], text))
            return true;
    return false;
}

static void array_position(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (fn_null(n, v))
        return;
    elements_read(&e, fn_text(v[0]));
    for (size_t i = 0; i < e.len; i++)
        if (e.items[i] && str_eq(e.items[i], fn_text(v[1]))) {
            sqlite3_result_int64(c, (sqlite3_int64)i + 1);
            break;
        }
    elements_free(&e);
}

static void array_any(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    if (fn_null(n, v))
        return;
    const char *op = fn_text(v[1]), *text = fn_text(v[0]);
    const bool all = sqlite3_value_int(v[3]);
    elements_read(&e, fn_text(v[2]));
    bool hit = all;
    for (size_t i = 0; i < e.len; i++) {
        const int d = strcmp(text, e.items[i] ? e.items[i] : "");
        const bool one = str_eq(op, "=") ? d == 0 : str_eq(op, "!=") ? d != 0 : str_eq(op, "<") ? d < 0
            : d > 0;
        hit = all ? hit && one : hit || one;
    }
    elements_free(&e);
    sqlite3_result_int(c, hit);
}

static void array_contains(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements a = {0}, b = {0};
    if (fn_null(n, v))
        return;
    elements_read(&a, fn_text(v[0]));
    elements_read(&b, fn_text(v[1]));
    bool all = true;
    for (size_t i = 0; i < b.len; i++)
        all = all && b.items[i] && element_in(&a, b.items[i]);
    elements_free(&a);
    elements_free(&b);
    sqlite3_result_int(c, all);
}

static void array_overlaps(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements a = {0}, b = {0};
    if (fn_null(n, v))
        return;
    elements_read(&a, fn_text(v[0]));
    elements_read(&b, fn_text(v[1]));
    bool any = false;
    for (size_t i = 0; i < b.len; i++)
        any = any || (b.items[i] && element_in(&a, b.items[i]));
    elements_free(&a);
    elements_free(&b);
    sqlite3_result_int(c, any);
}

static void array_append(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    (void)n;
    const char *a = fn_text(v[0]);
    str_add(&s, *a ? a : "{}");
    str_truncate(&s, s.len - 1);
    str_add(&s, s.len > 1 ? "," : "");
    element_add(&s, sqlite3_value_type(v[1]) == SQLITE_NULL ? NULL : fn_text(v[1]));
    str_add_char(&s, '}');
    fn_give(c, str_take(&s));
}

static void array_cat(sqlite3_context *c, int n, sqlite3_value **v) {
    struct str s = {0};
    (void)n;
    const char *a = fn_text(v[0]), *b = fn_text(v[1]);
    str_add(&s, *a ? a : "{}");
    str_truncate(&s, s.len - 1);
    str_add(&s, s.len > 1 && b[0] && b[1] != '}' ? "," : "");
    str_add(&s, *b ? b + 1 : "}");
    fn_give(c, str_take(&s));
}

static void array_to_json(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    struct str s = {0};
    if (fn_null(n, v))
        return;
    elements_read(&e, fn_text(v[0]));
    str_add_char(&s, '[');
    for (size_t i = 0; i < e.len; i++) {
        str_add(&s, i ? "," : "");
        if (!e.items[i]) {
            str_add(&s, "null");
            continue;
        }
        str_add_char(&s, '"');
        for (const char *p = e.items[i]; *p; p++)
            if ((unsigned char)*p < 0x20)
                str_add_f(&s, "\\u%04x", *p);
            else {
                if (*p == '"' || *p == '\\')
                    str_add_char(&s, '\\');
                str_add_char(&s, *p);
            }
        str_add_char(&s, '"');
    }
    str_add_char(&s, ']');
    elements_free(&e);
    fn_give(c, str_take(&s));
}

/* series_json(from, to, by): [from, ...] */
static void series_json(sqlite3_context *c, int n, sqlite3_value **v) {
    enum { MOST = 10000000 };
    struct str s = {0};
    if (fn_null(n, v))
        return;
    const sqlite3_int64 from = sqlite3_value_int64(v[0]), to = sqlite3_value_int64(v[1]),
                        by = sqlite3_value_int64(v[2]);
    if (by == 0) {
        fn_fail(c, "22023", "step cannot be 0");
        return;
    }
    str_add_char(&s, '[');
    sqlite3_int64 count = 0;
    for (sqlite3_int64 i = from; (by > 0 ? i <= to : i >= to) && count < MOST; i += by)
        str_add_f(&s, count++ ? ",%lld" : "%lld", i);
    str_add_char(&s, ']');
    if (count < MOST) {
        fn_give(c, str_take(&s));
        return;
    }
    str_free(&s);
    fn_fail(c, "0A000", "a series of more than %d numbers is not supported by this sandbox", MOST);
}

/* array_edit(array, old, new, what): r removes what equals old, s puts new in its place. */
static void array_edit(sqlite3_context *c, int n, sqlite3_value **v) {
    struct elements e = {0};
    struct str s = {0};
    (void)n;
    if (sqlite3_value_type(v[0]) == SQLITE_NULL)
        return;
    const bool null = sqlite3_value_type(v[1]) == SQLITE_NULL, replace = *fn_text(v[3]) == 's';
    elements_read(&e, fn_text(v[0]));
    str_add_char(&s, '{');
    for (size_t i = 0; i < e.len; i++) {
        const bool hit = null ? !e.items[i] : e.items[i] && str_eq(e.items[i], fn_text(v[1]));
        if (hit && !replace)
            continue;
        str_add(&s, s.len > 1 ? "," : "");
        element_add(&s, !hit ? e.items[i] : sqlite3_value_type(v[2]) == SQLITE_NULL ? NULL : fn_text(v[2]));
    }
    str_add_char(&s, '}');
    elements_free(&e);
    fn_give(c, str_take(&s));
}

const struct function functions_array[] = {
    {"series_json", 3, series_json},
    {"array_edit", 4, array_edit},
    {"make_array", -1, make_array},
    {"to_array", 2, to_array},
    {"array_get", 2, array_get},
    {"array_to_string", -1, array_to_string},
    {"array_position", 2, array_position},
    {"array_any", 4, array_any},
    {"array_contains", 2, array_contains},
    {"array_overlaps", 2, array_overlaps},
    {"array_append", 2, array_append},
    {"array_cat", 2, array_cat},
    {"array_to_json", 1, array_to_json},
    {"array_length", 2, array_length},
    {"string_to_array", 2, string_to_array},
    {NULL, 0, NULL},
};
