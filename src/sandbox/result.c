/* result: the answer to one statement, as text in an arena. */
#include "domicile/sandbox/result.h"

#include "domicile/base/str.h"

#include <string.h>

struct result *result_new(void) {
    struct result *r = mem_calloc(1, sizeof *r);
    r->arena = arena_new();
    return r;
}

void result_free(struct result *r) {
    if (!r)
        return;
    vec_free(&r->columns);
    vec_free(&r->rows);
    vec_free(&r->notices);
    vec_free(&r->statuses);
    arena_free(r->arena);
    free(r);
}

void result_clear(struct result *r) {
    vec_free(&r->columns);
    vec_free(&r->rows);
    vec_free(&r->notices);
    vec_free(&r->statuses);
    arena_free(r->arena);
    memset(r, 0, sizeof *r);
    r->arena = arena_new();
}

static const struct {
    uint32_t oid;
    int16_t size;
} sizes[] = {
    {OID_BOOL, 1}, {OID_INT8, 8}, {OID_INT2, 2}, {OID_INT4, 4}, {OID_OID, 4}, {OID_FLOAT4, 4},
    {OID_FLOAT8, 8}, {OID_NAME, -1}, {OID_UNKNOWN, 0}, {OID_DATE, 16}, {OID_TIME, 8},
    {OID_TIMESTAMP, 24}, {OID_TIMESTAMPTZ, 24}, {OID_INTERVAL, 24}, {OID_UUID, 16}, {OID_REGCLASS, 8},
    {OID_REGTYPE, 8},
};

int16_t result_type_size(uint32_t oid) {
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i].oid == oid)
            return sizes[i].size;
    return -1;
}

void result_column_typmod(struct result *r, const char *name, uint32_t oid, int32_t typmod) {
    const struct result_column c = {
        .name = arena_strdup(r->arena, name),
        .oid = oid,
        .size = result_type_size(oid),
        .typmod = typmod,
    };
    r->has_rows = true;
    vec_push(&r->columns, c);
}

void result_column(struct result *r, const char *name, uint32_t oid) {
    result_column_typmod(r, name, oid, -1);
}

void result_row_add(struct result *r, const char *const *cells) {
    const char **row = arena_calloc(r->arena, r->columns.len + 1, sizeof *row);
    for (size_t i = 0; i < r->columns.len; i++)
        row[i] = cells[i] ? arena_strdup(r->arena, cells[i]) : NULL;
    vec_push(&r->rows, (result_row)row);
}

void result_row_addv(struct result *r, ...) {
    const char **row = arena_calloc(r->arena, r->columns.len + 1, sizeof *row);
    va_list ap;
    va_start(ap, r);
    for (size_t i = 0; i < r->columns.len; i++) {
        const char *cell = va_arg(ap, const char *);
        row[i] = cell ? arena_strdup(r->arena, cell) : NULL;
    }
    va_end(ap);
    vec_push(&r->rows, (result_row)row);
}

/* Formats into the result's arena. */
static char *result_vprintf(struct result *r, const char *format, va_list ap) {
    struct str s = {0};
    str_add_vf(&s, format, ap);
    char *copy = arena_strndup(r->arena, str_get(&s), s.len);
    str_free(&s);
    return copy;
}

void result_tag(struct result *r, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    r->tag = result_vprintf(r, format, ap);
    va_end(ap);
}

void result_cost(struct result *r, usec cost) {
    r->cost += cost;
}

void result_status(struct result *r, const char *name, const char *value) {
    const struct result_status s = {arena_strdup(r->arena, name), arena_strdup(r->arena, value)};
    vec_push(&r->statuses, s);
}

bool result_vfail(struct result *r, const char *sqlstate, const char *format, va_list ap) {
    r->failed = true;
    memset(&r->error, 0, sizeof r->error);
    r->error.severity = "ERROR";
    memcpy(r->error.sqlstate, sqlstate, 5);
    r->error.message = result_vprintf(r, format, ap);
    r->has_rows = false;
    vec_clear(&r->columns);
    vec_clear(&r->rows);
    r->tag = NULL;
    r->cost = 0;
    return false;
}

bool result_fail(struct result *r, const char *sqlstate, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    result_vfail(r, sqlstate, format, ap);
    va_end(ap);
    return false;
}

bool result_detail(struct result *r, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    r->error.detail = result_vprintf(r, format, ap);
    va_end(ap);
    return false;
}

bool result_hint(struct result *r, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    r->error.hint = result_vprintf(r, format, ap);
    va_end(ap);
    return false;
}

bool result_constraint(struct result *r, const char *name) {
    r->error.constraint = arena_strdup(r->arena, name);
    return false;
}

bool result_unsupported(struct result *r, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    char *what = result_vprintf(r, format, ap);
    va_end(ap);
    return result_fail(r, "0A000", "%s is not supported by this sandbox", what);
}

void result_notice(struct result *r, const char *format, ...) {
    struct result_message m = {.severity = "NOTICE", .sqlstate = "00000"};
    va_list ap;
    va_start(ap, format);
    m.message = result_vprintf(r, format, ap);
    va_end(ap);
    vec_push(&r->notices, m);
}

struct result_message *result_last_notice(struct result *r) {
    return r->notices.len ? &r->notices.items[r->notices.len - 1] : NULL;
}
