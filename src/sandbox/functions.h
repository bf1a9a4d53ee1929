/* functions: SQLite's functions for what it does not know itself: what their files share. */
#ifndef DOMICILE_SANDBOX_FUNCTIONS_H
#define DOMICILE_SANDBOX_FUNCTIONS_H

#include "engine_private.h"

/* One function: its name, how many arguments (-1: any number), what runs. */
struct function {
    const char *name;
    int args;
    void (*run)(sqlite3_context *c, int n, sqlite3_value **v);
};
/* Each ended by a row without a name. */
extern const struct function functions_convert[], functions_time[], functions_number[], functions_text[],
    functions_array[], functions_catalog[], functions_check[], functions_json[], functions_rights[];

/* An argument's text; "" for NULL. */
const char *fn_text(sqlite3_value *v);
/* Whether any of them is NULL. */
bool fn_null(int n, sqlite3_value **v);
/* Gives a text away as the answer. */
void fn_give(sqlite3_context *c, char *owned);
/* The error "#SQLSTATE#sentence", which engine_sqlite_error takes apart. */
void fn_fail(sqlite3_context *c, const char *sqlstate, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What a REGCLASS shows: the relation's name, of an id that none has the number. The caller frees. */
char *fn_relation_name(const struct engine *e, int64_t id);
struct engine_session *fn_session(sqlite3_context *c);
/* Any form of a time: its binary value in µs since 2000, or false. */
bool time_parse(const char *text, int64_t *out);

void fn_single_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_single_final(sqlite3_context *c);
void fn_json_object_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_json_array_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_json_final(sqlite3_context *c);
void fn_spread_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_variance_final(sqlite3_context *c);
void fn_deviation_final(sqlite3_context *c);
void fn_ordered_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_ordered_final(sqlite3_context *c);
void fn_text_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_text_final(sqlite3_context *c);
void fn_sum_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_sum_final(sqlite3_context *c);
void fn_average_final(sqlite3_context *c);
void fn_array_step(sqlite3_context *c, int n, sqlite3_value **v);
void fn_array_final(sqlite3_context *c);

#endif
