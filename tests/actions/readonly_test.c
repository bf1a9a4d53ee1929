/* readonly_test: the ways round --read-only, each tried: refused before it is sent, and harmless when a server
 * gets it all the same in a session of this program. */
#include "support/server.h"

#include "domicile/actions/readonly.h"
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/sql/statement.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Read-only transactions of the server hold these back by themselves. */
static const char *const writes[] = {
    "INSERT INTO cockroach_example_customers (name, cloud) VALUES ('x', 'aws')",
    "UPSERT INTO cockroach_example_customers (id, name, cloud) VALUES ('00000000-0000-0000-0000-000000000001', 'x', "
    "'aws')",
    "UPDATE cockroach_example_customers SET name = 'gone'",
    "DELETE FROM cockroach_example_customers",
    "TRUNCATE cockroach_example_customers CASCADE",
    "DROP TABLE cockroach_example_customers CASCADE",
    "CREATE TABLE sneaked (id INT PRIMARY KEY)",
    "ALTER DATABASE django PLACEMENT RESTRICTED",
    "ALTER DATABASE django SURVIVE REGION FAILURE",
    "ALTER TABLE cockroach_example_customers SET LOCALITY GLOBAL",
    "ALTER TABLE cockroach_example_customers CONFIGURE ZONE USING num_replicas = 7",
    "ALTER RANGE default CONFIGURE ZONE USING gc.ttlseconds = 60",
    "SELECT * FROM [DELETE FROM cockroach_example_customers RETURNING id]",
    "SELECT * FROM [INSERT INTO cockroach_example_customers (name, cloud) VALUES ('x', 'aws') RETURNING id]",
};

static const char *const refused[] = {
    "WITH d AS (DELETE FROM cockroach_example_customers RETURNING 1) SELECT * FROM d; SELECT 1",
    "COPY cockroach_example_customers FROM STDIN",
    "IMPORT INTO cockroach_example_customers CSV DATA ('nodelocal://1/x.csv')",
    "CREATE USER sneaked",
    "GRANT ALL ON DATABASE django TO public",
    "COMMENT ON DATABASE django IS 'sneaked'",
    "CREATE STATISTICS s FROM cockroach_example_customers",
    "ANALYZE cockroach_example_customers",
    /* transaction control */
    "BEGIN", "BEGIN READ WRITE", "BEGIN TRANSACTION READ WRITE", "START TRANSACTION READ WRITE", "COMMIT", "END",
    "ROLLBACK", "ABORT", "SAVEPOINT s", "RELEASE SAVEPOINT s", "ROLLBACK TO SAVEPOINT s",
    "SET TRANSACTION READ WRITE", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
    "COMMIT; BEGIN READ WRITE; DELETE FROM cockroach_example_customers; COMMIT",
    "/* only looks */ COMMIT; DELETE FROM cockroach_example_customers",
    "SELECT 1; DELETE FROM cockroach_example_customers",
    "SELECT 1;;SELECT 2",
    "SELECT ';'; COMMIT",
    "-- a comment\nCOMMIT\n;\nDELETE FROM cockroach_example_customers",
    "/* SELECT */ DELETE FROM cockroach_example_customers",
    "/* /* nested */ SELECT 1 */ DELETE FROM cockroach_example_customers",
    /* settings */
    "SET default_transaction_read_only = off", "SET SESSION default_transaction_read_only TO false",
    "SET transaction_read_only = off", "SET LOCAL transaction_read_only = off", "RESET default_transaction_read_only",
    "RESET ALL", "DISCARD ALL", "SET CLUSTER SETTING kv.replication_reports.interval = '1h'",
    "SET allow_unsafe_internals = on", "USE system", "SET ROLE root", "SET SESSION AUTHORIZATION root",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT SET_CONFIG ('default_transaction_read_only', 'off', false)",
    "SELECT \"set_config\"('default_transaction_read_only', 'off', false)",
    "SELECT pg_catalog . set_config /* x */ ('default_transaction_read_only', 'off', false)",
    "SELECT * FROM ROWS FROM (set_config('transaction_read_only', 'off', true))",
    "EXPLAIN ANALYZE SELECT set_config('transaction_read_only', 'off', true)",
    /* statements in disguise */
    "PREPARE p AS DELETE FROM cockroach_example_customers", "PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE p",
    "EXPLAIN ANALYZE DELETE FROM cockroach_example_customers", "EXPLAIN ANALYZE (DEBUG) SELECT 1",
    "DECLARE c CURSOR FOR SELECT 1",
    /* functions and statements that act outside of transactions */
    "SELECT sandbox.kill_node(5)", "SELECT sandbox.kill_region('eu-west-1')", "SELECT \"sandbox\".\"kill_node\"(5)",
    "SELECT nextval('s')", "SELECT pg_terminate_backend(1)", "SELECT crdb_internal.unsafe_upsert_descriptor(1, b'')",
    "SELECT crdb_internal.force_panic('x')", "SELECT crdb_internal.reset_sql_stats()",
    "CANCEL QUERY '1'", "CANCEL SESSION '1'", "PAUSE JOB 1", "SELECT * FROM [CANCEL JOBS SELECT 1]",
    "ALTER TABLE cockroach_example_customers SPLIT AT VALUES ('x')", "ALTER TABLE cockroach_example_customers SCATTER",
    /* what nobody understands */
    "", "   ", "-- nothing", "FROBNICATE THE CLUSTER", "SELECT 'open", "CALL sneaked()", "DO $$ BEGIN END $$",
};

static const char *const allowed[] = {
    "SELECT 1", "  select * from cockroach_example_customers ;", "TABLE cockroach_example_customers", "VALUES (1), (2)",
    "WITH a AS (SELECT 1 AS x) SELECT x FROM a", "SHOW RANGES FROM TABLE cockroach_example_customers",
    "SHOW ZONE CONFIGURATIONS", "SHOW default_transaction_read_only", "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE SELECT 1", "SELECT 'COMMIT; DELETE FROM t'", "SELECT 1 -- ; COMMIT",
    "SELECT * FROM [SHOW REGIONS FROM CLUSTER]", "SELECT ARRAY[1,2][1]", "SELECT crdb_internal.pretty_key(b'', 0)",
    "SELECT 'set_config(''x'')'",
};

static void refuses(const char *sql) {
    struct err err = {0};
    if (readonly_allows(sql, &err))
        fail_msg("let through: %s", sql);
    assert_true(err.message[0] != '\0');
}

static void test_refuses(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
        refuses(writes[i]);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuses(refused[i]);
}

static void test_allows(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        struct err err = {0};
        if (!readonly_allows(allowed[i], &err))
            fail_msg("refused: %s: %s", allowed[i], err.message);
    }
}

/* A session as this program opens it under --read-only. */
static PGconn *session(const struct server *s) {
    char *info = mem_printf("host=127.0.0.1 port=%d user=root dbname=django sslmode=disable connect_timeout=10 "
                            "options='-c default_transaction_read_only=on'",
        s->port);
    PGconn *c = PQconnectdb(info);
    free(info);
    assert_int_equal(PQstatus(c), CONNECTION_OK);
    return c;
}

/* One statement alone, with the extended protocol, as this program sends it. */
static char *send(PGconn *c, const char *sql) {
    PGresult *r = PQexecParams(c, sql, 0, NULL, NULL, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(r);
    bool ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    char *out = mem_strdup(ok ? "" : PQresultErrorMessage(r));
    PQclear(r);
    return out;
}

static void run(PGconn *c, const char *name) {
    char *e = send(c, statement_find(name)->text);
    if (*e)
        fail_msg("%s: %s", name, e);
    free(e);
}

/* All that the ways round try to change, in one text. */
static char *picture(const struct server *s) {
    static const char *const questions[] = {
        "SELECT string_agg(name, ',' ORDER BY name) FROM cockroach_example_customers",
        "SELECT count(*) FROM [SHOW TABLES]",
        "SELECT create_statement FROM [SHOW CREATE DATABASE django]",
        "SELECT string_agg(create_statement, ';' ORDER BY descriptor_name) FROM crdb_internal.create_statements WHERE "
        "database_name = 'django'",
        "SELECT string_agg(raw_config_sql, ';' ORDER BY target) FROM [SHOW ZONE CONFIGURATIONS]",
        "SELECT count(*) FROM [SHOW USERS]",
        "SELECT count(*) FROM crdb_internal.gossip_nodes WHERE is_live",
    };
    struct str out = {0};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        char *answer = server_sql(s, 1, "django", questions[i]);
        if (str_starts(answer, "ERROR"))
            fail_msg("%s: %s", questions[i], answer);
        str_add_f(&out, "%s\n", answer);
        free(answer);
    }
    return str_take(&out);
}

/* What is let through goes between BEGIN READ ONLY and ROLLBACK, and works. */
static void reads_on(const struct server *s) {
    PGconn *c = session(s);
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        run(c, "session/begin-read-only");
        free(send(c, allowed[i]));
        run(c, "session/end-read-only");
        PGresult *r = PQexec(c, "SHOW default_transaction_read_only");
        assert_string_equal(PQgetvalue(r, 0, 0), "on");
        PQclear(r);
    }
    PQfinish(c);
}

/* Had the program let them through by mistake, the server would still hold them back: alone and in between. */
static void server_holds(const struct server *s) {
    char *before = picture(s);
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        PGconn *c = session(s);
        char *alone = send(c, writes[i]);
        run(c, "session/begin-read-only");
        char *inside = send(c, writes[i]);
        if (!*alone || !*inside)
            fail_msg("the server did not refuse: %s", writes[i]);
        free(alone);
        free(inside);
        PQfinish(c);
    }
    char *after = picture(s);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void test_server(void **state) {
    static const char *const versions[] = {"22.1", "26.1"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *const arguments[] = {"--compat", versions[i], "--report-interval", "1h", NULL};
        struct server s;
        printf("# %s\n", versions[i]);
        server_start(&s, arguments);
        reads_on(&s);
        server_holds(&s);
        char *answer = server_sql(&s, 1, "django", "BEGIN READ ONLY; SELECT sandbox.kill_node(5)");
        assert_non_null(strstr(answer, "read-only"));
        free(answer);
        assert_true(server_stop(&s));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_allows),
        cmocka_unit_test(test_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
