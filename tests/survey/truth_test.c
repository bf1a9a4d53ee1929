/* truth_test: what two real clusters answered before, during and after a change of placement, with a node or a region
 * down, and with a super region, gives the verdicts that a person reading the recordings gives. Every number here
 * was counted by hand in them: nodes 1-3 are in uksouth, 4-6 in eu-west-1, 7-9 in europe-west4. */
#include "survey/healthy.h"
#include "survey/recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SUPER_REGIONS "database_name|super_region_name|regions\ndjango|europe|{eu-west-1,europe-west4}\n"
#define CUSTOMERS 106

/* -- a picture of a recorded moment -- */

struct setting {
    const char *version;
    const char *zones; /* recording of the zone configurations at that time; NULL: as when healthy */
    const char *nodes; /* recording of gossip_nodes at that time; NULL: all live */
    bool session;      /* that recording is of a session of psql */
    bool super_region;
    enum question removed; /* an answer that did not come */
    bool no_creates;       /* no CREATE statement came */
    bool no_bytes;         /* regions' bytes were not learnt */
};
#define Q_NOTHING Q_SETTINGS /* no part of a picture rests on it */

struct picture {
    struct answers a;
    struct physicals p;
    struct snapshot s;
};

static void replace(struct answers *a, enum question q, struct pg_result *r) {
    pg_result_free(a->of[q]);
    a->of[q] = r;
}

/* The regions' bytes as both versions' keys have them: "@", "`", "\x80". */
static void learn_regions(struct physicals *p) {
    static const char *const names[] = {"eu-west-1", "europe-west4", "uksouth"};
    static const unsigned char bytes[] = {0x40, 0x60, 0x80};
    for (int i = 0; i < 3; i++) {
        struct key k = {0};
        key_set(&k, &bytes[i], 1);
        physicals_add(p, names[i], &k);
        key_free(&k);
    }
}

static void picture_open(struct picture *pic, const struct setting *set) {
    struct store_localities seen = {0};
    struct err err = {0};
    memset(pic, 0, sizeof *pic);
    healthy_answers(&pic->a, set->version, strcmp(set->version, "22.1") == 0 ? INDEXES_22_1 : INDEXES_26_1);
    if (set->zones != NULL) /* recorded without the columns in which all rows are alike */
        replace(&pic->a, Q_ZONES,
            recording_with(recording_with(answer_recorded(set->zones, NULL, NULL), "database_name", "django"),
                "schema_name", "public"));
    if (set->nodes != NULL)
        replace(&pic->a, Q_NODES, set->session ? recording_with(recording_session(set->nodes), "sql_address", NULL)
            : answer_recorded(set->nodes, NULL, NULL));
    if (set->removed != Q_NOTHING)
        replace(&pic->a, set->removed, NULL);
    if (set->no_creates)
        answers_clear_creates(&pic->a);
    if (set->super_region)
        pic->a.of[Q_SUPER_REGIONS] = answer_of(SUPER_REGIONS);
    if (!set->no_bytes)
        learn_regions(&pic->p);
    struct topology *t = build_topology(&pic->a, &seen, &err);
    assert_string_equal(err.message, "");
    snapshot_set(&pic->s, part_new(PART_CATALOG, healthy_catalog(&pic->a, &pic->p, NULL), 1, 1));
    snapshot_set(&pic->s, part_new(PART_TOPOLOGY, t, 1, 1));
}

/* From now on these nodes. */
static void picture_nodes(struct picture *pic, struct pg_result *nodes) {
    struct store_localities seen = {0};
    struct err err = {0};
    replace(&pic->a, Q_NODES, nodes);
    snapshot_set(&pic->s, part_new(PART_TOPOLOGY, build_topology(&pic->a, &seen, &err), 1, 1));
    assert_string_equal(err.message, "");
}

static void picture_close(struct picture *pic) {
    snapshot_clear(&pic->s);
    physicals_free(&pic->p);
    answers_clear(&pic->a);
}

/* Judges these ranges; the picture keeps them. */
static const struct verdicts *judged(struct picture *pic, struct ranges *rs) {
    assert_true(rs->len > 0);
    snapshot_set(&pic->s, part_new(PART_RANGES, rs, 1, 1));
    struct judge *j = judge_new(&pic->s, NULL, 1);
    while (!judge_step(j, NULL, NULL))
        continue;
    snapshot_set(&pic->s, part_new(PART_VERDICTS, judge_take(j), 1, 1));
    judge_free(j);
    return snapshot_verdicts(&pic->s);
}

static const struct verdicts *judged_answer(struct picture *pic, struct pg_result *r, const char *last) {
    const struct verdicts *v = judged(pic, recording_ranges(r, CUSTOMERS, last));
    pg_result_free(r);
    return v;
}

static const struct range_verdict *verdict_of(const struct verdicts *v, int64_t id) {
    for (size_t i = 0; i < v->ranges.len; i++)
        if (v->ranges.items[i].range_id == id)
            return &v->ranges.items[i];
    fail_msg("r%d was not judged", (int)id);
    return NULL;
}

/* -- steady states -- */

struct steady {
    const char *file;
    struct setting set;
    int rows, rows_home, rows_replicas; /* ranges with rows, those at home, replicas abroad */
    int gaps, gaps_home, gaps_replicas;
    int unread; /* indexes of tables whose ranges the recording does not hold */
    int over;   /* ranges with more replicas than their configuration wants */
};

static const struct steady steadies[] = {
    {"22.1/3014-0before-crdb-ranges-customers.txt", {.version = "22.1", .zones = "22.1/3011-0before-zones-django.txt"},
        3, 0, 6, 5, 0, 10, 4, 0},
    {"22.1/3039-1restricted-crdb-ranges-customers.txt",
        {.version = "22.1", .zones = "22.1/3036-1restricted-zones-django.txt"}, 3, 3, 0, 5, 5, 0, 4, 0},
    {"22.1/3061-2default-crdb-ranges-customers.txt",
        {.version = "22.1", .zones = "22.1/3058-2default-zones-django.txt"}, 3, 0, 6, 5, 0, 10, 4, 0},
    {"26.1/3012-0before-ranges-customers.txt", {.version = "26.1", .zones = "26.1/3011-0before-zones-django.txt"}, 4, 0,
        8, 5, 0, 10, 0, 0},
    {"26.1/3015-0before-ranges-database.txt", {.version = "26.1", .zones = "26.1/3011-0before-zones-django.txt"}, 4, 0,
        8, 5, 0, 10, 0, 0},
    /* Right after RESTRICTED: the rules are new, the replicas still where they were. */
    {"26.1/3025-1rightafter-ranges-customers.txt",
        {.version = "26.1", .zones = "26.1/3036-1restricted-zones-django.txt"}, 4, 0, 8, 5, 0, 10, 0, 9},
    {"26.1/3037-1restricted-ranges-customers.txt",
        {.version = "26.1", .zones = "26.1/3036-1restricted-zones-django.txt"}, 4, 4, 0, 5, 5, 0, 0, 0},
    {"26.1/3040-1restricted-ranges-database.txt",
        {.version = "26.1", .zones = "26.1/3036-1restricted-zones-django.txt"}, 4, 4, 0, 5, 5, 0, 0, 0},
    /* Merged: r89 holds uksouth's rows, what lies beyond them, and the other tables. */
    {"26.1/3059-2default-ranges-customers.txt", {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt"}, 3,
        0, 6, 3, 0, 6, 0, 0},
    {"26.1/3062-2default-ranges-database.txt", {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt"}, 3,
        0, 6, 3, 0, 6, 0, 0},
};

static void check_steady(const struct steady *row) {
    struct picture pic;
    picture_open(&pic, &row->set);
    const struct verdicts *v = judged_answer(&pic, answer_recorded(row->file, NULL, NULL), "/Table/107");
    print_message("# %s\n", row->file);
    assert_int_equal(v->rows.ranges, row->rows + row->unread);
    assert_int_equal(v->rows.unknown, row->unread);
    assert_int_equal(v->rows.home, row->rows_home);
    assert_int_equal(v->rows.abroad, row->rows - row->rows_home);
    assert_int_equal(v->rows.non_voters_abroad, row->rows_replicas);
    assert_int_equal(v->gaps.ranges, row->gaps);
    assert_int_equal(v->gaps.home, row->gaps_home);
    assert_int_equal(v->gaps.non_voters_abroad, row->gaps_replicas);
    assert_int_equal(v->rows.voters_abroad + v->rows.learners_abroad, 0);
    assert_int_equal(v->rows.moving + v->gaps.moving, row->over);
    assert_int_equal(v->conforming, row->rows + row->gaps - row->over);
    assert_int_equal(v->not_conforming, row->over);
    assert_int_equal(v->conformance_unknown, 0);
    assert_int_equal(v->conformance_states & ~(unsigned)CONFORMANCE_OVER_REPLICATED, 0);
    for (size_t i = 0; i < v->ranges.len; i++)
        if (row->rows_home == 0) {
            assert_int_equal(v->ranges.items[i].domicile->domicile, DOMICILE_ABROAD);
            assert_int_equal(v->ranges.items[i].domicile->abroad_non_voters, 2);
        }
    picture_close(&pic);
}

static void steady_states_are_read_as_they_are(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof steadies / sizeof *steadies; i++)
        check_steady(&steadies[i]);
}

/* -- changes -- */

/* From this moment on: replicas abroad of ranges with rows and of gaps, rows of the report with violations, and how many
 * of those replicas vote. */
struct step {
    const char *time;
    int rows, gaps, violations, voters;
};

struct walk {
    struct picture pic;
    const struct step *steps;
    size_t count;
    const char *last; /* where the last range ends */
    int samples;
    char silent[32]; /* first moment without a violation in the report */
    char home[32];   /* first moment with nothing abroad */
    bool over;       /* some range had more replicas than its configuration wants */
    bool reached[20]; /* steps of which there was a sample */
};

static const struct step *step_at(const struct walk *w, const char *time) {
    size_t i = 0;
    while (i + 1 < w->count && strcmp(w->steps[i + 1].time, time) <= 0)
        i++;
    return &w->steps[i];
}

static int replicas(const struct verdict_counts *c) {
    return c->voters_abroad + c->non_voters_abroad + c->learners_abroad;
}

static void check_sample(void *arg, const struct sample *s) {
    struct walk *w = arg;
    if (s->ranges == NULL || strcmp(s->time, w->steps[0].time) < 0)
        return;
    const struct step *step = step_at(w, s->time);
    const struct verdicts *v = judged(&w->pic, recording_ranges(s->ranges, CUSTOMERS, w->last));
    int voters = v->rows.voters_abroad + v->gaps.voters_abroad;
    if (replicas(&v->rows) != step->rows || replicas(&v->gaps) != step->gaps || s->violations != step->violations
        || voters != step->voters)
        fail_msg("%s: %d replicas abroad, %d of gaps, %d of both vote, %d violations", s->time, replicas(&v->rows),
            replicas(&v->gaps), voters, s->violations);
    w->reached[step - w->steps] = true;
    if (s->violations == 0 && w->silent[0] == '\0')
        memcpy(w->silent, s->time, sizeof w->silent);
    if (replicas(&v->rows) + replicas(&v->gaps) == 0 && w->home[0] == '\0')
        memcpy(w->home, s->time, sizeof w->home);
    w->over = w->over || (v->conformance_states & CONFORMANCE_OVER_REPLICATED) != 0;
    w->samples++;
}

static void walk(struct walk *w, const char *file, const struct setting *set, const char *last,
    const struct step *steps, size_t count) {
    memset(w, 0, sizeof *w);
    w->steps = steps;
    w->count = count;
    w->last = last;
    picture_open(&w->pic, set);
    recording_samples(file, check_sample, w);
    print_message("# %s: %d samples, the report silent at %s, all home at %s\n", file, w->samples, w->silent, w->home);
    assert_true(w->samples > 20);
    for (size_t i = 0; i < count; i++)
        assert_true(w->reached[i]);
    picture_close(&w->pic);
}

static void check_drain(
    const char *file, const struct setting *set, const char *last, const struct step *steps, size_t count) {
    struct walk w;
    walk(&w, file, set, last, steps, count);
    assert_true(w.home[0] != '\0' && w.silent[0] != '\0');
    assert_true(strcmp(w.silent, w.home) < 0); /* the report is content before the replicas have left */
    assert_true(w.over);                       /* which conformance is not */
}

#define STEPS(name) name, sizeof name / sizeof *name

static void replicas_leave_after_the_report_is_silent(void **state) {
    static const struct setting set_22 = {.version = "22.1", .zones = "22.1/3036-1restricted-zones-django.txt"};
    static const struct setting set_26 = {.version = "26.1", .zones = "26.1/3036-1restricted-zones-django.txt"};
    static const struct step b_22[] = {
        {"2026-11-23T14:42:08", 6, 10, 3, 0}, {"2026-11-23T14:42:22", 6, 10, 0, 0}, {"2026-11-23T14:42:26", 6, 8, 0, 0},
        {"2026-11-23T14:42:28", 6, 6, 0, 0}, {"2026-11-23T14:42:30", 4, 4, 0, 0}, {"2026-11-23T14:42:34", 4, 2, 0, 0},
        {"2026-11-23T14:42:36", 0, 2, 0, 0}, {"2026-11-23T14:42:38", 0, 0, 0, 0},
    };
    static const struct step b_26[] = {
        {"2026-11-23T17:54:40", 8, 10, 1, 0},
        {"2026-11-23T17:54:52", 8, 10, 0, 0},
        {"2026-11-23T17:54:54", 4, 10, 0, 0},
        {"2026-11-23T17:54:56", 0, 0, 0, 0},
    };
    static const struct step b2_26[] = {
        {"2026-11-23T19:12:16", 8, 10, 1, 0},
        {"2026-11-23T19:12:29", 8, 10, 0, 0},
        {"2026-11-23T19:12:31.8", 2, 0, 0, 0},
        {"2026-11-23T19:12:32", 0, 0, 0, 0},
    };
    (void)state;
    check_drain("22.1/sample-B-restricted.log", &set_22, "/Table/107", STEPS(b_22));
    check_drain("26.1/sample-B-restricted.log", &set_26, "/Max", STEPS(b_26));
    check_drain("26.1/sample-B2-restricted-marked.log", &set_26, "/Max", STEPS(b2_26));
}

/* The table becomes regional by row: from the first moment with its partitions on, voters go home and non-voters abroad.
 * On 26.1 the report finds fault with the settled state, too, and with nothing before it. */
static void partitions_settle(void **state) {
    static const struct setting set_22 = {.version = "22.1", .zones = "22.1/3011-0before-zones-django.txt"};
    static const struct setting set_26 = {.version = "26.1", .zones = "26.1/3011-0before-zones-django.txt"};
    static const struct step a_22[] = {
        {"2026-11-23T14:37:33", 9, 13, 2, 11},
        {"2026-11-23T14:37:35", 7, 11, 3, 3},
        {"2026-11-23T14:37:57", 7, 10, 3, 1},
        {"2026-11-23T14:38:03", 6, 10, 3, 0},
    };
    static const struct step a_26[] = {
        {"2026-11-23T17:51:26", 10, 10, 2, 4},
        {"2026-11-23T17:51:38.7", 9, 10, 2, 2},
        {"2026-11-23T17:52:04", 9, 10, 1, 2},
        {"2026-11-23T17:52:14", 9, 10, 1, 1},
    };
    static const struct step a2_26[] = {
        {"2026-11-23T19:10:58", 10, 10, 0, 3},
        {"2026-11-23T19:11:01", 10, 10, 1, 3},
        {"2026-11-23T19:11:51", 10, 10, 1, 2},
        {"2026-11-23T19:11:57", 8, 10, 1, 0},
    };
    struct walk w;
    (void)state;
    walk(&w, "22.1/sample-A-setup.log", &set_22, "/Table/107", STEPS(a_22));
    walk(&w, "26.1/sample-A-setup.log", &set_26, "/Max", STEPS(a_26));
    walk(&w, "26.1/sample-A2-setup-marked.log", &set_26, "/Max", STEPS(a2_26));
}

/* Back under DEFAULT: all is home until the non-voters come, and on no version does the report ever fall silent again. */
static void replicas_come_back(void **state) {
    static const struct setting set_22 = {.version = "22.1", .zones = "22.1/3058-2default-zones-django.txt"};
    static const struct setting set_26 = {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt"};
    static const struct step c_22[] = {
        {"2026-11-23T14:45:20", 0, 0, 0, 0}, {"2026-11-23T14:45:32", 0, 0, 3, 0}, {"2026-11-23T14:45:34", 0, 2, 3, 0},
        {"2026-11-23T14:45:36", 0, 4, 3, 0}, {"2026-11-23T14:45:38", 0, 6, 3, 0}, {"2026-11-23T14:45:44", 0, 8, 3, 0},
        {"2026-11-23T14:45:46", 1, 8, 3, 0}, {"2026-11-23T14:45:48", 2, 8, 3, 0}, {"2026-11-23T14:45:50", 2, 10, 3, 0},
        {"2026-11-23T14:45:58", 4, 10, 3, 0}, {"2026-11-23T14:46:06", 6, 10, 3, 0},
    };
    static const struct step c_26[] = {
        {"2026-11-23T17:58:01", 0, 0, 0, 0}, {"2026-11-23T17:58:17", 2, 0, 4, 0}, {"2026-11-23T17:58:19", 6, 6, 4, 0},
        {"2026-11-23T17:58:21", 6, 6, 1, 0},
    };
    static const struct step c2_26[] = {
        {"2026-11-23T19:13:02", 0, 0, 0, 0},
        {"2026-11-23T19:13:15.6", 0, 0, 4, 0},
        {"2026-11-23T19:13:16.6", 6, 10, 4, 0},
        {"2026-11-23T19:13:17.6", 8, 10, 4, 0},
        {"2026-11-23T19:13:20.6", 8, 10, 2, 0},
        {"2026-11-23T19:13:41.6", 8, 10, 1, 0},
    };
    struct walk w;
    (void)state;
    walk(&w, "22.1/sample-C-default.log", &set_22, "/Table/107", STEPS(c_22));
    walk(&w, "26.1/sample-C-default.log", &set_26, "/Max", STEPS(c_26));
    walk(&w, "26.1/sample-C2-default-marked.log", &set_26, "/Max", STEPS(c2_26));
}

/* A region dies, the database is told to survive that (18:03:31), the region returns: voters go abroad, because now
 * they must, and come home when the goal is zone survival again. While the region was down no sample was answered. */
static void voters_go_abroad_to_survive_a_region(void **state) {
    static const struct setting set = {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt"};
    static const struct step d_26[] = {
        {"2026-11-23T18:01:32", 10, 6, 1, 0},
        {"2026-11-23T18:04:09", 14, 15, 4, 18},
        {"2026-11-23T18:04:11", 15, 15, 4, 21},
        {"2026-11-23T18:04:13", 14, 14, 4, 21},
        {"2026-11-23T18:04:15", 14, 12, 4, 21},
        {"2026-11-23T18:04:17", 14, 12, 5, 21},
        {"2026-11-23T18:04:27", 13, 12, 5, 21},
        {"2026-11-23T18:04:31", 13, 11, 5, 21},
        {"2026-11-23T18:04:41", 13, 11, 2, 21},
        {"2026-11-23T18:04:43", 8, 2, 2, 0},
        {"2026-11-23T18:04:45", 10, 10, 2, 0},
        {"2026-11-23T18:04:49", 10, 10, 1, 0},
    };
    static const struct step f_26[] = {
        {"2026-11-23T19:13:47", 8, 10, 1, 0},
        {"2026-11-23T19:19:22", 8, 10, 2, 0},
        {"2026-11-23T19:19:52", 6, 10, 2, 0},
        {"2026-11-23T19:20:42", 6, 8, 2, 0},
    };
    struct walk w;
    (void)state;
    walk(&w, "26.1/sample-D-failures.log", &set, "/Max", STEPS(d_26));
    walk(&w, "26.1/sample-F-region-outage.log", &set, "/Max",
        STEPS(f_26)); /* nothing changed but for merges afterwards */
}

/* -- a node and a region down -- */

struct outage {
    const char *file;
    bool session;
    struct setting set;
    int conforming, not_conforming;
    int64_t unavailable;      /* the one range without a quorum; 0 none */
    int64_t under[9];         /* those with fewer live replicas than wanted, ended by 0 */
};

static const struct outage outages[] = {
    {"22.1/5006-n5down-crdb-ranges.txt", false,
        {.version = "22.1",
            .zones = "22.1/3058-2default-zones-django.txt",
            .nodes = "22.1/5001-n5down-gossip-nodes.txt"},
        3, 5, 0, {65, 75, 76, 77, 80}},
    {"22.1/5017-regiondown-ranges-no-leases.txt", true,
        {.version = "22.1",
            .zones = "22.1/3058-2default-zones-django.txt",
            .nodes = "22.1/5011-regiondown-gossip-nodes.txt",
            .session = true},
        0, 8, 75, {45, 65, 75, 76, 77, 78, 79, 80}},
    {"26.1/5005-n5down-ranges.txt", false,
        {.version = "26.1",
            .zones = "26.1/3058-2default-zones-django.txt",
            .nodes = "26.1/5001-n5down-gossip-nodes.txt"},
        3, 3, 0, {82, 86, 87}},
    {"26.1/5008a-n5down-ranges-details.txt", false,
        {.version = "26.1",
            .zones = "26.1/3058-2default-zones-django.txt",
            .nodes = "26.1/5001-n5down-gossip-nodes.txt"},
        3, 3, 0, {82, 86, 87}},
    {"26.1/5015-regiondown-ranges.txt", true,
        {.version = "26.1",
            .zones = "26.1/3058-2default-zones-django.txt",
            .nodes = "26.1/5011-regiondown-gossip-nodes.txt",
            .session = true},
        0, 6, 86, {82, 84, 86, 87, 88, 89}},
};

static void check_outage(const struct outage *row) {
    struct picture pic;
    picture_open(&pic, &row->set);
    const struct verdicts *v = judged_answer(&pic,
        row->session ? recording_session(row->file) : answer_recorded(row->file, NULL, NULL), "/Table/107");
    print_message("# %s\n", row->file);
    assert_int_equal(v->conforming, row->conforming);
    assert_int_equal(v->not_conforming, row->not_conforming);
    assert_int_equal(v->rows.unavailable, row->unavailable != 0);
    assert_int_equal(v->gaps.unavailable, 0);
    for (size_t i = 0; i < v->ranges.len; i++) {
        const struct range_verdict *one = &v->ranges.items[i];
        bool under = false;
        for (size_t k = 0; row->under[k] != 0; k++)
            under = under || row->under[k] == one->range_id;
        unsigned expected = (under ? (unsigned)CONFORMANCE_UNDER_REPLICATED : 0U)
            | (one->range_id == row->unavailable ? (unsigned)CONFORMANCE_UNAVAILABLE : 0U);
        assert_int_equal(one->conformance & ~(unsigned)CONFORMANCE_VIOLATES_LEASE_PREFERENCES, expected);
        assert_int_equal(
            one->domicile->flags & DOMICILE_UNAVAILABLE, one->range_id == row->unavailable ? DOMICILE_UNAVAILABLE : 0);
        assert_int_equal(one->domicile->domicile, DOMICILE_ABROAD); /* where they are does not depend on who lives */
    }
    picture_close(&pic);
}

static void outages_are_seen(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof outages / sizeof *outages; i++)
        check_outage(&outages[i]);
}

/* -- an outage in which the survival goal was changed (18:03:31) -- */

struct placed {
    int64_t id;
    enum domicile domicile;
    int voters, non_voters; /* abroad */
};

static void check_placed(
    const char *file, bool session, bool region_down, const struct placed *expected, size_t count) {
    struct setting set = {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt",
        .nodes = region_down ? "26.1/5011-regiondown-gossip-nodes.txt" : NULL, .session = true};
    struct picture pic;
    picture_open(&pic, &set);
    const struct verdicts *v = judged_answer(
        &pic, session ? recording_session(file) : answer_recorded(file, NULL, NULL), "/Table/107");
    print_message("# %s\n", file);
    for (size_t i = 0; i < count; i++) {
        const struct range_verdict *one = verdict_of(v, expected[i].id);
        bool gone = region_down && one->range_id == 86; /* its voters are n4, n5, n6 */
        assert_int_equal(one->domicile->domicile, expected[i].domicile);
        assert_int_equal(one->domicile->abroad_voters, expected[i].voters);
        assert_int_equal(one->domicile->abroad_non_voters, expected[i].non_voters);
        assert_int_equal((one->domicile->flags & DOMICILE_UNAVAILABLE) != 0, gone);
        assert_int_equal((one->conformance & CONFORMANCE_UNAVAILABLE) != 0, gone);
    }
    picture_close(&pic);
}

#define PLACED(name) name, sizeof name / sizeof *name

/* Every range but that of eu-west-1's rows got two voters abroad, and kept a non-voter on a dead node. */
static void a_changed_outage_is_seen(void **state) {
    static const struct placed down[] = {
        {82, DOMICILE_VOTER_ABROAD, 2, 1}, {84, DOMICILE_VOTER_ABROAD, 2, 1}, {86, DOMICILE_ABROAD, 0, 2},
        {87, DOMICILE_VOTER_ABROAD, 2, 1}, {88, DOMICILE_VOTER_ABROAD, 2, 1}, {89, DOMICILE_VOTER_ABROAD, 2, 1},
        {93, DOMICILE_VOTER_ABROAD, 2, 1}, {94, DOMICILE_VOTER_ABROAD, 2, 1},
    };
    static const struct placed back[] = {
        {82, DOMICILE_VOTER_ABROAD, 2, 0}, {84, DOMICILE_VOTER_ABROAD, 2, 0}, {86, DOMICILE_VOTER_ABROAD, 3, 0},
        {87, DOMICILE_VOTER_ABROAD, 2, 1}, {88, DOMICILE_VOTER_ABROAD, 2, 0}, {89, DOMICILE_VOTER_ABROAD, 2, 0},
        {93, DOMICILE_VOTER_ABROAD, 2, 1}, {94, DOMICILE_VOTER_ABROAD, 2, 0},
    };
    (void)state;
    check_placed("26.1/5025b-regiondown-ranges-keys.txt", true, true, PLACED(down));
    check_placed("26.1/5028-back-ranges.txt", false, false, PLACED(back));
}

static void check_error(const char *file, const char *sqlstate) {
    char *text = recording_text(file);
    char *wanted = mem_printf("ERROR:  %s:", sqlstate);
    assert_non_null(strstr(text, wanted));
    free(wanted);
    free(text);
}

/* What asks for leaseholders hangs where the lost region's rows are concerned, and only there: products and a row of
 * uksouth answer, with a leaseholder at home and voters abroad. */
static void leases_are_told_where_they_can_be(void **state) {
    static const struct setting set = {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt",
        .nodes = "26.1/5011-regiondown-gossip-nodes.txt", .session = true};
    static const struct {
        const char *file;
        int64_t id;
        const char *start, *end;
    } rows[] = {
        {"26.1/5025c-regiondown-ranges-product-details.txt", 91, "/Table/107", "/Table/108"},
        {"26.1/5025d-regiondown-range-for-row.txt", 93, "/Table/106/4/\"\\x80\"", "/Table/106/4/\"\\x80\"/PrefixEnd"},
    };
    (void)state;
    check_error("26.1/5025a-regiondown-ranges-details.txt", "57014");
    check_error("26.1/5025d-regiondown-range-for-row.txt", "57014");
    for (size_t i = 0; i < 2; i++) {
        struct picture pic;
        picture_open(&pic, &set);
        struct pg_result *r = recording_session(rows[i].file);
        struct ranges *rs = recording_one_range(r, rows[i].start, rows[i].end);
        assert_int_equal(pg_result_rows(r), 1);
        const struct verdicts *v = judged(&pic, rs);
        assert_int_equal(rs->items[0].lease_state, LEASE_KNOWN);
        assert_int_equal(rs->items[0].leaseholder, 3);
        const struct range_verdict *one = verdict_of(v, rows[i].id);
        assert_int_equal(one->domicile->domicile, DOMICILE_VOTER_ABROAD);
        assert_int_equal(one->domicile->abroad_voters, 2);
        assert_int_equal(one->domicile->abroad_non_voters, 1);
        assert_int_equal(one->domicile->flags & DOMICILE_UNAVAILABLE, 0);
        pg_result_free(r);
        picture_close(&pic);
    }
}

/* The constraint report of 22.1 says in the outage what it says of the healthy cluster. */
static void the_constraint_report_shows_nothing_of_it(void **state) {
    (void)state;
    struct pg_result *healthy = answer_recorded("22.1/3016-0before-constraint-stats.txt", NULL, NULL);
    struct pg_result *outage = recording_session("22.1/5020-regiondown-constraint-stats.txt");
    const char *columns[] = {"zone_id", "type", "config", "violating_ranges"};
    size_t a, b;
    for (size_t row = 0; row < 3; row++)
        for (int i = 0; i < 4; i++) {
            assert_true(pg_result_has(healthy, columns[i], &a) && pg_result_has(outage, columns[i], &b));
            assert_string_equal(pg_result_text(healthy, row, a), pg_result_text(outage, row, b));
        }
    pg_result_free(healthy);
    pg_result_free(outage);
}

struct listed {
    int64_t ids[200];
    size_t len;
};

static void list_id(void *arg, int64_t id) {
    struct listed *l = arg;
    assert_true(l->len < sizeof l->ids / sizeof *l->ids);
    l->ids[l->len++] = id;
}

static bool is_listed(const struct listed *l, int64_t id) {
    for (size_t i = 0; i < l->len; i++)
        if (l->ids[i] == id)
            return true;
    return false;
}

/* Moments at which the cluster's own conformance endpoint was asked, from when it had noticed until it forgot. */
static const char *const outage_moments[] = {
    "2026-11-23T19:14:02", "2026-11-23T19:14:06", "2026-11-23T19:14:10", "2026-11-23T19:14:14", "2026-11-23T19:14:55",
    "2026-11-23T19:15:11", "2026-11-23T19:15:28", "2026-11-23T19:15:44", "2026-11-23T19:16:00", "2026-11-23T19:16:16",
    "2026-11-23T19:16:33", "2026-11-23T19:16:49", "2026-11-23T19:17:06", "2026-11-23T19:17:22", "2026-11-23T19:17:38",
    "2026-11-23T19:17:55", "2026-11-23T19:18:11", "2026-11-23T19:18:27", "2026-11-23T19:18:43",
};

static void check_conformance(const struct verdicts *v, const char *moment) {
    static const char log[] = "26.1/sample-F-region-outage.log";
    struct listed under = {.len = 0}, gone = {.len = 0}, violating = {.len = 0};
    recording_conformance(log, moment, "underReplicated", list_id, &under);
    recording_conformance(log, moment, "unavailable", list_id, &gone);
    recording_conformance(log, moment, "violatingConstraints", list_id, &violating);
    assert_int_equal(gone.len, 4);
    assert_int_equal(violating.len, 0);
    for (size_t i = 0; i < v->ranges.len; i++) {
        const struct range_verdict *one = &v->ranges.items[i];
        if (one->foreign)
            continue;
        assert_int_equal((one->conformance & CONFORMANCE_UNDER_REPLICATED) != 0, is_listed(&under, one->range_id));
        assert_int_equal((one->conformance & CONFORMANCE_UNAVAILABLE) != 0, is_listed(&gone, one->range_id));
        assert_int_equal(one->conformance & (CONFORMANCE_VIOLATES_CONSTRAINTS | CONFORMANCE_OVER_REPLICATED), 0);
    }
}

struct report_walk {
    int samples, most;
};

static void count_violations(void *arg, const struct sample *s) {
    struct report_walk *w = arg;
    if (strcmp(s->time, "2026-11-23T19:13:53") < 0 || strcmp(s->time, "2026-11-23T19:18:46") > 0 || !s->reported)
        return;
    w->samples++;
    w->most = s->violations > w->most ? s->violations : w->most;
}

/* In the outage, nothing else changed: as the cluster's own conformance endpoint has it. Its constraint report has the
 * one row all the while that it has of the healthy cluster. */
static void a_pure_outage_is_judged_as_the_cluster_does(void **state) {
    static const struct setting set = {.version = "26.1", .zones = "26.1/3058-2default-zones-django.txt",
        .nodes = "26.1/5011-regiondown-gossip-nodes.txt", .session = true};
    struct report_walk report = {.samples = 0};
    struct picture pic;
    (void)state;
    picture_open(&pic, &set);
    const struct verdicts *v = judged_answer(&pic, recording_session("26.1/5032-outage-ranges_no_leases.txt"), "/Max");
    assert_int_equal(v->rows.ranges, 4); /* r94, r96, r97 of customers, r93 of the other tables */
    assert_int_equal(v->gaps.ranges, 5);
    assert_int_equal(v->rows.unavailable, 1);
    assert_int_equal(v->conforming, 0);
    assert_int_equal(v->not_conforming, 9);
    assert_int_equal(verdict_of(v, 94)->domicile->flags & DOMICILE_UNAVAILABLE, DOMICILE_UNAVAILABLE);
    for (size_t i = 0; i < sizeof outage_moments / sizeof *outage_moments; i++)
        check_conformance(v, outage_moments[i]);
    recording_samples("26.1/sample-F-region-outage.log", count_violations, &report);
    assert_true(report.samples > 20);
    assert_int_equal(report.most, 1);
    picture_close(&pic);
}

/* 22.1, where nodes, descriptors and the report were asked for in turn, and the database was told at 14:51:55 to
 * survive the outage: n5 dead, then the whole region, then voters abroad because they must. */
struct phase {
    const char *time;      /* from then on */
    int64_t under[9];      /* with fewer live replicas than wanted; told until the goal changed */
    int64_t unavailable;
    int rows, gaps, voters; /* replicas abroad, and those of them that vote */
};
static const struct phase phases[] = {
    {"2026-11-23T14:49:40", {0}, 0, 6, 10, 0},
    {"2026-11-23T14:49:57", {65, 75, 76, 77, 80}, 0, 6, 10, 0},
    {"2026-11-23T14:50:28", {45, 65, 75, 76, 77, 78, 79, 80}, 75, 6, 10, 0},
    {"2026-11-23T14:52:10", {0}, 75, 7, 10, 2},
    {"2026-11-23T14:52:14", {0}, 75, 7, 11, 4},
    {"2026-11-23T14:52:18", {0}, 75, 7, 13, 8},
    {"2026-11-23T14:52:27", {0}, 75, 8, 13, 10},
    {"2026-11-23T14:52:31", {0}, 75, 8, 14, 12},
    {"2026-11-23T14:52:35", {0}, 75, 8, 15, 13},
    {"2026-11-23T14:52:39", {0}, 75, 8, 15, 14},
};

static void check_phase(void *arg, const struct turn *t) {
    struct picture *pic = arg;
    size_t i = 0;
    while (i + 1 < sizeof phases / sizeof *phases && strcmp(phases[i + 1].time, t->time) <= 0)
        i++;
    const struct phase *phase = &phases[i];
    picture_nodes(pic, t->nodes);
    const struct verdicts *v = judged(pic, recording_ranges(t->ranges, CUSTOMERS, "/Table/107"));
    int voters = v->rows.voters_abroad + v->gaps.voters_abroad;
    if (replicas(&v->rows) != phase->rows || replicas(&v->gaps) != phase->gaps || voters != phase->voters)
        fail_msg("%s: %d replicas abroad, %d of gaps, %d of both vote", t->time, replicas(&v->rows), replicas(&v->gaps),
            voters);
    for (size_t k = 0; k < v->ranges.len; k++) {
        const struct range_verdict *one = &v->ranges.items[k];
        bool under = false;
        for (size_t n = 0; phase->under[n] != 0; n++)
            under = under || phase->under[n] == one->range_id;
        assert_int_equal((one->conformance & CONFORMANCE_UNAVAILABLE) != 0, one->range_id == phase->unavailable);
        if (strcmp(t->time, "2026-11-23T14:51:55") < 0)
            assert_int_equal((one->conformance & CONFORMANCE_UNDER_REPLICATED) != 0, under);
    }
}

static void an_outage_of_22_1_is_followed(void **state) {
    static const struct setting set = {.version = "22.1", .zones = "22.1/3058-2default-zones-django.txt"};
    struct picture pic;
    (void)state;
    picture_open(&pic, &set);
    assert_true(recording_turns("22.1/sample-D-failures.log", check_phase, &pic) > 40);
    picture_close(&pic);
}

/* -- a super region -- */

struct super_walk {
    struct picture pic;
    int outside, within; /* samples before and after the replicas in uksouth have left */
};

/* Rows of eu-west-1 (r86) and europe-west4 (r88) are at home within the super region from 18:21:38 on, and each had one
 * replica in uksouth before; uksouth's rows (r89) keep their two abroad. */
static void check_super_sample(void *arg, const struct sample *s) {
    struct super_walk *w = arg;
    if (s->ranges == NULL)
        return;
    bool left = strcmp(s->time, "2026-11-23T18:21:38") >= 0;
    const struct verdicts *v = judged(&w->pic, recording_ranges(s->ranges, CUSTOMERS, "/Table/107"));
    for (int64_t id = 86; id <= 88; id += 2) {
        assert_int_equal(verdict_of(v, id)->domicile->domicile, left ? DOMICILE_HOME : DOMICILE_ABROAD);
        assert_int_equal(verdict_of(v, id)->domicile->abroad_non_voters, left ? 0 : 1);
    }
    assert_int_equal(verdict_of(v, 89)->domicile->abroad_non_voters, 2);
    assert_int_equal(v->gaps.non_voters_abroad, 6);
    *(left ? &w->within : &w->outside) += 1;
}

static void a_super_regions_rows_stay_within_it(void **state) {
    static const struct setting set = {.version = "26.1", .super_region = true};
    struct store_localities seen = {0};
    struct leases none = {0};
    struct super_walk w = {.outside = 0};
    (void)state;
    picture_open(&w.pic, &set);
    recording_samples("26.1/sample-E-super-region.log", check_super_sample, &w);
    assert_true(w.outside >= 5 && w.within >= 20);
    struct pg_result *r = answer_recorded("26.1/2650-super-region-steady-ranges.txt", NULL, NULL);
    const struct verdicts *v = judged(&w.pic, healthy_ranges(r, &none, &seen));
    assert_int_equal(v->rows.home, 2);
    assert_int_equal(v->rows.abroad, 1);
    assert_non_null(strstr(verdict_of(v, 86)->domicile->reason, "within the super region of eu-west-1"));
    pg_result_free(r);
    store_localities_free(&seen);
    picture_close(&w.pic);
}

/* -- what is proven when something was not read -- */

/* Under RESTRICTED everything is at home and conforms. Each answer that does not come may only take from that. */
struct removal {
    const char *what;
    struct setting set;
    int home;        /* ranges with rows still proven at home, of 4 */
    bool conforming; /* any range still proven to conform */
};

#define RESTRICTED_26 .version = "26.1", .zones = "26.1/3036-1restricted-zones-django.txt"
static const struct removal removals[] = {
    {"nothing", {RESTRICTED_26}, 4, true}, {"nodes", {RESTRICTED_26, .removed = Q_NODES}, 0, false},
    {"stores", {RESTRICTED_26, .removed = Q_STORES}, 0, false},
    {"zone configurations", {RESTRICTED_26, .removed = Q_ZONES}, 4, false}, /* the place does not hang on them */
    {"regions of the database", {RESTRICTED_26, .removed = Q_DATABASE_REGIONS}, 1,
        true}, /* the primary is known: r85 */
    {"tables", {RESTRICTED_26, .removed = Q_TABLES}, 0, false},
    {"ids of indexes", {RESTRICTED_26, .removed = Q_INDEX_IDS}, 0, false},
    {"CREATE statements", {RESTRICTED_26, .no_creates = true}, 0, true},
    {"regions' bytes", {RESTRICTED_26, .no_bytes = true}, 1, true}, /* r85 holds none of them */
};

static void check_removal(const struct removal *row) {
    struct picture pic;
    picture_open(&pic, &row->set);
    const struct verdicts *v = judged_answer(
        &pic, answer_recorded("26.1/3040-1restricted-ranges-database.txt", NULL, NULL), "/Max");
    print_message("# without %s: %d home, %d unknown, %d conform, %d cannot be told\n", row->what, v->rows.home,
        v->rows.unknown, v->conforming, v->conformance_unknown);
    assert_int_equal(v->rows.home, row->home);
    assert_int_equal(v->rows.abroad, 0);
    if (row->home < 4 && row->set.removed != Q_TABLES)
        assert_true(v->rows.unknown > 0);
    if (!row->conforming)
        assert_int_equal(v->conforming, 0);
    const struct catalog *c = snapshot_catalog(&pic.s);
    for (size_t i = 0; i < c->tables.len; i++) /* of customers nothing is proven unless all is */
        if (c->tables.items[i].locality == TABLE_LOCALITY_BY_ROW)
            assert_int_equal(v->tables.items[i].worst, row->home == 4 ? DOMICILE_HOME : DOMICILE_UNKNOWN);
    picture_close(&pic);
}

static void what_was_not_read_proves_nothing_home(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof removals / sizeof *removals; i++)
        check_removal(&removals[i]);
}

/* The range of eu-west-1's rows is missing, or one replica is on a store that nobody lists. */
static void a_missing_range_or_store_is_no_green_light(void **state) {
    static const struct setting set = {RESTRICTED_26};
    struct picture pic;
    (void)state;
    for (int stranger = 0; stranger < 2; stranger++) {
        picture_open(&pic, &set);
        struct pg_result *r = answer_recorded("26.1/3040-1restricted-ranges-database.txt", NULL, NULL);
        struct ranges *rs = recording_ranges(r, CUSTOMERS, "/Max");
        struct range *one = &rs->items[4];
        assert_int_equal(one->id, 86);
        if (stranger) {
            range_add_replica(one, 77, REPLICA_NON_VOTER);
        } else {
            range_free(one);
            memmove(one, one + 1, (rs->len - 5) * sizeof *one);
            rs->len--;
        }
        const struct verdicts *v = judged(&pic, rs);
        assert_int_equal(v->rows.home, 3);
        assert_int_equal(v->rows.unknown, 1);
        const struct table *t = catalog_table(snapshot_catalog(&pic.s), "cockroach_example_customers");
        assert_int_equal(v->tables.items[t - snapshot_catalog(&pic.s)->tables.items].worst, DOMICILE_UNKNOWN);
        pg_result_free(r);
        picture_close(&pic);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_states_are_read_as_they_are),
        cmocka_unit_test(replicas_leave_after_the_report_is_silent),
        cmocka_unit_test(partitions_settle),
        cmocka_unit_test(replicas_come_back),
        cmocka_unit_test(voters_go_abroad_to_survive_a_region),
        cmocka_unit_test(outages_are_seen),
        cmocka_unit_test(a_changed_outage_is_seen),
        cmocka_unit_test(leases_are_told_where_they_can_be),
        cmocka_unit_test(an_outage_of_22_1_is_followed),
        cmocka_unit_test(the_constraint_report_shows_nothing_of_it),
        cmocka_unit_test(a_pure_outage_is_judged_as_the_cluster_does),
        cmocka_unit_test(a_super_regions_rows_stay_within_it),
        cmocka_unit_test(what_was_not_read_proves_nothing_home),
        cmocka_unit_test(a_missing_range_or_store_is_no_green_light),
    };
    return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
