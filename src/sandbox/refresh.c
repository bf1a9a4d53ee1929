/* refresh: what a transaction has read, so that it can go on at a later time if that still reads the same. SQLite
 * refuses to write in a snapshot that others have overtaken; the real server moves the transaction's timestamp up as
 * long as nothing that was read has changed, and asks for a retry (40001) only otherwise. */
#include "refresh.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { READS_MAX = 256 };

/* FNV-1a over the cells of every row. */
uint64_t refresh_hash_begin(void) { return UINT64_C(14695981039346656037); }

uint64_t refresh_hash_row(uint64_t hash, sqlite3_stmt *st) {
    for (int i = 0; i < sqlite3_column_count(st); i++) {
        const unsigned char *text = sqlite3_column_text(st, i);
        for (const unsigned char *p = text ? text : (const unsigned char *)"\1"; *p; p++)
            hash = (hash ^ *p) * UINT64_C(1099511628211);
        hash = (hash ^ 2) * UINT64_C(1099511628211);
    }
    return hash;
}

static uint64_t hash_rows(sqlite3_stmt *st) {
    uint64_t h = refresh_hash_begin();
    while (sqlite3_step(st) == SQLITE_ROW)
        h = refresh_hash_row(h, st);
    return h;
}

/* What is not read from tables, or must not be done twice. */
static bool volatile_query(const char *sql) {
    static const char *const words[] = {
        "temp.v", "seq_", "sandbox_", "set_variable", "random_", "unique_rowid", "clock_", "hlc_now"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(sql, words[i]))
            return true;
    return false;
}

bool refresh_wants(const struct engine_session *es, const char *sql) {
    return es->explicit_txn && !es->writes && !es->read_committed && !volatile_query(sql);
}

void refresh_keep(struct engine_session *es, sqlite3_stmt *st, uint64_t hash) {
    if (es->reads.len >= READS_MAX) {
        es->read_too_much = true;
        return;
    }
    char *expanded = sqlite3_expanded_sql(st);
    const struct engine_read read = {mem_strdup(expanded ? expanded : sqlite3_sql(st)), hash};
    sqlite3_free(expanded);
    vec_push(&es->reads, read);
}

void refresh_forget(struct engine_session *es) {
    for (size_t i = 0; i < es->reads.len; i++)
        free(es->reads.items[i].sql);
    vec_free(&es->reads);
    es->read_too_much = false;
}

/* SQLite's transaction anew, with its savepoints, which hold no change yet. */
static bool begin_again(struct engine_session *es, struct result *r) {
    bool good = engine_exec(es, "ROLLBACK; BEGIN", r);
    for (size_t i = 0; good && i < es->savepoints.len; i++) {
        char *sql = mem_printf("SAVEPOINT s%zu", i);
        good = engine_exec(es, sql, r);
        free(sql);
    }
    es->snapshot = es->session->engine->commits;
    return good;
}

static bool reads_alike(struct engine_session *es, const struct engine_read *read) {
    sqlite3_stmt *st = NULL;
    bool alike = false;
    if (sqlite3_prepare_v2(es->db, read->sql, -1, &st, NULL) == SQLITE_OK)
        alike = hash_rows(st) == read->hash;
    sqlite3_finalize(st);
    return alike;
}

bool refresh_transaction(struct engine_session *es, struct result *r) {
    if (!es->open || es->writes || es->snapshot == es->session->engine->commits)
        return true;
    if (!begin_again(es, r))
        return false;
    bool alike = !es->read_too_much;
    for (size_t i = 0; alike && i < es->reads.len; i++)
        alike = reads_alike(es, &es->reads.items[i]);
    return alike || refresh_fail(es, r);
}

bool refresh_fail(const struct engine_session *es, struct result *r) {
    result_fail(r, "40001", "restart transaction: TransactionRetryWithProtoRefreshError: TransactionRetryError: retry "
        "txn (RETRY_SERIALIZABLE - failed preemptive refresh)");
    return result_hint(r, "See: https://www.cockroachlabs.com/docs/%s/transaction-retry-error-reference.html"
        "#retry_serializable", es->session->compat >= 2601 ? "dev" : "v22.1");
}
