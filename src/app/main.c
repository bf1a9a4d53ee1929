/* main: finds out what is wanted and starts it. */
#include "config.h"

#include "domicile/app/explorer.h"
#include "domicile/app/headless.h"
#include "domicile/base/secret.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static int print_help(void) {
    struct str text = {0};
    options_help(&text);
    str_add(&text, "\nfor scripts:\n");
    headless_help(&text);
    fputs(str_get(&text), stdout);
    str_free(&text);
    return 0;
}

static int run(const struct options *o) {
    if (o->version) {
        puts(PACKAGE_STRING);
        return 0;
    }
    if (o->help)
        return print_help();
    switch (o->command) {
    case PROGRAM_SANDBOX: return sandbox_run(&o->sandbox);
    case PROGRAM_DEMO: return demo_main(o);
    case PROGRAM_EXPLORE: return explore_main(o);
    }
    return 64;
}

int main(int argc, char **argv) {
    struct options o;
    struct err err = {0};
    secret_forbid_core_dumps();
    setlocale(LC_ALL, "");
    /* Numbers are read and written as SQL has them, whatever the language. */
    setlocale(LC_NUMERIC, "C");
    if (argc > 1 && headless_knows(argv[1]))
        return headless_main(argc, argv);
    int status;
    if (options_parse(&o, argc, argv, &err)) {
        status = run(&o);
    } else {
        err_print(&err);
        status = err_exit_code(err.kind);
    }
    options_free(&o);
    return status;
}
