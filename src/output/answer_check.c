/* answer_check: the verdict in numbers, and CockroachDB's own report beside it. */
#include "answers.h"

void report_begin(struct records *r, const struct answer_input *in) {
    static const char *const names[] = {
        "source", "target", "type", "rule", "ranges", "violation_start", NULL};
    (void)in;
    answer_fields(r, names);
}

static void add_count(struct records *r, const char *target, const char *type, int count) {
    json_t *record = records_add(r);
    record_set(record, "source", json_string("domicile"));
    record_set(record, "target", record_text(target));
    record_set(record, "type", record_text(type));
    record_set(record, "ranges", json_integer(count));
}

static void add_counts(struct records *r, const char *target, const struct verdict_counts *c) {
    add_count(r, target, "home", c->home);
    add_count(r, target, "abroad", c->abroad);
    add_count(r, target, "unknown", c->unknown);
    add_count(r, target, "moving", c->moving);
    add_count(r, target, "unavailable", c->unavailable);
}

void report_append(struct records *r, const struct answer_input *in) {
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    const struct report *report = snapshot_report(in->snapshot);
    if (v) {
        add_counts(r, "ranges with rows", &v->rows);
        add_counts(r, "gap ranges", &v->gaps);
        add_count(r, "zone configurations", "conforming", v->conforming);
        add_count(r, "zone configurations", "not conforming", v->not_conforming);
        add_count(r, "zone configurations", "unknown", v->conformance_unknown);
    }
    for (size_t i = 0; report && i < report->rows.len; i++) {
        const struct report_row *row = &report->rows.items[i];
        json_t *record = records_add(r);
        record_set(record, "source", json_string("cockroachdb"));
        record_set(record, "target", record_text(row->target));
        record_set(record, "type", record_text(row->type));
        record_set(record, "rule", record_text(row->config));
        record_set(record, "ranges", json_integer(row->violating_ranges));
        record_set(record, "violation_start", record_text(row->violation_start));
    }
}

void check_begin(struct records *r, const struct answer_input *in) {
    static const char *const names[] = {"verdict", "ranges", "home", "abroad", "unknown", "voters_abroad",
        "non_voters_abroad", "learners_abroad", "moving", "unavailable", "gaps_abroad", NULL};
    (void)in;
    answer_fields(r, names);
}

/* Something proven abroad is a no, whatever else is unknown. */
enum answer_says check_says(const struct answer_input *in) {
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    if (!v)
        return ANSWER_CANNOT_TELL;
    if (v->rows.abroad > 0)
        return ANSWER_NO;
    return in->unread || v->rows.unknown > 0 || v->rows.ranges == 0 ? ANSWER_CANNOT_TELL : ANSWER_YES;
}

void check_append(struct records *r, const struct answer_input *in) {
    static const char *const words[] = {
        [ANSWER_YES] = "home", [ANSWER_NO] = "abroad", [ANSWER_CANNOT_TELL] = "cannot tell"};
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    json_t *record = records_add(r);
    record_set(record, "verdict", record_text(words[check_says(in)]));
    if (!v)
        return;
    const struct {
        const char *name;
        int count;
    } counts[] = {{"ranges", v->rows.ranges}, {"home", v->rows.home}, {"abroad", v->rows.abroad},
        {"unknown", v->rows.unknown}, {"voters_abroad", v->rows.voters_abroad},
        {"non_voters_abroad", v->rows.non_voters_abroad}, {"learners_abroad", v->rows.learners_abroad},
        {"moving", v->rows.moving}, {"unavailable", v->rows.unavailable}, {"gaps_abroad", v->gaps.abroad}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        record_set(record, counts[i].name, json_integer(counts[i].count));
}
