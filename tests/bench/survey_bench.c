/* survey_bench: what it costs to read a cluster's range descriptors, judge each range, and tell the differences from
 * the picture before. Each size has a process of its own, so that its peak of memory is its own. */
#include "bench/line.h"

#include "../src/pg/result_private.h"
#include "../src/survey/build.h"

#include "domicile/cluster/event.h"
#include "domicile/cluster/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REGIONS = 3, COLUMNS = 9, MOVED = 100 }; /* one range in MOVED has moved between the two pictures */

static const char *const region_names[REGIONS] = {"eu-west-1", "europe-west4", "uksouth"};
static const unsigned char physical[REGIONS] = {0x40, 0x60, 0x80};
static const char *const column_names[COLUMNS] = {"range_id", "start_key", "end_key", "start_pretty", "replicas",
    "replica_localities", "voting_replicas", "non_voting_replicas", "learner_replicas"};
static const char zone_text[] = "num_replicas = 5, num_voters = 3, constraints = '{+region=eu-west-1: 1, "
    "+region=europe-west4: 1, +region=uksouth: 1}', voter_constraints = '[+region=eu-west-1]'";

/* -- the cluster that is read: so many nodes in each of three regions, one table by row -- */

static int nodes; /* in each region; of the process that measures */

static void locality_text(char *out, size_t n, int store) {
    int region = (store - 1) / nodes;
    (void)snprintf(out, n, "cloud=c%d,region=%s,zone=z%d", region, region_names[region], store);
}

static struct topology *make_topology(void) {
    struct topology *t = mem_calloc(1, sizeof *t);
    t->liveness_known = t->stores_known = true;
    for (int i = 1; i <= REGIONS * nodes; i++) {
        struct node n = {.id = i, .liveness = LIVENESS_LIVE, .membership = MEMBERSHIP_ACTIVE};
        char text[64];
        locality_text(text, sizeof text, i);
        if (!locality_parse(&n.locality, text, NULL))
            abort();
        topology_add_node(t, &n);
        topology_add_store(t, i, i, &n.locality);
        locality_free(&n.locality);
    }
    return t;
}

static struct catalog *make_catalog(void) {
    struct catalog *c = mem_calloc(1, sizeof *c);
    struct table t = {.id = 106, .schema = mem_strdup("public"), .name = mem_strdup("customers")};
    struct index ix = {.id = 1, .name = mem_strdup("customers_pkey"), .primary = true, .unique = true};
    c->database.name = mem_strdup("db");
    c->database.primary_region = mem_strdup(region_names[0]);
    c->database.placement = PLACEMENT_DEFAULT;
    if (!zone_parse(&c->database.zone, NULL, zone_text, NULL) || !table_set_locality(&t, "REGIONAL BY ROW", NULL))
        abort();
    for (int i = 0; i < REGIONS; i++) {
        struct db_region r = {.name = mem_strdup(region_names[i])};
        key_set(&r.physical, &physical[i], 1);
        vec_push(&c->database.regions, r);
    }
    vec_push(&ix.columns, ((struct index_column){.name = mem_strdup("crdb_region"), .implicit = true}));
    vec_push(&t.indexes, ix);
    vec_push(&c->tables, t);
    return c;
}

/* -- the answer: n ranges, a third in each partition -- */

static void key_text(struct str *out, long at, long n) {
    static const char digits[] = "0123456789abcdef";
    struct key k = {0};
    long region = at * REGIONS / n;
    key_begin(&k, 106, 1);
    if (at < n)
        key_add_bytes(&k, &physical[region], 1, false);
    else
        key_prefix_end(&k);
    if (at < n && at > (region * n + REGIONS - 1) / REGIONS)
        key_add_int(&k, at, false);
    str_clear(out);
    str_add(out, "\\x");
    for (size_t i = 0; i < k.len; i++) {
        str_add_char(out, digits[k.data[i] >> 4]);
        str_add_char(out, digits[k.data[i] & 15]);
    }
    key_free(&k);
}

static void put(PGresult *r, int row, int column, const char *text) {
    if (!PQsetvalue(r, row, column, (char *)(uintptr_t)text, (int)strlen(text)))
        abort();
}

/* A store of the region, any of its; the same for the same seed. */
static int some_store(int region, unsigned seed) {
    return region * nodes + 1 + (int)(((seed + 1) * 2654435761u >> 8) % (unsigned)nodes);
}

/* Another of the region's that is not among those. */
static int another_store(int region, unsigned seed, const int *taken, int n) {
    int store = some_store(region, seed);
    for (int i = 0; i < n; i++) {
        if (taken[i] == store) {
            store = region * nodes + 1 + (store - region * nodes) % nodes;
            i = -1;
        }
    }
    return store;
}

/* Three voters at home, a non-voter in each other region, each on any store; moved: one on another store there. */
static void put_replicas(PGresult *r, int row, int region, bool moved) {
    char text[512];
    unsigned seed = (unsigned)row * 5;
    int all[5] = {0}, other = (region + 2) % REGIONS;
    for (int i = 0; i < 3; i++)
        all[i] = another_store(region, seed + (unsigned)i, all, i);
    all[3] = some_store((region + 1) % REGIONS, seed + 3);
    int still = some_store(other, seed + 4);
    all[4] = moved ? another_store(other, seed + 5, &still, 1) : still;
    size_t n = 0;
    (void)snprintf(text, sizeof text, "{%d,%d,%d,%d,%d}", all[0], all[1], all[2], all[3], all[4]);
    put(r, row, 4, text);
    for (int i = 0; i < 5; i++) {
        char one[64];
        locality_text(one, sizeof one, all[i]);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\"%s\"", i ? "," : "{", one);
    }
    (void)snprintf(text + n, sizeof text - n, "}");
    put(r, row, 5, text);
    (void)snprintf(text, sizeof text, "{%d,%d,%d}", all[0], all[1], all[2]);
    put(r, row, 6, text);
    (void)snprintf(text, sizeof text, "{%d,%d}", all[3], all[4]);
    put(r, row, 7, text);
    put(r, row, 8, "{}");
}

static struct pg_result *make_answer(long n, bool later) {
    PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[COLUMNS] = {{0}};
    struct str key = {0};
    for (int i = 0; i < COLUMNS; i++)
        columns[i] = (PGresAttDesc){.name = (char *)(uintptr_t)column_names[i], .typid = 25};
    PQsetResultAttrs(r, COLUMNS, columns);
    for (long i = 0; i < n; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, "%ld", 1000 + i);
        put(r, (int)i, 0, text);
        key_text(&key, i, n);
        put(r, (int)i, 1, str_get(&key));
        (void)snprintf(text, sizeof text, "/Table/106/1/\"@\"/%ld", i);
        put(r, (int)i, 3, text);
        key_text(&key, i + 1, n);
        put(r, (int)i, 2, str_get(&key));
        put_replicas(r, (int)i, (int)(i * REGIONS / n), later && i % MOVED == 0);
    }
    str_free(&key);
    return pg_result_wrap(r, "bench");
}

/* -- what is measured -- */

static struct ranges *read_ranges(const struct pg_result *r) {
    struct leases none = {0};
    struct store_localities seen = {0};
    struct ranges_builder *b = ranges_builder_new(r, &none);
    bool done, changed;
    struct err err = {0};
    if (!ranges_builder_step(b, NULL, NULL, &done, &err) || !done)
        abort();
    struct ranges *rs = ranges_builder_take(b, &seen, &changed);
    ranges_builder_free(b);
    store_localities_free(&seen);
    return rs;
}

static void judge_all(struct snapshot *s, const struct snapshot *previous) {
    struct judge *j = judge_new(s, previous, 2);
    while (!judge_step(j, NULL, NULL))
        continue;
    snapshot_set(s, part_new(PART_VERDICTS, judge_take(j), 2, 2));
    judge_free(j);
}

struct cost {
    double read, judged, told, peak;
    int events;
};

/* A refresh of n ranges: the answer is there, the picture before as well. */
static struct cost refresh(long n) {
    struct snapshot before = {0}, now = {0};
    struct events events = {0};
    struct cost c = {0};
    struct pg_result *first = make_answer(n, false);
    snapshot_set(&before, part_new(PART_TOPOLOGY, make_topology(), 1, 1));
    snapshot_set(&before, part_new(PART_CATALOG, make_catalog(), 1, 1));
    snapshot_set(&before, part_new(PART_RANGES, read_ranges(first), 1, 1));
    pg_result_free(first);
    judge_all(&before, NULL);
    struct pg_result *second = make_answer(n, true);
    snapshot_copy(&now, &before);
    double at = bench_cpu_ms();
    snapshot_set(&now, part_new(PART_RANGES, read_ranges(second), 2, 2));
    c.read = bench_cpu_ms() - at;
    judge_all(&now, &before);
    c.judged = bench_cpu_ms() - at - c.read;
    events_diff(&events, &before, &now, 2, 2);
    c.told = bench_cpu_ms() - at - c.read - c.judged;
    c.peak = bench_peak_mb();
    c.events = (int)events.len;
    if (snapshot_verdicts(&now)->rows.abroad != n)
        abort(); /* measured something else */
    events_free(&events);
    pg_result_free(second);
    snapshot_clear(&before);
    snapshot_clear(&now);
    return c;
}

static struct cost refresh_apart(long n, int nodes_of_region) {
    int ends[2];
    struct cost c = {0};
    fflush(stdout);
    if (pipe(ends) != 0)
        abort();
    pid_t pid = fork();
    if (pid == 0) {
        nodes = nodes_of_region;
        c = refresh(n);
        _exit(write(ends[1], &c, sizeof c) != (ssize_t)sizeof c);
    }
    close(ends[1]);
    if (pid < 0 || read(ends[0], &c, sizeof c) != (ssize_t)sizeof c)
        abort();
    close(ends[0]);
    waitpid(pid, NULL, 0);
    return c;
}

static double cpu(const struct cost *c) {
    return c->read + c->judged + c->told;
}

static bool print_cost(const char *of, const struct cost *c) {
    char what[80];
    (void)snprintf(what, sizeof what, "%s read, judged, differenced: CPU", of);
    bool ok = bench_line(what, cpu(c), 150, "ms");
    printf("  of it: read %.1f, judged %.1f, differenced %.1f (%d events)\n", c->read, c->judged, c->told, c->events);
    (void)snprintf(what, sizeof what, "%s, two pictures and the answer: memory", of);
    return bench_line(what, c->peak, 150, "MB") && ok;
}

int main(void) {
    struct cost small = refresh_apart(10000, 3), c = refresh_apart(100000, 3), large = refresh_apart(1000000, 3);
    struct cost wide = refresh_apart(100000, 100);
    bool ok = print_cost("100,000 ranges on 9 nodes", &c);
    ok = print_cost("100,000 ranges on 300 nodes", &wide) && ok;
    ok = bench_line("CPU a range, 100,000 ranges, by 10,000", cpu(&c) / 10 / cpu(&small), 2, "times") && ok;
    ok = bench_line("CPU a range, 1,000,000 ranges, by 100,000", cpu(&large) / 10 / cpu(&c), 2, "times") && ok;
    return ok ? 0 : 1;
}
