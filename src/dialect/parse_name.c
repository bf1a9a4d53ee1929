/* parse_name: names of every kind, as the grammar's classes of words allow them. */
#include "parse.h"

#include <errno.h>
#include <stdlib.h>

bool token_is_name(const struct token *tok) {
    if (tok->kind == TOKEN_NAME)
        return true;
    return tok->kind == TOKEN_KEYWORD
        && (tok->keyword->class == KEYWORD_UNRESERVED || tok->keyword->class == KEYWORD_COLUMN);
}

bool token_is_function_name(const struct token *tok) {
    if (tok->kind == TOKEN_NAME)
        return true;
    return tok->kind == TOKEN_KEYWORD
        && (tok->keyword->class == KEYWORD_UNRESERVED || tok->keyword->class == KEYWORD_TYPE);
}

bool parse_name(struct parser *p, const char **name) {
    if (!token_is_name(&p->tok))
        return parse_fail(p);
    *name = p->tok.text;
    parse_advance(p);
    return true;
}

bool parse_any_name(struct parser *p, const char **name) {
    if (p->tok.kind != TOKEN_NAME && p->tok.kind != TOKEN_KEYWORD)
        return parse_fail(p);
    *name = p->tok.text;
    parse_advance(p);
    return true;
}

bool parse_names(struct parser *p, struct ast_words *names) {
    do {
        const char *name = NULL;
        if (!parse_name(p, &name))
            return false;
        parse_push(p, names, name);
    } while (parse_take_op(p, ","));
    return true;
}

bool parse_names_in_parens(struct parser *p, struct ast_words *names) {
    return parse_expect_op(p, "(") && parse_names(p, names) && parse_expect_op(p, ")");
}

bool parse_object(struct parser *p, struct ast_name *name) {
    *name = (struct ast_name){.pos = p->tok.begin};
    if (!(parse_at(p, "family") ? parse_any_name(p, &name->part[0]) : parse_name(p, &name->part[0])))
        return false;
    name->n = 1;
    while (parse_at_op(p, ".")) {
        if (name->n == 3)
            return parse_fail(p);
        parse_advance(p);
        if (!parse_any_name(p, &name->part[name->n]))
            return false;
        name->n++;
    }
    return true;
}

bool parse_objects(struct parser *p, struct ast_names *names) {
    do {
        struct ast_name name;
        if (!parse_object(p, &name))
            return false;
        parse_push(p, names, name);
    } while (parse_take_op(p, ","));
    return true;
}

bool parse_string(struct parser *p, const char **text) {
    if (p->tok.kind != TOKEN_STRING)
        return parse_fail(p);
    *text = p->tok.text;
    parse_advance(p);
    return true;
}

bool parse_integer(struct parser *p, long long *n) {
    bool negative = parse_take_op(p, "-");
    if (p->tok.kind != TOKEN_INTEGER)
        return parse_fail(p);
    errno = 0;
    *n = strtoll(p->tok.text, NULL, 0);
    if (errno)
        return parse_fail_because(p, "integer out of range");
    *n = negative ? -*n : *n;
    parse_advance(p);
    return true;
}

bool parse_region(struct parser *p, const char **region) {
    return p->tok.kind == TOKEN_STRING ? parse_string(p, region) : parse_name(p, region);
}

bool parse_regions(struct parser *p, struct ast_words *regions) {
    do {
        const char *region = NULL;
        if (!parse_region(p, &region))
            return false;
        parse_push(p, regions, region);
    } while (parse_take_op(p, ","));
    return true;
}

bool parse_role(struct parser *p, const char **role) {
    if (p->tok.kind == TOKEN_STRING)
        return parse_string(p, role);
    if (parse_at(p, "current_user") || parse_at(p, "session_user") || parse_at(p, "current_role"))
        return parse_any_name(p, role);
    if (!token_is_name(&p->tok) && !token_is_function_name(&p->tok))
        return parse_fail(p);
    return parse_any_name(p, role);
}

bool parse_roles(struct parser *p, struct ast_words *roles) {
    do {
        const char *role;
        if (!parse_role(p, &role))
            return false;
        parse_push(p, roles, role);
    } while (parse_take_op(p, ","));
    return true;
}

bool parse_if_exists(struct parser *p, bool *said) {
    *said = parse_take_all(p, "if", "exists");
    return *said || !parse_at(p, "if") || parse_fail(p);
}

bool parse_if_not_exists(struct parser *p, bool *said) {
    *said = parse_take_all(p, "if", "not", "exists");
    return true;
}

bool parse_table_index(struct parser *p, struct ast_target *target) {
    target->kind = TARGET_INDEX;
    if (!parse_object(p, &target->name))
        return false;
    if (!parse_take_op(p, "@")) {
        target->index = target->name.part[target->name.n - 1];
        target->name.n--;
        return true;
    }
    if (parse_take_op(p, "*")) {
        target->all_indexes = true;
        return true;
    }
    return parse_any_name(p, &target->index);
}

static bool partition_target(struct parser *p, struct ast_target *target) {
    if (!parse_any_name(p, &target->partition) || !parse_expect(p, "of"))
        return false;
    if (parse_take(p, "index"))
        return parse_table_index(p, target);
    target->kind = TARGET_TABLE;
    return parse_expect(p, "table") && parse_object(p, &target->name);
}

bool parse_zone_target(struct parser *p, struct ast_target *target) {
    *target = (struct ast_target){0};
    if (parse_take(p, "range")) {
        target->kind = TARGET_RANGE;
        return parse_any_name(p, &target->word);
    }
    if (parse_take(p, "database")) {
        target->kind = TARGET_DATABASE;
        return parse_name(p, &target->word);
    }
    if (parse_take(p, "index"))
        return parse_table_index(p, target);
    if (parse_take(p, "partition"))
        return partition_target(p, target);
    target->kind = TARGET_TABLE;
    return parse_expect(p, "table") && parse_object(p, &target->name);
}
