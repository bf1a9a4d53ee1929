/* manual: domicile(1), made from the tables of commands, options and keys. */
#include "domicile/command/manual.h"

#include "domicile/command/command.h"
#include "domicile/command/headless.h"
#include "domicile/command/option.h"

#include <string.h>

/* Hyphens that are typed must stay hyphens, and no text of a table may begin a request. */
static void add_text(struct str *out, const char *text) {
    if (*text == '.' || *text == '\'')
        str_add(out, "\\&");
    for (; *text; text++) {
        if (*text == '-')
            str_add(out, "\\-");
        else if (*text == '\\')
            str_add(out, "\\e");
        else
            str_add_char(out, *text);
    }
}

static void add_item(struct str *out, const char *name, char letter, const char *argument, const char *help) {
    str_add(out, ".TP\n\\fB");
    if (letter)
        str_add_f(out, "\\-%c\\fR, \\fB", letter);
    str_add(out, "\\-\\-");
    add_text(out, name);
    str_add(out, "\\fR");
    if (argument) {
        str_add(out, " \\fI");
        add_text(out, argument);
        str_add(out, "\\fR");
    }
    str_add_char(out, '\n');
    add_text(out, help);
    str_add_char(out, '\n');
}

static void add_command(struct str *out, const struct headless_command *c) {
    size_t n;
    const struct headless_option *options = headless_option_table(&n);
    str_add(out, ".SS \"domicile ");
    add_text(out, c->name);
    if (*c->arguments) {
        str_add_char(out, ' ');
        add_text(out, c->arguments);
    }
    str_add(out, "\"\n");
    add_text(out, c->help);
    str_add(out, ".\n");
    for (size_t i = 0; i < n; i++)
        if (c->options & (unsigned)options[i].id)
            add_item(out, options[i].name, options[i].letter, options[i].argument, options[i].help);
}

static void add_explorer(struct str *out) {
    size_t n;
    const struct option_row *rows = option_table(&n);
    str_add(out, ".SH OPTIONS OF THE EXPLORER\n");
    for (size_t i = 0; i < n; i++)
        add_item(out, rows[i].name, rows[i].letter, rows[i].argument, rows[i].help);
    str_add(out, ".SH OPTIONS OF DEMO AND SANDBOX\n");
    for (const struct sandbox_option *s = sandbox_option_table(); s->name; s++)
        add_item(out, s->name, '\0', s->argument, s->help);
    str_add(out, ".SH KEYS\n");
    const struct command *table = command_table(&n);
    for (size_t i = 0; i < n; i++) {
        if (!*table[i].keys)
            continue;
        str_add(out, ".TP\n\\fB");
        add_text(out, table[i].keys);
        str_add(out, "\\fR\n");
        add_text(out, table[i].help);
        str_add_char(out, '\n');
    }
}

static void add_end(struct str *out) {
    static const struct {
        const char *code, *means;
    } codes[] = {
        {"0", "done; of check, plan and evidence: yes"},
        {"1", "failed; of check, plan and evidence: no (something is proven abroad, a plan is refused)"},
        {"2", "check, plan and evidence cannot tell, or there is nothing to which a rule applies"},
        {"64", "the command line is wrong, or there is no terminal"},
        {"69", "no server, or not a CockroachDB"},
        {"77", "not allowed"},
        {"130", "interrupted"},
    };
    str_add(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        str_add_f(out, ".TP\n\\fB%s\\fR\n%s\n", codes[i].code, codes[i].means);
    str_add(out, ".SH FILES\n.TP\n\\fI~/.config/domicile/config\\fR\n"
        "options of the explorer, \\fINAME\\fR = \\fIVALUE\\fR a line, and keys\n"
        ".SH SEE ALSO\n.BR psql (1)\n");
}

void manual_print(struct str *out) {
    size_t n;
    const struct headless_command *commands = headless_command_table(&n);
    str_add(out, ".\\\" Made from the program's tables by tools/documents.\n.TH DOMICILE 1\n.SH NAME\n"
        "domicile \\- shows where the rows of a CockroachDB cluster physically are\n.SH SYNOPSIS\n"
        "\\fBdomicile\\fR [\\fIoptions\\fR] [\\fIpostgresql://user@host:port/database\\fR]\n.br\n"
        "\\fBdomicile demo\\fR|\\fBsandbox\\fR [\\fIoptions\\fR]\n.br\n"
        "\\fBdomicile\\fR \\fICOMMAND\\fR [\\fIoptions\\fR] [\\fIpostgresql://...\\fR]\n.SH DESCRIPTION\n"
        "Without a command it opens the explorer; \\fBdemo\\fR opens it on a simulated cluster, \\fBsandbox\\fR runs\n"
        "the simulated cluster alone. Without a server, libpq's environment (PGHOST, PGSERVICE, …) decides.\n"
        ".SH COMMANDS FOR SCRIPTS\nData goes to standard output, everything else to standard error.\n");
    for (size_t i = 0; i < n; i++)
        add_command(out, &commands[i]);
    add_explorer(out);
    add_end(out);
}
