/* dialog_show: the dialogs that show: passport, region, table, help, why, an event. */
#include "lines.h"

#include "domicile/cluster/rules.h"
#include "domicile/command/keymap.h"
#include "domicile/dialect/casevalues.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *kind_name(const struct range *r, const struct replica *p) {
    if (r->lease_state == LEASE_KNOWN && r->leaseholder == p->store_id)
        return "leaseholder";
    return p->kind == REPLICA_VOTER ? "voter" : p->kind == REPLICA_NON_VOTER ? "non-voter" : "learner";
}

static bool is_allowed(const struct database *d, const char *home, const char *region) {
    struct allowed_regions allowed = {0};
    bool ok = false;
    if (!home || !region)
        return home == NULL;
    rules_allowed(&allowed, d, home);
    for (size_t i = 0; i < allowed.len; i++)
        ok = ok || strcmp(allowed.items[i], region) == 0;
    vec_free(&allowed);
    return ok;
}

static void add_replica(struct lines *l, struct ui *ui, const struct range *r, const struct replica *p,
    const char *region, const char *home) {
    static const char *const said[] = {[LIVENESS_LIVE] = "",
        [LIVENESS_DEAD] = ", node is dead",
        [LIVENESS_UNKNOWN] = ", liveness unknown"};
    const struct topology *t = snapshot_topology(&ui->model->shown);
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct node *n = topology_node_of_store(t, p->store_id);
    const struct store *s = topology_store(t, p->store_id);
    const struct locality *where = n ? &n->locality : s ? &s->locality : NULL;
    const char *zone = where ? locality_zone(where) : NULL;
    enum liveness liveness = topology_store_liveness(t, p->store_id);
    bool abroad = home && region && !is_allowed(&c->database, home, region);
    lines_add_pair(l, region ? region : "region unknown",
        liveness == LIVENESS_DEAD ? STYLE_DEAD
            : abroad ? STYLE_ABROAD
            : liveness == LIVENESS_UNKNOWN ? STYLE_UNKNOWN
            : STYLE_NORMAL,
        "%s%s %s  %s%s  %s%s%s", draw_glyph(t, r, p), liveness == LIVENESS_UNKNOWN ? "?" : "",
        draw_store(t, p->store_id), zone ? "zone=" : "", zone ? zone : "", kind_name(r, p), said[liveness],
        abroad ? "  outside home" : "");
}

static void add_replicas(struct lines *l, struct ui *ui, const struct range *r, const char *home) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    for (size_t k = 0; k <= model_region_count(ui->model); k++) {
        const char *region = model_region_at(ui->model, k);
        for (int lease = 1; lease >= 0; lease--)
            for (size_t i = 0; i < r->replicas.len; i++) {
                const struct replica *p = &r->replicas.items[i];
                const char *at = topology_store_region(t, p->store_id);
                bool holds = r->lease_state == LEASE_KNOWN && r->leaseholder == p->store_id;
                bool mine = region ? str_eq(at, region) : model_region_index(ui->model, at) < 0;
                if (mine && holds == (lease == 1))
                    add_replica(l, ui, r, p, at, home);
            }
    }
}

static const struct row *find_row(struct ui *ui, const char *anchor) {
    struct model_row row;
    for (size_t i = 0; model_row_at(ui->model, i, &row); i++) {
        char *here = model_anchor(ui->model, PANE_ROWS, i);
        bool same = str_eq(here, anchor);
        free(here);
        if (same)
            return row.row;
    }
    return NULL;
}

/* "because cloud = 'aws' (column region)"; false when the expression cannot be read. */
static bool add_because(struct str *out, struct ui *ui, const struct row *r, const struct column *column) {
    const struct rows *rows = snapshot_rows(&ui->model->shown);
    struct casevalues values = {0};
    bool told = casevalues_parse(&values, column->computed, NULL);
    for (size_t i = 0; told && i < rows->columns.len && i < r->values.len; i++)
        if (str_eq(rows->columns.items[i], values.column) && r->values.items[i])
            str_add_f(out, "because %s = '%s' (column %s)", values.column, r->values.items[i], column->name);
    casevalues_free(&values);
    return out->len > 0;
}

/* What the database's policy does although a row may be in its home alone. */
static const char *kept_abroad(const struct database *d) {
    if (d->survival == SURVIVAL_REGION)
        return " only; surviving a region's failure nevertheless keeps voters in other regions";
    return d->placement == PLACEMENT_DEFAULT ? " only; DEFAULT nevertheless keeps a non-voter in every other region"
        : " only";
}

static void add_home(struct lines *l, struct ui *ui, const struct row *r, const struct table *t) {
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct column *column = t && t->region_column ? table_column(t, t->region_column) : NULL;
    if (!r->home) {
        lines_add_pair(l, "home region", STYLE_DIM, "none: %s", r->verdict.reason ? r->verdict.reason : "no rule");
        return;
    }
    struct str because = {0};
    if (column && column->computed && add_because(&because, ui, r, column))
        lines_add_pair(l, "home region", STYLE_STRONG, "%s, %s", r->home, str_get(&because));
    else if (column && column->computed)
        lines_add_pair(
            l, "home region", STYLE_STRONG, "%s, computed by %s: %s", r->home, column->name, column->computed);
    else if (t && t->region_column)
        lines_add_pair(l, "home region", STYLE_STRONG, "%s, the value of column %s", r->home, t->region_column);
    else
        lines_add_pair(l, "home region", STYLE_STRONG, "%s, the table's", r->home);
    str_free(&because);
    const struct super_region *sr = database_super_region_of(&c->database, r->home);
    lines_add_pair(l, "may be in", STYLE_NORMAL, "%s%s%s", sr ? "the super region " : "", sr ? sr->name : r->home,
        sr ? "" : kept_abroad(&c->database));
}

static void add_governing(
    struct lines *l, struct ui *ui, const struct row *r, const struct table *t, const struct range *range) {
    const struct topology *topology = snapshot_topology(&ui->model->shown);
    const char *target = NULL;
    const struct zone *z = row_zone(r, t, table_primary(t), &target);
    struct conformance_verdict v;
    struct str text = {0};
    if (z) {
        zone_print_options(&text, z, "");
        for (size_t i = 0; i < text.len; i++)
            if (text.data[i] == '\n')
                text.data[i] = ' ';
        lines_add_pair(
            l, "governed by", STYLE_NORMAL, "%s: %s", target ? target : "zone configuration", str_get(&text));
    } else {
        lines_add_pair(l, "governed by", STYLE_UNKNOWN, "the zone configuration is not readable");
    }
    str_clear(&text);
    conformance_judge(&v, range, z, topology);
    conformance_print(&text, v.states);
    lines_add_pair(l, "conforms", v.states ? STYLE_WARN : STYLE_GOOD, "%s%s", v.states & ~(unsigned)CONFORMANCE_UNKNOWN ? "no: "
            : v.states ? ""
            : "yes",
        v.states ? str_get(&text) : "");
    for (size_t i = 0; i < v.findings.len; i++)
        lines_add_pair(l, "", STYLE_DIM, "%s", v.findings.items[i].text);
    conformance_verdict_free(&v);
    str_free(&text);
}

static void add_indexes(struct lines *l, const struct table *t) {
    struct str text = {0};
    for (size_t i = 0; i < t->indexes.len; i++)
        str_add_f(&text, "%s%s", i ? ", " : "", t->indexes.items[i].name);
    lines_add_pair(l, "judged in", STYLE_DIM, "%s%s", t->indexes.len > 1 ? "every index: " : "index ", str_get(&text));
    str_free(&text);
}

static void add_history(struct lines *l, struct ui *ui, int64_t range_id) {
    const struct model *m = ui->model;
    int shown = 0;
    for (size_t i = m->feed.len; i > 0 && shown < 8; i--) {
        const struct event *e = &m->feed.items[i - 1];
        struct str time = {0};
        if (e->range_id != range_id || !range_id)
            continue;
        draw_add_time(&time, e->at_wall);
        lines_add_pair(l, shown++ ? "" : "history", STYLE_NORMAL, "%s  %s", str_get(&time), e->text);
        str_free(&time);
    }
}

/* Who leads it and when that was asked, or why that is not known. */
static void add_lease(struct lines *l, struct ui *ui, const struct range *range) {
    struct str text = {0};
    draw_add_lease_doubt(&text, ui->model, range);
    if (text.len) {
        lines_add_pair(l, "lease", STYLE_UNKNOWN, "%s", str_get(&text) + strlen("lease: "));
    } else {
        draw_add_time(&text, ui->model->wall - (ui->model->now - range->lease_asof));
        lines_add_pair(l, "lease", STYLE_NORMAL, "%s, as of %s",
            draw_store(snapshot_topology(&ui->model->shown), range->leaseholder), str_get(&text));
    }
    str_free(&text);
}

static bool liveness_unknown(const struct model *m) {
    const struct topology *t = snapshot_topology(&m->shown);
    return t && !t->liveness_known;
}

/* "abroad since 12:04:31, 2 min: …"; and whether its rows can be had. */
static void add_verdict(struct lines *l, struct ui *ui, const struct row *r, const struct range *range) {
    const struct model *m = ui->model;
    usec since = draw_since(m, r, range);
    struct str text = {0};
    str_add(&text, domicile_name(r->verdict.domicile));
    if (since) {
        str_add(&text, " since ");
        draw_add_time(&text, m->wall - (m->now - since));
        str_add(&text, ", ");
        draw_add_age(&text, m->now - since);
    }
    lines_add_pair(l, "verdict", draw_verdict_style(r->verdict.domicile), "%s: %s", str_get(&text), r->verdict.reason);
    str_free(&text);
    if (r->verdict.flags & DOMICILE_UNAVAILABLE)
        lines_add_pair(l, "available", STYLE_BAD, "no: no quorum of its voters lives");
    else if (range && liveness_unknown(m))
        lines_add_pair(l, "available", STYLE_UNKNOWN, "unknown: liveness not readable");
}

static void build_passport(struct lines *l, struct ui *ui) {
    const struct rows *rows = snapshot_rows(&ui->model->shown);
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct ranges *ranges = snapshot_ranges(&ui->model->shown);
    const struct row *r = find_row(ui, l->subject);
    const struct table *t = rows && c ? catalog_table(c, rows->table) : NULL;
    if (!r || !t) {
        lines_add(l, STYLE_DIM, "this row is not in the picture any more");
        return;
    }
    const struct range *range = row_range(r, ranges);
    struct str key = {0};
    for (size_t i = 0; i < rows->columns.len && i < r->values.len; i++)
        str_add_f(&key, "%s%s = %s", i ? " · " : "", rows->columns.items[i],
            r->values.items[i] ? r->values.items[i] : "NULL");
    lines_add_pair(l, "row", STYLE_STRONG, "%s", str_get(&key));
    str_clear(&key);
    add_home(l, ui, r, t);
    if (r->key.len)
        key_print(&key, &r->key);
    lines_add_pair(l, "key", r->key.len ? STYLE_NORMAL : STYLE_UNKNOWN, "%s", r->key.len ? str_get(&key) : r->why);
    str_clear(&key);
    if (range) {
        key_print(&key, &range->start);
        str_add(&key, " … ");
        key_print(&key, &range->end);
        lines_add_pair(l, "range", STYLE_NORMAL, "r%" PRId64 "  [%s)", range->id, str_get(&key));
    }
    str_free(&key);
    add_verdict(l, ui, r, range);
    lines_add(l, STYLE_NORMAL, "%s", "");
    if (range) {
        add_replicas(l, ui, range, r->home);
        add_lease(l, ui, range);
        lines_add(l, STYLE_NORMAL, "%s", "");
        add_governing(l, ui, r, t, range);
    }
    add_indexes(l, t);
    add_history(l, ui, r->range_id);
}

struct view *dialog_passport_new(struct ui *ui) {
    const struct rows *rows = snapshot_rows(&ui->model->shown);
    struct lines *l;
    char *title;
    size_t selected = ui->model->lists[PANE_ROWS].selected;
    char *anchor = model_anchor(ui->model, PANE_ROWS, selected);
    if (!anchor)
        return NULL;
    title = mem_printf("Passport · %s/%.*s", rows->table, (int)strcspn(anchor, "/"), anchor);
    l = lines_new("passport", title, build_passport);
    l->subject = anchor;
    free(title);
    return &l->view;
}

static void build_region(struct lines *l, struct ui *ui) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    for (size_t i = 0; t && i < t->nodes.len; i++) {
        const struct node *n = &t->nodes.items[i];
        struct str where = {0};
        if (!str_eq(locality_region(&n->locality), l->subject))
            continue;
        locality_print(&where, &n->locality);
        const char *state = n->liveness == LIVENESS_LIVE ? "live"
            : n->liveness == LIVENESS_DEAD ? "dead"
            : "liveness unknown";
        struct str label = {0};
        str_add_f(&label, "n%d", n->id);
        lines_add_pair(l, str_get(&label), n->liveness == LIVENESS_LIVE ? STYLE_NORMAL : STYLE_BAD, "%s  %s%s%s  %s",
            state, str_get(&where), n->draining ? ", draining" : "",
            n->membership == MEMBERSHIP_DECOMMISSIONING ? ", decommissioning" : "",
            n->sql_address ? n->sql_address : "address unknown");
        if (n->ranges >= 0)
            lines_add_pair(l, "", STYLE_DIM, "%d replicas and %d lease%s of the whole cluster", n->ranges, n->leases,
                n->leases == 1 ? "" : "s");
        str_free(&label);
        str_free(&where);
    }
    if (l->list.len == 0)
        lines_add(l, STYLE_UNKNOWN, "its nodes cannot be read by this user");
    if (l->list.len == 0 || !t || !t->liveness_known)
        lines_add(l, STYLE_UNKNOWN, "liveness is not readable: nothing here is called live");
    const struct region_rtt *r = model_gateway(ui->model, l->subject);
    if (r && r->gateway)
        lines_add_pair(l, "gateway", str_eq(r->gateway, "up") ? STYLE_NORMAL : STYLE_WARN, "%s%s%s", r->gateway,
            r->gateway_reason[0] ? ": " : "", r->gateway_reason);
}

struct view *dialog_region_new(struct ui *ui) {
    const char *region = model_region_at(ui->model, ui->model->lists[PANE_REGIONS].selected);
    if (!region)
        return NULL;
    char *title = mem_printf("Nodes of %s", region);
    struct lines *l = lines_new("region", title, build_region);
    l->subject = mem_strdup(region);
    free(title);
    return &l->view;
}

struct view *dialog_table_new(struct ui *ui) {
    const struct table *t = model_table_at(ui->model, ui->model->lists[PANE_TABLES].selected, NULL);
    if (!t)
        return NULL;
    char *title = mem_printf("Table %s", table_shown(t));
    struct lines *l = lines_new("table", title, NULL);
    l->subject = mem_strdup(t->name);
    lines_add(l, STYLE_DIM, "asking the server …");
    free(title);
    return &l->view;
}

void dialog_table_answer(struct view *v, const struct inspect_answer *answer) {
    struct lines *l = (struct lines *)v;
    lines_clear(l);
    if (answer->zone)
        lines_add_pair(l, "governed by", STYLE_STRONG, "%s", answer->zone_target ? answer->zone_target : "");
    if (answer->zone)
        lines_add_sql(l, answer->zone);
    if (answer->create)
        lines_add(l, STYLE_NORMAL, "%s", "");
    if (answer->create)
        lines_add_sql(l, answer->create);
    if (answer->problem)
        lines_add(l, STYLE_BAD, "%s", answer->problem);
    if (!answer->done)
        lines_add(l, STYLE_DIM, "asking the server …");
}

static void build_help(struct lines *l, struct ui *ui) {
    size_t n;
    const struct command *table = command_table(&n);
    for (size_t i = 0; i < n; i++) {
        struct str keys = {0};
        if (!*table[i].keys)
            continue;
        keymap_add_keys(&keys, &table[i]);
        lines_add_pair(l, str_get(&keys), table[i].changes && ui->model->read_only ? STYLE_DIM : STYLE_NORMAL, "%s%s",
            table[i].help, table[i].changes && ui->model->read_only ? " (refused: read-only)" : "");
        str_free(&keys);
    }
    lines_add(l, STYLE_NORMAL, "%s", "");
    lines_add(l, STYLE_NORMAL,
        "◆ leaseholder  ● voter  ○ non-voter  ◌ learner  ✕ on a dead node  ? not known whether the node lives  "
        "· nothing here; underlined: outside the "
        "row's home region");
}

struct view *dialog_help_new(void) { return &lines_new("help", "Keys", build_help)->view; }

static void build_why(struct lines *l, struct ui *ui) {
    const struct server_info *s = snapshot_server(&ui->model->shown);
    bool old = s && s->version && s->version < 2202;
    lines_add(l, STYLE_STRONG, "Why CockroachDB's replication report and this verdict differ");
    lines_add(l, STYLE_NORMAL, "%s", "");
    lines_add(l, STYLE_NORMAL,
        "The report counts ranges per zone configuration, on an interval. It judges a range by the first of its zones "
        "that sets constraints: a partition that only sets voter constraints is judged by the database's.");
    if (old)
        lines_add(l, STYLE_NORMAL,
            "This version looks at voters only: non-voting replicas never count. Under DEFAULT a healthy database is "
            "shown as violating for ever, because the database's constraints ask for a replica in every region, and "
            "those of other regions are non-voters.");
    else
        lines_add(l, STYLE_NORMAL,
            "This version counts non-voters too, but holds the partitions of other regions to the database's own voter "
            "constraint: a healthy database shows voter_constraint violations for ever.");
    lines_add(l, STYLE_NORMAL,
        "Under RESTRICTED the constraints that were counted are gone at once: the report is clean seconds before the "
        "last replica has left.");
    lines_add(l, STYLE_NORMAL, "With a region down it counts the dead replicas as if they lived.");
    lines_add(l, STYLE_NORMAL, "%s", "");
    lines_add(l, STYLE_NORMAL,
        "domicile looks at each range's replicas, the localities of their nodes and the home region of the rows, and "
        "says \"unknown\" where one of these could not be read.");
}

struct view *dialog_why_new(void) { return &lines_new("why", "Report and verdict", build_why)->view; }

struct view *dialog_event_new(const struct event *e) {
    struct lines *l = lines_new("event", "Event", NULL);
    struct str time = {0};
    draw_add_time(&time, e->at_wall);
    lines_add_pair(l, "at", STYLE_DIM, "%s", str_get(&time));
    lines_add_pair(l, "kind", STYLE_DIM, "%s", event_kind_name(e->kind));
    lines_add(l, STYLE_NORMAL, "%s", "");
    lines_add(l, STYLE_NORMAL, "%s", e->text);
    str_free(&time);
    return &l->view;
}
