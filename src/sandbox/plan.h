/* plan: how a scan of one table would be made: which index, which spans of its keys, what remains to be filtered. */
#ifndef DOMICILE_SANDBOX_PLAN_H
#define DOMICILE_SANDBOX_PLAN_H

#include "engine_private.h"

#include "domicile/cluster/key.h"

enum { PLAN_COLUMNS = 16 };

/* One stretch of the index: a region (NULL: the index has none in front) and values of the columns behind it. */
struct plan_span {
    const char *region;
};

struct plan {
    const struct table_descriptor *table;
    const struct index_descriptor *index;
    const struct type_descriptor *regions; /* the type of the implicit column; NULL: none in front */
    size_t bound;                          /* of the index's own columns, how many are held to a value */
    const struct column_descriptor *columns[PLAN_COLUMNS]; /* those */
    bool descending[PLAN_COLUMNS];
    const char *values[PLAN_COLUMNS];
    bool unique;                           /* at most one row can be found */
    AST_LIST(struct plan_span) local;      /* what is scanned first; all, where there is no second */
    AST_LIST(struct plan_span) remote;     /* scanned where the first found nothing; may be empty */
    AST_LIST(const char *) unread;         /* regions that a condition excludes */
    bool full;                             /* nothing is held: the whole index */
    AST_LIST(const struct ast_expr *) held;    /* the conditions that the spans see to */
    AST_LIST(const struct ast_expr *) filters; /* what the spans do not see to */
};

/* Plans SELECT ... FROM a table WHERE. gateway is the gateway's region, NULL none. All of it lives in tr's arena. */
void plan_scan(struct plan *p, struct translator *tr, const struct table_descriptor *t, const struct ast_expr *where,
    const char *gateway);
/* Whether the scan may have to read a region's rows. */
bool plan_reads(const struct plan *p, const char *region);
/* "/'eu-west-1'/7 - ..." or, verbose, as keys: "/"@"-/"@"/PrefixEnd". */
void plan_print_span(struct str *out, const struct plan *p, const struct plan_span *span, const struct descriptors *d,
    bool verbose);

#endif
