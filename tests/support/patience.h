/* patience: how much slower than usual the programs under test run. */
#ifndef TESTS_SUPPORT_PATIENCE_H
#define TESTS_SUPPORT_PATIENCE_H

/* $TEST_PATIENCE, which whoever runs them under valgrind sets; 1 without it. Limits of time are multiplied by it. */
int patience(void);

#endif
