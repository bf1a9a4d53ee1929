/* zonetext: constraint lists as a zone configuration's options hold them: a small part of YAML. */
#include "zonetext.h"

#include "yamlorder.h"

#include <stdlib.h>
#include <string.h>

void zonetext_free_conjunction(struct zone_conjunction *c) {
    for (size_t i = 0; i < c->members.len; i++) {
        free(c->members.items[i].key);
        free(c->members.items[i].value);
    }
    vec_free(&c->members);
}

void zonetext_free(struct zone_conjunctions *list) {
    for (size_t i = 0; i < list->len; i++)
        zonetext_free_conjunction(&list->items[i]);
    vec_free(list);
}

void zonetext_copy(struct zone_conjunctions *to, const struct zone_conjunctions *from) {
    *to = (struct zone_conjunctions){0};
    for (size_t i = 0; i < from->len; i++) {
        struct zone_conjunction c = {.num_replicas = from->items[i].num_replicas};
        for (size_t m = 0; m < from->items[i].members.len; m++) {
            const struct zone_constraint *source = &from->items[i].members.items[m];
            struct zone_constraint member = {
                source->prohibited, mem_strdup(source->key), mem_strdup(source->value)};
            vec_push(&c.members, member);
        }
        vec_push(to, c);
    }
}

static bool equal_conjunctions(const struct zone_conjunction *a, const struct zone_conjunction *b) {
    if (a->num_replicas != b->num_replicas || a->members.len != b->members.len)
        return false;
    for (size_t i = 0; i < a->members.len; i++) {
        const struct zone_constraint *x = &a->members.items[i];
        const struct zone_constraint *y = &b->members.items[i];
        if (x->prohibited != y->prohibited || !str_eq(x->key, y->key) || !str_eq(x->value, y->value))
            return false;
    }
    return true;
}

bool zonetext_equal(const struct zone_conjunctions *a, const struct zone_conjunctions *b) {
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        if (!equal_conjunctions(&a->items[i], &b->items[i]))
            return false;
    return true;
}

/* ---- reading ---- */

struct reader {
    const char *text;
    const char *at;
    struct err *err;
};

static bool fail(struct reader *r, const char *expected) {
    return err_set(r->err, ERR_INPUT, "constraints \"%s\": expected %s at byte %zu", r->text, expected,
                   (size_t)(r->at - r->text));
}

static void skip_blanks(struct reader *r) {
    r->at += strspn(r->at, " \t\r\n");
}

static bool take(struct reader *r, char c) {
    skip_blanks(r);
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

/* A colon ends a plain scalar when a blank or the end follows, as in YAML. */
static bool ends_plain(const char *at) {
    return *at == '\0' || strchr(",[]{}", *at)
           || (*at == ':' && (at[1] == '\0' || strchr(" \t\r\n,]}", at[1])));
}

static bool read_quoted(struct reader *r, struct str *out) {
    char quote = *r->at++;
    for (; *r->at; r->at++) {
        if (*r->at == quote && r->at[1] == quote && quote == '\'')
            r->at++;
        else if (*r->at == quote) {
            r->at++;
            return true;
        } else if (*r->at == '\\' && quote == '"' && r->at[1])
            r->at++;
        str_add_char(out, *r->at);
    }
    return fail(r, "the closing quote");
}

static bool read_scalar(struct reader *r, struct str *out) {
    skip_blanks(r);
    if (*r->at == '\'' || *r->at == '"')
        return read_quoted(r, out);
    const char *begin = r->at;
    while (!ends_plain(r->at))
        r->at++;
    size_t n = (size_t)(r->at - begin);
    while (n > 0 && strchr(" \t\r\n", begin[n - 1]))
        n--;
    if (n == 0)
        return fail(r, "a constraint");
    str_add_n(out, begin, n);
    return true;
}

/* "+region=a" or "-ssd" */
static bool add_member(struct reader *r, struct zone_conjunction *c, const char *text, size_t n) {
    if (n < 2 || (*text != '+' && *text != '-'))
        return fail(r, "a constraint that begins with + or -");
    const char *equals = memchr(text, '=', n);
    struct zone_constraint member = {.prohibited = *text == '-'};
    member.key = equals ? mem_strndup(text + 1, (size_t)(equals - text - 1)) : mem_strdup("");
    const char *value = equals ? equals + 1 : text + 1;
    member.value = mem_strndup(value, n - (size_t)(value - text));
    vec_push(&c->members, member);
    return true;
}

/* "+region=a,+ssd": the members of a map's key. */
static bool add_members(struct reader *r, struct zone_conjunction *c, const char *text) {
    for (;;) {
        size_t n = strcspn(text, ",");
        size_t lead = strspn(text, " ");
        if (!add_member(r, c, text + lead, n - lead))
            return false;
        if (text[n] == '\0')
            return true;
        text += n + 1;
    }
}

/* [+a=b, -c] after the bracket: one conjunction. */
static bool read_list(struct reader *r, struct zone_conjunction *c) {
    if (take(r, ']'))
        return true;
    do {
        struct str text = {0};
        bool done = read_scalar(r, &text) && add_members(r, c, str_get(&text));
        str_free(&text);
        if (!done)
            return false;
    } while (take(r, ','));
    return take(r, ']') || fail(r, "']'");
}

static bool read_pair(struct reader *r, struct zone_conjunction *c) {
    struct str key = {0};
    bool done = read_scalar(r, &key) && add_members(r, c, str_get(&key));
    str_free(&key);
    if (!done || !(take(r, ':') || fail(r, "':'")))
        return false;
    skip_blanks(r);
    char *end;
    long n = strtol(r->at, &end, 10);
    if (end == r->at || n < 1 || n > 1000000)
        return fail(r, "a number of replicas");
    r->at = end;
    c->num_replicas = (int)n;
    return true;
}

/* {+a=b: 1, '+c=d,+e': 2} after the brace. */
static bool read_map(struct reader *r, struct zone_conjunctions *list) {
    if (take(r, '}'))
        return true;
    do {
        struct zone_conjunction c = {0};
        bool done = read_pair(r, &c);
        vec_push(list, c);
        if (!done)
            return false;
    } while (take(r, ','));
    return take(r, '}') || fail(r, "'}'");
}

static bool read_end(struct reader *r) {
    skip_blanks(r);
    return *r->at == '\0' || fail(r, "the end");
}

static bool read_constraints(struct reader *r, struct zone_conjunctions *list) {
    skip_blanks(r);
    if (*r->at == '\0')
        return true;
    if (take(r, '{'))
        return read_map(r, list) && read_end(r);
    if (!take(r, '['))
        return fail(r, "'[' or '{'");
    struct zone_conjunction c = {0};
    bool done = read_list(r, &c);
    if (c.members.len > 0)
        vec_push(list, c);
    else
        zonetext_free_conjunction(&c);
    return done && read_end(r);
}

bool zone_parse_constraints(struct zone_conjunctions *list, const char *text, struct err *err) {
    struct reader r = {text, text, err};
    *list = (struct zone_conjunctions){0};
    if (read_constraints(&r, list))
        return true;
    zonetext_free(list);
    return false;
}

static bool read_preferences(struct reader *r, struct zone_conjunctions *list) {
    skip_blanks(r);
    if (*r->at == '\0')
        return true;
    if (!take(r, '['))
        return fail(r, "'['");
    if (take(r, ']'))
        return read_end(r);
    do {
        struct zone_conjunction c = {0};
        bool done = (take(r, '[') || fail(r, "'['")) && read_list(r, &c);
        vec_push(list, c);
        if (!done)
            return false;
    } while (take(r, ','));
    return (take(r, ']') || fail(r, "']'")) && read_end(r);
}

bool zonetext_parse_preferences(struct zone_conjunctions *list, const char *text, struct err *err) {
    struct reader r = {text, text, err};
    *list = (struct zone_conjunctions){0};
    if (read_preferences(&r, list))
        return true;
    zonetext_free(list);
    return false;
}

/* ---- writing ---- */

static void add_constraint(struct str *out, const struct zone_constraint *c) {
    str_add_char(out, c->prohibited ? '-' : '+');
    if (*c->key)
        str_add_f(out, "%s=", c->key);
    str_add(out, c->value);
}

static void add_joined(struct str *out, const struct zone_conjunction *c, const char *separator) {
    for (size_t i = 0; i < c->members.len; i++) {
        str_add(out, i > 0 ? separator : "");
        add_constraint(out, &c->members.items[i]);
    }
}

/* YAML wants quotes around a key that could be taken for structure. */
static void add_yaml(struct str *out, const char *text) {
    bool plain = !strpbrk(text, ",[]{}'\"#&*!|>%@`\n\t") && !strstr(text, ": ");
    if (plain) {
        str_add(out, text);
        return;
    }
    str_add_char(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '\'')
            str_add_char(out, '\'');
        str_add_char(out, *p);
    }
    str_add_char(out, '\'');
}

static void add_list(struct str *out, const struct zone_conjunction *c) {
    str_add_char(out, '[');
    for (size_t i = 0; i < c->members.len; i++) {
        struct str text = {0};
        add_constraint(&text, &c->members.items[i]);
        str_add(out, i > 0 ? ", " : "");
        add_yaml(out, str_get(&text));
        str_free(&text);
    }
    str_add_char(out, ']');
}

struct pair {
    char *key;
    int num_replicas;
};

static int compare_pairs(const void *a, const void *b) {
    return yamlorder_compare(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static void add_map(struct str *out, const struct zone_conjunctions *list) {
    VEC_STRUCT(struct pair) pairs = {0};
    for (size_t i = 0; i < list->len; i++) {
        struct str key = {0};
        add_joined(&key, &list->items[i], ",");
        struct pair pair = {str_take(&key), list->items[i].num_replicas};
        vec_push(&pairs, pair);
    }
    qsort(pairs.items, pairs.len, sizeof *pairs.items, compare_pairs);
    str_add_char(out, '{');
    for (size_t i = 0; i < pairs.len; i++) {
        str_add(out, i > 0 ? ", " : "");
        add_yaml(out, pairs.items[i].key);
        str_add_f(out, ": %d", pairs.items[i].num_replicas);
        free(pairs.items[i].key);
    }
    str_add_char(out, '}');
    vec_free(&pairs);
}

void zone_print_conjunctions(struct str *out, const struct zone_conjunctions *list) {
    if (list->len == 0)
        str_add(out, "[]");
    else if (list->len == 1 && list->items[0].num_replicas == 0)
        add_list(out, &list->items[0]);
    else
        add_map(out, list);
}

void zone_print_lease_preferences(struct str *out, const struct zone_conjunctions *list) {
    str_add_char(out, '[');
    for (size_t i = 0; i < list->len; i++) {
        str_add(out, i > 0 ? ", " : "");
        add_list(out, &list->items[i]);
    }
    str_add_char(out, ']');
}

void zone_print_report_name(struct str *out, const struct zone_conjunction *c) {
    add_joined(out, c, ",");
    if (c->num_replicas > 0)
        str_add_f(out, ":%d", c->num_replicas);
}
