/* hostile_test: text from outside that would control a terminal, in every place where it can appear; the bytes that
 * the program wrote are held to a short list of sequences. */
#include "support/fake.h"
#include "support/server.h"
#include "support/term.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/base/text.h"

#include <libpq-fe.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { SOON = 5000, READ = 15000, MOST_MARKS = 2 };

static struct server server;

/* ---- the list ---- */

/* ESC [ parameters final: what xterm's description uses, and our modes. */
static size_t csi(const char *p, size_t n) {
    size_t i = 2;
    while (i < n && ((p[i] >= '0' && p[i] <= '9') || p[i] == ';' || p[i] == '?'))
        i++;
    return i < n && strchr("ABCDHJKPXLM@GdfmrhlST", p[i]) ? i + 1 : 0;
}

/* Length of the sequence at p, 0: it is not on the list. */
static size_t sequence(const char *p, size_t n) {
    static const char *const fixed[] = {"\033(B", "\033)0", "\033=", "\033>", "\0337", "\0338", "\033M"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (n >= strlen(fixed[i]) && strncmp(p, fixed[i], strlen(fixed[i])) == 0)
            return strlen(fixed[i]);
    if (n > 7 && strncmp(p, "\033]52;c;", 7) == 0) { /* our own clipboard: base64 and the end */
        size_t i = 7;
        while (i < n && ((p[i] >= '0' && p[i] <= '9') || (p[i] >= 'A' && p[i] <= 'Z') || (p[i] >= 'a' && p[i] <= 'z') ||
                            strchr("+/=", p[i])))
            i++;
        return i + 1 < n && p[i] == '\033' && p[i + 1] == '\\' ? i + 2 : 0;
    }
    return n > 2 && p[1] == '[' ? csi(p, n) : 0;
}

static void explain(const char *raw, size_t at, const char *what) {
    struct str text = {0};
    text_clean(&text, raw + (at > 200 ? at - 200 : 0), 240);
    fail_msg("%s at byte %zu: %s", what, at, str_get(&text));
}

/* A character of text: width, direction and marks as they should be. */
static void check_character(const char *raw, size_t at, uint32_t cp, int *marks) {
    if ((cp >= 0x80 && cp < 0xa0) || cp == 0x7f)
        explain(raw, at, "a control");
    if ((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || (cp >= 0x200b && cp <= 0x200f))
        explain(raw, at, "an invisible character");
    *marks = cp >= 0x20 && text_char_width(cp) == 0 ? *marks + 1 : 0;
    if (*marks > MOST_MARKS)
        explain(raw, at, "a flood of combining marks");
}

static void check(const char *raw, size_t n, bool screen) {
    int marks = 0;
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        unsigned char c = (unsigned char)raw[at];
        if (c == '\033') {
            size_t len = screen ? sequence(raw + at, n - at) : 0;
            if (len == 0)
                explain(raw, at, "a sequence that is not on the list");
            at += len;
            marks = 0;
            continue;
        }
        size_t len = text_decode(raw + at, n - at, &cp);
        if (cp == 0xfffd && len == 1)
            explain(raw, at, "no UTF-8");
        if (c < 0x20 && !strchr(screen ? "\r\n\b\t" : "\r\n\t", c))
            explain(raw, at, "a control");
        check_character(raw, at, cp, &marks);
        at += len;
    }
    assert_null(memmem(raw, n, "[6;66;666m", 10) ? memmem(raw, n, "\033[6;66;666m", 11) : NULL);
    assert_null(memmem(raw, n, "\033]0;", 4));
    assert_null(memmem(raw, n, "UFdORUQ=", 8) ? memmem(raw, n, "\033]52;c;UFdORUQ=\007", 16) : NULL);
}

static void check_term(struct term *t) {
    size_t n;
    const char *raw = term_raw(t, &n);
    check(raw, n, true);
    assert_string_equal(term_title(t), "");
}

/* ---- the stage ---- */

static struct term *run(const char *const *argv) {
    struct term_options o = {.rows = 40, .cols = 140, .argv = argv};
    return term_start(&o);
}

static struct term *explore(const char *url) {
    const char *argv[] = {getenv("DOMICILE"), url, NULL};
    return run(argv);
}

static void sql(const char *text) {
    char *answer = server_sql(&server, 1, "django", text);
    if (str_starts(answer, "ERROR"))
        fail_msg("%s: %s", text, answer);
    free(answer);
}

static void leave(struct term *t) {
    int status = -1;
    term_key(t, "Esc");
    term_key(t, "Esc");
    term_type(t, "q");
    assert_true(term_wait_exit(t, &status, SOON));
    assert_int_equal(status, 0);
    check_term(t);
    term_free(t);
}

/* ---- the places ---- */

/* Values, names of tables, columns and databases, localities, in panes and behind them. */
static void test_names_and_values(void **state) {
    (void)state;
    struct term *t = explore(server.url);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "PWNED", READ)); /* visible, as text */
    assert_true(term_wait(t, "^[", SOON));
    term_key(t, "Enter"); /* a passport */
    assert_true(term_wait(t, "home region", READ));
    term_key(t, "Esc");
    term_type(t, "1"); /* nodes with their localities */
    term_key(t, "Enter");
    assert_true(term_wait(t, "live", READ));
    assert_true(term_wait(t, "PWNED", SOON));
    term_key(t, "Esc");
    term_type(t, "2");
    term_key(t, "End"); /* the table of that name, and its rows with the column of that name */
    term_key(t, "Enter");
    term_settle(t, 800);
    term_key(t, "Esc");
    term_type(t, "y");
    term_settle(t, 200);
    term_type(t, "m");
    term_settle(t, 300);
    term_key(t, "Esc");
    term_type(t, "d");
    assert_true(term_wait(t, "PWNED", SOON));
    term_key(t, "Esc");
    leave(t);
}

/* What the user pastes comes back on the screen, in a form, a filter, a command and the errors about them. */
static void test_typed(void **state) {
    static const char paste[] = "\033[200~" FAKE_BYTES "\033[201~";
    (void)state;
    struct term *t = explore(server.url);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, "/");
    term_type(t, paste);
    term_settle(t, 300);
    term_key(t, "Enter");
    term_settle(t, 500);
    term_key(t, "Esc");
    term_type(t, ":");
    term_type(t, paste);
    term_key(t, "Enter");
    term_settle(t, 500);
    term_key(t, "Esc");
    term_settle(t, 200);
    for (int i = 0; i < 5 && term_has(t, "Ctrl-D closes"); i++) { /* the console */
        term_type(t, i % 2 ? "\004" : "\003");
        term_settle(t, 300);
    }
    term_type(t, "i");
    assert_true(term_wait(t, "gateway", SOON));
    term_type(t, paste);
    term_key(t, "Tab");
    term_type(t, paste);
    term_key(t, "Enter");
    term_settle(t, 1500);
    leave(t);
}

struct after {
    size_t offset;
    const char *text;
};

/* In the bytes, for this libvterm loses what follows a clipboard sequence whose end came in two pieces. */
static bool wrote(struct term *t, void *arg) {
    const struct after *a = arg;
    size_t n;
    const char *raw = term_raw(t, &n);
    return memmem(raw + a->offset, n - a->offset, a->text, strlen(a->text)) != NULL;
}

/* The bytes of a base64 text; the length in *n, the caller frees. */
static unsigned char *base64(const char *text, size_t *n) {
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
    char *copy = mem_strndup(text, len);
    unsigned char *out = mem_alloc(len / 4 * 3 + 1);
    int got = EVP_DecodeBlock(out, (const unsigned char *)copy, (int)len);
    assert_true(got >= 0);
    while (len > 0 && copy[len - 1] == '=')
        len--, got--;
    free(copy);
    *n = (size_t)got;
    return out;
}

/* The last text that was handed to the terminal's clipboard holds no control but lines and tabs. */
static void check_clipboard(struct term *t) {
    size_t n;
    const char *raw = term_raw(t, &n), *last = NULL;
    for (const char *p = raw; (p = memmem(p, n - (size_t)(p - raw), "\033]52;c;", 7)) != NULL; p++)
        last = p;
    assert_non_null(last);
    unsigned char *text = base64(last + 7, &n);
    assert_true(n > 0);
    assert_non_null(memmem(text, n, "PWNED", 5));
    check((const char *)text, n, false);
    free(text);
}

static void check_file(const char *path, bool json) {
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    static char text[1 << 20];
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    unlink(path);
    assert_non_null(memmem(text, n, "PWNED", 5));
    if (json) /* the exact text, escaped by its own rules */
        assert_null(memchr(text, '\033', n));
    else
        check(text, n, false);
}

static void enter(struct term *t, const char *text) {
    term_type(t, text);
    term_key(t, "Enter");
}

/* The console: results and the errors that quote names, what is copied and what is exported of them; and the debug log
 * that saw it all. */
static void test_console(void **state) {
    char *log = mem_printf("/tmp/domicile-hostile-%d.log", (int)getpid());
    char *csv = mem_printf("/tmp/domicile-hostile-%d.csv", (int)getpid());
    char *json = mem_printf("/tmp/domicile-hostile-%d.json", (int)getpid());
    char *export_csv = mem_printf("export %s", csv);
    char *export_json = mem_printf("export %s", json);
    const char *argv[] = {getenv("DOMICILE"), "--log", log, server.url, NULL};
    (void)state;
    unlink(log);
    unlink(csv);
    unlink(json);
    struct term *t = run(argv);
    assert_true(term_wait(t, "Mike", READ));
    term_type(t, ":");
    assert_true(term_wait(t, "django>", SOON));
    enter(t,
        "SELECT name, chr(27) || '[6;66;666m PWNED' AS chr FROM cockroach_example_customers WHERE length(name) > 10;");
    assert_true(term_wait(t, "(1 row)", SOON));
    struct after told = {term_bytes(t), "clipboard"};
    enter(t, "copy");
    assert_true(term_wait_for(t, wrote, &told, "what is said of a copy", SOON));
    check_clipboard(t);
    term_key(t, "C-l");
    enter(t, export_csv);
    assert_true(term_wait(t, csv, SOON));
    enter(t, export_json);
    assert_true(term_wait(t, json, SOON));
    term_settle(t, 300);
    check_file(csv, false);
    check_file(json, true);
    enter(
        t, "SELECT name::INT FROM cockroach_example_customers WHERE length(name) > 10;"); /* an error with the value */
    assert_true(term_wait(t, "ERROR", SOON));
    enter(t,
        "INSERT INTO cockroach_example_customers SELECT * FROM cockroach_example_customers WHERE length(name) > 10;");
    term_settle(t, 500); /* and one with a detail */
    term_type(t, "\003\003\004");
    assert_true(term_wait_gone(t, "django>", SOON));
    leave(t);
    FILE *f = fopen(log, "r");
    assert_non_null(f);
    static char text[1 << 20];
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    unlink(log);
    check(text, n, false);
    free(log);
    free(csv);
    free(json);
    free(export_csv);
    free(export_json);
}

/* A row that is copied from its pane, a passport's text, an insert's SQL. */
static void test_copies(void **state) {
    (void)state;
    struct term *t = explore(server.url);
    assert_true(term_wait(t, "Mike", READ));
    assert_true(term_wait(t, "PWNED", READ));
    term_type(t, "3");
    for (int i = 0; i < 4; i++) { /* whichever row it is in */
        size_t n;
        struct after told = {term_bytes(t), "\033]52;c;"};
        term_type(t, "y");
        assert_true(term_wait_for(t, wrote, &told, "a copy", SOON));
        term_settle(t, 100);
        const char *raw = term_raw(t, &n), *last = NULL;
        for (const char *p = raw; (p = memmem(p, n - (size_t)(p - raw), "\033]52;c;", 7)) != NULL; p++)
            last = p;
        assert_non_null(last);
        unsigned char *bytes = base64(last + 7, &n);
        check((const char *)bytes, n, false);
        free(bytes);
        term_key(t, "Down");
        term_settle(t, 100);
    }
    leave(t);
}

/* What a hostile server says to the commands for scripts goes to standard error, which is a terminal. */
static void test_headless_errors(void **state) {
    struct fake fake;
    (void)state;
    fake_start(&fake, FAKE_HOSTILE);
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/django?sslmode=disable", fake.port);
    const char *const lines[][8] = {
        {getenv("DOMICILE"), "sql", "-c", "SELECT 1", url, NULL},
        {getenv("DOMICILE"), "tables", url, NULL},
        {getenv("DOMICILE"), "check", url, NULL},
        {getenv("DOMICILE"), "evidence", url, NULL},
        {getenv("DOMICILE"), "passport", "t", "1", url, NULL},
        {getenv("DOMICILE"), "sql", "-c", "SELECT '" FAKE_TEXT "' FROM (((", server.url,
            NULL}, /* the line and a mark */
        {getenv("DOMICILE"), "sql", "-c", "SELECT \"" FAKE_TEXT "\"", server.url, NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct term *t = run(lines[i]);
        int status;
        assert_true(term_wait_exit(t, &status, 40000));
        size_t n;
        const char *raw = term_raw(t, &n);
        if (!WIFEXITED(status) || n == 0) {
            term_print(t);
            fail_msg("command %zu: wait status %x", i, (unsigned)status);
        }
        check(raw, n, false);
        term_free(t);
    }
    fake_stop(&fake);
    free(url);
}

/* A server that sends such bytes in its version, notices and errors. */
static void test_server_says_so(void **state) {
    struct fake fake;
    (void)state;
    fake_start(&fake, FAKE_HOSTILE);
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/django?sslmode=disable", fake.port);
    struct term *t = explore(url);
    assert_true(term_wait(t, "PWNED", READ));
    term_settle(t, 1500);
    term_type(t, "5");
    term_settle(t, 300);
    term_type(t, "?");
    term_settle(t, 300);
    leave(t);
    fake_stop(&fake);
    free(url);
}

/* Arguments and addresses come back in sentences. */
static void test_arguments(void **state) {
    static const char *const bad[][3] = {
        {"--theme", FAKE_TEXT, NULL},
        {"--" FAKE_TEXT, NULL, NULL},
        {"-d", "host=" FAKE_TEXT, NULL},
        {"-d", "no" FAKE_TEXT "=x", NULL},
        {FAKE_TEXT, NULL, NULL},
        {"--refresh", FAKE_TEXT, NULL},
        {"--log", "/no/" FAKE_TEXT, NULL},
        {"--gateway", FAKE_TEXT, NULL},
        {"--gateway", FAKE_TEXT "=port=" FAKE_TEXT, NULL},
        {"tables", "-d", "host=" FAKE_TEXT},
        {"rows", FAKE_TEXT, NULL},
        {"tables", "--format", FAKE_TEXT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *argv[] = {getenv("DOMICILE"), bad[i][0], bad[i][1], bad[i][2], NULL};
        const char *env[] = {"PGPORT=1", NULL}; /* nobody's, whatever else runs here */
        struct term_options o = {.rows = 40, .cols = 140, .argv = argv, .env = env};
        struct term *t = term_start(&o);
        int status;
        term_settle(t, 400);
        term_type(t, "q");
        if (!term_wait_exit(t, &status, READ))
            fail_msg("arguments %zu: no end", i);
        size_t n;
        const char *raw = term_raw(t, &n);
        if (memmem(raw, n, "\033[6;66;666m", 11))
            fail_msg("arguments %zu came back raw", i);
        check_term(t);
        term_free(t);
    }
}

/* The commands for scripts: to a terminal, and into files that somebody may open in one. */
static void test_output(void **state) {
    static const char *const formats[] = {"table", "csv", "json", "ndjson"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const char *argv[] = {
            getenv("DOMICILE"), "rows", "cockroach_example_customers", "--format", formats[i], server.url, NULL};
        struct term *t = run(argv);
        int status;
        assert_true(term_wait_exit(t, &status, READ));
        assert_int_equal(status, 0);
        size_t n;
        const char *raw = term_raw(t, &n);
        if (!memmem(raw, n, i == 0 ? "^[[6;" : "PWNED", 5)) {
            term_print(t);
            fail_msg("the row is missing");
        }
        check(raw, n, false);
        term_free(t);
        char *line = mem_printf(
            "'%s' rows cockroach_example_customers --format %s '%s'", getenv("DOMICILE"), formats[i], server.url);
        FILE *f = popen(line, "r");
        char text[65536];
        size_t len = fread(text, 1, sizeof text, f);
        assert_int_equal(pclose(f), 0);
        assert_non_null(memmem(text, len, "PWNED", 5));
        /* JSON may hold any number of marks: it is the exact text, escaped by its own rules. */
        if (i < 2)
            check(text, len, false);
        else
            assert_null(memchr(text, '\033', len));
        free(line);
    }
}

static int start(void **state) {
    static const char *const arguments[] = {"--report-interval", "2s",
        "--locality", "cloud=azure,region=uksouth,zone=1" FAKE_TEXT, "--locality", "cloud=azure,region=uksouth,zone=2",
        "--locality", "cloud=azure,region=uksouth,zone=3", "--locality", "cloud=aws,region=eu-west-1,zone=a",
        "--locality", "cloud=aws,region=eu-west-1,zone=b", "--locality", "cloud=aws,region=eu-west-1,zone=c",
        "--locality", "cloud=gcp,region=europe-west4,zone=a", "--locality", "cloud=gcp,region=europe-west4,zone=b",
        "--locality", "cloud=gcp,region=europe-west4,zone=c", NULL};
    (void)state;
    server_start(&server, arguments);
    sql("INSERT INTO cockroach_example_customers (id, name, cloud) VALUES (gen_random_uuid(), '" FAKE_TEXT "', 'aws')");
    sql("CREATE TABLE \"zz" FAKE_TEXT "\" (id INT PRIMARY KEY, \"col" FAKE_TEXT "\" STRING) LOCALITY REGIONAL BY ROW");
    sql("CREATE DATABASE \"zz" FAKE_TEXT "\"");
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
        cmocka_unit_test(test_names_and_values),
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_console),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_headless_errors),
        cmocka_unit_test(test_server_says_so),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_output),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
