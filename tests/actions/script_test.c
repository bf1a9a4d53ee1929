/* script_test: what is sent around a statement under --read-only, and what becomes of a session that was brought to
 * write all the same, by a function that somebody defined. */
#include "support/server.h"
#include "survey/recorded.h"

#include "domicile/actions/script.h"
#include "domicile/base/mem.h"
#include "domicile/pg/sqllog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define VERSION "CockroachDB CCL v26.1.0 (x86_64-pc-linux-gnu)"
#define LOOK_UP "SELECT p.proname"

enum { LIMIT_S = 20 };

struct running {
    struct loop *loop;
    struct script *script;
    struct sqllog *log;
    int outcomes;
    bool finished;
    bool failed, not_sent, cancelled; /* of the last outcome */
    char said[512];                   /* its error and hint, or its first value */
    bool cancel_at_once;
};

static void on_outcome(void *arg, struct script_outcome *o) {
    struct running *r = arg;
    r->outcomes++;
    r->failed = o->error != NULL;
    r->not_sent = o->error && o->error->not_sent;
    r->cancelled = o->error && o->error->cancelled;
    const char *value = o->result && pg_result_rows(o->result) > 0 ? pg_result_text(o->result, 0, 0) : "";
    snprintf(r->said, sizeof r->said, "%s%s%s",
        o->error ? o->error->message
            : value ? value
            : "NULL",
        o->hint ? " - " : "", o->hint ? o->hint : "");
    pg_result_free(o->result);
}

static void on_finished(void *arg, bool ok) {
    struct running *r = arg;
    (void)ok;
    r->finished = true;
}

static void begin(struct running *r, const char *conninfo) {
    struct pg_options o = {.conninfo = conninfo, .read_only = true};
    struct script_callbacks callbacks = {.outcome = on_outcome, .finished = on_finished, .arg = r};
    struct err err = {0};
    *r = (struct running){.loop = loop_new(), .log = sqllog_new(100, NULL, NULL)};
    sqllog_use(r->log);
    r->script = script_new(r->loop, &o, &callbacks, &err);
    assert_non_null(r->script);
}

static void end(struct running *r) {
    script_free(r->script);
    sqllog_use(NULL);
    sqllog_free(r->log);
    loop_free(r->loop);
}

static void run(struct running *r, const char *sql) {
    r->finished = false;
    assert_true(script_add(r->script, sql));
    if (r->cancel_at_once)
        script_cancel(r->script);
    usec limit = loop_now(r->loop) + LIMIT_S * (usec)USEC_PER_SEC;
    while (!r->finished && loop_now(r->loop) < limit)
        loop_turn(r->loop, 50 * USEC_PER_MS);
    assert_true(r->finished);
}

/* The statements that were sent, in their order; each begins as said. NULL ends. */
static void sent(const struct running *r, const char *const *begins) {
    size_t n = 0;
    while (begins[n])
        n++;
    for (size_t i = 0; i < sqllog_count(r->log); i++)
        if (i >= n || strncmp(sqllog_entry(r->log, i)->sql, begins[i], strlen(begins[i])) != 0)
            fail_msg("statement %zu: %s", i, sqllog_entry(r->log, i)->sql);
    assert_int_equal(sqllog_count(r->log), n);
}

/* On both versions of the sandbox: every statement between ours, the session read-only before and after. */
static void test_around(void **state) {
    static const char *const versions[] = {"22.1", "26.1"};
    static const char *const expected[] = {"BEGIN READ ONLY", "SHOW default_transaction_read_only", "ROLLBACK",
        "DISCARD ALL", "SHOW default_transaction_read_only", LOOK_UP, "BEGIN READ ONLY", "SELECT count(*)", "ROLLBACK",
        "DISCARD ALL", "SHOW default_transaction_read_only", NULL};
    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *const arguments[] = {"--compat", versions[i], NULL};
        struct server server;
        struct running r;
        server_start(&server, arguments);
        begin(&r, server.url);
        run(&r, "SHOW default_transaction_read_only");
        assert_false(r.failed);
        assert_string_equal(r.said, "on");
        run(&r, "SELECT count(*) FROM cockroach_example_customers");
        assert_false(r.failed);
        assert_string_equal(r.said, "3");
        sent(&r, expected);
        assert_null(script_problem(r.script));
        end(&r);
        assert_true(server_stop(&server));
    }
}

/* A function that somebody defined as VOLATILE may set a variable or act on the cluster: it is not called. */
static void test_users_function(void **state) {
    static const struct recorded_row rows[] = {
        {"'sneak'", NULL, NULL, NULL, "proname\nsneak\n", NULL, NULL, false, false},
        {LOOK_UP, NULL, NULL, NULL, "proname\n", NULL, NULL, false, false},
        {"SHOW", NULL, NULL, NULL, "default_transaction_read_only\non\n", NULL, NULL, false, false},
        {"", NULL, NULL, NULL, "n\n1\n", NULL, NULL, false, false},
        {0},
    };
    static const char *const texts[] = {"SELECT sneak()", "SELECT count(*), public . Sneak /* x */ (1) FROM t",
        "SELECT * FROM \"sneak\"()", "SELECT * FROM t WHERE a IN (SELECT sneak(a))", "EXPLAIN ANALYZE SELECT sneak()"};
    static const char *const expected[] = {LOOK_UP, LOOK_UP, LOOK_UP, LOOK_UP, LOOK_UP, LOOK_UP, "BEGIN READ ONLY",
        "SELECT lower", "ROLLBACK", "DISCARD ALL", "SHOW default_transaction_read_only", NULL};
    struct recorded server = {0};
    struct running r;
    (void)state;
    recorded_start(&server, VERSION, rows);
    begin(&r, server.conninfo);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        run(&r, texts[i]);
        assert_true(r.failed && r.not_sent);
        assert_non_null(strstr(r.said, "sneak(), which somebody defined as VOLATILE, is refused"));
    }
    run(&r, "SELECT lower('X')");
    assert_false(r.failed);
    sent(&r, expected);
    end(&r);
    recorded_stop(&server);
}

/* What cannot be looked up is not let through on trust. */
static void test_unknown_functions(void **state) {
    static const struct recorded_row rows[] = {
        {LOOK_UP, NULL, NULL, NULL, NULL, "42501", "no rights on pg_proc", false, false},
        {"", NULL, NULL, NULL, "n\n1\n", NULL, NULL, false, false},
        {0},
    };
    static const char *const expected[] = {LOOK_UP, NULL};
    struct recorded server = {0};
    struct running r;
    (void)state;
    recorded_start(&server, VERSION, rows);
    begin(&r, server.conninfo);
    run(&r, "SELECT lower('X')");
    assert_true(r.failed && r.not_sent);
    assert_non_null(strstr(r.said, "no rights on pg_proc"));
    sent(&r, expected);
    end(&r);
    recorded_stop(&server);
}

/* A session that says it is no longer read-only, or did not forget its settings, is closed; the next statement gets
 * a new one. */
static void lifted(const struct recorded_row *rows) {
    struct recorded server = {0};
    struct running r;
    recorded_start(&server, VERSION, rows);
    begin(&r, server.conninfo);
    run(&r, "TABLE t");
    assert_false(r.failed);
    assert_string_equal(script_problem(r.script), "the session was no longer read-only");
    run(&r, "TABLE t");
    assert_false(r.failed);
    assert_int_equal(r.outcomes, 2);
    end(&r);
    recorded_stop(&server);
}

static void test_lifted(void **state) {
    static const struct recorded_row off[] = {
        {"SHOW", NULL, NULL, NULL, "default_transaction_read_only\noff\n", NULL, NULL, false, false},
        {"", NULL, NULL, NULL, "n\n1\n", NULL, NULL, false, false},
        {0},
    };
    static const struct recorded_row kept[] = {
        {"DISCARD", NULL, NULL, NULL, NULL, "0A000", "unimplemented", false, false},
        {"SHOW", NULL, NULL, NULL, "default_transaction_read_only\non\n", NULL, NULL, false, false},
        {"", NULL, NULL, NULL, "n\n1\n", NULL, NULL, false, false},
        {0},
    };
    (void)state;
    lifted(off);
    lifted(kept);
}

/* A cancel while only our own statements have been sent: the user's is not sent behind it. */
static void test_cancelled_early(void **state) {
    static const char *const expected[] = {LOOK_UP, NULL};
    struct server server;
    struct running r;
    (void)state;
    server_start(&server, NULL);
    begin(&r, server.url);
    run(&r, "TABLE cockroach_example_customers"); /* the session is there */
    sqllog_use(NULL);
    sqllog_free(r.log);
    r.log = sqllog_new(100, NULL, NULL);
    sqllog_use(r.log);
    r.cancel_at_once = true;
    run(&r, "SELECT lower('X')");
    assert_true(r.failed && r.not_sent && r.cancelled);
    sent(&r, expected);
    r.cancel_at_once = false;
    run(&r, "SELECT lower('X')");
    assert_false(r.failed);
    assert_string_equal(r.said, "x");
    end(&r);
    assert_true(server_stop(&server));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_around),
        cmocka_unit_test(test_users_function),
        cmocka_unit_test(test_unknown_functions),
        cmocka_unit_test(test_lifted),
        cmocka_unit_test(test_cancelled_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
