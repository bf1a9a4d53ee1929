/* variables: what stands for what in a text of SQL. */
#include "domicile/output/variables.h"

#include "domicile/dialect/name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The length of what begins at p and is left alone: a quoted text, a comment, a dollar-quoted text; 0: nothing such. */
static size_t opaque(const char *p) {
    if (*p == '\'' || *p == '"') {
        size_t n = 1;
        while (p[n] && (p[n] != *p || p[n + 1] == *p))
            n += p[n] == *p ? 2 : 1;
        return n + (p[n] != '\0');
    }
    if (p[0] == '-' && p[1] == '-')
        return strcspn(p, "\n");
    if (p[0] == '/' && p[1] == '*') {
        const char *end = strstr(p + 2, "*/");
        return end ? (size_t)(end + 2 - p) : strlen(p);
    }
    if (*p == '$') {
        size_t tag = 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        if (p[tag] != '$')
            return 0;
        char *mark = mem_strndup(p, tag + 1);
        const char *end = strstr(p + tag + 1, mark);
        size_t n = end ? (size_t)(end - p) + tag + 1 : strlen(p);
        free(mark);
        return n;
    }
    return 0;
}

static const char *value_of(const struct variables *v, const char *name, size_t n) {
    for (size_t i = 0; i < v->len; i++)
        if (strlen(v->items[i].name) == n && memcmp(v->items[i].name, name, n) == 0)
            return v->items[i].value;
    return NULL;
}

/* :name, :'name' or :"name" at p; its length, 0 none. *quote gets the quote or '\0'. */
static size_t reference(const char *p, const char **name, size_t *n, char *quote) {
    *quote = p[1] == '\'' || p[1] == '"' ? p[1] : '\0';
    const char *at = p + 1 + (*quote != '\0');
    size_t len = 0;
    if (!isalpha((unsigned char)*at) && *at != '_')
        return 0;
    while (isalnum((unsigned char)at[len]) || at[len] == '_')
        len++;
    if (*quote && at[len] != *quote)
        return 0;
    *name = at;
    *n = len;
    return (size_t)(at - p) + len + (*quote != '\0');
}

static void put(struct str *out, const char *value, char quote) {
    char *text = NULL;
    if (quote == '"')
        name_quote_always(out, value);
    else if (quote == '\'')
        str_add(out, text = literal_quoted(value));
    else
        str_add(out, value);
    free(text);
}

bool variables_fill(struct str *out, const char *sql, const struct variables *v, struct err *err) {
    for (const char *p = sql; *p;) {
        const char *name;
        size_t n, len = opaque(p);
        char quote;
        if (len == 0 && p[0] == ':' && p[1] == ':')
            len = 2;
        if (len == 0 && *p == ':' && (len = reference(p, &name, &n, &quote)) > 0) {
            const char *value = value_of(v, name, n);
            if (!value) {
                err_set(err, ERR_USAGE, "the variable :%.*s has no value", (int)n, name);
                return err_hint(err, "give it one with -v %.*s=VALUE", (int)n, name);
            }
            put(out, value, quote);
            p += len;
            continue;
        }
        len = len ? len : 1;
        str_add_n(out, p, len);
        p += len;
    }
    return true;
}
