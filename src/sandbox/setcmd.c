/* setcmd: SET, RESET, USE and SHOW of session variables and cluster settings, as statements. */
#include "domicile/sandbox/setcmd.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends what one value of SET means: a word, a text, a number; false for what is no constant. */
static bool value_text(struct str *out, const struct ast_expr *e) {
    switch (e->kind) {
    case EXPR_STRING:
        str_add_n(out, e->u.string.bytes, e->u.string.len);
        return true;
    case EXPR_NUMBER:
        str_add(out, e->u.number.text);
        return true;
    case EXPR_BOOL:
        str_add(out, e->u.boolean ? "true" : "false");
        return true;
    case EXPR_COLUMN:
        for (int i = 0; i < e->u.column.n; i++)
            str_add_f(out, i ? ".%s" : "%s", e->u.column.part[i]);
        return true;
    case EXPR_PAREN:
        return value_text(out, e->u.paren);
    case EXPR_CAST:
        return value_text(out, e->u.cast.arg);
    case EXPR_UNARY:
        str_add(out, e->u.unary.op == OP_MINUS ? "-" : "");
        return value_text(out, e->u.unary.arg);
    default:
        return false;
    }
}

/* All values, joined as lists are shown: search_path = a, b. The caller frees; NULL with the error in r. */
char *setcmd_value(const struct ast_set *st, struct result *r) {
    struct str out = {0};
    for (size_t i = 0; i < st->values.len; i++) {
        str_add(&out, i ? ", " : "");
        if (!value_text(&out, st->values.items[i])) {
            str_free(&out);
            result_fail(r, "42601", "parameter \"%s\" requires a constant value", st->name);
            return NULL;
        }
    }
    return str_take(&out);
}

static bool set_cluster(struct session *s, struct settings *settings, const struct users *users,
    const struct ast_set *st, const char *value, struct result *r) {
    if (!settings_get(settings, st->name))
        return result_fail(r, "XXUUU", "unknown cluster setting '%s'", st->name);
    if (s->transaction != SESSION_IDLE)
        return result_fail(r, "25001",
            "SET CLUSTER SETTING cannot be used inside a multi-statement transaction");
    if (!users_check_setting(users, s, st->name, true, r) || !settings_set(settings, st->name, value, r))
        return false;
    result_tag(r, "SET CLUSTER SETTING");
    return true;
}

/* Times are shown in UTC alone. */
static bool is_utc(const char *zone) {
    static const char *const names[] = {"utc", "gmt", "zulu", "z", "universal", "etc/utc", "etc/gmt", "etc/universal",
        "etc/zulu", "0", "+0", "-0", "+00", "+00:00", "utc+0", "utc+00:00", "default", "local"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_nocase(zone, names[i]))
            return true;
    return false;
}

static bool set_session(struct session *s, const struct ast_set *st, const char *value,
    bool (*database_exists)(void *arg, const char *name), void *arg, struct result *r) {
    const bool local = st->scope == SCOPE_LOCAL;
    if (str_eq_nocase(st->name, "database") && value && *value && database_exists && !database_exists(arg,
        value))
        return result_fail(r, "3D000", "database \"%s\" does not exist", value);
    if (local && s->transaction == SESSION_IDLE) {
        result_notice(r, "SET LOCAL can only be used in transaction blocks");
        struct result_message *m = result_last_notice(r);
        m->severity = "WARNING";
        memcpy(m->sqlstate, "25P01", 5);
        result_tag(r, "SET");
        return true;
    }
    if (str_eq(st->name, "timezone") && value && !is_utc(value))
        return result_unsupported(r, "a time zone other than UTC");
    if (!variable_set(s, st->name, value, local, r))
        return false;
    result_tag(r, st->reset ? "RESET" : "SET");
    return true;
}

bool setcmd_set(struct session *s, struct settings *settings, const struct users *users,
    const struct ast_set *st, bool (*database_exists)(void *arg, const char *name), void *arg,
    struct result *r) {
    if (st->reset_all) {
        variables_reset(s);
        result_tag(r, "RESET");
        return true;
    }
    const bool to_default = st->reset || (st->values.len == 1 && st->values.items[0]->kind == EXPR_DEFAULT);
    char *value = to_default ? NULL : setcmd_value(st, r);
    if (!to_default && !value)
        return false;
    const bool good = st->scope == SCOPE_CLUSTER ? set_cluster(s, settings, users, st, value, r)
        : set_session(s, st, value, database_exists, arg, r);
    free(value);
    return good;
}

bool setcmd_shows(enum ast_show_kind kind) {
    switch (kind) {
    case SHOW_VARIABLE:
    case SHOW_ALL:
    case SHOW_CLUSTER_SETTING:
    case SHOW_CLUSTER_SETTINGS:
    case SHOW_TRANSACTION_STATUS:
    case SHOW_LOCALITY: return true;
    default: return false;
    }
}

/* The setting's type in an answer. */
static uint32_t setting_oid(const struct setting *setting) {
    switch (setting->type[0]) {
    case 'b': return OID_BOOL;
    case 'd': return OID_INTERVAL;
    case 'f': return OID_FLOAT8;
    case 'i': return OID_INT8;
    default: return OID_TEXT;
    }
}

static bool find_setting(const struct settings *settings, const char *name, struct setting *out) {
    for (size_t i = 0; i < settings_count(settings); i++) {
        *out = settings_at(settings, i);
        if (str_eq_nocase(out->name, name))
            return true;
    }
    return false;
}

static bool columns_of_settings(const struct session *s, struct result *r) {
    result_column(r, "variable", OID_TEXT);
    result_column(r, "value", OID_TEXT);
    result_column(r, "setting_type", OID_TEXT);
    if (s->compat < 2601)
        result_column(r, "public", OID_BOOL);
    result_column(r, "description", OID_TEXT);
    if (s->compat >= 2601) {
        result_column(r, "default_value", OID_TEXT);
        result_column(r, "origin", OID_TEXT);
    }
    return true;
}

bool setcmd_show_columns(const struct session *s, const struct settings *settings,
    const struct ast_show *st, struct result *r) {
    struct setting setting;
    switch (st->kind) {
    case SHOW_ALL:
        result_column(r, "variable", OID_TEXT);
        result_column(r, "value", OID_TEXT);
        return true;
    case SHOW_CLUSTER_SETTINGS:
        return columns_of_settings(s, r);
    case SHOW_TRANSACTION_STATUS:
        result_column(r, "TRANSACTION STATUS", OID_TEXT);
        return true;
    case SHOW_LOCALITY:
        result_column(r, "locality", OID_TEXT);
        return true;
    case SHOW_CLUSTER_SETTING:
        if (!find_setting(settings, st->word, &setting))
            return result_fail(r, "XXUUU", "unknown setting: \"%s\"", st->word);
        result_column(r, setting.name, setting_oid(&setting));
        return true;
    default:
        if (!variable_get(s, st->word))
            return result_fail(r, "42704", "unrecognized configuration parameter \"%s\"", st->word);
        result_column(r, st->word, OID_TEXT);
        return true;
    }
}

/* A value in its type's text format: true is t, 1m0s is 00:01:00. */
static char *setting_value(const struct setting *setting) {
    usec d;
    if (setting->type[0] == 'b')
        return mem_strdup(str_eq(setting->value, "true") ? "t" : "f");
    if (setting->type[0] != 'd' || !settings_parse_duration(setting->value, &d))
        return mem_strdup(setting->value);
    const int64_t seconds = d / USEC_PER_SEC, fraction = d % USEC_PER_SEC;
    struct str out = {0};
    str_add_f(&out, "%02" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60,
        seconds % 60);
    if (fraction) {
        str_add_f(&out, ".%06" PRId64, fraction);
        while (out.data[out.len - 1] == '0')
            str_truncate(&out, out.len - 1);
    }
    return str_take(&out);
}

static void show_settings(const struct session *s, const struct settings *settings, bool all,
    struct result *r) {
    for (size_t i = 0; i < settings_count(settings); i++) {
        const struct setting x = settings_at(settings, i);
        if (!all && !x.is_public)
            continue;
        if (s->compat < 2601)
            result_row_addv(r, x.name, x.value, x.type, x.is_public ? "t" : "f", x.description);
        else
            result_row_addv(r, x.name, x.value, x.type, x.description, x.default_value, x.origin);
    }
}

static void emit_variable(void *arg, const char *name, const char *value) {
    result_row_addv(arg, name, value);
}

bool setcmd_show(const struct session *s, const struct settings *settings, const struct users *users,
    const struct ast_show *st, struct result *r) {
    struct setting setting;
    char *value;
    if (st->kind == SHOW_CLUSTER_SETTINGS && !users_check_setting(users, s, NULL, false, r))
        return false;
    if (st->kind == SHOW_CLUSTER_SETTING && find_setting(settings, st->word, &setting) &&
        !users_check_setting(users, s, setting.name, false, r))
        return false;
    if (!setcmd_show_columns(s, settings, st, r))
        return false;
    switch (st->kind) {
    case SHOW_ALL:
        variables_each(s, emit_variable, r);
        break;
    case SHOW_CLUSTER_SETTINGS:
        show_settings(s, settings, st->all, r);
        break;
    case SHOW_CLUSTER_SETTING:
        value = setting_value(&setting);
        result_row_addv(r, value);
        free(value);
        break;
    case SHOW_TRANSACTION_STATUS:
        result_row_addv(r, variable_get(s, "transaction_status"));
        break;
    case SHOW_LOCALITY:
        result_row_addv(r, s->locality);
        break;
    default:
        result_row_addv(r, variable_get(s, st->word));
    }
    return true;
}
