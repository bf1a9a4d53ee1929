/* build_server: what the server says of itself, and its own replication report. */
#include "build.h"

#include "domicile/cluster/locality.h"

#include <string.h>

int build_version(const char *text) {
    for (const char *p = text; p != NULL && (p = strstr(p, " v")) != NULL; p += 2) {
        char *end = NULL;
        long major = strtol(p + 2, &end, 10);
        if (end == p + 2 || *end != '.')
            continue;
        char *end_minor = NULL;
        long minor = strtol(end + 1, &end_minor, 10);
        if (end_minor != end + 1 && major > 0 && major < 9999 && minor >= 0 && minor < 100)
            return (int)(major * 100 + minor);
    }
    return 0;
}

static bool read_databases(struct server_info *info, const struct pg_result *r, struct err *err) {
    size_t name;
    if (!pg_result_column(r, "database_name", &name, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++)
        if (pg_result_text(r, i, name) != NULL)
            vec_push(&info->databases, mem_strdup(pg_result_text(r, i, name)));
    return true;
}

static void read_locality(struct server_info *info, const char *text) {
    struct locality l = {0};
    if (locality_parse(&l, text, NULL))
        info->gateway_region = mem_strdup_null(locality_region(&l));
    locality_free(&l);
}

static bool read_settings(struct server_info *info, const struct pg_result *r, struct err *err) {
    size_t name, setting;
    if (!pg_result_column(r, "name", &name, err) || !pg_result_column(r, "setting", &setting, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        const char *key = pg_result_text(r, i, name);
        const char *value = pg_result_text(r, i, setting);
        int64_t node = 0;
        if (str_eq(key, "node_id") && pg_decode_int(&node, value))
            info->gateway_node = (int)node;
        else if (str_eq(key, "locality") && value != NULL)
            read_locality(info, value);
        else if (str_eq(key, "allow_unsafe_internals"))
            info->unsafe_internals = str_eq(value, "on");
    }
    return true;
}

bool build_server(struct server_info *info, const struct answers *a, struct err *err) {
    info->unsafe_internals = true;
    if (a->of[Q_DATABASES] != NULL && !read_databases(info, a->of[Q_DATABASES], err))
        return false;
    if (a->of[Q_SETTINGS] != NULL && !read_settings(info, a->of[Q_SETTINGS], err))
        return false;
    const struct pg_result *id = a->of[Q_CLUSTER_ID];
    if (id != NULL && pg_result_rows(id) > 0 && pg_result_columns(id) > 0)
        info->cluster_id = mem_strdup_null(pg_result_text(id, 0, 0));
    info->offers_sandbox = a->of[Q_FAILURES] != NULL && pg_result_rows(a->of[Q_FAILURES]) > 0;
    return true;
}

static bool read_report_meta(struct report *rep, const struct pg_result *r, struct err *err) {
    size_t generated, now;
    if (!pg_result_column(r, "generated", &generated, err) || !pg_result_column(r, "server_now", &now, err))
        return false;
    if (pg_result_rows(r) == 0)
        return true;
    if (pg_result_text(r, 0, generated) != NULL
        && !pg_result_timestamp(r, 0, generated, &rep->generated_wall, err))
        return false;
    return pg_result_timestamp(r, 0, now, &rep->server_wall, err);
}

struct report_columns {
    size_t zone, subzone, type, config, start, ranges, target;
};

static bool report_columns_find(struct report_columns *c, const struct pg_result *r, struct err *err) {
    return pg_result_column(r, "zone_id", &c->zone, err) && pg_result_column(r, "subzone_id", &c->subzone, err)
        && pg_result_column(r, "type", &c->type, err) && pg_result_column(r, "config", &c->config, err)
        && pg_result_column(r, "violation_start", &c->start, err)
        && pg_result_column(r, "violating_ranges", &c->ranges, err)
        && pg_result_column(r, "target", &c->target, err);
}

static bool read_report_rows(struct report *rep, const struct pg_result *r, struct err *err) {
    struct report_columns c;
    if (!report_columns_find(&c, r, err))
        return false;
    for (size_t i = 0; i < pg_result_rows(r); i++) {
        struct report_row row = {0};
        if (!pg_result_int(r, i, c.zone, &row.zone_id, err) || !pg_result_int(r, i, c.subzone, &row.subzone_id, err)
            || !pg_result_int(r, i, c.ranges, &row.violating_ranges, err))
            return false;
        row.target = mem_strdup_null(pg_result_text(r, i, c.target));
        row.type = mem_strdup_null(pg_result_text(r, i, c.type));
        row.config = mem_strdup_null(pg_result_text(r, i, c.config));
        row.violation_start = mem_strdup_null(pg_result_text(r, i, c.start));
        vec_push(&rep->rows, row);
    }
    return true;
}

static void read_interval(struct report *rep, const struct pg_result *r) {
    rep->interval = -1;
    if (r != NULL && pg_result_rows(r) > 0 && pg_result_columns(r) > 0 && pg_result_text(r, 0, 0) != NULL
        && !pg_decode_interval(&rep->interval, pg_result_text(r, 0, 0)))
        rep->interval = -1;
}

struct report *build_report(const struct answers *a, struct err *err) {
    struct part *holder = part_new(PART_REPORT, mem_calloc(1, sizeof(struct report)), 0, 0);
    struct report *rep = holder->data;
    read_interval(rep, a->of[Q_REPORT_INTERVAL]);
    bool ok = (a->of[Q_REPORT_META] == NULL || read_report_meta(rep, a->of[Q_REPORT_META], err))
        && (a->of[Q_REPORT] == NULL || read_report_rows(rep, a->of[Q_REPORT], err));
    if (ok) {
        holder->data = NULL;
        free(holder);
        return rep;
    }
    part_unref(holder);
    return NULL;
}
