/* connection_test: the session against servers that follow a script, good and bad. */
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/pg/connection.h"
#include "pg/script.h"
#include "support/patience.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct loop *loop;
    struct pg_connection *c;
    struct script server;
    struct str states; /* every state told of, by name */
    struct str notices;
    int answers;
    int rows;
    usec took;
    struct pg_error error; /* of the last answer; texts copied */
};

static void on_state(void *arg, enum pg_state state, const char *reason) {
    struct fixture *f = arg;
    (void)reason;
    str_add_f(&f->states, "%s%s", f->states.len ? ", " : "", pg_state_name(state));
}

static void on_notice(void *arg, const struct pg_error *notice) {
    struct fixture *f = arg;
    str_add_f(&f->notices, "%s: %s (%s)", notice->severity, notice->message, notice->hint);
}

static void on_answer(void *arg, struct pg_result *r, const struct pg_error *e, usec took) {
    struct fixture *f = arg;
    f->answers++;
    f->took = took;
    pg_error_free(&f->error);
    assert_true(!r != !e);
    if (e) {
        f->error = *e;
        f->error.severity = mem_strdup_null(e->severity);
        f->error.message = mem_strdup(e->message);
        f->error.detail = mem_strdup_null(e->detail);
        f->error.hint = mem_strdup_null(e->hint);
        f->error.constraint = mem_strdup_null(e->constraint);
        f->error.column = mem_strdup_null(e->column);
    } else {
        f->rows += (int)pg_result_rows(r);
        assert_string_equal(pg_result_text(r, 0, 0), "1");
        assert_string_equal(pg_result_tag(r), "SELECT 1");
    }
    pg_result_free(r);
}

static void connect_to(struct fixture *f, const char *conninfo, bool reconnect, usec timeout) {
    struct pg_callbacks callbacks = {.state = on_state, .notice = on_notice, .arg = f};
    struct pg_options options = {
        .conninfo = conninfo, .user = "carl", .reconnect = reconnect, .connect_timeout = timeout};
    struct err err = {0};
    f->loop = loop_new();
    f->c = pg_connection_new(f->loop, &options, &callbacks, &err);
    assert_string_equal(err.message, "");
    assert_non_null(f->c);
    assert_int_equal(pg_connection_state(f->c), PG_IDLE);
    pg_connection_open(f->c);
}

static void start(struct fixture *f, const char *const *scripts, bool reconnect) {
    *f = (struct fixture){0};
    script_start(&f->server, scripts);
    char *conninfo = mem_printf("host=127.0.0.1 port=%d dbname=d sslmode=disable", f->server.port);
    connect_to(f, conninfo, reconnect, 2 * USEC_PER_SEC);
    free(conninfo);
}

static void finish(struct fixture *f) {
    pg_connection_free(f->c);
    loop_free(f->loop);
    if (f->server.pid)
        script_stop(&f->server);
    pg_error_free(&f->error);
    str_free(&f->states);
    str_free(&f->notices);
}

static void ask(struct fixture *f, usec timeout) {
    struct pg_query q = {
        .sql = "SELECT 1", .timeout = timeout, .purpose = "the test", .done = on_answer, .arg = f};
    assert_true(pg_query(f->c, &q) != 0);
}

/* Turns the loop until the condition holds, at most 5 s. */
#define UNTIL(f, condition) \
    do { \
        for (usec until_ = loop_now((f)->loop) + 5 * patience() * (usec)USEC_PER_SEC; \
             !(condition) && loop_now((f)->loop) < until_;) \
            loop_turn((f)->loop, 50000); \
        assert_true(condition); \
    } while (0)

static void a_statement_is_answered(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saq1nq1.", NULL}, false);
    ask(&f, 0);
    ask(&f, USEC_PER_SEC);
    assert_int_equal(pg_query_pending(f.c), 2);
    UNTIL(&f, f.answers == 2);
    assert_int_equal(f.rows, 2);
    assert_int_equal(pg_query_pending(f.c), 0);
    assert_int_equal(pg_connection_state(f.c), PG_READY);
    assert_string_equal(str_get(&f.states), "connecting, ready");
    assert_string_equal(pg_connection_parameter(f.c, "crdb_version"), "CockroachDB CCL v22.1.22");
    assert_null(pg_connection_parameter(f.c, "no such"));
    assert_string_equal(pg_connection_user(f.c), "carl");
    assert_string_equal(pg_connection_database(f.c), "d");
    assert_int_equal(pg_connection_transaction(f.c), 'I');
    assert_false(pg_connection_uses_tls(f.c));
    assert_string_equal(str_get(&f.notices), "NOTICE: take note (and do it)");
    assert_int_equal(pg_connection_stats(f.c).statements, 2);
    finish(&f);
}

static void an_error_is_kept_whole(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saqeq1.", NULL}, false);
    ask(&f, 0);
    UNTIL(&f, f.answers == 1);
    assert_string_equal(f.error.sqlstate, "23505");
    assert_string_equal(f.error.severity, "ERROR");
    assert_string_equal(f.error.message, "duplicate key value");
    assert_string_equal(f.error.detail, "Key (id)=(1) already exists.");
    assert_string_equal(f.error.hint, "try another");
    assert_string_equal(f.error.constraint, "customers_pkey");
    assert_string_equal(f.error.column, "id");
    assert_int_equal(f.error.position, 8);
    assert_false(f.error.lost || f.error.cancelled || f.error.timed_out || f.error.not_sent);
    ask(&f, 0); /* the session goes on */
    UNTIL(&f, f.answers == 2);
    assert_int_equal(f.rows, 1);
    finish(&f);
}

static void a_password_is_asked_for(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"sp", "sp", "spaq1.", NULL}, false);
    ask(&f, 0);
    UNTIL(&f, pg_connection_state(f.c) == PG_NEEDS_PASSWORD);
    assert_int_equal(f.answers, 0);
    pg_connection_password(f.c, "wrong");
    UNTIL(&f, pg_connection_state(f.c) == PG_NEEDS_PASSWORD);
    assert_non_null(strstr(pg_connection_reason(f.c), "password authentication failed"));
    pg_connection_password(f.c, "right");
    UNTIL(&f, f.answers == 1);
    assert_int_equal(f.rows, 1);
    finish(&f);
}

static void closing_in_mid_query_leaves_the_outcome_open(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saq", NULL}, false);
    ask(&f, 0);
    ask(&f, 0);
    UNTIL(&f, f.answers >= 1);
    UNTIL(&f, f.answers == 2);
    assert_true(f.error.not_sent); /* the second never left */
    assert_false(f.error.lost);
    assert_int_equal(pg_connection_state(f.c), PG_CLOSED);
    assert_true(strlen(pg_connection_reason(f.c)) > 0);
    ask(&f, 0); /* and what comes now is told so in the next turn */
    assert_int_equal(f.answers, 2);
    UNTIL(&f, f.answers == 3);
    assert_true(f.error.not_sent);
    finish(&f);
}

static void half_a_message_is_a_loss(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saqh", NULL}, false);
    ask(&f, 0);
    UNTIL(&f, f.answers == 1);
    assert_true(f.error.lost);
    assert_int_equal(f.rows, 0);
    finish(&f);
}

static void garbage_is_a_loss(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saqg", NULL}, false);
    ask(&f, USEC_PER_SEC);
    UNTIL(&f, f.answers == 1);
    assert_int_equal(f.rows, 0);
    UNTIL(&f, pg_connection_state(f.c) == PG_CLOSED);
    finish(&f);
}

static void garbage_instead_of_a_greeting(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"sg", NULL}, false);
    UNTIL(&f, pg_connection_state(f.c) == PG_CLOSED);
    assert_true(strlen(pg_connection_reason(f.c)) > 0);
    finish(&f);
}

static void it_comes_back_by_itself(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saq", "saq1.", NULL}, true);
    ask(&f, 0);
    UNTIL(&f, f.answers == 1);
    assert_true(f.error.lost);
    ask(&f, 0); /* waits for the next session */
    UNTIL(&f, f.answers == 2);
    assert_int_equal(f.rows, 1);
    assert_string_equal(str_get(&f.states), "connecting, ready, waiting, connecting, ready");
    finish(&f);
}

/* A server that lets in and hangs up is not called without end: the pauses grow as if it did not let in. */
static void a_short_session_is_a_failure(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"sa", "sa", "sa", "sa", NULL}, true);
    usec wanted = USEC_PER_SEC / 2;
    for (int i = 0; i < 4; i++) {
        UNTIL(&f, pg_connection_state(f.c) == PG_WAITING);
        usec pause = pg_connection_retry_in(f.c);
        assert_true(pause >= wanted * 7 / 10 && pause <= wanted * 5 / 4);
        wanted *= 2;
        pg_connection_retry(f.c);
    }
    assert_non_null(strstr(str_get(&f.states), "ready"));
    finish(&f);
}

static void nobody_listens(void **state) {
    struct fixture f = {0};
    (void)state;
    char *conninfo = mem_printf("postgresql://127.0.0.1:%d/d", script_dead_port());
    connect_to(&f, conninfo, true, USEC_PER_SEC);
    UNTIL(&f, pg_connection_state(f.c) == PG_WAITING);
    assert_non_null(strstr(pg_connection_reason(f.c), "efused"));
    usec first = pg_connection_retry_in(f.c);
    assert_true(first > 0 && first < USEC_PER_SEC);
    pg_connection_retry(f.c);
    assert_int_equal(pg_connection_retry_in(f.c), 0);
    UNTIL(&f, pg_connection_state(f.c) == PG_WAITING);
    assert_true(pg_connection_retry_in(f.c) > 600000); /* pauses grow */
    free(conninfo);
    finish(&f);
}

/* Twice as long each time up to 15 s, a quarter more or less, never the same for all. */
static void pauses_grow_and_differ(void **state) {
    struct fixture f = {0};
    usec wanted = USEC_PER_SEC / 2, last = 0;
    int different = 0;
    (void)state;
    char *conninfo = mem_printf("postgresql://127.0.0.1:%d/d", script_dead_port());
    connect_to(&f, conninfo, true, USEC_PER_SEC);
    for (int i = 0; i < 14; i++) {
        UNTIL(&f, pg_connection_state(f.c) == PG_WAITING);
        usec pause = pg_connection_retry_in(f.c);
        assert_true(pause >= wanted * 7 / 10 && pause <= wanted * 5 / 4);
        if (wanted == 15 * USEC_PER_SEC) {
            different += pause / 10000 != last / 10000;
            last = pause;
        }
        wanted = wanted * 2 < 15 * USEC_PER_SEC ? wanted * 2 : 15 * USEC_PER_SEC;
        pg_connection_retry(f.c);
    }
    assert_true(different >= 2);
    free(conninfo);
    finish(&f);
}

/* Without a process for the look-up there is no look-up: libpq's own would hold up the loop. */
static void no_process_no_look_up(void **state) {
    struct fixture f = {0};
    struct rlimit before;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    f.loop = loop_new();
    struct rlimit none = {3, before.rlim_max};
    struct pg_callbacks callbacks = {.state = on_state, .notice = on_notice, .arg = &f};
    struct pg_options options = {.conninfo = "host=no-such-host.invalid dbname=d", .user = "carl"};
    struct err err = {0};
    f.c = pg_connection_new(f.loop, &options, &callbacks, &err);
    assert_non_null(f.c);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    pg_connection_open(f.c);
    assert_int_equal(pg_connection_state(f.c), PG_RESOLVING);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    UNTIL(&f, pg_connection_state(f.c) == PG_CLOSED);
    assert_non_null(strstr(pg_connection_reason(f.c), "no process could be started"));
    finish(&f);
}

static void silence_ends_with_the_time_limit(void **state) {
    struct fixture f = {0};
    (void)state;
    script_start(&f.server, (const char *const[]){".", NULL});
    char *conninfo = mem_printf("postgresql://127.0.0.1:%d/d?sslmode=disable", f.server.port);
    connect_to(&f, conninfo, false, 200000);
    usec begin = loop_now(f.loop);
    UNTIL(&f, pg_connection_state(f.c) == PG_CLOSED);
    assert_true(loop_now(f.loop) - begin < 2 * USEC_PER_SEC);
    assert_non_null(strstr(pg_connection_reason(f.c), "did not answer within 0.2 s"));
    free(conninfo);
    finish(&f);
}

static void the_next_host_is_tried(void **state) {
    struct fixture f = {0};
    (void)state;
    script_start(&f.server, (const char *const[]){"saq1.", NULL});
    char *conninfo = mem_printf(
        "postgresql://127.0.0.1:%d,127.0.0.1:%d/d?sslmode=disable", script_dead_port(), f.server.port);
    connect_to(&f, conninfo, false, USEC_PER_SEC);
    ask(&f, 0);
    UNTIL(&f, f.answers == 1);
    assert_int_equal(f.rows, 1);
    char *address = mem_printf("127.0.0.1:%d", f.server.port);
    assert_string_equal(pg_connection_address(f.c), address);
    free(address);
    free(conninfo);
    finish(&f);
}

static void names_are_looked_up_meanwhile(void **state) {
    struct fixture f = {0};
    (void)state;
    script_start(&f.server, (const char *const[]){"saq1.", NULL});
    char *conninfo = mem_printf("host=localhost port=%d dbname=d sslmode=disable", f.server.port);
    connect_to(&f, conninfo, false, 2 * USEC_PER_SEC);
    assert_int_equal(pg_connection_state(f.c), PG_RESOLVING);
    ask(&f, 0);
    UNTIL(&f, f.answers == 1);
    assert_string_equal(str_get(&f.states), "resolving, connecting, ready");
    free(conninfo);
    finish(&f);
}

/* libpq would look up a service file's host itself, and block. */
static void a_service_file_does_not_block(void **state) {
    struct fixture f = {0};
    char path[] = "/tmp/domicile-service-XXXXXX";
    (void)state;
    script_start(&f.server, (const char *const[]){"saq1.", NULL});
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    assert_non_null(file);
    fprintf(file, "[stage]\nhost=localhost\nport=%d\ndbname=d\nsslmode=disable\n", f.server.port);
    fclose(file);
    setenv("PGSERVICEFILE", path, 1);
    setenv("PGPORT", "1", 1); /* the service's own wins */
    connect_to(&f, "service=stage", false, 2 * USEC_PER_SEC);
    assert_int_equal(pg_connection_state(f.c), PG_RESOLVING);
    ask(&f, 0);
    UNTIL(&f, f.answers == 1);
    assert_string_equal(str_get(&f.states), "resolving, connecting, ready");
    assert_string_equal(pg_connection_database(f.c), "d");
    assert_string_equal(getenv("PGPORT"), "1");
    assert_null(getenv("PGSERVICE"));
    finish(&f);
    f = (struct fixture){0};
    connect_to(&f, "service=nowhere", false, 2 * USEC_PER_SEC);
    UNTIL(&f, pg_connection_state(f.c) == PG_CLOSED);
    assert_non_null(strstr(pg_connection_reason(f.c), "nowhere"));
    finish(&f);
    unsetenv("PGSERVICEFILE");
    unsetenv("PGPORT");
    unlink(path);
}

static void a_name_without_address_is_said(void **state) {
    struct fixture f = {0};
    (void)state;
    connect_to(&f, "host=no-such-host.invalid dbname=d", false, 4 * USEC_PER_SEC);
    UNTIL(&f, pg_connection_state(f.c) == PG_CLOSED);
    assert_non_null(strstr(pg_connection_reason(f.c), "no-such-host.invalid"));
    finish(&f);
}

static void a_cancel_reaches_the_server(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saqcxq1.", NULL}, false);
    ask(&f, 0);
    UNTIL(&f, pg_connection_state(f.c) == PG_BUSY);
    assert_true(pg_query_since(f.c) > 0);
    pg_query_cancel(f.c);
    assert_int_equal(pg_connection_state(f.c), PG_CANCELLING);
    UNTIL(&f, f.answers == 1);
    assert_true(f.error.cancelled);
    assert_string_equal(f.error.sqlstate, "57014");
    ask(&f, 0);
    UNTIL(&f, f.answers == 2);
    assert_int_equal(f.rows, 1);
    finish(&f);
}

static void a_time_limit_cancels_and_the_session_lives(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saqcxq1.", NULL}, false);
    ask(&f, 100000);
    UNTIL(&f, f.answers == 1); /* told at once, before the server lets go */
    assert_true(f.error.timed_out);
    assert_non_null(strstr(f.error.message, "the test"));
    assert_true(f.took >= 100000 && f.took < USEC_PER_SEC);
    ask(&f, 0);
    UNTIL(&f, f.answers == 2);
    assert_int_equal(f.rows, 1);
    finish(&f);
}

static void a_forgotten_statement_is_silent(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saq1q1.", NULL}, false);
    struct pg_query q = {.sql = "SELECT 1", .done = on_answer, .arg = &f};
    pg_query_forget(f.c, pg_query(f.c, &q));
    ask(&f, 0);
    UNTIL(&f, pg_query_pending(f.c) == 0);
    assert_int_equal(f.answers, 1);
    finish(&f);
}

static void closing_says_why(void **state) {
    struct fixture f;
    (void)state;
    start(&f, (const char *const[]){"saq.", NULL}, true);
    ask(&f, 0);
    UNTIL(&f, pg_connection_state(f.c) == PG_BUSY);
    pg_connection_close(f.c, "switched the database");
    assert_int_equal(f.answers, 1);
    assert_true(f.error.lost);
    assert_int_equal(pg_connection_state(f.c), PG_CLOSED);
    assert_string_equal(pg_connection_reason(f.c), "switched the database");
    finish(&f);
}

static void a_bad_conninfo_is_refused(void **state) {
    struct loop *loop = loop_new();
    struct pg_callbacks callbacks = {0};
    struct pg_options options = {.conninfo = "postgresql://h:1/d?nonsense=1"};
    struct err err = {0};
    (void)state;
    assert_null(pg_connection_new(loop, &options, &callbacks, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.message, "nonsense"));
    loop_free(loop);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_is_answered),
        cmocka_unit_test(an_error_is_kept_whole),
        cmocka_unit_test(a_password_is_asked_for),
        cmocka_unit_test(closing_in_mid_query_leaves_the_outcome_open),
        cmocka_unit_test(half_a_message_is_a_loss),
        cmocka_unit_test(garbage_is_a_loss),
        cmocka_unit_test(garbage_instead_of_a_greeting),
        cmocka_unit_test(it_comes_back_by_itself),
        cmocka_unit_test(a_short_session_is_a_failure),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(pauses_grow_and_differ),
        cmocka_unit_test(no_process_no_look_up),
        cmocka_unit_test(silence_ends_with_the_time_limit),
        cmocka_unit_test(the_next_host_is_tried),
        cmocka_unit_test(names_are_looked_up_meanwhile),
        cmocka_unit_test(a_service_file_does_not_block),
        cmocka_unit_test(a_name_without_address_is_said),
        cmocka_unit_test(a_cancel_reaches_the_server),
        cmocka_unit_test(a_time_limit_cancels_and_the_session_lives),
        cmocka_unit_test(a_forgotten_statement_is_silent),
        cmocka_unit_test(closing_says_why),
        cmocka_unit_test(a_bad_conninfo_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
