/* answer: the table of headless commands, and what their answers share. */
#include "answers.h"

#include <string.h>

static const struct answer answers[] = {
    {"regions", NULL, "Regions of the database and the cluster: role, nodes, ranges, leases, replicas abroad",
        false, regions_begin, regions_append, NULL},
    {"tables", NULL, "Tables of the database: locality, ranges, rows, verdict", false, tables_begin,
        tables_append, NULL},
    {"ranges", "[TABLE]", "Ranges of the database or of one table: replicas, leaseholder, verdicts", false,
        ranges_begin, ranges_append, NULL},
    {"rows", "TABLE", "Rows of a table: home region, range, replicas, verdict", true, rows_begin, rows_append,
        NULL},
    {"report", NULL, "Domicile's own counts beside CockroachDB's replication report", false, report_begin,
        report_append, NULL},
    {"check", NULL, "Whether every range that holds rows is at home: exit 0 yes, 1 no, 2 cannot tell", false,
        check_begin, check_append, check_says},
    {NULL, NULL, NULL, false, NULL, NULL, NULL},
};

const struct answer *answer_table(void) { return answers; }

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
