/* replay_sample: recorded and simulated ranges, side by side. */
#include "replay_sample.h"
#include "replay_cluster.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A range at one time: regions by letter, sorted: "uuu", "ew". */
struct range_state {
    char *key;
    char lease; /* its region; '?' not known */
    bool lease_votes;
    char voters[12], others[12], learners[12];
};

struct snapshot {
    double when;
    VEC_STRUCT(struct range_state) ranges;
    char *violations;  /* of zones 104 and 106, "104/0 constraint +region=a:1 2\n" */
    double generated;  /* of the constraint report */
};

struct snapshots {
    VEC(struct snapshot);
};

/* Which samples there are, and what of them can be told. */
struct story {
    const char *version, *file;
    const char *table_least; /* ranges from this table on */
    bool one_change;         /* one statement, whose effect begins and ends */
    bool returns;            /* ends where it began */
};
static const struct story stories[] = {
    {"22.1", "sample-A-setup.log", "/Table/106", false, false},
    {"22.1", "sample-B-restricted.log", "/Table/106", true, false},
    {"22.1", "sample-C-default.log", "/Table/106", true, false},
    {"26.1", "sample-B-restricted.log", "/Table/106", true, false},
    {"26.1", "sample-C-default.log", "/Table/106", true, false},
    {"26.1", "sample-E-super-region.log", "/Table/106", true, false},
    {"26.1", "sample-A2-setup-marked.log", "/Table/106", false, false},
    {"26.1", "sample-B2-restricted-marked.log", "/Table/106", true, false},
    {"26.1", "sample-C2-default-marked.log", "/Table/106", true, false},
    {"26.1", "sample-F-region-outage.log", "/Table/106", false, true},
};

struct sample {
    const struct story *story;
    double mark; /* when the one change was made */
    struct snapshots recorded, seen;
};

struct replay_samples {
    VEC_STRUCT(struct sample) samples;
};

/* ---- reading ---- */

static double seconds_of(const char *when) {
    struct tm tm = {0};
    double fraction = 0;
    const char *rest = strptime(when, when[10] == 'T' ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
    if (rest && *rest == '.')
        fraction = strtod(rest, NULL);
    return (double)timegm(&tm) + fraction;
}

static char region_letter(long store) { return store <= 3 ? 'u' : store <= 6 ? 'e' : 'w'; }

static int by_letter(const void *a, const void *b) { return *(const char *)a - *(const char *)b; }

/* "{1,4,7}" to "euw". */
static void read_stores(char *out, const char *text) {
    size_t n = 0;
    for (const char *at = text + 1; *text == '{' && *at && *at != '}' && n < 11; at += *at == ',') {
        char *end;
        out[n++] = region_letter(strtol(at, &end, 10));
        if (end == at)
            break;
        at = end;
    }
    out[n] = '\0';
    qsort(out, n, 1, by_letter);
}

static bool has_store(const char *list, long store) {
    for (const char *at = list; *at; at++)
        if ((at == list || at[-1] == ',' || at[-1] == '{') && strtol(at, NULL, 10) == store)
            return true;
    return false;
}

static void add_range(struct snapshot *s, const char *key, const char *lease, const char *voters, const char *others,
    const char *learners) {
    struct range_state r = {.key = mem_strdup(key), .lease = '?', .lease_votes = true};
    const long store = strtol(lease, NULL, 10);
    read_stores(r.voters, voters);
    read_stores(r.others, others);
    read_stores(r.learners, learners);
    if (store) {
        r.lease = region_letter(store);
        r.lease_votes = has_store(voters, store);
    }
    vec_push(&s->ranges, r);
}

enum { MAX_CELLS = 16 };

static size_t split(char *line, char **cells) {
    size_t n = 0;
    for (char *at = line; at && n < MAX_CELLS; n++) {
        cells[n] = at;
        at = strchr(at, '|');
        if (at)
            *at++ = '\0';
    }
    return n;
}

static bool own_zone(const char *zone) { return str_eq(zone, "104") || str_eq(zone, "106"); }

static void add_violation(struct snapshot *s, const char *zone, const char *subzone, const char *type,
    const char *config, const char *count) {
    if (!own_zone(zone) || str_eq(count, "0"))
        return;
    char *old = s->violations;
    s->violations = mem_printf("%s%s/%s %s %s %s\n", old ? old : "", zone, subzone, type, config, count);
    free(old);
}

static struct snapshot *snapshot_at(struct snapshots *list, double when) {
    if (!list->len || list->items[list->len - 1].when != when)
        vec_push(list, ((struct snapshot){.when = when}));
    return &list->items[list->len - 1];
}

static void read_line(struct sample *s, char *line) {
    char *cells[MAX_CELLS];
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '#')
        return;
    const size_t n = split(line, cells);
    if (n < 3)
        return;
    const double when = seconds_of(cells[0]);
    if (str_eq(cells[1], "MARK")) {
        s->mark = s->mark ? s->mark : when;
        return;
    }
    struct snapshot *shot = snapshot_at(&s->recorded, when);
    if (str_eq(cells[1], "RANGE") && n >= 8)
        add_range(shot, cells[3], cells[4], cells[5], cells[6], cells[7]);
    else if (str_eq(cells[1], "VIOL") && n >= 9)
        add_violation(shot, cells[2], cells[3], cells[4], cells[5], cells[8]);
    else if (str_eq(cells[1], "META") && n >= 4 && str_eq(cells[2], "1"))
        shot->generated = seconds_of(cells[3]);
}

static bool read_sample(struct sample *s, const char *folder, double from) {
    char *path = mem_printf("%s/%s", folder, s->story->file);
    char line[4096];
    FILE *f = fopen(path, "r");
    free(path);
    while (f && fgets(line, sizeof line, f))
        read_line(s, line);
    if (f)
        fclose(f);
    return s->recorded.len && s->recorded.items[0].when >= from;
}

static void snapshots_free(struct snapshots *list) {
    for (size_t i = 0; i < list->len; i++) {
        for (size_t k = 0; k < list->items[i].ranges.len; k++)
            free(list->items[i].ranges.items[k].key);
        vec_free(&list->items[i].ranges);
        free(list->items[i].violations);
    }
    vec_free(list);
}

static void sample_free(struct sample *s) {
    snapshots_free(&s->recorded);
    snapshots_free(&s->seen);
}

struct replay_samples *replay_samples_read(const char *folder, const char *version, const char *from) {
    struct replay_samples *all = mem_calloc(1, sizeof *all);
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct sample s = {.story = &stories[i]};
        /* What was sampled on a second cluster is told by the story that begins with it. */
        const bool second = strchr(stories[i].file, '2') || strstr(stories[i].file, "-F-");
        if (!str_eq(stories[i].version, version) || (from != NULL) != second ||
            !read_sample(&s, folder, from ? seconds_of(from) : 0))
            sample_free(&s);
        else
            vec_push(&all->samples, s);
    }
    return all;
}

void replay_samples_free(struct replay_samples *s) {
    for (size_t i = 0; i < s->samples.len; i++)
        sample_free(&s->samples.items[i]);
    vec_free(&s->samples);
    free(s);
}

/* ---- looking ---- */

/* The sample whose next time comes first; NULL: none has one. */
static struct sample *next_sample(const struct replay_samples *all) {
    struct sample *first = NULL;
    for (size_t i = 0; i < all->samples.len; i++) {
        struct sample *s = &all->samples.items[i];
        if (s->seen.len < s->recorded.len &&
            (!first || s->recorded.items[s->seen.len].when < first->recorded.items[first->seen.len].when))
            first = s;
    }
    return first;
}

double replay_samples_next(const struct replay_samples *s) {
    const struct sample *next = next_sample(s);
    return next ? next->recorded.items[next->seen.len].when : 0;
}

static void on_range(void *arg, char **cells) {
    add_range(arg, cells[0], cells[4] ? cells[4] : "", cells[1], cells[2], cells[3]);
}

static void on_violation(void *arg, char **cells) {
    add_violation(arg, cells[0], cells[1], cells[2], cells[3], cells[4]);
}

static void on_generated(void *arg, char **cells) { ((struct snapshot *)arg)->generated = seconds_of(cells[0]); }

void replay_samples_take(struct replay_samples *all, bool leases) {
    struct sample *s = next_sample(all);
    struct snapshot shot = {.when = s->recorded.items[s->seen.len].when};
    replay_cluster_ask(leases
        ? "SELECT start_pretty, voting_replicas, non_voting_replicas, learner_replicas, lease_holder "
          "FROM crdb_internal.ranges"
        : "SELECT start_pretty, voting_replicas, non_voting_replicas, learner_replicas, '' "
          "FROM crdb_internal.ranges_no_leases", on_range, &shot);
    replay_cluster_ask("SELECT zone_id, subzone_id, type, config, violating_ranges "
        "FROM system.replication_constraint_stats ORDER BY zone_id, subzone_id, type, config", on_violation, &shot);
    replay_cluster_ask("SELECT generated FROM system.reports_meta WHERE id = 1", on_generated, &shot);
    vec_push(&s->seen, shot);
}

/* ---- judging ---- */

/* "/Table/106" of "/Table/106/4"; its length. */
static size_t table_length(const char *key) {
    size_t n = strlen("/Table/");
    while (key[n] && key[n] != '/')
        n++;
    return n;
}

/* Whether a recorded sample is about this key's table. */
static bool concerns(const struct sample *s, const char *key) {
    if (!str_starts(key, "/Table/") || strtol(key + 7, NULL, 10) < strtol(s->story->table_least + 7, NULL, 10))
        return false;
    const size_t n = table_length(key);
    for (size_t i = 0; i < s->recorded.len; i++)
        for (size_t k = 0; k < s->recorded.items[i].ranges.len; k++) {
            const char *other = s->recorded.items[i].ranges.items[k].key;
            if (table_length(other) == n && strncmp(other, key, n) == 0)
                return true;
        }
    return false;
}

static const struct range_state *find(const struct snapshot *shot, const char *key) {
    for (size_t i = 0; i < shot->ranges.len; i++)
        if (str_eq(shot->ranges.items[i].key, key))
            return &shot->ranges.items[i];
    return NULL;
}

/* The last snapshot that has ranges; some were taken while they could not be read. */
static const struct snapshot *last_of(const struct snapshots *list) {
    for (size_t i = list->len; i-- > 0;)
        if (list->items[i].ranges.len)
            return &list->items[i];
    return NULL;
}

static const struct snapshot *first_with(const struct snapshots *list, const char *key) {
    for (size_t i = 0; i < list->len; i++)
        if (find(&list->items[i], key))
            return &list->items[i];
    return NULL;
}

static bool same_state(const struct range_state *a, const struct range_state *b) {
    return str_eq(a->voters, b->voters) && str_eq(a->others, b->others) && str_eq(a->learners, b->learners) &&
        (a->lease == b->lease || a->lease == '?' || b->lease == '?');
}

static void describe(char *out, size_t size, const char *what, const struct range_state *r) {
    snprintf(out, size, "%s %s [%s|%s|%s] lease %c", what, r->key, r->voters, r->others, r->learners, r->lease);
}

/* Where a partition begins or ends; other boundaries merge away in time. */
static bool is_partition(const char *key) { return strchr(key, '"') != NULL; }

/* Every key at the end of one is at the end of the other. */
static bool same_boundaries(const struct sample *s, char *why, size_t size) {
    const struct snapshot *r = last_of(&s->recorded);
    const struct snapshot *v = last_of(&s->seen);
    for (size_t i = 0; r && v && i < r->ranges.len; i++)
        if (concerns(s, r->ranges.items[i].key) && !find(v, r->ranges.items[i].key) &&
            (!s->story->returns || is_partition(r->ranges.items[i].key))) {
            snprintf(why, size, "the sandbox has no range that begins at %s", r->ranges.items[i].key);
            return false;
        }
    for (size_t i = 0; r && v && i < v->ranges.len; i++)
        if (concerns(s, v->ranges.items[i].key) && !find(r, v->ranges.items[i].key)) {
            snprintf(why, size, "only the sandbox has a range that begins at %s", v->ranges.items[i].key);
            return false;
        }
    return r && v;
}

/* No boundary comes before another one if the recording had them the other way round. */
static bool same_order(const struct sample *s, char *why, size_t size) {
    const struct snapshot *end = last_of(&s->recorded);
    for (size_t i = 0; end && i < end->ranges.len; i++)
        for (size_t k = 0; k < end->ranges.len; k++) {
            const char *a = end->ranges.items[i].key;
            const char *b = end->ranges.items[k].key;
            const struct snapshot *ra = first_with(&s->recorded, a), *rb = first_with(&s->recorded, b);
            const struct snapshot *va = first_with(&s->seen, a), *vb = first_with(&s->seen, b);
            if (va && vb && ra->when < rb->when && va->when > vb->when) {
                snprintf(why, size, "%s came before %s, and in the sandbox after it", a, b);
                return false;
            }
        }
    return end;
}

/* The recording ended before this range had all its voters at home: the sandbox may be further. */
static bool further(const struct range_state *recorded, const struct range_state *seen) {
    const char home = seen->voters[0];
    size_t there = 0;
    for (const char *at = recorded->voters; *at; at++)
        there += *at == home;
    return strspn(seen->voters, (char[]){home, '\0'}) == strlen(seen->voters) && there < strlen(recorded->voters) &&
        2 * there > strlen(recorded->voters) && str_eq(recorded->others, seen->others);
}

static bool same_end(const struct sample *s, char *why, size_t size) {
    const struct snapshot *r = last_of(&s->recorded);
    const struct snapshot *v = last_of(&s->seen);
    for (size_t i = 0; r && v && i < r->ranges.len; i++) {
        const struct range_state *a = &r->ranges.items[i];
        const struct range_state *b = find(v, a->key);
        const struct range_state *start = find(first_with(&s->recorded, a->key), a->key);
        if (!concerns(s, a->key) || !b || same_state(a, b) || (s->story->returns && same_state(start, b)) ||
            further(a, b))
            continue;
        describe(why, size / 2, "recorded", a);
        describe(why + strlen(why), size / 2, "; sandbox", b);
        return false;
    }
    return r && v;
}

/* Whether anything of the story changed between two snapshots. */
static bool changed(const struct sample *s, const struct snapshot *a, const struct snapshot *b) {
    for (size_t i = 0; i < b->ranges.len; i++) {
        const struct range_state *now = &b->ranges.items[i];
        const struct range_state *before = concerns(s, now->key) ? find(a, now->key) : now;
        if (!before || !same_state(before, now))
            return true;
    }
    return false;
}

/* When the first and the last change after the mark were seen; 0: none was. */
static void changes(const struct sample *s, const struct snapshots *list, double *first, double *last) {
    const struct snapshot *before = NULL;
    *first = *last = 0;
    for (size_t i = 0; i < list->len; i++) {
        const struct snapshot *now = &list->items[i];
        if (!now->ranges.len)
            continue;
        if (before && now->when > s->mark && changed(s, before, now)) {
            *first = *first ? *first : now->when - s->mark;
            *last = now->when - s->mark;
        }
        before = now;
    }
}

/* A sandbox of its own chance: not twice as fast, nor as slow, as the one recording that there is. */
enum { SLACK = 8 };

static bool within(double seen, double recorded) {
    return seen >= recorded / 2 - SLACK && seen <= recorded * 2 + SLACK;
}

static bool same_pace(const struct sample *s, char *why, size_t size) {
    double r_first, r_last, v_first, v_last;
    changes(s, &s->recorded, &r_first, &r_last);
    changes(s, &s->seen, &v_first, &v_last);
    snprintf(why, size, "recorded from %+.1f s to %+.1f s, sandbox from %+.1f s to %+.1f s", r_first, r_last, v_first,
        v_last);
    return within(v_last, r_last) && (!s->story->one_change || (v_first > 0 && within(v_first, r_first)));
}

/* The lease is always with a voter, and three voters are always there, on either cluster. */
static bool sound(const struct sample *s, const struct snapshots *list, const char *whose, char *why, size_t size) {
    for (size_t i = 0; i < list->len; i++)
        for (size_t k = 0; k < list->items[i].ranges.len; k++) {
            const struct range_state *r = &list->items[i].ranges.items[k];
            if (concerns(s, r->key) && (!r->lease_votes || strlen(r->voters) < 3 || strlen(r->learners) > 1)) {
                describe(why, size, whose, r);
                return false;
            }
        }
    return true;
}

static bool same_steps(const struct sample *s, char *why, size_t size) {
    return sound(s, &s->recorded, "recorded", why, size) && sound(s, &s->seen, "sandbox", why, size);
}

static const char *violations_at(const struct snapshot *s) { return s->violations ? s->violations : "none\n"; }

/* What the report says in the end; while replicas still return, of what is for ever. */
static bool same_report(const struct sample *s, char *why, size_t size) {
    const char *r = violations_at(&s->recorded.items[s->recorded.len - 1]);
    const char *v = violations_at(&s->seen.items[s->seen.len - 1]);
    if (s->story->returns) {
        r = strstr(r, "104/0 voter_constraint");
        v = strstr(v, "104/0 voter_constraint");
        return r && v && strcmp(r, v) == 0;
    }
    snprintf(why, size, "recorded: %ssandbox: %s", r, v);
    for (char *at = why; *at; at++)
        *at = *at == '\n' ? ';' : *at;
    return strcmp(r, v) == 0;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The shortest time between two reports, and the usual one: a look that comes late misses a report. */
static void cadence(const struct snapshots *list, double *least, double *usual) {
    VEC_STRUCT(double) gaps = {0};
    double before = 0;
    for (size_t i = 0; i < list->len; i++) {
        const double now = list->items[i].generated;
        if (before && now > before) {
            const double gap = now - before;
            vec_push(&gaps, gap);
        }
        before = now ? now : before;
    }
    if (gaps.len)
        qsort(gaps.items, gaps.len, sizeof *gaps.items, by_value);
    *least = gaps.len ? gaps.items[0] : 0;
    *usual = gaps.len ? gaps.items[gaps.len / 2] : 0;
    vec_free(&gaps);
}

static bool same_cadence(const struct sample *s, char *why, size_t size) {
    double r_least, r_usual, v_least, v_usual;
    cadence(&s->recorded, &r_least, &r_usual);
    cadence(&s->seen, &v_least, &v_usual);
    snprintf(why, size, "recorded every %.2f s, at least %.2f s, sandbox every %.2f s, at least %.2f s", r_usual,
        r_least, v_usual, v_least);
    return v_usual > 0 && v_least > r_least - 0.5 && fabs(v_usual - r_usual) < 0.5;
}

static const struct {
    const char *name;
    bool (*holds)(const struct sample *s, char *why, size_t size);
} checks[] = {
    {"the same boundaries", same_boundaries}, {"boundaries come in the same order", same_order},
    {"replicas and leases end alike", same_end}, {"the pace is the recorded one", same_pace},
    {"every step leaves three voters and a lease", same_steps}, {"the report ends alike", same_report},
    {"reports come as often", same_cadence},
};

bool replay_samples_judge(struct replay_samples *all, size_t i, struct replay_verdict *v) {
    const size_t count = sizeof checks / sizeof *checks;
    const struct sample *s = i / count < all->samples.len ? &all->samples.items[i / count] : NULL;
    if (!s)
        return false;
    memset(v, 0, sizeof *v);
    snprintf(v->name, sizeof v->name, "%s/%.*s: %s", s->story->version, (int)strcspn(s->story->file, "."),
        s->story->file, checks[i % count].name);
    v->good = s->seen.len == s->recorded.len && checks[i % count].holds(s, v->why, sizeof v->why);
    return true;
}
