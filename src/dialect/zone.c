/* zone: a zone configuration as CockroachDB writes it in SQL, read and printed. */
#include "domicile/dialect/zone.h"

#include "domicile/dialect/lexer.h"
#include "domicile/dialect/name.h"
#include "zonetext.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum value_kind { VALUE_BYTES, VALUE_INT, VALUE_BOOL, VALUE_CONSTRAINTS, VALUE_PREFERENCES };

/* The options in the order in which the server prints them. */
static const struct option {
    const char *name;
    enum zone_field field;
    enum value_kind kind;
    size_t offset;
} options[] = {
    {"range_min_bytes", ZONE_RANGE_MIN_BYTES, VALUE_BYTES, offsetof(struct zone, range_min_bytes)},
    {"range_max_bytes", ZONE_RANGE_MAX_BYTES, VALUE_BYTES, offsetof(struct zone, range_max_bytes)},
    {"gc.ttlseconds", ZONE_GC_TTLSECONDS, VALUE_BYTES, offsetof(struct zone, gc_ttlseconds)},
    {"global_reads", ZONE_GLOBAL_READS, VALUE_BOOL, offsetof(struct zone, global_reads)},
    {"num_replicas", ZONE_NUM_REPLICAS, VALUE_INT, offsetof(struct zone, num_replicas)},
    {"num_voters", ZONE_NUM_VOTERS, VALUE_INT, offsetof(struct zone, num_voters)},
    {"constraints", ZONE_CONSTRAINTS, VALUE_CONSTRAINTS, offsetof(struct zone, constraints)},
    {"voter_constraints", ZONE_VOTER_CONSTRAINTS, VALUE_CONSTRAINTS,
     offsetof(struct zone, voter_constraints)},
    {"lease_preferences", ZONE_LEASE_PREFERENCES, VALUE_PREFERENCES,
     offsetof(struct zone, lease_preferences)},
};

enum { OPTION_COUNT = sizeof options / sizeof *options };

static void *field_of(struct zone *z, const struct option *o) {
    return (char *)z + o->offset;
}

static const void *const_field_of(const struct zone *z, const struct option *o) {
    return (const char *)z + o->offset;
}

void zone_free(struct zone *z) {
    zonetext_free(&z->constraints);
    zonetext_free(&z->voter_constraints);
    zonetext_free(&z->lease_preferences);
    *z = (struct zone){0};
}

static void copy_field(struct zone *to, const struct zone *from, const struct option *o) {
    const void *source = const_field_of(from, o);
    void *target = field_of(to, o);
    switch (o->kind) {
    case VALUE_BYTES:
        *(int64_t *)target = *(const int64_t *)source;
        break;
    case VALUE_INT:
        *(int *)target = *(const int *)source;
        break;
    case VALUE_BOOL:
        *(bool *)target = *(const bool *)source;
        break;
    case VALUE_CONSTRAINTS:
    case VALUE_PREFERENCES:
        zonetext_free(target);
        zonetext_copy(target, source);
        break;
    }
    to->set |= o->field;
}

void zone_copy(struct zone *to, const struct zone *from) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (from->set & options[i].field)
            copy_field(to, from, &options[i]);
}

static bool equal_field(const struct zone *a, const struct zone *b, const struct option *o) {
    const void *x = const_field_of(a, o);
    const void *y = const_field_of(b, o);
    switch (o->kind) {
    case VALUE_BYTES:
        return *(const int64_t *)x == *(const int64_t *)y;
    case VALUE_INT:
        return *(const int *)x == *(const int *)y;
    case VALUE_BOOL:
        return *(const bool *)x == *(const bool *)y;
    case VALUE_CONSTRAINTS:
    case VALUE_PREFERENCES:
        return zonetext_equal(x, y);
    }
    return false;
}

bool zone_equal(const struct zone *a, const struct zone *b) {
    if (a->set != b->set)
        return false;
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if ((a->set & options[i].field) && !equal_field(a, b, &options[i]))
            return false;
    return true;
}

/* A replica count of 0 is the server's placeholder for "not set". */
static bool is_set(const struct zone *z, const struct option *o) {
    return (z->set & o->field) && !(o->kind == VALUE_INT && *(const int *)const_field_of(z, o) == 0);
}

void zone_inherit(struct zone *z, const struct zone *parent) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (!is_set(z, &options[i]) && is_set(parent, &options[i]))
            copy_field(z, parent, &options[i]);
}

int zone_wanted_voters(const struct zone *z) {
    return (z->set & ZONE_NUM_VOTERS) && z->num_voters > 0 ? z->num_voters : z->num_replicas;
}

int zone_wanted_non_voters(const struct zone *z) {
    return z->num_replicas > zone_wanted_voters(z) ? z->num_replicas - zone_wanted_voters(z) : 0;
}

void zone_add_constraint(struct zone_conjunctions *list, int num_replicas, const char *key, const char *value) {
    struct zone_conjunction c = {.num_replicas = num_replicas};
    struct zone_constraint member = {false, mem_strdup(key), mem_strdup(value)};
    vec_push(&c.members, member);
    vec_push(list, c);
}

/* ---- reading ---- */

struct reader {
    struct lexer lexer;
    struct token tok;
    struct err *err;
};

static void advance(struct reader *r) {
    r->tok = lexer_next(&r->lexer);
}

static bool fail(struct reader *r, const char *expected) {
    return err_set(r->err, ERR_INPUT, "zone configuration: expected %s at byte %zu, not \"%s\"", expected,
                   r->tok.begin, r->tok.text);
}

static bool at_word(const struct reader *r, const char *word) {
    return (r->tok.kind == TOKEN_NAME || r->tok.kind == TOKEN_KEYWORD) && strcmp(r->tok.text, word) == 0;
}

static bool take_op(struct reader *r, const char *op) {
    if (!token_is_op(&r->tok, op))
        return false;
    advance(r);
    return true;
}

static const struct option *find_option(const char *name) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

/* gc.ttlseconds, "gc.ttlseconds" */
static bool read_option_name(struct reader *r, const struct option **option) {
    struct str name = {0};
    do {
        if (r->tok.kind != TOKEN_NAME && r->tok.kind != TOKEN_KEYWORD) {
            str_free(&name);
            return fail(r, "an option");
        }
        str_add(&name, name.len ? "." : "");
        str_add(&name, r->tok.text);
        advance(r);
    } while (take_op(r, "."));
    *option = find_option(str_get(&name));
    bool known =
        *option || err_set(r->err, ERR_INPUT, "unsupported zone config parameter: \"%s\"", str_get(&name));
    str_free(&name);
    return known;
}

static bool read_number(struct reader *r, int64_t *n) {
    errno = 0;
    char *end;
    *n = strtoll(r->tok.text, &end, 0);
    return (r->tok.kind == TOKEN_INTEGER && errno == 0 && *end == '\0') || fail(r, "a number");
}

static bool read_value(struct reader *r, struct zone *z, const struct option *o) {
    int64_t n = 0;
    void *target = field_of(z, o);
    switch (o->kind) {
    case VALUE_BYTES:
        return read_number(r, target);
    case VALUE_INT:
        if (!read_number(r, &n) || n > 1000000)
            return fail(r, "a number of replicas");
        *(int *)target = (int)n;
        return true;
    case VALUE_BOOL:
        *(bool *)target = at_word(r, "true");
        return at_word(r, "true") || at_word(r, "false") || fail(r, "true or false");
    case VALUE_CONSTRAINTS:
    case VALUE_PREFERENCES:
        if (r->tok.kind != TOKEN_STRING)
            return fail(r, "a list of constraints in quotes");
        zonetext_free(target);
        return o->kind == VALUE_CONSTRAINTS ? zone_parse_constraints(target, r->tok.text, r->err)
            : zonetext_parse_preferences(target, r->tok.text, r->err);
    }
    return false;
}

static bool read_option(struct reader *r, struct zone *z) {
    const struct option *option = NULL;
    if (!read_option_name(r, &option) || !(take_op(r, "=") || fail(r, "'='")))
        return false;
    if (at_word(r, "copy")) { /* COPY FROM PARENT: as if it were not set */
        for (int words = 0; words < 3; words++)
            advance(r);
        return true;
    }
    if (!read_value(r, z, option))
        return false;
    z->set |= option->field;
    advance(r);
    return true;
}

/* ALTER target CONFIGURE ZONE USING: leaves the target's text, and the reader at the options. */
static bool read_head(struct reader *r, char **target, bool *discard) {
    size_t begin = r->lexer.pos;
    size_t end = begin;
    while (!at_word(r, "configure")) {
        if (r->tok.kind == TOKEN_END || r->tok.kind == TOKEN_ERROR)
            return fail(r, "CONFIGURE ZONE");
        end = r->tok.end;
        advance(r);
    }
    begin += strspn(r->lexer.sql + begin, " \t\r\n");
    if (end <= begin)
        return fail(r, "what ALTER is about");
    if (target)
        *target = mem_strndup(r->lexer.sql + begin, end - begin);
    advance(r);
    if (!at_word(r, "zone"))
        return fail(r, "ZONE");
    advance(r);
    *discard = at_word(r, "discard");
    if (!*discard && !at_word(r, "using"))
        return fail(r, "USING or DISCARD");
    advance(r);
    return true;
}

static bool read_zone(struct reader *r, struct zone *z, char **target) {
    bool discard = false;
    if (at_word(r, "alter") && !read_head(r, target, &discard))
        return false;
    if (target && !*target)
        *target = mem_strdup("");
    while (!discard && r->tok.kind != TOKEN_END && !token_is_op(&r->tok, ";")) {
        if (!read_option(r, z))
            return false;
        if (!take_op(r, ","))
            break;
    }
    take_op(r, ";");
    return r->tok.kind == TOKEN_END || fail(r, "',' or the end");
}

bool zone_parse(struct zone *z, char **target, const char *sql, struct err *err) {
    struct reader r = {.err = err};
    lexer_init(&r.lexer, arena_new(), sql, strlen(sql));
    if (target)
        *target = NULL;
    advance(&r);
    bool done = read_zone(&r, z, target);
    arena_free(r.lexer.arena);
    if (!done) {
        zone_free(z);
        if (target) {
            free(*target);
            *target = NULL;
        }
    }
    return done;
}

/* ---- writing ---- */

static void add_value(struct str *out, const struct zone *z, const struct option *o) {
    struct str text = {0};
    const void *value = const_field_of(z, o);
    switch (o->kind) {
    case VALUE_BYTES:
        str_add_f(out, "%lld", (long long)*(const int64_t *)value);
        break;
    case VALUE_INT:
        str_add_f(out, "%d", *(const int *)value);
        break;
    case VALUE_BOOL:
        str_add(out, *(const bool *)value ? "true" : "false");
        break;
    case VALUE_CONSTRAINTS:
        zone_print_conjunctions(&text, value);
        literal_quote(out, str_get(&text));
        break;
    case VALUE_PREFERENCES:
        zone_print_lease_preferences(&text, value);
        literal_quote(out, str_get(&text));
        break;
    }
    str_free(&text);
}

void zone_print_options(struct str *out, const struct zone *z, const char *indent) {
    bool first = true;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (!(z->set & options[i].field))
            continue;
        str_add_f(out, "%s%s%s = ", first ? "" : ",\n", indent, options[i].name);
        add_value(out, z, &options[i]);
        first = false;
    }
}

void zone_print(struct str *out, const struct zone *z, const char *target) {
    str_add_f(out, "ALTER %s CONFIGURE ZONE USING\n", target);
    zone_print_options(out, z, "\t");
}
