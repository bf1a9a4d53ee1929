/* records: fields and values of an answer. */
#include "domicile/output/records.h"

#include "domicile/base/text.h"
#include "writers.h"

#include <stdlib.h>
#include <string.h>

static const char *const format_names[] = {
    [OUTPUT_TABLE] = "table", [OUTPUT_JSON] = "json", [OUTPUT_NDJSON] = "ndjson", [OUTPUT_CSV] = "csv"};

bool output_format_parse(enum output_format *format, const char *name, struct err *err) {
    for (size_t i = 0; i < sizeof format_names / sizeof *format_names; i++)
        if (strcmp(format_names[i], name) == 0) {
            *format = (enum output_format)i;
            return true;
        }
    err_set(err, ERR_USAGE, "there is no format \"%.60s\"", name);
    return err_hint(err, "the formats are table, json, ndjson and csv");
}

void records_free(struct records *r) {
    for (size_t i = 0; i < r->fields.len; i++)
        free(r->fields.items[i].name);
    for (size_t i = 0; i < r->rows.len; i++)
        json_decref(r->rows.items[i]);
    vec_free(&r->fields);
    vec_free(&r->rows);
}

struct record_field *records_add_field(struct records *r, const char *name) {
    vec_push(&r->fields, ((struct record_field){.name = mem_strdup(name)}));
    return &r->fields.items[r->fields.len - 1];
}

/* Jansson keeps the order in which keys were set: every key is set here, so that all records look alike. */
json_t *records_add(struct records *r) {
    json_t *record = json_object();
    for (size_t i = 0; i < r->fields.len; i++) {
        const struct record_field *f = &r->fields.items[i];
        if (f->nested)
            record_set_nested(record, f->name, json_null());
        else
            record_set(record, f->name, json_null());
    }
    vec_push(&r->rows, record);
    return record;
}

static char *valid_utf8(const char *text) {
    struct str out = {0};
    for (size_t n = strlen(text); n > 0;) {
        uint32_t cp;
        size_t len = text_decode(text, n, &cp);
        text_encode(&out, cp);
        text += len;
        n -= len;
    }
    return str_take(&out);
}

json_t *record_text(const char *text) {
    if (!text)
        return json_null();
    char *valid = valid_utf8(text);
    json_t *value = json_string(valid);
    free(valid);
    return value ? value : json_null();
}

void record_set(json_t *record, const char *name, json_t *value) {
    char *valid = valid_utf8(name);
    json_object_set_new(record, valid, value);
    free(valid);
}

void record_set_nested(json_t *record, const char *name, json_t *value) {
    json_t *values = json_object_get(record, "values");
    if (!values) {
        values = json_object();
        json_object_set_new(record, "values", values);
    }
    record_set(values, name, value);
}

const json_t *record_get(const json_t *record, const struct record_field *field) {
    char *valid = valid_utf8(field->name);
    const json_t *value = json_object_get(field->nested ? json_object_get(record, "values") : record, valid);
    free(valid);
    return value;
}

/* What of an object is there, as "name value", one after the other. */
static void print_object(struct str *out, const json_t *object) {
    const char *name;
    json_t *value;
    bool first = true;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
            continue;
        str_add_f(out, first ? "%s " : ", %s ", name);
        record_print_value(out, value);
        first = false;
    }
}

void record_print_value(struct str *out, const json_t *value) {
    size_t i;
    const json_t *item;
    if (json_is_string(value))
        str_add(out, json_string_value(value));
    else if (json_is_integer(value))
        str_add_f(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_boolean(value))
        str_add(out, json_is_true(value) ? "true" : "false");
    else if (json_is_object(value))
        print_object(out, value);
    else if (json_is_array(value))
        json_array_foreach((json_t *)(uintptr_t)value, i, item) {
            if (i > 0)
                str_add_char(out, ' ');
            record_print_value(out, item);
        }
}

void records_print(struct str *out, const struct records *r, const struct output_style *style) {
    switch (style->format) {
    case OUTPUT_TABLE: table_write(out, r, style); return;
    case OUTPUT_JSON:
    case OUTPUT_NDJSON: json_write(out, r, style); return;
    case OUTPUT_CSV: csv_write(out, r, style); return;
    }
}
