/* records: an answer as a list of records with stable field names, in one of four formats. */
#ifndef DOMICILE_OUTPUT_RECORDS_H
#define DOMICILE_OUTPUT_RECORDS_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <jansson.h>

enum output_format { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_NDJSON, OUTPUT_CSV };
/* "table", "json", "ndjson" or "csv"; false says which there are. */
bool output_format_parse(enum output_format *format, const char *name, struct err *err);

/* A field: the key in JSON, the heading elsewhere. */
struct record_field {
    char *name;
    bool nested;     /* in JSON one level down, under "values": the columns of the user's own table */
    bool identifier; /* cut in the middle when a table is too wide: values differ at the end */
};

/* Zero-initialised is empty. */
struct records {
    VEC_STRUCT(struct record_field) fields;
    VEC_STRUCT(json_t *) rows; /* an object each, owned */
    bool vertical;   /* as a table, a line a field: for records with long texts */
    bool sentence;   /* as a table, only the first two values: "verdict: reason" */
    bool no_heading; /* CSV without its first line: it was written before */
};
void records_free(struct records *r);
/* Adds a field; the name is copied. Returns it for its flags, valid until the next is added. */
struct record_field *records_add_field(struct records *r, const char *name);
/* Begins a record; its values are set by name and are null until then. Owned by r. */
json_t *records_add(struct records *r);

/* Text from outside as a JSON string: what is not UTF-8 becomes U+FFFD. NULL gives null. */
json_t *record_text(const char *text);
/* Sets one value of a record and takes the value over. */
void record_set(json_t *record, const char *name, json_t *value);
/* The same for a nested field. */
void record_set_nested(json_t *record, const char *name, json_t *value);
/* The value of a field in a record; NULL when it was never set. */
const json_t *record_get(const json_t *record, const struct record_field *field);
/* Appends a value for people and for CSV: lists joined by blanks, null as nothing. Raw text: clean it for a
 * terminal. */
void record_print_value(struct str *out, const json_t *value);

struct output_style {
    enum output_format format;
    int width;  /* columns of the terminal; 0: nothing is cut */
    bool tty;   /* goes to a terminal: nothing in it may control one */
    bool ascii;
};
/* Appends everything, with a newline at the end. */
void records_print(struct str *out, const struct records *r, const struct output_style *style);

#endif
