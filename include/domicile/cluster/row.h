/* row: rows of a table as read, placed in ranges. */
#ifndef DOMICILE_CLUSTER_ROW_H
#define DOMICILE_CLUSTER_ROW_H

#include "domicile/cluster/domicile.h"

struct row {
    VEC_STRUCT(char *) values; /* in the order of rows.columns; NULL = SQL NULL; raw server text */
    char *home;                /* region; NULL: none or not known */
    struct key key;            /* of the primary index; len 0: cannot be encoded (why says) */
    char *why;                 /* reason when key or range is not known; else NULL */
    int64_t range_id;          /* of the primary index; 0 not known */
    usec landed;               /* loop time first seen after the first read; 0: was there before */
    struct domicile_verdict verdict; /* worst over every index of the table */
};

/* One page of one home region, or of a whole table without regions by row. */
struct row_page {
    char *region; /* NULL: not by row */
    VEC_STRUCT(struct row) rows; /* in key order */
    bool more_before;
    bool more_after;
    bool followed; /* read from a follower: as the rows were at asof, not as they are */
    usec asof;   /* loop time of the answer; 0 never read */
    char *problem; /* why it could not be read now (timeout, rights); NULL fine. Old rows stay */
};

/* What is shown of one table. */
struct rows {
    char *table; /* as table_shown() names it */
    VEC_STRUCT(char *) columns; /* names, primary key first */
    VEC_STRUCT(char *) types;
    size_t key_columns; /* how many of the first columns are the visible primary key */
    VEC_STRUCT(struct row_page) pages; /* by home region in the database's order */
};

/* Free what each owns (values, keys, verdicts; the rows of a page; the pages), not the structure, empty afterwards. */
void row_free(struct row *r);
/* The range named by range_id; NULL when those read do not list it. O(log n) where the key lies in it. */
const struct range *row_range(const struct row *r, const struct ranges *ranges);
void row_page_free(struct row_page *p);
void rows_free(struct rows *r);
/* Encodes r->key from its values, finds the range and judges every index (the row's own partition
 * in each). Sets why when the key cannot be encoded. */
void row_place(struct row *r, const struct rows *rows, const struct catalog *c, const struct ranges *ranges,
    const struct topology *t);

/* The zone configuration that governs the row's entry in an index, and who supplied it (target may be NULL): its
 * partition's, or the table's. NULL: it could not be read; another's is never taken for it. */
const struct zone *row_zone(const struct row *r, const struct table *t, const struct index *ix, const char **target);

#endif
