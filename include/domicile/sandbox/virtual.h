/* virtual: the virtual tables (crdb_internal, system, pg_catalog, information_schema) and the SHOW statements of the
 * sandbox: answers made from descriptors, the world, users and settings. The engine hands a virtual table that a
 * statement names, or a SHOW (also as [SHOW ...]), to these and puts what comes back where rows are wanted. */
#ifndef DOMICILE_SANDBOX_VIRTUAL_H
#define DOMICILE_SANDBOX_VIRTUAL_H

#include "domicile/dialect/ast.h"
#include "domicile/sandbox/descriptor.h"
#include "domicile/sandbox/result.h"
#include "domicile/sandbox/session.h"
#include "domicile/sandbox/settings.h"
#include "domicile/sandbox/spans.h"
#include "domicile/sandbox/users.h"
#include "domicile/sandbox/world.h"

/* One schema change or other job, as SHOW JOBS lists it. */
struct virtual_job {
    int64_t id;
    const char *type;        /* "SCHEMA CHANGE" */
    const char *description;
    const char *user;
    int64_t created_wall;
    int64_t finished_wall;
};

/* Where answers come from. Everything is the engine's. */
struct virtual_context {
    const struct descriptors *descriptors;
    const struct world *world;
    const struct users *users;
    const struct settings *settings;
    struct session *session;
    const char *cluster_id;
    const char *host;        /* where the nodes listen: node k on first_port + k - 1 */
    int first_port;
    const struct server *server; /* tells each node's port; NULL: first_port does */
    const struct virtual_job *jobs;
    size_t job_count;
    bool describe;           /* only the columns are wanted */
    /* SHOW RANGE ... FOR ROW: the values given, as text of their columns' types; NULL otherwise. */
    const char *const *row;
    size_t row_count;
    /* Rows of a table, for estimated_row_count; may be NULL. */
    int64_t (*table_rows)(void *arg, int64_t table);
    void *arg;
};

/* A virtual table's columns and rows. schema "" looks in pg_catalog. False without an error in r (r->failed is not
 * set): there is no such table. False with one: the user may not read it, or it cannot be read now. */
bool virtual_table(const struct virtual_context *c, const char *schema, const char *name, struct result *r);
/* Whether there is one of that name, without reading it. */
bool virtual_exists(const struct virtual_context *c, const char *schema, const char *name);
/* Any SHOW statement but those about session variables and cluster settings (setcmd.h). */
bool virtual_show(const struct virtual_context *c, const struct ast_show *st, struct result *r);
/* Whether answering has to wait because leaseholders are asked for and a range has no quorum: then the statement
 * hangs until its timeout, as on a real cluster. For virtual tables st is NULL. */
bool virtual_hangs(const struct virtual_context *c, const struct ast_show *st, const char *schema, const char *name);

/* What the world is to bring about for these descriptors: every user table's key spans with their zone
 * configurations. Caller hands it to world_set_spans. */
void virtual_spans(struct spans *out, const struct descriptors *d);
/* Zone configurations of an object, by the placement rules; full: inheritance applied. */
void virtual_database_zone(
    struct zone *out, const struct descriptors *d, const struct database_descriptor *db, bool full);
void virtual_table_zone(struct zone *out, const struct descriptors *d, const struct table_descriptor *t, bool full);
void virtual_partition_zone(struct zone *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *ix, const char *region, bool full);
/* What CONFIGURE ZONE set for an index; full: with what it inherits. */
void virtual_index_zone(struct zone *out, const struct descriptors *d, const struct table_descriptor *t,
    const struct index_descriptor *ix, bool full);
/* RANGE default as it is now. */
void virtual_range_default(struct zone *z, const struct descriptors *d);
/* The CREATE statements as SHOW CREATE prints them, without a final semicolon. */
void virtual_create_table(struct str *out, const struct descriptors *d, const struct table_descriptor *t);
void virtual_create_database(struct str *out, const struct descriptors *d, const struct database_descriptor *db);

#endif
