/* inspect: what is read only when somebody wants to see it. */
#include "domicile/actions/inspect.h"

#include "domicile/sql/statement.h"
#include "task.h"

enum { TIMEOUT = 10 * USEC_PER_SEC };

struct inspect {
    struct survey *s;
    struct task *task;
    struct inspect_request request;
    char *schema, *table, *index, *partition;
    struct inspect_answer answer;
    int step;
    void (*changed)(void *arg, const struct inspect_answer *answer);
    void *arg;
};

/* The statements of each kind, in order; NULL: none. */
static const struct { const char *create, *zone; } statements[] = {
    [INSPECT_TABLE] = {"catalog/create-table", "catalog/zone-table"},
    [INSPECT_DATABASE] = {"catalog/create-database", "catalog/zone-database"},
    [INSPECT_PARTITION] = {NULL, "catalog/zone-partition"},
    [INSPECT_RANGE_DEFAULT] = {NULL, "catalog/zone-default"},
};

static void replace(char **text, const char *with) {
    free(*text);
    *text = mem_strdup_null(with);
}

static const char *statement_name(const struct inspect *i, int step) {
    if (step == 0)
        return statements[i->request.what].create;
    if (i->request.what == INSPECT_PARTITION && i->index == NULL)
        return "catalog/zone-partition-of-table";
    return statements[i->request.what].zone;
}

static void tell(struct inspect *i) {
    if (i->changed != NULL)
        i->changed(i->arg, &i->answer);
}

static void next(struct inspect *i);

static void take(struct inspect *i, const struct pg_result *r) {
    size_t column;
    if (pg_result_rows(r) == 0)
        return;
    if (pg_result_has(r, "create_statement", &column))
        replace(&i->answer.create, pg_result_text(r, 0, column));
    if (pg_result_has(r, "target", &column))
        replace(&i->answer.zone_target, pg_result_text(r, 0, column));
    if (pg_result_has(r, "raw_config_sql", &column))
        replace(&i->answer.zone, pg_result_text(r, 0, column));
}

static void answered(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct inspect *i = arg;
    (void)took;
    if (r != NULL) {
        take(i, r);
    } else {
        struct str text = {0};
        pg_error_print(&text, e);
        replace(&i->answer.problem, str_get(&text));
        str_free(&text);
    }
    pg_result_free(r);
    i->step++;
    next(i);
}

static void send(struct inspect *i, const struct statement *st) {
    const struct server_info *info = snapshot_server(survey_snapshot(i->s));
    struct str sql = {0};
    struct err err = {0};
    struct statement_arg args[] = {
        {.name = "database",
            .kind = STATEMENT_NAME,
            .value = info != NULL && info->database != NULL ? info->database : ""},
        {.name = "schema", .kind = STATEMENT_NAME, .value = i->schema},
        {.name = "table", .kind = STATEMENT_NAME, .value = i->table},
        {.name = "index", .kind = STATEMENT_NAME, .value = i->index != NULL ? i->index : ""},
        {.name = "partition", .kind = STATEMENT_NAME, .value = i->partition},
    };
    if (statement_fill(&sql, st, args, sizeof args / sizeof *args, &err))
        task_query(i->task, str_get(&sql), NULL, 0, TIMEOUT, st->purpose, answered);
    str_free(&sql);
}

static void next(struct inspect *i) {
    for (; i->step < 2; i->step++) {
        const char *name = statement_name(i, i->step);
        if (name != NULL) {
            tell(i);
            send(i, statement_find(name));
            return;
        }
    }
    task_free(i->task);
    i->task = NULL;
    i->answer.done = true;
    tell(i);
}

static void ready(void *arg) {
    next(arg);
}

static void failed(void *arg, const char *reason) {
    struct inspect *i = arg;
    replace(&i->answer.problem, reason);
    i->step = 2;
    next(i);
}

struct inspect *inspect_start(struct loop *loop, struct survey *s, const struct inspect_request *r,
    void (*changed)(void *arg, const struct inspect_answer *answer), void *arg) {
    struct inspect *i = mem_calloc(1, sizeof *i);
    struct task_options o = {.ready = ready, .failed = failed, .arg = i};
    struct err err = {0};
    i->s = s;
    i->request = *r;
    i->schema = mem_strdup(r->schema != NULL ? r->schema : "public");
    i->table = mem_strdup(r->table != NULL ? r->table : "");
    i->index = mem_strdup_null(r->index);
    i->partition = mem_strdup(r->partition != NULL ? r->partition : "");
    i->changed = changed;
    i->arg = arg;
    i->task = task_new(loop, s, &o, &err);
    if (i->task == NULL) {
        replace(&i->answer.problem, err.message);
        i->answer.done = true;
    }
    return i;
}

const struct inspect_answer *inspect_answer(const struct inspect *i) {
    return &i->answer;
}

void inspect_free(struct inspect *i) {
    if (i == NULL)
        return;
    task_free(i->task);
    free(i->schema);
    free(i->table);
    free(i->index);
    free(i->partition);
    free(i->answer.create);
    free(i->answer.zone_target);
    free(i->answer.zone);
    free(i->answer.problem);
    free(i);
}
