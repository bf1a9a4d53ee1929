/* result: an answer read by column name, with a check of its shape. */
#include "result_private.h"

#include "domicile/base/text.h"

#include <stdlib.h>
#include <string.h>

struct pg_result {
    PGresult *r;
    char *purpose;
};

void pg_error_free(struct pg_error *e) {
    free(e->severity);
    free(e->message);
    free(e->detail);
    free(e->hint);
    free(e->constraint);
    free(e->column);
    *e = (struct pg_error){0};
}

void pg_error_print(struct str *out, const struct pg_error *e) {
    str_add(out, e->message ? e->message : "unknown error");
    if (e->detail)
        str_add_f(out, " (%s)", e->detail);
}

static char *field(const PGresult *r, int code) {
    return mem_strdup_null(r ? PQresultErrorField(r, code) : NULL);
}

/* libpq ends its own messages with a newline. */
static char *without_newlines(const char *s) {
    size_t n = strlen(s);
    while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == ' '))
        n--;
    return mem_strndup(s, n);
}

void pg_error_take(struct pg_error *e, const PGresult *r, const char *fallback) {
    const char *sqlstate = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *position = r ? PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION) : NULL;
    *e = (struct pg_error){.severity = field(r, PG_DIAG_SEVERITY),
        .message = field(r, PG_DIAG_MESSAGE_PRIMARY),
        .detail = field(r, PG_DIAG_MESSAGE_DETAIL),
        .hint = field(r, PG_DIAG_MESSAGE_HINT),
        .constraint = field(r, PG_DIAG_CONSTRAINT_NAME),
        .column = field(r, PG_DIAG_COLUMN_NAME),
        .position = position ? atoi(position) : 0};
    if (sqlstate && strlen(sqlstate) == 5)
        memcpy(e->sqlstate, sqlstate, 6);
    if (!e->message)
        e->message = without_newlines(fallback && *fallback ? fallback : "no message");
}

struct pg_result *pg_result_wrap(PGresult *r, const char *purpose) {
    struct pg_result *out = mem_calloc(1, sizeof *out);
    *out = (struct pg_result){.r = r, .purpose = mem_strdup(purpose ? purpose : "statement")};
    return out;
}

void pg_result_free(struct pg_result *r) {
    if (!r)
        return;
    PQclear(r->r);
    free(r->purpose);
    free(r);
}

size_t pg_result_rows(const struct pg_result *r) { return (size_t)PQntuples(r->r); }
size_t pg_result_columns(const struct pg_result *r) { return (size_t)PQnfields(r->r); }
uint32_t pg_result_column_type(const struct pg_result *r, size_t column) {
    return PQftype(r->r, (int)column);
}
const char *pg_result_tag(const struct pg_result *r) { return PQcmdStatus(r->r); }

const char *pg_result_column_name(const struct pg_result *r, size_t column) {
    const char *name = PQfname(r->r, (int)column);
    return name ? name : "";
}

bool pg_result_has(const struct pg_result *r, const char *name, size_t *column) {
    /* Not PQfnumber: that folds case and unquotes. */
    for (size_t i = 0; i < pg_result_columns(r); i++)
        if (strcmp(pg_result_column_name(r, i), name) == 0) {
            *column = i;
            return true;
        }
    return false;
}

bool pg_result_column(const struct pg_result *r, const char *name, size_t *column, struct err *err) {
    if (pg_result_has(r, name, column))
        return true;
    return err_set(
        err, ERR_INPUT, "unexpected shape of the answer about %s: there is no column %s", r->purpose, name);
}

const char *pg_result_text(const struct pg_result *r, size_t row, size_t column) {
    if (row >= pg_result_rows(r) || column >= pg_result_columns(r) ||
        PQgetisnull(r->r, (int)row, (int)column))
        return NULL;
    return PQgetvalue(r->r, (int)row, (int)column);
}

static bool not_a(const struct pg_result *r, size_t row, size_t column, const char *what, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    char *clean = text_cleaned(text ? text : "NULL");
    err_set(err, ERR_INPUT,
        "unexpected value in the answer about %s, row %zu, column %s: \"%.80s\" is not %s", r->purpose,
        row + 1, pg_result_column_name(r, column), clean, what);
    free(clean);
    return false;
}

bool pg_result_int(const struct pg_result *r, size_t row, size_t column, int64_t *v, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    return (text && pg_decode_int(v, text)) || not_a(r, row, column, "an integer", err);
}

bool pg_result_bool(const struct pg_result *r, size_t row, size_t column, bool *v, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    return (text && pg_decode_bool(v, text)) || not_a(r, row, column, "a boolean", err);
}

bool pg_result_ints(
    const struct pg_result *r, size_t row, size_t column, struct pg_ints *v, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    return (text && pg_decode_ints(v, text)) || not_a(r, row, column, "an array of integers", err);
}

bool pg_result_texts(
    const struct pg_result *r, size_t row, size_t column, struct pg_texts *v, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    return (text && pg_decode_array(v, text)) || not_a(r, row, column, "an array", err);
}

bool pg_result_timestamp(
    const struct pg_result *r, size_t row, size_t column, int64_t *wall, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    return (text && pg_decode_timestamp(wall, text)) || not_a(r, row, column, "a timestamp", err);
}
