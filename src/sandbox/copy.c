/* copy: COPY as a statement: what it names, and how its rows are written. */
#include "copy.h"

#include "dml.h"

#include "domicile/dialect/name.h"
#include "domicile/dialect/print.h"

bool copy_format(struct translator *tr, const struct ast_copy *c, struct result *r) {
    if (c->binary)
        return result_unsupported(tr->r, "COPY in binary format");
    r->copy.csv = c->csv;
    r->copy.header = c->header;
    r->copy.delimiter = c->delimiter ? c->delimiter : c->csv ? ',' : '\t';
    r->copy.quote = c->quote ? c->quote : '"';
    r->copy.escape = c->escape ? c->escape : r->copy.quote;
    r->copy.null = arena_strdup(r->arena, c->null ? c->null : c->csv ? "" : "\\N");
    return true;
}

bool copy_in(struct translator *tr, const struct ast_copy *c, struct result *r) {
    const struct session *s = tr->es->session;
    struct str sql = {0};
    if (variables_read_only(s))
        return result_fail(r, "25006", "cannot execute COPY in a read-only transaction");
    const struct table_descriptor *t = dml_table(tr, &c->table, PRIVILEGE_INSERT);
    if (!t || !copy_format(tr, c, r))
        return false;
    for (size_t i = 0; i < c->columns.len; i++) {
        const struct column_descriptor *column = column_by_name(t, c->columns.items[i]);
        if (!column)
            return result_fail(r, "42703", "column \"%s\" does not exist", c->columns.items[i]);
        if (column->computed)
            return result_fail(r, "55000", "cannot write directly to computed column \"%s\"", column->name);
        result_column(r, column->name, sqltype_oid(&column->type));
    }
    for (size_t i = 0; c->columns.len == 0 && i < t->columns.len; i++)
        if (!t->columns.items[i].hidden && !t->columns.items[i].computed)
            result_column(r, t->columns.items[i].name, sqltype_oid(&t->columns.items[i].type));
    str_add(&sql, "INSERT INTO ");
    print_name(&sql, &c->table);
    for (size_t i = 0; i < r->columns.len; i++) {
        str_add(&sql, i ? ", " : " (");
        name_quote(&sql, r->columns.items[i].name);
    }
    str_add(&sql, ") VALUES ");
    r->copy.insert = arena_strdup(r->arena, str_get(&sql));
    str_free(&sql);
    return true;
}

const char *copy_query(struct translator *tr, const struct ast_copy *c) {
    struct str sql = {0};
    str_add(&sql, "SELECT ");
    for (size_t i = 0; i < c->columns.len; i++) {
        str_add(&sql, i ? ", " : "");
        name_quote(&sql, c->columns.items[i]);
    }
    str_add(&sql, c->columns.len ? " FROM " : "* FROM ");
    print_name(&sql, &c->table);
    const char *text = arena_strdup(tr->arena, str_get(&sql));
    str_free(&sql);
    return text;
}
