/* memo: verdicts by what they depend on. */
#include "memo.h"

#include <string.h>

static uint64_t mix(uint64_t h, uint64_t v) { return (h ^ v) * UINT64_C(0x9e3779b97f4a7c15) >> 7 ^ h << 11; }

static size_t hash(const struct memo_case *c) {
    uint64_t h = c->conformance;
    h = mix(h, (uint64_t)(uintptr_t)c->home);
    h = mix(h, (uint64_t)(uintptr_t)c->zone);
    h = mix(h, (uint64_t)(uintptr_t)c->doubt);
    h = mix(h, (uint64_t)c->like->lease_state << 32 | (unsigned)c->like->leaseholder);
    for (size_t i = 0; i < c->like->replicas.len; i++)
        h = mix(h, (uint64_t)c->like->replicas.items[i].kind << 32 | (unsigned)c->like->replicas.items[i].store_id);
    return (size_t)(h ^ h >> 29);
}

static bool alike(const struct range *a, const struct range *b) {
    if (a->lease_state != b->lease_state || a->leaseholder != b->leaseholder || a->replicas.len != b->replicas.len)
        return false;
    for (size_t i = 0; i < a->replicas.len; i++)
        if (a->replicas.items[i].store_id != b->replicas.items[i].store_id ||
            a->replicas.items[i].kind != b->replicas.items[i].kind)
            return false;
    return true;
}

static bool same(const struct memo_case *a, const struct memo_case *b) {
    return a->conformance == b->conformance && a->home == b->home && a->zone == b->zone && a->doubt == b->doubt &&
        alike(a->like, b->like);
}

/* The slot of the case, or the free one where it belongs. */
static size_t *slot_of(struct memo *m, const struct memo_case *c) {
    size_t at = hash(c) & (m->capacity - 1);
    while (m->slots[at] && !same(&m->entries.items[m->slots[at] - 1].of, c))
        at = (at + 1) & (m->capacity - 1);
    return &m->slots[at];
}

static void grow(struct memo *m) {
    free(m->slots);
    m->capacity = m->capacity ? m->capacity * 2 : 256;
    m->slots = mem_calloc(m->capacity, sizeof *m->slots);
    for (size_t i = 0; i < m->entries.len; i++)
        *slot_of(m, &m->entries.items[i].of) = i + 1;
}

struct memo_entry *memo_at(struct memo *m, const struct memo_case *c, bool *found) {
    if (m->entries.len * 2 >= m->capacity)
        grow(m);
    size_t *slot = slot_of(m, c);
    *found = *slot != 0;
    if (!*found) {
        vec_push(&m->entries, ((struct memo_entry){.of = *c}));
        *slot = m->entries.len;
    }
    return &m->entries.items[*slot - 1];
}

void memo_free(struct memo *m) {
    vec_free(&m->entries);
    free(m->slots);
    *m = (struct memo){0};
}
