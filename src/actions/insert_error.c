/* insert_error: a server's refusal of a row, in a sentence. */
#include "insert_private.h"

#include "domicile/dialect/casevalues.h"
#include "domicile/pg/result.h"

#include <string.h>

/* The first text in double quotes of a message; the caller frees, NULL without one. */
static char *quoted(const char *message) {
    const char *start = message != NULL ? strchr(message, '"') : NULL;
    const char *end = start != NULL ? strchr(start + 1, '"') : NULL;
    return end != NULL ? mem_strndup(start + 1, (size_t)(end - start - 1)) : NULL;
}

static char *known_values(const struct casevalues *cases) {
    struct str out = {0};
    for (size_t i = 0; i < cases->values.len; i++)
        if (cases->values.items[i].value != NULL)
            str_add_f(&out, "%s%s", out.len > 0 ? ", " : "", cases->values.items[i].value);
    return str_take(&out);
}

static char *no_region(const struct insert_form *f, const char *column) {
    struct casevalues cases = {0};
    char *sentence;
    if (f->region_expr == NULL || !casevalues_parse(&cases, f->region_expr, NULL))
        return mem_printf("the row has no region: %s would be NULL", column);
    const struct insert_field *field = insert_form_field(f, cases.column);
    char *known = known_values(&cases);
    if (field == NULL || field->value == NULL)
        sentence = mem_printf("the expression of %s knows no region for a row without %s; it knows %s", column,
            cases.column, known);
    else
        sentence = mem_printf("the expression of %s knows no region for %s = '%s'; it knows %s", column, cases.column,
            field->value, known);
    free(known);
    casevalues_free(&cases);
    return sentence;
}

static char *not_null(const struct insert_form *f, const struct pg_error *e, char **hint) {
    char *column = e->column != NULL ? mem_strdup(e->column) : quoted(e->message);
    char *sentence;
    if (column != NULL && str_eq(column, f->region_column))
        sentence = no_region(f, column);
    else if (column != NULL)
        sentence = mem_printf("%s must have a value", column);
    else
        sentence = mem_strdup(e->message);
    *hint = mem_strdup(column != NULL && str_eq(column, f->region_column) ? "choose one of the values it knows"
        : "give it one");
    free(column);
    return sentence;
}

struct known_error {
    const char *sqlstate;
    const char *sentence;
    const char *hint;
};
static const struct known_error known_errors[] = {
    {"23505", "a row with this key is there already", "give it another key"},
    {"25006", "this session may only read", "start without --read-only to change rows"},
    {"42501", "this user may not insert here", NULL},
    {"23503", "the row refers to one that is not there", "insert that one first"},
    {"57014", "the server did not finish in time: a region may be down", "try again, or through another gateway"},
};

char *insert_error_sentence(const struct insert_form *f, const struct pg_error *e, char **hint) {
    *hint = NULL;
    if (strcmp(e->sqlstate, "23502") == 0)
        return not_null(f, e, hint);
    for (size_t i = 0; i < sizeof known_errors / sizeof *known_errors; i++) {
        const struct known_error *k = &known_errors[i];
        if (strcmp(e->sqlstate, k->sqlstate) != 0)
            continue;
        *hint = mem_strdup_null(k->hint);
        return mem_printf("%s: %s", k->sentence, e->detail != NULL ? e->detail : e->message);
    }
    *hint = mem_strdup_null(e->hint);
    struct str out = {0};
    pg_error_print(&out, e);
    return str_take(&out);
}
