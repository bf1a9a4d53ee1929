/* decode: PostgreSQL's text formats, read from hostile input without harm. Pure. */
#ifndef DOMICILE_PG_DECODE_H
#define DOMICILE_PG_DECODE_H

#include "domicile/base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Elements of an array in text form; NULL = an SQL NULL. */
struct pg_texts {
    VEC(char *);
};
void pg_texts_free(struct pg_texts *v);
/* "{a,\"b,c\",NULL}" (one dimension). False: not an array; v is then empty. */
bool pg_decode_array(struct pg_texts *v, const char *text);

struct pg_ints {
    VEC(int64_t);
};
/* Frees the numbers; v is empty afterwards. */
void pg_ints_free(struct pg_ints *v);
/* "{1,2,3}"; NULL elements and what is no integer make it fail. */
bool pg_decode_ints(struct pg_ints *v, const char *text);

/* A NULL text (SQL NULL) is none of these: false. */
bool pg_decode_int(int64_t *v, const char *text);
bool pg_decode_bool(bool *v, const char *text); /* t, f, true, false, on, off */
/* bytea: "\xf28c" or escape format. The caller frees *bytes. */
bool pg_decode_bytea(unsigned char **bytes, size_t *n, const char *text);
/* "2026-11-23 17:51:25.86994+00" (also T, Z, without zone = UTC) to µs since 1970. */
bool pg_decode_timestamp(int64_t *wall, const char *text);
/* "00:01:00", "1 day 02:00:00", "-00:00:01.5", "1m0s", "5s" to µs. Months count 30 days. */
bool pg_decode_interval(int64_t *duration, const char *text);

#endif
