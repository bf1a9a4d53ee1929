/* memo: verdicts by what they depend on, because a cluster has many ranges and few combinations of stores. */
#ifndef CLUSTER_MEMO_H
#define CLUSTER_MEMO_H

#include "domicile/cluster/snapshot.h"

/* What a verdict of this snapshot depends on. The pointers are compared, not what they point to: they are the
 * catalog's own. like is any range with these replicas and this lease, and lives as long as the memo. */
struct memo_case {
    const struct range *like;
    const char *home;
    const struct zone *zone;
    const char *doubt;
    bool conformance; /* of the range with zone; else its domicile */
};
struct memo_entry {
    struct memo_case of;
    const struct domicile_verdict *verdict; /* one of verdicts.kinds */
    unsigned states; /* of enum conformance */
};
struct memo {
    VEC_STRUCT(struct memo_entry) entries;
    size_t *slots; /* index + 1 into entries; 0 free */
    size_t capacity;
};

/* The entry of the case; *found tells whether it was there, otherwise the caller fills it. Valid until the next. */
struct memo_entry *memo_at(struct memo *m, const struct memo_case *c, bool *found);
void memo_free(struct memo *m);

#endif
