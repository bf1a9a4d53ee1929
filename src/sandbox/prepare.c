/* prepare: PREPARE, EXECUTE and DEALLOCATE: statements kept under a name by the session's SQL side. */
#include "prepare.h"

#include "translate.h"

#include "domicile/base/mem.h"
#include "domicile/dialect/print.h"

#include <stdlib.h>
#include <string.h>

/* Its index, -1 when there is none. */
static long find(const struct engine_session *es, const char *name) {
    for (size_t i = 0; i < es->prepared_names.len; i++)
        if (str_eq(es->prepared_names.items[i], name))
            return (long)i;
    return -1;
}

static void forget(struct engine_session *es, size_t i) {
    engine_statement_free(es->prepared.items[i]);
    free(es->prepared_names.items[i]);
    es->prepared.items[i] = es->prepared.items[--es->prepared.len];
    es->prepared_names.items[i] = es->prepared_names.items[--es->prepared_names.len];
}

void prepare_forget_all(struct engine_session *es) {
    while (es->prepared.len)
        forget(es, es->prepared.len - 1);
    vec_free(&es->prepared);
    vec_free(&es->prepared_names);
    prepare_unbind(es);
}

void prepare_unbind(struct engine_session *es) {
    for (size_t i = 0; i < es->bound.len; i++)
        free(es->bound.items[i]);
    vec_free(&es->bound);
}

/* The statement within PREPARE, sharing the arena of its text. */
static struct engine_statement *inner_of(struct engine_statement *outer) {
    struct ast_stmt *ast = outer->ast->u.prepare.stmt;
    struct engine_statement *st = mem_calloc(1, sizeof *st);
    st->arena = outer->arena;
    st->arena_refs = outer->arena_refs;
    ++*st->arena_refs;
    st->ast = ast;
    st->type_count = (size_t)(outer->ast->params > ast->params ? outer->ast->params : ast->params);
    if (outer->ast->u.prepare.types.len > st->type_count)
        st->type_count = outer->ast->u.prepare.types.len;
    st->types = mem_calloc(st->type_count + 1, sizeof *st->types);
    for (size_t i = 0; i < st->type_count; i++)
        st->types[i] = sqltype_of(TYPE_UNKNOWN);
    return st;
}

static bool given_types(struct translator *tr, const struct ast_prepare *p, uint32_t *oids) {
    for (size_t i = 0; i < p->types.len; i++) {
        struct sqltype t;
        if (!translate_type(tr, p->types.items[i], &t))
            return false;
        oids[i] = sqltype_oid(&t);
    }
    return true;
}

bool prepare_statement(struct translator *tr, const struct ast_prepare *p, struct result *r) {
    struct engine_session *es = tr->es;
    if (find(es, p->name) >= 0)
        return result_fail(r, "42P05", "prepared statement \"%s\" already exists", p->name);
    struct engine_statement *st = inner_of(tr->statement);
    uint32_t *oids = arena_calloc(tr->arena, p->types.len + 1, sizeof *oids);
    if (!given_types(tr, p, oids) ||
        !engine_prepare(tr->engine, es->session, st, oids, p->types.len, r)) {
        engine_statement_free(st);
        return false;
    }
    vec_push(&es->prepared, st);
    vec_push(&es->prepared_names, mem_strdup(p->name));
    result_tag(r, "PREPARE");
    return true;
}

bool prepare_deallocate(struct engine_session *es, const char *name, struct result *r) {
    const struct session *s = es->session;
    const bool of_client = s->deallocate && s->deallocate(s->wake_arg, name);
    if (!name) {
        prepare_forget_all(es);
        result_tag(r, "DEALLOCATE ALL");
        return true;
    }
    const long at = find(es, name);
    if (at < 0 && !of_client)
        return result_fail(r, "26000", "prepared statement \"%s\" does not exist", name);
    if (at >= 0)
        forget(es, (size_t)at);
    result_tag(r, "DEALLOCATE");
    return true;
}

/* One argument as the parameter's type. */
static bool argument(struct translator *tr, const struct ast_expr *e, struct sqltype to, size_t i, struct str *sql) {
    struct typed t = translate_coerce(tr, translate_expr(tr, e, NULL), to);
    if (!t.sql)
        return false;
    const bool fits = t.null || t.type.base == TYPE_UNKNOWN || sqltype_equal(&t.type, &to) ||
        (sqltype_is_text(&t.type) && sqltype_is_text(&to)) || (sqltype_is_number(&t.type) && sqltype_is_number(&to));
    if (!fits) {
        struct str text = {0};
        print_expr(&text, e, PRINT_PLAIN);
        result_fail(tr->r, "42804", "expected EXECUTE parameter expression to have type %s, but '%s' has type %s",
            sqltype_word(&to), str_get(&text), sqltype_word(&t.type));
        str_free(&text);
        return false;
    }
    str_add_f(sql, i ? ", %s AS k%zu" : "SELECT %s AS k%zu", t.sql, i);
    return true;
}

static bool bind(struct translator *tr, const struct ast_exprs *args, const struct engine_statement *st,
    const char *const *params, size_t n) {
    struct str sql = {0};
    struct out_columns columns = {0};
    struct result *values = result_new();
    bool good = true;
    for (size_t i = 0; good && i < args->len; i++) {
        const struct out_column c = {.name = "", .type = st->types[i]};
        good = argument(tr, args->items[i], st->types[i], i, &sql);
        vec_push(&columns, c);
    }
    if (good && args->len) {
        engine_columns(values, &columns);
        good = engine_rows(tr->es, tr->statement, str_get(&sql), &columns, params, n, values);
        if (!good)
            result_copy_error(tr->r, values);
    }
    prepare_unbind(tr->es);
    for (size_t i = 0; good && i < args->len; i++)
        vec_push(&tr->es->bound, mem_strdup_null(values->rows.items[0][i]));
    result_free(values);
    vec_free(&columns);
    str_free(&sql);
    return good;
}

const struct engine_statement *prepare_find(const struct engine_session *es, const char *name, struct result *r) {
    const long at = find(es, name);
    if (at >= 0)
        return es->prepared.items[at];
    result_fail(r, "26000", "prepared statement \"%s\" does not exist", name);
    return NULL;
}

struct engine_statement *prepare_bind(struct engine *e, struct session *s, struct engine_statement *outer,
    const char *const *params, size_t n, struct result *r) {
    const struct ast_prepare *p = &outer->ast->u.prepare;
    struct engine_statement *st = (struct engine_statement *)(size_t)prepare_find(s->sql, p->name, r);
    if (!st)
        return NULL;
    if (p->args.len != st->type_count) {
        result_fail(r, "42601", "wrong number of parameters for prepared statement \"%s\": expected %zu, got %zu",
            p->name, st->type_count, p->args.len);
        return NULL;
    }
    struct translator tr = {.engine = e, .es = s->sql, .arena = arena_new(), .r = r, .statement = outer};
    const bool good = bind(&tr, &p->args, st, params, n);
    arena_free(tr.arena);
    engine_drop_temps(s->sql);
    return good ? st : NULL;
}
