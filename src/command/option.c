/* option: the command line. */
#include "domicile/command/option.h"

#include "config.h"
#include "domicile/base/mem.h"
#include "domicile/command/command.h"
#include "domicile/command/headless.h"
#include "domicile/command/keymap.h"
#include "option_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_LIT = 5 * USEC_PER_SEC, DEFAULT_ESCAPE = 50 * USEC_PER_MS };

enum { ALL = PROGRAM_EXPLORE | PROGRAM_DEMO | PROGRAM_SANDBOX, SCREEN = PROGRAM_EXPLORE | PROGRAM_DEMO };

static const struct option_row rows[] = {
    {OPTION_DBNAME, "dbname", 'd', "CONNINFO", "the server, as a URL or in libpq's keyword=value form",
        PROGRAM_EXPLORE},
    {OPTION_GATEWAY, "gateway", 0, "REGION=CONNINFO",
        "how to reach a region: for round trips and inserts (may be repeated)", PROGRAM_EXPLORE},
    {OPTION_READ_ONLY, "read-only", 0, NULL,
        "every session is read-only on the server, and nothing is offered that changes", SCREEN},
    {OPTION_UNSAFE_INTERNALS, "unsafe-internals", 0, NULL, "set allow_unsafe_internals in this program's own sessions",
        SCREEN},
    {OPTION_REFRESH, "refresh", 0, "SECONDS", "how often the picture is read, if the cluster can bear it", SCREEN},
    {OPTION_COLOR, "color", 0, "auto|always|never", "colours; NO_COLOR is honoured", SCREEN},
    {OPTION_THEME, "theme", 0, "NAME", "default, mono or high-contrast", SCREEN},
    {OPTION_ASCII, "ascii", 0, NULL, "draw with ASCII characters alone", SCREEN},
    {OPTION_NO_MOUSE, "no-mouse", 0, NULL, "leave the mouse to the terminal", SCREEN},
    {OPTION_LIT, "lit", 0, "SECONDS", "how long changes stay lit", SCREEN},
    {OPTION_ESCAPE_DELAY, "escape-delay", 0, "MILLISECONDS", "a lone Esc is a key after so long", SCREEN},
    {OPTION_LOG, "log", 0, "FILE", "write a debug log, without secrets", SCREEN},
    {OPTION_STATS, "stats", 0, NULL, "say at the end how long turns were and how much was painted", SCREEN},
    {OPTION_HELP, "help", 'h', NULL, "this text", ALL},
    {OPTION_VERSION, "version", 'V', NULL, "the version", ALL},
};

const struct option_row *option_table(size_t *n) {
    *n = sizeof rows / sizeof *rows;
    return rows;
}

/* Overwrites what follows the user's name in "://user:password@". */
static void wipe_uri(char *uri) {
    char *begin = strstr(uri, "://");
    if (!begin)
        return;
    begin += 3;
    size_t authority = strcspn(begin, "/?");
    char *at = memrchr(begin, '@', authority);
    char *colon = at ? memchr(begin, ':', (size_t)(at - begin)) : NULL;
    if (colon)
        memset(colon + 1, 'x', (size_t)(at - colon) - 1);
}

/* Overwrites the values of password=… and sslpassword=…, in a URI's query or a conninfo. */
static void wipe_keywords(char *text) {
    for (char *p = text; (p = strstr(p, "password")) != NULL;) {
        p += strlen("password");
        p += strspn(p, " ");
        if (*p != '=')
            continue;
        p++;
        p += strspn(p, " ");
        bool quoted = *p == '\'';
        p += quoted;
        for (; *p && (quoted ? *p != '\'' : *p != ' ' && *p != '&'); p++) {
            if (*p == '\\' && p[1])
                *p++ = 'x';
            *p = 'x';
        }
    }
}

void options_wipe(char *argument) {
    wipe_uri(argument);
    wipe_keywords(argument);
}

static bool is_uri(const char *s) { return str_starts(s, "postgresql://") || str_starts(s, "postgres://"); }

static bool read_number(const char *text, double scale, usec *out, const char *option, struct err *err) {
    char *end;
    double v = strtod(text, &end);
    if (end == text || *end != '\0' || v < 0 || v > 1e6)
        return err_set(err, ERR_USAGE, "--%s needs a number, and \"%s\" is none", option, text);
    *out = (usec)(v * scale);
    return true;
}

static bool set_gateway(struct options *o, const char *value, struct err *err) {
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || equals[1] == '\0')
        return err_set(err, ERR_USAGE,
            "--gateway needs REGION=CONNINFO, for example 'eu-west-1=host=10.0.1.7 port=26257', not \"%s\"", value);
    struct gateway_option g = {mem_strndup(value, (size_t)(equals - value)), mem_strdup(equals + 1)};
    vec_push(&o->gateways, g);
    return true;
}

static bool set_color(struct options *o, const char *value, struct err *err) {
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++)
        if (strcmp(names[i], value) == 0) {
            o->color = (enum color_when)i;
            return true;
        }
    return err_set(err, ERR_USAGE, "--color is auto, always or never, not \"%s\"", value);
}

static bool set_option(struct options *o, int id, const char *value, struct err *err) {
    switch (id) {
    case OPTION_DBNAME:
        free(o->conninfo);
        o->conninfo = mem_strdup(value);
        return true;
    case OPTION_GATEWAY: return set_gateway(o, value, err);
    case OPTION_READ_ONLY: o->read_only = true; return true;
    case OPTION_UNSAFE_INTERNALS: o->unsafe_internals = true; return true;
    case OPTION_REFRESH: return read_number(value, USEC_PER_SEC, &o->refresh, "refresh", err);
    case OPTION_COLOR: return set_color(o, value, err);
    case OPTION_THEME:
        free(o->theme);
        o->theme = mem_strdup(value);
        return true;
    case OPTION_ASCII: o->ascii = true; return true;
    case OPTION_NO_MOUSE: o->no_mouse = true; return true;
    case OPTION_LIT: return read_number(value, USEC_PER_SEC, &o->lit, "lit", err);
    case OPTION_ESCAPE_DELAY: return read_number(value, USEC_PER_MS, &o->escape_delay, "escape-delay", err);
    case OPTION_LOG:
        free(o->log);
        o->log = mem_strdup(value);
        return true;
    case OPTION_STATS: o->stats = true; return true;
    case OPTION_HELP: o->help = true; return true;
    case OPTION_VERSION: o->version = true; return true;
    }
    return err_set(err, ERR_INTERNAL, "option %d is not handled", id);
}

static const struct option_row *find_row(const struct options *o, const char *name, size_t n, char letter) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool same = letter ? rows[i].letter == letter
            : strlen(rows[i].name) == n && strncmp(rows[i].name, name, n) == 0;
        if (same && (rows[i].commands & o->command))
            return &rows[i];
    }
    return NULL;
}

/* Forgets the first n gateways. */
static void drop_gateways_before(struct options *o, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(o->gateways.items[i].region);
        free(o->gateways.items[i].conninfo);
    }
    o->gateways.len -= n;
    memmove(o->gateways.items, o->gateways.items + n, o->gateways.len * sizeof *o->gateways.items);
}

static const struct sandbox_option *find_sandbox(const struct options *o, const char *name, size_t n) {
    if (!(o->command & (PROGRAM_DEMO | PROGRAM_SANDBOX)))
        return NULL;
    for (const struct sandbox_option *s = sandbox_option_table(); s->name; s++)
        if (strlen(s->name) == n && strncmp(s->name, name, n) == 0)
            return s;
    return NULL;
}

bool option_known(const struct options *o, const char *name, const char **argument, bool *elsewhere) {
    size_t n = strlen(name);
    const struct option_row *row = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0 && rows[i].id != OPTION_HELP && rows[i].id != OPTION_VERSION)
            row = &rows[i];
    const struct options any = {.command = PROGRAM_SANDBOX};
    const struct sandbox_option *own = row ? NULL : find_sandbox(&any, name, n);
    if (!row && !own)
        return false;
    *argument = row ? row->argument : own->argument;
    *elsewhere = row ? !(row->commands & o->command) : !find_sandbox(o, name, n);
    return true;
}

bool option_set(struct options *o, const char *name, const char *value, struct err *err) {
    const struct option_row *row = find_row(o, name, strlen(name), '\0');
    return row ? set_option(o, row->id, value, err) : sandbox_option_set(&o->sandbox, name, value, err);
}

/* One option at argv[i]; *i is left on the last argument taken. */
static bool take_option(struct options *o, int argc, char **argv, int *i, struct err *err) {
    const char *word = argv[*i];
    bool lengthy = word[1] == '-';
    const char *name = word + (lengthy ? 2 : 1);
    size_t n = lengthy ? strcspn(name, "=") : 1;
    const struct option_row *row = find_row(o, name, n, lengthy ? '\0' : *name);
    const struct sandbox_option *own = row || !lengthy ? NULL : find_sandbox(o, name, n);
    if (!row && !own) {
        err_set(err, ERR_USAGE, "there is no option %.*s%s", (int)(n + (lengthy ? 2 : 1)), word,
            o->command == PROGRAM_SANDBOX ? " of domicile sandbox"
                : o->command == PROGRAM_DEMO ? " of domicile demo"
                : "");
        return err_hint(err, "domicile --help lists the options");
    }
    bool needs = row ? row->argument != NULL : own->argument != NULL;
    const char *value = name[n] == '=' && lengthy ? name + n + 1 : !lengthy && name[1] ? name + 1 : NULL;
    if (!needs && value)
        return err_set(err, ERR_USAGE, "%.*s takes no argument", (int)(n + (lengthy ? 2 : 1)), word);
    if (needs && !value && *i + 1 >= argc)
        return err_set(err, ERR_USAGE, "%s needs an argument: %s", word, row ? row->argument : own->argument);
    if (needs && !value)
        value = argv[++*i];
    return row ? set_option(o, row->id, value, err) : sandbox_option_set(&o->sandbox, own->name, value, err);
}

static bool take_word(struct options *o, const char *word, struct err *err) {
    if (is_uri(word) && o->command == PROGRAM_EXPLORE) {
        free(o->conninfo);
        o->conninfo = mem_strdup(word);
        return true;
    }
    err_set(err, ERR_USAGE, "\"%s\" is neither a command nor a server's URL", word);
    struct str names = {0};
    size_t n;
    const struct headless_command *commands = headless_command_table(&n);
    for (size_t i = 0; i < n; i++)
        str_add_f(&names, ", %s", commands[i].name);
    err_hint(err, "a server is named as postgresql://user@host:port/database, or with -d; the commands are demo, "
                  "sandbox%s", str_get(&names));
    str_free(&names);
    return false;
}

/* The file's text, at most a megabyte; false when there is none. */
static bool read_file(const char *path, struct str *text) {
    char buffer[4096];
    size_t n;
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    while (text->len < 1 << 20 && (n = fread(buffer, 1, sizeof buffer, f)) > 0)
        str_add_n(text, buffer, n);
    explicit_bzero(buffer, sizeof buffer);
    fclose(f);
    return true;
}

/* Mistakes in it are told and do not stop the program. */
static void read_config(struct options *o) {
    char *path = options_config_path();
    struct str text = {0};
    struct str warnings = {0};
    if (path && read_file(path, &text))
        options_read_config(o, str_get(&text), text.len, path, &warnings);
    for (char *p = warnings.data; p && *p; p += strcspn(p, "\n") + 1)
        fprintf(stderr, "domicile: %.*s\n", (int)strcspn(p, "\n"), p);
    if (text.len)
        explicit_bzero(text.data, text.len);
    str_free(&text);
    str_free(&warnings);
    free(path);
}

static bool parse(struct options *o, int argc, char **argv, struct err *err) {
    int first = 1;
    if (argc > 1 && strcmp(argv[1], "demo") == 0)
        o->command = PROGRAM_DEMO;
    else if (argc > 1 && strcmp(argv[1], "sandbox") == 0)
        o->command = PROGRAM_SANDBOX;
    first += o->command != PROGRAM_EXPLORE;
    /* The demo is for looking: its report runs often. */
    if (o->command == PROGRAM_DEMO)
        o->sandbox.report_interval = 5 * (usec)USEC_PER_SEC;
    read_config(o);
    size_t of_file = o->gateways.len;
    for (int i = first; i < argc; i++) {
        bool ok = argv[i][0] == '-' && argv[i][1] ? take_option(o, argc, argv, &i, err) : take_word(o, argv[i], err);
        if (!ok)
            return false;
        if (of_file && o->gateways.len > of_file) { /* the command line's take the place of the file's */
            drop_gateways_before(o, of_file);
            of_file = 0;
        }
    }
    return true;
}

bool options_parse(struct options *o, int argc, char **argv, struct err *err) {
    *o = (struct options){.command = PROGRAM_EXPLORE, .lit = DEFAULT_LIT, .escape_delay = DEFAULT_ESCAPE};
    sandbox_options_init(&o->sandbox);
    bool ok = parse(o, argc, argv, err);
    for (int i = 1; i < argc; i++)
        options_wipe(argv[i]);
    return ok;
}

void options_free(struct options *o) {
    free(o->conninfo);
    if (o->gateways.len)
        drop_gateways_before(o, o->gateways.len);
    vec_free(&o->gateways);
    vec_free(&o->keys);
    free(o->theme);
    free(o->log);
    sandbox_options_free(&o->sandbox);
}

static void add_row(struct str *out, const char *name, char letter, const char *argument, const char *help) {
    struct str left = {0};
    str_add(&left, "  ");
    if (letter)
        str_add_f(&left, "-%c, ", letter);
    str_add_f(&left, "--%s%s%s", name, argument ? " " : "", argument ? argument : "");
    str_add_f(out, "%-36s %s\n", str_get(&left), help);
    str_free(&left);
}

void options_help(struct str *out) {
    size_t n;
    str_add(out, "usage: domicile [options] [postgresql://user@host:port/database]\n"
        "       domicile demo [options]       the explorer on a simulated cluster\n"
        "       domicile sandbox [options]    the simulated cluster alone, for psql and applications\n\n"
        "Shows where the rows of a CockroachDB cluster physically are. Without a server,\n"
        "libpq's environment (PGHOST, PGSERVICE, …) decides.\n\noptions:\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        add_row(out, rows[i].name, rows[i].letter, rows[i].argument, rows[i].help);
    str_add(out, "\noptions of demo and sandbox:\n");
    for (const struct sandbox_option *s = sandbox_option_table(); s->name; s++)
        add_row(out, s->name, '\0', s->argument, s->help);
    str_add(out, "\nkeys:\n");
    const struct command *table = command_table(&n);
    for (size_t i = 0; i < n; i++)
        if (*table[i].keys)
            str_add_f(out, "  %-14s %s\n", table[i].keys, table[i].help);
    str_add(out,
        "\nexit codes: 0 done (check, plan, evidence: yes), 1 failed (no), 2 (cannot tell), 64 usage or no terminal,\n"
        "69 no server or not a CockroachDB, 77 not allowed, 130 interrupted\n");
}
