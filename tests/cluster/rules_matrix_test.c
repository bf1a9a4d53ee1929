/* The placement rules, held to every combination that rules-matrix.txt lists (its head says how it reads). */
#include "made.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { NEWEST = 2601, FEWEST_LINES = 800 };

/* The versions at which a rule changes, and those on either side. */
static const int versions[] = {2201, 2202, 2301, 2302, 2403, 2501, 2502, 2504, NEWEST};

struct heading {
    char regions[64], goal[16], placement[16], secondary[16], supers[64];
    struct made_state state;
};

static void read_heading(struct heading *h, const char *line) {
    char super_a[32] = "", super_b[32] = "";
    if (sscanf(line, "regions %63[^|]| survive %15s | placement %15s | secondary %15s | super %31s %31s",
            h->regions, h->goal, h->placement, h->secondary, super_a, super_b) < 5)
        fail_msg("no heading: %s", line);
    h->regions[strcspn(h->regions, "|") - 1] = '\0';
    snprintf(h->supers, sizeof h->supers, *super_b ? "%s %s" : "%s", super_a, super_b);
    h->state = (struct made_state){.regions = h->regions, .goal = h->goal[0], .placement = h->placement[0],
        .secondary = *h->secondary == '-' ? NULL : h->secondary, .supers = *h->supers == '-' ? NULL : h->supers};
}

static void check(const struct heading *h, char kind, const char *home, int version, const char *expected) {
    struct database d;
    struct zone z = {0};
    struct err err = {0};
    struct str text = {0};
    made_database(&d, &h->state);
    if (made_zone(&z, &(struct rules_input){&d, version}, &(struct made_object){kind, *home ? home : NULL}, &err))
        zone_print_options(&text, &z, "");
    else
        str_add_f(&text, "error: %s", err.message);
    char *line = made_line(str_get(&text));
    if (strcmp(line, expected) != 0)
        fail_msg("%d, regions %s, survive %s, placement %s, secondary %s, super %s, %c %s:\n  %s\nexpected:\n  %s",
            version, h->regions, h->goal, h->placement, h->secondary, h->supers, kind, home, line, expected);
    free(line);
    str_free(&text);
    zone_free(&z);
    database_free(&d);
}

/* FROM-TO KIND [HOME]: FIELDS, a line of it; KIND may be two letters, of which each is one. */
static void check_line(const struct heading *h, const char *line) {
    int from = 0, to = 0, used = 0;
    char kinds[8] = "", home[16] = "";
    if (sscanf(line, "%d-%d%n", &from, &to, &used) < 2) {
        to = NEWEST;
        sscanf(line, "%d-%n", &from, &used);
    }
    const char *colon = strchr(line, ':');
    if (!from || !colon || sscanf(line + used, " %7[A-Z] %15[a-z]", kinds, home) < 1)
        fail_msg("no line: %s", line);
    const char *fields = colon + 1 + (colon[1] == ' ');
    for (const char *kind = kinds; *kind; kind++)
        for (size_t v = 0; v < sizeof versions / sizeof *versions; v++)
            if (from <= versions[v] && versions[v] <= to)
                check(h, *kind, home, versions[v], fields);
}

static void test_matrix(void **state) {
    struct heading h = {0};
    char *path = mem_printf("%s/tests/cluster/rules-matrix.txt", getenv("TOP_SRCDIR")), *line = NULL;
    FILE *f = fopen(path, "r");
    size_t size = 0, lines = 0;
    (void)state;
    if (!f)
        fail_msg("%s cannot be read", path);
    while (getline(&line, &size, f) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#')
            continue;
        if (strncmp(line, "regions ", 8) == 0) {
            read_heading(&h, line);
        } else {
            check_line(&h, line);
            lines++;
        }
    }
    assert_true(lines >= FEWEST_LINES);
    free(line);
    free(path);
    fclose(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
