/* sqllog: a ring of the statements that were sent. */
#include "domicile/pg/sqllog.h"

#include "domicile/base/log.h"
#include "domicile/base/mem.h"

#include <stdlib.h>

struct sqllog {
    struct sqllog_entry *entries;
    size_t capacity;
    size_t first;
    size_t count;
    void (*told)(void *arg, const struct sqllog_entry *e);
    void *arg;
};

static struct sqllog *in_use;

struct sqllog *sqllog_new(size_t capacity, void (*told)(void *arg, const struct sqllog_entry *e), void *arg) {
    struct sqllog *l = mem_calloc(1, sizeof *l);
    *l = (struct sqllog){
        .entries = mem_calloc(capacity, sizeof *l->entries), .capacity = capacity, .told = told, .arg = arg};
    return l;
}

static void entry_free(struct sqllog_entry *e) {
    free(e->purpose);
    free(e->sql);
    free(e->outcome);
    *e = (struct sqllog_entry){0};
}

void sqllog_free(struct sqllog *l) {
    if (!l)
        return;
    if (in_use == l)
        in_use = NULL;
    for (size_t i = 0; i < l->capacity; i++)
        entry_free(&l->entries[i]);
    free(l->entries);
    free(l);
}

void sqllog_use(struct sqllog *l) { in_use = l; }

static char *redacted(const char *text) {
    struct str out = {0};
    log_redact(&out, text);
    return str_take(&out);
}

void sqllog_add(usec at, usec took, bool user, const char *purpose, const char *sql, const char *outcome) {
    struct sqllog *l = in_use;
    if (!l)
        return;
    if (l->count == l->capacity) {
        l->first = (l->first + 1) % l->capacity;
        l->count--;
    }
    struct sqllog_entry *e = &l->entries[(l->first + l->count++) % l->capacity];
    entry_free(e);
    *e = (struct sqllog_entry){.at = at,
        .at_wall = loop_wall(),
        .took = took,
        .user = user,
        .purpose = mem_strdup(purpose),
        .sql = redacted(sql),
        .outcome = redacted(outcome)};
    if (l->told)
        l->told(l->arg, e);
}

size_t sqllog_count(const struct sqllog *l) { return l->count; }

const struct sqllog_entry *sqllog_entry(const struct sqllog *l, size_t i) {
    return i < l->count ? &l->entries[(l->first + i) % l->capacity] : NULL;
}
