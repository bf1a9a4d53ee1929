/* statement: finding and filling the statements that the build embedded. */
#include "domicile/sql/statement.h"

#include <string.h>

const struct statement *statement_find(const char *name) {
    for (size_t i = 0; i < statement_table_count; i++)
        if (strcmp(statement_table[i].name, name) == 0)
            return &statement_table[i];
    return NULL;
}

static bool answers(const struct statement *s, const char *part, int version, bool internals) {
    return strcmp(s->part, part) == 0 && (internals || !s->internals) && s->from <= version && version <= s->to;
}

static bool better(const struct statement *s, const struct statement *best) {
    if (best == NULL || s->from != best->from)
        return best == NULL || s->from > best->from;
    return s->internals && !best->internals;
}

const struct statement *statement_for(const char *part, int version, bool internals) {
    const struct statement *best = NULL;
    int asked = version > 0 ? version : 999999;
    for (size_t i = 0; i < statement_table_count; i++)
        if (answers(&statement_table[i], part, asked, internals) && better(&statement_table[i], best))
            best = &statement_table[i];
    return best;
}

const struct statement *statement_each(const char *prefix, const struct statement *previous) {
    size_t i = previous != NULL ? (size_t)(previous - statement_table) + 1 : 0;
    for (; i < statement_table_count; i++)
        if (str_starts(statement_table[i].name, prefix))
            return &statement_table[i];
    return NULL;
}

static void quote(struct str *out, const char *text, char mark) {
    str_add_char(out, mark);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == mark)
            str_add_char(out, mark);
        str_add_char(out, *p);
    }
    str_add_char(out, mark);
}

void statement_quote_name(struct str *out, const char *name) {
    quote(out, name, '"');
}

void statement_quote_text(struct str *out, const char *text) {
    quote(out, text, '\'');
}

static void add_list(struct str *out, const struct statement_arg *arg, char mark) {
    for (size_t i = 0; i < arg->count; i++) {
        str_add(out, i > 0 ? ", " : "");
        quote(out, arg->values[i], mark);
    }
}

static void add_parameters(struct str *out, const struct statement_arg *arg) {
    for (size_t i = 0; i < arg->count; i++)
        str_add_f(out, "%s$%lld", i > 0 ? ", " : "", arg->number + (long long)i);
}

static void add_arg(struct str *out, const struct statement_arg *arg) {
    switch (arg->kind) {
    case STATEMENT_NAME:
        statement_quote_name(out, arg->value);
        break;
    case STATEMENT_NAMES:
        add_list(out, arg, '"');
        break;
    case STATEMENT_TEXTS:
        add_list(out, arg, '\'');
        break;
    case STATEMENT_TEXT:
        statement_quote_text(out, arg->value);
        break;
    case STATEMENT_NUMBER:
        str_add_f(out, "%lld", arg->number);
        break;
    case STATEMENT_PARAMETERS:
        add_parameters(out, arg);
        break;
    case STATEMENT_SQL:
        str_add(out, arg->value);
        break;
    }
}

/* Length of "{word}" at p, 0 when there is none. */
static size_t placeholder_length(const char *p) {
    size_t word = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_");
    return word > 0 && p[1 + word] == '}' ? word + 2 : 0;
}

static const struct statement_arg *find_arg(const struct statement_arg *args, size_t n, const char *word, size_t len) {
    for (size_t i = 0; i < n; i++)
        if (strlen(args[i].name) == len && strncmp(args[i].name, word, len) == 0)
            return &args[i];
    return NULL;
}

bool statement_fill(struct str *out, const struct statement *s, const struct statement_arg *args, size_t n,
    struct err *err) {
    const char *p = s->text;
    while (*p != '\0') {
        size_t plain = strcspn(p, "{");
        str_add_n(out, p, plain);
        p += plain;
        size_t len = *p == '{' ? placeholder_length(p) : 0;
        if (len == 0) {
            if (*p == '{')
                str_add_char(out, *p++);
            continue;
        }
        const struct statement_arg *arg = find_arg(args, n, p + 1, len - 2);
        if (arg == NULL)
            return err_set(err, ERR_INTERNAL, "statement %s: nothing was given for %.*s", s->name, (int)len, p);
        add_arg(out, arg);
        p += len;
    }
    return true;
}
