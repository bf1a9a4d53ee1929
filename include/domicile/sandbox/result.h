/* result: the answer to one statement of the sandbox. Every value at a boundary between files of the
 * sandbox is text as PostgreSQL prints it, or NULL; the wire layer turns it into binary where asked. */
#ifndef DOMICILE_SANDBOX_RESULT_H
#define DOMICILE_SANDBOX_RESULT_H

#include "domicile/base/arena.h"
#include "domicile/base/vec.h"
#include "domicile/loop/loop.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Type OIDs as in pg_type; an enum type's is 100000 + its descriptor id. */
enum result_oid {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_OID = 26,
    OID_QCHAR = 18, /* "char" */
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_UNKNOWN = 705,
    OID_BOOL_ARRAY = 1000,
    OID_BYTEA_ARRAY = 1001,
    OID_INT2_ARRAY = 1005,
    OID_INT4_ARRAY = 1007,
    OID_TEXT_ARRAY = 1009,
    OID_VARCHAR_ARRAY = 1015,
    OID_INT8_ARRAY = 1016,
    OID_OID_ARRAY = 1028,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_DATE = 1082,
    OID_TIME = 1083,
    OID_TIMESTAMP = 1114,
    OID_TIMESTAMPTZ = 1184,
    OID_INTERVAL = 1186,
    OID_NUMERIC = 1700,
    OID_REGCLASS = 2205,
    OID_REGTYPE = 2206,
    OID_REGPROC = 24,
    OID_RECORD = 2249,
    OID_UUID = 2950,
    OID_JSONB = 3802,
    OID_FIRST_USER = 100000,
};

struct result_column {
    const char *name; /* owned by the result's arena */
    uint32_t oid;
    int16_t size;     /* as RowDescription has it: 8 for INT8, 16 for UUID, -1 for variable */
    int32_t typmod;   /* -1 none; VARCHAR(250): 254; DECIMAL(18,2): (18 << 16 | 2) + 4 */
};

/* An error or a notice. Texts are owned by the result's arena; NULL: the field is not sent. */
struct result_message {
    const char *severity; /* "ERROR", "NOTICE", "WARNING", "FATAL" */
    char sqlstate[6];
    const char *message;
    const char *detail;
    const char *hint;
    const char *schema;     /* s */
    const char *table;      /* t */
    const char *column;     /* c */
    const char *constraint; /* n */
    int position;           /* P, in characters from 1; 0: not sent */
};

/* Cells of one row, in the order of the columns; NULL is SQL's NULL. */
typedef const char *const *result_row;

/* A parameter of the connection that the client must be told of (ParameterStatus). */
struct result_status {
    const char *name;
    const char *value;
};

/* COPY: instead of a row set, rows go out as lines, or lines are to come, one for each row of the columns. */
struct result_copy {
    bool in, out;
    bool csv, header;
    char delimiter, quote, escape;
    const char *null;     /* what stands for NULL */
    const char *insert;   /* in: what goes before rows in brackets to make a statement of them */
};

struct result {
    struct arena *arena;  /* owns every text below */
    bool has_rows;        /* a row set is sent (RowDescription), even an empty one */
    VEC_STRUCT(struct result_column) columns;
    VEC_STRUCT(result_row) rows;
    struct result_copy copy;
    const char *tag;      /* "INSERT 0 1"; NULL: made by the wire layer, "SELECT n" */
    VEC_STRUCT(struct result_message) notices; /* in the order to be sent, before the tag */
    VEC_STRUCT(struct result_status) statuses; /* sent before the tag */
    bool failed;
    struct result_message error; /* when failed */
    usec cost; /* simulated: the answer is held back so long (round trips between regions, jobs that are waited for) */
    bool held;            /* ... for jobs: notices go at once, and cancelling ends the wait, not what was done */
};

/* An empty result; result_free on NULL does nothing. */
struct result *result_new(void);
void result_free(struct result *r);
/* Leaves it as result_new made it. */
void result_clear(struct result *r);

/* Adds a column (the name is copied) with the size that the type has; typmod -1. */
void result_column(struct result *r, const char *name, uint32_t oid);
void result_column_typmod(struct result *r, const char *name, uint32_t oid, int32_t typmod);
/* Adds a row: n cells (the number of columns), copied. */
void result_row_add(struct result *r, const char *const *cells);
/* The same, one string argument for each column. */
void result_row_addv(struct result *r, ...);
void result_tag(struct result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void result_cost(struct result *r, usec cost);
void result_status(struct result *r, const char *name, const char *value);

/* Fails the statement; rows, tag and cost are dropped, notices stay. Always false, so that one can
 * write return result_fail(...). */
bool result_fail(struct result *r, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool result_vfail(struct result *r, const char *sqlstate, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));
/* Add to the error; return false. */
bool result_detail(struct result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool result_hint(struct result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool result_constraint(struct result *r, const char *name);
/* 0A000 with the sentence that this is the sandbox's limit, not the database's: "what is not supported
 * by this sandbox". */
bool result_unsupported(struct result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds a notice of severity NOTICE and code 00000. */
void result_notice(struct result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The notice added last, to set its severity, code, detail or hint; NULL if there is none. */
struct result_message *result_last_notice(struct result *r);

/* The size that RowDescription gives for a type. */
int16_t result_type_size(uint32_t oid);

#endif
