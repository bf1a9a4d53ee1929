/* made: databases made up for the tests of the placement rules. */
#ifndef MADE_H
#define MADE_H

#include "domicile/cluster/rules.h"

/* A database in one word each: "b a c" are its regions, the primary first; "x:a,b y:c" super regions. */
struct made_state {
    const char *regions;
    char goal;      /* 'z', 'r' */
    char placement; /* 'd', 'r' */
    const char *secondary;
    const char *supers;
};

/* An object: 'D' database, 'T' by table in the primary region, 'I' by table in a region, 'W' by row (the table itself),
 * 'P' a partition of one, 'G' global. */
struct made_object {
    char kind;
    const char *region;
};

/* Fills d, which database_free ends. */
void made_database(struct database *d, const struct made_state *s);
/* What the object sets itself, in z, which must be empty. */
bool made_zone(struct zone *z, const struct rules_input *in, const struct made_object *o, struct err *err);
/* text with its line ends as blanks; the caller frees it. */
char *made_line(const char *text);

#endif
