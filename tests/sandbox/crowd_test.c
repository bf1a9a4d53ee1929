/* crowd_test: a thousand clients at once, and clients that mean harm: nobody else notices. */
#include "support/patience.h"
#include "support/server.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

enum { CROWD = 1000, NODES = 9, HOSTILE = 60, LONGEST_MS = 1000 };

static struct server server;

static int64_t now_ms(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static PGconn *client(int node) {
    char *info = mem_printf(
        "host=127.0.0.1 port=%d user=root dbname=django sslmode=disable connect_timeout=20", server.port + node);
    PGconn *c = PQconnectdb(info);
    free(info);
    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(c));
    return c;
}

/* Asks and is answered; how long it took. */
static int64_t ask(PGconn *c) {
    int64_t begin = now_ms();
    PGresult *r = PQexec(c, "SELECT count(*) FROM cockroach_example_customers");
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(c));
    PQclear(r);
    return now_ms() - begin;
}

static void test_crowd(void **state) {
    static PGconn *crowd[CROWD];
    int64_t longest = 0;
    (void)state;
    int64_t begin = now_ms();
    for (int i = 0; i < CROWD; i++)
        crowd[i] = client(i % NODES);
    printf("# %d connections in %lld ms\n", CROWD, (long long)(now_ms() - begin));
    /* All ask at once. */
    begin = now_ms();
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(PQsendQuery(crowd[i], "SELECT name FROM cockroach_example_customers ORDER BY name"), 1);
    for (int i = 0; i < CROWD; i++) {
        PGresult *r = PQgetResult(crowd[i]);
        assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
        assert_int_equal(PQntuples(r), 3);
        PQclear(r);
        while ((r = PQgetResult(crowd[i])) != NULL)
            PQclear(r);
    }
    printf("# %d answers in %lld ms\n", CROWD, (long long)(now_ms() - begin));
    for (int i = 0; i < 20; i++) {
        int64_t took = ask(crowd[i * 47 % CROWD / NODES * NODES]); /* at node 1, where clients are */
        longest = took > longest ? took : longest;
    }
    printf("# measured: the longest answer among %d connections took %lld ms\n", CROWD, (long long)longest);
    assert_true(longest < LONGEST_MS * patience());
    for (int i = 0; i < CROWD; i++)
        PQfinish(crowd[i]);
}

static int plain_socket(void) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)server.port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void add_message(struct str *out, char type, const char *body, size_t n) {
    uint32_t length = htonl((uint32_t)n + 4);
    if (type)
        str_add_char(out, type);
    str_add_n(out, (const char *)&length, 4);
    str_add_n(out, body, n);
}

static void add_start(struct str *out) {
    static const char start[] = "\0\3\0\0user\0root\0database\0django\0";
    add_message(out, '\0', start, sizeof start);
}

/* One of the ways to be a bad client. */
static void misbehave(struct str *out, int way) {
    static const char big[] = "SELECT repeat('x', 20000), a.* FROM crdb_internal.cluster_settings AS a";
    switch (way % 6) {
    case 0: str_add(out, "GET / HTTP/1.1\r\nHost: domicile\r\n\r\n"); break;
    case 1: str_add_n(out, "\0\0\0\xff", 4); break; /* half a start-up, never finished */
    case 2: /* 2 GB are announced */
        add_start(out);
        str_add_n(out, "Q\x7f\xff\xff\xff", 5);
        break;
    case 3: /* asks for much and never reads */
        add_start(out);
        for (int i = 0; i < 5; i++)
            add_message(out, 'Q', big, sizeof big);
        break;
    case 4: /* messages that there are not */
        add_start(out);
        for (int i = 0; i < 100; i++)
            add_message(out, (char)(128 + i), "junk", 4);
        break;
    case 5: /* a flood without waiting for answers */
        add_start(out);
        for (int i = 0; i < 500; i++)
            add_message(out, 'Q', "SELECT 1", 9);
        break;
    default: break;
    }
}

static void test_hostile(void **state) {
    int fds[HOSTILE];
    int64_t longest = 0;
    (void)state;
    PGconn *good = client(0);
    for (int i = 0; i < HOSTILE; i++) {
        struct str bytes = {0};
        fds[i] = plain_socket();
        misbehave(&bytes, i);
        assert_true(write(fds[i], bytes.data, bytes.len) > 0);
        str_free(&bytes);
        int64_t took = ask(good);
        longest = took > longest ? took : longest;
    }
    for (int i = 0; i < 20; i++) {
        int64_t took = ask(good);
        longest = took > longest ? took : longest;
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    printf("# measured: the longest answer beside %d hostile clients took %lld ms\n", HOSTILE, (long long)longest);
    assert_true(longest < LONGEST_MS * patience());
    for (int i = 0; i < HOSTILE; i++)
        close(fds[i]);
    assert_true(ask(good) < LONGEST_MS * patience());
    PQfinish(good);
}

/* A process of its own asks for 80 MB and reads them; its exit status is 0 when all came. */
static pid_t big_reader(void) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    size_t rows = 0;
    bool good = true;
    PGconn *c = client(0);
    good = PQsendQuery(c, "SELECT i, repeat('x', 1000) AS text FROM generate_series(1, 80000) AS g(i)") &&
        PQsetSingleRowMode(c);
    for (PGresult *r; (r = PQgetResult(c)) != NULL; PQclear(r)) {
        good = good && (PQresultStatus(r) == PGRES_SINGLE_TUPLE || PQresultStatus(r) == PGRES_TUPLES_OK);
        rows += (size_t)PQntuples(r);
    }
    PQfinish(c);
    _exit(good && rows == 80000 ? 0 : 1);
}

/* While 80 MB go to one client, another is answered as ever. */
static void test_big_answer(void **state) {
    int64_t longest = 0;
    int answers = 0, status = -1;
    (void)state;
    int64_t begin = now_ms();
    pid_t pid = big_reader();
    PGconn *good = client(0);
    while (waitpid(pid, &status, WNOHANG) == 0) {
        int64_t took = ask(good);
        longest = took > longest ? took : longest;
        answers++;
    }
    printf("# measured: beside an answer of 80 MB (%lld ms) %d others, the longest took %lld ms\n",
        (long long)(now_ms() - begin), answers, (long long)longest);
    assert_int_equal(status, 0);
    assert_true(answers > 0 && longest < LONGEST_MS * patience());
    PQfinish(good);
}

/* The SQLSTATE that a statement ends with. */
static void ends_with(PGconn *c, const char *sqlstate) {
    PGresult *r = PQgetResult(c);
    const char *got = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (!got || strcmp(got, sqlstate) != 0)
        fail_msg("%s instead of %s: %s", got ? got : PQresStatus(PQresultStatus(r)), sqlstate, PQresultErrorMessage(r));
    PQclear(r);
    while ((r = PQgetResult(c)) != NULL)
        PQclear(r);
}

/* One step that would compute for an hour: its time limit ends it, and so does a cancel; the session goes on. */
static void test_long_statement(void **state) {
    static const char text[] =
        "SELECT count(*) FROM generate_series(1, 100000) AS a(i), generate_series(1, 100000) AS b(j) "
        "WHERE (i * j) % 7 = 8";
    char why[256];
    (void)state;
    PGconn *c = client(0);
    PQclear(PQexec(c, "SET statement_timeout = '500ms'"));
    int64_t begin = now_ms();
    assert_int_equal(PQsendQuery(c, text), 1);
    ends_with(c, "57014");
    int64_t took = now_ms() - begin;
    printf("# measured: a time limit of 500 ms ended a computation after %lld ms\n", (long long)took);
    assert_true(took >= 400 && took < LONGEST_MS * patience());
    PQclear(PQexec(c, "SET statement_timeout = 0"));
    assert_true(ask(c) < LONGEST_MS * patience());
    assert_int_equal(PQsendQuery(c, text), 1);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL); /* it should compute, not wait to begin */
    PGcancel *cancel = PQgetCancel(c);
    begin = now_ms();
    if (!PQcancel(cancel, why, sizeof why))
        fail_msg("%s", why);
    ends_with(c, "57014");
    took = now_ms() - begin;
    printf("# measured: a cancel ended a computation after %lld ms\n", (long long)took);
    assert_true(took < LONGEST_MS * patience());
    PQfreeCancel(cancel);
    assert_true(ask(c) < LONGEST_MS * patience());
    PQfinish(c);
}

/* A client that gives up in the middle of a big answer, or between its slices, leaves nothing behind. */
static void test_big_answer_given_up(void **state) {
    (void)state;
    PGconn *good = client(0);
    for (int i = 0; i < 10; i++) {
        PGconn *big = client(0);
        assert_int_equal(PQsendQuery(big,
                             i % 2 ? "BEGIN; SELECT i, repeat('x', 1000) FROM generate_series(1, 80000) AS g(i)"
                                   : "SELECT i, repeat('x', 1000) FROM generate_series(1, 80000) AS g(i)"),
            1);
        for (int k = 0; k < i; k++)
            ask(good);
        PQfinish(big);
        assert_true(ask(good) < LONGEST_MS * patience());
    }
    PQfinish(good);
}

static int start(void **state) {
    static const char *const arguments[] = {"--report-interval", "1h", NULL};
    struct rlimit limit;
    (void)state;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
    server_start(&server, arguments);
    return 0;
}

static int stop(void **state) {
    (void)state;
    return server_stop(&server) ? 0 : -1;
}

/* With an argument only the tests whose names it fits. */
int main(int argc, char **argv) {
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_big_answer),
        cmocka_unit_test(test_big_answer_given_up),
        cmocka_unit_test(test_long_statement),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
