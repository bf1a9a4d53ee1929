/* recording: recordings that are no plain answer of one statement. */
#include "survey/recording.h"

#include "domicile/base/str.h"
#include "domicile/pg/decode.h"
#include "survey/answer.h"

#include "../src/pg/result_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_recording(const char *file) {
    const char *truth = getenv("TRUTH");
    char *path = mem_printf("%s/%s", truth != NULL ? truth : "tests/truth", file);
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        abort();
    }
    free(path);
    return f;
}

/* -- sessions -- */

/* " a | b " to "a|b". */
static void add_trimmed(struct str *out, const char *line) {
    for (const char *p = line;;) {
        size_t n = strcspn(p, "|\n"), from = strspn(p, " "), to = n;
        while (to > from && p[to - 1] == ' ')
            to--;
        if (to > from)
            str_add_n(out, p + from, to - from);
        if (p[n] != '|')
            break;
        str_add_char(out, '|');
        p += n + 1;
    }
    str_add_char(out, '\n');
}

struct pg_result *recording_session(const char *file) {
    FILE *f = open_recording(file);
    char *line = NULL, *before = mem_strdup("");
    size_t cap = 0;
    struct str text = {0};
    bool within = false;
    while (getline(&line, &cap, f) > 0) {
        if (strncmp(line, "---", 3) == 0 && strstr(line, "-+-") != NULL) {
            str_clear(&text);
            add_trimmed(&text, before);
            within = true;
        } else if (within && line[0] == '(') {
            within = false;
        } else if (within) {
            add_trimmed(&text, line);
        }
        free(before);
        before = mem_strdup(line);
    }
    struct pg_result *r = answer_of(str_get(&text));
    fclose(f);
    free(line);
    free(before);
    str_free(&text);
    return r;
}

struct pg_result *recording_with(struct pg_result *r, const char *name, const char *value) {
    size_t n = pg_result_columns(r);
    PGresult *out = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc *columns = mem_calloc(n + 1, sizeof *columns);
    for (size_t i = 0; i <= n; i++)
        columns[i] = (PGresAttDesc){
            .name = (char *)(uintptr_t)(i < n ? pg_result_column_name(r, i) : name), .typid = 25};
    PQsetResultAttrs(out, (int)n + 1, columns);
    for (size_t row = 0; row < pg_result_rows(r); row++)
        for (size_t i = 0; i <= n; i++) {
            const char *text = i < n ? pg_result_text(r, row, i) : value;
            PQsetvalue(out, (int)row, (int)i, (char *)(uintptr_t)text, text != NULL ? (int)strlen(text) : -1);
        }
    free(columns);
    pg_result_free(r);
    return pg_result_wrap(out, "test");
}

/* -- ranges by pretty keys -- */

static const char *text_at(const struct pg_result *r, size_t row, const char *name) {
    size_t column;
    return pg_result_has(r, name, &column) ? pg_result_text(r, row, column) : NULL;
}

static void add_stores(struct range *range, const char *list, enum replica_kind kind) {
    for (const char *p = list; p != NULL && *p != '\0'; p++)
        if (*p >= '0' && *p <= '9') {
            char *end;
            range_add_replica(range, (int)strtol(p, &end, 10), kind);
            p = end - 1;
        }
}

static void set_key(struct key *k, const char *text, uint64_t table, bool end) {
    struct key_context context = {.table_id = table, .end = end};
    struct err err = {0};
    if (!key_parse_pretty(k, text, &context, &err)) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
}

/* All of it but the keys. */
static struct range read_replicas(const struct pg_result *r, size_t row) {
    struct range range = {.size = -1};
    const char *lease = text_at(r, row, "lease_holder");
    range.id = atoll(text_at(r, row, "range_id"));
    add_stores(&range, text_at(r, row, "voting_replicas"), REPLICA_VOTER);
    add_stores(&range, text_at(r, row, "non_voting_replicas"), REPLICA_NON_VOTER);
    add_stores(&range, text_at(r, row, "learner_replicas"), REPLICA_LEARNER);
    if (lease != NULL && atoi(lease) > 0) {
        range.lease_state = LEASE_KNOWN;
        range.leaseholder = atoi(lease);
    }
    return range;
}

static struct range read_range(const struct pg_result *r, size_t row, uint64_t table) {
    struct range range = read_replicas(r, row);
    const char *pretty = text_at(r, row, "start_pretty"), *end = text_at(r, row, "end_pretty");
    set_key(&range.start, pretty != NULL ? pretty : text_at(r, row, "start_key"), table, false);
    end = end != NULL ? end : text_at(r, row, "end_key");
    if (end != NULL)
        set_key(&range.end, end, table, true);
    return range;
}

struct ranges *recording_ranges(const struct pg_result *r, uint64_t table, const char *last) {
    struct ranges *rs = mem_calloc(1, sizeof *rs);
    for (size_t i = 0; i < pg_result_rows(r); i++)
        vec_push(rs, read_range(r, i, table));
    ranges_sort(rs);
    for (size_t i = 0; i < rs->len; i++) {
        struct range *range = &rs->items[i];
        if (range->end.len == 0 && i + 1 < rs->len)
            key_copy(&range->end, &rs->items[i + 1].start);
        else if (range->end.len == 0)
            set_key(&range->end, last, table, true);
    }
    return rs;
}

/* -- samples -- */

struct moment {
    struct sample sample;
    struct str text;
};

static void moment_tell(struct moment *m, void (*moment)(void *arg, const struct sample *s), void *arg) {
    if (m->text.len > 0)
        m->sample.ranges = answer_of(str_get(&m->text));
    if (m->sample.time[0] != '\0')
        moment(arg, &m->sample);
    pg_result_free(m->sample.ranges);
    m->sample = (struct sample){0};
    str_clear(&m->text);
}

static void moment_add(struct moment *m, const char *rest) {
    static const char header[] = "range_id|start_pretty|lease_holder|voting_replicas|non_voting_replicas|"
        "learner_replicas|replicas|replica_localities\n";
    const char *last = strrchr(rest, '|');
    if (strncmp(rest, "RANGE|", 6) == 0) {
        if (m->text.len == 0)
            str_add(&m->text, header);
        str_add(&m->text, rest + 6);
    } else if (strncmp(rest, "VIOL|", 5) == 0 && last != NULL) {
        m->sample.reported = true;
        m->sample.violations += atoi(last + 1) > 0;
    }
}

void recording_samples(const char *file, void (*moment)(void *arg, const struct sample *s), void *arg) {
    FILE *f = open_recording(file);
    char *line = NULL;
    size_t cap = 0;
    struct moment m = {0};
    while (getline(&line, &cap, f) > 0) {
        size_t n = strcspn(line, "|");
        if (line[0] == '#' || line[n] == '\0' || n >= sizeof m.sample.time)
            continue;
        if (strncmp(m.sample.time, line, n) != 0) {
            moment_tell(&m, moment, arg);
            memcpy(m.sample.time, line, n);
        }
        moment_add(&m, line + n + 1);
    }
    moment_tell(&m, moment, arg);
    str_free(&m.text);
    free(line);
    fclose(f);
}

void recording_conformance(
    const char *file, const char *time, const char *name, void (*id)(void *arg, int64_t id), void *arg) {
    FILE *f = open_recording(file);
    char *line = NULL, *wanted = mem_printf("|%s=[", name);
    size_t cap = 0;
    while (getline(&line, &cap, f) > 0) {
        char *list = strstr(line, wanted);
        if (strncmp(line, time, strlen(time)) != 0 || strstr(line, "|CONFORMANCE|") == NULL || list == NULL)
            continue;
        for (char *p = list + strlen(wanted); *p != ']' && *p != '\0'; p += strspn(p, ", "))
            id(arg, strtoll(p, &p, 10));
        break;
    }
    fclose(f);
    free(line);
    free(wanted);
}

char *recording_text(const char *file) {
    FILE *f = open_recording(file);
    char *text = NULL;
    size_t cap = 0;
    if (getdelim(&text, &cap, 0, f) < 0)
        abort();
    fclose(f);
    return text;
}

struct ranges *recording_one_range(const struct pg_result *r, const char *start, const char *end) {
    struct ranges *rs = mem_calloc(1, sizeof *rs);
    struct range range = read_replicas(r, 0);
    set_key(&range.start, start, 0, false);
    set_key(&range.end, end, 0, true);
    vec_push(rs, range);
    return rs;
}

/* -- nodes and descriptors in turn -- */

static const char *const regions[] = {
    "cloud=azure,region=uksouth", "cloud=aws,region=eu-west-1", "cloud=gcp,region=europe-west4"};

static struct pg_result *nodes_that(const bool *live) {
    struct str text = {0};
    str_add(&text, "node_id|locality|sql_address|is_live|ranges|leases\n");
    for (int n = 1; n <= 9; n++)
        str_add_f(&text, "%d|%s,zone=%d||%s|1|1\n", n, regions[(n - 1) / 3], n, live[n] ? "t" : "f");
    struct pg_result *r = answer_of(str_get(&text));
    str_free(&text);
    return r;
}

static void tell_turn(
    const char *time, const bool *live, struct str *text, void (*turn)(void *arg, const struct turn *t), void *arg) {
    struct turn t = {.time = time, .nodes = nodes_that(live), .ranges = answer_of(str_get(text))};
    turn(arg, &t);
    pg_result_free(t.ranges);
    str_clear(text);
}

int recording_turns(const char *file, void (*turn)(void *arg, const struct turn *t), void *arg) {
    FILE *f = open_recording(file);
    char *line = NULL, time[32] = "";
    size_t cap = 0;
    struct str text = {0};
    bool live[10] = {false};
    int turns = 0;
    while (getline(&line, &cap, f) > 0) {
        char *rest = strchr(line, '|'), *node = strstr(line, "|NODE|");
        if (node != NULL && node == rest && atoi(node + 6) > 0 && atoi(node + 6) < 10)
            live[atoi(node + 6)] = strstr(node + 6, "|t|") != NULL;
        if (rest == NULL || strncmp(rest, "|NOLEASE|", 9) != 0 || atoi(rest + 9) == 0) {
            if (text.len > 0 && ++turns > 0)
                tell_turn(time, live, &text, turn, arg);
            continue;
        }
        if (text.len == 0) {
            (void)snprintf(time, sizeof time, "%.*s", (int)(rest - line), line);
            str_add(&text, "range_id|start_pretty|voting_replicas|non_voting_replicas|learner_replicas\n");
        }
        str_add(&text, rest + 9);
    }
    str_free(&text);
    free(line);
    fclose(f);
    return turns;
}
