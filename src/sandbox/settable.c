/* settable: the table of cluster settings, as two real clusters listed them. */
#include "settable.h"

#include <stddef.h>

const struct settable_row settable[] = {
    {"cluster.organization", 's', true, "", "",
        "organization name",
        NULL},
    {"cluster.preserve_downgrade_option", 's', true, "", "",
        "disable (automatic or manual) cluster version upgrade from the specified version until "
        "reset",
        NULL},
    {"diagnostics.reporting.enabled", 'b', true, "false", "false",
        "enable reporting diagnostic metrics to cockroach labs",
        NULL},
    {"enterprise.license", 's', true, "", "",
        "the encoded cluster license",
        NULL},
    {"kv.allocator.disk_unhealthy_io_overload_score", 'f', false, NULL, "0.4",
        "the IO overload score to assign to a store when its disk is unhealthy",
        NULL},
    {"kv.allocator.lease_io_overload_threshold", 'f', false, NULL, "0.3",
        "a store will not receive new leases when its IO overload score is at or above this value "
        "and `kv.allocator.io_overload_threshold` is `shed` or `block_transfer_to`",
        NULL},
    {"kv.allocator.lease_io_overload_threshold_enforcement", 'e', false, NULL, "shed",
        "the level of enforcement on lease transfers when a candidate store has anio overload "
        "score exceeding `kv.allocator.io_overload_threshold_lease` and above the average of "
        "comparable allocation candidates:`ignore` disable enforcement, `block_transfer_to` a "
        "store will receive no new leases but won't lose existing leases,`shed`: a store will "
        "receive no new leases and shed existing leases to non io-overloaded stores, this is a "
        "superset of block_transfer_to [ignore = 0, block_transfer_to = 1, shed = 3]",
        NULL},
    {"kv.allocator.lease_rebalance_threshold", 'f', true, NULL, "0.05",
        "minimum fraction away from the mean a store's lease count can be before it is considered "
        "for lease-transfers",
        NULL},
    {"kv.allocator.lease_rebalancing_aggressiveness", 'f', false, "1", "1",
        "set greater than 1.0 to rebalance leases toward load more aggressively, or between 0 and "
        "1.0 to be more conservative about rebalancing leases",
        NULL},
    {"kv.allocator.lease_shed_io_overload_threshold", 'f', false, NULL, "0.4",
        "a store will shed its leases and receive no new leases when its IO overload score is at "
        "or above this value and `kv.allocator.lease_io_overload_threshold_enforcement` is `shed`",
        NULL},
    {"kv.allocator.load_based_lease_rebalancing.enabled", 'b', true, "true", "true",
        "set to enable rebalancing of range leases based on load and latency",
        NULL},
    {"kv.allocator.load_based_rebalancing", 'e', true, "leases and replicas", "leases and replicas",
        "whether to rebalance based on the distribution of QPS across stores [off = 0, leases = "
        "1, leases and replicas = 2]",
        "whether to rebalance based on the distribution of load across stores [off = 0, leases = "
        "1, leases and replicas = 2, multi-metric only = 3, multi-metric and count = 4]"},
    {"kv.allocator.load_based_rebalancing.objective", 'e', true, NULL, "cpu",
        "what objective does the cluster use to rebalance; if set to `qps` the cluster will "
        "attempt to balance qps among stores, if set to `cpu` the cluster will attempt to balance "
        "cpu usage among stores [qps = 0, cpu = 1]",
        NULL},
    {"kv.allocator.load_based_rebalancing_interval", 'd', true, NULL, "1m0s",
        "the rough interval at which each store will check for load-based lease / replica "
        "rebalancing opportunities",
        NULL},
    {"kv.allocator.max_disk_utilization_threshold", 'f', false, NULL, "0.95",
        "maximum disk utilization before a store will never be used as a rebalance or allocation "
        "target and will actively have replicas moved off of it; this should be set higher than "
        "`kv.allocator.rebalance_to_max_disk_utilization_threshold`",
        NULL},
    {"kv.allocator.min_io_overload_lease_shed_interval", 'd', false, NULL, "30s",
        "controls how frequently all leases can be shed from a node due to the node becoming IO "
        "overloaded",
        NULL},
    {"kv.allocator.min_lease_transfer_interval", 'd', false, "1s", "1s",
        "controls how frequently leases can be transferred for rebalancing. It does not prevent "
        "transferring leases in order to allow a replica to be removed from a range.",
        NULL},
    {"kv.allocator.min_qps_difference_for_transfers", 'f', false, "200", "200",
        "the minimum qps difference that must exist between any two stores for the allocator to "
        "allow a lease or replica transfer between them",
        NULL},
    {"kv.allocator.qps_rebalance_threshold", 'f', true, "0.25", "0.1",
        "minimum fraction away from the mean a store's QPS (such as queries per second) can be "
        "before it is considered overfull or underfull",
        NULL},
    {"kv.allocator.range_rebalance_threshold", 'f', true, "0.05", "0.05",
        "minimum fraction away from the mean a store's range count can be before it is considered "
        "overfull or underfull",
        NULL},
    {"kv.allocator.rebalance_to_max_disk_utilization_threshold", 'f', false, NULL, "0.925",
        "maximum disk utilization before a store will never be used as a rebalance target; this "
        "should be set lower than `kv.allocator.max_disk_utilization_threshold`",
        NULL},
    {"kv.allocator.recovery_store_selector", 's', false, NULL, "good",
        "if set to 'good', the allocator may recover replicas to any valid store, if set to "
        "'best' it will pick one of the most ideal stores",
        NULL},
    {"kv.allocator.replica_io_overload_threshold", 'f', false, NULL, "0.3",
        "the threshold store io overload at or above which the enforcement defined by "
        "`kv.allocator.io_overload_threshold_enforce` is taken on a store for allocation "
        "decisions",
        NULL},
    {"kv.allocator.replica_io_overload_threshold_enforcement", 'e', false, NULL, "block_rebalance_to",
        "the level of enforcement when a candidate store has an io overload score  exceeding "
        "`kv.allocator.io_overload_threshold` and above the average of comparable allocation "
        "candidates:`block_none` will exclude no candidate stores, `block_none_log` will exclude "
        "no candidates but log an event, `block_rebalance_to` will exclude candidates stores from "
        "being targets of rebalance actions, `block_all` will exclude candidate stores from being "
        "targets of both allocation and rebalancing [ignore = 0, block_rebalance_to = 1, "
        "block_all = 2]",
        NULL},
    {"kv.allocator.store_cpu_rebalance_threshold", 'f', true, NULL, "0.1",
        "minimum fraction away from the mean a store's cpu usage can be before it is considered "
        "overfull or underfull",
        NULL},
    {"kv.closed_timestamp.follower_reads.enabled", 'b', true, NULL, "true",
        "allow (all) replicas to serve consistent historical reads based on closed timestamp "
        "information",
        NULL},
    {"kv.closed_timestamp.follower_reads_enabled", 'b', true, "true", NULL,
        "allow (all) replicas to serve consistent historical reads based on closed timestamp "
        "information",
        NULL},
    {"kv.closed_timestamp.lead_for_global_reads_auto_tune.enabled", 'b', true, NULL, "false",
        "if enabled, observed network latency between leaseholders and their furthest follower "
        "will be used to adjust closed timestamp policies for rangesranges configured to serve "
        "global reads. kv.closed_timestamp.lead_for_global_reads_override takes precedence if "
        "set.",
        NULL},
    {"kv.closed_timestamp.lead_for_global_reads_override", 'd', true, "0s", "0s",
        "if nonzero, overrides the lead time that global_read ranges use to publish closed "
        "timestamps",
        NULL},
    {"kv.closed_timestamp.policy_latency_refresh_interval", 'd', false, NULL, "4m0s",
        "interval at which the system refreshes the latency cache based on observed latencies "
        "between nodes",
        NULL},
    {"kv.closed_timestamp.policy_refresh_interval", 'd', false, NULL, "5m0s",
        "interval at which the system refreshes closed timestamp policies for leaseholders",
        NULL},
    {"kv.closed_timestamp.policy_switch_latency_bucket_exceed_threshold", 'f', false, NULL, "0.2",
        "the fraction of the closed timestamp policy bucket width which need be exceeded before "
        "the closed timestamp policy will be changed",
        NULL},
    {"kv.closed_timestamp.propagation_slack", 'd', false, "1s", "1s",
        "a conservative estimate of the amount of time expect for closed timestamps to propagate "
        "from a leaseholder to followers. This is taken into account by "
        "follower_read_timestamp().",
        NULL},
    {"kv.closed_timestamp.side_transport_interval", 'd', true, "200ms", "200ms",
        "the interval at which the closed-timestamp side-transport attempts to advance each "
        "range's closed timestamp; set to 0 to disable the side-transport",
        "the interval at which the closed timestamp side-transport attempts to advance each "
        "range's closed timestamp; set to 0 to disable the side-transport"},
    {"kv.closed_timestamp.side_transport_pacing_refresh_interval", 'd', true, NULL, "10ms",
        "the refresh interval for the task pacer that controls pacing of sending sidetransport "
        "updates to avoid overloading the system when many connections are waiting",
        NULL},
    {"kv.closed_timestamp.side_transport_pacing_smear_interval", 'd', true, NULL, "1ms",
        "the smear interval for the task pacer that controls the amount of time each paced batch "
        "is going to take when broadcasting sidetransport updates",
        NULL},
    {"kv.closed_timestamp.target_duration", 'd', true, "3s", "3s",
        "if nonzero, attempt to provide closed timestamp notifications for timestamps trailing "
        "cluster time by approximately this duration",
        NULL},
    {"kv.enqueue_in_mvcc_gc_queue_on_span_config_update.enabled", 'b', false, NULL, "false",
        "controls whether replicas are enqueued into the mvcc gc queue for processing, when a "
        "span config update occurs which affects the replica",
        NULL},
    {"kv.enqueue_in_replicate_queue_on_span_config_update.enabled", 'b', false, NULL, "true",
        "controls whether replicas are enqueued into the replicate queue for processing, when a "
        "span config update occurs, which affects the replica",
        NULL},
    {"kv.range_merge.queue_enabled", 'b', false, "true", "true",
        "whether the automatic merge queue is enabled",
        NULL},
    {"kv.rangefeed.closed_timestamp_refresh_interval", 'd', false, NULL, "3s",
        "the interval at which closed-timestamp updatesare delivered to rangefeeds; set to 0 to "
        "use kv.closed_timestamp.side_transport_interval",
        NULL},
    {"kv.rangefeed.closed_timestamp_smear_interval", 'd', false, NULL, "1ms",
        "the target interval at which the rangefeed updater job wakes up to "
        "deliverclosed-timestamp updates to some rangefeeds; set to 0 to use "
        "kv.rangefeed.closed_timestamp_refresh_intervalcapped at "
        "kv.rangefeed.closed_timestamp_refresh_interval",
        NULL},
    {"kv.rangefeed.enabled", 'b', true, "false", "false",
        "if set, rangefeed registration is enabled",
        NULL},
    {"kv.rangefeed.lagging_closed_timestamp_cancel_min_lagging_duration", 'd', false, NULL, "1m0s",
        "if a range's closed timestamp is more than "
        "`kv.rangefeed.lagging_closed_timestamp_cancel_multiple` of the "
        "`kv.closed_timestamp.target_duration` behind the current time,for at least this "
        "duration, cancel the rangefeed",
        NULL},
    {"kv.rangefeed.lagging_closed_timestamp_cancel_multiple", 'i', false, NULL, "20",
        "if a range's closed timestamp is more than this multiple of the "
        "`kv.closed_timestamp.target_duration` behind the current time,for at least "
        "`kv.rangefeed.lagging_closed_timestamp_cancel_min_lagging_duration`, cancel the "
        "rangefeed, when set to 0, canceling is disabled",
        NULL},
    {"kv.replication_reports.interval", 'd', true, "1m0s", "1m0s",
        "the frequency for generating the replication_constraint_stats, replication_stats_report "
        "and replication_critical_localities reports (set to 0 to disable)",
        NULL},
    {"kv.snapshot.external_files.enabled", 'b', false, NULL, "false",
        "enables sending external files as metadata during a snapshot",
        NULL},
    {"kv.snapshot.ingest_as_write_threshold", 'z', false, NULL, "100 KiB",
        "size below which a range snapshot ingestion will be performed as a normal write",
        NULL},
    {"kv.snapshot_delegation.max_delegation_attempts", 'i', false, NULL, "1",
        "the max number of delegates to attempt for sending snapshots, before falling back to "
        "sending from the leaseholder. set to 0 to disable delegated snapshots.",
        NULL},
    {"kv.snapshot_delegations.queue_limit", 'i', false, NULL, "3",
        "the max requests a delegate can queue before rejecting an additional delegation request. "
        "set to -1 to allow unlimited requests",
        NULL},
    {"kv.snapshot_rebalance.max_rate", 'z', true, "32 MiB", "32 MiB",
        "the rate limit (bytes/sec) to use for rebalance and upreplication snapshots",
        NULL},
    {"kv.snapshot_rebalance.max_sst_size", 'z', false, NULL, "128 MiB",
        "maximum size of a rebalance or recovery SST size",
        NULL},
    {"kv.snapshot_receiver.checksum_verification.enabled", 'b', false, NULL, "true",
        "verify value checksums on receiving a raft snapshot",
        NULL},
    {"kv.snapshot_receiver.reservation_queue_timeout_fraction", 'f', false, "0.4", "0.4",
        "the fraction of a snapshot's total timeout that it is allowed to spend queued on the "
        "receiver waiting for a reservation",
        NULL},
    {"kv.snapshot_recovery.max_rate", 'z', true, "32 MiB", NULL,
        "the rate limit (bytes/sec) to use for recovery snapshots",
        NULL},
    {"kv.snapshot_sender.batch_size", 'z', false, "256 KiB", "256 KiB",
        "size of key-value batches sent over the network during snapshots",
        NULL},
    {"kv.snapshot_sst.sync_size", 'z', false, "512 KiB", "512 KiB",
        "threshold after which snapshot SST writes must fsync",
        NULL},
    {"physical_replication.consumer.span_configs.enabled", 'b', false, NULL, "true",
        "controls whether we replicate span configurations from the source system tenant to the "
        "destination system tenant",
        NULL},
    {"server.time_until_store_dead", 'd', true, "5m0s", "5m0s",
        "the time after which if there is no new gossiped information about a store, it is "
        "considered dead",
        NULL},
    {"server.user_login.password_encryption", 'e', true, "crdb-bcrypt", "scram-sha-256",
        "which hash method to use to encode cleartext passwords passed via ALTER/CREATE USER/ROLE "
        "WITH PASSWORD [crdb-bcrypt = 2, scram-sha-256 = 3]",
        NULL},
    {"spanconfig.bounds.enabled", 'b', true, NULL, "true",
        "dictates whether span config bounds are consulted when serving span configs for "
        "secondary tenants",
        NULL},
    {"spanconfig.kvaccessor.batch_size", 'i', false, NULL, "10000",
        "number of span config records to access in a single batch",
        NULL},
    {"spanconfig.kvsubscriber.metrics_poller_interval", 'd', false, NULL, "5s",
        "the interval at which the spanconfig.kvsubscriber.* metrics are kept up-to-date; set to "
        "0 to disable the mechanism",
        NULL},
    {"spanconfig.range_coalescing.application.enabled", 'b', true, NULL, "true",
        "collapse adjacent ranges with the same span configs across all secondary tenant "
        "keyspaces",
        NULL},
    {"spanconfig.range_coalescing.system.enabled", 'b', true, NULL, "true",
        "collapse adjacent ranges with the same span configs, for the ranges specific to the "
        "system tenant",
        NULL},
    {"spanconfig.reconciliation_job.check_interval", 'd', false, "10m0s", "10m0s",
        "the frequency at which to check if the span config reconciliation job exists (and to "
        "start it if not)",
        NULL},
    {"spanconfig.reconciliation_job.checkpoint_interval", 'd', false, "5s", "5s",
        "the frequency at which the span config reconciliation job checkpoints itself",
        NULL},
    {"spanconfig.reconciliation_job.enabled", 'b', false, "true", "true",
        "enable the use of the kv accessor",
        NULL},
    {"spanconfig.reporter.range_desc_page_size", 'i', false, NULL, "100",
        "pa",
        NULL},
    {"spanconfig.reporter.report_rate_limit", 'f', false, NULL, "1",
        "the number of calls per second allowed to SpanConfigConformance",
        NULL},
    {"spanconfig.store.enabled", 'b', false, "true", NULL,
        "use the span config infrastructure in KV instead of the system config span",
        NULL},
    {"spanconfig.store.fallback_config_override", 'p', false, NULL, "{\"gcPolicy\":{}}",
        "override the fallback used for ranges with no explicit span configs set",
        NULL},
    {"spanconfig.virtual_cluster.max_spans", 'i', false, NULL, "5000",
        "limit on the number of span configs that can be set up by a virtual cluster",
        NULL},
    {"sql.defaults.create_table_with_schema_locked", 'b', false, NULL, "true",
        "default value for create_table_with_schema_locked; default value for the "
        "create_table_with_schema_locked session setting; controls if new created tables will "
        "have schema_locked set",
        NULL},
    {"sql.defaults.default_int_size", 'i', true, "8", "8",
        "the size, in bytes, of an INT type",
        NULL},
    {"sql.defaults.idle_in_session_timeout", 'd', true, "0s", "0s",
        "default value for the idle_in_session_timeout; default value for the "
        "idle_in_session_timeout session setting; controls the duration a session is permitted to "
        "idle before the session is terminated; if set to 0, there is no timeout",
        NULL},
    {"sql.defaults.multiregion_placement_policy.enabled", 'b', false, "false", "false",
        "default value for enable_multiregion_placement_policy; allows for use of PLACEMENT "
        "RESTRICTED",
        NULL},
    {"sql.defaults.override_multi_region_zone_config.enabled", 'b', true, "false", "false",
        "default value for override_multi_region_zone_config; allows for overriding the zone "
        "configs of a multi-region table or database",
        NULL},
    {"sql.defaults.primary_region", 's', true, "", "",
        "if not empty, all databases created without a PRIMARY REGION will implicitly have the "
        "given PRIMARY REGION",
        NULL},
    {"sql.defaults.serial_normalization", 'e', true, "rowid", "rowid",
        "default handling of SERIAL in table definitions [rowid = 0, virtual_sequence = 1, "
        "sql_sequence = 2, sql_sequence_cached = 3, unordered_rowid = 4]",
        NULL},
    {"sql.defaults.statement_timeout", 'd', true, "0s", "0s",
        "default value for the statement_timeout; default value for the statement_timeout session "
        "setting; controls the duration a query is permitted to run before it is canceled; if set "
        "to 0, there is no timeout",
        NULL},
    {"sql.defaults.super_regions.enabled", 'b', false, NULL, "false",
        "default value for enable_super_regions; allows for the usage of super regions",
        NULL},
    {"sql.multiregion.drop_primary_region.enabled", 'b', true, "true", "true",
        "allows dropping the PRIMARY REGION of a database if it is the last region",
        NULL},
    {"sql.multiregion.system_database_multiregion.enabled", 'b', false, NULL, "false",
        "enable option to set up system database as multi-region",
        NULL},
    {"sql.notices.enabled", 'b', true, "true", "true",
        "enable notices in the server/client protocol being sent",
        NULL},
    {"sql.stats.automatic_collection.enabled", 'b', true, "true", "true",
        "automatic statistics collection mode",
        NULL},
    {"sql.virtual_cluster.feature_access.multiregion.enabled", 'b', false, NULL, "true",
        "allow the use of multi-region abstractions and syntax in virtual clusters",
        NULL},
    {"version", 'm', true, "21.2-62", "1000025.4-upgrading-to-1000026.1-step-004",
        "set the active cluster version in the format '<major>.<minor>'",
        NULL},
    {NULL, 0, false, NULL, NULL, NULL, NULL},
};
