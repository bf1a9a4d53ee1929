/* draw: what panes and dialogs draw in the same way. */
#include "draw.h"

#include "domicile/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *draw_glyph(const struct topology *t, const struct range *r, const struct replica *p) {
    if (topology_store_liveness(t, p->store_id) == LIVENESS_DEAD)
        return "✕";
    if (r->lease_state == LEASE_KNOWN && r->leaseholder == p->store_id)
        return "◆";
    switch (p->kind) {
    case REPLICA_VOTER: return "●";
    case REPLICA_NON_VOTER: return "○";
    case REPLICA_LEARNER: return "◌";
    }
    return "?";
}

/* Leaseholder, voters, non-voters, learners. */
static int rank(const struct range *r, const struct replica *p) {
    if (r->lease_state == LEASE_KNOWN && r->leaseholder == p->store_id)
        return 0;
    return 1 + (int)p->kind;
}

void draw_replicas(struct ui *ui, struct area a, int x, int y, int width, const struct range *r, const char *region,
    const char *home) {
    const struct topology *t = snapshot_topology(&ui->model->shown);
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct replica *here[16];
    size_t n = 0;
    for (int order = 0; r && t && order < 5; order++)
        for (size_t i = 0; i < r->replicas.len && n < 16; i++)
            if (rank(r, &r->replicas.items[i]) == order &&
                str_eq(topology_store_region(t, r->replicas.items[i].store_id), region))
                here[n++] = &r->replicas.items[i];
    if (n == 0) {
        area_text(a, x + width / 2, y, 1, STYLE_DIM, r ? "·" : "?");
        return;
    }
    bool at_home = !home || str_eq(home, region);
    if (home && c && !at_home) {
        const struct super_region *sr = database_super_region_of(&c->database, home);
        for (size_t i = 0; sr && i < sr->regions.len; i++)
            at_home = at_home || str_eq(sr->regions.items[i], region);
    }
    int start = x + (width - (int)n > 0 ? (width - (int)n) / 2 : 0);
    int index = model_region_index(ui->model, region);
    bool doubted = false;
    for (size_t i = 0; i < n; i++)
        doubted = doubted || topology_store_liveness(t, here[i]->store_id) == LIVENESS_UNKNOWN;
    for (size_t i = 0; i < n && (int)i < width - doubted; i++) {
        struct area spot = a;
        enum liveness liveness = topology_store_liveness(t, here[i]->store_id);
        if (model_is_lit(ui->model, r->id, here[i]->store_id))
            spot.over |= OVER_LIT;
        enum style style = liveness == LIVENESS_DEAD ? STYLE_DEAD
            : !at_home                               ? STYLE_ABROAD
            : liveness == LIVENESS_UNKNOWN           ? STYLE_UNKNOWN
                                                     : theme_region(index < 0 ? 0 : (size_t)index);
        area_text(spot, start + (int)i, y, 1, style, draw_glyph(t, r, here[i]));
    }
    if (doubted)
        area_text(a, (int)n < width ? start + (int)n : x + width - 1, y, 1, STYLE_UNKNOWN, "?");
}

enum style draw_verdict_style(enum domicile d) {
    switch (d) {
    case DOMICILE_HOME: return STYLE_GOOD;
    case DOMICILE_UNKNOWN: return STYLE_UNKNOWN;
    case DOMICILE_ABROAD: return STYLE_WARN;
    case DOMICILE_VOTER_ABROAD:
    case DOMICILE_LEASE_ABROAD: return STYLE_BAD;
    case DOMICILE_NO_RULE:
    case DOMICILE_GLOBAL: return STYLE_DIM;
    }
    return STYLE_NORMAL;
}

void draw_add_time(struct str *out, int64_t wall) {
    time_t seconds = (time_t)(wall / USEC_PER_SEC);
    struct tm tm;
    char text[16];
    localtime_r(&seconds, &tm);
    strftime(text, sizeof text, "%H:%M:%S", &tm);
    str_add(out, text);
}

/* The nodes of its replicas that are known to be dead. */
static void add_silent(struct str *out, const struct topology *t, const struct range *r) {
    size_t n = 0;
    if (!t || !t->liveness_known) {
        str_add(out, ", liveness not readable");
        return;
    }
    for (size_t i = 0; i < r->replicas.len; i++)
        if (topology_store_liveness(t, r->replicas.items[i].store_id) == LIVENESS_DEAD)
            str_add_f(out, "%s%s", n++ ? " " : ", ", draw_store(t, r->replicas.items[i].store_id));
    if (n)
        str_add_f(out, " do%s not answer", n == 1 ? "es" : "");
}

void draw_add_lease_doubt(struct str *out, const struct model *m, const struct range *r) {
    switch (r->lease_state) {
    case LEASE_KNOWN: return;
    case LEASE_TIMED_OUT:
        str_add(out, "lease: cannot tell (timed out");
        add_silent(out, snapshot_topology(&m->shown), r);
        str_add_char(out, ')');
        break;
    case LEASE_FORBIDDEN:
        str_add_f(out, "lease: cannot tell (%s)", m->leases_problem ? m->leases_problem : "may not be read");
        break;
    case LEASE_NONE: str_add(out, "lease: nobody holds it"); break;
    case LEASE_NOT_ASKED:
        str_add_f(out, "lease: cannot tell (%s)", m->leases_problem ? m->leases_problem : "not read yet");
        break;
    }
    if (r->lease_asof) {
        str_add(out, ", asked at ");
        draw_add_time(out, m->wall - (m->now - r->lease_asof));
    }
}

usec draw_since(const struct model *m, const struct row *r, const struct range *range) {
    const struct verdicts *all = snapshot_verdicts(&m->shown);
    const struct range_verdict *v = all && range ? verdicts_range(all, snapshot_ranges(&m->shown), range) : NULL;
    return v && v->domicile->domicile == r->verdict.domicile ? v->since : 0;
}

void draw_add_age(struct str *out, usec age) {
    int64_t s = age / USEC_PER_SEC;
    if (s < 120)
        str_add_f(out, "%" PRId64 " s", s);
    else if (s < 7200)
        str_add_f(out, "%" PRId64 " min", s / 60);
    else
        str_add_f(out, "%" PRId64 " h", s / 3600);
}

void draw_add_duration(struct str *out, usec d) {
    if (d < USEC_PER_MS)
        str_add(out, "<1 ms");
    else if (d < USEC_PER_SEC)
        str_add_f(out, "%" PRId64 " ms", d / USEC_PER_MS);
    else
        str_add_f(out, "%.1f s", (double)d / USEC_PER_SEC);
}

void draw_scroll(struct list_state *l, size_t count, int lines) {
    size_t shown = lines > 0 ? (size_t)lines : 1;
    if (l->selected < l->top)
        l->top = l->selected;
    if (l->selected >= l->top + shown)
        l->top = l->selected - shown + 1;
    if (count <= shown)
        l->top = 0;
    else if (l->top > count - shown)
        l->top = count - shown;
}

void draw_headings(struct area a, int y, const struct table_column *columns, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const struct table_column *c = &columns[i];
        if (c->width <= 0)
            continue;
        if (c->right)
            area_text_right(a, c->x, y, c->width, STYLE_HEADER, c->title);
        else
            area_text(a, c->x, y, c->width, STYLE_HEADER, c->title);
    }
}

const char *draw_store(const struct topology *t, int store) {
    static char text[24];
    struct str out = {0};
    topology_print_store(&out, t, store);
    snprintf(text, sizeof text, "%s", str_get(&out));
    str_free(&out);
    return text;
}

size_t draw_region_columns(const struct model *m, const char **names, size_t max) {
    size_t n = model_region_count(m);
    if (n > max)
        n = max;
    for (size_t i = 0; i < n; i++)
        names[i] = model_region_at(m, i);
    return n;
}

void draw_region_name(struct ui *ui, struct area a, int x, int y, int width, enum style style, const char *region) {
    (void)ui;
    area_text_middle(
        a, x + (width - text_width(region) > 0 ? (width - text_width(region)) / 2 : 0), y, width, style, region);
}
