/* result_records: what the server answered, as records for output. */
#include "result_records.h"

#include <stdlib.h>
#include <string.h>

static bool is_integer(const struct pg_result *r, size_t column) {
    enum { INT8 = 20, INT2 = 21, INT4 = 23, OID = 26 };
    switch (pg_result_column_type(r, column)) {
    case INT8:
    case INT2:
    case INT4:
    case OID: return true;
    default: return false;
    }
}

static json_t *value_of(const struct pg_result *r, size_t row, size_t column) {
    const char *text = pg_result_text(r, row, column);
    int64_t number;
    if (text && is_integer(r, column) && pg_decode_int(&number, text))
        return json_integer((json_int_t)number);
    return record_text(text);
}

/* Names are keys in JSON. */
static char *field_name(const struct records *out, const char *name) {
    char *own = mem_strdup(name);
    for (int n = 2;; n++) {
        bool taken = false;
        for (size_t i = 0; i < out->fields.len; i++)
            taken = taken || strcmp(out->fields.items[i].name, own) == 0;
        if (!taken)
            return own;
        free(own);
        own = mem_printf("%s_%d", name, n);
    }
}

void result_records(struct records *out, const struct pg_result *r) {
    for (size_t c = 0; c < pg_result_columns(r); c++) {
        char *name = field_name(out, pg_result_column_name(r, c));
        records_add_field(out, name);
        free(name);
    }
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        json_t *record = records_add(out);
        for (size_t c = 0; c < pg_result_columns(r); c++)
            record_set(record, out->fields.items[c].name, value_of(r, i, c));
    }
}
