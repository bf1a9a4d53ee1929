/* answer: results as a server would give them, out of recorded files and texts. */
#ifndef TESTS_SURVEY_ANSWER_H
#define TESTS_SURVEY_ANSWER_H

#include "domicile/pg/result.h"

/* A header line and a line a row, columns separated by '|'; a line without enough of them goes on with the last
 * value. An empty value is NULL. */
struct pg_result *answer_of(const char *text);
/* The unaligned answer of a recording, "22.1/2093-select-crdb_internal.gossip_nodes.txt"; with column not NULL only
 * the rows in which it has that value. */
struct pg_result *answer_recorded(const char *file, const char *column, const char *value);

#endif
