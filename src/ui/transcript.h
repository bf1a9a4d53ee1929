/* transcript: what was typed into the console and what came of it, as lines that can be paged and searched. Pure. */
#ifndef UI_TRANSCRIPT_H
#define UI_TRANSCRIPT_H

#include "domicile/base/str.h"
#include "domicile/base/vec.h"
#include "domicile/pg/result.h"
#include "domicile/ui/theme.h"

struct transcript_block {
    enum style style;
    VEC_STRUCT(char *) lines;  /* of a text; cleaned */
    struct pg_result *result;  /* of a result; its lines are made when they are shown */
    VEC_STRUCT(int) widths;    /* of its columns */
    size_t count;              /* lines */
};

struct transcript {
    VEC_STRUCT(struct transcript_block) blocks; /* oldest first */
    size_t count; /* lines of all of them */
};

void transcript_free(struct transcript *t);
void transcript_clear(struct transcript *t);
/* Adds text, a line each at its line ends, broken at width columns (0: not); at most `most` lines (0: all), the rest
 * told by its number. */
void transcript_add(struct transcript *t, enum style style, const char *text, size_t most, int width);
/* Adds a result and takes it over: as a table, or one line a column when it is one wide row. */
void transcript_add_result(struct transcript *t, struct pg_result *r);
/* Appends line i, cleaned; its style. Beyond the end: nothing. */
enum style transcript_line(const struct transcript *t, size_t i, struct str *out);
/* The next line from `from` on (back: before it) that contains text, whatever its case; (size_t)-1 none. */
size_t transcript_find(const struct transcript *t, const char *text, size_t from, bool back);
/* The newest result; NULL none. */
const struct pg_result *transcript_result(const struct transcript *t);

#endif
