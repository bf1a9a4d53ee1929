/* sqltype: the types of columns and expressions, as the dialect names them and as the wire tells them. */
#ifndef DOMICILE_SANDBOX_SQLTYPE_H
#define DOMICILE_SANDBOX_SQLTYPE_H

#include "domicile/base/str.h"
#include "domicile/dialect/ast.h"

#include <stdbool.h>
#include <stdint.h>

/* TYPE_UNKNOWN: a literal or NULL whose type its surroundings decide. TYPE_USER: the enum with this id. */
struct sqltype {
    enum ast_type_base base;
    bool array;
    int64_t user; /* descriptor id of the enum */
    int width;    /* -1 none */
    int scale;    /* -1 none */
};

/* The type of a base without width or scale, and its array; the OID and the type modifier (-1 none) that a client is told. */
struct sqltype sqltype_of(enum ast_type_base base);
struct sqltype sqltype_array_of(enum ast_type_base base);
uint32_t sqltype_oid(const struct sqltype *t);
int32_t sqltype_typmod(const struct sqltype *t);
/* From an OID that a client gives; TYPE_UNKNOWN for one that is not known. */
struct sqltype sqltype_from_oid(uint32_t oid);
/* Appends INT8, STRING, VARCHAR(250), DECIMAL(18,2), STRING[]: as SHOW CREATE has it. user_name names an
 * enum ("public.crdb_internal_region"); NULL for others. */
void sqltype_print(struct str *out, const struct sqltype *t, const char *user_name);
/* "int", "string", "uuid": as error messages name it. */
const char *sqltype_word(const struct sqltype *t);
bool sqltype_equal(const struct sqltype *a, const struct sqltype *b);
bool sqltype_is_text(const struct sqltype *t);
bool sqltype_is_number(const struct sqltype *t);
/* As pg_typeof and information_schema name it: "bigint", "character varying". */
const char *sqltype_pg_name(const struct sqltype *t);

#endif
