/* sandbox_load: what a new sandbox holds: the walkthrough's database, made by its own statements. */
#include "sandbox_load.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/sandbox/world.h"
#include "domicile/sql/statement.h"
#include "engine_private.h"

#include <stdlib.h>
#include <string.h>

static void nothing(void *arg) {
    (void)arg;
}

/* Runs one statement to its end; what it waits for happens in the loop. */
static bool run(struct loop *loop, struct engine *e, struct session *s, struct engine_statement *st,
    struct err *err) {
    struct result *r = result_new();
    s->statement = mem_strdup(engine_statement_text(st));
    enum engine_status status = engine_execute(e, s, st, NULL, 0, r);
    while (status == ENGINE_WAIT) {
        loop_turn(loop, 10 * USEC_PER_MS);
        status = engine_resume(e, s, r);
    }
    const bool good = !r->failed ||
        err_set(err, ERR_INTERNAL, "cannot make the sandbox's database: %s (%s)", r->error.message,
            s->statement);
    free(s->statement);
    s->statement = NULL;
    result_free(r);
    return good;
}

static bool run_text(struct loop *loop, struct engine *e, struct session *s, const char *sql,
    struct err *err) {
    struct engine_statements all = {0};
    struct result *r = result_new();
    bool good = engine_parse(e, s, sql, strlen(sql), &all, r) ||
        err_set(err, ERR_INTERNAL, "cannot make the sandbox's database: %s", r->error.message);
    for (size_t i = 0; i < all.len; i++) {
        good = good && run(loop, e, s, all.items[i], err);
        engine_statement_free(all.items[i]);
    }
    vec_free(&all);
    result_free(r);
    return good;
}

static struct session *open_root(struct loop *loop, struct engine *e, int compat, const char *database) {
    struct session *s = session_new(loop, compat, "root", database, 1);
    s->wake = nothing;
    const struct world_node *n = e->world ? world_node(e->world, 1) : NULL;
    session_set_locality(s, n ? n->locality_text : "");
    engine_open(e, s);
    return s;
}

static void close_root(struct engine *e, struct session *s) {
    engine_close(e, s);
    session_free(s);
}

/* Whether the nodes are in the walkthrough's regions; elsewhere its database has none. */
static bool has_regions(const struct world *w) {
    static const char *const wanted[] = {"uksouth", "eu-west-1", "europe-west4"};
    const char **names = NULL;
    const size_t n = w ? world_regions(w, &names) : 0;
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
            found += str_eq(names[i], wanted[k]);
    free(names);
    return found == sizeof wanted / sizeof *wanted;
}

bool sandbox_load(struct loop *loop, struct engine *engine, int compat, struct err *err) {
    if (database_by_name(engine->descriptors, "django"))
        return true;
    struct session *s = open_root(loop, engine, compat, "django");
    const bool regions = has_regions(engine->world);
    bool good = true;
    for (const struct statement *st = NULL; good && (st = statement_each("schema/", st));)
        if (st->from <= compat && compat <= st->to && (regions || strcmp(st->name, "schema/50") < 0))
            good = run_text(loop, engine, s, st->text, err);
    close_root(engine, s);
    return good;
}

bool sandbox_load_ranges(struct loop *loop, struct engine *engine, struct world *world,
    const struct sandbox_options *o, struct err *err) {
    const char *database = database_by_name(engine->descriptors, "django") ? "django" : "defaultdb";
    const struct database_descriptor *db = database_by_name(engine->descriptors, database);
    struct session *s = open_root(loop, engine, o->compat, database);
    bool good = true;
    if (!table_by_name(engine->descriptors, db->id, db->schemas.items[0].id, "pages"))
        good = run_text(loop, engine, s, "CREATE TABLE pages (number INT8 PRIMARY KEY, text STRING)", err);
    close_root(engine, s);
    const struct table_descriptor *t = table_by_name(engine->descriptors, db->id, db->schemas.items[0].id,
        "pages");
    world_settle(world);
    for (int64_t i = 1; good && t && i < o->ranges; i++) {
        struct key key = {0};
        key_begin(&key, (uint64_t)t->id, 1);
        key_add_int(&key, i, false);
        world_split_evenly(world, &key);
        key_free(&key);
    }
    return good;
}
