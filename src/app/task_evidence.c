/* task_evidence: the statement for auditors; with --count the rows are counted first, region by region. */
#include "headless_private.h"

#include "config.h"
#include "domicile/output/evidence.h"
#include "domicile/pg/connection.h"
#include "domicile/sql/statement.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_TIMEOUT = 30 };

/* One number to be counted. */
struct counting {
    char *schema, *table, *column, *region;
    int64_t rows;
    char *problem;
};

struct gathering {
    int64_t began;
    bool asked;
    struct pg_connection *c;
    VEC_STRUCT(struct counting) counts;
    size_t next;
};

static bool start(struct headless *h) {
    struct gathering *g = mem_calloc(1, sizeof *g);
    h->state = g;
    g->began = loop_wall();
    if (h->format == OUTPUT_TABLE || h->format == OUTPUT_JSON)
        return true;
    err_set(&h->err, ERR_USAGE, "evidence is one document");
    return err_hint(&h->err, "--format table gives it as Markdown, --format json as JSON");
}

static void end(struct headless *h) {
    struct gathering *g = h->state;
    pg_connection_free(g->c);
    for (size_t i = 0; i < g->counts.len; i++) {
        char *texts[] = {g->counts.items[i].schema, g->counts.items[i].table, g->counts.items[i].column,
            g->counts.items[i].region, g->counts.items[i].problem};
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            free(texts[k]);
    }
    vec_free(&g->counts);
    free(g);
}

static void write_out(struct headless *h) {
    static const struct {
        enum part_kind part;
        const char *name;
    } parts[] = {{PART_TOPOLOGY, "nodes"}, {PART_CATALOG, "tables"}, {PART_RANGES, "ranges"}};
    struct gathering *g = h->state;
    VEC_STRUCT(char *) problems = {0};
    VEC_STRUCT(struct evidence_count) counts = {0};
    struct str out = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *problem = survey_problem(h->survey, parts[i].part);
        if (problem)
            vec_push(&problems, mem_printf("%s: %s", parts[i].name, problem));
    }
    if (survey_leases_problem(h->survey))
        vec_push(&problems, mem_printf("leaseholders: %s", survey_leases_problem(h->survey)));
    for (size_t i = 0; i < g->counts.len; i++)
        vec_push(&counts, ((struct evidence_count){g->counts.items[i].schema, g->counts.items[i].table,
            g->counts.items[i].region, g->counts.items[i].rows, g->counts.items[i].problem}));
    struct evidence_input in = {.snapshot = survey_snapshot(h->survey), .from_wall = g->began, .to_wall = loop_wall(),
        .program = PACKAGE_STRING, .problems = (const char *const *)problems.items, .problem_count = problems.len,
        .counts = counts.items, .count_count = counts.len};
    json_t *content = evidence_make(&in);
    (h->format == OUTPUT_JSON ? evidence_print_json : evidence_print_markdown)(&out, content);
    const char *verdict = evidence_verdict(content);
    int status = strcmp(verdict, "home") == 0 ? 0 : strcmp(verdict, "abroad") == 0 ? 1 : 2;
    headless_stop(h, status);
    headless_write(h, str_get(&out), out.len);
    json_decref(content);
    for (size_t i = 0; i < problems.len; i++)
        free(problems.items[i]);
    vec_free(&problems);
    vec_free(&counts);
    str_free(&out);
}

static void count_next(struct headless *h);

static void counted(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct headless *h = arg;
    struct gathering *g = h->state;
    struct counting *c = &g->counts.items[g->next++];
    (void)took;
    c->rows = -1;
    if (e)
        c->problem = mem_strdup(e->message);
    else if (pg_result_rows(r))
        (void)pg_decode_int(&c->rows, pg_result_text(r, 0, 0));
    pg_result_free(r);
    if (!h->stopped)
        count_next(h);
}

static void count_next(struct headless *h) {
    struct gathering *g = h->state;
    struct str sql = {0};
    if (g->next >= g->counts.len) {
        write_out(h);
        return;
    }
    const struct counting *c = &g->counts.items[g->next];
    struct statement_arg args[] = {
        {.name = "schema", .kind = STATEMENT_NAME, .value = c->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = c->table},
        {.name = "column", .kind = STATEMENT_NAME, .value = c->column ? c->column : ""},
        {.name = "region", .kind = STATEMENT_TEXT, .value = c->region ? c->region : ""},
    };
    const char *name = c->region ? "actions/count-region" : "actions/count-table";
    if (statement_fill(&sql, statement_find(name), args, sizeof args / sizeof *args, &h->err)) {
        struct pg_query q = {.sql = str_get(&sql),
            .timeout = (usec)COUNT_TIMEOUT * USEC_PER_SEC,
            .purpose = "counting rows",
            .done = counted,
            .arg = h};
        pg_query(g->c, &q);
    } else {
        headless_fail(h);
    }
    str_free(&sql);
}

static void add_count(struct gathering *g, const struct table *t, const char *region) {
    vec_push(&g->counts,
        ((struct counting){mem_strdup(t->schema), mem_strdup(t->name), mem_strdup_null(t->region_column),
            mem_strdup_null(region), -1, NULL}));
}

/* What cannot be counted says so itself: the statement comes back with the reason. */
static void on_state(void *arg, enum pg_state state, const char *reason) {
    (void)arg;
    (void)state;
    (void)reason;
}

static void begin_counting(struct headless *h) {
    struct gathering *g = h->state;
    const struct catalog *c = snapshot_catalog(survey_snapshot(h->survey));
    struct pg_options options = {0};
    for (size_t i = 0; c && i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        bool by_row = t->locality == TABLE_LOCALITY_BY_ROW && t->region_column;
        for (size_t k = 0; by_row && k < c->database.regions.len; k++)
            add_count(g, t, c->database.regions.items[k].name);
        if (!by_row)
            add_count(g, t, NULL);
    }
    survey_session_options(h->survey, &options);
    g->c = pg_connection_new(h->loop, &options, &(struct pg_callbacks){.state = on_state, .arg = h}, &h->err);
    if (!g->c) {
        headless_fail(h);
        return;
    }
    pg_connection_open(g->c);
    count_next(h);
}

static void ready(struct headless *h) {
    struct gathering *g = h->state;
    if (g->asked)
        return;
    g->asked = true;
    if (h->options->count)
        begin_counting(h);
    else
        write_out(h);
}

const struct headless_task task_evidence = {.name = "evidence", .start = start, .ready = ready, .end = end};
