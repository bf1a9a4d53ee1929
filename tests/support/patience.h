/* patience: how much slower than usual the programs under test run. */
#ifndef TESTS_SUPPORT_PATIENCE_H
#define TESTS_SUPPORT_PATIENCE_H

#include <stdbool.h>
#include <stdlib.h>

/* $TEST_PATIENCE, which whoever runs them under valgrind sets; without it what a sanitizer takes, else 1. Limits of time
 * are multiplied by it. */
static inline int patience(void) {
#ifdef __SANITIZE_ADDRESS__
    enum { USUAL = 4 };
#else
    enum { USUAL = 1 };
#endif
    const char *text = getenv("TEST_PATIENCE");
    int factor = text ? atoi(text) : 0;
    return factor > 0 ? factor : USUAL;
}

/* The program runs in another, as under valgrind: what the system says of the process, its arguments say, is the
 * other's. */
static inline bool emulated(void) { return getenv("TESTED_DOMICILE") != NULL; }

#endif
