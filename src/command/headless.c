/* headless: the commands for scripts and their options. */
#include "domicile/command/headless.h"

#include "domicile/base/mem.h"
#include "domicile/command/option.h"

#include <stdlib.h>
#include <string.h>

enum {
    EVERY = HEADLESS_DBNAME | HEADLESS_DATABASE | HEADLESS_INTERNALS | HEADLESS_TIMEOUT | HEADLESS_HELP,
    ANSWER = EVERY | HEADLESS_FORMAT | HEADLESS_ASCII,
    CHANGE = ANSWER | HEADLESS_YES,
};

static const struct headless_option options[] = {
    {HEADLESS_DBNAME, "dbname", 'd', "CONNINFO",
        "the server: a URL or keyword=value pairs; else the last argument, else PGHOST and its kin"},
    {HEADLESS_DATABASE, "database", 0, "NAME", "another database than the connection's"},
    {HEADLESS_TABLE, "table", 0, "TABLE", "only this table"},
    {HEADLESS_FORMAT, "format", 0, "FORMAT", "table (default), json, ndjson or csv"},
    {HEADLESS_ASCII, "ascii", 0, NULL, "mark what is cut with ~"},
    {HEADLESS_INTERNALS, "unsafe-internals", 0, NULL,
        "set allow_unsafe_internals in our own sessions (25.4 and later)"},
    {HEADLESS_READ_ONLY, "read-only", 0, NULL, "each statement alone in a read-only transaction"},
    {HEADLESS_YES, "yes", 'y', NULL, "do not ask before a change; needed where nobody can be asked"},
    {HEADLESS_NO_WAIT, "no-wait", 0, NULL, "do not wait for the replicas"},
    {HEADLESS_UNTIL, "until", 0, "home", "wait until every replica is home"},
    {HEADLESS_CONFORMANCE, "conformance", 0, NULL, "check conformance with the zone configurations, too"},
    {HEADLESS_MAX_AGE, "max-age", 0, "SECONDS", "cannot tell when what the answer rests on is older"},
    {HEADLESS_TIMEOUT, "timeout", 0, "SECONDS", "give up after so long"},
    {HEADLESS_FOR, "for", 0, "SECONDS", "end after so long"},
    {HEADLESS_COUNT, "count", 0, NULL, "count rows exactly, region by region"},
    {HEADLESS_GATEWAY, "gateway", 0, "REGION=CONNINFO", "how to reach a region (may be repeated)"},
    {HEADLESS_THROUGH, "through", 0, "REGION", "send it through a node of this region"},
    {HEADLESS_COMMAND, "command", 'c', "STATEMENT", "run this (may be repeated)"},
    {HEADLESS_FILE, "file", 'f', "FILE", "run the statements of a file; - is standard input"},
    {HEADLESS_VARIABLE, "variable", 'v', "NAME=VALUE", "what :NAME, :'NAME' and :\"NAME\" stand for (may be repeated)"},
    {HEADLESS_HELP, "help", 'h', NULL, "show this"},
};
enum { OPTIONS = sizeof options / sizeof *options };

static const struct headless_command commands[] = {
    {"regions", "", 0, 0, "Regions of the database and the cluster: role, nodes, ranges, leases, replicas abroad",
        ANSWER, false},
    {"tables", "", 0, 0, "Tables of the database: locality, ranges, rows, verdict", ANSWER, false},
    {"rows", "TABLE", 1, 1, "Rows of a table: home region, range, replicas, verdict", ANSWER, false},
    {"ranges", "[TABLE]", 0, 1, "Ranges of the database or of one table: replicas, leaseholder, verdicts", ANSWER,
        false},
    {"report", "", 0, 0, "Domicile's own counts beside CockroachDB's replication report", ANSWER, false},
    {"passport", "TABLE KEY", 2, -1,
        "Everything known about one row: key, range, home, replicas, zone configuration, verdict", ANSWER, false},
    {"plan", "STATEMENT…", 1, -1,
        "What a change of placement, survival, regions or locality would do: exit 0 it can run, 1 refused, 2 cannot "
        "tell",
        ANSWER, false},
    {"placement", "restricted|default", 1, 1,
        "Change the placement policy, and wait until the replicas are where they belong", CHANGE | HEADLESS_NO_WAIT,
        true},
    {"insert", "TABLE COLUMN=VALUE…", 2, -1, "Insert a row, and tell where it landed",
        CHANGE | HEADLESS_GATEWAY | HEADLESS_THROUGH | HEADLESS_NO_WAIT, true},
    {"watch", "", 0, 0, "Each event as it happens, a line each", ANSWER | HEADLESS_FOR | HEADLESS_TABLE, false},
    {"check", "", 0, 0, "Whether every range that holds rows is at home: exit 0 yes, 1 no, 2 cannot tell",
        ANSWER | HEADLESS_TABLE | HEADLESS_UNTIL | HEADLESS_MAX_AGE | HEADLESS_CONFORMANCE, false},
    {"evidence", "", 0, 0,
        "A dated statement of where every range is, for auditors, as Markdown or JSON: exit codes as check",
        ANSWER | HEADLESS_COUNT, false},
    {"sql", "", 0, 0, "Run statements from -c, -f or standard input; the first error ends it",
        ANSWER | HEADLESS_COMMAND | HEADLESS_FILE | HEADLESS_VARIABLE | HEADLESS_READ_ONLY, false},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

const struct headless_option *headless_option_table(size_t *n) {
    *n = OPTIONS;
    return options;
}

const struct headless_command *headless_command_table(size_t *n) {
    *n = COMMANDS;
    return commands;
}

const struct headless_command *headless_command_find(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static bool is_url(const char *s) { return str_starts(s, "postgresql://") || str_starts(s, "postgres://"); }

static const struct headless_option *find(const struct headless_command *c, const char *name, size_t n, char letter) {
    for (size_t i = 0; i < OPTIONS; i++)
        if ((c->options & (unsigned)options[i].id) && (letter ? options[i].letter == letter
                : strlen(options[i].name) == n && memcmp(options[i].name, name, n) == 0))
            return &options[i];
    return NULL;
}

/* "30", "30s", "2m", "500ms". */
static bool read_time(usec *out, const char *text, const char *option, struct err *err) {
    static const struct {
        const char *unit;
        double scale;
    } units[] = {{"", USEC_PER_SEC}, {"s", USEC_PER_SEC}, {"ms", USEC_PER_MS}, {"m", 60.0 * USEC_PER_SEC},
        {"h", 3600.0 * USEC_PER_SEC}};
    char *end;
    double v = strtod(text, &end);
    for (size_t i = 0; end != text && v >= 0 && v < 1e9 && i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].unit) == 0) {
            *out = (usec)(v * units[i].scale);
            return true;
        }
    return err_set(err, ERR_USAGE, "--%s needs a time such as 30s or 2m, and \"%.60s\" is none", option, text);
}

static bool read_pair(struct headless_pair *p, const char *text, const char *option, struct err *err) {
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return err_set(err, ERR_USAGE, "--%s needs NAME=VALUE, not \"%.60s\"", option, text);
    *p = (struct headless_pair){mem_strndup(text, (size_t)(equals - text)), mem_strdup(equals + 1)};
    return true;
}

static void put(char **to, const char *value) {
    free(*to);
    *to = mem_strdup(value);
}

static bool set(struct headless_options *o, const struct headless_option *row, char *value, struct err *err) {
    struct headless_pair pair;
    switch (row->id) {
    case HEADLESS_DBNAME:
        put(&o->conninfo, value);
        options_wipe(value);
        return true;
    case HEADLESS_FORMAT: put(&o->format, value); return true;
    case HEADLESS_ASCII: o->ascii = true; return true;
    case HEADLESS_INTERNALS: o->unsafe_internals = true; return true;
    case HEADLESS_HELP: o->help = true; return true;
    case HEADLESS_YES: o->yes = true; return true;
    case HEADLESS_DATABASE: put(&o->database, value); return true;
    case HEADLESS_TABLE: put(&o->table, value); return true;
    case HEADLESS_CONFORMANCE: o->conformance = true; return true;
    case HEADLESS_COUNT: o->count = true; return true;
    case HEADLESS_READ_ONLY: o->read_only = true; return true;
    case HEADLESS_NO_WAIT: o->no_wait = true; return true;
    case HEADLESS_FILE: put(&o->file, value); return true;
    case HEADLESS_THROUGH: put(&o->through, value); return true;
    case HEADLESS_COMMAND: vec_push(&o->statements, mem_strdup(value)); return true;
    case HEADLESS_UNTIL:
        o->until_home = strcmp(value, "home") == 0;
        return o->until_home || err_set(err, ERR_USAGE, "--until knows only \"home\", not \"%.60s\"", value);
    case HEADLESS_TIMEOUT: return read_time(&o->timeout, value, row->name, err);
    case HEADLESS_MAX_AGE: return read_time(&o->max_age, value, row->name, err);
    case HEADLESS_FOR: return read_time(&o->how_long, value, row->name, err);
    case HEADLESS_VARIABLE:
        if (!read_pair(&pair, value, row->name, err))
            return false;
        vec_push(&o->variables, pair);
        return true;
    case HEADLESS_GATEWAY:
        if (!read_pair(&pair, value, row->name, err))
            return false;
        vec_push(&o->gateways, pair);
        options_wipe(value);
        return true;
    }
    return true;
}

/* "--name value", "--name=value", "-d value", "-dvalue"; *i moves on when the value is the next argument. */
static bool read_option(struct headless_options *o, int argc, char **argv, int *i, struct err *err) {
    char *text = argv[*i];
    bool is_long = text[1] == '-';
    char *equals = is_long ? strchr(text, '=') : NULL;
    size_t n = is_long ? (equals ? (size_t)(equals - text) : strlen(text)) - 2 : 0;
    const struct headless_option *row = find(o->command, text + 2, n, is_long ? '\0' : text[1]);
    char *value = is_long ? (equals ? equals + 1 : NULL) : (text[1] && text[2] ? text + 2 : NULL);
    if (!row || (!row->argument && value)) {
        options_wipe(text);
        err_set(err, ERR_USAGE, "unknown option %.80s", text);
        return err_hint(err, "\"domicile %s --help\" lists the options", o->command->name);
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
        options_wipe(text);
        return true;
    }
    if (o->command->most < 0 || o->arguments.len < (size_t)o->command->most) {
        vec_push(&o->arguments, mem_strdup(text));
        return true;
    }
    options_wipe(text);
    err_set(err, ERR_USAGE, "unexpected argument \"%.80s\"", text);
    return err_hint(err, "the server is given as postgresql://... or with -d");
}

bool headless_options_parse(struct headless_options *o, int argc, char **argv, struct err *err) {
    *o = (struct headless_options){.command = argc > 1 ? headless_command_find(argv[1]) : NULL};
    if (!o->command)
        return err_set(err, ERR_USAGE, "no command was given");
    bool ok = true;
    bool words = false; /* behind -- */
    for (int i = 2; i < argc; i++) {
        bool option = !words && argv[i][0] == '-' && argv[i][1] != '\0';
        /* All of argv is read even after an error, so that no password stays in it. */
        if (option && strcmp(argv[i], "--") == 0)
            words = true;
        else if (ok)
            ok = option ? read_option(o, argc, argv, &i, err) : read_argument(o, argv[i], err);
        else
            options_wipe(argv[i]);
    }
    if (ok && !o->help && o->arguments.len < (size_t)o->command->least) {
        err_set(err, ERR_USAGE, "\"%s\" needs %s", o->command->name, o->command->arguments);
        return err_hint(err, "\"domicile %s --help\" says more", o->command->name);
    }
    return ok;
}

static void free_pair(struct headless_pair *p) {
    free(p->name);
    explicit_bzero(p->value, strlen(p->value));
    free(p->value);
}

void headless_options_free(struct headless_options *o) {
    if (o->conninfo)
        explicit_bzero(o->conninfo, strlen(o->conninfo));
    char *texts[] = {o->conninfo, o->format, o->database, o->table, o->file, o->through};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    for (size_t i = 0; i < o->arguments.len; i++)
        free(o->arguments.items[i]);
    for (size_t i = 0; i < o->statements.len; i++)
        free(o->statements.items[i]);
    for (size_t i = 0; i < o->variables.len; i++)
        free_pair(&o->variables.items[i]);
    for (size_t i = 0; i < o->gateways.len; i++)
        free_pair(&o->gateways.items[i]);
    vec_free(&o->arguments);
    vec_free(&o->statements);
    vec_free(&o->variables);
    vec_free(&o->gateways);
}

void headless_options_help(struct str *out, const struct headless_command *c) {
    str_add_f(out, "usage: domicile %s%s%s [options] [postgresql://...]\n\n%s.\n\noptions:\n", c->name,
        *c->arguments ? " " : "", c->arguments, c->help);
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct headless_option *o = &options[i];
        if (!(c->options & (unsigned)o->id))
            continue;
        char *name = mem_printf("--%s%s%s", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        str_add_f(out, "  %c%c%c %-26s %s\n", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
            o->letter ? ',' : ' ', name, o->help);
        free(name);
    }
}

void headless_commands_help(struct str *out) {
    for (size_t i = 0; i < COMMANDS; i++) {
        const struct headless_command *c = &commands[i];
        char *usage = mem_printf("%s%s%s", c->name, *c->arguments ? " " : "", c->arguments);
        /* … takes three bytes and one column. */
        int width = 30 + (strstr(usage, "…") ? 2 : 0);
        str_add_f(out, "  domicile %-*s %s\n", width, usage, c->help);
        free(usage);
    }
}
