/* check_test: what is asked of one table is answered of that table. */
#include "domicile/base/mem.h"
#include "domicile/cluster/conformance.h"
#include "domicile/output/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add_table(struct catalog *c, int64_t id, const char *name) {
    struct table t = {.id = id, .schema = mem_strdup("public"), .name = mem_strdup(name)};
    vec_push(&c->tables, t);
}

/* Everything is at home. One range of "ill" has too few replicas, what governs one of "dim" is not known. */
static void make(struct snapshot *s) {
    struct catalog *c = mem_calloc(1, sizeof *c);
    struct verdicts *v = mem_calloc(1, sizeof *v);
    add_table(c, 104, "dim");
    add_table(c, 105, "ill");
    add_table(c, 106, "well");
    vec_push(&v->tables, ((struct table_verdict){.table_id = 104, .ranges = 1, .worst = DOMICILE_HOME,
                             .conformance_unknown = 1, .conformance_states = CONFORMANCE_UNKNOWN}));
    vec_push(&v->tables, ((struct table_verdict){.table_id = 105, .ranges = 1, .worst = DOMICILE_HOME,
                             .not_conforming = 1, .conformance_states = CONFORMANCE_UNDER_REPLICATED}));
    vec_push(&v->tables, ((struct table_verdict){.table_id = 106, .ranges = 1, .worst = DOMICILE_HOME}));
    v->rows = (struct verdict_counts){.ranges = 3, .home = 3};
    v->conforming = v->not_conforming = v->conformance_unknown = 1;
    v->conformance_states = CONFORMANCE_UNDER_REPLICATED | CONFORMANCE_UNKNOWN;
    snapshot_set(s, part_new(PART_TOPOLOGY, mem_calloc(1, sizeof(struct topology)), 1, 1));
    snapshot_set(s, part_new(PART_CATALOG, c, 1, 1));
    snapshot_set(s, part_new(PART_RANGES, mem_calloc(1, sizeof(struct ranges)), 1, 1));
    snapshot_set(s, part_new(PART_VERDICTS, v, 1, 1));
}

static const char *text_of(const struct records *r, const char *name) {
    return json_string_value(json_object_get(r->rows.items[0], name));
}

static void expect(const char *table, bool conformance, enum answer_says says, const char *verdict, const char *why,
    int not_conforming) {
    struct snapshot s = {0};
    struct records r = {0};
    const struct answer *check = answer_find("check");
    make(&s);
    const struct answer_input in = {.snapshot = &s, .table = table, .conformance = conformance, .now = 1};
    check->begin(&r, &in);
    check->append(&r, &in);
    assert_int_equal(check->says(&in), says);
    assert_string_equal(text_of(&r, "verdict"), verdict);
    assert_string_equal(text_of(&r, "reason"), why);
    assert_int_equal(json_integer_value(json_object_get(r.rows.items[0], "not_conforming")), not_conforming);
    records_free(&r);
    snapshot_clear(&s);
}

static void a_table_answers_for_itself(void **state) {
    (void)state;
    expect("well", true, ANSWER_YES, "home", "every replica of well is within its home region", 0);
    expect("ill", true, ANSWER_NO, "not conforming",
        "1 ranges of ill do not conform to their zone configuration: under-replicated", 1);
    expect("ill", false, ANSWER_YES, "home", "every replica of ill is within its home region", 1);
    expect("dim", true, ANSWER_CANNOT_TELL, "cannot tell", "conformance of 1 ranges is not known", 0);
}

static void all_answer_together(void **state) {
    (void)state;
    expect(NULL, false, ANSWER_YES, "home", "every replica of 3 ranges with rows is within its home region", 1);
    expect(NULL, true, ANSWER_NO, "not conforming",
        "1 ranges do not conform to their zone configuration: under-replicated, unknown", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_answers_for_itself),
        cmocka_unit_test(all_answer_together),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
