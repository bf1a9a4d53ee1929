/* ranges_query: as recorded; what depends on table and options is put in between. */
#include "ranges_query.h"

#include "domicile/dialect/ast_session.h"
#include "domicile/dialect/name.h"

#include <inttypes.h>

static const char ranges_of[] = "\n"
                                "WITH ranges AS (\n"
                                "SELECT\n"
                                "  r.range_id,\n"
                                "  r.start_key,\n"
                                "  r.end_key,\n"
                                "  r.replicas, r.replica_localities, r.voting_replicas, r.non_voting_replicas, "
                                "r.learner_replicas, r.split_enforced_until,\n"
                                "  s.descriptor_id AS table_id,\n"
                                "  s.start_key AS object_start_key,\n"
                                "  s.end_key AS object_end_key,\n"
                                "  IF(s.start_key < r.start_key, r.start_key, s.start_key) AS per_range_start_key,\n"
                                "  IF(s.end_key < r.end_key, s.end_key, r.end_key) AS per_range_end_key\n"
                                "FROM crdb_internal.ranges_no_leases r\n";

static const char span_stats[] =
    "all_span_stats AS (\n"
    "\tSELECT\n"
    "\t\tstart_key,\n"
    "\t\tend_key,\n"
    "\t\tjsonb_build_object(\n"
    "\t\t\t'approximate_disk_bytes', stats->'approximate_disk_bytes',\n"
    "\t\t\t'key_count', stats->'total_stats'->'key_count',\n"
    "\t\t\t'key_bytes', stats->'total_stats'->'key_bytes',\n"
    "\t\t\t'val_count', stats->'total_stats'->'val_count',\n"
    "\t\t\t'val_bytes', stats->'total_stats'->'val_bytes',\n"
    "\t\t\t'sys_count', stats->'total_stats'->'sys_count',\n"
    "\t\t\t'sys_bytes', stats->'total_stats'->'sys_bytes',\n"
    "\t\t\t'live_count', stats->'total_stats'->'live_count',\n"
    "\t\t\t'live_bytes', stats->'total_stats'->'live_bytes',\n"
    "\t\t\t'intent_count', stats->'total_stats'->'intent_count',\n"
    "\t\t\t'intent_bytes', stats->'total_stats'->'intent_bytes'\n"
    "\t\t) as stats\n"
    "\tFROM crdb_internal.tenant_span_stats(ARRAY(SELECT DISTINCT (start_key, end_key) FROM ranges))\n"
    "),\n";

static const char named_ranges[] = "named_ranges AS (\n"
                                   "SELECT DISTINCT\n"
                                   " range_id, start_key, end_key, replicas, replica_localities, voting_replicas, "
                                   "non_voting_replicas, learner_replicas, split_enforced_until\n"
                                   "FROM ranges\n"
                                   "),\n";

static const char leases_and_sizes[] =
    "  \n"
    "\t(crdb_internal.lease_holder_with_errors(start_key)->>'Leaseholder')::INT AS lease_holder,\n"
    "\t(crdb_internal.range_stats_with_errors(start_key)->'RangeStats'->>'key_bytes')::INT +\n"
    "\t(crdb_internal.range_stats_with_errors(start_key)->'RangeStats'->>'val_bytes')::INT +\n"
    "\tcoalesce((crdb_internal.range_stats_with_errors(start_key)->'RangeStats'->>'range_key_bytes')::INT, 0) +\n"
    "\tcoalesce((crdb_internal.range_stats_with_errors(start_key)->'RangeStats'->>'range_val_bytes')::INT, 0) AS "
    "range_size,\n"
    "\tconcat(crdb_internal.lease_holder_with_errors(start_key)->>'Error', ' ', "
    "crdb_internal.range_stats_with_errors(start_key)->>'Error') AS errors\n"
    ", (SELECT stats FROM all_span_stats sps WHERE r.start_key = sps.start_key AND r.end_key = sps.end_key LIMIT 1) AS "
    "span_stats\n";

/* A boundary as it is shown, relative to the table's own. */
static void add_boundary(
    struct str *out, const char *side, int which, const char *limit, char beyond, const char *where, int64_t table) {
    str_add(out, "  CASE\n");
    str_add_f(out, "    WHEN r.%s_key = crdb_internal.table_span(%" PRId64 ")[%d] THEN '…/<%s>'\n", side, table, which,
        limit);
    str_add_f(out, "    WHEN r.%s_key %c crdb_internal.table_span(%" PRId64 ")[%d] THEN "
        "'<%s:'||crdb_internal.pretty_key(r.%s_key,-1)||'>'\n", side, beyond, table, which, where, side);
    str_add_f(out, "    ELSE '…'||crdb_internal.pretty_key(r.%s_key, 1)\n  END AS %s_key,\n", side, side);
}

static void add_columns(struct str *out, unsigned options) {
    const bool details = options & RANGES_DETAILS;
    if (options & RANGES_KEYS)
        str_add(out, "  r.start_key AS raw_start_key, r.end_key AS raw_end_key,\n");
    str_add(out, "  range_id,\n");
    if (details)
        str_add(out, "  range_size / 1000000 as range_size_mb,\n  lease_holder,\n"
            "  replica_localities[array_position(replicas, lease_holder)] as lease_holder_locality,\n");
    str_add(out, "  replicas,\n  replica_localities,\n  voting_replicas,\n  non_voting_replicas,\n  learner_replicas,\n"
        "  split_enforced_until");
    str_add(out, details ? ",\n  range_size,\n  span_stats\n" : "\n");
}

void ranges_query(struct str *out, unsigned options, const char *database, int64_t table) {
    const bool details = options & RANGES_DETAILS;
    str_add(out, ranges_of);
    str_add(out, "INNER JOIN ");
    name_quote(out, database);
    str_add_f(out,
        ".crdb_internal.table_spans s\n ON s.start_key < r.end_key\nAND s.end_key > r.start_key\n"
        " AND s.descriptor_id = %" PRId64 " AND s.dropped = false\n),\n%s%s",
        table, details ? span_stats : "", named_ranges);
    str_add_f(out, "intermediate AS (SELECT r.*%s\n%sFROM named_ranges r)\nSELECT\n", details ? "," : "",
        details ? leases_and_sizes : "");
    add_boundary(out, "start", 1, "TableMin", '<', "before", table);
    add_boundary(out, "end", 2, "TableMax", '>', "after", table);
    add_columns(out, options);
    str_add(out, "FROM intermediate r ORDER BY r.start_key");
}
