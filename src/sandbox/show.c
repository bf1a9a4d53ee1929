/* show: SHOW statements and virtual tables, handed to those who know. */
#include "cluster_hooks.h"
#include "sandbox_functions.h"
#include "shape.h"
#include "sizes.h"

#include "domicile/base/mem.h"
#include "domicile/sandbox/server.h"
#include "domicile/sandbox/setcmd.h"
#include "domicile/sandbox/virtual.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int64_t table_rows(void *arg, int64_t table) {
    struct engine_session *es = arg;
    sqlite3_stmt *st = NULL;
    int64_t n = 0;
    char *sql = mem_printf("SELECT count(*) FROM t%" PRId64, table);
    if (sqlite3_prepare_v2(es->db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    free(sql);
    return hook_estimated_rows(es->session->engine, table, n);
}

/* What a job takes that nothing holds is not waited for here; one that was let go before its time has ended. 0: not yet. */
static int64_t finished(const struct engine *e, const struct engine_job *j, int64_t now) {
    enum { TAKES = 50000 };
    if (j->finished <= now + TAKES)
        return j->finished;
    return e->jobs_held_until > engine_clock(e) ? 0 : now;
}

/* Users see their own jobs, an admin all. */
static size_t jobs_of(struct translator *tr, struct virtual_job *jobs) {
    const struct engine *e = tr->engine;
    const int64_t now = engine_wall(e);
    size_t n = 0;
    for (size_t i = 0; jobs && i < e->jobs.len; i++) {
        const struct engine_job *j = &e->jobs.items[i];
        if (tr->es->session->admin || str_eq(j->user, tr->es->session->user))
            jobs[n++] = (struct virtual_job){j->id, j->type, j->description, j->user, j->created, finished(e, j, now)};
    }
    return n;
}

static struct virtual_context context(struct translator *tr, struct virtual_job *jobs) {
    const struct engine *e = tr->engine;
    return (struct virtual_context){
        .descriptors = e->descriptors, .world = e->world, .users = e->users, .settings = e->settings,
        .session = tr->es->session, .cluster_id = e->cluster_id, .jobs = jobs, .job_count = jobs_of(tr, jobs),
        .host = e->server ? server_host(e->server) : NULL, .server = e->server,
        .describe = tr->describe, .table_rows = table_rows, .arg = tr->es,
    };
}

/* The values of FOR ROW, as text of their columns' types; NULL with the error in tr->r. */
static const char **row_values(struct translator *tr, const struct ast_show *st, size_t *n) {
    const char **values = arena_calloc(tr->arena, st->row.len + 1, sizeof *values);
    struct result *r = result_new();
    struct out_columns columns = {0};
    struct str sql = {0};
    str_add(&sql, "SELECT ");
    bool good = true;
    for (size_t i = 0; good && i < st->row.len; i++) {
        struct typed t = translate_expr(tr, st->row.items[i], NULL);
        t = translate_cast(tr, t, sqltype_of(TYPE_STRING));
        good = t.sql;
        str_add_f(&sql, i ? ", %s" : "%s", good ? t.sql : "");
        const struct out_column c = {.name = "", .type = sqltype_of(TYPE_STRING)};
        vec_push(&columns, c);
    }
    if (good && !tr->describe) {
        engine_columns(r, &columns);
        good = engine_rows(tr->es, tr->statement, str_get(&sql), &columns, NULL, 0, r);
        if (!good)
            result_copy_error(tr->r, r);
        for (size_t i = 0; good && i < columns.len; i++)
            values[i] = r->rows.items[0][i] ? arena_strdup(tr->arena, r->rows.items[0][i]) : NULL;
    }
    *n = st->row.len;
    result_free(r);
    str_free(&sql);
    vec_free(&columns);
    return good ? values : NULL;
}

static void add_shape_row(struct result *r, const char *line, size_t n) {
    const char *cells[7] = {0};
    const char *end = line + n;
    for (size_t i = 0; i < 7; i++) {
        const char *bar = i < 6 ? memchr(line, '|', (size_t)(end - line)) : end;
        /* The default alone is NULL where it is empty. */
        cells[i] = !bar || (i == 3 && bar == line) ? NULL : arena_strndup(r->arena, line,
            (size_t)(bar - line));
        line = bar && bar < end ? bar + 1 : end;
    }
    result_row_add(r, cells);
}

/* SHOW COLUMNS of a virtual or system table; false when it is none of those. */
static bool show_shape(const struct translator *tr, const struct ast_show *st, struct result *r) {
    if (st->kind != SHOW_COLUMNS || st->name.n < 2 || st->with_comment)
        return false;
    const struct shape *shape = shapes;
    const char *name = arena_printf(tr->arena, "%s.%s", st->name.part[st->name.n - 2],
        st->name.part[st->name.n - 1]);
    while (shape->table && !str_eq(shape->table, name))
        shape++;
    const char *line = shape->rows ? shape_line(shape->rows, tr->engine->compat) : NULL;
    if (!line)
        return false;
    static const struct {
        const char *name;
        uint32_t oid;
    } columns[] = {
        {"column_name", OID_TEXT}, {"data_type", OID_TEXT}, {"is_nullable", OID_BOOL}, {"column_default",
            OID_TEXT},
        {"generation_expression", OID_TEXT}, {"indices", OID_TEXT_ARRAY}, {"is_hidden", OID_BOOL},
    };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        result_column(r, columns[i].name, columns[i].oid);
    for (; line && !tr->describe; line = shape_line(line + strcspn(line, "\n") + 1, tr->engine->compat))
        add_shape_row(r, line, strcspn(line, "\n"));
    return true;
}

bool show_statement(struct translator *tr, const struct ast_show *st, struct result *r) {
    const struct session *s = tr->es->session;
    if (setcmd_shows(st->kind))
        return tr->describe ? setcmd_show_columns(s, tr->engine->settings, st, r)
            : setcmd_show(s, tr->engine->settings, tr->engine->users, st, r);
    if (show_shape(tr, st, r))
        return true;
    struct virtual_job *jobs = arena_calloc(tr->arena, tr->engine->jobs.len + 1, sizeof *jobs);
    struct virtual_context c = context(tr, jobs);
    if (st->kind == SHOW_RANGE_FOR_ROW && !(c.row = row_values(tr, st, &c.row_count))) {
        if (r != tr->r)
            result_copy_error(r, tr->r);
        return false;
    }
    if (!tr->describe && virtual_hangs(&c, st, NULL, NULL)) {
        tr->hangs = true;
        c.describe = true;
    }
    if (!tr->describe && st->kind == SHOW_RANGES)
        sizes_count(tr->es);
    return virtual_show(&c, st, r);
}

bool vtable_exists(struct translator *tr, const char *schema, const char *name) {
    const struct virtual_context c = context(tr, NULL);
    return virtual_exists(&c, schema, name);
}

static bool shows_sizes(const char *table) {
    static const char *const tables[] = {"ranges", "kv_store_status", "kv_node_status"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (str_eq(tables[i], table))
            return true;
    return false;
}

bool vtable_fill(struct translator *tr, const char *schema, const char *name, struct result *r) {
    struct virtual_job *jobs = arena_calloc(tr->arena, tr->engine->jobs.len + 1, sizeof *jobs);
    struct virtual_context c = context(tr, jobs);
    if (!virtual_exists(&c, schema, name))
        return false;
    if (!tr->describe && virtual_hangs(&c, NULL, schema, name)) {
        tr->hangs = true;
        c.describe = true;
    }
    if (!c.describe && shows_sizes(name))
        sizes_count(tr->es);
    if (virtual_table(&c, schema, name, r))
        return true;
    if (r->failed)
        result_copy_error(tr->r, r);
    return false;
}
