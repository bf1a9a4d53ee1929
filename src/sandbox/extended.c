/* extended: Parse, Bind, Describe, Execute and Close of the extended protocol. */
#include "protocol_private.h"

#include "wiretype.h"

#include "domicile/base/text.h"

#include <stdlib.h>
#include <string.h>

void extended_fail(struct protocol *p, const struct result *r) {
    protocol_fail(p, r);
    p->skip_to_sync = true;
}

void extended_violation(struct protocol *p, const char *sqlstate, const char *format, ...) {
    struct result *r = result_new();
    va_list ap;
    va_start(ap, format);
    result_vfail(r, sqlstate, format, ap);
    va_end(ap);
    extended_fail(p, r);
    result_free(r);
}

/* The parameter types that the client gave. The caller frees. */
static uint32_t *read_types(struct wire_in *in, size_t *n) {
    const int16_t count = wire_get_int16(in);
    *n = count > 0 && (size_t)count <= in->left / 4 ? (size_t)count : 0;
    in->bad = in->bad || count < 0 || (size_t)count != *n;
    uint32_t *types = mem_calloc(*n + 1, sizeof *types);
    for (size_t i = 0; i < *n; i++)
        types[i] = (uint32_t)wire_get_int32(in);
    return types;
}

/* One statement out of a text; NULL and true for an empty one. */
static bool parse_one(struct protocol *p, const char *sql, const uint32_t *types, size_t n,
    struct engine_statement **st, struct result *r) {
    struct engine_statements all = {0};
    *st = NULL;
    bool good = engine_parse(p->host.engine, p->session, sql, strlen(sql), &all, r);
    if (good && all.len > 1)
        good = result_fail(r, "42P14", "prepared statement had %zu statements, expected 1", all.len);
    else if (good && all.len)
        good = engine_prepare(p->host.engine, p->session, all.items[0], types, n, r);
    for (size_t i = 0; i < all.len; i++)
        if (good)
            *st = all.items[i];
        else
            engine_statement_free(all.items[i]);
    vec_free(&all);
    return good;
}

void extended_parse(struct protocol *p, struct wire_in *in) {
    const char *name = wire_get_string(in);
    const char *sql = wire_get_string(in);
    size_t n;
    uint32_t *types = read_types(in, &n);
    struct engine_statement *st;
    struct result *r = result_new();
    if (in->bad)
        extended_violation(p, "08P01", "the Parse message is malformed");
    else if (*name && prepared_find(p, name))
        extended_violation(p, "42P05", "prepared statement \"%s\" already exists", name);
    else if (!parse_one(p, sql, types, n, &st, r))
        extended_fail(p, r);
    else {
        prepared_remove(p, name);
        prepared_add(p, name, st);
        for (size_t i = 0; i < r->notices.len; i++)
            wire_message(&p->out, 'N', &r->notices.items[i]);
        wire_empty(&p->out, '1');
    }
    result_free(r);
    free(types);
}

/* A count and so many format codes. The caller frees. */
static int16_t *read_formats(struct wire_in *in, size_t *n) {
    const int16_t count = wire_get_int16(in);
    *n = count > 0 && (size_t)count <= in->left / 2 ? (size_t)count : 0;
    in->bad = in->bad || count < 0 || (size_t)count != *n;
    int16_t *formats = mem_calloc(*n + 1, sizeof *formats);
    for (size_t i = 0; i < *n; i++) {
        formats[i] = wire_get_int16(in);
        in->bad = in->bad || formats[i] < 0 || formats[i] > 1;
    }
    return formats;
}

/* One parameter as text; NULL and true is SQL's NULL. */
static bool read_param(struct protocol *p, struct wire_in *in, uint32_t type, int16_t format, size_t i,
    char **out) {
    const int32_t size = wire_get_int32(in);
    *out = NULL;
    if (in->bad || size == -1)
        return true;
    const char *bytes = size < 0 ? NULL : wire_get_bytes(in, (size_t)size);
    if (!bytes) {
        in->bad = true;
        return true;
    }
    const size_t n = (size_t)size;
    if (format == 0 && (memchr(bytes, 0, n) || !text_valid(bytes, n))) {
        extended_violation(p, "22021", "error in argument for $%zu: invalid UTF-8 sequence", i + 1);
        return false;
    }
    *out = format == 0 ? mem_strndup(bytes, n) : wiretype_decode(type, bytes, n);
    if (!*out)
        extended_violation(p, "08P01", "error in argument for $%zu: %zu bytes are no binary value of type %u",
            i + 1, n, type);
    return *out;
}

static bool read_params(struct protocol *p, struct portal *portal, struct wire_in *in) {
    size_t format_count;
    int16_t *formats = read_formats(in, &format_count);
    const struct engine_statement *st = portal->prepared->statement;
    const size_t wanted = st ? engine_param_count(st) : 0;
    const int16_t count = wire_get_int16(in);
    bool good = true;
    if (!in->bad && (count < 0 || (size_t)count != wanted)) {
        extended_violation(p, "08P01", "expected %zu arguments, got %d", wanted, count);
        good = false;
    }
    portal->params = mem_calloc(wanted + 1, sizeof *portal->params);
    portal->param_count = wanted;
    for (size_t i = 0; good && !in->bad && i < wanted; i++) {
        const int16_t format = format_count == 1 ? formats[0] : i < format_count ? formats[i] : 0;
        good = read_param(p, in, engine_param_type(st, i), format, i, &portal->params[i]);
    }
    free(formats);
    return good;
}

void extended_bind(struct protocol *p, struct wire_in *in) {
    const char *name = wire_get_string(in);
    const char *statement = wire_get_string(in);
    struct prepared *prepared = prepared_find(p, statement);
    if (in->bad) {
        extended_violation(p, "08P01", "the Bind message is malformed");
        return;
    }
    if (!prepared) {
        extended_violation(p, "26000", "unknown prepared statement \"%s\"", statement);
        return;
    }
    if (*name && portal_find(p, name)) {
        extended_violation(p, "42P03", "portal \"%s\" already exists", name);
        return;
    }
    portal_remove(p, name);
    struct portal *portal = portal_add(p, name, prepared);
    const bool good = read_params(p, portal, in);
    if (good)
        portal->formats = read_formats(in, &portal->format_count);
    if (good && in->bad)
        extended_violation(p, "08P01", "the Bind message is malformed");
    if (!good || in->bad)
        portal_remove(p, name);
    else
        wire_empty(&p->out, '2');
}

static void describe_columns(struct protocol *p, const struct engine_statement *st, const int16_t *formats,
    size_t n) {
    struct result *r = result_new();
    if (st)
        engine_describe(st, r);
    if (r->has_rows)
        run_row_description(p, r, formats, n);
    else
        wire_empty(&p->out, 'n');
    result_free(r);
}

static void describe_statement(struct protocol *p, const char *name) {
    const struct prepared *prepared = prepared_find(p, name);
    if (!prepared) {
        extended_violation(p, "26000", "unknown prepared statement \"%s\"", name);
        return;
    }
    const struct engine_statement *st = prepared->statement;
    const size_t n = st ? engine_param_count(st) : 0;
    wire_begin(&p->out, 't');
    wire_int16(&p->out, (int16_t)n);
    for (size_t i = 0; i < n; i++)
        wire_int32(&p->out, (int32_t)engine_param_type(st, i));
    wire_end(&p->out);
    describe_columns(p, st, NULL, 0);
}

void extended_describe(struct protocol *p, struct wire_in *in) {
    const char *kind = wire_get_bytes(in, 1);
    const char *name = wire_get_string(in);
    if (in->bad || (*kind != 'S' && *kind != 'P')) {
        extended_violation(p, "08P01", "the Describe message is malformed");
        return;
    }
    if (*kind == 'S') {
        describe_statement(p, name);
        return;
    }
    const struct portal *portal = portal_find(p, name);
    if (portal)
        describe_columns(p, portal->prepared->statement, portal->formats, portal->format_count);
    else
        extended_violation(p, "34000", "unknown portal \"%s\"", name);
}

void extended_execute(struct protocol *p, struct wire_in *in) {
    const char *name = wire_get_string(in);
    const int32_t limit = wire_get_int32(in);
    struct portal *portal = in->bad ? NULL : portal_find(p, name);
    if (in->bad)
        extended_violation(p, "08P01", "the Execute message is malformed");
    else if (!portal)
        extended_violation(p, "34000", "unknown portal \"%s\"", name);
    else if (!portal->prepared->statement)
        wire_empty(&p->out, 'I');
    else
        run_portal(p, portal, limit > 0 ? limit : 0);
}

void extended_close(struct protocol *p, struct wire_in *in) {
    const char *kind = wire_get_bytes(in, 1);
    const char *name = wire_get_string(in);
    if (in->bad || (*kind != 'S' && *kind != 'P')) {
        extended_violation(p, "08P01", "the Close message is malformed");
        return;
    }
    if (*kind == 'S')
        prepared_remove(p, name);
    else
        portal_remove(p, name);
    wire_empty(&p->out, '3');
}
