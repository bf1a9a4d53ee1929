/* result: one statement's answer: errors kept whole, values read by column name with a check of the shape. */
#ifndef DOMICILE_PG_RESULT_H
#define DOMICILE_PG_RESULT_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/pg/decode.h"

/* Everything the server said of an error or a notice. Owns its texts; NULL where it said nothing. */
struct pg_error {
    char sqlstate[6]; /* "" when it is not the server's */
    char *severity;
    char *message;    /* never NULL in an error */
    char *detail;
    char *hint;
    char *constraint;
    char *column;
    int position;     /* 1-based character in the statement; 0 none */
    bool timed_out;   /* our own timer ended it */
    bool cancelled;   /* the user did */
    bool lost;        /* the connection broke while it ran: whether it took effect is not known */
    bool not_sent;    /* the connection was gone before it was sent */
};
void pg_error_free(struct pg_error *e);
/* One sentence of it, raw server text: clean before drawing. */
void pg_error_print(struct str *out, const struct pg_error *e);

struct pg_result;
void pg_result_free(struct pg_result *r); /* NULL allowed */
size_t pg_result_rows(const struct pg_result *r);
size_t pg_result_columns(const struct pg_result *r);
const char *pg_result_column_name(const struct pg_result *r, size_t column);
/* Type OID of a column. */
uint32_t pg_result_column_type(const struct pg_result *r, size_t column);
/* The command tag, "INSERT 0 1". */
const char *pg_result_tag(const struct pg_result *r);
/* The column of that name; false with "unexpected shape" in err (the statement's purpose named). */
bool pg_result_column(const struct pg_result *r, const char *name, size_t *column, struct err *err);
/* Whether there is such a column: for columns that only some versions have. */
bool pg_result_has(const struct pg_result *r, const char *name, size_t *column);
/* NULL for SQL NULL. Owned by r. May hold any bytes but NUL. */
const char *pg_result_text(const struct pg_result *r, size_t row, size_t column);
/* Reads a value; false with the column, row and text named when it is NULL or not of the type. */
bool pg_result_int(const struct pg_result *r, size_t row, size_t column, int64_t *v, struct err *err);
bool pg_result_bool(const struct pg_result *r, size_t row, size_t column, bool *v, struct err *err);
bool pg_result_ints(const struct pg_result *r, size_t row, size_t column, struct pg_ints *v, struct err *err);
bool pg_result_texts(
    const struct pg_result *r, size_t row, size_t column, struct pg_texts *v, struct err *err);
bool pg_result_timestamp(
    const struct pg_result *r, size_t row, size_t column, int64_t *wall, struct err *err);

#endif
