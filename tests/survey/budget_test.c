/* budget_test: what all parts cost together, over hours of a clock that the test turns. */
#include "../src/survey/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS USEC_PER_MS
#define SECOND ((usec)USEC_PER_SEC)
#define MINUTE (60 * SECOND)
enum { MOST = 200000 };

struct spent {
    usec at, cost;
};

/* A cluster whose answers cost what cost() says, read by every part as soon as the budget lets it. */
struct cluster {
    struct budget b;
    usec (*cost)(int who, usec at);
    bool (*hurried)(usec at); /* NULL never */
    usec due[SPENDERS], asked[SPENDERS], longest[SPENDERS]; /* longest: from one round to the next since mark */
    usec mark;
    struct spent *all;
    size_t len;
};

static bool is_hurried(const struct cluster *c, usec at) {
    return c->hurried != NULL && c->hurried(at);
}

static void read_part(struct cluster *c, int who) {
    usec began = c->due[who], cost = c->cost(who, began), now = began + cost;
    bool hurried = is_hurried(c, began);
    if (c->asked[who] >= c->mark && began - c->asked[who] > c->longest[who])
        c->longest[who] = began - c->asked[who];
    c->asked[who] = began;
    assert_true(c->len < MOST);
    c->all[c->len++] = (struct spent){began, cost};
    budget_spend(&c->b, who, now, hurried, cost);
    c->due[who] = budget_next(&c->b, who, began, now, hurried);
    assert_true(c->due[who] >= now); /* one at a time */
}

static void run(struct cluster *c, usec until) {
    for (;;) {
        int next = 0;
        for (int i = 1; i < SPENDERS; i++)
            next = c->due[i] < c->due[next] ? i : next;
        if (c->due[next] >= until)
            return;
        read_part(c, next);
    }
}

static void open_cluster(struct cluster *c, usec (*cost)(int who, usec at), usec refresh) {
    memset(c, 0, sizeof *c);
    c->cost = cost;
    c->b.refresh = refresh;
    c->all = calloc(MOST, sizeof *c->all);
    c->mark = 2 * MINUTE;
    for (int i = 0; i < SPENDERS; i++)
        c->due[i] = 7 * SECOND + i * 130 * MS;
}

/* The most that was spent in any minute from then on. */
static usec dearest_minute(const struct cluster *c, usec from) {
    usec most = 0, within = 0;
    size_t first = 0;
    for (size_t i = 0; i < c->len; i++) {
        within += c->all[i].cost;
        while (c->all[first].at <= c->all[i].at - MINUTE || c->all[first].at < from)
            within -= c->all[first++].cost;
        most = within > most ? within : most;
    }
    print_message("# at most %.3f s in a minute\n", (double)most / SECOND);
    return most;
}

static usec all_cheap(int who, usec at) {
    (void)who;
    (void)at;
    return 1 * MS;
}

static void what_is_cheap_is_read_as_often_as_wished(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, all_cheap, 0);
    run(&c, 10 * MINUTE);
    assert_int_equal(c.longest[GROUP_RANGES], 2 * SECOND);
    assert_int_equal(c.longest[SPENDER_ROWS], 2 * SECOND);
    assert_int_equal(c.longest[GROUP_SERVER], 30 * SECOND);
    free(c.all);
    open_cluster(&c, all_cheap, 1 * SECOND);
    run(&c, 10 * MINUTE);
    assert_int_equal(c.longest[GROUP_RANGES], 1 * SECOND);
    assert_int_equal(c.longest[SPENDER_ROWS], 1 * SECOND);
    assert_int_equal(c.longest[GROUP_CATALOG], 1 * SECOND);
    assert_true(dearest_minute(&c, 0) <= MINUTE / 50);
    free(c.all);
    open_cluster(&c, all_cheap, 45 * SECOND);
    run(&c, 10 * MINUTE);
    assert_int_equal(c.longest[GROUP_RANGES], 45 * SECOND);
    assert_int_equal(c.longest[GROUP_SERVER], 45 * SECOND);
    free(c.all);
}

/* A real 26.1 with 2,000 ranges. */
static usec dear_descriptors(int who, usec at) {
    (void)at;
    return who == GROUP_RANGES ? 500 * MS : who == GROUP_CATALOG ? 8 * MS : 2 * MS;
}

static void dear_descriptors_stay_within_two_percent(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, dear_descriptors, 0);
    run(&c, 60 * MINUTE);
    assert_true(dearest_minute(&c, 0) <= MINUTE / 50);
    assert_true(c.longest[GROUP_RANGES] <= 61 * SECOND); /* and are read as often as that allows: once a minute */
    assert_true(c.longest[SPENDER_ROWS] <= 3 * SECOND);  /* and nothing else is held up by them */
    free(c.all);
}

static bool always(usec at) {
    (void)at;
    return true;
}

static void hurried_they_stay_within_ten(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, dear_descriptors, 0);
    c.hurried = always;
    run(&c, 60 * MINUTE);
    assert_true(dearest_minute(&c, 0) <= MINUTE / 10);
    assert_true(c.longest[GROUP_RANGES] <= 8 * SECOND);
    assert_true(c.longest[SPENDER_ROWS] <= 1500 * MS);
    free(c.all);
}

static bool ten_minutes_of_twenty(usec at) {
    return at / (10 * MINUTE) % 2 == 1;
}

/* A minute after the last key the budget is the small one again. */
static void what_was_hurried_calms_down(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, dear_descriptors, 0);
    c.hurried = ten_minutes_of_twenty;
    run(&c, 30 * MINUTE);
    assert_true(dearest_minute(&c, 0) <= MINUTE / 10);
    assert_true(dearest_minute(&c, 21 * MINUTE) <= MINUTE / 50);
    assert_true(c.longest[GROUP_RANGES] <= 61 * SECOND); /* nothing is owed for what was spent while hurried */
    free(c.all);
}

static usec slow_for_a_while(int who, usec at) {
    bool slow = at >= 10 * MINUTE && at < 20 * MINUTE;
    return slow && who == GROUP_RANGES ? 400 * MS : 1 * MS;
}

static void intervals_stretch_and_come_back(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, slow_for_a_while, 0);
    run(&c, 10 * MINUTE);
    assert_int_equal(budget_interval(&c.b, GROUP_RANGES), 2 * SECOND);
    run(&c, 19 * MINUTE);
    assert_true(budget_interval(&c.b, GROUP_RANGES) >= 20 * SECOND);
    run(&c, 25 * MINUTE);
    assert_int_equal(budget_interval(&c.b, GROUP_RANGES), 2 * SECOND);
    assert_true(dearest_minute(&c, 0) <= MINUTE / 50);
    free(c.all);
}

static usec one_hiccup(int who, usec at) {
    return who == SPENDER_ROWS && at >= 5 * MINUTE && at < 5 * MINUTE + SECOND ? 100 * MS : 1 * MS;
}

static void one_slow_answer_is_no_reason(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, one_hiccup, 1 * SECOND);
    run(&c, 10 * MINUTE);
    assert_true(c.longest[SPENDER_ROWS] <= 2500 * MS);
    assert_true(dearest_minute(&c, 0) <= MINUTE / 50);
    free(c.all);
}

static usec all_dear(int who, usec at) {
    (void)who;
    (void)at;
    return 300 * MS;
}

static void nobody_starves_where_all_is_dear(void **state) {
    struct cluster c;
    usec all = 0;
    (void)state;
    open_cluster(&c, all_dear, 0);
    run(&c, 120 * MINUTE);
    for (size_t i = 0; i < c.len; i++)
        all += c.all[i].cost;
    assert_true(all <= 120 * MINUTE / 50 + SPENDERS * 300 * MS); /* the first round of each cannot be foreseen */
    for (int i = 0; i < SPENDERS; i++)
        assert_true(c.asked[i] > 105 * MINUTE);
    free(c.all);
}

/* SHOW RANGES … WITH DETAILS took 17 s: more than a minute may have. */
static usec dear_leases(int who, usec at) {
    (void)at;
    return who == GROUP_LEASES ? 17 * SECOND : 2 * MS;
}

static void what_costs_more_than_a_minute_is_rare(void **state) {
    struct cluster c;
    usec all = 0;
    (void)state;
    open_cluster(&c, dear_leases, 0);
    run(&c, 300 * MINUTE);
    for (size_t i = 0; i < c.len; i++)
        all += c.all[i].cost;
    assert_true(all <= 300 * MINUTE / 50 + 17 * SECOND);
    assert_true(c.longest[GROUP_LEASES] >= 17 * SECOND * 50 && c.longest[GROUP_LEASES] <= 3600 * SECOND);
    assert_true(c.longest[GROUP_RANGES] <= 3 * SECOND);
    free(c.all);
}

/* Three pages of 4 ms are a round of 12. */
static void pages_are_paid_one_by_one(void **state) {
    struct budget b = {.refresh = 100 * MS};
    (void)state;
    budget_anew(&b, SPENDER_ROWS, 3);
    for (int i = 0; i < 3; i++)
        budget_spend(&b, SPENDER_ROWS, 100 * SECOND + i * 4 * MS, false, 4 * MS);
    assert_int_equal(
        budget_next(&b, SPENDER_ROWS, 100 * SECOND, 100 * SECOND + 12 * MS, false), 100 * SECOND + 600 * MS);
    budget_anew(&b, SPENDER_ROWS, 1);
    budget_spend(&b, SPENDER_ROWS, 200 * SECOND, false, 4 * MS);
    assert_int_equal(budget_next(&b, SPENDER_ROWS, 200 * SECOND, 200 * SECOND, false), 200 * SECOND + 200 * MS);
}

/* Whatever each began at: after their first rounds those of one interval begin together, late timers made up for. */
static void rounds_begin_together(void **state) {
    struct cluster c;
    (void)state;
    open_cluster(&c, all_cheap, 0);
    run(&c, 40 * SECOND);
    for (int i = 0; i < SPENDERS; i++)
        assert_int_equal(c.due[i] % budget_interval(&c.b, i), 0);
    assert_int_equal(c.due[GROUP_RANGES], c.due[SPENDER_ROWS]);
    c.b.of[GROUP_RANGES].interval = 2 * SECOND;
    assert_int_equal(budget_next(&c.b, GROUP_RANGES, 50 * SECOND + 3 * MS, 50 * SECOND + 9 * MS, false), 52 * SECOND);
    assert_int_equal(budget_next(&c.b, GROUP_RANGES, 50 * SECOND, 52 * SECOND + 9 * MS, false), 52 * SECOND + 9 * MS);
    assert_int_equal(budget_beat(50 * SECOND), 50 * SECOND);
    assert_int_equal(budget_beat(50 * SECOND + 1), 51 * SECOND);
    free(c.all);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_cheap_is_read_as_often_as_wished),
        cmocka_unit_test(dear_descriptors_stay_within_two_percent),
        cmocka_unit_test(hurried_they_stay_within_ten),
        cmocka_unit_test(what_was_hurried_calms_down),
        cmocka_unit_test(intervals_stretch_and_come_back),
        cmocka_unit_test(one_slow_answer_is_no_reason),
        cmocka_unit_test(nobody_starves_where_all_is_dear),
        cmocka_unit_test(what_costs_more_than_a_minute_is_rare),
        cmocka_unit_test(pages_are_paid_one_by_one),
        cmocka_unit_test(rounds_begin_together),
    };
    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
