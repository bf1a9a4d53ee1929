/* rows: SQLite's statements run: parameters in, rows and errors out. */
#include "engine_private.h"
#include "functions.h"
#include "refresh.h"

#include "domicile/base/log.h"
#include "domicile/base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "t106.c1, t106.c2" of a unique violation: the index with those columns. */
static const struct index_descriptor *violated(const struct engine *e, const char *columns,
    const struct table_descriptor **t) {
    const long long id = strtoll(columns + 1, NULL, 10);
    *t = table_by_id(e->descriptors, id);
    /* The newest of several: it may just be being made. */
    for (size_t i = *t ? (*t)->indexes.len : 0; i-- > 0;) {
        const struct index_descriptor *x = &(*t)->indexes.items[i];
        struct str list = {0};
        for (size_t k = 0; k < x->keys.len; k++)
            if (!x->keys.items[k].implicit)
                str_add_f(&list, list.len ? ", t%lld.c%d" : "t%lld.c%d", id, x->keys.items[k].column);
        const bool fits = x->unique && str_eq(str_get(&list), columns);
        str_free(&list);
        if (fits)
            return x;
    }
    return NULL;
}

bool engine_sqlite_error(struct engine_session *es, struct result *r) {
    const char *text = sqlite3_errmsg(es->db);
    const int code = sqlite3_extended_errcode(es->db);
    const struct table_descriptor *t;
    if (text[0] == '#' && strlen(text) > 7 && text[6] == '#') {
        char sqlstate[6];
        snprintf(sqlstate, sizeof sqlstate, "%.5s", text + 1);
        /* After the sentence, separated by newlines: a detail and the constraint. */
        const char *sentence = text + 7;
        const size_t n = strcspn(sentence, "\x01");
        result_fail(r, sqlstate, "%.*s", (int)n, sentence);
        const char *rest = sentence + n + (sentence[n] == '\x01');
        const size_t detail = strcspn(rest, "\x01");
        if (detail)
            result_detail(r, "%.*s", (int)detail, rest);
        if (rest[detail])
            result_constraint(r, rest + detail + 1);
        return false;
    }
    if (str_starts(text, "UNIQUE constraint failed: ")) {
        const struct index_descriptor *x = violated(es->session->engine,
            text + strlen("UNIQUE constraint failed: "), &t);
        result_fail(r, "23505", "duplicate key value violates unique constraint \"%s\"", x ? x->name : "?");
        if (x)
            result_constraint(r, x->name);
        return false;
    }
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) {
        return refresh_fail(es, r);
    }
    if (str_starts(text, "misuse of aggregate") || strstr(text, "aggregate functions are not allowed"))
        return result_fail(r, "42803", "aggregate functions are not allowed here");
    log_write(LOG_LEVEL_DEBUG, "a statement was refused: %s", text);
    return result_unsupported(r, "what this statement asks for");
}

/* A text as the type that SQLite keeps it in. */
static void bind_value(sqlite3_stmt *st, int at, const char *text, const struct sqltype *t) {
    if (!text) {
        sqlite3_bind_null(st, at);
        return;
    }
    if (!t->array && t->base == TYPE_BOOL)
        sqlite3_bind_int(st, at, *text == 't' || *text == 'T' || *text == '1');
    else if (!t->array && (t->base == TYPE_INT2 || t->base == TYPE_INT4 || t->base == TYPE_INT8 ||
        t->base == TYPE_OID ||
        t->base == TYPE_REGCLASS))
        sqlite3_bind_int64(st, at, strtoll(text, NULL, 10));
    else if (!t->array && (t->base == TYPE_FLOAT4 || t->base == TYPE_FLOAT8))
        sqlite3_bind_double(st, at, strtod(text, NULL));
    else
        sqlite3_bind_text(st, at, text, -1, SQLITE_TRANSIENT);
}

/* How a text becomes a value of the type in SQL; NULL: as it is. */
static const char *conversion(enum ast_type_base base, bool element) {
    switch (base) {
    case TYPE_BOOL: return element ? "CASE to_bool(%s) WHEN 1 THEN 't' WHEN 0 THEN 'f' END" : "to_bool(%s)";
    case TYPE_DECIMAL: return "to_decimal(%s, -1)";
    case TYPE_UUID: return "to_uuid(%s)";
    case TYPE_DATE: return "to_date(%s)";
    case TYPE_TIMESTAMP: return "to_timestamp(%s)";
    case TYPE_TIMESTAMPTZ: return "to_timestamptz(%s)";
    case TYPE_INTERVAL: return "to_interval(%s)";
    case TYPE_JSONB: return element ? NULL : "to_json_value(%s)";
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8: return element ? "to_int(%s)" : NULL;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8: return element ? "to_float(%s)" : NULL;
    default: return NULL;
    }
}

static char *conversion_query(const struct sqltype *t) {
    const char *of = conversion(t->base, t->array);
    struct str sql = {0};
    if (!t->array && !of)
        return NULL;
    str_add(&sql, "SELECT ");
    if (t->array && of)
        str_add(&sql, "coalesce((SELECT array_agg(");
    if (of) {
        const char *at = strstr(of, "%s");
        str_add_n(&sql, of, (size_t)(at - of));
        str_add(&sql, t->array ? "json_each.value" : "?1");
        str_add(&sql, at + 2);
    }
    if (t->array && of)
        str_add(&sql, ") FROM json_each(array_to_json(?1))), ");
    if (t->array)
        str_add_f(&sql, "to_array(?1, '%s')", sqltype_word(t));
    if (t->array && of)
        str_add_char(&sql, ')');
    char *out = str_take(&sql);
    str_free(&sql);
    return out;
}

/* The text of parameter i (from 0) in the form that its type has; to be freed. NULL with the error. */
static char *convert_param(sqlite3 *db, const char *text, const struct sqltype *t, size_t i, struct result *r) {
    char *sql = conversion_query(t), *out = NULL;
    sqlite3_stmt *st = NULL;
    if (!sql)
        return mem_strdup(text);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_bind_text(st, 1, text, -1, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) {
        const char *value = (const char *)sqlite3_column_text(st, 0);
        out = mem_strdup(value ? value : "");
    } else {
        const char *why = sqlite3_errmsg(db);
        const bool own = why[0] == '#' && strlen(why) > 7 && why[6] == '#';
        char sqlstate[6] = "22P02";
        if (own)
            memcpy(sqlstate, why + 1, 5);
        result_fail(r, sqlstate, "error in argument for $%zu: %.*s", i + 1,
            own ? (int)strcspn(why + 7, "\x01") : (int)strlen(why), own ? why + 7 : why);
    }
    sqlite3_finalize(st);
    free(sql);
    return out;
}

static bool check_param(const char *text, const struct sqltype *t, size_t i, struct result *r) {
    char *end;
    if (!text || t->array)
        return true;
    if (t->base == TYPE_INT2 || t->base == TYPE_INT4 || t->base == TYPE_INT8) {
        errno = 0;
        strtoll(text, &end, 10);
        if (errno == ERANGE)
            return result_fail(r, "22P02", "error in argument for $%zu: could not parse \"%s\" as type int: "
                "strconv.ParseInt: parsing \"%s\": value out of range", i + 1, text, text);
        if (end == text || *end)
            return result_fail(r, "22P02", "error in argument for $%zu: could not parse \"%s\" as type int: "
                "strconv.ParseInt: parsing \"%s\": invalid syntax", i + 1, text, text);
    }
    if (t->base == TYPE_UUID && strspn(text, "0123456789abcdefABCDEF-{}") != strlen(text))
        return result_fail(r, "22P02", "error in argument for $%zu: could not parse string \"%s\" as uuid",
            i + 1, text);
    return true;
}

bool engine_bind(sqlite3_stmt *stmt, const struct engine_statement *st, const char *const *params, size_t n,
    struct result *r) {
    const int wanted = sqlite3_bind_parameter_count(stmt);
    for (size_t i = 0; st && i < n && i < st->type_count && (int)i < wanted; i++) {
        if (!check_param(params[i], &st->types[i], i, r))
            return false;
        char *value = params[i] ? convert_param(sqlite3_db_handle(stmt), params[i], &st->types[i], i, r) : NULL;
        if (params[i] && !value)
            return false;
        bind_value(stmt, (int)i + 1, value, &st->types[i]);
        free(value);
    }
    return true;
}

/* A number in as few digits as give it back. */
static const char *float_text(struct arena *a, double v) {
    char text[40];
    if (v != v)
        return "NaN";
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    return arena_strdup(a, text);
}

const char *engine_value_text(struct arena *a, sqlite3_stmt *st, int column, const struct sqltype *type) {
    const int kind = sqlite3_column_type(st, column);
    if (kind == SQLITE_NULL)
        return NULL;
    if (type->base == TYPE_BOOL && !type->array)
        return sqlite3_column_int(st, column) ? "t" : "f";
    if (kind == SQLITE_FLOAT)
        return float_text(a, sqlite3_column_double(st, column));
    return arena_strdup(a, (const char *)sqlite3_column_text(st, column));
}

const char *engine_answer_text(const struct engine_session *es, struct arena *a, sqlite3_stmt *st, int column,
    const struct sqltype *type) {
    if (type->base != TYPE_REGCLASS || type->array || sqlite3_column_type(st, column) != SQLITE_INTEGER)
        return engine_value_text(a, st, column, type);
    char *name = fn_relation_name(es->session->engine, sqlite3_column_int64(st, column));
    const char *copy = arena_strdup(a, name);
    free(name);
    return copy;
}

bool engine_rows(struct engine_session *es, struct engine_statement *st, const char *sql,
    const struct out_columns *columns, const char *const *params, size_t n, struct result *r) {
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(es->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        engine_sqlite_error(es, r);
        return false;
    }
    bool good = engine_bind(stmt, st, params, n, r);
    int step = SQLITE_DONE;
    const char **cells = mem_calloc(columns->len + 1, sizeof *cells);
    while (good && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
        const char **row = arena_calloc(r->arena, columns->len + 1, sizeof *row);
        for (size_t i = 0; i < columns->len; i++)
            row[i] = engine_answer_text(es, r->arena, stmt, (int)i, &columns->items[i].type);
        vec_push(&r->rows, (result_row)row);
    }
    free(cells);
    if (good && step != SQLITE_DONE)
        good = engine_sqlite_error(es, r);
    sqlite3_finalize(stmt);
    return good;
}

const char *engine_materialise(struct translator *tr, const struct result *r,
    const struct out_columns *columns) {
    struct engine_session *es = tr->es;
    struct str sql = {0}, values = {0};
    sqlite3_stmt *st = NULL;
    char *name = mem_printf("temp.v%d", es->temp_number++);
    str_add_f(&sql, "CREATE TABLE %s (", name);
    for (size_t i = 0; i < columns->len; i++) {
        str_add_f(&sql, i ? ", k%zu" : "k%zu", i);
        str_add(&sql, columns->items[i].type.base == TYPE_DECIMAL && !columns->items[i].type.array
            ? " TEXT COLLATE DECIMAL" : "");
        str_add(&values, i ? ",?" : "?");
    }
    str_add(&sql, columns->len ? ")" : "none)");
    sqlite3_exec(es->db, str_get(&sql), NULL, NULL, NULL);
    str_clear(&sql);
    str_add_f(&sql, "INSERT INTO %s VALUES (%s)", name, str_get(&values));
    if (!tr->describe && sqlite3_prepare_v2(es->db, str_get(&sql), -1, &st, NULL) == SQLITE_OK)
        for (size_t i = 0; i < r->rows.len; i++) {
            for (size_t k = 0; k < columns->len; k++)
                bind_value(st, (int)k + 1, r->rows.items[i][k], &columns->items[k].type);
            sqlite3_step(st);
            sqlite3_reset(st);
        }
    sqlite3_finalize(st);
    str_free(&sql);
    str_free(&values);
    vec_push(&es->temps, name);
    return arena_strdup(tr->arena, name);
}

int engine_aside(struct translator *tr, const struct out_columns *columns) {
    struct engine_session *es = tr->es;
    const int n = es->temp_number++;
    struct str sql = {0};
    str_add_f(&sql, "CREATE TABLE temp.v%d (r INTEGER", n);
    for (size_t i = 0; i < columns->len; i++)
        str_add_f(&sql, ", k%zu%s", i, columns->items[i].type.base == TYPE_DECIMAL && !columns->items[i].type.array
            ? " TEXT COLLATE DECIMAL" : "");
    str_add(&sql, ")");
    sqlite3_exec(es->db, str_get(&sql), NULL, NULL, NULL);
    str_free(&sql);
    vec_push(&es->temps, mem_printf("temp.v%d", n));
    return n;
}

void engine_drop_temps(struct engine_session *es) {
    for (size_t i = 0; i < es->temps.len; i++) {
        char *sql = mem_printf("DROP TABLE IF EXISTS %s", es->temps.items[i]);
        sqlite3_exec(es->db, sql, NULL, NULL, NULL);
        free(sql);
        free(es->temps.items[i]);
    }
    vec_clear(&es->temps);
}
