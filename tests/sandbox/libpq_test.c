/* libpq_test: the sandbox as any libpq program meets it: parameters as text and binary, prepared statements,
 * notices, several statements in one message, cancel, TLS declined, many connections. */
#include "support/server.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <cmocka.h>

enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25, OID_UUID = 2950 };

static struct server server;

static PGconn *open_node(int node, const char *extra) {
    char *info = mem_printf("host=127.0.0.1 port=%d user=root dbname=django connect_timeout=10 %s",
        server.port + node - 1, extra);
    PGconn *c = PQconnectdb(info);
    free(info);
    return c;
}

static PGconn *open_one(void) {
    PGconn *c = open_node(1, "sslmode=disable");
    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(c));
    return c;
}

static void assert_value(PGresult *r, const char *expected) {
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s", PQresultErrorMessage(r));
    assert_int_equal(PQntuples(r), 1);
    assert_string_equal(PQgetvalue(r, 0, 0), expected);
    PQclear(r);
}

static void assert_error(PGresult *r, const char *sqlstate, const char *message) {
    assert_int_equal(PQresultStatus(r), PGRES_FATAL_ERROR);
    assert_string_equal(PQresultErrorField(r, PG_DIAG_SQLSTATE), sqlstate);
    assert_string_equal(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), message);
    PQclear(r);
}

static void test_status(void **state) {
    (void)state;
    PGconn *c = open_one();
    assert_string_equal(PQparameterStatus(c, "server_version"), "13.0.0");
    assert_string_equal(PQparameterStatus(c, "crdb_version"), "CockroachDB CCL v22.1.0-dev-7788e17e "
        "(x86_64-linux-gnu, built , go1.19.8) (domicile sandbox, simulated)");
    assert_string_equal(PQparameterStatus(c, "session_authorization"), "root");
    PQclear(PQexec(c, "SET application_name = 'renamed'"));
    assert_string_equal(PQparameterStatus(c, "application_name"), "renamed");
    PQfinish(c);
}

static void test_text_parameters(void **state) {
    (void)state;
    PGconn *c = open_one();
    const char *values[] = {"Carl", NULL};
    assert_value(PQexecParams(c, "SELECT cloud FROM cockroach_example_customers WHERE name = $1", 1, NULL, values,
        NULL, NULL, 0), "azure");
    const Oid types[] = {OID_INT8, OID_INT8};
    const char *numbers[] = {"40", "2"};
    assert_value(PQexecParams(c, "SELECT $1 + $2", 2, types, numbers, NULL, NULL, 0), "42");
    const char *nothing[] = {NULL};
    PGresult *r = PQexecParams(c, "SELECT $1::STRING", 1, NULL, nothing, NULL, NULL, 0);
    assert_int_equal(PQgetisnull(r, 0, 0), 1);
    PQclear(r);
    PQfinish(c);
}

static void test_binary(void **state) {
    (void)state;
    PGconn *c = open_one();
    const uint32_t number = htonl(7);
    const Oid types[] = {OID_INT4};
    const char *values[] = {(const char *)&number};
    const int lengths[] = {4}, formats[] = {1};
    PGresult *r = PQexecParams(c, "SELECT ($1::INT4 * 6)::INT8, true, 'x'::STRING", 1, types, values, lengths,
        formats, 1);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s", PQresultErrorMessage(r));
    assert_int_equal(PQfformat(r, 0), 1);
    assert_int_equal(PQgetlength(r, 0, 0), 8);
    assert_memory_equal(PQgetvalue(r, 0, 0), "\0\0\0\0\0\0\0\52", 8);
    assert_int_equal(PQgetlength(r, 0, 1), 1);
    assert_memory_equal(PQgetvalue(r, 0, 1), "\1", 1);
    assert_string_equal(PQgetvalue(r, 0, 2), "x");
    PQclear(r);
    const char *uuid[] = {"\x6b\x1f\x0a\x52\x9d\x0e\x4c\x57\x8a\x53\x0f\x4f\x3c\x7b\x2d\x11"};
    const Oid uuid_type[] = {OID_UUID};
    const int uuid_length[] = {16};
    assert_value(PQexecParams(c, "SELECT name FROM cockroach_example_products WHERE id = $1", 1, uuid_type, uuid,
        uuid_length, formats, 0), "book");
    PQfinish(c);
}

static void test_prepared(void **state) {
    (void)state;
    PGconn *c = open_one();
    PQclear(PQprepare(c, "p", "SELECT name FROM cockroach_example_customers WHERE cloud = $1 ORDER BY 1", 0, NULL));
    const char *clouds[] = {"aws", "gcp"}, *names[] = {"Mike", "Dan"};
    for (int i = 0; i < 2; i++)
        assert_value(PQexecPrepared(c, "p", 1, &clouds[i], NULL, NULL, 0), names[i]);
    PGresult *r = PQdescribePrepared(c, "p");
    assert_int_equal(PQnparams(r), 1);
    assert_int_equal(PQnfields(r), 1);
    assert_string_equal(PQfname(r, 0), "name");
    PQclear(r);
    r = PQprepare(c, "p", "SELECT 1", 0, NULL);
    assert_error(r, "42P05", "prepared statement \"p\" already exists");
    assert_error(PQexecPrepared(c, "q", 0, NULL, NULL, NULL, 0), "26000", "unknown prepared statement \"q\"");
    PQfinish(c);
}

static void collect(void *arg, const PGresult *r) {
    str_add_f(arg, "%s %s;", PQresultErrorField(r, PG_DIAG_SEVERITY),
        PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
}

static void test_notices(void **state) {
    (void)state;
    PGconn *c = open_one();
    struct str heard = {0};
    PQsetNoticeReceiver(c, collect, &heard);
    PQclear(PQexec(c, "SET LOCAL application_name = 'x'"));
    assert_string_equal(str_get(&heard), "WARNING SET LOCAL can only be used in transaction blocks;");
    str_free(&heard);
    PQfinish(c);
}

static void test_several_statements(void **state) {
    (void)state;
    PGconn *c = open_one();
    PQclear(PQexec(c, "CREATE TABLE several (k INT PRIMARY KEY)"));
    assert_int_equal(PQsendQuery(c, "INSERT INTO several VALUES (1); SELECT count(*) FROM several"), 1);
    PGresult *r = PQgetResult(c);
    assert_string_equal(PQcmdStatus(r), "INSERT 0 1");
    PQclear(r);
    assert_value(PQgetResult(c), "1");
    assert_null(PQgetResult(c));
    /* 22.1 commits each statement of a message by itself: an error drops only what follows. */
    r = PQexec(c, "INSERT INTO several VALUES (2); SELECT 1/0; INSERT INTO several VALUES (3)");
    assert_error(r, "22012", "division by zero");
    assert_value(PQexec(c, "SELECT count(*) FROM several"), "2");
    r = PQexec(c, "");
    assert_int_equal(PQresultStatus(r), PGRES_EMPTY_QUERY);
    PQclear(r);
    PQclear(PQexec(c, "DROP TABLE several"));
    PQfinish(c);
}

static void test_transactions(void **state) {
    (void)state;
    PGconn *c = open_one();
    PQclear(PQexec(c, "BEGIN"));
    assert_int_equal(PQtransactionStatus(c), PQTRANS_INTRANS);
    PQclear(PQexec(c, "SELECT 1/0"));
    assert_int_equal(PQtransactionStatus(c), PQTRANS_INERROR);
    assert_error(PQexec(c, "SELECT 1"), "25P02",
        "current transaction is aborted, commands ignored until end of transaction block");
    PQclear(PQexec(c, "ROLLBACK"));
    assert_int_equal(PQtransactionStatus(c), PQTRANS_IDLE);
    PQfinish(c);
}

static void test_cancel(void **state) {
    (void)state;
    char error[256];
    PGconn *c = open_one();
    assert_int_equal(PQsendQuery(c, "SELECT pg_sleep(30)"), 1);
    const time_t began = time(NULL);
    /* The statement may not have begun when the first cancel arrives. */
    PGcancel *cancel = PQgetCancel(c);
    do {
        const struct timespec pause = {.tv_nsec = 100000000};
        nanosleep(&pause, NULL);
        assert_int_equal(PQcancel(cancel, error, sizeof error), 1);
        PQconsumeInput(c);
    } while (PQisBusy(c) && time(NULL) - began < 10);
    PQfreeCancel(cancel);
    assert_error(PQgetResult(c), "57014", "query execution canceled");
    assert_null(PQgetResult(c));
    assert_value(PQexec(c, "SELECT 1"), "1");
    PQfinish(c);
}

static void test_statement_timeout(void **state) {
    (void)state;
    PGconn *c = open_node(1, "sslmode=disable options='-c statement_timeout=50ms'");
    assert_value(PQexec(c, "SHOW statement_timeout"), "50");
    assert_error(PQexec(c, "SELECT pg_sleep(2)"), "57014",
        "query execution canceled due to statement timeout");
    PQfinish(c);
}

static void test_tls_declined(void **state) {
    (void)state;
    PGconn *c = open_node(1, "sslmode=require");
    assert_int_equal(PQstatus(c), CONNECTION_BAD);
    assert_non_null(strstr(PQerrorMessage(c), "server does not support SSL, but SSL was required"));
    PQfinish(c);
    c = open_node(1, "sslmode=prefer gssencmode=prefer");
    assert_int_equal(PQstatus(c), CONNECTION_OK);
    PQfinish(c);
}

static void test_users_and_databases(void **state) {
    (void)state;
    char *info = mem_printf("host=127.0.0.1 port=%d user=nouser dbname=django sslmode=disable", server.port);
    PGconn *c = PQconnectdb(info);
    assert_int_equal(PQstatus(c), CONNECTION_BAD);
    assert_non_null(strstr(PQerrorMessage(c), "ERROR:  password authentication failed for user nouser"));
    PQfinish(c);
    free(info);
    info = mem_printf("host=127.0.0.1 port=%d user=root dbname=nosuchdb sslmode=disable", server.port);
    c = PQconnectdb(info);
    assert_int_equal(PQstatus(c), CONNECTION_OK);
    assert_value(PQexec(c, "SELECT 1"), "1");
    assert_error(PQexec(c, "SELECT * FROM t"), "3D000", "database \"nosuchdb\" does not exist");
    PQfinish(c);
    free(info);
}

static void test_gateways(void **state) {
    (void)state;
    static const char *const regions[] = {"uksouth", "eu-west-1", "europe-west4"};
    for (int i = 0; i < 3; i++) {
        PGconn *c = open_node(1 + 3 * i, "sslmode=disable");
        assert_value(PQexec(c, "SELECT gateway_region()"), regions[i]);
        PQfinish(c);
    }
}

static void test_portal_in_pieces(void **state) {
    (void)state;
    PGconn *c = open_one();
    assert_int_equal(PQsendQuery(c, "SELECT generate_series(1, 1000)"), 1);
    assert_int_equal(PQsetSingleRowMode(c), 1);
    int rows = 0;
    for (PGresult *r; (r = PQgetResult(c)); PQclear(r))
        rows += PQresultStatus(r) == PGRES_SINGLE_TUPLE;
    assert_int_equal(rows, 1000);
    PQfinish(c);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_many_connections(void **state) {
    (void)state;
    PGconn *all[200];
    const double began = now();
    for (int i = 0; i < 200; i++)
        all[i] = open_node(1 + i % 9, "sslmode=disable");
    for (int i = 0; i < 200; i++) {
        assert_int_equal(PQstatus(all[i]), CONNECTION_OK);
        assert_int_equal(PQsendQuery(all[i], "SELECT 1"), 1);
    }
    for (int i = 0; i < 200; i++) {
        assert_value(PQgetResult(all[i]), "1");
        PQfinish(all[i]);
    }
    assert_true(now() - began < 20);
}

static int start(void **state) {
    static const char *const arguments[] = {"--report-interval", "5s", "--speed", "10", NULL};
    (void)state;
    server_start(&server, arguments);
    return 0;
}

static int stop(void **state) {
    (void)state;
    return server_stop(&server) ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_text_parameters),
        cmocka_unit_test(test_binary),
        cmocka_unit_test(test_prepared),
        cmocka_unit_test(test_notices),
        cmocka_unit_test(test_several_statements),
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_statement_timeout),
        cmocka_unit_test(test_tls_declined),
        cmocka_unit_test(test_users_and_databases),
        cmocka_unit_test(test_gateways),
        cmocka_unit_test(test_portal_in_pieces),
        cmocka_unit_test(test_many_connections),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
