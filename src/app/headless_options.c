/* headless_options: a small table of options, and the arguments. */
#include "headless_options.h"

#include <stdlib.h>
#include <string.h>

enum { OPTION_DATABASE, OPTION_FORMAT, OPTION_PLAIN, OPTION_INTERNALS, OPTION_USAGE };

static const struct option_line {
    const char *name;
    char letter;          /* 0 none */
    const char *argument; /* NULL: takes none */
    const char *help;
    int id;
} table[] = {
    {"dbname", 'd', "CONNINFO",
        "the server: a URL or keyword=value pairs; else the last argument, else PGHOST and its kin",
        OPTION_DATABASE},
    {"format", 0, "FORMAT", "table (default), json, ndjson or csv", OPTION_FORMAT},
    {"ascii", 0, NULL, "mark what is cut with ~", OPTION_PLAIN},
    {"unsafe-internals", 0, NULL, "set allow_unsafe_internals in our own sessions (25.4 and later)",
        OPTION_INTERNALS},
    {"help", 'h', NULL, "show this", OPTION_USAGE},
};
enum { ROWS = sizeof table / sizeof *table };

static bool is_url(const char *s) { return str_starts(s, "postgresql://") || str_starts(s, "postgres://"); }

/* ps shows arguments to everybody: the secret goes, its length stays. */
static void wipe(char *argument) {
    char *colon = is_url(argument) ? strchr(strstr(argument, "://") + 3, ':') : NULL;
    char *end = colon ? argument + strcspn(argument, "?") : NULL;
    char *at = colon ? memrchr(argument, '@', (size_t)(end - argument)) : NULL;
    if (at && colon < at)
        memset(colon + 1, 'x', (size_t)(at - colon) - 1);
    for (char *p = argument; (p = strstr(p, "password")) != NULL;) {
        p += strlen("password");
        p += strspn(p, " ");
        if (*p != '=')
            continue;
        p += 1 + strspn(p + 1, " ");
        char quote = *p == '\'' ? *p++ : '\0';
        size_t n = quote ? strcspn(p, "'") : strcspn(p, "& ");
        memset(p, 'x', n);
        p += n;
    }
}

static const struct option_line *find(const char *name, size_t n, char letter) {
    for (size_t i = 0; i < ROWS; i++)
        if (letter ? table[i].letter == letter
                   : strlen(table[i].name) == n && memcmp(table[i].name, name, n) == 0)
            return &table[i];
    return NULL;
}

static bool set(struct headless_options *o, const struct option_line *row, char *value, struct err *err) {
    switch (row->id) {
    case OPTION_DATABASE:
        free(o->conninfo);
        o->conninfo = mem_strdup(value);
        wipe(value);
        return true;
    case OPTION_FORMAT: return output_format_parse(&o->format, value, err);
    case OPTION_PLAIN: o->ascii = true; return true;
    case OPTION_INTERNALS: o->unsafe_internals = true; return true;
    case OPTION_USAGE: o->help = true; return true;
    }
    return true;
}

/* "--name value", "--name=value", "-d value", "-dvalue"; *i moves on when the value is the next argument. */
static bool read_option(struct headless_options *o, int argc, char **argv, int *i, struct err *err) {
    char *text = argv[*i];
    bool is_long = text[1] == '-';
    char *equals = is_long ? strchr(text, '=') : NULL;
    size_t n = is_long ? (equals ? (size_t)(equals - text) : strlen(text)) - 2 : 0;
    const struct option_line *row = find(text + 2, n, is_long ? '\0' : text[1]);
    char *value = is_long ? (equals ? equals + 1 : NULL) : (text[1] && text[2] ? text + 2 : NULL);
    if (!row || (!row->argument && value)) {
        err_set(err, ERR_USAGE, "unknown option %.80s", text);
        return err_hint(err, "\"domicile %s --help\" lists the options", o->answer->name);
    }
    if (row->argument && !value) {
        if (*i + 1 >= argc)
            return err_set(err, ERR_USAGE, "--%s needs a value: %s", row->name, row->argument);
        value = argv[++*i];
    }
    return set(o, row, value, err);
}

static bool read_argument(struct headless_options *o, char *text, struct err *err) {
    if (is_url(text) && !o->conninfo) {
        o->conninfo = mem_strdup(text);
        wipe(text);
        return true;
    }
    if (o->answer->argument && !o->table) {
        o->table = mem_strdup(text);
        return true;
    }
    wipe(text);
    err_set(err, ERR_USAGE, "unexpected argument \"%.80s\"", text);
    return err_hint(err, "the server is given as postgresql://... or with -d");
}

bool headless_options_parse(struct headless_options *o, int argc, char **argv, struct err *err) {
    *o = (struct headless_options){.answer = argc > 1 ? answer_find(argv[1]) : NULL};
    if (!o->answer)
        return err_set(err, ERR_USAGE, "no command was given");
    bool ok = true;
    for (int i = 2; i < argc; i++) {
        bool option = argv[i][0] == '-' && argv[i][1] != '\0';
        /* All of argv is read even after an error, so that no password stays in it. */
        if (ok)
            ok = option ? read_option(o, argc, argv, &i, err) : read_argument(o, argv[i], err);
        else
            wipe(argv[i]);
    }
    if (ok && !o->help && !o->table && o->answer->argument && o->answer->argument[0] != '[') {
        err_set(err, ERR_USAGE, "\"%s\" needs the name of a table", o->answer->name);
        return err_hint(err, "\"domicile tables\" lists those there are");
    }
    return ok;
}

void headless_options_free(struct headless_options *o) {
    if (o->conninfo)
        explicit_bzero(o->conninfo, strlen(o->conninfo));
    free(o->conninfo);
    free(o->table);
}

void headless_options_help(struct str *out, const struct answer *a) {
    str_add_f(out, "usage: domicile %s%s%s [OPTIONS] [postgresql://...]\n\n%s.\n\n", a->name,
        a->argument ? " " : "", a->argument ? a->argument : "", a->help);
    for (size_t i = 0; i < ROWS; i++) {
        char *name = mem_printf("--%s%s%s", table[i].name, table[i].argument ? " " : "",
            table[i].argument ? table[i].argument : "");
        str_add_f(out, "  %c%c%c %-22s %s\n", table[i].letter ? '-' : ' ',
            table[i].letter ? table[i].letter : ' ', table[i].letter ? ',' : ' ', name, table[i].help);
        free(name);
    }
}
