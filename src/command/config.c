/* config: the configuration file: options by their long names, and keys. */
#include "domicile/base/mem.h"
#include "domicile/base/text.h"
#include "domicile/command/option.h"
#include "option_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A line of the file, in pieces of one copy of it. */
struct line {
    char *name;
    char *key;   /* of "key KEY = COMMAND"; NULL otherwise */
    char *value; /* NULL: there is no "=" */
};

static char *trimmed(char *s) {
    while (isspace((unsigned char)*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        n--;
    s[n] = '\0';
    return s;
}

/* Quotes keep blanks and # in a value. */
static char *unquoted(char *s) {
    size_t n = strlen(s);
    if (n < 2 || (s[0] != '"' && s[0] != '\'') || s[n - 1] != s[0])
        return s;
    s[n - 1] = '\0';
    return s + 1;
}

static void cut_comment(char *s) {
    char quote = '\0';
    for (; *s; s++) {
        if (quote)
            quote = *s == quote ? '\0' : quote;
        else if (*s == '"' || *s == '\'')
            quote = *s;
        else if (*s == '#') {
            *s = '\0';
            return;
        }
    }
}

static void take_apart(struct line *l, char *text) {
    bool is_key = str_starts(text, "key") && isspace((unsigned char)text[3]);
    if (!is_key)
        cut_comment(text);
    /* "key = = COMMAND" names the key "=": the last "=" divides. */
    char *equals = is_key ? strrchr(text, '=') : strchr(text, '=');
    *l = (struct line){.value = equals ? unquoted(trimmed(equals + 1)) : NULL};
    if (equals)
        *equals = '\0';
    l->name = trimmed(text);
    if (is_key) {
        l->key = trimmed(l->name + 3);
        l->name[3] = '\0';
    }
}

static bool set_key(struct options *o, const struct line *l, struct err *err) {
    keycode key = key_from_name(l->key, strlen(l->key));
    if (key == KEYCODE_NONE)
        return err_set(
            err, ERR_USAGE, "\"%.40s\" is no key; keys are written as in the help: F5, C-r, Space, M-x", l->key);
    const struct command *c = l->value ? command_by_name(l->value, strlen(l->value)) : NULL;
    if (!c && !(l->value && strcmp(l->value, "none") == 0))
        return err_set(err, ERR_USAGE, "\"%.40s\" is no command; \":\" in the program and --help name them",
            l->value ? l->value : "");
    vec_push(&o->keys, ((struct key_option){key, c ? c->id : COMMAND_NONE}));
    return true;
}

/* A flag is given by its name alone, or with yes or no. */
static bool flag_wanted(const char *value, bool *wanted, const char *name, struct err *err) {
    static const char *const yes[] = {"yes", "on", "true"};
    static const char *const no[] = {"no", "off", "false"};
    *wanted = true;
    for (size_t i = 0; value && i < 3; i++) {
        if (strcmp(value, yes[i]) == 0)
            return true;
        if (strcmp(value, no[i]) == 0) {
            *wanted = false;
            return true;
        }
    }
    return !value || err_set(err, ERR_USAGE, "%s is yes or no, not \"%.40s\"", name, value);
}

static bool set_line(struct options *o, const struct line *l, struct err *err) {
    if (l->key)
        return set_key(o, l, err);
    bool elsewhere;
    const char *argument;
    if (!option_known(o, l->name, &argument, &elsewhere))
        return err_set(err, ERR_USAGE, "there is no option \"%.40s\"", l->name);
    if (elsewhere)
        return true;
    bool wanted = true;
    if (!argument && (!flag_wanted(l->value, &wanted, l->name, err) || !wanted))
        return wanted ? false : true;
    if (argument && (!l->value || !*l->value))
        return err_set(err, ERR_USAGE, "%s needs a value: %s", l->name, argument);
    return option_set(o, l->name, l->value, err);
}

static void read_line(struct options *o, char *text, const char *file, int number, struct str *warnings) {
    struct line l;
    struct err err = {0};
    char *body = trimmed(text);
    if (*body == '\0' || *body == '#')
        return;
    take_apart(&l, body);
    if (*l.name == '\0' || set_line(o, &l, &err))
        return;
    char *clean = text_cleaned(err.message);
    str_add_f(warnings, "%s, line %d: %s\n", file, number, clean);
    free(clean);
}

void options_read_config(struct options *o, const char *text, size_t n, const char *file, struct str *warnings) {
    const char *end = text + n;
    int number = 0;
    for (const char *p = text; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        char *line = mem_strndup(p, (size_t)(stop - p));
        read_line(o, line, file, ++number, warnings);
        explicit_bzero(line, strlen(line));
        free(line);
        p = newline ? newline + 1 : end;
    }
}

char *options_config_path(void) {
    const char *base = getenv("XDG_CONFIG_HOME");
    if (base && *base == '/')
        return mem_printf("%s/domicile/config", base);
    const char *home = getenv("HOME");
    return home && *home ? mem_printf("%s/.config/domicile/config", home) : NULL;
}
