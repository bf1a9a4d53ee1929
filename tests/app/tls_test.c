/* tls_test: a secure sandbox, and the explorer on it: certificates, passwords, encrypted keys, and no secret left
 * anywhere. */
#include "support/certs.h"
#include "support/patience.h"
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000 };

static struct server server;
static char *certs;
static char log_path[64];

/* host=localhost, verify-full, and what else is said. */
static char *conninfo(const char *more) {
    return mem_printf(
        "host=localhost port=%d dbname=django sslmode=verify-full sslrootcert=%s/ca.crt connect_timeout=10 %s",
        server.port, certs, more);
}

static char *with_key(const char *user, const char *certificate, const char *key) {
    return mem_printf("user=%s sslcert=%s/%s sslkey=%s/%s", user, certs, certificate, certs, key);
}

/* Connects and runs; "" or what went wrong. */
static char *attempt(const char *more, const char *sql) {
    char *info = conninfo(more);
    PGconn *c = PQconnectdb(info);
    char *out;
    if (PQstatus(c) != CONNECTION_OK) {
        out = mem_strdup(PQerrorMessage(c));
    } else {
        PGresult *r = PQexec(c, sql ? sql : "SELECT 1");
        out = mem_strdup(PQresultErrorMessage(r));
        PQclear(r);
    }
    PQfinish(c);
    free(info);
    return out;
}

static void expect(const char *more, const char *said) {
    char *got = attempt(more, NULL);
    if (*said ? !strstr(got, said) : *got != '\0')
        fail_msg("%s: expected \"%s\", got \"%s\"", more, said, got);
    free(got);
}

static void as_root(const char *sql) {
    char *more = with_key("root", "client.root.crt", "client.root.key");
    char *got = attempt(more, sql);
    if (*got)
        fail_msg("%s: %s", sql, got);
    free(got);
    free(more);
}

static void start(const char *version) {
    const char *const arguments[] = {"--certs", certs, "--compat", version, NULL};
    server_start(&server, arguments);
    as_root("CREATE USER max WITH PASSWORD 'right horse'");
    as_root("GRANT admin TO max");
    as_root("CREATE USER bare");
}

/* 22.1 keeps passwords so that they are asked for in clear text (inside TLS), 26.1 for SCRAM. */
static void test_who_may_come_in(void **state) {
    static const char *const versions[] = {"22.1", "26.1"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        printf("# %s\n", versions[i]);
        start(versions[i]);
        expect("user=max password='right horse' sslcert=/none", "");
        expect("user=max password='wrong horse' sslcert=/none", "password authentication failed for user max");
        expect("user=max sslcert=/none", "password");
        expect("user=bare password=x sslcert=/none", "password authentication failed for user bare");
        expect("user=nobody password=x sslcert=/none", "password authentication failed for user nobody");
        char *other = with_key("max", "client.root.crt", "client.root.key");
        expect(other, "requested user is max, but certificate is for root");
        char *own = with_key("max", "client.max.crt", "client.max.key");
        expect(own, "");
        expect("user=root sslmode=disable", "SSL connection required");
        expect("user=max password='right horse' sslcert=/none host=127.0.0.1", "127.0.0.1");
        char *stranger = mem_printf("user=max password='right horse' sslcert=/none sslrootcert=%s/other-ca.crt", certs);
        expect(stranger, "certificate verify failed");
        as_root("ALTER USER max WITH PASSWORD NULL");
        expect("user=max password='right horse' sslcert=/none", "password authentication failed for user max");
        free(other);
        free(own);
        free(stranger);
        assert_true(server_stop(&server));
    }
}

/* ---- what goes on before TLS ---- */

static int plain_socket(int port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    struct timeval limit = {.tv_sec = 5};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
}

static const char ssl_request[] = {0, 0, 0, 8, 4, (char)210, 22, 47};

/* Bytes sent in the clear behind the request for TLS are nobody's who is authenticated. */
static void test_injection(void **state) {
    char bytes[64] = {0};
    (void)state;
    start("26.1");
    int fd = plain_socket(server.port);
    memcpy(bytes, ssl_request, 8);
    memcpy(bytes + 8, "\0\0\0\020\0\3\0\0user\0root", 16);
    assert_int_equal(write(fd, bytes, 24), 24);
    char answer[256];
    ssize_t n = read(fd, answer, sizeof answer);
    assert_true(n > 0 && answer[0] == 'E');
    while ((n = read(fd, answer, sizeof answer)) > 0)
        assert_int_not_equal(answer[0], 'R');
    assert_true(n == 0 || errno == ECONNRESET);
    close(fd);
    /* A handshake that never goes on holds nobody up. */
    int idle = plain_socket(server.port);
    assert_int_equal(write(idle, ssl_request, 8), 8);
    assert_int_equal(read(idle, answer, 1), 1);
    assert_int_equal(write(idle, "\026\003\001", 3), 3);
    expect("user=max password='right horse' sslcert=/none", "");
    close(idle);
    assert_true(server_stop(&server));
}

/* ---- the explorer ---- */

static struct term *explore(const char *more) {
    char *info = conninfo(more);
    const char *argv[] = {getenv("DOMICILE"), "--log", log_path, "-d", info, NULL};
    struct term_options o = {.rows = 40, .cols = 120, .argv = argv};
    unlink(log_path);
    struct term *t = term_start(&o);
    free(info);
    return t;
}

static bool file_has(const char *path, const char *text) {
    FILE *f = fopen(path, "r");
    char buffer[65536];
    size_t n;
    bool found = false;
    while (f && (n = fread(buffer, 1, sizeof buffer, f)) > 0)
        found = found || memmem(buffer, n, text, strlen(text)) != NULL;
    if (f)
        fclose(f);
    return found;
}

/* Neither the terminal nor the log nor the arguments hold it. */
static void nowhere(struct term *t, const char *secret) {
    size_t n;
    const char *raw = term_raw(t, &n);
    assert_null(memmem(raw, n, secret, strlen(secret)));
    assert_true(file_has(log_path, "pg "));
    assert_false(file_has(log_path, secret));
    char *arguments = mem_printf("/proc/%d/cmdline", (int)term_pid(t));
    assert_true(file_has(arguments, "domicile"));
    assert_true(emulated() || !file_has(arguments, secret));
    free(arguments);
}

static void leave(struct term *t) {
    int status = -1;
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    term_free(t);
}

static void test_certificate(void **state) {
    (void)state;
    start("26.1");
    char *more = with_key("root", "client.root.crt", "client.root.key");
    struct term *t = explore(more);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "eu-west-1", SOON));
    leave(t);
    free(more);
    assert_true(server_stop(&server));
}

static void test_password(void **state) {
    static const char *const versions[] = {"22.1", "26.1"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        start(versions[i]);
        struct term *t = explore("user=max sslcert=/none");
        assert_true(term_wait(t, "assword", READ));
        term_type(t, "wrong horse");
        term_settle(t, 100);
        term_key(t, "Enter");
        assert_true(term_wait(t, "password authentication failed", READ));
        term_type(t, "right horse");
        term_settle(t, 100);
        nowhere(t, "right horse");
        term_key(t, "Enter");
        assert_true(term_wait(t, "Mike", READ));
        nowhere(t, "right horse");
        nowhere(t, "wrong horse");
        leave(t);
        /* In the arguments it is wiped at once. */
        t = explore("user=max sslcert=/none password='right horse'");
        assert_true(term_wait(t, "Mike", READ));
        nowhere(t, "right horse");
        leave(t);
        assert_true(server_stop(&server));
    }
}

static void test_encrypted_key(void **state) {
    (void)state;
    start("26.1");
    char *more = with_key("root", "client.root.crt", "locked.key");
    struct term *t = explore(more);
    assert_true(term_wait(t, "is encrypted", READ));
    term_type(t, "close sesame");
    term_key(t, "Enter");
    assert_true(term_wait(t, "does not open it", READ));
    term_type(t, "open sesame");
    term_settle(t, 100);
    nowhere(t, "open sesame");
    term_key(t, "Enter");
    assert_true(term_wait(t, "Mike", READ)); /* read on further sessions, which ask no more */
    assert_true(term_wait(t, "abroad", READ));
    nowhere(t, "open sesame");
    leave(t);
    free(more);
    assert_true(server_stop(&server));
}

/* Somebody else's authority: said, and nothing tried again. */
static void test_wrong_authority(void **state) {
    int status = -1;
    (void)state;
    start("26.1");
    char *more = mem_printf("user=max password=x sslcert=/none sslrootcert=%s/other-ca.crt", certs);
    struct term *t = explore(more);
    assert_true(term_wait_exit(t, &status, READ));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 77);
    assert_true(term_has(t, "certificate verify failed"));
    term_free(t);
    free(more);
    assert_true(server_stop(&server));
}

/* A certificate of another name than the one that was asked for: verify-full does not let it pass. */
static void test_wrong_name(void **state) {
    int status = -1;
    (void)state;
    start("26.1");
    char *more = mem_printf("user=max password=x sslcert=/none host=127.0.0.1");
    struct term *t = explore(more);
    assert_true(term_wait_exit(t, &status, READ));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 77);
    assert_true(term_has(t, "127.0.0.1"));
    assert_true(term_has(t, "certificate"));
    term_free(t);
    free(more);
    assert_true(server_stop(&server));
}

/* Passwords in the arguments of a command for scripts, and in those of a gateway, are wiped as well. */
static void test_arguments_wiped(void **state) {
    (void)state;
    start("26.1");
    char *info = conninfo("user=max sslcert=/none password='right horse'");
    char *uri = mem_printf(
        "postgresql://max:right%%20horse@localhost:%d/django?sslmode=verify-full&sslrootcert=%s/ca.crt&sslcert=/none",
        server.port, certs);
    char *gateway = mem_printf("eu-west-1=%s", info);
    const char *const lines[][8] = {
        {getenv("DOMICILE"), "watch", "-d", info, NULL},
        {getenv("DOMICILE"), "watch", uri, NULL},
        {getenv("DOMICILE"), "--log", log_path, "--gateway", gateway, uri, NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct term_options o = {.rows = 40, .cols = 120, .argv = lines[i]};
        struct term *t = term_start(&o);
        assert_true(term_wait(t, i < 2 ? "connected to" : "Mike", READ));
        char *arguments = mem_printf("/proc/%d/cmdline", (int)term_pid(t));
        assert_true(file_has(arguments, "domicile"));
        assert_true(emulated() || !file_has(arguments, "horse"));
        free(arguments);
        size_t n;
        const char *raw = term_raw(t, &n);
        assert_null(memmem(raw, n, "horse", 5));
        term_free(t);
    }
    free(info);
    free(uri);
    free(gateway);
    assert_true(server_stop(&server));
}

/* Errors quote statements: not their passwords, on the screen of a command for scripts. */
static void test_errors_quote_no_password(void **state) {
    static const char *const statements[] = {"CREATE USER leaky WITH PASSWORD 'white horse' );",
        "CREATE USER leaky WITH PASSWORD 'white horse'; CREATE USER leaky WITH PASSWORD 'white horse';"};
    (void)state;
    start("26.1");
    char *more = with_key("root", "client.root.crt", "client.root.key");
    char *info = conninfo(more);
    for (size_t i = 0; i < 2; i++) {
        const char *argv[] = {getenv("DOMICILE"), "sql", "-c", statements[i], "-d", info, NULL};
        struct term_options o = {.rows = 40, .cols = 120, .argv = argv};
        struct term *t = term_start(&o);
        int status;
        size_t n;
        assert_true(term_wait_exit(t, &status, READ));
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
        const char *raw = term_raw(t, &n);
        assert_true(n > 0);
        assert_null(memmem(raw, n, "horse", 5));
        term_free(t);
    }
    free(more);
    free(info);
    assert_true(server_stop(&server));
}

/* ---- without certificates ---- */

static void test_insecure(void **state) {
    char *line = mem_printf("timeout 2 '%s' sandbox --listen 127.0.0.1:0 --empty 2>&1", getenv("DOMICILE"));
    char text[4096] = "";
    (void)state;
    FILE *f = popen(line, "r");
    assert_non_null(f);
    for (size_t n; (n = fread(text + strlen(text), 1, sizeof text - 1 - strlen(text), f)) > 0;) {
    }
    assert_non_null(strstr(text, "no TLS, no passwords, reachable from this machine only"));
    pclose(f);
    free(line);
    /* Loopback only, unless told otherwise. */
    static const char *const arguments[] = {"--empty", NULL};
    server_start(&server, arguments);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)server.port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_not_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    close(fd);
    fd = plain_socket(server.port);
    char answer = 0;
    assert_int_equal(write(fd, ssl_request, 8), 8);
    assert_int_equal(read(fd, &answer, 1), 1);
    assert_int_equal(answer, 'N');
    close(fd);
    assert_true(server_stop(&server));
}

/* A directory that is not what it should be: which file, and what is missing. */
static void test_bad_directory(void **state) {
    char *line = mem_printf(
        "'%s' sandbox --certs /tmp/no-such-directory --listen 127.0.0.1:0 2>&1", getenv("DOMICILE"));
    char text[4096] = "";
    (void)state;
    FILE *f = popen(line, "r");
    assert_non_null(f);
    assert_true(fread(text, 1, sizeof text - 1, f) > 0);
    int status = pclose(f);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 64);
    assert_non_null(strstr(text, "/tmp/no-such-directory/ca.crt"));
    free(line);
}

static int make_certs(void **state) {
    (void)state;
    certs = certs_new();
    snprintf(log_path, sizeof log_path, "/tmp/domicile-tls-%d.log", (int)getpid());
    return 0;
}

static int remove_certs(void **state) {
    (void)state;
    certs_remove(certs);
    unlink(log_path);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_may_come_in),
        cmocka_unit_test(test_injection),
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_password),
        cmocka_unit_test(test_encrypted_key),
        cmocka_unit_test(test_wrong_authority),
        cmocka_unit_test(test_wrong_name),
        cmocka_unit_test(test_arguments_wiped),
        cmocka_unit_test(test_errors_quote_no_password),
        cmocka_unit_test(test_insecure),
        cmocka_unit_test(test_bad_directory),
    };
    return cmocka_run_group_tests(tests, make_certs, remove_certs);
}
