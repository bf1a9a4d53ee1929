/* spans: the bytes that stand for regions in keys: out of a plan, else out of a key, else out of the boundaries of
 * ranges. */
#include "survey_private.h"

enum { TIMEOUT = 3 * USEC_PER_SEC, RETRY = 60, AGAIN = 60, AGAIN_UNNAMED = 10 };

static const struct table *table_by_row(const struct catalog *c) {
    for (size_t i = 0; c != NULL && i < c->tables.len; i++)
        if (c->tables.items[i].locality == TABLE_LOCALITY_BY_ROW && c->tables.items[i].region_column != NULL)
            return &c->tables.items[i];
    return NULL;
}

/* Index of the first region whose bytes are not among those; the number of regions when all are. */
static size_t next_unknown(const struct physicals *p, const struct catalog *c) {
    size_t i = 0;
    while (i < c->database.regions.len && physicals_find(p, c->database.regions.items[i].name) != NULL)
        i++;
    return i;
}

/* What is being learnt. */
static struct physicals *wanted(struct survey *s) { return s->spans.again ? &s->spans.fresh : &s->physical; }

/* -- out of a plan -- */

static bool plan_sql(struct str *sql, const struct table *t, const char *region) {
    struct statement_arg args[] = {
        {.name = "schema", .kind = STATEMENT_NAME, .value = t->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = t->name},
        {.name = "column", .kind = STATEMENT_NAME, .value = t->region_column},
        {.name = "region", .kind = STATEMENT_TEXT, .value = region},
    };
    return statement_fill(sql, statement_find("catalog/region-spans"), args, sizeof args / sizeof *args, NULL);
}

/* -- out of a key -- */

/* Some value of the type; NULL where none is known to be one. */
static const char *some_value(enum key_type type) {
    static const char *const values[] = {
        [KEY_TYPE_INT] = "0", [KEY_TYPE_BOOL] = "false", [KEY_TYPE_STRING] = "", [KEY_TYPE_BYTES] = "",
        [KEY_TYPE_UUID] = "00000000-0000-0000-0000-000000000000", [KEY_TYPE_DATE] = "2000-01-01",
        [KEY_TYPE_TIMESTAMP] = "2000-01-01 00:00:00", [KEY_TYPE_TIMESTAMPTZ] = "2000-01-01 00:00:00+00",
        [KEY_TYPE_DECIMAL] = "0", [KEY_TYPE_FLOAT] = "0",
    };
    return (size_t)type < sizeof values / sizeof *values ? values[type] : NULL;
}

/* A row of the region with any other values; false when no value of some column is known. */
static bool key_sql(struct str *sql, const struct survey *s, const struct table *t, const char *region) {
    const struct index *primary = table_primary(t);
    VEC_STRUCT(const char *) values = {0};
    bool ok = primary != NULL && primary->id > 0 && t->id > 0 && s->internals;
    for (size_t i = 0; ok && i < primary->columns.len; i++) {
        const struct column *column = table_column(t, primary->columns.items[i].name);
        const char *value = i == 0 ? region : column != NULL ? some_value(column->key_type) : NULL;
        ok = value != NULL;
        vec_push(&values, value);
    }
    struct statement_arg args[] = {
        {.name = "table_id", .kind = STATEMENT_NUMBER, .number = t->id},
        {.name = "index_id", .kind = STATEMENT_NUMBER, .number = primary != NULL ? primary->id : 0},
        {.name = "values", .kind = STATEMENT_TEXTS, .values = values.items, .count = values.len},
    };
    ok = ok && statement_fill(sql, statement_find("catalog/region-key"), args, sizeof args / sizeof *args, NULL);
    vec_free(&values);
    return ok;
}

static bool bytes_of_key(struct key *bytes, const struct pg_result *r) {
    struct key k = {0};
    size_t column;
    bool rest_empty = false;
    bool ok = pg_result_has(r, "key", &column) && pg_result_rows(r) > 0 && pg_result_text(r, 0, column) != NULL
        && key_parse_hex(&k, pg_result_text(r, 0, column), NULL) && key_first_bytes(&k, bytes, &rest_empty);
    key_free(&k);
    return ok;
}

/* -- asking -- */

static void end_again(struct survey *s) {
    physicals_free(&s->spans.fresh);
    s->spans.again = false;
    s->spans.known = loop_now(s->loop);
}

static void give_up(struct survey *s) {
    s->spans.by_key = false;
    if (s->spans.again) {
        end_again(s);
        return;
    }
    s->spans.retry = loop_now(s->loop) + (usec)RETRY * USEC_PER_SEC;
    if (!spans_from_ranges(s))
        publish_judge(s);
}

static bool same_bytes(const struct physicals *a, const struct physicals *b) {
    for (size_t i = 0; i < a->len; i++) {
        const struct physical *other = physicals_find(b, a->items[i].region);
        if (other == NULL || key_compare(&a->items[i].bytes, &other->bytes) != 0)
            return false;
    }
    return a->len == b->len;
}

/* The last region's bytes came. */
static void all_learnt(struct survey *s) {
    const bool changed = !s->spans.again || !same_bytes(&s->physical, &s->spans.fresh);
    if (s->spans.again && changed) {
        const struct physicals before = s->physical;
        s->physical = s->spans.fresh;
        s->spans.fresh = before;
    }
    end_again(s);
    if (changed)
        learnt_catalog_again(s);
}

static void learnt(struct survey *s, const struct catalog *c, const struct key *bytes) {
    physicals_add(wanted(s), c->database.regions.items[s->spans.region].name, bytes);
    if (next_unknown(wanted(s), c) == c->database.regions.len)
        all_learnt(s);
    else
        spans_ask(s);
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct survey *s = arg;
    const struct catalog *c = snapshot_catalog(&s->next);
    struct key bytes = {0};
    bool gone = e != NULL && (e->lost || e->not_sent);
    (void)took;
    s->spans.query = 0;
    s->spans.asking = false;
    bool told = r != NULL && c != NULL && s->spans.region < c->database.regions.len
        && (s->spans.by_key ? bytes_of_key(&bytes, r) : physical_from_explain(&bytes, r, NULL));
    if (told) {
        learnt(s, c, &bytes);
    } else if (!s->spans.by_key && !gone) {
        s->spans.by_key = true;
        spans_ask(s);
        if (!s->spans.asking)
            give_up(s);
    } else {
        give_up(s);
    }
    key_free(&bytes);
    pg_result_free(r);
}

/* Sooner where the database's id is not told: it may have been dropped and made anew. */
static bool due_again(const struct survey *s, const struct catalog *c) {
    const usec after = (usec)(c->database.id != 0 ? AGAIN : AGAIN_UNNAMED) * USEC_PER_SEC;
    return s->spans.known == 0 || loop_now(s->loop) - s->spans.known >= after;
}

void spans_ask(struct survey *s) {
    const struct catalog *c = snapshot_catalog(&s->next);
    const struct table *t = table_by_row(c);
    struct pg_connection *session = session_get(s, SESSION_MONITOR);
    struct str sql = {0};
    if (s->spans.asking || t == NULL || session == NULL || loop_now(s->loop) < s->spans.retry)
        return;
    if (!s->spans.again && next_unknown(&s->physical, c) == c->database.regions.len)
        s->spans.again = due_again(s, c);
    s->spans.region = next_unknown(wanted(s), c);
    if (s->spans.region == c->database.regions.len)
        return;
    const char *region = c->database.regions.items[s->spans.region].name;
    if (s->spans.by_key ? key_sql(&sql, s, t, region) : plan_sql(&sql, t, region)) {
        struct pg_query q = {.sql = str_get(&sql), .timeout = TIMEOUT, .purpose = "the bytes of regions in keys",
            .done = answered, .arg = s};
        s->spans.asking = true;
        s->spans.query = pg_query(session, &q);
    }
    str_free(&sql);
}

void spans_forget(struct survey *s) {
    struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    if (s->spans.query != 0 && c != NULL)
        pg_query_forget(c, s->spans.query);
    s->spans.query = 0;
    s->spans.asking = false;
    s->spans.by_key = false;
    s->spans.retry = 0;
    end_again(s);
}

void spans_anew(struct survey *s) { s->spans.known = 0; }

bool spans_from_ranges(struct survey *s) {
    const struct catalog *c = snapshot_catalog(&s->next);
    const struct ranges *rs = snapshot_ranges(&s->next);
    if (c == NULL || rs == NULL || s->spans.asking || next_unknown(&s->physical, c) == c->database.regions.len)
        return false;
    if (!physical_from_ranges(&s->physical, rs, c))
        return false;
    learnt_catalog_again(s);
    return true;
}
