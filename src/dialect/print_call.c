/* print_call: function calls and their windows, written as CockroachDB writes them. */
#include "printing.h"

#include "domicile/dialect/keyword.h"
#include "domicile/dialect/name.h"

#include <string.h>

void printing_orders(struct str *out, const struct ast_orders *orders, unsigned flags) {
    static const char *const nulls[] = {
        [NULLS_DEFAULT] = "", [NULLS_FIRST] = " NULLS FIRST", [NULLS_LAST] = " NULLS LAST",
    };
    str_add(out, "ORDER BY ");
    for (size_t i = 0; i < orders->len; i++) {
        const struct ast_order *o = &orders->items[i];
        str_add(out, i > 0 ? ", " : "");
        if (o->expr) {
            print_expr(out, o->expr, flags);
        } else {
            str_add(out, o->index ? "INDEX " : "PRIMARY KEY ");
            print_name(out, &o->table);
            if (o->index) {
                str_add_char(out, '@');
                name_quote(out, o->index);
            }
        }
        str_add(out, o->descending ? " DESC" : "");
        str_add(out, nulls[o->nulls]);
    }
}

static void bound(struct str *out, const struct ast_bound *b, unsigned flags) {
    static const char *const text[] = {
        [BOUND_UNBOUNDED_PRECEDING] = "UNBOUNDED PRECEDING", [BOUND_PRECEDING] = " PRECEDING",
        [BOUND_CURRENT_ROW] = "CURRENT ROW", [BOUND_FOLLOWING] = " FOLLOWING",
        [BOUND_UNBOUNDED_FOLLOWING] = "UNBOUNDED FOLLOWING",
    };
    if (b->offset)
        print_expr(out, b->offset, flags);
    str_add(out, text[b->kind]);
}

static void frame(struct str *out, const struct ast_window *w, unsigned flags) {
    static const char *const modes[] = {
        [FRAME_NONE] = "", [FRAME_ROWS] = "ROWS ", [FRAME_RANGE] = "RANGE ", [FRAME_GROUPS] = "GROUPS ",
    };
    str_add(out, modes[w->frame]);
    str_add(out, w->has_to ? "BETWEEN " : "");
    bound(out, &w->from, flags);
    if (w->has_to) {
        str_add(out, " AND ");
        bound(out, &w->to, flags);
    }
    if (w->exclude)
        str_add_f(out, " EXCLUDE %s", w->exclude);
}

static void space(struct str *out, size_t begin) {
    if (out->len > begin)
        str_add_char(out, ' ');
}

void printing_window(struct str *out, const struct ast_window *w, unsigned flags) {
    str_add_char(out, '(');
    size_t begin = out->len;
    if (w->base)
        name_quote(out, w->base);
    if (w->partition.len) {
        space(out, begin);
        str_add(out, "PARTITION BY ");
        printing_list(out, &w->partition, flags);
    }
    if (w->order.len) {
        space(out, begin);
        printing_orders(out, &w->order, flags);
    }
    if (w->frame != FRAME_NONE) {
        space(out, begin);
        frame(out, w, flags);
    }
    str_add_char(out, ')');
}

/* Those that the server keeps as expressions of their own are written in capitals. */
static bool is_capital(const char *name) {
    static const char *const names[] = {"coalesce", "nullif", "if", "ifnull", "iferror", "iserror"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void function_name(struct str *out, const struct ast_call *call) {
    const char *name = call->name.part[0];
    if (call->name.n == 1 && keyword_find(name, (unsigned)strlen(name)) && !is_capital(name)) {
        str_add(out, name); /* current_timestamp(), left(): never quoted */
        return;
    }
    if (call->style != CALL_SPECIAL || !is_capital(name)) {
        print_name(out, &call->name);
        return;
    }
    for (const char *c = name; *c; c++)
        str_add_char(out, (char)(*c - 'a' + 'A'));
}

static void arguments(struct str *out, const struct ast_call *call, unsigned flags) {
    str_add(out, call->distinct ? "DISTINCT " : "");
    for (size_t i = 0; i < call->args.len; i++) {
        str_add(out, i > 0 ? ", " : "");
        str_add(out, call->variadic && i + 1 == call->args.len ? "VARIADIC " : "");
        if (call->arg_names && call->arg_names[i]) {
            name_quote(out, call->arg_names[i]);
            str_add(out, " => ");
        }
        print_expr(out, call->args.items[i], flags);
    }
}

void printing_call(struct str *out, const struct ast_expr *e, unsigned flags) {
    const struct ast_call *call = &e->u.call;
    function_name(out, call);
    str_add_char(out, '(');
    arguments(out, call, flags);
    if (call->order.len && !call->within_group) {
        str_add_char(out, ' ');
        printing_orders(out, &call->order, flags);
    }
    str_add_char(out, ')');
    if (call->within_group) {
        str_add(out, " WITHIN GROUP (");
        printing_orders(out, &call->order, flags);
        str_add_char(out, ')');
    }
    if (call->filter) {
        str_add(out, " FILTER (WHERE ");
        print_expr(out, call->filter, flags);
        str_add_char(out, ')');
    }
    if (!call->over)
        return;
    str_add(out, " OVER ");
    if (call->over->name)
        name_quote(out, call->over->name);
    else
        printing_window(out, call->over, flags);
}
