/* answer: the answers that are made of one snapshot, and what they share. */
#include "answers.h"

#include <string.h>

static const struct answer answers[] = {
    {"regions", PART_CATALOG, false, false, regions_begin, regions_append, NULL},
    {"tables", PART_CATALOG, true, false, tables_begin, tables_append, NULL},
    {"ranges", PART_RANGES, false, false, ranges_begin, ranges_append, NULL},
    {"rows", PART_CATALOG, true, true, rows_begin, rows_append, NULL},
    {"report", PART_CATALOG, false, false, report_begin, report_append, NULL},
    {"check", PART_CATALOG, false, false, check_begin, check_append, check_says},
    {.name = NULL},
};

const struct answer *answer_find(const char *name) {
    for (const struct answer *a = answers; a->name; a++)
        if (strcmp(a->name, name) == 0)
            return a;
    return NULL;
}

void answer_fields(struct records *r, const char *const *names) {
    for (; *names; names++)
        records_add_field(r, *names);
}

static json_t *store_name(const struct topology *t, int store_id) {
    static const struct topology nothing;
    struct str name = {0};
    topology_print_store(&name, t ? t : &nothing, store_id);
    json_t *value = record_text(str_get(&name));
    str_free(&name);
    return value;
}

json_t *answer_replicas(const struct range *r, const struct topology *t, enum replica_kind kind) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->replicas.len; i++)
        if (r->replicas.items[i].kind == kind)
            json_array_append_new(list, store_name(t, r->replicas.items[i].store_id));
    return list;
}

json_t *answer_abroad(const struct domicile_verdict *v, const struct topology *t) {
    json_t *list = json_array();
    for (size_t i = 0; i < v->abroad.len; i++)
        json_array_append_new(list, store_name(t, v->abroad.items[i]));
    return list;
}

json_t *answer_flags(unsigned flags) {
    json_t *list = json_array();
    if (flags & DOMICILE_MOVING)
        json_array_append_new(list, json_string("moving"));
    if (flags & DOMICILE_UNAVAILABLE)
        json_array_append_new(list, json_string("unavailable"));
    return list;
}

usec answer_age(const struct answer_input *in) {
    static const enum part_kind parts[] = {PART_TOPOLOGY, PART_CATALOG, PART_RANGES};
    usec oldest = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct part *p = in->snapshot->parts[parts[i]];
        if (!p)
            return -1;
        if (in->now - p->asof > oldest)
            oldest = in->now - p->asof;
    }
    return oldest;
}

void answer_set_age(json_t *record, const struct answer_input *in) {
    const usec age = answer_age(in);
    if (age >= 0)
        record_set(record, "age_ms", json_integer((json_int_t)(age / USEC_PER_MS)));
}
