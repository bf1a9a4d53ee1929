/* known_tables: which virtual tables the real server has, whether or not they are modelled here. */
#ifndef DOMICILE_SANDBOX_KNOWN_TABLES_H
#define DOMICILE_SANDBOX_KNOWN_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct known_table {
    int64_t id, schema_id;
    const char *schema, *name;
};
/* The i-th in the order of ids; false: there are no more. */
bool known_table_at(int compat, size_t i, struct known_table *out);
/* compat: 2201, 2601; schema: "pg_catalog", "information_schema", "crdb_internal", "pg_extension", "system". */
bool known_table(int compat, const char *schema, const char *name);
/* A function that the real server has, by its name with its schema when that is not pg_catalog. */
bool known_function(const char *name);

#endif
