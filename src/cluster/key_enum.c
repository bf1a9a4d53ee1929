/* key_enum: the physical representations that CockroachDB makes for the members of an enum. */
#include "domicile/cluster/key.h"

#include "domicile/base/mem.h"

#include <stdlib.h>

static int byte_at(const struct key *k, size_t i, int standard) {
    return k && i < k->len ? k->data[i] : standard;
}

void key_enum_between(struct key *out, const struct key *lo, const struct key *hi) {
    unsigned char bytes[64];
    size_t n = 0;
    bool open = hi == NULL || hi->len == 0; /* hi no longer bounds once a smaller byte was written */
    for (; n < sizeof bytes; n++) {
        int low = byte_at(lo, n, 0);
        int high = open ? 256 : byte_at(hi, n, 256);
        int mid = low + (high - low) / 2;
        bytes[n] = (unsigned char)mid;
        if (mid != low) {
            n++;
            break;
        }
        open = open || low < high;
    }
    key_set(out, bytes, n);
}

/* Members first..last lie between lo and hi: the middle one is made first, as at creation. */
static void bisect(struct key *all, int first, int last, const struct key *lo, const struct key *hi) {
    if (first > last)
        return;
    int mid = first + (last + 1 - first) / 2;
    key_enum_between(&all[mid], lo, hi);
    bisect(all, first, mid - 1, lo, &all[mid]);
    bisect(all, mid + 1, last, &all[mid], hi);
}

void key_enum_initial(struct key *out, int i, int n) {
    struct key *all = mem_calloc((size_t)n, sizeof *all);
    bisect(all, 0, n - 1, NULL, NULL);
    key_set(out, all[i].data, all[i].len);
    for (int k = 0; k < n; k++)
        key_free(&all[k]);
    free(all);
}
