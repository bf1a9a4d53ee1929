/* sequence: CREATE and ALTER SEQUENCE, and nextval, currval, setval, lastval. A sequence's value is no part of a
 * transaction: what was given out stays given out. */
#include "sequence.h"

#include "ddl.h"

#include "domicile/base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool number_of(const struct ast_option *o, int64_t *out) {
    const struct ast_expr *e = o->value ? ast_unparen(o->value) : NULL;
    const bool negative = e && e->kind == EXPR_UNARY && e->u.unary.op == OP_MINUS;
    if (negative)
        e = ast_unparen(e->u.unary.arg);
    if (!e || e->kind != EXPR_NUMBER)
        return false;
    const int64_t v = strtoll(e->u.number.text, NULL, 10);
    *out = negative ? -v : v;
    return true;
}

static const struct ast_option *option_of(const struct ast_sequence *st, const char *name) {
    for (size_t i = 0; i < st->options.len; i++)
        if (str_eq(st->options.items[i].name, name))
            return &st->options.items[i];
    return NULL;
}

static void set_option(const struct ast_sequence *st, const char *name, int64_t *out) {
    const struct ast_option *o = option_of(st, name);
    if (o)
        number_of(o, out);
}

static bool options(struct translator *tr, const struct ast_sequence *st, struct sequence_numbers *s, bool fresh) {
    set_option(st, "increment", &s->increment);
    if (s->increment == 0)
        return result_fail(tr->r, "22023", "INCREMENT must not be zero");
    if (fresh) {
        s->minimum = s->increment > 0 ? 1 : INT64_MIN;
        s->maximum = s->increment > 0 ? INT64_MAX : -1;
    }
    set_option(st, "minvalue", &s->minimum);
    set_option(st, "maxvalue", &s->maximum);
    if (fresh)
        s->start = s->increment > 0 ? s->minimum : s->maximum;
    set_option(st, "start", &s->start);
    if (s->start < s->minimum)
        return result_fail(tr->r, "22023", "START value (%" PRId64 ") cannot be less than MINVALUE (%" PRId64 ")",
            s->start, s->minimum);
    if (s->start > s->maximum)
        return result_fail(tr->r, "22023", "START value (%" PRId64 ") cannot be greater than MAXVALUE (%" PRId64 ")",
            s->start, s->maximum);
    const struct ast_option *restart = option_of(st, "restart");
    int64_t from = s->start;
    if (restart)
        number_of(restart, &from);
    if (fresh || restart) {
        s->value = from;
        s->called = false;
    }
    return true;
}

struct table_descriptor *sequence_add(struct translator *tr, struct database_descriptor *db, const char *name) {
    struct table_descriptor *t = table_add(tr->engine->descriptors, db->id, db->schemas.items[0].id, name,
        tr->es->session->user);
    t->sequence = true;
    t->locality = db->primary_region ? TABLE_LOCALITY_BY_TABLE : TABLE_LOCALITY_NONE;
    t->numbers = (struct sequence_numbers){.increment = 1, .minimum = 1, .maximum = INT64_MAX, .start = 1, .value = 1};
    return t;
}

bool sequence_create(struct translator *tr, const struct ast_sequence *st) {
    struct database_descriptor *db = engine_database(tr->engine, tr->es->session, NULL, tr->r);
    struct sequence_numbers numbers = {.increment = 1};
    if (!db || !ddl_may_change_database(tr, db))
        return false;
    const char *name = st->name.part[st->name.n - 1];
    if (table_by_name(tr->engine->descriptors, db->id, db->schemas.items[0].id, name)) {
        if (!st->if_not_exists)
            return result_fail(tr->r, "42P07", "relation \"%s.public.%s\" already exists", db->name, name);
        result_notice(tr->r, "relation \"%s\" already exists, skipping", name);
        return true;
    }
    if (!options(tr, st, &numbers, true))
        return false;
    sequence_add(tr, db, name)->numbers = numbers;
    return true;
}

bool sequence_alter(struct translator *tr, const struct ast_sequence *st) {
    struct table_descriptor *t = engine_table(tr, &st->name, st->if_not_exists);
    if (!t)
        return st->if_not_exists && !tr->r->failed;
    if (!t->sequence)
        return result_fail(tr->r, "42809", "\"%s\" is not a sequence", t->name);
    tr->engine->descriptors->changes++;
    return ddl_may_change(tr, t) && options(tr, st, &t->numbers, false);
}

void sequences_carry_over(struct descriptors *to, const struct descriptors *from) {
    for (size_t i = 0; i < to->tables.len; i++) {
        struct table_descriptor *t = to->tables.items[i];
        const struct table_descriptor *now = t->sequence ? table_by_id(from, t->id) : NULL;
        if (now)
            t->numbers = now->numbers;
    }
}

/* ---- functions ---- */

/* By its id or its name; NULL with the error. */
static struct table_descriptor *find(sqlite3_context *c, sqlite3_value *v) {
    const struct engine_session *es = fn_session(c);
    const struct descriptors *d = es->session->engine->descriptors;
    const char *name = fn_text(v), *dot = strrchr(name, '.');
    const struct database_descriptor *db = database_by_name(d, es->session->database);
    char *end;
    const long long id = strtoll(name, &end, 10);
    struct table_descriptor *t = end != name && !*end ? table_by_id(d, id) : NULL;
    for (size_t i = 0; !t && db && i < d->tables.len; i++)
        if (d->tables.items[i]->database == db->id && str_eq(d->tables.items[i]->name, dot ? dot + 1 : name))
            t = d->tables.items[i];
    if (!t)
        fn_fail(c, "42P01", "relation \"%s\" does not exist", name);
    else if (!t->sequence)
        fn_fail(c, "42809", "\"%s\" is not a sequence", t->name);
    return t && t->sequence ? t : NULL;
}

static bool may_write(sqlite3_context *c, const char *what) {
    if (!variables_read_only(fn_session(c)->session))
        return true;
    fn_fail(c, "25006", "cannot execute %s() in a read-only transaction", what);
    return false;
}

static void remember(struct engine_session *es, int64_t id, int64_t value) {
    es->last_sequence = id;
    for (size_t i = 0; i < es->sequences.len; i++)
        if (es->sequences.items[i].id == id) {
            es->sequences.items[i].value = value;
            return;
        }
    const struct session_sequence s = {id, value};
    vec_push(&es->sequences, s);
}

static void next_value(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v) || !may_write(c, "nextval"))
        return;
    struct table_descriptor *t = find(c, v[0]);
    if (!t)
        return;
    struct sequence_numbers *s = &t->numbers;
    int64_t next = s->value;
    const bool over = s->called && __builtin_add_overflow(s->value, s->increment, &next);
    if (over || next > s->maximum || next < s->minimum) {
        fn_fail(c, "2200H", "reached %s value of sequence \"%s\" (%" PRId64 ")",
            s->increment > 0 ? "maximum" : "minimum", t->name, s->increment > 0 ? s->maximum : s->minimum);
        return;
    }
    s->value = next;
    s->called = true;
    struct engine_session *es = fn_session(c);
    es->session->engine->descriptors->changes++;
    remember(es, t->id, next);
    sqlite3_result_int64(c, next);
}

static void current_value(sqlite3_context *c, int n, sqlite3_value **v) {
    const struct table_descriptor *t = fn_null(n, v) ? NULL : find(c, v[0]);
    const struct engine_session *es = fn_session(c);
    for (size_t i = 0; t && i < es->sequences.len; i++)
        if (es->sequences.items[i].id == t->id) {
            sqlite3_result_int64(c, es->sequences.items[i].value);
            return;
        }
    if (t)
        fn_fail(c, "55000", "currval of sequence \"%s\" is not yet defined in this session", t->name);
}

static void last_value(sqlite3_context *c, int n, sqlite3_value **v) {
    const struct engine_session *es = fn_session(c);
    (void)n;
    (void)v;
    for (size_t i = 0; i < es->sequences.len; i++)
        if (es->sequences.items[i].id == es->last_sequence) {
            sqlite3_result_int64(c, es->sequences.items[i].value);
            return;
        }
    fn_fail(c, "55000", "lastval is not yet defined in this session");
}

/* setval(sequence, value, called) */
static void set_value(sqlite3_context *c, int n, sqlite3_value **v) {
    if (fn_null(n, v) || !may_write(c, "setval"))
        return;
    struct table_descriptor *t = find(c, v[0]);
    const int64_t value = sqlite3_value_int64(v[1]);
    if (!t)
        return;
    if (value < t->numbers.minimum || value > t->numbers.maximum) {
        fn_fail(c, "22003", "value %" PRId64 " is out of bounds for sequence \"%s\" (%" PRId64 "..%" PRId64 ")", value,
            t->name, t->numbers.minimum, t->numbers.maximum);
        return;
    }
    t->numbers.value = value;
    t->numbers.called = sqlite3_value_int(v[2]);
    fn_session(c)->session->engine->descriptors->changes++;
    sqlite3_result_int64(c, value);
}

const struct function functions_sequence[] = {
    {"seq_next", 1, next_value}, {"seq_current", 1, current_value}, {"seq_last", 0, last_value},
    {"seq_set", 3, set_value},
    {NULL, 0, NULL},
};
