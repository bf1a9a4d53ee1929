/* model: everything the views draw from. */
#include "domicile/ui/model.h"

#include "domicile/base/str.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TREND_SAMPLES = 600, LIT_FOR = 5 * USEC_PER_SEC };

void model_init(struct model *m) {
    *m = (struct model){.focus = PANE_ROWS, .lit_for = LIT_FOR, .filter_pane = PANE_ROWS};
    m->state_text = mem_strdup("");
    m->address = mem_strdup("");
    m->table = mem_strdup("");
}

void model_free(struct model *m) {
    snapshot_clear(&m->live);
    snapshot_clear(&m->shown);
    free(m->state_text);
    free(m->address);
    free(m->table);
    for (int i = 0; i < PART_KINDS; i++)
        free(m->parts[i].problem);
    free(m->leases_problem);
    for (size_t i = 0; i < m->databases.len; i++)
        free(m->databases.items[i]);
    for (int i = 0; i < PANE_COUNT; i++)
        free(m->lists[i].anchor);
    model_free_rtts(&m->rtts);
    vec_free(&m->databases);
    free(m->filter);
    events_free(&m->feed);
    vec_free(&m->lit);
    vec_free(&m->trend);
    free(m->message);
}

/* One sample a second of what is abroad. */
static void add_trend(struct model *m) {
    if (m->frozen) /* the line stands still with the picture */
        return;
    const struct verdicts *v = snapshot_verdicts(&m->live);
    if (!v)
        return;
    struct trend_sample s = {m->now, v->rows.voters_abroad + v->rows.non_voters_abroad + v->rows.learners_abroad,
        v->gaps.voters_abroad + v->gaps.non_voters_abroad + v->gaps.learners_abroad};
    if (m->trend.len && m->now - m->trend.items[m->trend.len - 1].at < USEC_PER_SEC) {
        m->trend.items[m->trend.len - 1].abroad = s.abroad;
        m->trend.items[m->trend.len - 1].gaps = s.gaps;
        return;
    }
    if (m->trend.len == TREND_SAMPLES) {
        memmove(m->trend.items, m->trend.items + 1, (m->trend.len - 1) * sizeof *m->trend.items);
        m->trend.len--;
    }
    vec_push(&m->trend, s);
}

static void note_report(struct model *m) {
    const struct report *r = snapshot_report(&m->live);
    bool violates = !r || !r->generated_wall;
    for (size_t i = 0; r && i < r->rows.len; i++)
        violates = violates || r->rows.items[i].violating_ranges > 0;
    if (violates)
        m->report_clean_since = 0;
    else if (!m->report_clean_since)
        m->report_clean_since = m->now;
}

void model_update(struct model *m, const struct snapshot *s, unsigned changed) {
    snapshot_copy(&m->live, s);
    if (changed & 1U << PART_VERDICTS)
        add_trend(m);
    if (changed & 1U << PART_REPORT)
        note_report(m);
    if (m->frozen)
        return;
    snapshot_copy(&m->shown, s);
    model_reanchor(m);
}

static void note_lit(struct model *m, const struct event *e) {
    bool replica = e->kind == EVENT_REPLICA_ADDED || e->kind == EVENT_REPLICA_REMOVED ||
        e->kind == EVENT_REPLICA_CHANGED || e->kind == EVENT_LEASE_MOVED;
    if (replica)
        vec_push(&m->lit, ((struct lit_replica){e->range_id, e->store_id, e->at}));
}

/* The report is made anew every few seconds: only one that says something else is news. */
static bool is_stale_report(const struct model *m, const struct event *e) {
    if (e->kind != EVENT_REPORT_REGENERATED)
        return false;
    for (size_t i = m->feed.len; i > 0; i--)
        if (m->feed.items[i - 1].kind == EVENT_REPORT_REGENERATED)
            return str_eq(m->feed.items[i - 1].text, e->text);
    return false;
}

void model_add_events(struct model *m, const struct events *events) {
    for (size_t i = 0; i < events->len; i++) {
        if (is_stale_report(m, &events->items[i]))
            continue;
        struct event copy = events->items[i];
        copy.text = mem_strdup(copy.text);
        note_lit(m, &copy);
        vec_push(&m->feed, copy);
    }
    if (m->feed.len > MODEL_FEED) {
        size_t surplus = m->feed.len - MODEL_FEED;
        for (size_t i = 0; i < surplus; i++)
            event_free(&m->feed.items[i]);
        m->feed.len -= surplus;
        memmove(m->feed.items, m->feed.items + surplus, m->feed.len * sizeof *m->feed.items);
    }
    size_t kept = 0;
    for (size_t i = 0; i < m->lit.len; i++)
        if (m->now - m->lit.items[i].at < m->lit_for)
            m->lit.items[kept++] = m->lit.items[i];
    m->lit.len = kept;
}

void model_freeze(struct model *m, bool frozen) {
    m->frozen = frozen;
    m->frozen_wall = m->wall;
    if (!frozen) {
        snapshot_copy(&m->shown, &m->live);
        model_reanchor(m);
    }
}

void model_message(struct model *m, enum message_kind kind, const char *format, ...) {
    struct str text = {0};
    va_list ap;
    va_start(ap, format);
    str_add_vf(&text, format, ap);
    va_end(ap);
    free(m->message);
    m->message = str_take(&text);
    m->message_kind = kind;
}

void model_clear_message(struct model *m) {
    free(m->message);
    m->message = NULL;
}

void model_wake_at(struct model *m, usec at) {
    if (at > m->now && (!m->next_change || at < m->next_change))
        m->next_change = at;
}

bool model_lit_since(struct model *m, usec at) {
    if (!at || m->now - at >= m->lit_for)
        return false;
    model_wake_at(m, at + m->lit_for);
    return true;
}

bool model_is_lit(struct model *m, int64_t range_id, int store_id) {
    for (size_t i = 0; i < m->lit.len; i++) {
        const struct lit_replica *l = &m->lit.items[i];
        if (l->range_id == range_id && (!store_id || l->store_id == store_id) && model_lit_since(m, l->at))
            return true;
    }
    return false;
}

int model_region_index(const struct model *m, const char *region) {
    for (size_t i = 0; region && i < model_region_count(m); i++)
        if (str_eq(model_region_at(m, i), region))
            return (int)i;
    return -1;
}

static bool row_matches(const struct row *r, const char *filter) {
    if (!filter || !*filter || (r->home && strcasestr(r->home, filter)))
        return true;
    for (size_t i = 0; i < r->values.len; i++)
        if (r->values.items[i] && strcasestr(r->values.items[i], filter))
            return true;
    return false;
}

static const char *filter_of(const struct model *m, enum pane_id pane) {
    return m->filter_pane == pane ? m->filter : NULL;
}

size_t model_row_count(const struct model *m) {
    const struct rows *rows = snapshot_rows(&m->shown);
    const char *filter = filter_of(m, PANE_ROWS);
    size_t n = 0;
    for (size_t p = 0; rows && p < rows->pages.len; p++)
        for (size_t k = 0; k < rows->pages.items[p].rows.len; k++)
            n += row_matches(&rows->pages.items[p].rows.items[k], filter);
    return n;
}

bool model_row_at(const struct model *m, size_t i, struct model_row *out) {
    const struct rows *rows = snapshot_rows(&m->shown);
    const char *filter = filter_of(m, PANE_ROWS);
    for (size_t p = 0; rows && p < rows->pages.len; p++) {
        if (!filter && i >= rows->pages.items[p].rows.len) {
            i -= rows->pages.items[p].rows.len;
            continue;
        }
        for (size_t k = filter ? 0 : i; k < rows->pages.items[p].rows.len; k++) {
            const struct row *r = &rows->pages.items[p].rows.items[k];
            if (filter && (!row_matches(r, filter) || i-- > 0))
                continue;
            *out = (struct model_row){r, &rows->pages.items[p]};
            return true;
        }
    }
    return false;
}

/* Tables by row come first, then those with a home, then the others; each group by name as the catalog has it. */
static int table_rank(const struct table *t) {
    return t->locality == TABLE_LOCALITY_BY_ROW ? 0 : t->locality == TABLE_LOCALITY_NONE ? 2 : 1;
}

const struct table *model_table_at(const struct model *m, size_t i, const struct table_verdict **verdict) {
    const struct catalog *c = snapshot_catalog(&m->shown);
    const struct verdicts *v = snapshot_verdicts(&m->shown);
    const char *filter = filter_of(m, PANE_TABLES);
    for (int rank = 0; c && rank < 3; rank++)
        for (size_t k = 0; k < c->tables.len; k++) {
            const struct table *t = &c->tables.items[k];
            if (table_rank(t) != rank || (filter && !strcasestr(table_shown(t), filter)) || i-- > 0)
                continue;
            if (verdict)
                *verdict = NULL;
            for (size_t x = 0; verdict && v && x < v->tables.len; x++)
                if (v->tables.items[x].table_id == t->id)
                    *verdict = &v->tables.items[x];
            return t;
        }
    return NULL;
}

size_t model_table_count(const struct model *m) {
    size_t n = 0;
    while (model_table_at(m, n, NULL))
        n++;
    return n;
}

size_t model_region_count(const struct model *m) {
    const struct catalog *c = snapshot_catalog(&m->shown);
    const struct topology *t = snapshot_topology(&m->shown);
    return c && c->database.regions.len ? c->database.regions.len : t ? t->regions.len : 0;
}

/* The primary first, as the server lists them. */
const char *model_region_at(const struct model *m, size_t i) {
    const struct catalog *c = snapshot_catalog(&m->shown);
    const struct topology *t = snapshot_topology(&m->shown);
    if (i >= model_region_count(m))
        return NULL;
    if (!c || !c->database.regions.len)
        return t->regions.items[i].name;
    const struct database *d = &c->database;
    if (i == 0 && d->primary_region)
        return d->primary_region;
    for (size_t k = 0; k < d->regions.len; k++) {
        if (str_eq(d->regions.items[k].name, d->primary_region))
            continue;
        if ((d->primary_region ? --i : i--) == 0)
            return d->regions.items[k].name;
    }
    return d->regions.items[d->regions.len - 1].name;
}

const struct region_rtt *model_find_rtt(const struct region_rtts *in, const char *region) {
    for (size_t i = 0; i < in->len; i++)
        if (str_eq(in->items[i].region, region))
            return &in->items[i];
    return NULL;
}

void model_free_rtts(struct region_rtts *r) {
    for (size_t i = 0; i < r->len; i++) {
        free(r->items[i].region);
        free(r->items[i].gateway_reason);
    }
    vec_free(r);
}

const struct region_rtt *model_gateway(const struct model *m, const char *region) {
    return model_find_rtt(&m->rtts, region);
}

usec model_steady_rtt(usec shown, usec measured) {
    usec jitter = shown / 5 > 2 * USEC_PER_MS ? shown / 5 : 2 * USEC_PER_MS;
    usec apart = shown > measured ? shown - measured : measured - shown;
    return shown >= 0 && measured >= 0 && apart <= jitter ? shown : measured;
}

usec model_rtt(const struct model *m, const char *region) {
    const struct region_rtt *r = model_gateway(m, region);
    return r ? r->rtt : -1;
}

size_t model_count(const struct model *m, enum pane_id pane) {
    switch (pane) {
    case PANE_REGIONS: return model_region_count(m);
    case PANE_TABLES: return model_table_count(m);
    case PANE_ROWS: return model_row_count(m);
    case PANE_FEED: return m->feed.len;
    case PANE_REPORT:
    case PANE_COUNT: return 0;
    }
    return 0;
}

static char *row_anchor(const struct model *m, size_t i) {
    const struct rows *rows = snapshot_rows(&m->shown);
    struct model_row row;
    struct str out = {0};
    if (!model_row_at(m, i, &row))
        return NULL;
    for (size_t k = 0; k < rows->key_columns && k < row.row->values.len; k++)
        str_add_f(&out, "%s/", row.row->values.items[k] ? row.row->values.items[k] : "");
    return str_take(&out);
}

char *model_anchor(const struct model *m, enum pane_id pane, size_t i) {
    const struct table *t;
    switch (pane) {
    case PANE_REGIONS: return mem_strdup_null(model_region_at(m, i));
    case PANE_TABLES:
        t = model_table_at(m, i, NULL);
        return mem_strdup_null(t ? table_shown(t) : NULL);
    case PANE_ROWS: return row_anchor(m, i);
    case PANE_REPORT:
    case PANE_FEED:
    case PANE_COUNT: return NULL;
    }
    return NULL;
}

void model_reanchor(struct model *m) {
    for (enum pane_id pane = PANE_REGIONS; pane < PANE_COUNT; pane++) {
        struct list_state *l = &m->lists[pane];
        size_t n = model_count(m, pane);
        for (size_t i = 0; l->anchor && i < n; i++) {
            char *anchor = model_anchor(m, pane, i);
            bool same = str_eq(anchor, l->anchor);
            free(anchor);
            if (same) {
                l->selected = i;
                break;
            }
        }
        if (l->selected >= n)
            l->selected = n ? n - 1 : 0;
    }
}

void model_select(struct model *m, enum pane_id pane, size_t i) {
    struct list_state *l = &m->lists[pane];
    size_t n = model_count(m, pane);
    l->selected = i < n ? i : n ? n - 1 : 0;
    free(l->anchor);
    l->anchor = model_anchor(m, pane, l->selected);
}
