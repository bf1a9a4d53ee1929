/* answer: what each headless command says, made from a snapshot. A row of the table is a command. */
#ifndef DOMICILE_OUTPUT_ANSWER_H
#define DOMICILE_OUTPUT_ANSWER_H

#include "domicile/cluster/snapshot.h"
#include "domicile/output/records.h"

/* What an answer is made of. */
struct answer_input {
    const struct snapshot *snapshot;
    const char *table;           /* the command's argument; NULL none */
    const struct row_page *page; /* when paged: the page to add */
    bool unread;                 /* something that the answer rests on could not be read */
    bool conformance;            /* check: conformance counts, too */
    usec max_age;                /* check: of what it rests on; 0: any */
    usec now;                    /* loop time */
};

/* What the command's exit code says. */
enum answer_says { ANSWER_YES = 0, ANSWER_NO = 1, ANSWER_CANNOT_TELL = 2 };

struct answer {
    const char *name;     /* the command: "regions" */
    enum part_kind part;  /* of the snapshot, without which there is nothing to say */
    bool tables;          /* and of a catalog its tables */
    bool paged;           /* shows rows of the table: append is called for each page of it */
    /* Adds the fields. */
    void (*begin)(struct records *r, const struct answer_input *in);
    /* Adds records; for each page when paged. */
    void (*append)(struct records *r, const struct answer_input *in);
    /* The exit code of an answer that is yes or no; NULL: always 0. */
    enum answer_says (*says)(const struct answer_input *in);
};

/* NULL: no such answer. */
const struct answer *answer_find(const char *name);

#endif
