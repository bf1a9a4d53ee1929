/* system_table: the tables of the system database: their ids and names. */
#ifndef DOMICILE_SANDBOX_SYSTEM_TABLE_H
#define DOMICILE_SANDBOX_SYSTEM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Its database, and the database's schema public. */
enum { SYSTEM_DATABASE_ID = 1, SYSTEM_SCHEMA_ID = 29 };

struct system_table {
    int64_t id;
    const char *name;
    bool in_old, in_new; /* 22.1 has it, 26.1 has it */
    int gc_old, gc_new;  /* gc.ttlseconds of its own zone, s; 0: it has none */
};

/* In order of ids; NULL at i: this version does not have it. */
size_t system_table_count(void);
const struct system_table *system_table_at(size_t i, bool new);
const struct system_table *system_table_by_id(int64_t id, bool new);
const struct system_table *system_table_by_name(const char *name, bool new);
/* gc.ttlseconds of its own zone in this version; 0 none. */
int system_table_gc(const struct system_table *t, bool new);

#endif
