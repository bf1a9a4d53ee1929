/* files: the recorded answers as the dialect's tests read them. */
#ifndef TESTS_DIALECT_FILES_H
#define TESTS_DIALECT_FILES_H

#include <stddef.h>

/* Calls visit with the whole text of every .txt, .sql and .log file of $TRUTH/22.1 and 26.1. */
void files_each(void (*visit)(const char *name, const char *text, void *context), void *context);
/* The text of one file of $TRUTH, e.g. "22.1/2001-show-create-customers.txt"; the caller frees. */
char *files_read(const char *name);

#endif
