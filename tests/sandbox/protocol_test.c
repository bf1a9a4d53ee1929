/* protocol_test: the wire protocol byte by byte, on an engine that knows a handful of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/patience.h"
#include "domicile/base/str.h"
#include "domicile/sandbox/protocol.h"
#include "fake_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct peer {
    struct loop *loop;
    struct protocol *protocol;
    int32_t cancelled;
};

static int32_t process_id(void *arg) {
    (void)arg;
    return 42;
}

static void on_cancel(void *arg, int32_t id, int32_t secret) {
    struct peer *peer = arg;
    (void)secret;
    peer->cancelled = id;
}

static int peer_compat = 2201;

static struct peer *peer_new(void) {
    struct peer *peer = mem_calloc(1, sizeof *peer);
    peer->loop = loop_new();
    const struct protocol_host host = {
        .loop = peer->loop,
        .engine = fake_engine(),
        .compat = peer_compat,
        .node = 1,
        .locality = "region=here",
        .client = "127.0.0.1:1",
        .new_process_id = process_id,
        .cancel = on_cancel,
        .arg = peer,
    };
    peer->protocol = protocol_new(&host);
    return peer;
}

static void peer_free(struct peer *peer) {
    protocol_free(peer->protocol);
    loop_free(peer->loop);
    free(peer);
}

static void add32(struct str *s, uint32_t v) {
    const char bytes[] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};
    str_add_n(s, bytes, 4);
}

static void send_message(struct peer *peer, char type, const void *body, size_t n) {
    struct str s = {0};
    if (type)
        str_add_char(&s, type);
    add32(&s, (uint32_t)n + 4);
    str_add_n(&s, body, n);
    /* A byte at a time: messages arrive in pieces. */
    for (size_t i = 0; i < s.len; i++)
        protocol_input(peer->protocol, s.data + i, 1);
    str_free(&s);
}

static void query(struct peer *peer, const char *sql) {
    send_message(peer, 'Q', sql, strlen(sql) + 1);
}

/* What was sent, as text: each message's type, then what matters of its fields. */
static char *received(struct peer *peer) {
    struct str out = {0};
    size_t n;
    for (int turns = 0; turns < 50; turns++) {
        const char *at = protocol_output(peer->protocol, &n);
        const char *end = at + n;
        while (at < end) {
            const unsigned char *u = (const unsigned char *)at;
            const size_t len = (size_t)u[1] << 24 | (size_t)u[2] << 16 | (size_t)u[3] << 8 | u[4];
            assert_true(at + 1 + len <= end);
            str_add_char(&out, *at);
            if (*at == 'C')
                str_add_f(&out, "(%s)", at + 5);
            else if (*at == 'Z')
                str_add_f(&out, "(%c)", at[5]);
            else if (*at == 'E' || *at == 'N')
                for (const char *f = at + 5; *f; f += strlen(f) + 1)
                    str_add_f(&out, "(%s)", f);
            at += 1 + len;
        }
        protocol_sent(peer->protocol, n);
        loop_turn(peer->loop, 5000);
    }
    return str_take(&out);
}

#define assert_received(peer, expected) \
    do { \
        char *got_ = received(peer); \
        assert_string_equal(got_, expected); \
        free(got_); \
    } while (0)

static const char login[] = "\0\3\0\0user\0root\0database\0d\0application_name\0test\0\0";

static struct peer *peer_in(void) {
    struct peer *peer = peer_new();
    send_message(peer, 0, login, sizeof login - 1);
    assert_received(peer, "RSSSSSSSSSSSSKZ(I)");
    return peer;
}

static void test_startup(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    assert_string_equal(protocol_session(peer->protocol)->database, "d");
    assert_string_equal(variable_get(protocol_session(peer->protocol), "application_name"), "test");
    assert_string_equal(variable_get(protocol_session(peer->protocol), "locality"), "region=here");
    peer_free(peer);
}

static void test_tls_declined(void **state) {
    (void)state;
    struct peer *peer = peer_new();
    size_t n;
    send_message(peer, 0, "\x04\xd2\x16\x2f", 4);
    const char *out = protocol_output(peer->protocol, &n);
    assert_int_equal(n, 1);
    assert_memory_equal(out, "N", 1);
    protocol_sent(peer->protocol, n);
    send_message(peer, 0, login, sizeof login - 1);
    assert_received(peer, "RSSSSSSSSSSSSKZ(I)");
    peer_free(peer);
}

/* Recorded (26.1/2708): not the N of PostgreSQL. */
static void test_gss_refused(void **state) {
    (void)state;
    struct peer *peer = peer_new();
    send_message(peer, 0, "\x04\xd2\x16\x30", 4);
    assert_received(peer, "E(SERROR)(C08P01)(MGSS encryption is not yet supported)");
    assert_true(protocol_closing(peer->protocol));
    peer_free(peer);
}

static void test_unknown_user(void **state) {
    (void)state;
    static const char nobody[] = "\0\3\0\0user\0nouser\0\0";
    struct peer *peer = peer_new();
    send_message(peer, 0, nobody, sizeof nobody - 1);
    assert_received(peer, "E(SERROR)(C28P01)(Mpassword authentication failed for user nouser)");
    assert_true(protocol_closing(peer->protocol));
    peer_free(peer);
}

static void test_options(void **state) {
    (void)state;
    static const char good[] = "\0\3\0\0user\0root\0options\0-c statement_timeout=5s --database=x\\ y\0\0";
    static const char bad[] = "\0\3\0\0user\0root\0options\0-c nosuch=1\0\0";
    struct peer *peer = peer_new();
    send_message(peer, 0, good, sizeof good - 1);
    assert_received(peer, "RSSSSSSSSSSSSKZ(I)");
    assert_string_equal(variable_get(protocol_session(peer->protocol), "statement_timeout"), "5000");
    assert_string_equal(protocol_session(peer->protocol)->database, "x y");
    peer_free(peer);
    peer = peer_new();
    send_message(peer, 0, bad, sizeof bad - 1);
    assert_received(peer, "E(SERROR)(C42704)(Munrecognized configuration parameter \"nosuch\")");
    peer_free(peer);
}

static void test_negotiation(void **state) {
    (void)state;
    static const char newer[] = "\0\3\0\2user\0root\0_pq_.x\0y\0\0";
    struct peer *peer = peer_new();
    send_message(peer, 0, newer, sizeof newer - 1);
    assert_received(peer, "vRSSSSSSSSSSSSKZ(I)");
    peer_free(peer);
}

static void test_simple(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    query(peer, "rows 3");
    assert_received(peer, "TDDDC(SELECT 3)Z(I)");
    query(peer, "");
    assert_received(peer, "IZ(I)");
    query(peer, "notice");
    assert_received(peer, "N(SNOTICE)(C00000)(Mheard)C(NOTICE)Z(I)");
    query(peer, "slow");
    assert_received(peer, "C(SLOW)Z(I)");
    query(peer, "nap");
    assert_received(peer, "C(WOKEN)Z(I)");
    peer_free(peer);
}

static void test_several_statements(void **state) {
    (void)state;
    /* 22.1 gives each statement of a message a transaction of its own; later versions one to all. */
    struct peer *peer = peer_in();
    fake_commits = fake_rollbacks = 0;
    query(peer, "tag A; rows 1; tag B");
    assert_received(peer, "C(A)TDC(SELECT 1)C(B)Z(I)");
    assert_int_equal(fake_commits, 0);
    peer_free(peer);
    peer_compat = 2601;
    peer = peer_in();
    query(peer, "tag A; rows 1; tag B");
    assert_received(peer, "C(A)TDC(SELECT 1)C(B)Z(I)");
    assert_int_equal(fake_commits, 1);
    query(peer, "tag A; fail; tag B");
    assert_received(peer, "C(A)E(SERROR)(C22012)(Dthe detail)(Hthe hint)(Mdivision by zero)Z(I)");
    assert_int_equal(fake_rollbacks, 1);
    query(peer, "tag A; syntax");
    assert_received(peer, "E(SERROR)(C42601)(Mat or near \"syntax\": syntax error)Z(I)");
    query(peer, "begin; fail");
    assert_received(peer, "C(BEGIN)E(SERROR)(C22012)(Dthe detail)(Hthe hint)(Mdivision by zero)Z(E)");
    peer_free(peer);
    peer_compat = 2201;
}

static const char execute_all[] = "\0\0\0\0\0";

static void test_extended(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    send_message(peer, 'P', "s\0number\0\0\0", 11);
    send_message(peer, 'D', "Ss\0", 3);
    send_message(peer, 'S', "", 0);
    assert_received(peer, "1tTZ(I)");
    /* A binary parameter, a binary answer. */
    send_message(peer, 'B', "\0s\0\0\1\0\1\0\1\0\0\0\10\0\0\0\0\0\0\1\2\0\1\0\1", 25);
    send_message(peer, 'D', "P\0", 2);
    send_message(peer, 'E', execute_all, 5);
    send_message(peer, 'H', "", 0);
    size_t n;
    const char *out = protocol_output(peer->protocol, &n);
    const char row[] = "D\0\0\0\22\0\1\0\0\0\10\0\0\0\0\0\0\1\2";
    assert_non_null(memmem(out, n, row, sizeof row - 1));
    send_message(peer, 'S', "", 0);
    assert_received(peer, "2TDC(SELECT 1)Z(I)");
    peer_free(peer);
}

static void test_portal_limit(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    query(peer, "begin");
    send_message(peer, 'P', "\0rows 5\0\0\0", 10);
    send_message(peer, 'B', "p\0\0\0\0\0\0\0\0", 9);
    send_message(peer, 'E', "p\0\0\0\0\2", 6);
    send_message(peer, 'E', "p\0\0\0\0\2", 6);
    send_message(peer, 'S', "", 0);
    send_message(peer, 'E', "p\0\0\0\0\0", 6);
    send_message(peer, 'C', "Pp\0", 3);
    send_message(peer, 'E', "p\0\0\0\0\0", 6);
    send_message(peer, 'S', "", 0);
    assert_received(peer, "C(BEGIN)Z(T)12DDsDDsZ(T)DC(SELECT 1)3E(SERROR)(C34000)(Munknown portal \"p\")Z(T)");
    peer_free(peer);
}

static void test_error_skips_to_sync(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    send_message(peer, 'P', "\0nothing\0\0\0", 11);
    send_message(peer, 'B', "\0\0\0\0\0\0\0\0", 8);
    send_message(peer, 'E', execute_all, 5);
    send_message(peer, 'S', "", 0);
    assert_received(peer, "E(SERROR)(C42P01)(Mrelation \"nothing\" does not exist)Z(I)");
    send_message(peer, 'P', "\0tag A; tag B\0\0\0", 16);
    send_message(peer, 'S', "", 0);
    assert_received(peer, "E(SERROR)(C42P14)(Mprepared statement had 2 statements, expected 1)Z(I)");
    send_message(peer, 'P', "\0echo\0\0\0", 8);
    send_message(peer, 'B', "\0\0\0\0\0\0\0\0", 8);
    send_message(peer, 'S', "", 0);
    assert_received(peer, "1E(SERROR)(C08P01)(Mexpected 1 arguments, got 0)Z(I)");
    peer_free(peer);
}

static void test_cancel(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    query(peer, "wait");
    assert_received(peer, "");
    session_cancel(protocol_session(peer->protocol), false);
    assert_received(peer, "E(SERROR)(C57014)(Mquery execution canceled)Z(I)");
    struct peer *other = peer_new();
    send_message(other, 0, "\x04\xd2\x16\x2e\0\0\0\x2a\1\2\3\4", 12);
    assert_int_equal(other->cancelled, 42);
    assert_true(protocol_closing(other->protocol));
    peer_free(other);
    peer_free(peer);
}

static void test_timeout(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    struct result *r = result_new();
    assert_true(variable_set(protocol_session(peer->protocol), "statement_timeout", "10ms", false, r));
    result_free(r);
    query(peer, "wait");
    assert_received(peer, "E(SERROR)(C57014)(Mquery execution canceled due to statement timeout)Z(I)");
    peer_free(peer);
}

static void test_bounds(void **state) {
    (void)state;
    struct peer *peer = peer_in();
    protocol_input(peer->protocol, "Q\x40\0\0\0", 5);
    assert_received(peer, "E(SFATAL)(C08P01)"
        "(Mmessage size 1073741824 bytes bigger than maximum allowed message size 16 MiB)");
    assert_true(protocol_closing(peer->protocol));
    peer_free(peer);
}

/* A client that does not read: rows stop being made, and go on when it does. */
static void test_slow_reader(void **state) {
    (void)state;
    enum { ENOUGH = 6 * 1024 * 1024 };
    struct peer *peer = peer_in();
    query(peer, "rows 400000");
    for (int i = 0; i < 200 * patience(); i++)
        loop_turn(peer->loop, 0);
    size_t n, total = 0;
    protocol_output(peer->protocol, &n);
    assert_true(n > PROTOCOL_MAX_PENDING && n < PROTOCOL_MAX_PENDING + 4096);
    assert_false(protocol_wants_input(peer->protocol));
    /* Less than a buffer of the server's may be held back in a turn that had time for little. */
    for (int i = 0; i < 2000 * patience() && (n || total <= ENOUGH); i++) {
        total += n;
        protocol_sent(peer->protocol, n);
        loop_turn(peer->loop, 0);
        protocol_output(peer->protocol, &n);
    }
    assert_true(total > ENOUGH);
    assert_true(protocol_wants_input(peer->protocol));
    peer_free(peer);
}

static void test_hostile_bytes(void **state) {
    (void)state;
    static const char types[] = "PBDECSHQXdcfFp";
    unsigned seed = 20261123;
    for (int round = 0; round < 3000; round++) {
        struct peer *peer = peer_new();
        if (round % 3)
            send_message(peer, 0, login, sizeof login - 1);
        for (int m = 0; m < 6; m++) {
            char body[64];
            const size_t n = (size_t)rand_r(&seed) % sizeof body;
            for (size_t i = 0; i < n; i++)
                body[i] = (char)(rand_r(&seed) % 3 ? rand_r(&seed) % 4 : rand_r(&seed));
            if (rand_r(&seed) % 4)
                send_message(peer, types[(size_t)rand_r(&seed) % (sizeof types - 1)], body, n);
            else
                protocol_input(peer->protocol, body, n);
            size_t out;
            protocol_output(peer->protocol, &out);
            protocol_sent(peer->protocol, out);
        }
        peer_free(peer);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_startup),
        cmocka_unit_test(test_tls_declined),
        cmocka_unit_test(test_gss_refused),
        cmocka_unit_test(test_unknown_user),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_negotiation),
        cmocka_unit_test(test_simple),
        cmocka_unit_test(test_several_statements),
        cmocka_unit_test(test_extended),
        cmocka_unit_test(test_portal_limit),
        cmocka_unit_test(test_error_skips_to_sync),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_slow_reader),
        cmocka_unit_test(test_hostile_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
