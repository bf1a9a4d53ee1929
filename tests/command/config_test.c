/* config_test: the configuration file: options by long name, keys, and sentences for what is wrong. */
#include "domicile/base/mem.h"
#include "domicile/command/keymap.h"
#include "domicile/command/option.h"

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

static void read_text(struct options *o, const char *text, struct str *warnings) {
    *o = (struct options){.command = PROGRAM_EXPLORE};
    sandbox_options_init(&o->sandbox);
    options_read_config(o, text, strlen(text), "config", warnings);
}

static void test_options(void **state) {
    struct options o;
    struct str warnings = {0};
    (void)state;
    read_text(&o,
        "# what I like\n\nrefresh = 0.5   # quick\n theme=high-contrast\nascii\nno-mouse = yes\nread-only = no\n"
        "log = '/tmp/a # b'\ngateway = eu-west-1=host=10.0.0.1 port=26257\nspeed = 5\n",
        &warnings);
    assert_string_equal(str_get(&warnings), "");
    assert_int_equal(o.refresh, 500000);
    assert_string_equal(o.theme, "high-contrast");
    assert_true(o.ascii);
    assert_true(o.no_mouse);
    assert_false(o.read_only);
    assert_string_equal(o.log, "/tmp/a # b");
    assert_int_equal(o.gateways.len, 1);
    assert_string_equal(o.gateways.items[0].conninfo, "host=10.0.0.1 port=26257");
    options_free(&o);
    str_free(&warnings);
}

static void test_keys(void **state) {
    struct options o;
    struct str warnings = {0};
    struct str shown = {0};
    (void)state;
    read_text(&o, "key F5 = refresh\nkey = = zoom\nkey q = none\nkey j = matrix\n", &warnings);
    assert_string_equal(str_get(&warnings), "");
    struct keymap *m = keymap_new();
    for (size_t i = 0; i < o.keys.len; i++)
        keymap_bind(m, o.keys.items[i].key, o.keys.items[i].command);
    assert_int_equal(keymap_find(m, CONTEXT_PANES, KEYCODE_F1 + 4), COMMAND_REFRESH);
    assert_int_equal(keymap_find(m, CONTEXT_PANES, 'r'), COMMAND_REFRESH);
    assert_int_equal(keymap_find(m, CONTEXT_PANES, '='), COMMAND_ZOOM);
    assert_int_equal(keymap_find(m, CONTEXT_PANES, 'q'), COMMAND_NONE);
    assert_int_equal(keymap_find(m, CONTEXT_PANES, 3), COMMAND_QUIT);
    assert_int_equal(keymap_find(m, CONTEXT_PANES, 'j'), COMMAND_MATRIX);
    assert_int_equal(keymap_find(m, CONTEXT_DIALOG, 'j'), COMMAND_DOWN);
    keymap_show(m);
    keymap_add_keys(&shown, command_get(COMMAND_REFRESH));
    assert_string_equal(str_get(&shown), "r F5");
    keymap_show(NULL);
    str_clear(&shown);
    keymap_add_keys(&shown, command_get(COMMAND_REFRESH));
    assert_string_equal(str_get(&shown), "r");
    keymap_free(m);
    options_free(&o);
    str_free(&warnings);
    str_free(&shown);
}

static void test_mistakes(void **state) {
    static const struct {
        const char *line, *said;
    } mistakes[] = {
        {"nonsense = 1", "there is no option \"nonsense\""},
        {"help", "there is no option \"help\""},
        {"refresh = often", "needs a number"},
        {"refresh", "needs a value"},
        {"ascii = perhaps", "yes or no"},
        {"key Foo = refresh", "is no key"},
        {"key F5 = dance", "is no command"},
        {"color = green", "auto, always or never"},
        {"nonsense\033[31m = 1", "^["},
    };
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct options o;
        struct str warnings = {0};
        char *text = mem_printf("\n%s\nlit = 7\n", mistakes[i].line);
        read_text(&o, text, &warnings);
        assert_non_null(strstr(str_get(&warnings), "config, line 2: "));
        assert_non_null(strstr(str_get(&warnings), mistakes[i].said));
        assert_null(strchr(str_get(&warnings), '\033'));
        assert_int_equal(o.lit, 7000000); /* the other lines count */
        options_free(&o);
        str_free(&warnings);
        free(text);
    }
}

/* The command line has the last word. */
static void test_command_line_wins(void **state) {
    char folder[] = "/tmp/domicile-config-XXXXXX";
    struct options o;
    struct err err = {0};
    (void)state;
    assert_non_null(mkdtemp(folder));
    char *dir = mem_printf("%s/domicile", folder);
    char *path = mem_printf("%s/config", dir);
    mkdir(dir, 0700);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("refresh = 9\ntheme = mono\ngateway = a=host=file\n", f);
    fclose(f);
    setenv("XDG_CONFIG_HOME", folder, 1);
    char program[] = "domicile", option[] = "--refresh=3", gateway[] = "--gateway", value[] = "b=host=line";
    char *argv[] = {program, option, gateway, value, NULL};
    assert_true(options_parse(&o, 4, argv, &err));
    assert_int_equal(o.refresh, 3000000);
    assert_string_equal(o.theme, "mono");
    assert_int_equal(o.gateways.len, 1);
    assert_string_equal(o.gateways.items[0].region, "b");
    options_free(&o);
    unlink(path);
    rmdir(dir);
    rmdir(folder);
    free(dir);
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_command_line_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
