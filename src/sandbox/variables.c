/* variables: the session variables: one table of names, defaults per version and checks. */
#include "domicile/sandbox/variables.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/sandbox/session.h"
#include "domicile/sandbox/settings.h"

#include "vartable.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool known(const struct session *s, const struct vartable_row *row) {
    return s->compat >= row->since && (!row->until || s->compat < row->until);
}

/* The row's index, -1 for a variable that this version has not. */
static int find(const struct session *s, const char *name) {
    if (str_eq_nocase(name, "time zone"))
        name = "timezone";
    for (int i = 0; vartable[i].name; i++)
        if (str_eq_nocase(vartable[i].name, name) && known(s, &vartable[i]))
            return i;
    return -1;
}

static struct variable_value *entry(const struct session *s, int index) {
    for (size_t i = 0; i < s->variables.len; i++)
        if (s->variables.items[i].index == index)
            return &s->variables.items[i];
    return NULL;
}

static struct variable_value *make_entry(struct session *s, int index) {
    struct variable_value *e = entry(s, index);
    if (e)
        return e;
    const struct variable_value fresh = {.index = index};
    vec_push(&s->variables, fresh);
    return &s->variables.items[s->variables.len - 1];
}

void variables_free(struct variables *v) {
    for (size_t i = 0; i < v->len; i++) {
        free(v->items[i].base);
        free(v->items[i].value);
        free(v->items[i].local);
        free(v->items[i].saved);
    }
    vec_free(v);
}

/* What follows from the session itself. */
static const char *derived(const struct session *s, enum vartable_kind kind) {
    static char number[16];
    switch (kind) {
    case VAR_DATABASE: return s->database;
    case VAR_USER: return s->user;
    case VAR_SUPERUSER: return s->admin ? "on" : "off";
    case VAR_LOCALITY: return s->locality;
    case VAR_TRANSACTION_STATUS:
        return s->transaction == SESSION_IDLE ? "NoTxn" : s->transaction == SESSION_OPEN ? "Open" : "Aborted";
    case VAR_READ_ONLY: return s->transaction != SESSION_IDLE && s->read_only ? "on" : "off";
    case VAR_NODE:
        snprintf(number, sizeof number, "%d", s->node);
        return number;
    default: return NULL;
    }
}

static const char *row_default(const struct session *s, int i) {
    return s->compat >= 2601 && vartable[i].default_26 ? vartable[i].default_26 : vartable[i].default_22;
}

static const char *value_of(const struct session *s, int i) {
    const char *text = derived(s, vartable[i].kind);
    if (text)
        return text;
    const struct variable_value *e = entry(s, i);
    if (e && e->local)
        return e->local;
    if (e && e->value)
        return e->value;
    if (e && e->base)
        return e->base;
    return row_default(s, i);
}

const char *variable_get(const struct session *s, const char *name) {
    const int i = find(s, name);
    return i < 0 ? NULL : value_of(s, i);
}

bool variable_on(const struct session *s, const char *name) {
    const char *value = variable_get(s, name);
    return value && str_eq(value, "on");
}

bool variables_read_only(const struct session *s) {
    return s->transaction != SESSION_IDLE ? s->read_only : variable_on(s, "default_transaction_read_only") ||
        variable_on(s, "default_transaction_use_follower_reads");
}

const char *variable_default(const struct session *s, const char *name) {
    const int i = find(s, name);
    if (i < 0)
        return NULL;
    const struct variable_value *e = entry(s, i);
    return e && e->base ? e->base : row_default(s, i);
}

/* The checks: from what was given to what SHOW prints; NULL with the error in r. The caller frees. */
static char *check_bool(const char *name, const char *given, struct result *r) {
    static const struct {
        const char *word;
        const char *value;
    } words[] = {
        {"on", "on"}, {"off", "off"}, {"true", "on"}, {"false", "off"}, {"yes", "on"}, {"no", "off"},
        {"t", "on"}, {"f", "off"}, {"y", "on"}, {"n", "off"}, {"1", "on"}, {"0", "off"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(words[i].word, given))
            return mem_strdup(words[i].value);
    result_fail(r, "22023", "parameter \"%s\" requires a Boolean value", name);
    return NULL;
}

static char *check_integer(const char *name, const char *given, struct result *r) {
    char *end;
    const long long v = strtoll(given, &end, 10);
    if (end != given && !*end)
        return mem_printf("%lld", v);
    result_fail(r, "22023", "invalid value for parameter \"%s\": \"%s\"", name, given);
    result_detail(r, "could not parse \"%s\" as type int: strconv.ParseInt: parsing \"%s\": invalid syntax",
        given, given);
    return NULL;
}

/* A duration; a bare number is in milliseconds. Shown in milliseconds. */
static char *check_timeout(const char *name, const char *given, struct result *r) {
    char *end;
    const long long v = strtoll(given, &end, 10);
    usec d;
    if (end != given && !*end && v >= 0)
        return mem_printf("%lld", v);
    if (settings_parse_duration(given, &d) && d >= 0)
        return mem_printf("%" PRId64, d / USEC_PER_MS);
    result_fail(r, "22023", "invalid value for parameter \"%s\": \"%s\"", name, given);
    return NULL;
}

static char *check_encoding(const char *given, struct result *r) {
    struct str plain = {0};
    for (; *given; given++)
        if (isalnum((unsigned char)*given))
            str_add_char(&plain, (char)tolower((unsigned char)*given));
    const char *word = str_get(&plain);
    const bool good = str_eq(word, "utf8") || str_eq(word, "unicode") || str_eq(word, "cp65001");
    if (!good)
        result_fail(r, "0A000", "unimplemented: unimplemented client encoding: \"%s\"", word);
    str_free(&plain);
    return good ? mem_strdup("UTF8") : NULL;
}

/* One of the words listed in the table, in any case. */
static char *check_word(const struct vartable_row *row, const char *given, struct result *r) {
    const size_t n = strlen(given);
    for (const char *w = row->words; w && *w;) {
        const size_t len = strcspn(w, "|");
        if (len == n && strncasecmp(w, given, n) == 0)
            return mem_strndup(w, n);
        w += len + (w[len] == '|');
    }
    struct str choices = {0};
    for (const char *w = row->words; w && *w; w++)
        if (*w == '|')
            str_add(&choices, ",");
        else
            str_add_char(&choices, *w);
    result_fail(r, "22023", "invalid value for parameter \"%s\": \"%s\"", row->name, given);
    result_hint(r, "Available values: %s", str_get(&choices));
    str_free(&choices);
    return NULL;
}

static char *check(const struct vartable_row *row, const char *given, struct result *r) {
    switch (row->kind) {
    case VAR_BOOL: return check_bool(row->name, given, r);
    case VAR_INTEGER: return check_integer(row->name, given, r);
    case VAR_TIMEOUT: return check_timeout(row->name, given, r);
    case VAR_ENCODING: return check_encoding(given, r);
    case VAR_WORD: return check_word(row, given, r);
    case VAR_TEXT:
    case VAR_DATABASE: return mem_strdup(given);
    default: break;
    }
    result_fail(r, "55P02", "parameter \"%s\" cannot be changed", row->name);
    return NULL;
}

/* Finds the row and checks the value. -1 with the error in r. */
static int prepare(struct session *s, const char *name, const char *given, char **value, struct result *r) {
    const int i = find(s, name);
    *value = NULL;
    if (i < 0) {
        result_fail(r, "42704", "unrecognized configuration parameter \"%s\"", name);
        return -1;
    }
    if (given && !(*value = check(&vartable[i], given, r)))
        return -1;
    return i;
}

/* Those that a client is told of when they change, with the name that it knows. */
static void tell(const struct session *s, int i, struct result *r) {
    static const struct {
        const char *name;
        const char *told;
    } reported[] = {
        {"application_name", "application_name"}, {"client_encoding", "client_encoding"},
        {"datestyle", "DateStyle"}, {"intervalstyle", "IntervalStyle"}, {"timezone", "TimeZone"},
        {"standard_conforming_strings", "standard_conforming_strings"},
        {"default_transaction_read_only", "default_transaction_read_only"},
    };
    for (size_t k = 0; k < sizeof reported / sizeof *reported; k++)
        if (str_eq(reported[k].name, vartable[i].name))
            result_status(r, reported[k].told, value_of(s, i));
}

bool variable_set(struct session *s, const char *name, const char *given, bool local, struct result *r) {
    char *value;
    const int i = prepare(s, name, given, &value, r);
    if (i < 0)
        return false;
    if (vartable[i].kind == VAR_DATABASE) {
        session_set_database(s, value ? value : "defaultdb");
        free(value);
        return true;
    }
    struct variable_value *e = make_entry(s, i);
    if (local) {
        free(e->local);
        e->local = value ? value : mem_strdup(variable_default(s, name));
    } else {
        if (s->transaction != SESSION_IDLE && !e->dirty) {
            e->saved = mem_strdup_null(e->value);
            e->dirty = true;
        }
        free(e->value);
        e->value = value;
    }
    tell(s, i, r);
    return true;
}

bool variable_set_default(struct session *s, const char *name, const char *given, struct result *r) {
    char *value;
    const int i = prepare(s, name, given, &value, r);
    if (i < 0)
        return false;
    if (vartable[i].kind == VAR_DATABASE) {
        session_set_database(s, value);
        free(value);
        return true;
    }
    struct variable_value *e = make_entry(s, i);
    free(e->base);
    e->base = value;
    return true;
}

void variables_reset(struct session *s) {
    for (size_t i = 0; i < s->variables.len; i++) {
        struct variable_value *e = &s->variables.items[i];
        free(e->value);
        free(e->local);
        e->value = e->local = NULL;
    }
}

void variables_begin_transaction(struct session *s) {
    for (size_t i = 0; i < s->variables.len; i++) {
        struct variable_value *e = &s->variables.items[i];
        free(e->saved);
        e->saved = NULL;
        e->dirty = false;
    }
}

void variables_end_transaction(struct session *s, bool committed) {
    for (size_t i = 0; i < s->variables.len; i++) {
        struct variable_value *e = &s->variables.items[i];
        free(e->local);
        e->local = NULL;
        if (e->dirty && !committed) {
            free(e->value);
            e->value = e->saved;
        } else {
            free(e->saved);
        }
        e->saved = NULL;
        e->dirty = false;
    }
}

void variables_each(const struct session *s,
    void (*emit)(void *arg, const char *name, const char *value), void *arg) {
    for (int i = 0; vartable[i].name; i++)
        if (known(s, &vartable[i]) && !vartable[i].hidden)
            emit(arg, vartable[i].name, value_of(s, i));
}
