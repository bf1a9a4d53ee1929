/* actions_test: rows inserted, plans run and things looked up against a server of recordings; and what the
 * server's refusals become. */
#include "survey/look.h"
#include "survey/scenes.h"

#include "../src/actions/insert_private.h"

#include "domicile/actions/change.h"
#include "domicile/actions/failure.h"
#include "domicile/actions/inspect.h"
#include "domicile/pg/result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CASE_OF_CLOUD \
    "CASE WHEN cloud = 'aws':::STRING THEN 'eu-west-1':::public.crdb_internal_region WHEN cloud = 'azure':::STRING " \
    "THEN 'uksouth':::public.crdb_internal_region END"
#define MIKE "id|region\n11111111-1111-4111-8111-111111111111|eu-west-1\n"
#define REST SERVER_22_1, TOPOLOGY_22_1, CATALOG_22_1, RANGES_22_1, LEASES_22_1, REPORT_22_1, ROWS_22_1

static const struct recorded_row takes_rows[] = {
    {"INSERT INTO", NULL, NULL, NULL, MIKE, NULL, NULL, false, false},
    {"ALTER DATABASE", NULL, NULL, NULL, "", NULL, NULL, false, false},
    {"SHOW ZONE CONFIGURATION", "22.1/2020-zone-table-customers.txt", NULL, NULL, NULL, NULL, NULL, false, false},
    REST, {0},
};
static const struct recorded_row refuses[] = {
    {"INSERT INTO", NULL, NULL, NULL, NULL, "23502", "null value in column \"region\" violates not-null constraint",
        false, false},
    {"ALTER DATABASE", NULL, NULL, NULL, NULL, "22023",
        "a region-survivable database cannot also have a restricted placement policy", false, false},
    REST,
    {0},
};
static const struct recorded_row loses_answers[] = {
    {"INSERT INTO", NULL, NULL, NULL, NULL, NULL, NULL, false, true},
    {"WHERE (\"id\") = ($1) LIMIT", NULL, NULL, NULL, MIKE, NULL, NULL, false, false},
    {"ALTER DATABASE", NULL, NULL, NULL, NULL, NULL, NULL, false, true},
    REST, {0},
};

static const struct recorded_row leaves_it_unlocked[] = {
    {"schema_locked = false", NULL, NULL, NULL, "", NULL, NULL, false, false},
    {"SET LOCALITY", NULL, NULL, NULL, NULL, "42P16",
        "cannot use column region for REGIONAL BY ROW table as it may contain NULL values", false, false},
    {"schema_locked = true", NULL, NULL, NULL, "", NULL, NULL, false, false},
    REST,
    {0},
};
static const struct recorded_row takes_minutes[] = {
    {"ALTER DATABASE", NULL, NULL, NULL, NULL, NULL, NULL, true, false},
    {"SHOW JOBS", NULL, NULL, NULL, "job_id|job_type|description|status|fraction_completed\n"
        "12|SCHEMA CHANGE|ALTER DATABASE django PLACEMENT RESTRICTED|running|0.25\n", NULL, NULL, false, false},
    REST, {0},
};

/* -- the form -- */

static struct table customers(void) {
    struct table t = {.schema = mem_strdup("public"), .name = mem_strdup("customers")};
    struct err err = {0};
    struct column id = {.name = mem_strdup("id"), .type = mem_strdup("UUID")};
    struct column cloud = {.name = mem_strdup("cloud"), .type = mem_strdup("VARCHAR(250)"), .nullable = true};
    struct column name = {.name = mem_strdup("name"), .type = mem_strdup("VARCHAR(250)")};
    struct column region = {.name = mem_strdup("region"), .type = mem_strdup("public.crdb_internal_region"),
        .computed = mem_strdup(CASE_OF_CLOUD)};
    struct index primary = {.name = mem_strdup("pkey"), .primary = true};
    struct index_column first = {.name = mem_strdup("region"), .implicit = true}, second = {.name = mem_strdup("id")};
    assert_true(table_set_locality(&t, "REGIONAL BY ROW AS region", &err));
    vec_push(&t.columns, id);
    vec_push(&t.columns, name);
    vec_push(&t.columns, cloud);
    vec_push(&t.columns, region);
    vec_push(&primary.columns, first);
    vec_push(&primary.columns, second);
    vec_push(&t.indexes, primary);
    return t;
}

static void the_form_asks_for_what_the_server_cannot_make(void **state) {
    (void)state;
    struct table t = customers();
    struct err err = {0};
    struct insert_form *f = insert_form_of(&t, &err);
    assert_int_equal(f->fields.len, 3);
    assert_int_equal(f->fields.items[0].source, INSERT_MADE);
    assert_int_equal(strlen(f->fields.items[0].value), 36);
    assert_int_equal(f->fields.items[0].value[14], '4');
    assert_int_equal(f->fields.items[1].source, INSERT_ASKED);
    assert_int_equal(f->fields.items[2].source, INSERT_OPTIONAL);
    assert_int_equal(f->fields.items[2].choices.len, 2);
    assert_null(insert_form_home(f));
    insert_form_set(f, 2, "aws");
    assert_string_equal(insert_form_home(f), "eu-west-1");
    insert_form_set(f, 2, "oracle");
    assert_null(insert_form_home(f));
    insert_form_free(f);
    table_free(&t);
}

static void the_statement_sends_values_as_parameters(void **state) {
    (void)state;
    struct table t = customers();
    struct err err = {0};
    struct str sql = {0};
    struct insert_params params = {0};
    struct insert_form *f = insert_form_of(&t, &err);
    insert_form_set(f, 0, "11111111-1111-4111-8111-111111111111");
    insert_form_set(f, 1, "O'Neill; DROP TABLE x");
    assert_true(insert_form_sql(&sql, &params, f, &err));
    assert_string_equal(str_get(&sql),
        "INSERT INTO \"public\".\"customers\" (\"id\", \"name\") VALUES ($1, $2) RETURNING \"id\", \"region\"");
    assert_int_equal(params.len, 2);
    assert_string_equal(params.items[1], "O'Neill; DROP TABLE x");
    vec_free(&params);
    str_free(&sql);
    insert_form_free(f);
    table_free(&t);
}

static void sentence_is(const char *cloud, const char *sqlstate, const char *message, const char *expected) {
    struct table t = customers();
    struct err err = {0};
    struct insert_form *f = insert_form_of(&t, &err);
    struct pg_error e = {.message = (char *)(uintptr_t)message};
    char *hint = NULL;
    memcpy(e.sqlstate, sqlstate, 6);
    insert_form_set(f, 2, cloud);
    char *sentence = insert_error_sentence(f, &e, &hint);
    assert_string_equal(sentence, expected);
    free(sentence);
    free(hint);
    insert_form_free(f);
    table_free(&t);
}

static void refusals_become_sentences(void **state) {
    (void)state;
    const char *null_region = "null value in column \"region\" violates not-null constraint";
    sentence_is("oracle", "23502", null_region,
        "the expression of region knows no region for cloud = 'oracle'; it knows aws, azure");
    sentence_is(NULL, "23502", null_region,
        "the expression of region knows no region for a row without cloud; it knows aws, azure");
    sentence_is("aws", "23502", "null value in column \"name\" violates not-null constraint", "name must have a value");
    sentence_is("aws", "23505", "duplicate key value violates unique constraint \"pkey\"",
        "a row with this key is there already: duplicate key value violates unique constraint \"pkey\"");
}

/* -- on a server -- */

static struct insert_form *filled_form(struct look *l) {
    struct err err = {0};
    WAIT_FOR(l, snapshot_verdicts(survey_snapshot(l->s)) != NULL && snapshot_topology(survey_snapshot(l->s)) != NULL);
    struct insert_form *f = insert_form_new(l->s, "cockroach_example_customers", &err);
    assert_non_null(f);
    for (size_t i = 0; i < f->fields.len; i++) {
        if (strcmp(f->fields.items[i].column, "name") == 0)
            insert_form_set(f, i, "Mike");
        if (strcmp(f->fields.items[i].column, "cloud") == 0)
            insert_form_set(f, i, "aws");
        if (strcmp(f->fields.items[i].column, "id") == 0)
            insert_form_set(f, i, "11111111-1111-4111-8111-111111111111");
    }
    return f;
}

static void notice_insert(void *arg, unsigned parts) {
    insert_notice(arg, parts);
}

static void a_row_is_inserted_and_its_place_told(void **state) {
    struct look l = {0};
    struct err err = {0};
    (void)state;
    look_start(&l, VERSION_22_1, takes_rows, 0);
    struct insert_form *f = filled_form(&l);
    assert_int_equal(f->gateways.len, 10);
    assert_string_equal(f->gateways.items[4].label, "n4 eu-west-1");
    struct insert *i = insert_start(l.loop, l.s, f, NULL, NULL, &err);
    assert_non_null(i);
    l.changed = notice_insert;
    l.arg = i;
    WAIT_FOR(&l, insert_result(i)->state == INSERT_PLACED);
    const struct insert_result *r = insert_result(i);
    assert_string_equal(r->gateway, "this connection");
    assert_string_equal(r->home, "eu-west-1");
    assert_int_equal(r->range_id, 75);
    assert_non_null(strstr(r->replicas, "non-voters"));
    assert_true(r->duration > 0);
    assert_non_null(strstr(l.feed, "landed in eu-west-1, r75"));
    insert_free(i);
    insert_form_free(f);
    look_stop(&l);
}

static void an_unknown_cloud_is_told_in_a_sentence(void **state) {
    struct look l = {0};
    struct err err = {0};
    (void)state;
    look_start(&l, VERSION_22_1, refuses, 0);
    struct insert_form *f = filled_form(&l);
    for (size_t k = 0; k < f->fields.len; k++)
        if (strcmp(f->fields.items[k].column, "cloud") == 0)
            insert_form_set(f, k, "oracle");
    struct insert *i = insert_start(l.loop, l.s, f, NULL, NULL, &err);
    WAIT_FOR(&l, insert_result(i)->state == INSERT_FAILED);
    assert_string_equal(insert_result(i)->message,
        "the expression of region knows no region for cloud = 'oracle'; it knows aws, azure, gcp");
    assert_string_equal(insert_result(i)->sqlstate, "23502");
    insert_free(i);
    insert_form_free(f);
    look_stop(&l);
}

static void a_lost_answer_is_looked_for_by_its_key(void **state) {
    struct look l = {0};
    struct err err = {0};
    (void)state;
    look_start(&l, VERSION_22_1, loses_answers, 0);
    struct insert_form *f = filled_form(&l);
    struct insert *i = insert_start(l.loop, l.s, f, NULL, NULL, &err);
    WAIT_FOR(&l, insert_result(i)->state == INSERT_UNCERTAIN);
    WAIT_FOR(&l, insert_result(i)->state == INSERT_DONE);
    assert_string_equal(insert_result(i)->home, "eu-west-1");
    insert_free(i);
    insert_form_free(f);
    look_stop(&l);
}

static struct plan *restrict_it(void) {
    struct plan *p = mem_calloc(1, sizeof *p);
    struct plan_statement set = {.sql = mem_strdup("SET enable_multiregion_placement_policy = on")};
    struct plan_statement alter = {.sql = mem_strdup("ALTER DATABASE django PLACEMENT RESTRICTED")};
    p->possible = p->changes = true;
    p->title = mem_strdup("Placement of django: DEFAULT -> RESTRICTED");
    vec_push(&p->statements, set);
    vec_push(&p->statements, alter);
    return p;
}

static struct change *run_plan(struct look *l, const struct recorded_row *rows) {
    struct err err = {0};
    look_start(l, VERSION_22_1, rows, 0);
    WAIT_FOR(l, snapshot_verdicts(survey_snapshot(l->s)) != NULL);
    struct plan *p = restrict_it();
    struct change *c = change_start(l->loop, l->s, p, NULL, NULL, &err);
    plan_free(p);
    assert_non_null(c);
    return c;
}

static void notice_change(void *arg, unsigned parts) {
    change_notice(arg, parts);
}

static void a_plan_runs_and_its_drain_is_counted(void **state) {
    struct look l = {0};
    int gone, all;
    (void)state;
    struct change *c = run_plan(&l, takes_rows);
    l.changed = notice_change;
    l.arg = c;
    WAIT_FOR(&l, change_progress(c)->state == CHANGE_DRAINING && change_progress(c)->history.len > 1);
    assert_int_equal(change_progress(c)->start_abroad, 12);
    assert_int_equal(change_progress(c)->start_gaps, 10);
    assert_true(change_fraction(change_progress(c), &gone, &all) < 0.01);
    assert_int_equal(all, 22);
    assert_int_equal(gone, 0);
    assert_int_equal(change_progress(c)->to_go.len, 8);
    change_cancel(c);
    assert_int_equal(change_progress(c)->state, CHANGE_SETTLED);
    l.changed = NULL;
    change_free(c, false);
    look_stop(&l);
}

static void progress_is(enum change_measure measure, int foretold, int start, int now, int not_conforming,
    bool in_force, int gone, int all) {
    struct change_progress p = {.state = CHANGE_DRAINING,
        .measure = measure,
        .foretold = foretold,
        .start_abroad = start,
        .peak_abroad = start > now ? start : now,
        .in_force = in_force,
        .peak_not_conforming = in_force ? not_conforming : 0};
    int is_gone, is_all;
    vec_push(&p.history, ((struct change_sample){1, now, 0, not_conforming}));
    double fraction = change_fraction(&p, &is_gone, &is_all);
    assert_int_equal(is_gone, gone);
    assert_int_equal(is_all, all);
    assert_true(fraction >= 0 && fraction <= 1);
    vec_free(&p.history);
}

/* What leaves is counted down from the most there was, what comes up to what was foretold, and where both happen, or it could not
 * be foretold, by ranges: but not before the new rules are seen, under which all conformed to the old ones. */
static void progress_is_counted_by_what_happens(void **state) {
    (void)state;
    progress_is(CHANGE_LEAVES, 0, 22, 4, 0, true, 18, 22);
    progress_is(CHANGE_COMES, 22, 0, 0, 11, true, 0, 22);
    progress_is(CHANGE_COMES, 22, 0, 9, 5, true, 9, 22);
    progress_is(CHANGE_COMES, 22, 0, 30, 0, true, 22, 22);
    progress_is(CHANGE_TURNS, 12, 22, 30, 0, false, 0, 12);
    progress_is(CHANGE_TURNS, 12, 22, 30, 9, true, 3, 12);
    progress_is(CHANGE_TURNS, 0, 22, 30, 9, true, 0, 9);
}

static void a_refused_plan_says_why(void **state) {
    struct look l = {0};
    (void)state;
    struct change *c = run_plan(&l, refuses);
    WAIT_FOR(&l, change_progress(c)->state == CHANGE_FAILED);
    assert_string_equal(change_progress(c)->sqlstate, "22023");
    assert_non_null(strstr(change_progress(c)->message, "region-survivable"));
    change_free(c, false);
    look_stop(&l);
}

/* Between unlocking and locking again it fails: who is told that must know what is left. */
static void a_failure_between_unlock_and_lock_is_told(void **state) {
    static const char *const steps[] = {"ALTER TABLE t SET (schema_locked = false)",
        "ALTER TABLE t SET LOCALITY REGIONAL BY ROW AS region", "ALTER TABLE t SET (schema_locked = true)"};
    struct look l = {0};
    struct err err = {0};
    (void)state;
    look_start(&l, VERSION_22_1, leaves_it_unlocked, 0);
    WAIT_FOR(&l, snapshot_verdicts(survey_snapshot(l.s)) != NULL);
    struct plan *p = mem_calloc(1, sizeof *p);
    p->possible = p->changes = true;
    for (int i = 0; i < 3; i++)
        vec_push(&p->statements, ((struct plan_statement){.sql = mem_strdup(steps[i]),
            .left = i == 0 ? mem_strdup("table t is unlocked now") : NULL}));
    struct change *c = change_start(l.loop, l.s, p, NULL, NULL, &err);
    plan_free(p);
    WAIT_FOR(&l, change_progress(c)->state == CHANGE_FAILED);
    assert_int_equal(change_progress(c)->statement, 1);
    assert_non_null(strstr(change_progress(c)->message, "may contain NULL values"));
    assert_non_null(strstr(change_progress(c)->message, "; table t is unlocked now"));
    assert_non_null(strstr(l.feed, "table t is unlocked now"));
    change_free(c, false);
    look_stop(&l);
}

/* A statement that does not end shows its job, and can be cancelled; the job's state is no event for the feed. */
static void a_long_statement_shows_its_job(void **state) {
    struct look l = {0};
    (void)state;
    struct change *c = run_plan(&l, takes_minutes);
    WAIT_AT_MOST(&l, 10, change_progress(c)->job_status != NULL);
    assert_int_equal(change_progress(c)->state, CHANGE_RUNNING);
    assert_string_equal(change_progress(c)->job_id, "12");
    assert_false(change_progress(c)->job_named); /* 22.1 does not say which it is */
    assert_string_equal(change_progress(c)->job_status, "running");
    assert_true(change_progress(c)->job_fraction > 0.24 && change_progress(c)->job_fraction < 0.26);
    assert_null(strstr(l.feed, "SHOW JOBS"));
    change_cancel(c);
    assert_int_equal(change_progress(c)->state, CHANGE_CANCELLING);
    change_free(c, false);
    look_stop(&l);
}

static void a_plan_whose_answer_is_lost_is_uncertain(void **state) {
    struct look l = {0};
    (void)state;
    struct change *c = run_plan(&l, loses_answers);
    WAIT_FOR(&l, change_progress(c)->state == CHANGE_UNCERTAIN);
    change_free(c, false);
    look_stop(&l);
}

static void a_table_is_looked_up(void **state) {
    struct look l = {0};
    struct inspect_request r = {.what = INSPECT_TABLE, .table = "cockroach_example_customers"};
    (void)state;
    look_start(&l, VERSION_22_1, takes_rows, 0);
    WAIT_FOR(&l, snapshot_server(survey_snapshot(l.s)) != NULL);
    struct inspect *i = inspect_start(l.loop, l.s, &r, NULL, NULL);
    WAIT_FOR(&l, inspect_answer(i)->done);
    assert_null(inspect_answer(i)->problem);
    assert_non_null(strstr(inspect_answer(i)->create, "CREATE TABLE"));
    assert_string_equal(inspect_answer(i)->zone_target, "DATABASE django");
    inspect_free(i);
    look_stop(&l);
}

static void nodes_are_stopped_only_where_it_is_offered(void **state) {
    struct look l = {0};
    struct err err = {0};
    struct str sql = {0};
    (void)state;
    failure_preview(&sql, FAILURE_KILL_REGION, 0, "eu-west-1");
    assert_string_equal(str_get(&sql), "SELECT sandbox.kill_region('eu-west-1')");
    str_free(&sql);
    look_start(&l, VERSION_22_1, takes_rows, 0);
    WAIT_FOR(&l, snapshot_server(survey_snapshot(l.s)) != NULL);
    assert_null(failure_start(l.loop, l.s, FAILURE_KILL_NODE, 5, NULL, NULL, NULL, &err));
    assert_true(err.message[0] != '\0');
    look_stop(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_asks_for_what_the_server_cannot_make),
        cmocka_unit_test(the_statement_sends_values_as_parameters),
        cmocka_unit_test(refusals_become_sentences),
        cmocka_unit_test(a_row_is_inserted_and_its_place_told),
        cmocka_unit_test(an_unknown_cloud_is_told_in_a_sentence),
        cmocka_unit_test(a_lost_answer_is_looked_for_by_its_key),
        cmocka_unit_test(a_plan_runs_and_its_drain_is_counted),
        cmocka_unit_test(progress_is_counted_by_what_happens),
        cmocka_unit_test(a_refused_plan_says_why),
        cmocka_unit_test(a_failure_between_unlock_and_lock_is_told),
        cmocka_unit_test(a_long_statement_shows_its_job),
        cmocka_unit_test(a_plan_whose_answer_is_lost_is_uncertain),
        cmocka_unit_test(a_table_is_looked_up),
        cmocka_unit_test(nodes_are_stopped_only_where_it_is_offered),
    };
    return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
