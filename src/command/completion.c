/* completion: scripts for bash, zsh and fish, made from the tables of commands and options. */
#include "domicile/command/headless.h"
#include "domicile/command/manual.h"
#include "domicile/command/option.h"

#include <string.h>

/* Values that are known beforehand, by the option that takes them. */
static const struct {
    const char *option, *values;
} known[] = {
    {"format", "table json ndjson csv"},
    {"until", "home"},
    {"color", "auto always never"},
    {"theme", "default mono high-contrast"},
    {"compat", "22.1 26.1"},
};
enum { KNOWN = sizeof known / sizeof *known };

static const char *values_of(const char *option) {
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].option, option) == 0)
            return known[i].values;
    return NULL;
}

/* One option of one command, whatever table it is from. */
struct offer {
    const char *command; /* "": the explorer itself */
    const char *option, *argument, *help;
    char letter;
};
typedef void (*offer_fn)(struct str *out, const struct offer *o);

static void each_of_screen(struct str *out, const char *command, unsigned bit, offer_fn take) {
    size_t n;
    const struct option_row *rows = option_table(&n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].commands & bit)
            take(out, &(struct offer){command, rows[i].name, rows[i].argument, rows[i].help, rows[i].letter});
    for (const struct sandbox_option *s = sandbox_option_table(); bit != PROGRAM_EXPLORE && s->name; s++)
        take(out, &(struct offer){command, s->name, s->argument, s->help, '\0'});
}

static void each_of_command(struct str *out, const struct headless_command *c, offer_fn take) {
    size_t n;
    const struct headless_option *options = headless_option_table(&n);
    for (size_t i = 0; i < n; i++)
        if (c->options & (unsigned)options[i].id)
            take(out,
                &(struct offer){c->name, options[i].name, options[i].argument, options[i].help, options[i].letter});
}

static void add_names(struct str *out) {
    size_t n;
    const struct headless_command *commands = headless_command_table(&n);
    str_add(out, "demo sandbox");
    for (size_t i = 0; i < n; i++)
        str_add_f(out, " %s", commands[i].name);
}

static void bash_word(struct str *out, const struct offer *o) { str_add_f(out, " --%s", o->option); }

void completion_print_bash(struct str *out) {
    size_t n;
    const struct headless_command *commands = headless_command_table(&n);
    str_add(out, "# bash completion for domicile, made by tools/documents\n_domicile() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n    case $before in\n");
    for (size_t i = 0; i < KNOWN; i++)
        str_add_f(out, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", known[i].option,
            known[i].values);
    str_add(out, "    -f|--file|--log|--data|--certs) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n    esac\n"
        "    case ${COMP_WORDS[1]} in\n");
    str_add(out, "    demo) words='");
    each_of_screen(out, "demo", PROGRAM_DEMO, bash_word);
    str_add(out, "' ;;\n    sandbox) words='");
    each_of_screen(out, "sandbox", PROGRAM_SANDBOX, bash_word);
    str_add(out, "' ;;\n");
    for (size_t i = 0; i < n; i++) {
        str_add_f(out, "    %s) words='", commands[i].name);
        each_of_command(out, &commands[i], bash_word);
        str_add_f(out, "%s' ;;\n", strcmp(commands[i].name, "placement") == 0 ? " restricted default" : "");
    }
    str_add(out, "    *) words='");
    each_of_screen(out, "", PROGRAM_EXPLORE, bash_word);
    str_add(out, "'; [ \"$COMP_CWORD\" != 1 ] || words=\"");
    add_names(out);
    str_add(out, " $words\" ;;\n    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
        "complete -F _domicile domicile\n");
}

/* Within single quotes, and without what _arguments gives a meaning. */
static void add_plain(struct str *out, const char *text, const char *escaped) {
    for (; *text; text++) {
        if (*text == '\'') {
            str_add(out, "'\\''");
            continue;
        }
        if (strchr(escaped, *text))
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
}

static void zsh_word(struct str *out, const struct offer *o) {
    const char *values = values_of(o->option);
    str_add_f(out, " \\\n            '*--%s%s[", o->option, o->argument ? "=" : "");
    add_plain(out, o->help, "[]\\");
    str_add(out, "]");
    if (o->argument) {
        str_add(out, ":");
        add_plain(out, o->argument, ":\\");
        str_add_f(out, ":%s%s%s", values ? "(" : "", values ? values : "_default", values ? ")" : "");
    }
    str_add(out, "'");
}

static void zsh_case(struct str *out, const char *name) { str_add_f(out, "    %s)\n        _arguments", name); }

void completion_print_zsh(struct str *out) {
    size_t n;
    const struct headless_command *commands = headless_command_table(&n);
    str_add(out, "#compdef domicile\n# made by tools/documents\n_domicile() {\n    case ${words[2]} in\n");
    zsh_case(out, "demo");
    each_of_screen(out, "demo", PROGRAM_DEMO, zsh_word);
    str_add(out, "\n        ;;\n");
    zsh_case(out, "sandbox");
    each_of_screen(out, "sandbox", PROGRAM_SANDBOX, zsh_word);
    str_add(out, "\n        ;;\n");
    for (size_t i = 0; i < n; i++) {
        zsh_case(out, commands[i].name);
        each_of_command(out, &commands[i], zsh_word);
        str_add(out, strcmp(commands[i].name, "placement") == 0 ? " '*:policy:(restricted default)'" : "");
        str_add(out, "\n        ;;\n");
    }
    zsh_case(out, "*");
    each_of_screen(out, "", PROGRAM_EXPLORE, zsh_word);
    str_add(out, " \\\n            '1:command:(");
    add_names(out);
    str_add(out, ")'\n        ;;\n    esac\n}\n_domicile \"$@\"\n");
}

static void fish_word(struct str *out, const struct offer *o) {
    const char *values = values_of(o->option);
    str_add_f(out, "complete -c domicile -n '%s%s' -l %s",
        *o->command ? "__fish_seen_subcommand_from " : "__fish_use_subcommand", o->command, o->option);
    if (o->letter)
        str_add_f(out, " -s %c", o->letter);
    str_add(out, o->argument ? " -r" : "");
    if (values)
        str_add_f(out, " -f -a '%s'", values);
    str_add(out, " -d '");
    for (const char *p = o->help; *p; p++) {
        if (*p == '\'' || *p == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *p);
    }
    str_add(out, "'\n");
}

void completion_print_fish(struct str *out) {
    size_t n;
    const struct headless_command *commands = headless_command_table(&n);
    str_add(out, "# fish completion for domicile, made by tools/documents\ncomplete -c domicile -f\n"
        "complete -c domicile -n __fish_use_subcommand -a '");
    add_names(out);
    str_add(out, "'\ncomplete -c domicile -n '__fish_seen_subcommand_from placement' -a 'restricted default'\n");
    each_of_screen(out, "", PROGRAM_EXPLORE, fish_word);
    each_of_screen(out, "demo", PROGRAM_DEMO, fish_word);
    each_of_screen(out, "sandbox", PROGRAM_SANDBOX, fish_word);
    for (size_t i = 0; i < n; i++)
        each_of_command(out, &commands[i], fish_word);
}
