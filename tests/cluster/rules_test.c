/* The zone configurations that CockroachDB derives: every combination a row, then the recorded databases. */
#include "domicile/cluster/rules.h"

#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const names[] = {"ap", "eu", "sa", "uk", "us"};

/* A database of the first n regions, the given one primary. */
static struct database make(int n, const char *primary, enum survival survival, enum placement placement) {
    struct database d = {.name = mem_strdup("db"), .primary_region = mem_strdup(primary), .survival = survival, .placement = placement};
    for (int i = 0; i < n; i++)
        vec_push(&d.regions, ((struct db_region){.name = mem_strdup(names[i])}));
    return d;
}

static void add_super_region(struct database *d, const char *name, const char *const *members, size_t n) {
    struct super_region sr = {.name = mem_strdup(name)};
    for (size_t i = 0; i < n; i++)
        vec_push(&sr.regions, mem_strdup(members[i]));
    vec_push(&d->super_regions, sr);
}

/* "5/3 c{…} v[…] l[[…]]", only what is set. */
static char *text_of(const struct zone *z) {
    struct str out = {0};
    if (z->set & ZONE_GLOBAL_READS)
        str_add(&out, "global ");
    if (z->set & ZONE_NUM_REPLICAS)
        str_add_f(&out, "%d", z->num_replicas);
    if (z->set & ZONE_NUM_VOTERS)
        str_add_f(&out, "/%d", z->num_voters);
    if (z->set & ZONE_CONSTRAINTS) {
        str_add(&out, " c");
        zone_print_conjunctions(&out, &z->constraints);
    }
    if (z->set & ZONE_VOTER_CONSTRAINTS) {
        str_add(&out, " v");
        zone_print_conjunctions(&out, &z->voter_constraints);
    }
    if (z->set & ZONE_LEASE_PREFERENCES) {
        str_add(&out, " l");
        zone_print_lease_preferences(&out, &z->lease_preferences);
    }
    return str_take(&out);
}

enum object { DATABASE, TABLE_PRIMARY, TABLE_IN, PARTITION, TABLE_BY_ROW, GLOBAL };

struct expectation {
    int regions;
    int survival;  /* enum survival */
    int placement; /* enum placement */
    int version;
    enum object object;
    const char *region;
    const char *secondary;    /* NULL none */
    const char *super_region; /* "ap eu": its members; NULL none */
    const char *zone;
};

enum { Z = SURVIVAL_ZONE, R = SURVIVAL_REGION, D = PLACEMENT_DEFAULT, P = PLACEMENT_RESTRICTED };

/* The primary is eu, or ap where there is only one region. */
static const struct expectation table[] = {
    /* zone survival: 2 + regions replicas, three voters at home */
    {1, Z, D, 2201, DATABASE, NULL, NULL, NULL, "3/3 c{+region=ap: 1} v[+region=ap] l[[+region=ap]]"},
    {2, Z, D, 2201, DATABASE, NULL, NULL, NULL, "4/3 c{+region=ap: 1, +region=eu: 1} v[+region=eu] l[[+region=eu]]"},
    {3, Z, D, 2201, DATABASE, NULL, NULL, NULL, "5/3 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v[+region=eu] l[[+region=eu]]"},
    {4, Z, D, 2601, DATABASE, NULL, NULL, NULL, "6/3 c{+region=ap: 1, +region=eu: 1, +region=sa: 1, +region=uk: 1} v[+region=eu] l[[+region=eu]]"},
    {3, Z, P, 2201, DATABASE, NULL, NULL, NULL, "3/3 c[] v[+region=eu] l[[+region=eu]]"},
    {3, Z, D, 2201, TABLE_PRIMARY, NULL, NULL, NULL, ""},
    {3, Z, P, 2601, TABLE_PRIMARY, NULL, NULL, NULL, ""},
    {3, Z, D, 2201, TABLE_IN, "sa", NULL, NULL, "/3 v[+region=sa] l[[+region=sa]]"},
    {3, Z, P, 2201, TABLE_IN, "sa", NULL, NULL, "/3 v[+region=sa] l[[+region=sa]]"},
    {3, Z, D, 2201, PARTITION, "ap", NULL, NULL, "/3 v[+region=ap] l[[+region=ap]]"},
    {3, Z, P, 2601, PARTITION, "ap", NULL, NULL, "/3 v[+region=ap] l[[+region=ap]]"},
    {3, Z, D, 2201, TABLE_BY_ROW, NULL, NULL, NULL, ""},
    {3, Z, D, 2201, GLOBAL, NULL, NULL, NULL, "global "},
    /* the placement policy is not for GLOBAL tables; lease preferences of their own only on newer versions */
    {3, Z, P, 2201, GLOBAL, NULL, NULL, NULL, "global 5/3 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v[+region=eu]"},
    {3, Z, P, 2601, GLOBAL, NULL, NULL, NULL, "global 5/3 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v[+region=eu] l[[+region=eu]]"},
    /* region survival: five voters, two at home */
    {3, R, D, 2201, DATABASE, NULL, NULL, NULL, "5/5 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v{+region=eu: 2} l[[+region=eu]]"},
    {4, R, D, 2201, DATABASE, NULL, NULL, NULL, "5/5 c{+region=ap: 1, +region=eu: 1, +region=sa: 1, +region=uk: 1} v{+region=eu: 2} l[[+region=eu]]"},
    {5, R, D, 2601, DATABASE, NULL, NULL, NULL, "6/5 c{+region=ap: 1, +region=eu: 1, +region=sa: 1, +region=uk: 1, +region=us: 1} v{+region=eu: 2} l[[+region=eu]]"},
    {3, R, D, 2201, PARTITION, "ap", NULL, NULL, "/5 v{+region=ap: 2} l[[+region=ap]]"},
    {4, R, D, 2601, PARTITION, "ap", NULL, NULL, "/5 v{+region=ap: 2} l[[+region=ap]]"},
    {3, R, D, 2201, TABLE_PRIMARY, NULL, NULL, NULL, ""},
    {3, R, D, 2201, GLOBAL, NULL, NULL, NULL, "global "},
    /* three regions are one super region on newer versions: one of the others takes two */
    {3, R, D, 2601, PARTITION, "ap", NULL, NULL, "5/5 c{+region=ap: 1, +region=eu: 2, +region=sa: 1} v{+region=ap: 2} l[[+region=ap]]"},
    {3, R, D, 2601, PARTITION, "sa", NULL, NULL, "5/5 c{+region=ap: 2, +region=eu: 1, +region=sa: 1} v{+region=sa: 2} l[[+region=sa]]"},
    {3, R, D, 2601, TABLE_PRIMARY, NULL, NULL, NULL, "5/5 c{+region=ap: 2, +region=eu: 1, +region=sa: 1} v{+region=eu: 2} l[[+region=eu]]"},
    /* secondary region */
    {3, Z, D, 2601, DATABASE, NULL, "ap", NULL, "5/3 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v[+region=eu] l[[+region=eu], [+region=ap]]"},
    {3, Z, D, 2601, TABLE_PRIMARY, NULL, "ap", NULL, "l[[+region=eu], [+region=ap]]"},
    {3, Z, D, 2601, GLOBAL, NULL, "ap", NULL, "global  l[[+region=eu], [+region=ap]]"},
    {3, R, D, 2601, DATABASE, NULL, "ap", NULL, "5/5 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v{+region=ap: 2, +region=eu: 2} l[[+region=eu], [+region=ap]]"},
    {3, R, D, 2601, PARTITION, "sa", "ap", NULL, "5/5 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v{+region=ap: 2, +region=sa: 2} l[[+region=sa], [+region=ap]]"},
    {3, R, D, 2601, PARTITION, "ap", "ap", NULL, "5/5 c{+region=ap: 1, +region=eu: 2, +region=sa: 1} v{+region=ap: 2} l[[+region=ap]]"},
    {4, R, D, 2601, DATABASE, NULL, "ap", NULL, "6/5 c{+region=ap: 1, +region=eu: 1, +region=sa: 1, +region=uk: 1} v{+region=ap: 2, +region=eu: 2} l[[+region=eu], [+region=ap]]"},
    /* super regions bind the objects at home in them, whatever the placement; not GLOBAL tables, not the database */
    {3, Z, D, 2601, PARTITION, "ap", NULL, "ap sa", "4/3 c{+region=ap: 1, +region=sa: 1} v[+region=ap] l[[+region=ap]]"},
    {3, Z, D, 2601, PARTITION, "eu", NULL, "ap sa", "/3 v[+region=eu] l[[+region=eu]]"},
    {3, Z, P, 2601, PARTITION, "ap", NULL, "ap sa", "3/3 c{+region=ap: 1, +region=sa: 1} v[+region=ap] l[[+region=ap]]"},
    {3, Z, D, 2601, TABLE_PRIMARY, NULL, NULL, "ap eu", "4/3 c{+region=ap: 1, +region=eu: 1} v[+region=eu] l[[+region=eu]]"},
    {3, Z, D, 2601, GLOBAL, NULL, NULL, "ap eu", "global "},
    {3, Z, D, 2601, PARTITION, "ap", NULL, "ap eu sa", "5/3 c{+region=ap: 1, +region=eu: 1, +region=sa: 1} v[+region=ap] l[[+region=ap]]"},
    {3, Z, D, 2601, PARTITION, "sa", NULL, "sa", "3/3 c{+region=sa: 1} v[+region=sa] l[[+region=sa]]"},
    {5, R, D, 2601, PARTITION, "ap", NULL, "ap eu sa", "5/5 c{+region=ap: 1, +region=eu: 2, +region=sa: 1} v{+region=ap: 2} l[[+region=ap]]"},
};

static void derive(struct zone *z, const struct expectation *e, const struct database *d) {
    struct rules_input in = {d, e->version};
    struct err err = {0};
    bool ok = false;
    switch (e->object) {
    case DATABASE: ok = rules_database(z, &in, &err); break;
    case TABLE_PRIMARY: ok = rules_table(z, &in, TABLE_LOCALITY_BY_TABLE, NULL, &err); break;
    case TABLE_IN: ok = rules_table(z, &in, TABLE_LOCALITY_BY_TABLE, e->region, &err); break;
    case PARTITION: ok = rules_partition(z, &in, e->region, &err); break;
    case TABLE_BY_ROW: ok = rules_table(z, &in, TABLE_LOCALITY_BY_ROW, NULL, &err); break;
    case GLOBAL: ok = rules_table(z, &in, TABLE_LOCALITY_GLOBAL, NULL, &err); break;
    }
    if (!ok)
        fail_msg("%s", err.message);
}

static void set_up(struct database *d, const struct expectation *e) {
    *d = make(e->regions, e->regions > 1 ? "eu" : "ap", (enum survival)e->survival, (enum placement)e->placement);
    d->secondary_region = mem_strdup_null(e->secondary);
    if (!e->super_region)
        return;
    char *copy = mem_strdup(e->super_region);
    const char *members[5];
    size_t n = 0;
    char *save = NULL;
    for (char *p = strtok_r(copy, " ", &save); p; p = strtok_r(NULL, " ", &save))
        members[n++] = p;
    add_super_region(d, "super", members, n);
    free(copy);
}

static void test_combinations(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct database d;
        struct zone z = {0};
        set_up(&d, &table[i]);
        derive(&z, &table[i], &d);
        char *text = text_of(&z);
        const char *got = *text == ' ' ? text + 1 : text;
        if (strcmp(got, table[i].zone) != 0)
            fail_msg("row %zu: \"%s\" instead of \"%s\"", i, got, table[i].zone);
        free(text);
        zone_free(&z);
        database_free(&d);
    }
}

/* What the server refuses, with its reason. */
static void test_refusals(void **state) {
    struct zone z = {0};
    struct err err = {0};
    struct database d = make(2, "eu", SURVIVAL_REGION, PLACEMENT_DEFAULT);
    struct rules_input in = {&d, 2601};
    (void)state;
    assert_false(rules_database(&z, &in, &err));
    assert_non_null(strstr(err.message, "at least 3 regions"));
    database_free(&d);
    d = make(3, "eu", SURVIVAL_REGION, PLACEMENT_RESTRICTED);
    assert_false(rules_database(&z, &in, &err));
    assert_non_null(strstr(err.message, "restricted placement policy"));
    database_free(&d);
    d = make(3, "eu", SURVIVAL_ZONE, PLACEMENT_DEFAULT);
    assert_false(rules_partition(&z, &in, "us", &err));
    assert_false(rules_table(&z, &in, TABLE_LOCALITY_BY_TABLE, "us", &err));
    database_free(&d);
}

/* The allowed regions: home alone, or the super region's members. */
static void test_allowed(void **state) {
    struct database d = make(3, "eu", SURVIVAL_ZONE, PLACEMENT_DEFAULT);
    struct allowed_regions allowed = {0};
    (void)state;
    add_super_region(&d, "super", (const char *const[]){"ap", "sa"}, 2);
    rules_allowed(&allowed, &d, "eu");
    assert_int_equal(allowed.len, 1);
    vec_clear(&allowed);
    rules_allowed(&allowed, &d, "sa");
    assert_int_equal(allowed.len, 2);
    vec_free(&allowed);
    database_free(&d);
}

/* The recorded file's configuration: the block of psql's -A form, parsed and compared with what the rules give. */
static void recorded(const char *version, const char *file, struct zone *out) {
    char *path = mem_printf("%s/%s/%s", getenv("TRUTH"), version, file);
    FILE *f = fopen(path, "r");
    struct str text = {0};
    char buffer[4096];
    size_t n;
    struct err err = {0};
    if (!f)
        fail_msg("%s cannot be read", path);
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
        str_add_n(&text, buffer, n);
    fclose(f);
    char *block = strstr(text.data, "--- -A -F '|'");
    char *sql = block ? strstr(block, "|ALTER ") : NULL;
    if (!sql)
        fail_msg("no configuration in %s", path);
    *strstr(sql, "\n(1 row)") = '\0';
    if (!zone_parse(out, NULL, sql + 1, &err))
        fail_msg("%s: %s", path, err.message);
    str_free(&text);
    free(path);
}

struct recording {
    const char *version;
    const char *file;
    int placement; /* enum placement */
    enum object object;
    const char *region;
};

static const struct recording recordings[] = {
    {"22.1", "2019-zone-database.txt", PLACEMENT_DEFAULT, DATABASE, NULL},
    {"22.1", "2024-zone-partition-uksouth.txt", PLACEMENT_DEFAULT, PARTITION, "uksouth"},
    {"22.1", "2026-zone-partition-eu-west-1.txt", PLACEMENT_DEFAULT, PARTITION, "eu-west-1"},
    {"22.1", "3028-1restricted-zone-database.txt", PLACEMENT_RESTRICTED, DATABASE, NULL},
    {"22.1", "3030-1restricted-zone-partition-eu-west-1.txt", PLACEMENT_RESTRICTED, PARTITION, "eu-west-1"},
    {"22.1", "3034-1restricted-zone-table-products.txt", PLACEMENT_RESTRICTED, TABLE_PRIMARY, NULL},
    {"26.1", "2019-zone-database.txt", PLACEMENT_DEFAULT, DATABASE, NULL},
    {"26.1", "2028-zone-partition-europe-west4.txt", PLACEMENT_DEFAULT, PARTITION, "europe-west4"},
    {"26.1", "3028-1restricted-zone-database.txt", PLACEMENT_RESTRICTED, DATABASE, NULL},
    {"26.1", "3031-1restricted-zone-partition-europe-west4.txt", PLACEMENT_RESTRICTED, PARTITION, "europe-west4"},
    {"26.1", "3050-2default-zone-database.txt", PLACEMENT_DEFAULT, DATABASE, NULL},
};

static void test_recordings(void **state) {
    static const char *const regions[] = {"eu-west-1", "europe-west4", "uksouth"};
    (void)state;
    for (size_t i = 0; i < sizeof recordings / sizeof *recordings; i++) {
        const struct recording *r = &recordings[i];
        struct expectation e = {.version = r->version[1] == '2' ? 2201 : 2601, .object = r->object, .region = r->region};
        struct database d = {.name = mem_strdup("django"), .primary_region = mem_strdup("uksouth"), .survival = SURVIVAL_ZONE, .placement = (enum placement)r->placement};
        struct zone expected = {0};
        struct zone own = {0};
        struct zone parent = {0};
        for (size_t k = 0; k < 3; k++)
            vec_push(&d.regions, ((struct db_region){.name = mem_strdup(regions[k])}));
        recorded(r->version, r->file, &expected);
        derive(&own, &e, &d);
        e.object = DATABASE;
        derive(&parent, &e, &d);
        zone_inherit(&own, &parent);
        zone_inherit(&own, &expected); /* range sizes and gc are not the rules' business */
        char *want = text_of(&expected);
        char *got = text_of(&own);
        assert_string_equal(got, want);
        free(want);
        free(got);
        zone_free(&expected);
        zone_free(&own);
        zone_free(&parent);
        database_free(&d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_combinations),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_recordings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
