/* concurrency_test: several connections with transactions of their own: one writes, the next writer waits, readers do
 * not; what was read and has changed asks for a retry, what has not does not. */
#include "support/server.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <cmocka.h>

static struct server server;

static PGconn *open_one(void) {
    PGconn *c = PQconnectdb(server.url);
    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(c));
    return c;
}

/* The first value, else the tag, or the SQLSTATE of an error. The caller frees. */
static char *outcome(PGresult *r) {
    char *text;
    if (PQresultStatus(r) == PGRES_FATAL_ERROR)
        text = mem_strdup(PQresultErrorField(r, PG_DIAG_SQLSTATE) ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : "gone");
    else if (PQntuples(r) > 0)
        text = mem_strdup(PQgetvalue(r, 0, 0));
    else
        text = mem_strdup(PQcmdStatus(r));
    PQclear(r);
    return text;
}

static void expect(PGconn *c, const char *sql, const char *expected) {
    char *got = outcome(PQexec(c, sql));
    if (!str_eq(got, expected))
        fail_msg("%s: expected %s, got %s", sql, expected, got);
    free(got);
}

/* Whether an answer comes within so many milliseconds. */
static bool answers(PGconn *c, int ms) {
    for (int waited = 0; PQisBusy(c); waited += 10) {
        struct pollfd p = {.fd = PQsocket(c), .events = POLLIN};
        if (waited > ms)
            return false;
        if (poll(&p, 1, 10) > 0 && !PQconsumeInput(c))
            fail_msg("%s", PQerrorMessage(c));
    }
    return true;
}

static void begin(PGconn *c, const char *sql) {
    assert_int_equal(PQsendQuery(c, sql), 1);
    PQflush(c);
}

static void expect_later(PGconn *c, const char *expected) {
    assert_true(answers(c, 5000));
    char *got = outcome(PQgetResult(c));
    assert_string_equal(got, expected);
    free(got);
    for (PGresult *r; (r = PQgetResult(c));)
        PQclear(r);
}

static void fresh(PGconn *c) {
    expect(c, "DROP TABLE IF EXISTS counters", "DROP TABLE");
    expect(c, "CREATE TABLE counters (id INT PRIMARY KEY, n INT NOT NULL)", "CREATE TABLE");
    expect(c, "INSERT INTO counters VALUES (1, 0), (2, 0)", "INSERT 0 2");
}

static void test_second_writer_waits(void **state) {
    (void)state;
    PGconn *a = open_one(), *b = open_one(), *c = open_one();
    fresh(a);
    expect(a, "BEGIN", "BEGIN");
    expect(a, "UPDATE counters SET n = 5 WHERE id = 1", "UPDATE 1");
    begin(b, "UPDATE counters SET n = n + 1 WHERE id = 1 RETURNING n");
    assert_false(answers(b, 300));
    expect(c, "SELECT n FROM counters WHERE id = 1", "0");
    expect(c, "SELECT 1", "1");
    expect(a, "COMMIT", "COMMIT");
    expect_later(b, "6");
    expect(c, "SELECT n FROM counters WHERE id = 1", "6");
    expect(a, "BEGIN", "BEGIN");
    expect(a, "UPDATE counters SET n = 50 WHERE id = 1", "UPDATE 1");
    begin(b, "UPDATE counters SET n = n + 1 WHERE id = 1 RETURNING n");
    assert_false(answers(b, 200));
    expect(a, "ROLLBACK", "ROLLBACK");
    expect_later(b, "7");
    PQfinish(a);
    PQfinish(b);
    PQfinish(c);
}

static void test_waiter_is_cancelled(void **state) {
    (void)state;
    PGconn *a = open_one(), *b = open_one();
    fresh(a);
    expect(a, "BEGIN", "BEGIN");
    expect(a, "UPDATE counters SET n = 5 WHERE id = 1", "UPDATE 1");
    expect(b, "SET statement_timeout = '300ms'", "SET");
    expect(b, "UPDATE counters SET n = 6", "57014");
    /* A writer that goes away leaves nothing behind. */
    PQfinish(a);
    expect(b, "UPDATE counters SET n = n + 1 WHERE id = 1 RETURNING n", "1");
    PQfinish(b);
}

static void test_changed_read_asks_for_a_retry(void **state) {
    (void)state;
    PGconn *a = open_one(), *b = open_one();
    fresh(a);
    expect(a, "BEGIN; SAVEPOINT cockroach_restart", "SAVEPOINT");
    expect(a, "SELECT n FROM counters WHERE id = 1", "0");
    expect(b, "UPDATE counters SET n = 10 WHERE id = 1", "UPDATE 1");
    expect(a, "UPDATE counters SET n = 1 WHERE id = 1", "40001");
    expect(a, "SELECT 1", "25P02");
    expect(a, "ROLLBACK TO SAVEPOINT cockroach_restart", "ROLLBACK");
    expect(a, "SELECT n FROM counters WHERE id = 1", "10");
    expect(a, "UPDATE counters SET n = 11 WHERE id = 1", "UPDATE 1");
    expect(a, "RELEASE SAVEPOINT cockroach_restart", "RELEASE");
    /* It is committed now; all that is left is to say so. */
    expect(b, "SELECT n FROM counters WHERE id = 1", "11");
    expect(a, "SELECT 1", "25000");
    expect(a, "COMMIT", "COMMIT");
    expect(a, "SELECT 1", "1");
    PQfinish(a);
    PQfinish(b);
}

static void test_unchanged_read_goes_on(void **state) {
    (void)state;
    PGconn *a = open_one(), *b = open_one();
    fresh(a);
    expect(a, "BEGIN", "BEGIN");
    expect(a, "SELECT n FROM counters WHERE id = 1", "0");
    expect(a, "SAVEPOINT one", "SAVEPOINT");
    expect(b, "UPDATE counters SET n = 10 WHERE id = 2", "UPDATE 1");
    expect(a, "UPDATE counters SET n = 1 WHERE id = 1", "UPDATE 1");
    expect(a, "ROLLBACK TO SAVEPOINT one", "ROLLBACK");
    expect(a, "UPDATE counters SET n = 2 WHERE id = 1", "UPDATE 1");
    expect(a, "COMMIT", "COMMIT");
    expect(b, "SELECT sum(n) FROM counters", "12");
    PQfinish(a);
    PQfinish(b);
}

static void test_for_update_waits(void **state) {
    (void)state;
    PGconn *a = open_one(), *b = open_one();
    fresh(a);
    expect(a, "BEGIN", "BEGIN");
    expect(a, "SELECT n FROM counters WHERE id = 1 FOR UPDATE", "0");
    begin(b, "SELECT n FROM counters WHERE id = 1 FOR UPDATE");
    assert_false(answers(b, 200));
    expect(a, "UPDATE counters SET n = 3 WHERE id = 1", "UPDATE 1");
    expect(a, "COMMIT", "COMMIT");
    expect_later(b, "3");
    PQfinish(a);
    PQfinish(b);
}

static void test_savepoints(void **state) {
    (void)state;
    PGconn *a = open_one();
    fresh(a);
    expect(a, "SAVEPOINT x", "25P01");
    expect(a, "BEGIN", "BEGIN");
    expect(a, "UPDATE counters SET n = 1 WHERE id = 1", "UPDATE 1");
    expect(a, "SAVEPOINT s1", "SAVEPOINT");
    expect(a, "UPDATE counters SET n = 2 WHERE id = 1", "UPDATE 1");
    expect(a, "SAVEPOINT s2", "SAVEPOINT");
    expect(a, "INSERT INTO counters VALUES (1, 9)", "23505");
    expect(a, "SELECT 1", "25P02");
    expect(a, "ROLLBACK TO SAVEPOINT s2", "ROLLBACK");
    expect(a, "SELECT n FROM counters WHERE id = 1", "2");
    expect(a, "RELEASE SAVEPOINT s2", "RELEASE");
    expect(a, "ROLLBACK TO SAVEPOINT s1", "ROLLBACK");
    expect(a, "ROLLBACK TO SAVEPOINT s2", "3B001");
    expect(a, "ROLLBACK TO SAVEPOINT s1", "ROLLBACK");
    expect(a, "COMMIT", "COMMIT");
    expect(a, "SELECT n FROM counters WHERE id = 1", "1");
    PQfinish(a);
}

/* A client that adds one, as applications do that retry. Whether it is done. */
struct adder {
    PGconn *c;
    int left, at;
};

static const char *const adding[] = {"BEGIN", "SELECT n FROM counters WHERE id = 1",
    "UPDATE counters SET n = n + 1 WHERE id = 1", "COMMIT"};

static void take_answer(struct adder *a, int *retries) {
    char *got = outcome(PQgetResult(a->c));
    for (PGresult *r; (r = PQgetResult(a->c));)
        PQclear(r);
    if (str_eq(got, "40001")) {
        ++*retries;
        a->at = -1;
    } else if (a->at == 3) {
        assert_string_equal(got, "COMMIT");
        a->left--;
        a->at = 0;
    } else {
        a->at++;
    }
    free(got);
}

static void test_nothing_is_lost(void **state) {
    enum { ADDERS = 8, EACH = 10 };
    (void)state;
    struct adder adders[ADDERS];
    PGconn *first = open_one();
    int working = ADDERS, retries = 0;
    fresh(first);
    for (int i = 0; i < ADDERS; i++) {
        adders[i] = (struct adder){open_one(), EACH, 0};
        begin(adders[i].c, adding[0]);
    }
    for (int turn = 0; working && turn < 100000; turn++)
        for (int i = 0; i < ADDERS; i++) {
            struct adder *a = &adders[i];
            if (!a->left || !answers(a->c, 1))
                continue;
            take_answer(a, &retries);
            if (a->left)
                begin(a->c, a->at < 0 ? "ROLLBACK" : adding[a->at]);
            else
                working--;
        }
    assert_int_equal(working, 0);
    expect(first, "SELECT n FROM counters WHERE id = 1", "80");
    assert_true(retries > 0);
    for (int i = 0; i < ADDERS; i++)
        PQfinish(adders[i].c);
    PQfinish(first);
}

static void test_prepared_by_sql_and_by_message(void **state) {
    (void)state;
    PGconn *a = open_one();
    fresh(a);
    expect(a, "PREPARE add (INT, INT) AS UPDATE counters SET n = n + $2 WHERE id = $1 RETURNING n", "PREPARE");
    expect(a, "EXECUTE add (1, 5)", "5");
    expect(a, "EXECUTE add (1, 1 + 1)", "7");
    expect(a, "EXECUTE add (1)", "42601");
    expect(a, "EXECUTE add ('x', 1)", "22P02");
    expect(a, "PREPARE add AS SELECT 1", "42P05");
    PQclear(PQprepare(a, "m", "SELECT 1", 0, NULL));
    expect(a, "DEALLOCATE m", "DEALLOCATE");
    char *got = outcome(PQexecPrepared(a, "m", 0, NULL, NULL, NULL, 0));
    assert_string_equal(got, "26000");
    free(got);
    PQclear(PQprepare(a, "m", "SELECT 1", 0, NULL));
    expect(a, "DEALLOCATE ALL", "DEALLOCATE ALL");
    expect(a, "EXECUTE add (1, 1)", "26000");
    got = outcome(PQexecPrepared(a, "m", 0, NULL, NULL, NULL, 0));
    assert_string_equal(got, "26000");
    free(got);
    PQfinish(a);
}

/* A WITH that changes rows, and then waits for a region that is gone: once it goes on, it has changed them once. */
static void test_with_changes_once(void **state) {
    (void)state;
    PGconn *a = open_one(), *b = open_one();
    fresh(a);
    expect(a, "CREATE DATABASE apart PRIMARY REGION uksouth REGIONS \"eu-west-1\"", "CREATE DATABASE");
    expect(a, "CREATE TABLE apart.public.far (k INT PRIMARY KEY) LOCALITY REGIONAL BY TABLE IN \"eu-west-1\"",
        "CREATE TABLE");
    expect(a, "INSERT INTO apart.public.far VALUES (1)", "INSERT 0 1");
    expect(a, "SELECT sandbox.advance(120)", "t");
    PQclear(PQexec(a, "SELECT sandbox.kill_region('eu-west-1')"));
    expect(b, "BEGIN", "BEGIN");
    begin(b, "WITH w AS (UPDATE counters SET n = n + 1 WHERE id = 1 RETURNING n) SELECT w.n FROM w, apart.public.far");
    assert_false(answers(b, 600));
    PQclear(PQexec(a, "SELECT sandbox.start_region('eu-west-1')"));
    expect_later(b, "1");
    expect(b, "COMMIT", "COMMIT");
    expect(a, "SELECT n FROM counters WHERE id = 1", "1");
    expect(a, "DROP DATABASE apart", "DROP DATABASE");
    PQfinish(a);
    PQfinish(b);
}

static int start(void **state) {
    (void)state;
    static const char *const arguments[] = {"--speed", "0", NULL};
    server_start(&server, arguments);
    return 0;
}

static int stop(void **state) {
    (void)state;
    return server_stop(&server) ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_writer_waits),
        cmocka_unit_test(test_waiter_is_cancelled),
        cmocka_unit_test(test_changed_read_asks_for_a_retry),
        cmocka_unit_test(test_unchanged_read_goes_on),
        cmocka_unit_test(test_for_update_waits),
        cmocka_unit_test(test_savepoints),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_prepared_by_sql_and_by_message),
        cmocka_unit_test(test_with_changes_once),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
