/* main: finds out what is wanted and starts it. */
#include "config.h"

#include "domicile/app/headless.h"
#include "domicile/sandbox/sandbox.h"

#include <stdio.h>
#include <string.h>

static int sandbox_main(int argc, char **argv) {
    struct sandbox_options o;
    struct err err = {0};
    int status = 0;
    sandbox_options_init(&o);
    if (sandbox_options_parse(&o, argc - 2, argv + 2, &err)) {
        status = sandbox_run(&o);
    } else {
        fprintf(stderr, "domicile: %s\n", err.message);
        if (err.hint[0])
            fprintf(stderr, "domicile: %s\n", err.hint);
        status = err_exit_code(err.kind);
    }
    sandbox_options_free(&o);
    return status;
}

int main(int argc, char **argv) {
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "--version") == 0) {
        puts(PACKAGE_STRING);
        return 0;
    }
    if (strcmp(command, "sandbox") == 0)
        return sandbox_main(argc, argv);
    if (headless_knows(command))
        return headless_main(argc, argv);
    struct str usage = {0};
    str_add(&usage, "  domicile sandbox [OPTIONS]      Run a simulated cluster alone\n");
    headless_help(&usage);
    fprintf(stderr, "usage:\n%s", str_get(&usage));
    str_free(&usage);
    return 64;
}
