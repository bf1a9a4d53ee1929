/* system_table: what the system database is born with in each version. */
#include "system_table.h"

#include <stddef.h>
#include <string.h>

static const struct system_table tables[] = {
    {3, "descriptor", true, true, 0, 0},
    {4, "users", true, true, 0, 0},
    {5, "zones", true, true, 0, 0},
    {6, "settings", true, true, 0, 0},
    {7, "descriptor_id_seq", false, true, 0, 0},
    {8, "tenants", true, true, 0, 0},
    {9, "region_liveness", false, true, 0, 0},
    {11, "lease", true, true, 0, 600},
    {12, "eventlog", true, true, 0, 0},
    {13, "rangelog", true, true, 0, 0},
    {14, "ui", true, true, 0, 0},
    {15, "jobs", true, true, 0, 0},
    {19, "web_sessions", true, true, 0, 0},
    {20, "table_statistics", true, true, 0, 0},
    {21, "locations", true, true, 0, 0},
    {23, "role_members", true, true, 0, 0},
    {24, "comments", true, true, 0, 0},
    {25, "replication_constraint_stats", true, true, 600, 600},
    {26, "replication_critical_localities", true, true, 0, 0},
    {27, "replication_stats", true, true, 600, 600},
    {28, "reports_meta", true, true, 0, 0},
    {30, "namespace", true, true, 0, 0},
    {31, "protected_ts_meta", true, true, 0, 0},
    {32, "protected_ts_records", true, true, 0, 0},
    {33, "role_options", true, true, 0, 0},
    {34, "statement_bundle_chunks", true, true, 0, 0},
    {35, "statement_diagnostics_requests", true, true, 0, 0},
    {36, "statement_diagnostics", true, true, 0, 0},
    {37, "scheduled_jobs", true, true, 0, 0},
    {39, "sqlliveness", true, true, 0, 0},
    {40, "migrations", true, true, 0, 0},
    {41, "join_tokens", true, true, 0, 0},
    {42, "statement_statistics", true, true, 0, 3600},
    {43, "transaction_statistics", true, true, 0, 3600},
    {44, "database_role_settings", true, true, 0, 0},
    {45, "tenant_usage", true, true, 7200, 7200},
    {46, "sql_instances", true, true, 0, 0},
    {47, "span_configurations", true, true, 0, 0},
    {48, "role_id_seq", false, true, 0, 0},
    {50, "tenant_settings", true, true, 0, 0},
    {51, "span_count", false, true, 0, 0},
    {52, "privileges", false, true, 0, 0},
    {53, "external_connections", false, true, 0, 0},
    {54, "job_info", false, true, 0, 0},
    {55, "span_stats_unique_keys", false, true, 0, 0},
    {56, "span_stats_buckets", false, true, 0, 0},
    {57, "span_stats_samples", false, true, 0, 0},
    {58, "span_stats_tenant_boundaries", false, true, 0, 3600},
    {59, "task_payloads", false, true, 0, 0},
    {60, "tenant_tasks", false, true, 0, 0},
    {61, "statement_activity", false, true, 0, 3600},
    {62, "transaction_activity", false, true, 0, 3600},
    {63, "tenant_id_seq", false, true, 0, 0},
    {64, "mvcc_statistics", false, true, 0, 0},
    {65, "transaction_execution_insights", false, true, 0, 0},
    {66, "statement_execution_insights", false, true, 0, 0},
    {67, "table_metadata", false, true, 0, 0},
    {68, "job_progress", false, true, 0, 0},
    {69, "job_progress_history", false, true, 0, 0},
    {70, "job_status", false, true, 0, 0},
    {71, "job_message", false, true, 0, 0},
    {72, "prepared_transactions", false, true, 0, 0},
    {73, "inspect_errors", false, true, 0, 0},
    {74, "transaction_diagnostics_requests", false, true, 0, 0},
    {75, "transaction_diagnostics", false, true, 0, 0},
    {76, "statement_hints", false, true, 0, 0},
};

size_t system_table_count(void) { return sizeof tables / sizeof *tables; }

const struct system_table *system_table_at(size_t i, bool new) {
    return (new ? tables[i].in_new : tables[i].in_old) ? &tables[i] : NULL;
}

const struct system_table *system_table_by_id(int64_t id, bool new) {
    for (size_t i = 0; i < system_table_count(); i++)
        if (tables[i].id == id)
            return system_table_at(i, new);
    return NULL;
}

const struct system_table *system_table_by_name(const char *name, bool new) {
    for (size_t i = 0; i < system_table_count(); i++)
        if (strcmp(tables[i].name, name) == 0)
            return system_table_at(i, new);
    return NULL;
}

int system_table_gc(const struct system_table *t, bool new) { return new ? t->gc_new : t->gc_old; }
