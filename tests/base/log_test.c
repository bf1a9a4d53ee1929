/* log_test: no secret reaches what is kept, and the log is safe to open and to read. */
#include "domicile/base/log.h"
#include "domicile/base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct row {
    const char *in;
    const char *out;
};

static const struct row redactions[] = {
    {"SELECT 1", "SELECT 1"},
    {"ALTER USER carl WITH PASSWORD 's3cret'", "ALTER USER carl WITH PASSWORD ***"},
    {"create user u password 'it''s' VALID UNTIL '2030'", "create user u password *** VALID UNTIL '2030'"},
    {"CREATE USER u WITH PASSWORD e'a\\'b' LOGIN", "CREATE USER u WITH PASSWORD *** LOGIN"},
    {"CREATE USER u WITH PASSWORD $$a b$$ LOGIN", "CREATE USER u WITH PASSWORD *** LOGIN"},
    {"CREATE USER u WITH PASSWORD $x$a $$ b$x$ LOGIN", "CREATE USER u WITH PASSWORD *** LOGIN"},
    {"CREATE USER u WITH PASSWORD 'not closed", "CREATE USER u WITH PASSWORD ***"},
    {"CREATE USER u WITH PASSWORD hunter2", "CREATE USER u WITH PASSWORD ***"},
    {"ALTER USER u WITH PASSWORD NULL", "ALTER USER u WITH PASSWORD NULL"},
    {"host=h password=abc user=u", "host=h password=*** user=u"},
    {"password = 'a b' user=u", "password = *** user=u"},
    {"PGPASSWORD=abc psql", "PGPASSWORD=*** psql"},
    {"sslpassword=abc", "sslpassword=***"},
    {"postgresql://carl:pw@h:26257/django", "postgresql://carl:***@h:26257/django"},
    {"postgres://carl:p@w@h/db?password=x&sslmode=disable",
        "postgres://carl:***@h/db?password=***&sslmode=disable"},
    {"postgresql://carl@h/db", "postgresql://carl@h/db"},
    {"postgresql://[::1]:26257/db", "postgresql://[::1]:26257/db"},
    {"{\"password\": \"abc\", \"a\": 1}", "{\"password\": ***, \"a\": 1}"},
    {"password authentication failed for user carl", "password authentication failed for user carl"},
    {"SELECT token FROM t", "SELECT token FROM t"},
    {"token=abc", "token=***"},
    {"", ""},
};

static void secrets_are_removed(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof redactions / sizeof *redactions; i++) {
        struct str out = {0};
        log_redact(&out, redactions[i].in);
        assert_string_equal(str_get(&out), redactions[i].out);
        str_free(&out);
    }
}

static void read_back(const char *path, char *text, size_t size) {
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    fclose(f);
}

static void one_line_an_entry(void **state) {
    char folder[] = "/tmp/domicile-log-XXXXXX";
    char text[1024];
    struct stat st;
    struct err err = {0};
    (void)state;
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/log", folder);
    assert_false(log_enabled(LOG_LEVEL_ERROR));
    log_write(LOG_LEVEL_ERROR, "nobody listens");
    assert_true(log_open(path, LOG_LEVEL_INFO, &err));
    log_write(LOG_LEVEL_DEBUG, "too much");
    log_write(LOG_LEVEL_INFO, "two\nlines \033[2J password='x'");
    log_close();
    read_back(path, text, sizeof text);
    assert_null(strstr(text, "too much"));
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "Z INFO two⏎lines ^[[2J password=***\n"));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    unlink(path);
    rmdir(folder);
    free(path);
}

static void a_link_is_not_followed(void **state) {
    char folder[] = "/tmp/domicile-log-XXXXXX";
    struct err err = {0};
    (void)state;
    assert_non_null(mkdtemp(folder));
    char *path = mem_printf("%s/log", folder);
    char *target = mem_printf("%s/target", folder);
    assert_int_equal(symlink(target, path), 0);
    assert_false(log_open(path, LOG_LEVEL_INFO, &err));
    assert_non_null(strstr(err.message, path));
    assert_int_equal(access(target, F_OK), -1);
    unlink(path);
    rmdir(folder);
    free(path);
    free(target);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_removed),
        cmocka_unit_test(one_line_an_entry),
        cmocka_unit_test(a_link_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
