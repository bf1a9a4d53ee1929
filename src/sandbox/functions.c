/* functions: SQLite's functions for what it does not know itself, told to each connection. */
#include "functions.h"

#include "decimal.h"
#include "sandbox_functions.h"
#include "sequence.h"
#include "wiretime.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

const char *fn_text(sqlite3_value *v) {
    const char *s = (const char *)sqlite3_value_text(v);
    return s ? s : "";
}

bool fn_null(int n, sqlite3_value **v) {
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            return true;
    return false;
}

void fn_give(sqlite3_context *c, char *owned) {
    sqlite3_result_text(c, owned, -1, free);
}

void fn_fail(sqlite3_context *c, const char *sqlstate, const char *format, ...) {
    struct str s = {0};
    va_list ap;
    str_add_f(&s, "#%s#", sqlstate);
    va_start(ap, format);
    str_add_vf(&s, format, ap);
    va_end(ap);
    sqlite3_result_error(c, str_get(&s), -1);
    str_free(&s);
}

struct engine_session *fn_session(sqlite3_context *c) {
    return sqlite3_user_data(c);
}

const char *function_time(struct arena *a, int64_t wall, bool zone) {
    char *text = wiretime_decode_timestamp(wall - INT64_C(946684800000000), zone);
    const char *copy = arena_strdup(a, text);
    free(text);
    return copy;
}

static int collate_decimal(void *arg, int na, const void *a, int nb, const void *b) {
    (void)arg;
    char *x = mem_strndup(a, (size_t)na), *y = mem_strndup(b, (size_t)nb);
    const int d = decimal_compare(decimal_parse(x), decimal_parse(y));
    free(x);
    free(y);
    return d;
}

void engine_functions(struct engine_session *es) {
    static const struct function *const tables[] = {
        functions_convert, functions_time, functions_number, functions_text, functions_array,
            functions_catalog, functions_check, functions_json, functions_rights, functions_sequence,
    };
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct function *f = tables[t]; f->name; f++)
            sqlite3_create_function(es->db, f->name, f->args, SQLITE_UTF8, es, f->run, NULL, NULL);
    sqlite3_create_function(es->db, "single", 1, SQLITE_UTF8, es, NULL, fn_single_step, fn_single_final);
    sqlite3_create_function(es->db, "spread_var", 1, SQLITE_UTF8, es, NULL, fn_spread_step, fn_variance_final);
    sqlite3_create_function(es->db, "spread_samp", 1, SQLITE_UTF8, es, NULL, fn_spread_step, fn_deviation_final);
    sqlite3_create_function(es->db, "group_text", -1, SQLITE_UTF8, es, NULL, fn_text_step, fn_text_final);
    sqlite3_create_function(es->db, "in_order", -1, SQLITE_UTF8, es, NULL, fn_ordered_step, fn_ordered_final);
    sqlite3_create_function(es->db, "json_map_agg", 2, SQLITE_UTF8, es, NULL, fn_json_object_step, fn_json_final);
    sqlite3_create_function(es->db, "json_list_agg", 1, SQLITE_UTF8, es, NULL, fn_json_array_step, fn_json_final);
    sqlite3_create_function(es->db, "dec_sum", 1, SQLITE_UTF8, es, NULL, fn_sum_step, fn_sum_final);
    sqlite3_create_function(es->db, "dec_avg", 1, SQLITE_UTF8, es, NULL, fn_sum_step, fn_average_final);
    sqlite3_create_function(es->db, "array_agg", 1, SQLITE_UTF8, es, NULL, fn_array_step, fn_array_final);
    sqlite3_create_collation(es->db, "DECIMAL", SQLITE_UTF8, NULL, collate_decimal);
}
