/* print_query: queries written on one line, as view definitions show them. */
#include "printing.h"

#include "domicile/dialect/name.h"

static void targets(struct str *out, const struct ast_targets *list, unsigned flags) {
    for (size_t i = 0; i < list->len; i++) {
        str_add(out, i > 0 ? ", " : "");
        print_expr(out, list->items[i].expr, flags);
        if (list->items[i].alias) {
            str_add(out, " AS ");
            name_quote(out, list->items[i].alias);
        }
    }
}

static void from(struct str *out, const struct ast_from *f, unsigned flags);

static void join(struct str *out, const struct ast_from *f, unsigned flags) {
    static const char *const kinds[] = {
        [JOIN_INNER] = "", [JOIN_LEFT] = "LEFT ", [JOIN_RIGHT] = "RIGHT ", [JOIN_FULL] = "FULL ",
        [JOIN_CROSS] = "CROSS ",
    };
    from(out, f->u.join.left, flags);
    str_add_f(out, " %s%s", f->u.join.natural ? "NATURAL " : "",
              f->u.join.hint && f->u.join.kind == JOIN_INNER ? "INNER " : kinds[f->u.join.kind]);
    if (f->u.join.hint)
        str_add_f(out, "%s ", f->u.join.hint);
    str_add(out, "JOIN ");
    from(out, f->u.join.right, flags);
    if (f->u.join.on) {
        str_add(out, " ON ");
        print_expr(out, f->u.join.on, flags);
    } else if (f->u.join.using.len) {
        str_add(out, " USING (");
        printing_words(out, &f->u.join.using);
        str_add_char(out, ')');
    }
}

static void functions(struct str *out, const struct ast_from *f, unsigned flags) {
    bool several = f->u.functions.len > 1;
    str_add(out, several ? "ROWS FROM (" : "");
    printing_list(out, &f->u.functions, flags);
    str_add(out, several ? ")" : "");
}

static void source(struct str *out, const struct ast_from *f, unsigned flags) {
    switch (f->kind) {
    case FROM_TABLE:
        print_name(out, &f->u.table.name);
        if (f->u.table.index) {
            str_add_char(out, '@');
            name_quote(out, f->u.table.index);
        }
        break;
    case FROM_QUERY:
        str_add_char(out, '(');
        print_query(out, f->u.query, flags);
        str_add_char(out, ')');
        break;
    case FROM_FUNCTION:
        functions(out, f, flags);
        break;
    case FROM_STATEMENT:
        str_add_f(out, "[%s]", f->u.statement->text);
        break;
    case FROM_JOIN:
        join(out, f, flags);
        break;
    case FROM_PAREN:
        str_add_char(out, '(');
        from(out, f->u.paren, flags);
        str_add_char(out, ')');
        break;
    case FROM_TABLE_ID:
        str_add_f(out, "[%lld AS ", f->u.table_id);
        name_quote(out, f->alias);
        str_add_char(out, ']');
        break;
    }
}

static void from(struct str *out, const struct ast_from *f, unsigned flags) {
    str_add(out, f->lateral ? "LATERAL " : "");
    source(out, f, flags);
    str_add(out, f->ordinality ? " WITH ORDINALITY" : "");
    if (!f->alias || f->kind == FROM_TABLE_ID)
        return;
    str_add(out, " AS ");
    name_quote(out, f->alias);
    if (!f->columns.len)
        return;
    str_add(out, " (");
    printing_words(out, &f->columns);
    str_add_char(out, ')');
}

static void clause(struct str *out, const char *words, const struct ast_expr *e, unsigned flags) {
    if (!e)
        return;
    str_add_f(out, " %s ", words);
    print_expr(out, e, flags);
}

static void windows(struct str *out, const struct ast_windows *list, unsigned flags) {
    for (size_t i = 0; i < list->len; i++) {
        str_add(out, i > 0 ? ", " : " WINDOW ");
        name_quote(out, list->items[i].name);
        str_add(out, " AS ");
        printing_window(out, &list->items[i], flags);
    }
}

static void select(struct str *out, const struct ast_select *s, unsigned flags) {
    if (s->table) {
        str_add(out, "TABLE ");
        from(out, s->from.items[0], flags);
        return;
    }
    str_add(out, s->distinct ? "SELECT DISTINCT " : "SELECT ");
    if (s->distinct_on.len) {
        str_add(out, "ON (");
        printing_list(out, &s->distinct_on, flags);
        str_add(out, ") ");
    }
    targets(out, &s->targets, flags);
    for (size_t i = 0; i < s->from.len; i++) {
        str_add(out, i > 0 ? ", " : " FROM ");
        from(out, s->from.items[i], flags);
    }
    clause(out, "AS OF SYSTEM TIME", s->as_of, flags);
    clause(out, "WHERE", s->where, flags);
    if (s->group_by.len) {
        str_add(out, " GROUP BY ");
        printing_list(out, &s->group_by, flags);
    }
    clause(out, "HAVING", s->having, flags);
    windows(out, &s->windows, flags);
}

static void with(struct str *out, const struct ast_with *w, unsigned flags) {
    str_add(out, w->recursive ? "WITH RECURSIVE " : "WITH ");
    for (size_t i = 0; i < w->len; i++) {
        const struct ast_cte *cte = &w->items[i];
        str_add(out, i > 0 ? ", " : "");
        name_quote(out, cte->name);
        if (cte->columns.len) {
            str_add(out, " (");
            printing_words(out, &cte->columns);
            str_add_char(out, ')');
        }
        str_add(out, cte->materialized > 0 ? " AS MATERIALIZED (" : cte->materialized < 0
                ? " AS NOT MATERIALIZED (" : " AS (");
        if (cte->stmt->kind == STMT_QUERY)
            print_query(out, cte->stmt->u.query, flags);
        else
            str_add(out, cte->stmt->text);
        str_add_char(out, ')');
    }
    str_add_char(out, ' ');
}

static void values(struct str *out, const struct ast_rows *rows, unsigned flags) {
    str_add(out, "VALUES ");
    for (size_t i = 0; i < rows->len; i++) {
        str_add(out, i > 0 ? ", (" : "(");
        printing_list(out, &rows->items[i], flags);
        str_add_char(out, ')');
    }
}

static void body(struct str *out, const struct ast_query *q, unsigned flags) {
    static const char *const setops[] = {
        [SETOP_UNION] = "UNION", [SETOP_INTERSECT] = "INTERSECT", [SETOP_EXCEPT] = "EXCEPT",
    };
    switch (q->kind) {
    case QUERY_SELECT:
        select(out, q->u.select, flags);
        break;
    case QUERY_VALUES:
        values(out, &q->u.values, flags);
        break;
    case QUERY_SETOP:
        print_query(out, q->u.setop.left, flags);
        str_add_f(out, " %s %s", setops[q->u.setop.op], q->u.setop.all ? "ALL " : "");
        print_query(out, q->u.setop.right, flags);
        break;
    case QUERY_PAREN:
        str_add_char(out, '(');
        print_query(out, q->u.paren, flags);
        str_add_char(out, ')');
        break;
    }
}

static void locking(struct str *out, const struct ast_locking *l) {
    str_add_f(out, " FOR %s", l->strength);
    for (size_t i = 0; i < l->of.len; i++) {
        str_add(out, i > 0 ? ", " : " OF ");
        print_name(out, &l->of.items[i]);
    }
    if (l->wait)
        str_add_f(out, " %s", l->wait);
}

void print_query(struct str *out, const struct ast_query *q, unsigned flags) {
    if (q->with)
        with(out, q->with, flags);
    body(out, q, flags);
    if (q->order.len) {
        str_add_char(out, ' ');
        printing_orders(out, &q->order, flags);
    }
    clause(out, "LIMIT", q->limit, flags);
    clause(out, "OFFSET", q->offset, flags);
    for (size_t i = 0; i < q->locking.len; i++)
        locking(out, &q->locking.items[i]);
}
