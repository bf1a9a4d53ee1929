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
    static const char *const names[] = {"verdict", "reason", "age_ms", "ranges", "home", "abroad", "unknown",
        "voters_abroad", "non_voters_abroad", "learners_abroad", "moving", "unavailable", "gaps_abroad",
        "not_conforming", NULL};
    (void)in;
    answer_fields(r, names);
    r->sentence = true;
}

static const struct table_verdict *one_table(const struct answer_input *in) {
    const struct catalog *c = snapshot_catalog(in->snapshot);
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    const struct table *t = in->table && c ? catalog_table(c, in->table) : NULL;
    size_t at = t ? (size_t)(t - c->tables.items) : 0;
    return t && v && at < v->tables.len ? &v->tables.items[at] : NULL;
}

/* Ranges of the table that was asked for, or of all, that do not conform. */
static int not_conforming(const struct answer_input *in) {
    const struct table_verdict *t = one_table(in);
    return t ? t->not_conforming : snapshot_verdicts(in->snapshot)->not_conforming;
}

static enum domicile worst_of(const struct answer_input *in) {
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    const struct table_verdict *t = one_table(in);
    return t ? t->worst : v->rows.abroad ? DOMICILE_ABROAD : v->rows.unknown ? DOMICILE_UNKNOWN
        : v->rows.ranges ? DOMICILE_HOME : DOMICILE_NO_RULE;
}

/* What is proven, and why: the worst counts, and something proven abroad is a no whatever else is unknown. */
static enum answer_says judge(const struct answer_input *in, struct str *why) {
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    const struct table_verdict *t = one_table(in);
    const usec age = answer_age(in);
    if (!v || age < 0) {
        str_add(why, "nodes, tables or ranges could not be read");
        return ANSWER_CANNOT_TELL;
    }
    if (in->table && !t) {
        str_add_f(why, "there is no verdict on %s", in->table);
        return ANSWER_CANNOT_TELL;
    }
    const enum domicile worst = worst_of(in);
    const int unknown = t ? t->conformance_unknown : v->conformance_unknown;
    if (worst >= DOMICILE_ABROAD) {
        if (t)
            str_add_f(why, "%d replicas of %s are outside their home region", t->abroad_replicas, in->table);
        else
            str_add_f(why,
                "%d of %d ranges with rows have replicas outside their home region: %d voters, %d non-voters, "
                "%d learners",
                v->rows.abroad, v->rows.ranges, v->rows.voters_abroad, v->rows.non_voters_abroad,
                v->rows.learners_abroad);
        return ANSWER_NO;
    }
    if (in->conformance && not_conforming(in)) {
        str_add_f(why, "%d ranges%s%s do not conform to their zone configuration: ", not_conforming(in),
            t ? " of " : "", t ? in->table : "");
        conformance_print(why, t ? t->conformance_states : v->conformance_states);
        return ANSWER_NO;
    }
    if (in->max_age && age > in->max_age)
        str_add_f(why, "what it rests on is %lld ms old", (long long)(age / USEC_PER_MS));
    else if (in->unread)
        str_add(why, "something that it rests on could not be read anew");
    else if (worst == DOMICILE_UNKNOWN)
        str_add_f(why, "the place of %d of %d ranges with rows is not proven", v->rows.unknown, v->rows.ranges);
    else if (worst == DOMICILE_NO_RULE || worst == DOMICILE_GLOBAL)
        str_add(why, "there is nothing to which a rule applies");
    else if (in->conformance && unknown)
        str_add_f(why, "conformance of %d ranges is not known", unknown);
    else {
        if (t)
            str_add_f(why, "every replica of %s is within its home region", in->table);
        else
            str_add_f(why, "every replica of %d ranges with rows is within its home region", v->rows.ranges);
        return ANSWER_YES;
    }
    return ANSWER_CANNOT_TELL;
}

enum answer_says check_says(const struct answer_input *in) {
    struct str why = {0};
    const enum answer_says says = judge(in, &why);
    str_free(&why);
    return says;
}

void check_append(struct records *r, const struct answer_input *in) {
    static const char *const words[] = {
        [ANSWER_YES] = "home", [ANSWER_NO] = "abroad", [ANSWER_CANNOT_TELL] = "cannot tell"};
    const struct verdicts *v = snapshot_verdicts(in->snapshot);
    struct str why = {0};
    json_t *record = records_add(r);
    const enum answer_says says = judge(in, &why);
    const bool only_conformance = says == ANSWER_NO && v && worst_of(in) < DOMICILE_ABROAD;
    record_set(record, "verdict", record_text(only_conformance ? "not conforming" : words[says]));
    record_set(record, "reason", record_text(str_get(&why)));
    str_free(&why);
    if (answer_age(in) >= 0)
        record_set(record, "age_ms", json_integer((json_int_t)(answer_age(in) / USEC_PER_MS)));
    if (!v)
        return;
    const struct {
        const char *name;
        int count;
    } counts[] = {{"ranges", v->rows.ranges}, {"home", v->rows.home}, {"abroad", v->rows.abroad},
        {"unknown", v->rows.unknown}, {"voters_abroad", v->rows.voters_abroad},
        {"non_voters_abroad", v->rows.non_voters_abroad}, {"learners_abroad", v->rows.learners_abroad},
        {"moving", v->rows.moving}, {"unavailable", v->rows.unavailable}, {"gaps_abroad", v->gaps.abroad},
        {"not_conforming", not_conforming(in)}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        record_set(record, counts[i].name, json_integer(counts[i].count));
}
