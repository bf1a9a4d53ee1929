/* build_ranges: range descriptors of any version, with what is known of their leases. */
#include "build.h"

#include <string.h>

enum { READ_SLOTS = 1024, USUAL_REPLICAS = 5 };

void leases_free(struct leases *l) {
    vec_free(l);
    l->state = LEASE_NOT_ASKED;
    l->asof = 0;
}

/* -- leases: a table by range id, because a hundred thousand must not be sorted in one turn -- */

enum { STEP = 64, LEAST_SLOTS = 16 };

static size_t lease_slot(const struct leases *l, int64_t range_id) {
    size_t at = (size_t)(((uint64_t)range_id * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (l->len - 1);
    while (l->items[at].range_id != 0 && l->items[at].range_id != range_id)
        at = (at + 1) & (l->len - 1);
    return at;
}

static const struct lease *lease_find(const struct leases *l, int64_t range_id) {
    const struct lease *found = l->len > 0 ? &l->items[lease_slot(l, range_id)] : NULL;
    return found != NULL && found->range_id != 0 ? found : NULL;
}

struct leases_reader {
    const struct pg_result *r;
    size_t range, holder; /* columns */
    bool begun;
    size_t row;
    struct leases leases;
};

struct leases_reader *leases_reader_new(const struct pg_result *r) {
    struct leases_reader *l = mem_calloc(1, sizeof *l);
    size_t slots = LEAST_SLOTS;
    while (slots < 2 * pg_result_rows(r))
        slots *= 2;
    l->r = r;
    l->leases.items = mem_calloc(slots, sizeof *l->leases.items);
    l->leases.len = l->leases.cap = slots;
    return l;
}

void leases_reader_free(struct leases_reader *l) {
    if (l == NULL)
        return;
    leases_free(&l->leases);
    free(l);
}

static bool read_lease(struct leases_reader *l, size_t row, struct err *err) {
    struct lease one = {0};
    int64_t store;
    if (!pg_result_int(l->r, row, l->range, &one.range_id, err))
        return false;
    if (pg_decode_int(&store, pg_result_text(l->r, row, l->holder)))
        one.store_id = (int)store;
    if (one.range_id > 0)
        l->leases.items[lease_slot(&l->leases, one.range_id)] = one;
    return true;
}

bool leases_reader_step(struct leases_reader *l, bool (*more)(void *arg), void *arg, bool *done, struct err *err) {
    *done = false;
    if (!l->begun
        && (!pg_result_column(l->r, "range_id", &l->range, err)
            || !pg_result_column(l->r, "lease_holder", &l->holder, err)))
        return false;
    l->begun = true;
    while (l->row < pg_result_rows(l->r)) {
        if (!read_lease(l, l->row++, err))
            return false;
        if (l->row % STEP == 0 && more != NULL && !more(arg))
            return true;
    }
    *done = true;
    return true;
}

void leases_reader_take(struct leases_reader *l, struct leases *out) {
    free(out->items);
    out->items = l->leases.items;
    out->len = l->leases.len;
    out->cap = l->leases.cap;
    l->leases.items = NULL;
    l->leases.len = l->leases.cap = 0;
}

bool build_leases(struct leases *l, const struct pg_result *r, usec asof, struct err *err) {
    struct leases_reader *reader = leases_reader_new(r);
    bool done, ok = leases_reader_step(reader, NULL, NULL, &done, err);
    if (ok) {
        leases_reader_take(reader, l);
        l->asof = asof;
    }
    leases_reader_free(reader);
    return ok;
}

static void set_lease(struct range *range, const struct leases *l) {
    const struct lease *found = lease_find(l, range->id);
    range->lease_state = l->state;
    range->lease_asof = l->asof;
    range->leaseholder = 0;
    if (found == NULL)
        return;
    range->lease_state = found->store_id > 0 ? LEASE_KNOWN : LEASE_NONE;
    range->leaseholder = found->store_id;
}

struct range_columns {
    size_t id, start, end, pretty, replicas, localities, voters, non_voters, learners;
};

struct ranges_builder {
    const struct pg_result *r; /* NULL: from */
    struct part *from;
    const struct leases *leases;
    struct range_columns columns;
    bool begun;
    bool unsorted; /* some range starts before the one that was read before it */
    size_t row;
    struct ranges *ranges;
    struct store_localities seen;
    uint64_t read[READ_SLOTS]; /* of stores with localities: hashes of what was read */
};

struct ranges_builder *ranges_builder_new(const struct pg_result *r, const struct leases *leases) {
    struct ranges_builder *b = mem_calloc(1, sizeof *b);
    b->r = r;
    b->leases = leases;
    b->ranges = mem_calloc(1, sizeof *b->ranges);
    vec_reserve(b->ranges, pg_result_rows(r));
    return b;
}

struct ranges_builder *ranges_builder_again(struct part *ranges, const struct leases *leases) {
    struct ranges_builder *b = mem_calloc(1, sizeof *b);
    const struct ranges *from = ranges->data;
    b->from = part_ref(ranges);
    b->leases = leases;
    b->ranges = mem_calloc(1, sizeof *b->ranges);
    vec_reserve(b->ranges, from->len);
    return b;
}

void ranges_builder_free(struct ranges_builder *b) {
    if (b == NULL)
        return;
    part_unref(b->from);
    if (b->ranges != NULL)
        ranges_free(b->ranges);
    free(b->ranges);
    store_localities_free(&b->seen);
    free(b);
}

/* SHOW RANGES WITH KEYS calls the bytes raw_start_key and the text start_key; crdb_internal calls them
 * start_key and start_pretty. */
static bool find_columns(struct range_columns *c, const struct pg_result *r, struct err *err) {
    bool shown = pg_result_has(r, "raw_start_key", &c->start);
    return pg_result_column(r, "range_id", &c->id, err)
        && pg_result_column(r, shown ? "raw_start_key" : "start_key", &c->start, err)
        && pg_result_column(r, shown ? "raw_end_key" : "end_key", &c->end, err)
        && pg_result_column(r, shown ? "start_key" : "start_pretty", &c->pretty, err)
        && pg_result_column(r, "replicas", &c->replicas, err)
        && pg_result_column(r, "replica_localities", &c->localities, err)
        && pg_result_column(r, "voting_replicas", &c->voters, err)
        && pg_result_column(r, "non_voting_replicas", &c->non_voters, err)
        && pg_result_column(r, "learner_replicas", &c->learners, err);
}

static bool read_key(struct key *k, const struct pg_result *r, size_t row, size_t column, struct err *err) {
    const char *text = pg_result_text(r, row, column);
    return text != NULL ? key_parse_hex(k, text, err) : err_set(err, ERR_INTERNAL, "a range has no key");
}

/* One number of "{1,2,3}" at *p, which moves on; false at the end or where it is no such list. */
static bool next_store(const char **p, int *store) {
    const char *at = *p + 1;
    long v = 0;
    if ((**p != '{' && **p != ',') || *at < '0' || *at > '9')
        return false;
    for (; *at >= '0' && *at <= '9' && v < 100000000; at++)
        v = v * 10 + (*at - '0');
    *p = at;
    *store = (int)v;
    return true;
}

static bool ends_list(const char *p) {
    return strcmp(p, "}") == 0 || strcmp(p, "{}") == 0;
}

/* Read in place: there may be a hundred thousand of them. */
static bool read_replicas(struct range *range, const struct pg_result *r, size_t row, size_t column,
    enum replica_kind kind, struct err *err) {
    const char *p = pg_result_text(r, row, column);
    int store;
    if (p == NULL)
        return true;
    while (next_store(&p, &store))
        range_add_replica(range, store, kind);
    return ends_list(p)
        || err_set(err, ERR_INTERNAL, "the stores of range %lld are no list of numbers: %s", (long long)range->id,
            pg_result_text(r, row, column));
}

/* Eight bytes at a time: the localities of a range are the longest text of its row. */
static uint64_t hash_text(uint64_t h, const char *text, size_t n) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, sizeof word);
        h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 32;
    }
    for (; i < n; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

/* Whether the quote at q is escaped, within text. */
static bool is_escaped(const char *text, const char *q) {
    const char *p = q;
    while (p > text && p[-1] == '\\')
        p--;
    return (q - p) % 2 != 0;
}

/* The length of the element of an array that begins at text: up to the comma or brace behind it. */
static size_t element_length(const char *text) {
    if (*text != '"')
        return strcspn(text, ",}");
    const char *end = strchr(text + 1, '"');
    while (end != NULL && is_escaped(text + 1, end))
        end = strchr(end + 1, '"');
    return end != NULL ? (size_t)(end + 1 - text) : strlen(text);
}

/* Whether the locality of each of these stores is as it was read last. What is new counts as read from now on. */
static bool were_read(struct ranges_builder *b, const char *replicas, const char *localities) {
    const char *at = localities + (*localities == '{');
    bool all = at > localities;
    int store;
    while (next_store(&replicas, &store)) {
        size_t n = element_length(at);
        uint64_t h = hash_text((uint64_t)store + 1, at, n) | 1;
        uint64_t *slot = &b->read[(unsigned)store % READ_SLOTS];
        all = all && n > 0 && *slot == h;
        *slot = h;
        at += n + (at[n] == ',');
    }
    return all;
}

/* replica_localities[i] belongs to replicas[i]. */
static bool read_localities(struct ranges_builder *b, size_t row, struct err *err) {
    struct pg_texts localities = {0};
    const struct range_columns *c = &b->columns;
    const char *p = pg_result_text(b->r, row, c->replicas);
    const char *text = pg_result_text(b->r, row, c->localities);
    int store;
    if (p == NULL || text == NULL || were_read(b, p, text))
        return true;
    if (!pg_result_texts(b->r, row, c->localities, &localities, err))
        return false;
    for (size_t i = 0; i < localities.len && next_store(&p, &store); i++)
        if (localities.items[i] != NULL)
            (void)store_localities_add(&b->seen, store, localities.items[i]);
    pg_texts_free(&localities);
    return true;
}

/* What is known of two that follow each other in the answer. */
static void note_order(struct ranges_builder *b, const struct range *before, const struct range *range) {
    int order = key_compare(&before->end, &range->start);
    if (order != 0)
        vec_push(&b->ranges->breaks, b->ranges->len);
    b->unsorted = b->unsorted || (order > 0 && key_compare(&before->start, &range->start) > 0);
}

static bool read_range(struct ranges_builder *b, size_t row, struct err *err) {
    const struct range_columns *c = &b->columns;
    struct range range = {.size = -1};
    vec_reserve(&range.replicas, USUAL_REPLICAS);
    bool ok = pg_result_int(b->r, row, c->id, &range.id, err) && read_key(&range.start, b->r, row, c->start, err)
        && read_key(&range.end, b->r, row, c->end, err)
        && read_replicas(&range, b->r, row, c->voters, REPLICA_VOTER, err)
        && read_replicas(&range, b->r, row, c->non_voters, REPLICA_NON_VOTER, err)
        && read_replicas(&range, b->r, row, c->learners, REPLICA_LEARNER, err) && read_localities(b, row, err);
    range.start_pretty = mem_strdup_null(pg_result_text(b->r, row, c->pretty));
    set_lease(&range, b->leases);
    if (b->ranges->len > 0)
        note_order(b, &b->ranges->items[b->ranges->len - 1], &range);
    vec_push(b->ranges, range);
    return ok;
}

static void copy_breaks(struct ranges *to, const struct ranges *from) {
    for (size_t i = 0; i < from->breaks.len; i++)
        vec_push(&to->breaks, from->breaks.items[i]);
    to->breaks_known = from->breaks_known;
}

/* True when all are copied. */
static bool copy_step(struct ranges_builder *b, bool (*more)(void *arg), void *arg) {
    const struct ranges *from = b->from->data;
    while (b->row < from->len) {
        struct range range = {0};
        range_copy(&range, &from->items[b->row++]);
        set_lease(&range, b->leases);
        vec_push(b->ranges, range);
        if (b->row % STEP == 0 && more != NULL && !more(arg))
            return false;
    }
    copy_breaks(b->ranges, from);
    return true;
}

bool ranges_builder_step(struct ranges_builder *b, bool (*more)(void *arg), void *arg, bool *done, struct err *err) {
    *done = b->from != NULL && copy_step(b, more, arg);
    if (b->from != NULL)
        return true;
    if (!b->begun && !find_columns(&b->columns, b->r, err))
        return false;
    b->begun = true;
    while (b->row < pg_result_rows(b->r)) {
        if (!read_range(b, b->row++, err))
            return false;
        if (b->row % STEP == 0 && more != NULL && !more(arg))
            return true;
    }
    b->ranges->breaks_known = true;
    if (b->unsorted) {
        ranges_sort(b->ranges);
        ranges_find_breaks(b->ranges);
    }
    *done = true;
    return true;
}

struct ranges *ranges_builder_take(struct ranges_builder *b, struct store_localities *seen, bool *changed) {
    struct ranges *taken = b->ranges;
    b->ranges = NULL;
    *changed = false;
    for (size_t i = 0; i < b->seen.len; i++)
        if (store_localities_add(seen, b->seen.items[i].store_id, b->seen.items[i].locality))
            *changed = true;
    return taken;
}
