/* plan_test: what the planner foretells is what a cluster then does: for one change after another the end state of every
 * range, by region and kind of replica, on both versions, with three regions and with four. */
#include "survey/look.h"

#include "domicile/actions/change.h"
#include "domicile/actions/intent.h"
#include "domicile/base/str.h"
#include "support/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SOON = 30, SETTLES = 60 };

struct stage {
    struct server server;
    struct look l;
    struct change *change;
};

/* -- the cluster -- */

static void notice(void *arg, unsigned parts) {
    struct stage *st = arg;
    if (st->change != NULL)
        change_notice(st->change, parts);
}

static const struct verdicts *verdicts(const struct stage *st) { return snapshot_verdicts(survey_snapshot(st->l.s)); }
static const struct ranges *ranges(const struct stage *st) { return snapshot_ranges(survey_snapshot(st->l.s)); }

static bool is_calm(const struct stage *st) {
    const struct verdicts *v = verdicts(st);
    return v != NULL && v->conforming > 0 && v->not_conforming == 0 && v->conformance_unknown == 0 &&
        v->rows.unknown == 0 && v->rows.moving + v->gaps.moving == 0;
}

static void open_stage(struct stage *st, const char *const *arguments, const char *const *setup, const char *database) {
    memset(st, 0, sizeof *st);
    server_start(&st->server, arguments);
    for (size_t i = 0; setup != NULL && setup[i] != NULL; i++) {
        char *answer = server_sql(&st->server, 1, i == 0 ? "defaultdb" : database, setup[i]);
        if (str_starts(answer, "ERROR"))
            fail_msg("%s: %s", setup[i], answer);
        free(answer);
    }
    char *url = mem_printf("postgresql://root@127.0.0.1:%d/%s?sslmode=disable", st->server.port, database);
    look_at(&st->l, url, 0);
    free(url);
    st->l.changed = notice;
    st->l.arg = st;
    WAIT_AT_MOST(&st->l, SOON, survey_idle(st->l.s));
    survey_hurry(st->l.s);
    WAIT_AT_MOST(&st->l, SETTLES, is_calm(st));
}

static void close_stage(struct stage *st) {
    change_free(st->change, false);
    look_away(&st->l);
    assert_true(server_stop(&st->server));
}

/* -- what was foretold -- */

/* Where the start keys of the ranges will be found: copied, because the snapshot goes. */
struct foretold {
    struct key start;
    const struct plan_move *move;
};
struct prophecy {
    VEC_STRUCT(struct foretold) ranges;
};

static void foretell(struct prophecy *p, const struct plan *plan, const struct ranges *rs) {
    for (size_t i = 0; i < plan->moves.len; i++)
        for (size_t k = 0; k < plan->moves.items[i].pieces.len; k++) {
            const struct plan_piece *piece = &plan->moves.items[i].pieces.items[k];
            const struct range *r = ranges_by_id(rs, piece->range_id);
            struct foretold f = {.move = &plan->moves.items[i]};
            if (piece->part != 0)
                continue;
            key_copy(&f.start, &r->start);
            vec_push(&p->ranges, f);
        }
}

static void prophecy_free(struct prophecy *p) {
    for (size_t i = 0; i < p->ranges.len; i++)
        key_free(&p->ranges.items[i].start);
    vec_free(&p->ranges);
}

static int count(const struct range *r, const struct topology *t, const char *region, enum replica_kind kind) {
    int n = 0;
    for (size_t i = 0; i < r->replicas.len; i++)
        n += r->replicas.items[i].kind == kind &&
            str_eq(topology_store_region(t, r->replicas.items[i].store_id), region);
    return n;
}

static int off(int is, int foretold) { return is > foretold ? is - foretold : foretold - is; }

/* As foretold, but for the replicas whose region the rules leave open: each may be in another region than it was taken to be. */
static bool is_as(const struct range *r, const struct topology *t, const struct plan_move *m) {
    int all = 0, voters = 0, non_voters = 0;
    for (size_t i = 0; i < m->places.len; i++) {
        const struct plan_place *at = &m->places.items[i];
        voters += off(count(r, t, at->region, REPLICA_VOTER), at->voters_after);
        non_voters += off(count(r, t, at->region, REPLICA_NON_VOTER), at->non_voters_after);
        all += at->voters_after + at->non_voters_after;
    }
    return voters <= 2 * m->open && non_voters <= 2 * m->open && (size_t)all == r->replicas.len;
}

/* The first range that is not as foretold; NULL none. */
static const struct foretold *first_wrong(const struct prophecy *p, const struct stage *st) {
    const struct topology *t = snapshot_topology(survey_snapshot(st->l.s));
    for (size_t i = 0; i < p->ranges.len; i++) {
        const struct range *r = ranges_find(ranges(st), &p->ranges.items[i].start);
        if (r == NULL || !is_as(r, t, p->ranges.items[i].move))
            return &p->ranges.items[i];
    }
    return NULL;
}

static void print_wrong(const struct foretold *f, const struct stage *st) {
    const struct topology *t = snapshot_topology(survey_snapshot(st->l.s));
    const struct range *r = ranges_find(ranges(st), &f->start);
    struct str key = {0};
    key_print(&key, &f->start);
    print_message("%s, now r%lld, %d open\n", str_get(&key), r != NULL ? (long long)r->id : 0, f->move->open);
    for (size_t i = 0; i < f->move->places.len; i++) {
        const struct plan_place *at = &f->move->places.items[i];
        print_message("  %s: %d voters, %d non-voters; foretold %d, %d; is %d, %d\n", at->region, at->voters_before,
            at->non_voters_before, at->voters_after, at->non_voters_after,
            r != NULL ? count(r, t, at->region, REPLICA_VOTER) : -1,
            r != NULL ? count(r, t, at->region, REPLICA_NON_VOTER) : -1);
    }
    str_free(&key);
}

static void print_verdict(const struct range_verdict *v, const struct stage *st) {
    const struct range *r = ranges_by_id(ranges(st), v->range_id);
    struct str text = {0};
    str_add_f(&text, "r%lld ", (long long)v->range_id);
    key_print(&text, &r->start);
    for (size_t i = 0; i < r->replicas.len; i++)
        str_add_f(&text, " %s%d",
            r->replicas.items[i].kind == REPLICA_VOTER ? "v"
                : r->replicas.items[i].kind == REPLICA_NON_VOTER ? "n"
                : "l",
            r->replicas.items[i].store_id);
    str_add_f(&text, ": %s; ", v->domicile->reason);
    conformance_print(&text, v->conformance);
    print_message("%s\n", str_get(&text));
    str_free(&text);
}

/* -- a change -- */

static struct plan *plan_of(const struct stage *st, const char *database, const char *sql) {
    struct err err = {0};
    struct intent *i = intent_new(sql, database, &err);
    if (i == NULL)
        fail_msg("%s: %s", sql, err.message);
    struct plan *p = plan_make(survey_snapshot(st->l.s), intent_request(i));
    intent_free(i);
    return p;
}

static bool done(const struct stage *st) {
    enum change_state s = change_progress(st->change)->state;
    return s >= CHANGE_DRAINING;
}

static void comes_true(struct stage *st, const char *database, const char *sql) {
    struct err err = {0};
    struct prophecy p = {0};
    struct plan *plan = plan_of(st, database, sql);
    if (!plan->possible || !plan->changes || plan->uncertain != NULL || plan->homeless != 0)
        fail_msg("%s: possible %d, changes %d: %s%s", sql, plan->possible, plan->changes,
            plan->obstacles.len > 0 ? plan->obstacles.items[0] : "", plan->uncertain != NULL ? plan->uncertain : "");
    foretell(&p, plan, ranges(st));
    assert_true(p.ranges.len > 0);
    print_message("# %s: %d ranges, %d split, %d open\n", sql, plan->ranges, plan->splits, plan->open);
    st->change = change_start(st->l.loop, st->l.s, plan, NULL, NULL, &err);
    assert_string_equal(err.message, "");
    WAIT_AT_MOST(&st->l, SOON, done(st));
    if (change_progress(st->change)->state > CHANGE_SETTLED)
        fail_msg("%s: %s", sql, change_progress(st->change)->message);
    usec end = loop_now(st->l.loop) + SETTLES * USEC_PER_SEC;
    while (loop_now(st->l.loop) < end) {
        const struct part *part = survey_snapshot(st->l.s)->parts[PART_RANGES],
                          *catalog = survey_snapshot(st->l.s)->parts[PART_CATALOG];
        if (part->asof > change_progress(st->change)->changed && catalog->asof > change_progress(st->change)->changed &&
            is_calm(st) && first_wrong(&p, st) == NULL)
            break;
        survey_hurry(st->l.s);
        loop_turn(st->l.loop, 50 * USEC_PER_MS);
    }
    const struct foretold *wrong = first_wrong(&p, st);
    if (wrong != NULL || !is_calm(st)) {
        if (wrong != NULL)
            print_wrong(wrong, st);
        const struct verdicts *v = verdicts(st);
        print_message("%d conform, %d do not, %d unknown; rows: %d ranges, %d unknown, %d moving\n", v->conforming,
            v->not_conforming, v->conformance_unknown, v->rows.ranges, v->rows.unknown, v->rows.moving);
        for (size_t i = 0; i < v->ranges.len; i++)
            if (v->ranges.items[i].domicile->domicile == DOMICILE_UNKNOWN || v->ranges.items[i].conformance != 0)
                print_verdict(&v->ranges.items[i], st);
        fail_msg("%s: it did not come true", sql);
    }
    change_free(st->change, true);
    st->change = NULL;
    prophecy_free(&p);
    plan_free(plan);
}

static void all_come_true(struct stage *st, const char *database, const char *const *changes) {
    for (size_t i = 0; changes[i] != NULL; i++)
        comes_true(st, database, changes[i]);
}

/* -- what is refused -- */

/* What the planner says cannot be done, the server refuses too: asked behind the explorer's back, with every setting on. */
static void is_refused(struct stage *st, const char *database, const char *version, const char *sql) {
    struct plan *plan = plan_of(st, database, sql);
    if (plan->possible || plan->obstacles.len == 0)
        fail_msg("%s: the plan says that it is possible", sql);
    char *text = mem_printf("SET enable_multiregion_placement_policy = on; %s%s",
        strcmp(version, "26.1") == 0 ? "SET enable_super_regions = on; " : "", sql);
    char *answer = server_sql(&st->server, 1, database, text);
    print_message("# refused: %s\n#   plan: %s\n#   server: %s\n", sql, plan->obstacles.items[0], answer);
    if (!str_starts(answer, "ERROR"))
        fail_msg("%s: the server took it", sql);
    free(text);
    free(answer);
    plan_free(plan);
}

static void all_are_refused(struct stage *st, const char *database, const char *version, const char *const *changes) {
    for (size_t i = 0; changes[i] != NULL; i++)
        is_refused(st, database, version, changes[i]);
}

static const char *const never_of_three[] = {
    "ALTER DATABASE django ADD REGION mars",
    "ALTER DATABASE django DROP REGION uksouth",
    "ALTER DATABASE django DROP REGION \"eu-west-1\"",
    "ALTER DATABASE django DROP REGION mars",
    "ALTER DATABASE django PRIMARY REGION mars",
    "ALTER TABLE nothing SET LOCALITY GLOBAL",
    "ALTER TABLE cockroach_example_orders SET LOCALITY REGIONAL BY TABLE IN mars",
    "ALTER TABLE cockroach_example_orders SET LOCALITY REGIONAL BY ROW AS nope",
    "ALTER TABLE cockroach_example_customers SET LOCALITY REGIONAL BY ROW AS name",
    NULL,
};
static const char *const never_restricted[] = {"ALTER DATABASE django SURVIVE REGION FAILURE", NULL};
static const char *const never_surviving[] = {
    "ALTER DATABASE django PLACEMENT RESTRICTED",
    "ALTER DATABASE django DROP REGION \"europe-west4\"",
    NULL,
};
static const char *const never_super[] = {
    "ALTER DATABASE django SURVIVE REGION FAILURE",
    "ALTER DATABASE django DROP REGION \"europe-west4\"",
    "ALTER DATABASE django ADD SUPER REGION west VALUES uksouth",
    "ALTER DATABASE django ADD SUPER REGION other VALUES uksouth, \"eu-west-1\"",
    "ALTER DATABASE django ADD SUPER REGION other VALUES mars",
    "ALTER DATABASE django ADD SUPER REGION other VALUES uksouth, uksouth",
    "ALTER DATABASE django ALTER SUPER REGION nothing VALUES uksouth",
    "ALTER DATABASE django DROP SUPER REGION nothing",
    "ALTER DATABASE django SET SECONDARY REGION uksouth",
    "ALTER DATABASE django SET SECONDARY REGION mars",
    "ALTER DATABASE django SET SECONDARY REGION \"eu-west-1\"",
    "ALTER DATABASE django DROP SECONDARY REGION",
    NULL,
};

/* -- three regions: the walkthrough's database -- */

static const char *const of_three[] = {
    "ALTER DATABASE django SURVIVE ZONE FAILURE",
    "ALTER DATABASE django PRIMARY REGION \"eu-west-1\"",
    "ALTER TABLE cockroach_example_orders SET LOCALITY GLOBAL",
    "ALTER DATABASE django PLACEMENT RESTRICTED",
    "ALTER DATABASE django PLACEMENT DEFAULT",
    "ALTER TABLE cockroach_example_orders SET LOCALITY REGIONAL BY TABLE IN \"europe-west4\"",
    "ALTER TABLE cockroach_example_orders SET LOCALITY REGIONAL BY TABLE IN PRIMARY REGION",
    NULL,
};
static const char *const of_three_26[] = {
    "ALTER DATABASE django ALTER SUPER REGION west VALUES \"eu-west-1\", \"europe-west4\", uksouth",
    "ALTER DATABASE django SURVIVE REGION FAILURE",
    "ALTER DATABASE django SURVIVE ZONE FAILURE",
    "ALTER DATABASE django DROP SUPER REGION west",
    "ALTER DATABASE django SET SECONDARY REGION uksouth",
    "ALTER DATABASE django DROP SECONDARY REGION",
    NULL,
};

static void three(const char *version) {
    const char *const arguments[] = {"--compat", version, "--report-interval", "5s", "--speed", "50", NULL};
    struct stage st;
    open_stage(&st, arguments, NULL, "django");
    all_are_refused(&st, "django", version, never_of_three);
    comes_true(&st, "django", "ALTER DATABASE django PLACEMENT RESTRICTED");
    all_are_refused(&st, "django", version, never_restricted);
    comes_true(&st, "django", "ALTER DATABASE django PLACEMENT DEFAULT");
    comes_true(&st, "django", "ALTER DATABASE django SURVIVE REGION FAILURE");
    all_are_refused(&st, "django", version, never_surviving);
    all_come_true(&st, "django", of_three);
    if (strcmp(version, "26.1") == 0) {
        comes_true(&st, "django", "ALTER DATABASE django ADD SUPER REGION west VALUES \"eu-west-1\", \"europe-west4\"");
        all_are_refused(&st, "django", version, never_super);
        all_come_true(&st, "django", of_three_26);
    }
    close_stage(&st);
}

static void three_regions_22_1(void **state) {
    (void)state;
    three("22.1");
}

static void three_regions_26_1(void **state) {
    (void)state;
    three("26.1");
}

/* -- four regions, other names, other orders -- */

static const char *const four_setup[] = {
    "CREATE DATABASE m PRIMARY REGION b REGIONS a, c",
    "CREATE TABLE t (id INT PRIMARY KEY, n STRING, INDEX byname (n)) LOCALITY REGIONAL BY ROW",
    "INSERT INTO t (crdb_region, id, n) VALUES ('a', 1, 'x'), ('b', 2, 'y'), ('c', 3, 'z')",
    "CREATE TABLE g (id INT PRIMARY KEY) LOCALITY GLOBAL",
    "CREATE TABLE h (id INT PRIMARY KEY) LOCALITY REGIONAL BY TABLE IN c",
    "CREATE TABLE p (id INT PRIMARY KEY)",
    NULL,
};
static const char *const of_four[] = {
    "ALTER DATABASE m ADD REGION d",
    "ALTER DATABASE m SURVIVE REGION FAILURE",
    "ALTER DATABASE m PRIMARY REGION d",
    "ALTER DATABASE m SURVIVE ZONE FAILURE",
    "ALTER DATABASE m PRIMARY REGION a",
    "ALTER DATABASE m PLACEMENT RESTRICTED",
    "ALTER DATABASE m DROP REGION d",
    "ALTER DATABASE m PLACEMENT DEFAULT",
    "ALTER TABLE t SET LOCALITY REGIONAL BY TABLE IN c",
    NULL,
};
static const char *const of_four_26[] = {
    "ALTER DATABASE m ADD REGION d",
    "ALTER DATABASE m ADD SUPER REGION abc VALUES a, b, c",
    "ALTER DATABASE m SURVIVE REGION FAILURE",
    "ALTER DATABASE m PRIMARY REGION d",
    "ALTER DATABASE m DROP SUPER REGION abc",
    "ALTER DATABASE m SET SECONDARY REGION b",
    "ALTER DATABASE m DROP SECONDARY REGION",
    NULL,
};

static void four(const char *version) {
    const char *arguments[40] = {"--compat", version, "--empty", "--report-interval", "5s", "--speed", "50"};
    static char nodes[12][40];
    struct stage st;
    size_t n = 7;
    for (int i = 0; i < 12; i++) {
        (void)snprintf(nodes[i], sizeof nodes[i], "region=%c,zone=%d", 'a' + i / 3, i % 3);
        arguments[n++] = "--locality";
        arguments[n++] = nodes[i];
    }
    open_stage(&st, arguments, four_setup, "m");
    all_come_true(&st, "m", of_four);
    if (strcmp(version, "26.1") == 0)
        all_come_true(&st, "m", of_four_26);
    close_stage(&st);
}

static void four_regions_22_1(void **state) {
    (void)state;
    four("22.1");
}

static void four_regions_26_1(void **state) {
    (void)state;
    four("26.1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_regions_22_1),
        cmocka_unit_test(three_regions_26_1),
        cmocka_unit_test(four_regions_22_1),
        cmocka_unit_test(four_regions_26_1),
    };
    return cmocka_run_group_tests_name("plans come true", tests, NULL, NULL);
}
