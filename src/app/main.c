/* main: finds out what is wanted and starts it. */
#include "config.h"

#include "domicile/app/headless.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts(PACKAGE_STRING);
        return 0;
    }
    if (argc > 1 && headless_knows(argv[1]))
        return headless_main(argc, argv);
    fprintf(stderr, "domicile: usage: domicile --version\n");
    return 64;
}
