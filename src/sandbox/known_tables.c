/* known_tables: which virtual tables and functions the real server has, whether or not they are modelled here: asking for one that is
 * not is no error of the client's. Truth: 4043. */
#include "known_tables.h"
#include "system_table.h"

#include "domicile/base/str.h"

#include <stdlib.h>
#include <string.h>

/* In the order of their ids, which count down from 4294967295: each schema has one, and then its tables. */
static const char *const internal_22[] = {
    "backward_dependencies", "node_build_info", "builtin_functions", "cluster_contended_indexes",
    "cluster_contended_keys", "cluster_contended_tables", "cluster_contention_events", "cluster_distsql_flows",
    "cluster_queries", "cluster_transactions", "cluster_sessions", "cluster_settings", "cluster_statement_statistics",
    "cluster_transaction_statistics", "create_schema_statements", "create_statements", "create_type_statements",
    "databases", "feature_usage", "forward_dependencies", "kv_node_liveness", "gossip_nodes", "gossip_alerts",
    "gossip_liveness", "gossip_network", "index_columns", "index_usage_statistics", "node_inflight_trace_spans", "jobs",
    "kv_node_status", "kv_store_status", "leases", "node_contention_events", "node_distsql_flows", "node_queries",
    "node_transactions", "node_sessions", "node_metrics", "node_statement_statistics", "node_txn_stats", "partitions",
    "predefined_comments", "ranges_no_leases", "ranges", "node_runtime_info", "schema_changes", "session_trace",
    "session_variables", "statement_statistics", "table_columns", "table_indexes", "tables", "table_row_statistics",
    "node_transaction_statistics", "transaction_statistics", "zones", "invalid_objects", "cluster_database_privileges",
    "cross_db_references", "lost_descriptors_with_data", "cluster_inflight_traces", "regions", "default_privileges",
    "active_range_feeds", "tenant_usage_details", "pg_catalog_table_is_implemented",
};
static const char *const internal_26[] = {
    "backward_dependencies", "node_build_info", "builtin_functions", "kv_builtin_function_comments",
    "kv_catalog_comments", "kv_catalog_descriptor", "kv_catalog_namespace", "kv_catalog_zones",
    "cluster_contended_indexes", "cluster_contended_keys", "cluster_contended_tables", "cluster_contention_events",
    "cluster_distsql_flows", "cluster_execution_insights", "cluster_txn_execution_insights",
    "node_txn_execution_insights", "cluster_locks", "cluster_queries", "cluster_transactions", "cluster_sessions",
    "cluster_settings", "cluster_statement_statistics", "cluster_transaction_statistics", "create_function_statements",
    "create_procedure_statements", "create_schema_statements", "create_statements", "create_trigger_statements",
    "create_type_statements", "databases", "feature_usage", "forward_dependencies", "kv_node_liveness", "gossip_nodes",
    "gossip_alerts", "gossip_liveness", "gossip_network", "transaction_contention_events", "index_columns",
    "index_spans", "index_usage_statistics", "node_inflight_trace_spans", "jobs", "system_jobs", "kv_node_status",
    "kv_store_status", "leases", "node_contention_events", "node_distsql_flows", "node_execution_insights",
    "node_queries", "node_transactions", "node_sessions", "node_metrics", "node_memory_monitors",
    "node_statement_statistics", "node_txn_stats", "partitions", "ranges_no_leases", "ranges", "node_runtime_info",
    "schema_changes", "session_trace", "session_variables", "statement_activity", "statement_statistics",
    "statement_statistics_persisted", "statement_statistics_persisted_v22_2", "table_columns", "table_indexes",
    "table_spans", "tables", "table_row_statistics", "node_transaction_statistics", "transaction_activity",
    "transaction_statistics", "transaction_statistics_persisted", "transaction_statistics_persisted_v22_2", "zones",
    "invalid_objects", "cluster_database_privileges", "cross_db_references", "lost_descriptors_with_data",
    "cluster_inflight_traces", "regions", "default_privileges", "active_range_feeds", "tenant_usage_details",
    "pg_catalog_table_is_implemented", "super_regions", "kv_dropped_relations", "node_tenant_capabilities_cache",
    "kv_inherited_role_members", "kv_system_privileges", "kv_flow_controller", "kv_flow_controller_v2",
    "kv_flow_control_handles", "kv_flow_control_handles_v2", "kv_flow_token_deductions", "kv_flow_token_deductions_v2",
    "kv_repairable_catalog_corruptions", "kv_protected_ts_records", "kv_session_based_leases",
    "cluster_replication_spans", "logical_replication_spans", "cluster_replication_node_streams",
    "cluster_replication_node_stream_spans", "cluster_replication_node_stream_checkpoints",
    "logical_replication_node_processors", "fully_qualified_names", "store_liveness_support_from",
    "store_liveness_support_for", "cluster_inspect_errors",
};
static const char *const information_schema[] = {
    "administrable_role_authorizations", "applicable_roles", "attributes", "character_sets",
    "check_constraint_routine_usage", "check_constraints", "collation_character_set_applicability", "collations",
    "column_column_usage", "column_domain_usage", "column_options", "column_privileges", "column_statistics",
    "column_udt_usage", "columns_extensions", "columns", "constraint_column_usage", "constraint_table_usage",
    "data_type_privileges", "domain_constraints", "domain_udt_usage", "domains", "element_types", "enabled_roles",
    "engines", "events", "files", "foreign_data_wrapper_options", "foreign_data_wrappers", "foreign_server_options",
    "foreign_servers", "foreign_table_options", "foreign_tables", "information_schema_catalog_name", "key_column_usage",
    "keywords", "optimizer_trace", "parameters", "partitions", "plugins", "processlist", "profiling",
    "referential_constraints", "resource_groups", "role_column_grants", "role_routine_grants", "role_table_grants",
    "role_udt_grants", "role_usage_grants", "routine_privileges", "routines", "sql_features", "sql_implementation_info",
    "sql_parts", "sql_sizing", "schemata_extensions", "schemata", "schema_privileges", "sequences", "session_variables",
    "st_geometry_columns", "st_spatial_reference_systems", "st_units_of_measure", "statistics", "table_constraints",
    "table_constraints_extensions", "table_privileges", "tables_extensions", "tables", "tablespaces_extensions",
    "tablespaces", "transforms", "triggered_update_columns", "triggers", "type_privileges", "udt_privileges",
    "usage_privileges", "user_attributes", "user_defined_types", "user_mapping_options", "user_mappings",
    "user_privileges", "view_column_usage", "view_routine_usage", "view_table_usage", "views",
};
static const char *const pg_catalog[] = {
    "pg_aggregate", "pg_am", "pg_amop", "pg_amproc", "pg_attrdef", "pg_attribute", "pg_authid", "pg_auth_members",
    "pg_available_extension_versions", "pg_available_extensions", "pg_cast", "pg_class", "pg_collation", "pg_config",
    "pg_constraint", "pg_conversion", "pg_cursors", "pg_database", "pg_db_role_setting", "pg_default_acl", "pg_depend",
    "pg_description", "pg_enum", "pg_event_trigger", "pg_extension", "pg_file_settings", "pg_foreign_data_wrapper",
    "pg_foreign_server", "pg_foreign_table", "pg_group", "pg_hba_file_rules", "pg_index", "pg_indexes", "pg_inherits",
    "pg_init_privs", "pg_language", "pg_largeobject_metadata", "pg_largeobject", "pg_locks", "pg_matviews",
    "pg_namespace", "pg_opclass", "pg_operator", "pg_opfamily", "pg_partitioned_table", "pg_policies", "pg_policy",
    "pg_prepared_statements", "pg_prepared_xacts", "pg_proc", "pg_publication_rel", "pg_publication",
    "pg_publication_tables", "pg_range", "pg_replication_origin_status", "pg_replication_origin",
    "pg_replication_slots", "pg_rewrite", "pg_roles", "pg_rules", "pg_seclabels", "pg_seclabel", "pg_sequence",
    "pg_sequences", "pg_settings", "pg_shadow", "pg_shdescription", "pg_shseclabel", "pg_shdepend",
    "pg_shmem_allocations", "pg_stat_activity", "pg_stat_all_indexes", "pg_stat_all_tables", "pg_stat_archiver",
    "pg_stat_bgwriter", "pg_stat_database_conflicts", "pg_stat_database", "pg_stat_gssapi", "pg_stat_progress_analyze",
    "pg_stat_progress_basebackup", "pg_stat_progress_cluster", "pg_stat_progress_create_index",
    "pg_stat_progress_vacuum", "pg_stat_replication", "pg_stat_slru", "pg_stat_ssl", "pg_stat_subscription",
    "pg_stat_sys_indexes", "pg_stat_sys_tables", "pg_stat_user_functions", "pg_stat_user_indexes",
    "pg_stat_user_tables", "pg_stat_wal_receiver", "pg_stat_xact_all_tables", "pg_stat_xact_sys_tables",
    "pg_stat_xact_user_functions", "pg_stat_xact_user_tables", "pg_statio_all_indexes", "pg_statio_all_sequences",
    "pg_statio_all_tables", "pg_statio_sys_indexes", "pg_statio_sys_sequences", "pg_statio_sys_tables",
    "pg_statio_user_indexes", "pg_statio_user_sequences", "pg_statio_user_tables", "pg_statistic_ext_data",
    "pg_statistic_ext", "pg_statistic", "pg_stats_ext", "pg_stats", "pg_subscription_rel", "pg_subscription",
    "pg_tables", "pg_tablespace", "pg_timezone_abbrevs", "pg_timezone_names", "pg_transform", "pg_trigger",
    "pg_ts_config_map", "pg_ts_config", "pg_ts_dict", "pg_ts_parser", "pg_ts_template", "pg_type", "pg_user_mapping",
    "pg_user_mappings", "pg_user", "pg_views",
};
static const char *const pg_extension[] = {
    "geography_columns", "geometry_columns", "spatial_ref_sys",
};

struct known_schema {
    const char *name;
    const char *const *tables;
    size_t count;
    int spare; /* ids behind those of the tables that nobody was told of */
};

#define SCHEMA(name, list, spare) {name, list, sizeof list / sizeof *list, spare}
#define SHARED_SCHEMAS \
    SCHEMA("information_schema", information_schema, 0), SCHEMA("pg_catalog", pg_catalog, 0), \
        SCHEMA("pg_extension", pg_extension, 0)

static const struct known_schema schemas_22[] = {SCHEMA("crdb_internal", internal_22, 0), SHARED_SCHEMAS};
static const struct known_schema schemas_26[] = {SCHEMA("crdb_internal", internal_26, 1), SHARED_SCHEMAS};
static const int64_t FIRST_ID = UINT32_MAX; /* of the first schema */
enum { SCHEMAS = sizeof schemas_22 / sizeof *schemas_22 };

static const struct known_schema *schemas_of(int compat) { return compat >= 2601 ? schemas_26 : schemas_22; }


/* Functions, in order of name. Those that begin with crdb_internal. or st_ are not listed. */
static const char *const functions[] = {
    "abbrev", "aclexplode", "acosd", "addgeometrycolumn", "array_ndims", "array_prepend", "array_to_tsvector",
    "asind", "atan2", "atan2d", "atand", "bit_and", "bit_count", "bit_length", "bit_or", "bit_xor",
    "bitmask_and", "bitmask_or", "bitmask_xor", "bool_xor", "broadcast", "ceiling", "col_description",
    "compress", "convert_from", "convert_to", "corr", "cosd", "cosine_distance", "cot", "cotd", "count_rows",
    "covar_pop", "covar_samp", "crc32c", "crc32ieee", "crypt", "current_role", "current_schemas", "date_bin",
    "decompress", "decrypt", "difference", "digest", "dmetaphone", "encrypt", "enum_first", "erf", "erfc",
    "exp", "experimental_strftime", "experimental_strptime", "extract_duration", "family", "final_stddev",
    "final_variance", "fnv32", "fnv32a", "fnv64", "fnv64a", "from_ip", "from_uuid", "gen_random_bytes",
    "gen_salt", "generate_series", "generate_subscripts", "get_bit", "get_byte", "getdatabaseencoding",
    "getpgusername", "hamming_distance", "has_any_column_privilege", "has_column_privilege",
    "has_foreign_data_wrapper_privilege", "has_function_privilege", "has_language_privilege",
    "has_sequence_privilege", "has_server_privilege", "has_system_privilege", "has_tablespace_privilege",
    "has_type_privilege", "hmac", "host", "hostmask", "inet_contained_by_or_equals",
    "inet_contains_or_equals", "inet_same_family", "inner_product", "iserror", "jaccard",
    "json_array_elements", "json_extract_path", "json_extract_path_text", "json_populate_record",
    "json_populate_recordset", "json_remove_path", "json_to_record", "json_to_recordset", "json_valid",
    "jsonb_array_to_string_array", "jsonb_exists_any", "jsonb_insert", "jsonb_path_exists",
    "jsonb_path_match", "jsonb_path_query", "jsonb_path_query_array", "jsonb_path_query_first",
    "jsonb_populate_record", "jsonb_populate_recordset", "jsonb_to_record", "jsonb_to_recordset",
    "justify_interval", "l1_distance", "l2_distance", "l2_norm", "levenshtein", "log10", "masklen",
    "merge_stats_metadata", "metaphone", "mode", "nameconcateq", "netmask", "numnode", "obj_description",
    "oidvectortypes", "parse_date", "parse_ident", "parse_interval", "parse_time", "parse_timestamp",
    "parse_timetz", "percentile_cont", "percentile_disc", "pg_advisory_lock", "pg_advisory_unlock",
    "pg_advisory_xact_lock", "pg_blocking_pids", "pg_cancel_backend", "pg_client_encoding",
    "pg_collation_for", "pg_column_is_updatable", "pg_column_size", "pg_current_xact_id",
    "pg_encoding_max_length", "pg_get_constraintdef", "pg_get_expr", "pg_get_function_arg_default",
    "pg_get_function_arguments", "pg_get_function_identity_arguments", "pg_get_function_result",
    "pg_get_functiondef", "pg_get_indexdef", "pg_get_partkeydef", "pg_get_serial_sequence", "pg_get_viewdef",
    "pg_has_role", "pg_is_in_recovery", "pg_is_other_temp_schema", "pg_is_xlog_replay_paused",
    "pg_my_temp_schema", "pg_notify", "pg_operator_is_visible", "pg_options_to_table",
    "pg_partition_ancestors", "pg_postmaster_start_time", "pg_relation_is_updatable",
    "pg_sequence_last_value", "pg_sequence_parameters", "pg_try_advisory_lock", "pg_try_advisory_xact_lock",
    "pg_typeof", "phraseto_tsquery", "plainto_tsquery", "postgis_full_version", "postgis_version",
    "prettify_statement", "querytree", "quote_nullable", "regexp_match", "regexp_matches",
    "regexp_split_to_array", "regexp_split_to_table", "regr_avgx", "regr_avgy", "regr_count",
    "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy", "row_to_json", "set_bit",
    "set_byte", "set_masklen", "setseed", "sha1", "sha224", "sha384", "sha512", "similarity",
    "sind", "soundex", "sqrdiff", "statement_timestamp", "stddev_pop", "strftime", "strip", "strptime",
    "sum_int", "tand", "timeofday", "timezone", "to_char_with_style", "to_english", "to_ip",
    "to_regnamespace", "to_regproc", "to_regprocedure", "to_regrole", "to_regtype", "to_tsquery",
    "to_tsvector", "to_uuid", "transaction_timestamp", "ts_headline", "ts_parse", "ts_rank", "ulid_to_uuid",
    "unaccent", "unordered_unique_rowid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3",
    "uuid_generate_v4", "uuid_generate_v5", "uuid_nil", "uuid_ns_dns", "uuid_ns_oid", "uuid_ns_url",
    "uuid_ns_x500", "uuid_to_ulid", "var_pop", "vector_dims", "vector_norm", "width_bucket",
    "word_similarity", "xor_agg",
};

static int by_name(const void *key, const void *item) {
    return strcmp(key, *(const char *const *)item);
}

static bool listed(const char *name, const char *const *list, size_t n) {
    return bsearch(name, list, n, sizeof *list, by_name);
}

bool known_table_at(int compat, size_t i, struct known_table *out) {
    const struct known_schema *s = schemas_of(compat);
    int64_t id = FIRST_ID;
    for (size_t k = 0; k < SCHEMAS; k++) {
        if (i < s[k].count) {
            *out = (struct known_table){id - 1 - (int64_t)i, id, s[k].name, s[k].tables[i]};
            return true;
        }
        i -= s[k].count;
        id -= 1 + (int64_t)s[k].count + s[k].spare;
    }
    return false;
}

bool known_table(int compat, const char *schema, const char *name) {
    struct known_table t;
    if (str_eq(schema, "system"))
        return system_table_by_name(name, compat >= 2601);
    for (size_t i = 0; known_table_at(compat, i, &t); i++)
        if (str_eq(t.schema, schema) && str_eq(t.name, name))
            return true;
    return false;
}

bool known_function(const char *name) {
    return str_starts(name, "crdb_internal.") || str_starts(name, "st_") || str_starts(name, "_st_") ||
        listed(name, functions, sizeof functions / sizeof *functions);
}
