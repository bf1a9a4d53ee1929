/* learnt: finished rounds made into parts of the snapshot. */
#include "survey_private.h"

#include <string.h>

static void tell_problem(struct survey *s, enum group_kind kind, const struct err *err) {
    struct group *g = &s->groups[kind];
    free(g->problem);
    g->problem = mem_printf("%s%s%s", err->message, err->hint[0] != '\0' ? "; " : "", err->hint);
}

/* -- server -- */

static void add_missing(struct survey *s, struct server_info *info) {
    for (int q = 0; q < QUESTIONS; q++)
        if (s->closed[q].why != NULL)
            vec_push(&info->missing, mem_strdup(s->closed[q].why));
    if (!s->internals)
        vec_push(&info->missing, mem_strdup("system catalogs are closed (allow_unsafe_internals is off): liveness, "
            "nodes of stores and CockroachDB's report are not read; --unsafe-internals opens them"));
}

/* Of a new connection: where neither says which cluster it is, it may be another. */
static bool same_cluster(const struct server_info *before, const struct server_info *now) {
    return before == NULL || (before->cluster_id != NULL && str_eq(before->cluster_id, now->cluster_id));
}

void learnt_server(struct survey *s) {
    const struct pg_connection *c = s->sessions[SESSION_MONITOR].c;
    struct server_info *info = mem_calloc(1, sizeof *info);
    struct err err = {0};
    if (!build_server(info, &s->answers, &err))
        tell_problem(s, GROUP_SERVER, &err);
    if (!info->unsafe_internals && s->internals && s->version >= 2504)
        s->internals = false;
    info->unsafe_internals = s->internals;
    info->version = s->version;
    info->version_text = mem_strdup(s->version_text != NULL ? s->version_text : "");
    info->user = mem_strdup_null(c != NULL ? pg_connection_user(c) : NULL);
    info->database = mem_strdup_null(s->database);
    add_missing(s, info);
    if (!s->server_known && !same_cluster(snapshot_server(&s->now), info)) {
        spans_forget(s);
        physicals_free(&s->physical);
    }
    publish_part(s, PART_SERVER, info, loop_now(s->loop), loop_wall());
}

static void learnt_first(struct survey *s) {
    if (s->answers.of[Q_DATABASES] == NULL && s->closed[Q_DATABASES].why == NULL)
        return;
    s->server_known = true;
    ask_start(s);
    pages_start(s);
}

static void server(struct survey *s) {
    learnt_server(s);
    session_check_database(s);
    if (!s->server_known && s->state == SURVEY_READING)
        learnt_first(s);
}

/* -- catalog -- */

static bool same_regions(const struct survey *s, const struct catalog *c) {
    const struct catalog *before = snapshot_catalog(&s->next);
    if (before == NULL || before->database.regions.len != c->database.regions.len)
        return before == NULL;
    /* A database of the same name that was made anew: its regions may have got other bytes. */
    if (before->database.id != c->database.id && before->database.id != 0 && c->database.id != 0)
        return false;
    for (size_t i = 0; i < c->database.regions.len; i++)
        if (strcmp(before->database.regions.items[i].name, c->database.regions.items[i].name) != 0)
            return false;
    return true;
}

/* Bytes that nobody told are computed as if all regions had been there from the start, and marked as a guess. */
static void guess_physical(struct catalog *c) {
    struct database *d = &c->database;
    for (size_t i = 0; i < d->regions.len; i++) {
        if (d->regions.items[i].physical.len > 0)
            continue;
        key_enum_initial(&d->regions.items[i].physical, (int)i, (int)d->regions.len);
        d->regions.items[i].physical_guess = true;
    }
}

static bool build_catalog_part(struct survey *s, usec asof, int64_t asof_wall) {
    struct err err = {0};
    struct build_problems problems = {0};
    struct catalog *c = build_catalog(&s->answers, s->database != NULL ? s->database : "", &s->physical, &problems,
        &err);
    if (c == NULL) {
        tell_problem(s, GROUP_CATALOG, &err);
        return false;
    }
    if (problems.len > 0 && s->groups[GROUP_CATALOG].problem == NULL)
        s->groups[GROUP_CATALOG].problem = mem_strdup(problems.items[0]);
    build_problems_free(&problems);
    if (!same_regions(s, c)) {
        spans_forget(s); /* its answer would be taken for another region's */
        physicals_free(&s->physical);
        for (size_t i = 0; i < c->database.regions.len; i++)
            key_free(&c->database.regions.items[i].physical);
    }
    guess_physical(c);
    publish_later(s, PART_CATALOG, c, asof, asof_wall);
    pages_catalog(s);
    return true;
}

void learnt_catalog_again(struct survey *s) {
    const struct part *p = s->next.parts[PART_CATALOG];
    if (p != NULL && build_catalog_part(s, p->asof, p->asof_wall))
        publish_judge(s);
}

static void catalog(struct survey *s, usec asof, int64_t asof_wall) {
    if (s->answers.of[Q_TABLES] == NULL && s->groups[GROUP_CATALOG].problem != NULL)
        return;
    if (!build_catalog_part(s, asof, asof_wall))
        return;
    spans_ask(s);
    if (!spans_from_ranges(s))
        publish_judge(s);
}

/* -- topology -- */

static void topology(struct survey *s, usec asof, int64_t asof_wall) {
    struct err err = {0};
    struct topology *t = build_topology(&s->answers, &s->seen, &err);
    if (t == NULL) {
        tell_problem(s, GROUP_TOPOLOGY, &err);
        return;
    }
    publish_part(s, PART_TOPOLOGY, t, asof, asof_wall);
    rtt_topology(s);
}

/* -- ranges -- */

static bool time_left(void *arg) {
    return loop_budget_left(arg) > 0;
}

/* What was read of it is enough: the text of an answer takes more than twice as much memory. */
static void free_answer(struct survey *s, enum question q) {
    pg_result_free(s->answers.of[q]);
    s->answers.of[q] = NULL;
}

static void ranges_done(struct survey *s) {
    bool localities_changed = false;
    struct ranges *rs = ranges_builder_take(s->ranges_builder, &s->seen, &localities_changed);
    ranges_builder_free(s->ranges_builder);
    s->ranges_builder = NULL;
    free_answer(s, Q_RANGES);
    publish_later(s, PART_RANGES, rs, s->ranges_asof, s->ranges_asof_wall);
    const struct part *t = s->next.parts[PART_TOPOLOGY];
    if (localities_changed && t != NULL)
        topology(s, t->asof, t->asof_wall);
    if (!spans_from_ranges(s))
        publish_judge(s);
    if (s->ranges_dirty)
        learnt_ranges_again(s);
}

static void leases_done(struct survey *s) {
    leases_reader_take(s->leases_reader, &s->leases);
    s->leases.asof = s->leases_asof;
    s->leases.state = s->leases_rest;
}

/* True when there is more to read. */
static bool leases_step(struct survey *s) {
    struct err err = {0};
    bool done = false;
    bool ok = leases_reader_step(s->leases_reader, time_left, s->loop, &done, &err);
    if (ok && !done)
        return true;
    if (ok)
        leases_done(s);
    else
        tell_problem(s, GROUP_LEASES, &err);
    leases_reader_free(s->leases_reader);
    s->leases_reader = NULL;
    free_answer(s, Q_LEASES);
    learnt_ranges_again(s);
    return false;
}

static bool ranges_slice(struct survey *s) {
    struct err err = {0};
    bool done = false;
    if (!ranges_builder_step(s->ranges_builder, time_left, s->loop, &done, &err)) {
        ranges_builder_free(s->ranges_builder);
        s->ranges_builder = NULL;
        if (ask_fall_back(s, Q_RANGES)) /* SHOW has columns that nobody can choose */
            ask_now(s, GROUP_RANGES);
        else
            tell_problem(s, GROUP_RANGES, &err);
        return false;
    }
    if (!done || !time_left(s->loop))
        return true; /* what follows the last row has a turn of its own */
    ranges_done(s);
    return s->ranges_builder != NULL;
}

static bool ranges_step(void *arg) {
    struct survey *s = arg;
    if (s->leases_reader != NULL && leases_step(s))
        return true;
    if (s->ranges_builder != NULL && ranges_slice(s))
        return true;
    s->ranges_work = NULL;
    return false;
}

static void start_reading(struct survey *s) {
    if (s->ranges_work == NULL)
        s->ranges_work = loop_work_new(s->loop, ranges_step, s);
}

/* Reads the answer, or what was made of it, with the leases known now. */
void learnt_ranges_again(struct survey *s) {
    const struct pg_result *answer = s->answers.of[Q_RANGES];
    struct part *read = s->next.parts[PART_RANGES];
    if (answer == NULL && read == NULL)
        return;
    s->ranges_dirty = s->ranges_builder != NULL;
    if (s->ranges_builder != NULL)
        return;
    s->ranges_builder = answer != NULL ? ranges_builder_new(answer, &s->leases)
        : ranges_builder_again(read, &s->leases);
    start_reading(s);
}

static void leases(struct survey *s, usec asof) {
    const struct pg_result *r = s->answers.of[Q_LEASES];
    bool some = s->leases_some && some_node_is_dead(&s->next);
    if (s->groups[GROUP_LEASES].problem == NULL && r != NULL) {
        s->leases_some = some;
        s->leases_rest = some ? LEASE_TIMED_OUT : LEASE_NOT_ASKED;
        s->leases_asof = asof;
        learnt_drop(s, Q_LEASES);
        s->leases_reader = leases_reader_new(r);
        start_reading(s);
        return;
    }
    s->leases.asof = asof;
    learnt_ranges_again(s);
}

static void report(struct survey *s, usec asof, int64_t asof_wall) {
    struct err err = {0};
    if (s->answers.of[Q_REPORT_META] == NULL && s->answers.of[Q_REPORT] == NULL)
        return;
    struct report *r = build_report(&s->answers, &err);
    if (r == NULL)
        tell_problem(s, GROUP_REPORT, &err);
    else
        publish_part(s, PART_REPORT, r, asof, asof_wall);
}

void learnt_group(struct survey *s, enum group_kind kind, usec asof, int64_t asof_wall) {
    switch (kind) {
    case GROUP_SERVER:
        server(s);
        break;
    case GROUP_CATALOG:
        catalog(s, asof, asof_wall);
        break;
    case GROUP_TOPOLOGY:
        topology(s, asof, asof_wall);
        break;
    case GROUP_RANGES:
        s->ranges_asof = asof;
        s->ranges_asof_wall = asof_wall;
        learnt_ranges_again(s);
        break;
    case GROUP_LEASES:
        leases(s, asof);
        break;
    case GROUP_REPORT:
        report(s, asof, asof_wall);
        break;
    case GROUPS:
        break;
    }
}

void learnt_drop(struct survey *s, enum question q) {
    if (q == Q_RANGES) {
        ranges_builder_free(s->ranges_builder);
        s->ranges_builder = NULL;
    } else if (q == Q_LEASES) {
        leases_reader_free(s->leases_reader);
        s->leases_reader = NULL;
    }
}

void learnt_free(struct survey *s) {
    spans_forget(s);
    loop_work_free(s->ranges_work);
    s->ranges_work = NULL;
    learnt_drop(s, Q_RANGES);
    learnt_drop(s, Q_LEASES);
}
