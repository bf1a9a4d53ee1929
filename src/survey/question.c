/* question: the table of questions and of the groups that they are asked in. */
#include "question.h"

#include "domicile/base/mem.h"

const struct question_row question_table[QUESTIONS] = {
    [Q_SETTINGS] = {"settings", GROUP_SERVER, true, false, "session settings"},
    [Q_DATABASES] = {"databases", GROUP_SERVER, false, false, "the list of databases"},
    [Q_CLUSTER_ID] = {"cluster-id", GROUP_SERVER, true, false, "the cluster's id"},
    [Q_FAILURES] = {"failure-functions", GROUP_SERVER, true, false, "functions that stop nodes"},
    [Q_CLUSTER_REGIONS] = {"cluster-regions", GROUP_TOPOLOGY, false, false, "regions of the cluster"},
    [Q_NODES] = {"nodes", GROUP_TOPOLOGY, false, false, "nodes and whether they live"},
    [Q_LIVENESS] = {"liveness", GROUP_TOPOLOGY, false, false, "which nodes drain"},
    [Q_STORES] = {"stores", GROUP_TOPOLOGY, false, false, "which node a store is on"},
    [Q_DATABASE] = {"database", GROUP_CATALOG, false, false, "the placement policy"},
    [Q_DATABASE_REGIONS] = {"database-regions", GROUP_CATALOG, false, false, "regions of the database"},
    [Q_SUPER_REGIONS] = {"super-regions", GROUP_CATALOG, true, false, "super regions"},
    [Q_TABLES] = {"tables", GROUP_CATALOG, false, false, "tables"},
    [Q_INDEX_IDS] = {"index-ids", GROUP_CATALOG, false, false, "ids of tables and indexes"},
    [Q_ENUMS] = {"enums", GROUP_CATALOG, false, false, "enum types"},
    [Q_ZONES] = {"zones", GROUP_CATALOG, false, false, "zone configurations"},
    [Q_PARTITIONS] = {"partitions", GROUP_CATALOG, false, true, "zone configurations of partitions"},
    [Q_ZONE_DATABASE] = {"zone-database", GROUP_CATALOG, false, true, "the database's zone configuration"},
    [Q_CREATES] = {"creates", GROUP_CATALOG, false, false, "columns and indexes"},
    [Q_RIGHT_DATABASE] = {"right-database", GROUP_CATALOG, true, false, "whether the database may be altered"},
    [Q_RIGHT_TABLES] = {"right-tables", GROUP_CATALOG, true, false, "which tables may be altered"},
    [Q_RANGES] = {"ranges", GROUP_RANGES, false, false, "ranges"},
    [Q_LEASES] = {"leases", GROUP_LEASES, false, false, "leaseholders"},
    [Q_REPORT_META] = {"report-meta", GROUP_REPORT, false, false, "the replication report's time"},
    [Q_REPORT] = {"report", GROUP_REPORT, false, false, "the replication report"},
    [Q_REPORT_INTERVAL] = {"report-interval", GROUP_REPORT, false, false, "the replication report's interval"},
};

/* The shares add up to 75 percent; rows and their keys have the rest. */
const struct group_row group_table[GROUPS] = {
    [GROUP_SERVER] = {PART_SERVER, false, {30 * USEC_PER_SEC, 10 * USEC_PER_SEC, 3, false}, 0},
    [GROUP_CATALOG] = {PART_CATALOG, false, {3 * USEC_PER_SEC, 1 * USEC_PER_SEC, 20, true}, 0},
    [GROUP_TOPOLOGY] = {PART_TOPOLOGY, false, {3 * USEC_PER_SEC, 1 * USEC_PER_SEC, 10, true}, 0},
    [GROUP_RANGES] = {PART_RANGES, false, {2 * USEC_PER_SEC, 1 * USEC_PER_SEC, 25, true}, 0},
    [GROUP_LEASES] = {PART_RANGES, true, {5 * USEC_PER_SEC, 2 * USEC_PER_SEC, 10, true}, 5 * USEC_PER_SEC},
    [GROUP_REPORT] = {PART_REPORT, false, {2 * USEC_PER_SEC, 1 * USEC_PER_SEC, 7, true}, 0},
};

void answers_clear_creates(struct answers *a) {
    for (size_t i = 0; i < a->creates.len; i++) {
        free(a->creates.items[i].schema);
        free(a->creates.items[i].table);
        free(a->creates.items[i].text);
    }
    vec_free(&a->creates);
}

void answers_clear(struct answers *a) {
    for (size_t i = 0; i < QUESTIONS; i++) {
        pg_result_free(a->of[i]);
        a->of[i] = NULL;
    }
    answers_clear_creates(a);
}
