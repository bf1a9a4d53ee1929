/* translate_call: calls of functions: a table of those that there are, and what they become. */
#include "translate.h"
#include "known_tables.h"
#include "past.h"
#include "sandbox_functions.h"
#include "virtual_private.h"

#include <stdlib.h>
#include <string.h>

/* Arguments: s string, i integer, f float, b bool, d decimal, t timestamptz, a anything, I interval;
 * j JSONB, S array of strings; | begins the optional ones, * takes any number of anything. sql: $1 ... are the arguments, $* all of them, $+ all but the first; NULL: the
 * function's own name. A result of TYPE_ANYELEMENT is the first argument's type. */
struct builtin {
    const char *name;
    const char *args;
    enum ast_type_base result;
    bool array;
    const char *sql;
};

static const struct builtin builtins[] = {
    {"lower", "s", TYPE_STRING, false, NULL},
    {"upper", "s", TYPE_STRING, false, NULL},
    {"length", "a", TYPE_INT8, false, "length($1)"},
    {"char_length", "s", TYPE_INT8, false, "length($1)"},
    {"octet_length", "s", TYPE_INT8, false, "length(CAST($1 AS BLOB))"},
    {"substr", "si|i", TYPE_STRING, false, NULL},
    {"substring", "si|i", TYPE_STRING, false, "substr($*)"},
    {"left", "si", TYPE_STRING, false, "substr($1, 1, $2)"},
    {"right", "si", TYPE_STRING, false, "substr($1, -$2)"},
    {"replace", "sss", TYPE_STRING, false, NULL},
    {"btrim", "s|s", TYPE_STRING, false, "trim($*)"},
    {"ltrim", "s|s", TYPE_STRING, false, NULL},
    {"rtrim", "s|s", TYPE_STRING, false, NULL},
    {"strpos", "ss", TYPE_INT8, false, "instr($1, $2)"},
    {"split_part", "ssi", TYPE_STRING, false, NULL},
    {"repeat", "si", TYPE_STRING, false, NULL},
    {"reverse", "s", TYPE_STRING, false, "text_reverse($1)"},
    {"lpad", "si|s", TYPE_STRING, false, "pad(1, $*)"},
    {"rpad", "si|s", TYPE_STRING, false, "pad(0, $*)"},
    {"concat", "*", TYPE_STRING, false, "concat_all($*)"},
    {"concat_ws", "s*", TYPE_STRING, false, "concat_sep($*)"},
    {"md5", "s", TYPE_STRING, false, "digest('MD5', $1)"},
    {"sha256", "s", TYPE_STRING, false, "digest('SHA256', $1)"},
    {"starts_with", "ss", TYPE_BOOL, false, "(substr($1, 1, length($2)) = $2)"},
    {"quote_ident", "s", TYPE_STRING, false, NULL},
    {"quote_literal", "*", TYPE_STRING, false, "quote($1)"},
    {"chr", "i", TYPE_STRING, false, "char($1)"},
    {"ascii", "s", TYPE_INT8, false, "unicode($1)"},
    {"initcap", "s", TYPE_STRING, false, NULL},
    {"to_hex", "i", TYPE_STRING, false, "printf('%x', $1)"},
    {"abs", "a", TYPE_ANYELEMENT, false, "abs_any($1)"},
    {"floor", "a", TYPE_ANYELEMENT, false, "round_any($1, 0, -1)"},
    {"ceil", "a", TYPE_ANYELEMENT, false, "round_any($1, 0, 1)"},
    {"ceiling", "a", TYPE_ANYELEMENT, false, "round_any($1, 0, 1)"},
    {"round", "a|i", TYPE_ANYELEMENT, false, "round_any($1, $2:0, 0)"},
    {"random", "", TYPE_FLOAT8, false, "random_float()"},
    {"sqrt", "f", TYPE_FLOAT8, false, NULL},
    {"power", "ff", TYPE_FLOAT8, false, "pow($1, $2)"},
    {"pow", "ff", TYPE_FLOAT8, false, NULL},
    {"mod", "ii", TYPE_INT8, false, "($1 % nonzero($2))"},
    {"sign", "f", TYPE_FLOAT8, false, NULL},
    {"ln", "f", TYPE_FLOAT8, false, NULL},
    {"exp", "f", TYPE_FLOAT8, false, NULL},
    {"gen_random_uuid", "", TYPE_UUID, false, "random_uuid()"},
    {"uuid_v4", "", TYPE_BYTES, false, "random_uuid()"},
    {"gen_random_ulid", "", TYPE_UUID, false, "random_uuid()"},
    {"unique_rowid", "", TYPE_INT8, false, NULL},
    {"unordered_unique_rowid", "", TYPE_INT8, false, "unique_rowid()"},
    {"clock_timestamp", "", TYPE_TIMESTAMPTZ, false, NULL},
    {"age", "t|t", TYPE_INTERVAL, false, NULL},
    {"date_trunc", "sa", TYPE_TIMESTAMPTZ, false, NULL},
    {"extract", "st", TYPE_FLOAT8, false, "date_part($1, $2)"},
    {"date_part", "st", TYPE_FLOAT8, false, NULL},
    {"to_char", "as", TYPE_STRING, false, NULL},
    {"timezone", "st", TYPE_TIMESTAMP, false, "to_timestamp($2)"},
    {"array_length", "ai", TYPE_INT8, false, NULL},
    {"cardinality", "a", TYPE_INT8, false, "array_length($1, 1)"},
    {"array_upper", "ai", TYPE_INT8, false, "array_length($1, 1)"},
    {"array_lower", "ai", TYPE_INT8, false, "1"},
    {"array_to_string", "as|s", TYPE_STRING, false, NULL},
    {"array_position", "a*", TYPE_INT8, false, NULL},
    {"array_append", "aa", TYPE_ANYELEMENT, true, NULL},
    {"array_cat", "aa", TYPE_ANYELEMENT, true, NULL},
    {"string_to_array", "ss", TYPE_STRING, true, NULL},
    {"json_build_object", "J", TYPE_JSONB, false, "json_build_map($*)"},
    {"jsonb_build_object", "J", TYPE_JSONB, false, "json_build_map($*)"},
    {"json_build_array", "J", TYPE_JSONB, false, "json_build_list($*)"},
    {"jsonb_build_array", "J", TYPE_JSONB, false, "json_build_list($*)"},
    {"json_array_length", "j", TYPE_INT8, false, "json_count($1)"},
    {"jsonb_array_length", "j", TYPE_INT8, false, "json_count($1)"},
    {"to_json", "J", TYPE_JSONB, false, "$1"},
    {"to_jsonb", "J", TYPE_JSONB, false, "$1"},
    {"txid_current", "", TYPE_INT8, false, "1"},
    {"pg_backend_pid", "", TYPE_INT8, false, "session_pid()"},
    {"format_type", "ii", TYPE_STRING, false, NULL},
    {"pg_get_userbyid", "i", TYPE_STRING, false, NULL},
    {"crdb_internal.increment_feature_counter", "s", TYPE_BOOL, false, "1"},
    {"pg_table_is_visible", "i", TYPE_BOOL, false, "1"},
    {"pg_type_is_visible", "i", TYPE_BOOL, false, "1"},
    {"pg_function_is_visible", "i", TYPE_BOOL, false, "0"},
    {"pg_get_function_result", "i", TYPE_STRING, false, "NULL"},
    {"pg_get_function_arguments", "i", TYPE_STRING, false, "NULL"},
    {"pg_get_function_identity_arguments", "i", TYPE_STRING, false, "NULL"},
    {"pg_encoding_to_char", "i", TYPE_STRING, false, "'UTF8'"},
    {"obj_description", "i|s", TYPE_STRING, false, "NULL"},
    {"col_description", "ii", TYPE_STRING, false, "NULL"},
    {"shobj_description", "is", TYPE_STRING, false, "NULL"},
    {"array_to_json", "J", TYPE_JSONB, false, "$1"},
    {"has_database_privilege", "ss|s", TYPE_BOOL, false, "database_right($*)"},
    {"has_schema_privilege", "ss|s", TYPE_BOOL, false, "1"},
    {"has_table_privilege", "as|s", TYPE_BOOL, false, "table_right($*)"},
    {"pg_has_role", "ss|s", TYPE_BOOL, false, "role_right($*)"},
    {"crdb_internal.pretty_key", "ai", TYPE_STRING, false, "pretty_key($1, $2)"},
    {"crdb_internal.pb_to_json", "sa|s", TYPE_JSONB, false, "pb_to_json($1, $2)"},
    {"encode", "as", TYPE_STRING, false, "encode_bytes($1, $2)"},
    {"crdb_internal.lease_holder", "a", TYPE_INT8, false, "lease_holder($1)"},
    {"crdb_internal.locality_value", "s", TYPE_STRING, false, "locality_value($1)"},
    {"crdb_internal.force_error", "ss", TYPE_INT8, false, "force_error($1, $2)"},
    {"sandbox.kill_node", "i", TYPE_BOOL, false, "sandbox_node($1, 0)"},
    {"sandbox.start_node", "i", TYPE_BOOL, false, "sandbox_node($1, 1)"},
    {"sandbox.kill_region", "s", TYPE_BOOL, false, "sandbox_region($1, 0)"},
    {"sandbox.start_region", "s", TYPE_BOOL, false, "sandbox_region($1, 1)"},
    {"sandbox.advance", "f", TYPE_BOOL, false, "sandbox_advance($1)"},
    {"sandbox.hold_schema_changes", "f", TYPE_BOOL, false, "sandbox_hold($1)"},
    {"pg_sleep", "f", TYPE_BOOL, false, "1"},
    {"set_config", "ssb", TYPE_STRING, false, "set_variable($1, $2, $3)"},
    {"pg_get_constraintdef", "i|b", TYPE_STRING, false, "constraint_definition($1)"},
    {"pg_get_indexdef", "i|ib", TYPE_STRING, false, "index_definition($*)"},
    {"pg_get_viewdef", "i|b", TYPE_STRING, false, "view_definition($1)"},
    {"pg_get_expr", "si|b", TYPE_STRING, false, "$1"},
    {"nextval", "a", TYPE_INT8, false, "seq_next($1)"},
    {"currval", "a", TYPE_INT8, false, "seq_current($1)"},
    {"lastval", "", TYPE_INT8, false, "seq_last()"},
    {"setval", "ai|b", TYPE_INT8, false, "seq_set($1, $2, $3:1)"},
    {"regexp_replace", "sss|s", TYPE_STRING, false, "regex_replace($*)"},
    {"regexp_extract", "ss", TYPE_STRING, false, "regex_extract($1, $2)"},
    {"translate", "sss", TYPE_STRING, false, "text_translate($*)"},
    {"overlay", "ssi|i", TYPE_STRING, false,
        "(substr($1, 1, $3 - 1) || $2 || substr($1, $3 + coalesce($4, length($2))))"},
    {"format", "s*", TYPE_STRING, false, "format_text($*)"},
    {"encode", "as", TYPE_STRING, false, "encode_bytes($1, $2)"},
    {"decode", "ss", TYPE_BYTES, false, "('\\x' || $1)"},
    {"trim", "s|s", TYPE_STRING, false, "trim($*)"},
    {"array_remove", "a*", TYPE_ANYELEMENT, false, "array_edit($1, $2, NULL, 'r')"},
    {"array_replace", "a**", TYPE_ANYELEMENT, false, "array_edit($1, $2, $3, 's')"},
    {"array_ndims", "a", TYPE_INT8, false, "1"},
    {"jsonb_typeof", "j", TYPE_STRING, false, "json_kind($1)"},
    {"json_typeof", "j", TYPE_STRING, false, "json_kind($1)"},
    {"jsonb_pretty", "j", TYPE_STRING, false, "json_indented($1)"},
    {"jsonb_strip_nulls", "j", TYPE_JSONB, false, "json_strip_nulls($1)"},
    {"json_strip_nulls", "j", TYPE_JSONB, false, NULL},
    {"jsonb_set", "jSj|b", TYPE_JSONB, false, "json_put($1, array_to_json($2), $3, $4:1)"},
    {"json_set", "jSj|b", TYPE_JSONB, false, "json_put($1, array_to_json($2), $3, $4:1)"},
    {"jsonb_extract_path_text", "j*", TYPE_STRING, false, "json_at_path($1, array_to_json(make_array($+)), 1)"},
    {"jsonb_extract_path", "j*", TYPE_JSONB, false, "json_at_path($1, array_to_json(make_array($+)), 0)"},
    {"make_date", "iii", TYPE_DATE, false, "date_make($*)"},
    {"to_timestamp", "f", TYPE_TIMESTAMPTZ, false, "epoch_time($1)"},
    {"justify_hours", "I", TYPE_INTERVAL, false, "$1"},
    {"justify_days", "I", TYPE_INTERVAL, false, "$1"},
    {"trunc", "a|i", TYPE_ANYELEMENT, false, "round_any($1, $2:0, 2)"},
    {"div", "ii", TYPE_INT8, false, "($1 / nonzero($2))"},
    {"log", "f", TYPE_FLOAT8, false, "log10($1)"},
    {"log10", "f", TYPE_FLOAT8, false, NULL},
    {"pi", "", TYPE_FLOAT8, false, "pi()"},
    {"sin", "f", TYPE_FLOAT8, false, NULL},
    {"cos", "f", TYPE_FLOAT8, false, NULL},
    {"tan", "f", TYPE_FLOAT8, false, NULL},
    {"asin", "f", TYPE_FLOAT8, false, NULL},
    {"acos", "f", TYPE_FLOAT8, false, NULL},
    {"atan", "f", TYPE_FLOAT8, false, NULL},
    {"degrees", "f", TYPE_FLOAT8, false, NULL},
    {"radians", "f", TYPE_FLOAT8, false, NULL},
    {"cbrt", "f", TYPE_FLOAT8, false, "pow($1, 1.0 / 3)"},
    {"isnan", "f", TYPE_BOOL, false, "0"},
    {"inet_server_addr", "", TYPE_INET, false, "NULL"},
    {"inet_client_addr", "", TYPE_INET, false, "NULL"},
    {"crdb_internal.cluster_name", "", TYPE_STRING, false, "''"},
    {"cluster_logical_timestamp", "", TYPE_DECIMAL, false, "hlc_now()"},
    {"to_regclass", "s", TYPE_REGCLASS, false, "regclass_or_null($1, 1)"},
};

static struct typed typed_sql(const char *sql, enum ast_type_base base) {
    return (struct typed){.sql = sql, .type = sqltype_of(base)};
}

static struct typed text_constant(struct translator *tr, const char *text, enum ast_type_base base) {
    return typed_sql(text ? translate_text_literal(tr, text, strlen(text)) : "NULL", base);
}

/* The function's name as the tables have it. */
static const char *call_name(struct translator *tr, const struct ast_name *n) {
    if (n->n >= 2 && !str_eq(n->part[n->n - 2], "pg_catalog") && !str_eq(n->part[n->n - 2], "public"))
        return arena_printf(tr->arena, "%s.%s", n->part[n->n - 2], n->part[n->n - 1]);
    return n->part[n->n - 1];
}

/* $1 ... and $* put in; $2:0 has a default. */
static const char *fill(struct translator *tr, const char *sql, const char *const *args, size_t n) {
    struct str out = {0};
    for (; *sql; sql++) {
        if (*sql != '$') {
            str_add_char(&out, *sql);
            continue;
        }
        sql++;
        if (*sql == '*' || *sql == '+') {
            const size_t first = *sql == '+';
            for (size_t i = first; i < n; i++)
                str_add_f(&out, i > first ? ", %s" : "%s", args[i]);
            continue;
        }
        const size_t i = (size_t)(*sql - '1');
        const bool has_default = sql[1] == ':';
        if (i < n)
            str_add(&out, args[i]);
        else if (has_default)
            str_add_char(&out, sql[2]);
        else
            str_add(&out, "NULL");
        sql += has_default ? 2 : 0;
    }
    const char *copy = arena_strdup(tr->arena, str_get(&out));
    str_free(&out);
    return copy;
}

/* A value as JSON, by its type. */
static struct typed as_json(struct translator *tr, struct typed t) {
    if (t.type.base == TYPE_JSONB && !t.type.array)
        return typed_of(arena_printf(tr->arena, "coalesce(%s, 'null')", t.sql), TYPE_JSONB);
    if (t.type.array) {
        const bool bare = t.type.base == TYPE_INT8 || t.type.base == TYPE_FLOAT8 || t.type.base == TYPE_DECIMAL ||
            t.type.base == TYPE_INT4 || t.type.base == TYPE_INT2;
        if (t.type.base == TYPE_BOOL)
            return typed_of(arena_printf(tr->arena,
                                "to_json_value(replace(replace(array_to_json(%s), '\"t\"', 'true'), "
                                "'\"f\"', 'false'))",
                                t.sql),
                TYPE_JSONB);
        return typed_of(arena_printf(tr->arena, bare ? "to_json_value(replace(array_to_json(%s), '\"', ''))"
            : "to_json_value(array_to_json(%s))", t.sql), TYPE_JSONB);
    }
    const char kind = t.type.base == TYPE_BOOL ? 'b' : sqltype_is_number(&t.type) ? 'n' : 's';
    return typed_of(arena_printf(tr->arena, "json_of(%s, '%c')", t.sql, kind), TYPE_JSONB);
}

static struct typed coerce_arg(struct translator *tr, struct typed t, char kind) {
    static const struct {
        char kind;
        enum ast_type_base base;
    } kinds[] = {
        {'s', TYPE_STRING},
        {'*', TYPE_STRING},
        {'i', TYPE_INT8},
        {'f', TYPE_FLOAT8},
        {'b', TYPE_BOOL},
        {'d', TYPE_DECIMAL},
        {'t', TYPE_TIMESTAMPTZ},
        {'I', TYPE_INTERVAL},
        {'j', TYPE_JSONB},
    };
    if (kind == 'J')
        return as_json(tr, t);
    if (kind == 'S') {
        const struct sqltype texts = {.base = TYPE_STRING, .array = true, .width = -1, .scale = -1};
        return translate_coerce(tr, t, texts);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind) {
            if ((kind == 's' || kind == '*') && t.type.base != TYPE_UNKNOWN && !sqltype_is_text(&t.type))
                return translate_cast(tr, t, sqltype_of(TYPE_STRING));
            return translate_coerce(tr, t, sqltype_of(kinds[i].base));
        }
    return t;
}

static struct typed bad_arguments(struct translator *tr, const char *name, const struct typed *args,
    size_t n) {
    struct str types = {0};
    for (size_t i = 0; i < n; i++)
        str_add_f(&types, i ? ", %s" : "%s", sqltype_word(&args[i].type));
    result_fail(tr->r, "42883", "unknown signature: %s(%s)", name, str_get(&types));
    str_free(&types);
    return typed_error();
}

static struct typed call_builtin(struct translator *tr, const struct builtin *b, struct typed *args,
    size_t n) {
    const char **sql = arena_calloc(tr->arena, n + 1, sizeof *sql);
    const char *kind = b->args;
    bool optional = false;
    for (size_t i = 0; i < n; i++) {
        if (*kind == '|') {
            optional = true;
            kind++;
        }
        if (!*kind)
            return bad_arguments(tr, b->name, args, n);
        if (*kind == 's' && (sqltype_is_number(&args[i].type) || args[i].type.base == TYPE_BOOL))
            return bad_arguments(tr, b->name, args, n);
        if (i > 0 && args[i].type.base == TYPE_BOOL && strncmp(b->name, "array_", 6) == 0)
            args[i] = typed_of(translate_as_element(tr, args[i]), TYPE_STRING);
        args[i] = coerce_arg(tr, args[i], *kind);
        if (!args[i].sql)
            return typed_error();
        sql[i] = args[i].sql;
        kind += *kind != '*' && *kind != 'J';
    }
    if (!optional && *kind && *kind != '|' && *kind != '*' && *kind != 'J')
        return bad_arguments(tr, b->name, args, n);
    struct typed out = typed_sql(NULL, b->result);
    out.sql = fill(tr, b->sql ? b->sql : arena_printf(tr->arena, "%s($*)", b->name), sql, n);
    if (str_eq(b->name, "date_trunc") && n == 2) {
        const bool plain = args[1].type.base == TYPE_TIMESTAMP;
        if (!plain)
            sql[1] = translate_cast(tr, args[1], sqltype_of(TYPE_TIMESTAMPTZ)).sql;
        out = (struct typed){.sql = arena_printf(tr->arena, "date_trunc(%s, %s)", sql[0], sql[1]),
            .type = sqltype_of(plain ? TYPE_TIMESTAMP : TYPE_TIMESTAMPTZ)};
    }
    if (b->result == TYPE_ANYELEMENT && n) {
        out.type = args[0].type;
        if (out.type.base == TYPE_UNKNOWN)
            out.type = sqltype_of(TYPE_DECIMAL);
    }
    out.type.array = b->array || (b->result == TYPE_ANYELEMENT && n && args[0].type.array);
    return out;
}

/* current_schema(): NULL where the search path has none. */
static const char *first_schema(struct translator *tr) {
    const struct database_descriptor *db = database_by_name(tr->engine->descriptors, tr->es->session->database);
    size_t at = 0;
    const struct schema_descriptor *schema = db ? engine_search_path(tr, db, &at) : NULL;
    return schema ? schema->name : NULL;
}

/* What follows from the session: constants. */
static bool call_session(struct translator *tr, const char *name, struct typed *args, size_t n,
    struct typed *out) {
    const struct session *s = tr->es->session;
    const struct engine *e = tr->engine;
    static const char *const times[] = {"now", "current_timestamp", "transaction_timestamp",
        "statement_timestamp"};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (str_eq(name, times[i])) {
            *out = text_constant(tr, function_time(tr->arena, tr->es->started_wall, true), TYPE_TIMESTAMPTZ);
            return true;
        }
    if (str_eq(name, "follower_read_timestamp") || str_eq(name, "experimental_follower_read_timestamp"))
        *out = text_constant(
            tr, function_time(tr->arena, past_follower(e, tr->es->started_wall), true), TYPE_TIMESTAMPTZ);
    else if (str_eq(name, "localtimestamp"))
        *out = text_constant(tr, function_time(tr->arena, tr->es->started_wall, false), TYPE_TIMESTAMP);
    else if (str_eq(name, "current_date"))
        *out = text_constant(
            tr, arena_strndup(tr->arena, function_time(tr->arena, tr->es->started_wall, false), 10), TYPE_DATE);
    else if (str_eq(name, "version"))
        *out = text_constant(tr, variable_get(s, "crdb_version"), TYPE_STRING);
    else if (str_eq(name, "current_user") || str_eq(name, "session_user") || str_eq(name, "user"))
        *out = text_constant(tr, s->user, TYPE_STRING);
    else if (str_eq(name, "current_database") || str_eq(name, "current_catalog"))
        *out = text_constant(tr, s->database, TYPE_STRING);
    else if (str_eq(name, "current_schema"))
        *out = text_constant(tr, first_schema(tr), TYPE_STRING);
    else if (str_eq(name, "current_schemas")) {
        *out = text_constant(tr, "{pg_catalog,pg_extension,public}", TYPE_STRING);
        out->type.array = true;
    } else if (str_eq(name, "current_setting") && n && args[0].literal)
        *out = text_constant(tr, variable_get(s, args[0].literal), TYPE_STRING);
    else if (str_eq(name, "crdb_internal.cluster_id"))
        *out = text_constant(tr, e->cluster_id, TYPE_UUID);
    else if (str_eq(name, "crdb_internal.node_id"))
        *out = typed_sql(arena_printf(tr->arena, "%d", s->node), TYPE_INT8);
    else if (str_eq(name, "crdb_internal.node_executable_version"))
        *out = text_constant(tr, settings_get(e->settings, "version"), TYPE_STRING);
    else
        return false;
    return true;
}

static const char *gateway_region(struct translator *tr) {
    const char *at = tr->es->session->locality;
    while (at && *at && !str_starts(at, "region=")) {
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    if (at && *at)
        return arena_strndup(tr->arena, at + 7, strcspn(at + 7, ","));
    result_fail(tr->r, "F0000", "no region set on the locality flag on this node");
    return NULL;
}

/* gateway_region, rehome_row, default_to_database_primary_region. */
static bool call_region(struct translator *tr, const char *name, struct typed *args, size_t n,
    struct typed *out) {
    if (!str_eq(name, "gateway_region") && !str_eq(name, "rehome_row") &&
        !str_eq(name, "default_to_database_primary_region"))
        return false;
    *out = typed_error();
    if (str_eq(name, "gateway_region")) {
        const char *region = gateway_region(tr);
        if (region)
            *out = text_constant(tr, region, TYPE_STRING);
        return true;
    }
    const struct database_descriptor *db = database_by_name(tr->engine->descriptors,
        tr->es->session->database);
    if (!db || !db->primary_region) {
        result_fail(tr->r, "42P12", "current database %s is not multi-region enabled",
            tr->es->session->database);
        return true;
    }
    if (str_eq(name, "rehome_row")) {
        const char *region = gateway_region(tr);
        if (region)
            *out = text_constant(tr, database_has_region(db, region) ? region : db->primary_region, TYPE_STRING);
        return true;
    }
    if (n != 1) {
        bad_arguments(tr, name, args, n);
        return true;
    }
    struct str regions = {0};
    for (size_t i = 0; i < db->regions.len; i++)
        str_add_f(&regions, i ? ", %s" : "%s",
            translate_text_literal(tr, db->regions.items[i], strlen(db->regions.items[i])));
    const struct typed arg = translate_coerce(tr, args[0], sqltype_of(TYPE_STRING));
    *out = typed_sql(arena_printf(tr->arena, "CASE WHEN %s IN (%s) THEN %s ELSE %s "
        "END", arg.sql, str_get(&regions),
        arg.sql, translate_text_literal(tr, db->primary_region, strlen(db->primary_region))), TYPE_STRING);
    str_free(&regions);
    return true;
}

/* coalesce, nullif, if, greatest, least: the arguments share a type. */
static bool call_special(struct translator *tr, const char *name, struct typed *args, size_t n,
    struct typed *out) {
    static const struct {
        const char *name, *sql;
    } specials[] = {
        {"coalesce", "coalesce($*)"}, {"ifnull", "coalesce($*)"}, {"nullif", "nullif($1, $2)"},
        {"greatest", "max_of($*)"}, {"least", "min_of($*)"},
    };
    const bool is_if = str_eq(name, "if");
    size_t k = 0;
    while (k < sizeof specials / sizeof *specials && !str_eq(specials[k].name, name))
        k++;
    if (k == sizeof specials / sizeof *specials && !is_if)
        return false;
    struct sqltype type = sqltype_of(TYPE_UNKNOWN);
    for (size_t i = is_if; i < n; i++)
        if (type.base == TYPE_UNKNOWN)
            type = args[i].type;
    const char **sql = arena_calloc(tr->arena, n + 1, sizeof *sql);
    for (size_t i = 0; i < n; i++) {
        args[i] = translate_coerce(tr, args[i], is_if && i == 0 ? sqltype_of(TYPE_BOOL) : type);
        sql[i] = args[i].sql;
        if (!sql[i]) {
            *out = typed_error();
            return true;
        }
    }
    if (is_if && n == 3)
        *out = typed_sql(arena_printf(tr->arena, "CASE WHEN %s THEN %s ELSE %s "
            "END", sql[0], sql[1], sql[2]), TYPE_STRING);
    else if (n == 1 && !is_if)
        *out = typed_sql(sql[0], TYPE_STRING);
    else if (n)
        *out = typed_sql(fill(tr, is_if ? "NULL" : specials[k].sql, sql, n), TYPE_STRING);
    else
        *out = bad_arguments(tr, name, args, n);
    if (out->sql)
        out->type = type.base == TYPE_UNKNOWN ? sqltype_of(TYPE_STRING) : type;
    return true;
}

/* OVER (...). */
static const char *window(struct translator *tr, const struct ast_window *w, const struct scope *scope) {
    struct str out = {0};
    bool good = true;
    str_add(&out, " OVER (");
    for (size_t i = 0; good && i < w->partition.len; i++) {
        const struct typed t = translate_expr(tr, w->partition.items[i], scope);
        good = t.sql;
        str_add_f(&out, i ? ", %s" : "PARTITION BY %s", good ? t.sql : "");
    }
    for (size_t i = 0; good && i < w->order.len; i++) {
        const struct typed t = translate_expr(tr, w->order.items[i].expr, scope);
        good = t.sql;
        str_add_f(&out, i ? ", %s%s" : " ORDER BY %s%s", good ? t.sql : "",
            w->order.items[i].descending ? " DESC" : "");
    }
    str_add(&out, ")");
    const char *copy = good ? arena_strdup(tr->arena, str_get(&out)) : NULL;
    str_free(&out);
    return copy;
}

static const struct {
    const char *name, *sql, *decimal;
    enum ast_type_base result; /* TYPE_ANYELEMENT: the argument's */
    bool array;
} aggregates[] = {
    {"count", "count", "count", TYPE_INT8, false}, {"sum", "sum", "dec_sum", TYPE_DECIMAL, false},
    {"avg", "dec_avg", "dec_avg", TYPE_DECIMAL, false}, {"min", "min", "min", TYPE_ANYELEMENT, false},
    {"max", "max", "max", TYPE_ANYELEMENT, false}, {"array_agg", "array_agg", "array_agg", TYPE_ANYELEMENT,
        true},
    {"string_agg", "group_text", "group_text", TYPE_STRING, false},
    {"bool_and", "min", "min", TYPE_BOOL, false}, {"every", "min", "min", TYPE_BOOL, false},
    {"bool_or", "max", "max", TYPE_BOOL, false}, {"sum_int", "sum", "sum", TYPE_INT8, false},
    {"json_agg", "json_list_agg", "json_list_agg", TYPE_JSONB, false},
    {"jsonb_agg", "json_list_agg", "json_list_agg", TYPE_JSONB, false},
    {"json_object_agg", "json_map_agg", "json_map_agg", TYPE_JSONB, false},
    {"jsonb_object_agg", "json_map_agg", "json_map_agg", TYPE_JSONB, false},
    {"stddev", "spread_samp", "spread_samp", TYPE_FLOAT8, false},
    {"stddev_samp", "spread_samp", "spread_samp", TYPE_FLOAT8, false},
    {"variance", "spread_var", "spread_var", TYPE_FLOAT8, false},
    {"var_samp", "spread_var", "spread_var", TYPE_FLOAT8, false},
    {"concat_agg", "group_text", "group_text", TYPE_STRING, false},
    {"percent_rank", "percent_rank", "percent_rank", TYPE_FLOAT8, false},
    {"cume_dist", "cume_dist", "cume_dist", TYPE_FLOAT8, false},
    {"nth_value", "nth_value", "nth_value", TYPE_ANYELEMENT, false},
    {"row_number", "row_number", "row_number", TYPE_INT8, false}, {"rank", "rank", "rank", TYPE_INT8, false},
    {"dense_rank", "dense_rank", "dense_rank", TYPE_INT8, false}, {"lag", "lag", "lag", TYPE_ANYELEMENT,
        false},
    {"lead", "lead", "lead", TYPE_ANYELEMENT, false}, {"first_value", "first_value", "first_value",
        TYPE_ANYELEMENT, false},
    {"last_value", "last_value", "last_value", TYPE_ANYELEMENT, false}, {"ntile", "ntile", "ntile",
        TYPE_INT8, false},
};

bool translate_is_aggregate(const struct ast_call *c) {
    for (size_t k = 0; k < sizeof aggregates / sizeof *aggregates; k++)
        if (str_eq(aggregates[k].name, c->name.part[c->name.n - 1]))
            return true;
    return false;
}

/* array_agg, string_agg and json_agg with ORDER BY within; for others the order tells nothing. NULL on error. */
static const char *ordered_aggregate(struct translator *tr, const struct ast_call *c, const char *name,
    const struct typed *args, size_t n, const struct scope *scope) {
    const char kind = str_eq(name, "array_agg") ? 'a' : strstr(name, "json") ? 'j' : 't';
    struct str keys = {0}, ways = {0};
    bool good = true;
    for (size_t i = 0; good && i < c->order.len; i++) {
        const struct typed t = translate_expr(tr, c->order.items[i].expr, scope);
        good = t.sql;
        str_add_f(&keys, ", %s",
            !good ? ""
                : t.type.base == TYPE_DECIMAL ? arena_printf(tr->arena, "CAST(%s AS REAL)", t.sql)
                : t.sql);
        str_add_char(&ways, c->order.items[i].descending ? 'd' : 'a');
    }
    const char *separator = kind == 'a' ? "','" : kind == 'j' ? "', '" : n > 1 ? args[1].sql : "''";
    const char *sql = !good ? NULL
        : arena_printf(tr->arena, "in_order('%c', %s, %s, '%s'%s", kind, separator,
                                  kind == 'j' ? as_json(tr, args[0]).sql
                                      : kind == 'a' ? translate_as_element(tr, args[0])
                                      : translate_cast(tr, args[0], sqltype_of(TYPE_STRING)).sql,
                                  str_get(&ways), str_get(&keys));
    str_free(&keys);
    str_free(&ways);
    return sql;
}

static bool call_aggregate(struct translator *tr, const struct ast_call *c, const char *name,
    struct typed *args,
    size_t n, const struct scope *scope, struct typed *out) {
    size_t k = 0;
    while (k < sizeof aggregates / sizeof *aggregates && !str_eq(aggregates[k].name, name))
        k++;
    if (k == sizeof aggregates / sizeof *aggregates)
        return false;
    *out = typed_error();
    if (tr->no_aggregates && !c->over)
        return result_fail(tr->r, "42803", "%s(): aggregate functions are not allowed in %s", name, tr->no_aggregates)
            || true;
    struct str sql = {0};
    const bool star = c->args.len == 1 && c->args.items[0]->kind == EXPR_STAR;
    struct sqltype type = n ? args[0].type : sqltype_of(TYPE_INT8);
    const bool decimal = type.base == TYPE_DECIMAL;
    const bool numbers = str_eq(name, "sum") || str_eq(name, "avg");
    if (numbers && n && !sqltype_is_number(&type) && type.base != TYPE_INTERVAL && type.base != TYPE_UNKNOWN) {
        *out = bad_arguments(tr, name, args, n);
        return true;
    }
    const bool collects = str_eq(name, "array_agg") || str_eq(name, "string_agg") || str_eq(name, "concat_agg") ||
        str_eq(name, "json_agg") || str_eq(name, "jsonb_agg");
    const bool in_order = c->order.len && collects && n;
    if (in_order && c->distinct)
        return result_unsupported(tr->r, "an aggregate with DISTINCT and ORDER BY") || true;
    if (in_order) {
        const char *ordered = ordered_aggregate(tr, c, name, args, n, scope);
        if (!ordered)
            return true;
        str_add(&sql, ordered);
    } else {
        str_add_f(&sql, "%s(%s", decimal ? aggregates[k].decimal : aggregates[k].sql, c->distinct ? "DISTINCT " : "");
    }
    if (star)
        str_add(&sql, str_eq(name, "count") ? "*" : "");
    for (size_t i = 0; i < n && !star && !in_order; i++) {
        if (args[i].type.base == TYPE_UNKNOWN)
            args[i] = translate_coerce(tr, args[i], sqltype_of(TYPE_STRING));
        const bool text = str_eq(name, "array_agg") || str_eq(name, "string_agg");
        if (strstr(name, "json") && i + 1 == n)
            args[i] = as_json(tr, args[i]);
        str_add_f(&sql, i ? ", %s" : "%s", *name == 'a' && text ? translate_as_element(tr, args[i])
            : text ? translate_cast(tr, args[i], sqltype_of(TYPE_STRING)).sql
            : args[i].sql);
    }
    str_add(&sql, ")");
    bool good = true;
    if (c->filter) {
        const struct typed f = translate_condition(tr, c->filter, scope, "FILTER");
        good = f.sql;
        str_add_f(&sql, " FILTER (WHERE %s)", good ? f.sql : "");
    }
    if (good && c->over) {
        const char *over = window(tr, c->over, scope);
        good = over;
        str_add(&sql, good ? over : "");
    }
    const bool float_sum = (str_eq(name, "sum") || str_eq(name, "avg")) && (type.base == TYPE_FLOAT8 ||
        type.base == TYPE_FLOAT4);
    if (good) {
        const bool as_text = str_eq(name, "sum") && !decimal && !float_sum;
        out->sql = arena_printf(tr->arena, as_text ? "CAST(%s AS TEXT)" : "%s", str_get(&sql));
        out->type = aggregates[k].result == TYPE_ANYELEMENT ? type : sqltype_of(aggregates[k].result);
        out->type.array = out->type.array || aggregates[k].array;
        if (float_sum)
            out->type = sqltype_of(TYPE_FLOAT8);
    }
    str_free(&sql);
    return true;
}

/* enum_range(NULL::e), enum_first, enum_last: the labels are known. */
static bool call_enum(struct translator *tr, const char *name, struct typed *args, size_t n,
    struct typed *out) {
    if (!str_starts(name, "enum_") || n < 1)
        return false;
    const struct type_descriptor *d = type_by_id(tr->engine->descriptors, args[0].type.user);
    if (args[0].type.base != TYPE_USER || !d) {
        *out = bad_arguments(tr, name, args, n);
        return true;
    }
    struct str text = {0};
    if (str_eq(name, "enum_range")) {
        str_add_char(&text, '{');
        for (size_t i = 0; i < d->labels.len; i++) {
            str_add(&text, i ? "," : "");
            virtual_add_element(&text, d->labels.items[i].name);
        }
        str_add_char(&text, '}');
    } else if (d->labels.len) {
        str_add(&text, d->labels.items[str_eq(name, "enum_first") ? 0 : d->labels.len - 1].name);
    }
    *out = text_constant(tr, arena_strdup(tr->arena, str_get(&text)), TYPE_STRING);
    out->type = args[0].type;
    out->type.array = str_eq(name, "enum_range");
    str_free(&text);
    return true;
}

/* crdb_internal.encode_key(table, index, (values)). */
static bool call_encode_key(struct translator *tr, const struct ast_call *c, const struct scope *scope,
    const char *name, struct typed *out) {
    if (!str_eq(name, "crdb_internal.encode_key") || c->args.len != 3 ||
        ast_unparen(c->args.items[2])->kind != EXPR_TUPLE)
        return false;
    const struct ast_exprs *values = &ast_unparen(c->args.items[2])->u.tuple.list;
    const struct typed table = translate_expr(tr, c->args.items[0], scope), index = translate_expr(tr,
        c->args.items[1], scope);
    struct str sql = {0};
    bool good = table.sql && index.sql;
    if (good)
        str_add_f(&sql, "encode_key(%s, %s", table.sql, index.sql);
    for (size_t i = 0; good && i < values->len; i++) {
        const struct typed t = translate_expr(tr, values->items[i], scope);
        good = t.sql;
        str_add_f(&sql, ", %s", good ? translate_cast(tr, t, sqltype_of(TYPE_STRING)).sql : "");
    }
    str_add(&sql, ")");
    *out = good ? typed_sql(arena_strdup(tr->arena, str_get(&sql)), TYPE_BYTES) : typed_error();
    str_free(&sql);
    return true;
}

/* pg_sleep: the statement waits before anything else is done; what it computes for each row is not waited for. */
static void note_sleep(struct translator *tr, struct typed arg) {
    const struct typed seconds = translate_coerce(tr, arg, sqltype_of(TYPE_FLOAT8));
    sqlite3_stmt *st = NULL;
    if (tr->describe || !seconds.sql)
        return;
    const char *sql = arena_printf(tr->arena, "SELECT %s", seconds.sql);
    if (sqlite3_prepare_v2(tr->es->db, sql, -1, &st, NULL) == SQLITE_OK &&
        engine_bind(st, tr->statement, tr->params, tr->param_count, tr->r) && sqlite3_step(st) == SQLITE_ROW)
        tr->sleep += sqlite3_column_double(st, 0);
    sqlite3_finalize(st);
}

static struct typed unknown_function(struct translator *tr, const struct ast_name *name) {
    struct str full = {0};
    for (int i = 0; i < name->n; i++)
        str_add_f(&full, i ? ".%s" : "%s", name->part[i]);
    result_fail(tr->r, "42883", "unknown function: %s()", str_get(&full));
    str_free(&full);
    return typed_error();
}

/* Functions of PostgreSQL that clients call and the server does not have: it says so before it looks at the arguments. */
static bool absent_function(const char *name) {
    static const char *const names[] = {"pg_size_pretty", "pg_table_size", "pg_database_size", "pg_total_relation_size",
        "pg_tablespace_size", "pg_indexes_size"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

struct typed translate_call(struct translator *tr, const struct ast_expr *e, const struct scope *scope) {
    const struct ast_call *c = &e->u.call;
    const char *name = call_name(tr, &c->name);
    const bool star = c->args.len == 1 && c->args.items[0]->kind == EXPR_STAR;
    const size_t n = star ? 0 : c->args.len;
    struct typed out, *args = arena_calloc(tr->arena, n + 1, sizeof *args);
    if (str_starts(name, "crdb_internal.") && !str_eq(name, "crdb_internal.datums_to_bytes") &&
        !function_allowed(tr))
        return typed_error();
    if (call_encode_key(tr, c, scope, name, &out))
        return out;
    if (absent_function(name))
        return unknown_function(tr, &c->name);
    for (size_t i = 0; i < n; i++)
        if (!(args[i] = translate_expr(tr, c->args.items[i], scope)).sql)
            return typed_error();
    if (call_session(tr, name, args, n, &out) || call_region(tr, name, args, n, &out) ||
        call_special(tr, name, args, n, &out) || call_aggregate(tr, c, name, args, n, scope, &out) ||
        call_enum(tr, name, args, n, &out))
        return out;
    if (str_eq(name, "pg_sleep") && n == 1)
        note_sleep(tr, args[0]);
    if (str_eq(name, "pg_typeof") && n == 1)
        return text_constant(tr, sqltype_pg_name(&args[0].type), TYPE_REGTYPE);
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (str_eq(builtins[i].name, name))
            return call_builtin(tr, &builtins[i], args, n);
    if (known_function(name)) {
        result_unsupported(tr->r, "the function %s()", name);
        return typed_error();
    }
    return unknown_function(tr, &c->name);
}
