/* pane_report: this program's counts, the drain, and the database's own report beside them. */
#include "panes.h"

#include "domicile/dialect/name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 13, JOB_SHOWN_AFTER = 2 * USEC_PER_SEC };

static int abroad_of(const struct verdict_counts *c) {
    return c->voters_abroad + c->non_voters_abroad + c->learners_abroad;
}

static int draw_counts(struct area a, int y, const struct verdicts *v) {
    const struct verdict_counts *r = &v->rows;
    enum style style = r->abroad ? STYLE_WARN : r->unknown || r->ranges == 0 ? STYLE_UNKNOWN : STYLE_GOOD;
    area_text(a, 1, y, LABEL, STYLE_HEADER, "domicile");
    if (r->ranges == 0)
        area_text(a, 1 + LABEL, y, -1, STYLE_UNKNOWN, "no range with rows to which a rule applies");
    else if (r->unknown)
        area_text_f(a, 1 + LABEL, y, -1, style, "%d ranges with rows: %d home · %d abroad · %d unknown", r->ranges,
            r->home, r->abroad, r->unknown);
    else
        area_text_f(
            a, 1 + LABEL, y, -1, style, "%d ranges with rows: %d home · %d abroad", r->ranges, r->home, r->abroad);
    y++;
    if (abroad_of(r))
        area_text_f(a, 1 + LABEL, y++, -1, STYLE_NORMAL, "%d non-voters outside home, %d voters%s",
            r->non_voters_abroad, r->voters_abroad, r->learners_abroad ? ", learners under way" : "");
    if (r->unavailable)
        area_text_f(a, 1 + LABEL, y++, -1, STYLE_BAD, "%d ranges unavailable: no quorum", r->unavailable);
    if (v->gaps.ranges)
        area_text_f(a, 1 + LABEL, y++, -1, STYLE_DIM, "%d gap ranges: %d non-voters, %d voters abroad", v->gaps.ranges,
            v->gaps.non_voters_abroad, v->gaps.voters_abroad);
    return y;
}

/* What keeps replicas abroad although every range conforms, by the survival goal. */
static const struct {
    const char *who, *what;
} wants[] = {
    [SURVIVAL_ZONE] = {": DEFAULT itself wants", "the non-voters abroad (p changes that)"},
    [SURVIVAL_REGION] = {": surviving a region wants", "voters abroad (no placement changes that)"},
};

static int draw_conformance(struct ui *ui, struct area a, int y, const struct verdicts *v) {
    const struct catalog *c = snapshot_catalog(&ui->model->shown);
    const struct topology *t = snapshot_topology(&ui->model->shown);
    int all = v->conforming + v->not_conforming + v->conformance_unknown;
    struct str states = {0};
    area_text(a, 1, y, LABEL, STYLE_HEADER, "conformance");
    bool well = v->not_conforming == 0 && v->conformance_unknown == 0;
    bool wanted = well && abroad_of(&v->rows) && c && c->database.placement == PLACEMENT_DEFAULT &&
        (c->database.survival == SURVIVAL_ZONE || c->database.survival == SURVIVAL_REGION);
    if (v->not_conforming)
        conformance_print(&states, v->conformance_states);
    if (t && !t->liveness_known && v->conformance_unknown == all) {
        area_text(a, 1 + LABEL, y, -1, STYLE_UNKNOWN, "unknown: liveness not readable");
        str_free(&states);
        return y + 1;
    }
    area_text_f(a, 1 + LABEL, y++, -1,
        v->not_conforming ? STYLE_WARN : v->conformance_unknown ? STYLE_UNKNOWN : STYLE_GOOD,
        "%d of %d ranges conform%s%s%s", v->conforming, all,
        wanted ? wants[c->database.survival].who : v->not_conforming ? ": " : "", str_get(&states),
        v->conformance_unknown ? " (not all can be told)" : "");
    if (wanted)
        area_text(a, 1 + LABEL, y++, -1, STYLE_DIM, wants[c->database.survival].what);
    str_free(&states);
    return y;
}

/* Past the word that text begins with; NULL: it does not. */
static const char *after(const char *text, const char *word) {
    return text && str_starts(text, word) ? text + strlen(word) : NULL;
}

/* Past the identifier that text begins with, in quotes or bare. */
static const char *after_name(const char *text) {
    if (*text != '"')
        return text + strcspn(text, " .@");
    for (text++; *text && (*text != '"' || text[1] == '"'); text++)
        text += *text == '"';
    return *text ? text + 1 : text;
}

/* Whose ranges a row of the cluster's report counts. The rest: the defaults that several databases share, and where
 * no zone tells the target. */
enum owner { OWNER_REST, OWNER_SHOWN, OWNER_OTHER };

static enum owner owner_of(const struct model *m, const struct report_row *row) {
    const struct catalog *c = snapshot_catalog(&m->shown);
    const char *rest = after(row->target, "PARTITION ");
    rest = rest ? after(after_name(rest), " OF ") : row->target;
    const char *name = after(rest, "DATABASE ");
    name = name ? name : after(rest, "TABLE ");
    name = name ? name : after(rest, "INDEX ");
    if (!c || !c->database.name || !name)
        return OWNER_REST;
    char *mine = name_quoted(c->database.name);
    size_t length = (size_t)(after_name(name) - name);
    bool same = strlen(mine) == length && strncmp(mine, name, length) == 0;
    free(mine);
    return same ? OWNER_SHOWN : OWNER_OTHER;
}

/* Where the report on this database and its ranges differ, and why: a line. What the report says of others is no
 * contradiction; but that it shows no violation is said only where none may be this database's. */
static const char *difference(const struct model *m, const struct report *r, const struct verdicts *v) {
    int64_t violating = 0;
    int64_t unowned = 0;
    bool voters = false;
    for (size_t i = 0; i < r->rows.len; i++) {
        const struct report_row *row = &r->rows.items[i];
        enum owner owner = owner_of(m, row);
        unowned += owner == OWNER_REST ? row->violating_ranges : 0;
        violating += owner == OWNER_SHOWN ? row->violating_ranges : 0;
        voters = voters || (owner == OWNER_SHOWN && row->violating_ranges && str_eq(row->type, "voter_constraint"));
    }
    if (violating && v->not_conforming == 0 && v->conformance_unknown == 0)
        return voters ? "⚠ it judges partitions by the database's rule; these ranges conform (w why)"
            : "⚠ it counts voters only; these ranges do conform (w why)";
    if (!violating && !unowned && abroad_of(&v->rows) + abroad_of(&v->gaps) > 0)
        return "⚠ it shows no violation while replicas are still abroad (w why)";
    return NULL;
}

static int draw_report_rows(const struct model *m, struct area a, int y, const struct report *r) {
    int x = 3;
    bool any = false;
    int64_t others = 0;
    for (size_t i = 0; i < r->rows.len && y < a.height; i++) {
        const struct report_row *row = &r->rows.items[i];
        if (row->violating_ranges == 0)
            continue;
        enum owner owner = owner_of(m, row);
        if (owner == OWNER_OTHER) {
            others++;
            continue;
        }
        any = true;
        const char *target = owner == OWNER_SHOWN ? NULL : row->target ? row->target : "target unknown";
        area_text_f(a, x, y++, a.width - x, STYLE_NORMAL, "%s%s%s%s  %" PRId64 " range%s violate%s",
            target ? target : "", target ? ": " : "", str_eq(row->type, "voter_constraint") ? "voter " : "",
            row->config, row->violating_ranges, row->violating_ranges == 1 ? "" : "s",
            row->violating_ranges == 1 ? "s" : "");
    }
    if (!any && y < a.height)
        area_text(a, x, y++, a.width - x, STYLE_DIM, others ? "no violation of this database" : "no violation");
    if (others && y < a.height)
        area_text_f(a, x, y++, a.width - x, STYLE_DIM, "and %" PRId64 " violated rule%s of other databases", others,
            others == 1 ? "" : "s");
    return y;
}

static int draw_own_report(struct ui *ui, struct area a, int y, const struct report *r) {
    struct model *m = ui->model;
    const struct part *part = m->shown.parts[PART_REPORT];
    struct str text = {0};
    str_add(&text, "CockroachDB's report");
    if (r->generated_wall && r->server_wall) {
        usec passed = m->frozen ? 0 : m->now - part->asof;
        usec age = r->server_wall - r->generated_wall + passed;
        /* The server's clock may have been put back since. */
        bool ahead = r->server_wall < r->generated_wall;
        str_add(&text, ahead ? ", made ahead of its clock" : ", ");
        if (!ahead) {
            draw_add_age(&text, age);
            str_add(&text, " old");
        }
        if (!ahead && r->interval > 0 && age < r->interval) {
            str_add(&text, ", next in ");
            draw_add_age(&text, r->interval - age);
        } else if (r->interval == 0) {
            str_add(&text, ", switched off");
        }
    } else {
        str_add(&text, r->rows.len ? ", nobody says how old" : ": not made yet");
    }
    area_text(a, 1, y++, -1, STYLE_HEADER, str_get(&text));
    str_free(&text);
    if (r->generated_wall || r->rows.len) /* what was not made says nothing, not even that there is no violation */
        y = draw_report_rows(m, a, y, r);
    const struct verdicts *v = snapshot_verdicts(&m->shown);
    const char *differs = v && r->generated_wall ? difference(m, r, v) : NULL;
    if (differs && y < a.height)
        y += area_text_wrapped(a, 3, y, a.width - 4, 2, STYLE_WARN, differs);
    return y;
}

static void draw_sparkline(struct ui *ui, struct area a, int y) {
    static const char *const bars[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇"};
    const struct model *m = ui->model;
    const struct verdicts *v = snapshot_verdicts(&m->shown);
    int width = a.width - 30 > 8 ? a.width - 30 : 8;
    int peak = 1;
    if (!v || m->trend.len == 0 || y >= a.height)
        return;
    size_t shown = m->trend.len < (size_t)width ? m->trend.len : (size_t)width;
    const struct trend_sample *samples = m->trend.items + m->trend.len - shown;
    for (size_t i = 0; i < shown; i++)
        if (samples[i].abroad > peak)
            peak = samples[i].abroad;
    int x = 1 + area_text(a, 1, y, 8, STYLE_HEADER, "abroad ");
    /* Few samples take the whole width as well: where nothing changes, nothing is painted. */
    for (size_t i = 0; i < (size_t)width; i++) {
        int n = samples[i * shown / (size_t)width].abroad;
        area_text(a, x++, y, 1, n ? STYLE_WARN : STYLE_GOOD, bars[n ? 1 + n * 6 / peak : 1]);
    }
    area_text_f(a, x + 1, y, -1, STYLE_NORMAL, "%d (+%d in gaps)", abroad_of(&v->rows), abroad_of(&v->gaps));
}

static void draw_bar(struct area a, int x, int y, int width, double fraction) {
    int done = (int)((double)width * fraction);
    for (int i = 0; i < width; i++)
        area_text(a, x + i, y, 1, i < done ? STYLE_GOOD : STYLE_DIM, i < done ? "█" : "░");
}

static const char *change_word(enum change_state s) {
    switch (s) {
    case CHANGE_CONNECTING: return "connecting";
    case CHANGE_RUNNING: return "running";
    case CHANGE_CANCELLING: return "cancelling";
    case CHANGE_DRAINING: return "draining";
    case CHANGE_SETTLED: return "settled";
    case CHANGE_FAILED: return "failed";
    case CHANGE_CANCELLED: return "cancelled";
    case CHANGE_UNCERTAIN: return "uncertain";
    }
    return "";
}

static bool runs(const struct change_progress *p) {
    return p->state == CHANGE_RUNNING || p->state == CHANGE_CANCELLING;
}

/* "job 123: running, 40 % done"; before it is known, what is under way. */
static void add_job(struct str *out, const struct change_progress *p) {
    if (!p->job_id) {
        str_add(out, "its job is looked for");
        return;
    }
    str_add_f(out, p->job_named ? "job %s" : "job %s (your newest)", p->job_id);
    if (p->job_status)
        str_add_f(out, ": %s", p->job_status);
    if (p->job_fraction >= 0)
        str_add_f(out, ", %d %% done", (int)(100 * p->job_fraction));
}

/* A statement that takes long: what it waits for, and that nobody has to wait with it. */
static int draw_job(struct ui *ui, struct area a, int y, const struct change_progress *p) {
    struct str text = {0};
    if (!runs(p) || ui->model->now - p->statement_started < JOB_SHOWN_AFTER)
        return y;
    add_job(&text, p);
    if (p->job_text && p->job_text[0])
        str_add_f(&text, " · %s", p->job_text);
    area_text(a, 1, y++, a.width - 2, STYLE_NORMAL, str_get(&text));
    str_free(&text);
    if (p->state == CHANGE_RUNNING)
        area_text(a, 1, y++, a.width - 2, STYLE_DIM,
            "Esc cancels the statement; it may be left running: the feed tells its end");
    return y;
}

static const char *const done_words[] = {
    [CHANGE_LEAVES] = "gone", [CHANGE_COMES] = "there", [CHANGE_TURNS] = "ranges done"};

static int draw_change(struct ui *ui, struct area a, int y) {
    const struct change_progress *p = ui->model->change;
    struct str text = {0};
    int gone = 0;
    int all = 0;
    bool bad = p->state == CHANGE_FAILED || p->state == CHANGE_UNCERTAIN;
    str_add_f(&text, "%s: %s", p->title ? p->title : "change", change_word(p->state));
    area_text(a, 1, y++, -1, bad ? STYLE_BAD : STYLE_STRONG, str_get(&text));
    str_clear(&text);
    double fraction = change_fraction(p, &gone, &all);
    bool watched = p->state == CHANGE_DRAINING || p->state == CHANGE_SETTLED;
    if (watched && all > 0) {
        int width = a.width - 30 > 10 ? a.width - 30 : 10;
        draw_bar(a, 1, y, width, fraction);
        area_text_f(a, 2 + width, y++, -1, STYLE_NORMAL, "%d of %d %s", gone, all, done_words[p->measure]);
    }
    if (p->started && p->state <= CHANGE_DRAINING) {
        str_add(&text, "elapsed ");
        draw_add_age(&text, ui->model->now - p->started);
        model_wake_at(ui->model, ui->model->now + USEC_PER_SEC);
    }
    for (size_t i = 0; i < p->to_go.len && p->state == CHANGE_DRAINING && p->measure == CHANGE_LEAVES; i++)
        str_add_f(&text, "%s%s", i ? " · " : " · to go: ", p->to_go.items[i]);
    if (text.len)
        area_text(a, 1, y++, -1, STYLE_NORMAL, str_get(&text));
    str_free(&text);
    if ((bad || p->state == CHANGE_SETTLED || !watched) && p->message && *p->message)
        y += area_text_wrapped(a, 1, y, a.width - 2, 2, bad ? STYLE_BAD : STYLE_DIM, p->message);
    return draw_job(ui, a, y, p);
}

void pane_report_draw(struct ui *ui, struct area a, bool focused) {
    const struct verdicts *v = snapshot_verdicts(&ui->model->shown);
    const struct report *r = snapshot_report(&ui->model->shown);
    const struct server_info *server = snapshot_server(&ui->model->shown);
    int y = 0;
    (void)focused;
    if (ui->model->change)
        y = draw_change(ui, a, y);
    const char *unread = ui->model->parts[PART_RANGES].problem;
    if (v) {
        y = draw_counts(a, y, v);
        y = draw_conformance(ui, a, y, v);
    } else if (unread) {
        struct str text = {0};
        area_text(a, 1, y, LABEL, STYLE_HEADER, "domicile");
        str_add_f(&text, "unknown: %s", unread);
        y += area_text_wrapped(a, 1 + LABEL, y, a.width - 2 - LABEL, 2, STYLE_UNKNOWN, str_get(&text));
        str_free(&text);
    } else {
        area_text(a, 1, y++, -1, STYLE_DIM, "no verdict yet");
    }
    if (r)
        y = draw_own_report(ui, a, y, r);
    else if (ui->model->parts[PART_REPORT].problem)
        y += area_text_wrapped(a, 1, y, a.width - 2, 2, STYLE_UNKNOWN, ui->model->parts[PART_REPORT].problem);
    draw_sparkline(ui, a, y++);
    for (size_t i = 0; server && i < server->missing.len && y < a.height; i++)
        y += area_text_wrapped(a, 1, y, a.width - 2, 2, STYLE_UNKNOWN, server->missing.items[i]);
}

int pane_report_lines(struct ui *ui, int width) {
    const struct report *r = snapshot_report(&ui->model->shown);
    const struct change_progress *p = ui->model->change;
    int lines = 9 + (p ? 3 : 0) + (p && runs(p) ? 2 : 0);
    (void)width;
    bool others = false;
    for (size_t i = 0; r && i < r->rows.len; i++) {
        bool other = owner_of(ui->model, &r->rows.items[i]) == OWNER_OTHER;
        lines += r->rows.items[i].violating_ranges > 0 && !other;
        others = others || (r->rows.items[i].violating_ranges > 0 && other);
    }
    lines += others;
    return lines;
}

void pane_report_strip(struct ui *ui, struct area a) {
    const struct verdicts *v = snapshot_verdicts(&ui->model->shown);
    const struct report *r = snapshot_report(&ui->model->shown);
    int64_t violating = 0;
    for (size_t i = 0; r && i < r->rows.len; i++)
        violating += owner_of(ui->model, &r->rows.items[i]) == OWNER_OTHER ? 0 : r->rows.items[i].violating_ranges;
    if (v)
        area_text_f(a, 1, 0, -1,
            abroad_of(&v->rows) ? STYLE_WARN
                : v->rows.unknown ? STYLE_UNKNOWN
                : STYLE_GOOD,
            "%d home · %d abroad · %d unknown: %d replicas outside home (+%d in gaps)", v->rows.home, v->rows.abroad,
            v->rows.unknown, abroad_of(&v->rows), abroad_of(&v->gaps));
    else
        area_text(a, 1, 0, -1, STYLE_DIM, "no verdict yet");
    const struct change_progress *p = ui->model->change;
    int gone;
    int all;
    if (p && runs(p)) {
        struct str text = {0};
        str_add_f(
            &text, "%s for %lld s", change_word(p->state), (long long)((ui->model->now - p->started) / USEC_PER_SEC));
        if (p->state == CHANGE_RUNNING)
            str_add(&text, " · Esc cancels");
        if (p->job_status)
            str_add_f(&text, " · its job: %s, %d %% done", p->job_status,
                p->job_fraction > 0 ? (int)(100 * p->job_fraction) : 0);
        area_text(a, 1, 1, a.width - 2, STYLE_STRONG, str_get(&text));
        str_free(&text);
        model_wake_at(ui->model, ui->model->now + USEC_PER_SEC);
    } else if (p && p->state == CHANGE_DRAINING) {
        double fraction = change_fraction(p, &gone, &all);
        draw_bar(a, 1, 1, 20, fraction);
        area_text_f(a, 23, 1, -1, STYLE_NORMAL, "%d of %d · elapsed %lld s", gone, all,
            (long long)((ui->model->now - p->started) / USEC_PER_SEC));
        model_wake_at(ui->model, ui->model->now + USEC_PER_SEC);
    } else if (r && (r->generated_wall || r->rows.len)) {
        area_text_f(a, 1, 1, -1, STYLE_DIM, "CockroachDB's report: %" PRId64 " violation%s", violating,
            violating == 1 ? "" : "s");
    } else if (r) {
        area_text(a, 1, 1, -1, STYLE_DIM, "CockroachDB's report: not made yet");
    }
}
