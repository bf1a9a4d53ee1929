/* command: the table of everything that a user can ask for. */
#include "domicile/command/command.h"

#include <string.h>

enum { P = CONTEXT_PANES, D = CONTEXT_DIALOG, F = CONTEXT_FORM };

static const struct command table[] = {
    {COMMAND_UP, "up", NULL, "Up k", P | D, "one line up", NULL, 0, false},
    {COMMAND_DOWN, "down", NULL, "Down j", P | D, "one line down", NULL, 0, false},
    {COMMAND_LEFT, "left", NULL, "Left h", P | D, "to the left, or one page of rows back", NULL, 0, false},
    {COMMAND_RIGHT, "right", NULL, "Right l", P | D, "to the right, or one page of rows on", NULL, 0, false},
    {COMMAND_PAGE_UP, "page-up", NULL, "PgUp C-b", P | D, "one screen up", NULL, 0, false},
    {COMMAND_PAGE_DOWN, "page-down", NULL, "PgDn C-f", P | D, "one screen down", NULL, 0, false},
    {COMMAND_HOME, "home", NULL, "Home g", P | D, "to the first line", NULL, 0, false},
    {COMMAND_END, "end", NULL, "End G", P | D, "to the last line", NULL, 0, false},
    {COMMAND_NEXT_PANE, "next", NULL, "Tab", P | D | F, "to the next pane or field", NULL, 0, false},
    {COMMAND_PREVIOUS_PANE, "previous", NULL, "S-Tab", P | D | F, "to the previous pane or field", NULL, 0, false},
    {COMMAND_PANE_REGIONS, "regions", NULL, "1", P, "to the Regions pane", NULL, 0, false},
    {COMMAND_PANE_TABLES, "tables", NULL, "2", P, "to the Tables pane", NULL, 0, false},
    {COMMAND_PANE_ROWS, "rows", NULL, "3", P, "to the Rows pane", NULL, 0, false},
    {COMMAND_PANE_REPORT, "report", NULL, "4", P, "to the Report pane", NULL, 0, false},
    {COMMAND_PANE_FEED, "feed", NULL, "5", P, "to the Feed pane", NULL, 0, false},
    {COMMAND_OPEN, "open", NULL, "Enter", P | D | F,
        "open what is selected: a row's passport, a region's nodes, a table's zone configuration", "passport", 30,
        false},
    {COMMAND_BACK, "back", NULL, "Esc", P | D | F, "close the dialog; cancel the statement that runs", NULL, 0, false},
    {COMMAND_INSERT, "insert", NULL, "i", P, "insert a row and watch where it lands", "insert", 10, true},
    {COMMAND_PLACEMENT, "placement", "default|restricted", "p", P,
        "change the placement policy, after a look at what it would do", "placement", 20, true},
    {COMMAND_FILTER, "filter", "text", "/", P, "show only rows (or tables) that contain a text", "filter", 40, false},
    {COMMAND_NEXT_MATCH, "next-match", NULL, "n", P, "to the next line that is abroad", NULL, 0, false},
    {COMMAND_PREVIOUS_MATCH, "previous-match", NULL, "N", P, "to the previous line that is abroad", NULL, 0, false},
    {COMMAND_MATRIX, "matrix", NULL, "m", P, "placement matrix: tables and partitions by regions", "matrix", 50, false},
    {COMMAND_ZOOM, "zoom", NULL, "z", P, "give one pane the whole screen, and back", "zoom", 60, false},
    {COMMAND_FREEZE, "freeze", NULL, "Space", P, "freeze the picture, and let it go on", "freeze", 70, false},
    {COMMAND_WHY, "why", NULL, "w", P, "why the database's report and this verdict differ", "why", 75, false},
    {COMMAND_DATABASES, "databases", NULL, "d", P, "look at another database", "databases", 80, false},
    {COMMAND_FAILURES, "failures", NULL, "s", P, "stop and start nodes and regions, where the server offers it", NULL,
        0, true},
    {COMMAND_REFRESH, "refresh", NULL, "r", P, "ask for everything again; connect at once", NULL, 0, false},
    {COMMAND_COPY, "copy", NULL, "y", P | D, "copy what is selected, or the SQL shown", NULL, 0, false},
    {COMMAND_LIT_LONGER, "lit-longer", NULL, "+", P, "changes stay lit longer", NULL, 0, false},
    {COMMAND_LIT_SHORTER, "lit-shorter", NULL, "-", P, "changes stay lit shorter", NULL, 0, false},
    {COMMAND_REPAINT, "repaint", NULL, "C-l", P | D | F, "paint the screen anew", NULL, 0, false},
    {COMMAND_SUSPEND, "suspend", NULL, "C-z", P | D | F, "suspend the program", NULL, 0, false},
    {COMMAND_LINE, "command", NULL, ":", P, "the console: commands by their names, and SQL", "console", 15, false},
    {COMMAND_THEME, "theme", "default|mono|high-contrast", "", P, "change the colours", NULL, 0, false},
    {COMMAND_EXPORT, "export", "file.csv|file.json", "", P,
        "write the console's newest result into a file; export! overwrites one", NULL, 0, false},
    {COMMAND_CLEAR, "clear", NULL, "", P, "forget what the console shows", NULL, 0, false},
    {COMMAND_HELP, "help", NULL, "? F1", P | D, "this list of keys", "help", 5, false},
    {COMMAND_QUIT, "quit", NULL, "q C-c", P, "leave; C-c first cancels what runs", "quit", 6, false},
};

const struct command *command_table(size_t *n) {
    *n = sizeof table / sizeof *table;
    return table;
}

const struct command *command_get(enum command_id id) {
    return id > COMMAND_NONE && id < COMMAND_COUNT ? &table[id - 1] : NULL;
}

const struct command *command_by_name(const char *name, size_t n) {
    const struct command *found = NULL;
    for (size_t i = 0; n > 0 && i < sizeof table / sizeof *table; i++) {
        if (strncmp(table[i].name, name, n) != 0)
            continue;
        if (table[i].name[n] == '\0')
            return &table[i];
        if (found)
            return NULL;
        found = &table[i];
    }
    return found;
}

static bool is_motion(enum command_id id) { return id <= COMMAND_PREVIOUS_PANE; }

const struct command *command_of_line(const char *line, const char **argument) {
    *argument = NULL;
    line += strspn(line, " \t\n");
    size_t n = strcspn(line, " \t\n!");
    const char *rest = line + n + strspn(line + n, " \t\n");
    const struct command *c = command_by_name(line, n);
    bool ends = strchr(line, ';') != NULL;
    if (!c || ends || is_motion(c->id) || strlen(c->name) != n || (*rest && !c->argument))
        return NULL;
    *argument = *rest ? rest : NULL;
    return c;
}
