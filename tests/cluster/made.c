/* made: databases made up. */
#include "made.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <stdlib.h>
#include <string.h>

static void add_supers(struct database *d, const char *text) {
    char *copy = mem_strdup(text);
    char *words = NULL;
    for (char *w = strtok_r(copy, " ", &words); w; w = strtok_r(NULL, " ", &words)) {
        struct super_region s = {0};
        char *names = NULL;
        char *colon = strchr(w, ':');
        *colon = '\0';
        s.name = mem_strdup(w);
        for (char *r = strtok_r(colon + 1, ",", &names); r; r = strtok_r(NULL, ",", &names))
            vec_push(&s.regions, mem_strdup(r));
        vec_push(&d->super_regions, s);
    }
    free(copy);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct db_region *)a)->name, ((const struct db_region *)b)->name);
}

void made_database(struct database *d, const struct made_state *s) {
    char *copy = mem_strdup(s->regions);
    char *save = NULL;
    *d = (struct database){.name = mem_strdup("d")};
    d->survival = s->goal == 'r' ? SURVIVAL_REGION : SURVIVAL_ZONE;
    d->placement = s->placement == 'r' ? PLACEMENT_RESTRICTED : PLACEMENT_DEFAULT;
    d->secondary_region = mem_strdup_null(s->secondary);
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        if (!d->primary_region)
            d->primary_region = mem_strdup(w);
        vec_push(&d->regions, ((struct db_region){.name = mem_strdup(w)}));
    }
    qsort(d->regions.items, d->regions.len, sizeof *d->regions.items, by_name);
    if (s->supers)
        add_supers(d, s->supers);
    free(copy);
}

bool made_zone(struct zone *z, const struct rules_input *in, const struct made_object *o, struct err *err) {
    switch (o->kind) {
    case 'D': return rules_database(z, in, err);
    case 'P': return rules_partition(z, in, o->region, err);
    case 'T': return rules_table(z, in, TABLE_LOCALITY_BY_TABLE, NULL, err);
    case 'I': return rules_table(z, in, TABLE_LOCALITY_BY_TABLE, o->region, err);
    case 'W': return rules_table(z, in, TABLE_LOCALITY_BY_ROW, NULL, err);
    default: return rules_table(z, in, TABLE_LOCALITY_GLOBAL, NULL, err);
    }
}

char *made_line(const char *text) {
    struct str out = {0};
    for (const char *p = text; *p; p++)
        if (*p == '\n')
            str_add_char(&out, ' ');
        else
            str_add_char(&out, *p);
    return str_take(&out);
}
