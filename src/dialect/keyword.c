/* keyword: the words of CockroachDB's dialect, sorted for the search. */
#include "domicile/dialect/keyword.h"

#include <stdlib.h>
#include <string.h>

#define U KEYWORD_UNRESERVED
#define C KEYWORD_COLUMN
#define T KEYWORD_TYPE
#define R KEYWORD_RESERVED

static const struct keyword keywords[] = {
    {"abort", U}, {"absolute", U}, {"access", U}, {"action", U}, {"add", U}, {"admin", U}, {"after", U},
    {"aggregate", U}, {"all", R}, {"alter", U}, {"always", U}, {"analyse", R}, {"analyze", R}, {"and", R},
    {"annotate_type", C}, {"any", R}, {"array", R}, {"as", R}, {"as_json", U}, {"asc", R},
    {"asensitive", U}, {"asymmetric", R}, {"at", U}, {"atomic", U}, {"attribute", U}, {"authorization", T},
    {"automatic", U}, {"availability", U}, {"avoid_full_scan", U}, {"backup", U}, {"backups", U},
    {"backward", U}, {"batch", U}, {"before", U}, {"begin", U}, {"between", C}, {"bidirectional", U},
    {"bigint", C}, {"binary", U}, {"bit", C}, {"boolean", C}, {"both", R}, {"box2d", C},
    {"bucket_count", U}, {"by", U}, {"bypassrls", U}, {"cache", U}, {"call", U}, {"called", U},
    {"cancel", U}, {"cancelquery", U}, {"capabilities", U}, {"capability", U}, {"cascade", U}, {"case", R},
    {"cast", R}, {"changefeed", U}, {"char", C}, {"character", C}, {"characteristics", C}, {"check", R},
    {"check_files", U}, {"close", U}, {"cluster", U}, {"clusters", U}, {"coalesce", C}, {"collate", R},
    {"collation", T}, {"column", R}, {"columns", U}, {"comment", U}, {"comments", U}, {"commit", U},
    {"committed", U}, {"compact", U}, {"complete", U}, {"completions", U}, {"concurrently", R},
    {"configuration", U}, {"configurations", U}, {"configure", U}, {"conflict", U}, {"connection", U},
    {"connections", U}, {"constraint", R}, {"constraints", U}, {"controlchangefeed", U}, {"controljob", U},
    {"conversion", U}, {"convert", U}, {"copy", U}, {"cost", U}, {"covering", U}, {"create", R},
    {"createdb", U}, {"createlogin", U}, {"createrole", U}, {"cross", T}, {"csv", U}, {"cube", U},
    {"current", U}, {"current_catalog", R}, {"current_date", R}, {"current_role", R}, {"current_schema", R},
    {"current_time", R}, {"current_timestamp", R}, {"current_user", R}, {"cursor", U}, {"cycle", U},
    {"data", U}, {"database", U}, {"databases", U}, {"day", U}, {"deallocate", U}, {"debug_ids", U},
    {"dec", C}, {"decimal", C}, {"declare", U}, {"default", R}, {"defaults", U}, {"deferrable", R},
    {"deferred", U}, {"definer", U}, {"delete", U}, {"delimiter", U}, {"depends", U}, {"desc", R},
    {"destination", U}, {"detached", U}, {"details", U}, {"disable", U}, {"discard", U}, {"distinct", R},
    {"do", R}, {"domain", U}, {"double", U}, {"drop", U}, {"each", U}, {"else", R}, {"enable", U},
    {"encoding", U}, {"encrypted", U}, {"encryption_info_dir", U}, {"encryption_passphrase", U}, {"end", R},
    {"enum", U}, {"enums", U}, {"errors", U}, {"escape", U}, {"except", R}, {"exclude", U},
    {"excluding", U}, {"execute", U}, {"execution", U}, {"exists", C}, {"experimental", U},
    {"experimental_audit", U}, {"experimental_fingerprints", U}, {"experimental_relocate", U},
    {"experimental_replica", U}, {"expiration", U}, {"explain", U}, {"export", U}, {"extension", U},
    {"external", U}, {"extract", C}, {"extract_duration", C}, {"extremes", U}, {"failure", U}, {"false", R},
    {"family", T}, {"fetch", R}, {"files", U}, {"filter", U}, {"fingerprints", U}, {"first", U},
    {"float", C}, {"following", U}, {"for", R}, {"force", U}, {"force_index", U},
    {"force_inverted_index", U}, {"force_not_null", U}, {"force_null", U}, {"force_quote", U},
    {"force_zigzag", U}, {"foreign", R}, {"format", U}, {"forward", U}, {"freeze", U}, {"from", R},
    {"full", T}, {"function", U}, {"functions", U}, {"generated", U}, {"geography", C}, {"geometry", C},
    {"global", U}, {"goal", U}, {"grant", R}, {"grantee", U}, {"grants", U}, {"greatest", C}, {"group", R},
    {"grouping", C}, {"groups", U}, {"hash", U}, {"having", R}, {"header", U}, {"high", U},
    {"histogram", U}, {"hold", U}, {"hour", U}, {"identity", U}, {"if", C}, {"iferror", C}, {"ifnull", C},
    {"ignore_foreign_keys", U}, {"ilike", T}, {"immediate", U}, {"immediately", U}, {"immutable", U},
    {"import", U}, {"in", R}, {"include", U}, {"including", U}, {"increment", U}, {"incremental", U},
    {"incremental_location", U}, {"index", U}, {"indexes", U}, {"inherits", U}, {"initially", R},
    {"inject", U}, {"inner", T}, {"inout", C}, {"input", U}, {"insensitive", U}, {"insert", U},
    {"inspect", U}, {"instead", U}, {"int", C}, {"integer", C}, {"intersect", R}, {"interval", C},
    {"into", R}, {"into_db", U}, {"inverted", U}, {"invisible", U}, {"invoker", U}, {"is", T},
    {"iserror", C}, {"isnull", T}, {"isolation", U}, {"job", U}, {"jobs", U}, {"join", T}, {"json", U},
    {"key", U}, {"keys", U}, {"kms", U}, {"kv", U}, {"label", U}, {"language", U}, {"last", U},
    {"lateral", R}, {"latest", U}, {"lc_collate", U}, {"lc_ctype", U}, {"leading", R}, {"leakproof", U},
    {"lease", U}, {"least", C}, {"left", T}, {"less", U}, {"level", U}, {"like", T}, {"limit", R},
    {"linestring", U}, {"list", U}, {"local", U}, {"locality", U}, {"localtime", R}, {"localtimestamp", R},
    {"locked", U}, {"logged", U}, {"logical", U}, {"logically", U}, {"login", U}, {"lookup", U}, {"low", U},
    {"match", U}, {"materialized", U}, {"maxvalue", U}, {"merge", U}, {"method", U}, {"minute", U},
    {"minvalue", U}, {"mode", U}, {"modifyclustersetting", U}, {"month", U}, {"move", U}, {"names", U},
    {"nan", U}, {"natural", T}, {"never", U}, {"new", U}, {"new_db_name", U}, {"new_kms", U}, {"next", U},
    {"no", U}, {"no_full_scan", U}, {"no_index_join", U}, {"no_zigzag_join", U}, {"nobypassrls", U},
    {"nocancelquery", U}, {"nocontrolchangefeed", U}, {"nocontroljob", U}, {"nocreatedb", U},
    {"nocreatelogin", U}, {"nocreaterole", U}, {"node", U}, {"nologin", U}, {"nomodifyclustersetting", U},
    {"none", T}, {"nonvoters", U}, {"noreplication", U}, {"normal", U}, {"nosqllogin", U}, {"not", R},
    {"nothing", U}, {"notnull", T}, {"noviewactivity", U}, {"noviewactivityredacted", U},
    {"noviewclustersetting", U}, {"nowait", U}, {"null", R}, {"nullif", C}, {"nulls", U}, {"numeric", C},
    {"of", U}, {"off", U}, {"offset", R}, {"oids", U}, {"old", U}, {"old_kms", U}, {"on", R}, {"only", R},
    {"operator", U}, {"opt", U}, {"option", U}, {"options", U}, {"or", R}, {"order", R}, {"ordinality", U},
    {"others", U}, {"out", C}, {"outer", T}, {"over", U}, {"overlaps", T}, {"overlay", C}, {"owned", U},
    {"owner", U}, {"parallel", U}, {"parent", U}, {"partial", U}, {"partition", U}, {"partitions", U},
    {"password", U}, {"pause", U}, {"paused", U}, {"per", U}, {"permissive", U}, {"physical", U},
    {"placement", U}, {"placing", R}, {"plan", U}, {"plans", U}, {"point", C}, {"policies", U},
    {"policy", U}, {"polygon", C}, {"position", C}, {"preceding", U}, {"precision", C}, {"prepare", U},
    {"prepared", U}, {"preserve", U}, {"primary", R}, {"prior", U}, {"priority", U}, {"privileges", U},
    {"procedure", U}, {"procedures", U}, {"provisionsrc", U}, {"public", U}, {"publication", U},
    {"queries", U}, {"query", U}, {"quote", U}, {"range", U}, {"ranges", U}, {"read", U}, {"real", C},
    {"reason", U}, {"reassign", U}, {"recurring", U}, {"recursive", U}, {"redact", U}, {"ref", U},
    {"references", R}, {"referencing", U}, {"refresh", U}, {"region", U}, {"regional", U}, {"regions", U},
    {"reindex", U}, {"relative", U}, {"release", U}, {"relocate", U}, {"remove_regions", U}, {"rename", U},
    {"repeatable", U}, {"replace", U}, {"replicated", U}, {"replication", U}, {"reset", U}, {"restart", U},
    {"restore", U}, {"restrict", U}, {"restricted", U}, {"restrictive", U}, {"resume", U}, {"retention", U},
    {"return", U}, {"returning", R}, {"returns", U}, {"revision_history", U}, {"revoke", U}, {"right", T},
    {"role", U}, {"roles", U}, {"rollback", U}, {"rollup", U}, {"routines", U}, {"row", C}, {"rows", U},
    {"rule", U}, {"run", U}, {"running", U}, {"savepoint", U}, {"scans", U}, {"scatter", U},
    {"schedule", U}, {"schedules", U}, {"schema", U}, {"schema_only", U}, {"schemas", U}, {"scroll", U},
    {"scrub", U}, {"search", U}, {"second", U}, {"secondary", U}, {"security", U}, {"security_invoker", U},
    {"select", R}, {"sequence", U}, {"sequences", U}, {"serializable", U}, {"server", U}, {"service", U},
    {"session", U}, {"session_user", R}, {"sessions", U}, {"set", U}, {"setof", C}, {"sets", U},
    {"setting", U}, {"settings", U}, {"share", U}, {"shared", U}, {"show", U}, {"similar", T},
    {"simple", U}, {"size", U}, {"skip", U}, {"skip_localities_check", U}, {"skip_missing_foreign_keys", U},
    {"skip_missing_sequence_owners", U}, {"skip_missing_sequences", U}, {"skip_missing_udfs", U},
    {"skip_missing_views", U}, {"smallint", C}, {"snapshot", U}, {"some", R}, {"source", U}, {"split", U},
    {"sql", U}, {"sqllogin", U}, {"stable", U}, {"start", U}, {"state", U}, {"statement", U},
    {"statements", U}, {"statistics", U}, {"status", U}, {"stdin", U}, {"stdout", U}, {"stop", U},
    {"storage", U}, {"store", U}, {"stored", U}, {"storing", U}, {"straight", U}, {"stream", U},
    {"strict", U}, {"string", C}, {"subject", U}, {"subscribe", U}, {"subscription", U}, {"substring", C},
    {"super", U}, {"support", U}, {"survival", U}, {"survive", U}, {"symmetric", R}, {"syntax", U},
    {"system", U}, {"table", R}, {"tables", U}, {"tablespace", U}, {"temp", U}, {"template", U},
    {"temporary", U}, {"tenant", U}, {"tenant_name", U}, {"tenants", U}, {"testing_relocate", U},
    {"text", U}, {"then", R}, {"throttling", U}, {"ties", U}, {"time", C}, {"timestamp", C},
    {"timestamptz", C}, {"timetz", C}, {"to", R}, {"trace", U}, {"tracing", U}, {"trailing", R},
    {"transaction", U}, {"transactions", U}, {"transfer", U}, {"transform", U}, {"treat", C},
    {"trigger", U}, {"triggers", U}, {"trim", C}, {"true", R}, {"truncate", U}, {"trusted", U}, {"type", U},
    {"types", U}, {"unbounded", U}, {"uncommitted", U}, {"unidirectional", U}, {"union", R}, {"unique", R},
    {"unknown", U}, {"unlisten", U}, {"unlogged", U}, {"unset", U}, {"unsplit", U}, {"unsubscribe", U},
    {"until", U}, {"update", U}, {"upsert", U}, {"use", U}, {"user", R}, {"users", U}, {"using", R},
    {"valid", U}, {"validate", U}, {"value", U}, {"values", C}, {"varbit", C}, {"varchar", C},
    {"variables", U}, {"variadic", R}, {"varying", U}, {"vector", C}, {"view", U}, {"viewactivity", U},
    {"viewactivityredacted", U}, {"viewclustersetting", U}, {"virtual", C}, {"virtual_cluster", U},
    {"virtual_cluster_name", U}, {"visibility", U}, {"visible", U}, {"volatile", U}, {"voters", U},
    {"watched_tables", U}, {"when", R}, {"where", R}, {"window", R}, {"with", R}, {"within", U},
    {"without", U}, {"work", C}, {"write", U}, {"year", U}, {"zone", U},
};

struct wanted {
    const char *name;
    unsigned n;
};

static int compare(const void *key, const void *row) {
    const struct wanted *wanted = key;
    const struct keyword *keyword = row;
    int order = strncmp(wanted->name, keyword->name, wanted->n);
    if (order)
        return order;
    return keyword->name[wanted->n] ? -1 : 0;
}

const struct keyword *keyword_find(const char *name, unsigned n) {
    struct wanted wanted = {name, n};
    return bsearch(&wanted, keywords, sizeof keywords / sizeof *keywords, sizeof *keywords, compare);
}

const struct keyword *keyword_table(unsigned *n) {
    *n = (unsigned)(sizeof keywords / sizeof *keywords);
    return keywords;
}
