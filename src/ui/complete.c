/* complete: the words that may stand at a place of what is typed into the console. */
#include "complete.h"

#include "domicile/command/command.h"
#include "domicile/dialect/keyword.h"
#include "domicile/dialect/name.h"
#include "domicile/ui/theme.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct place {
    const struct model *m;
    const char *text;
    size_t begin, end;
    const char *word; /* what is typed of it */
    size_t n;
    char quote;       /* '"' or '\'' in front of it; 0 none */
    struct words *out;
};

/* Settings of a session that matter to where rows are, or to what a statement may cost. */
static const char *const settings[] = {"application_name", "allow_unsafe_internals", "database",
    "default_transaction_read_only", "enable_multiregion_placement_policy", "enable_super_regions",
    "idle_in_transaction_session_timeout", "kv.replication_reports.interval", "lock_timeout",
    "override_multi_region_zone_config", "search_path", "statement_timeout", "timezone", "transaction_priority"};

static void offer(struct place *p, const char *name) {
    if (strncasecmp(name, p->word, p->n) == 0)
        words_add(p->out, mem_strdup(name));
}

/* A name as it has to be written: quoted where it must be, or where a quote was begun. */
static void offer_name(struct place *p, const char *name) {
    char *text;
    if (strncasecmp(name, p->word, p->n) != 0)
        return;
    if (p->quote)
        text = mem_printf("%s%c", name, p->quote);
    else
        text = name_quoted(name);
    words_add(p->out, text);
}

/* Those that begin a statement. */
static const char *const starters[] = {"abort", "alter", "analyze", "backup", "begin", "cancel", "comment", "commit",
    "copy", "create", "deallocate", "delete", "discard", "drop", "end", "execute", "explain", "export", "fetch",
    "grant", "import", "insert", "pause", "prepare", "reassign", "refresh", "release", "reset", "restore", "resume",
    "revoke", "rollback", "savepoint", "select", "set", "show", "start", "table", "truncate", "update", "upsert", "use",
    "values", "with"};

static bool may_begin(const char *name) {
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++)
        if (strcmp(starters[i], name) == 0)
            return true;
    return false;
}

/* Keywords in the case in which they were begun. */
static void offer_keywords(struct place *p, bool first) {
    unsigned n;
    const struct keyword *k = keyword_table(&n);
    bool lower = p->n > 0 && islower((unsigned char)p->word[0]);
    if (p->n == 0 || p->quote)
        return;
    for (unsigned i = 0; i < n; i++) {
        if (strncasecmp(k[i].name, p->word, p->n) != 0 || (first && !may_begin(k[i].name)))
            continue;
        char *text = mem_strdup(k[i].name);
        for (char *c = text; *c && !lower; c++)
            *c = (char)toupper((unsigned char)*c);
        words_add(p->out, text);
    }
}

static void offer_commands(struct place *p) {
    size_t n;
    const struct command *table = command_table(&n);
    for (size_t i = 0; i < n; i++)
        if (table[i].id > COMMAND_PREVIOUS_PANE)
            offer(p, table[i].name);
}

static void offer_tables(struct place *p) {
    const struct catalog *c = snapshot_catalog(&p->m->live);
    for (size_t i = 0; c && i < c->tables.len; i++)
        offer_name(p, c->tables.items[i].name);
}

static bool names(const struct place *p, const char *name) { return strcasestr(p->text, name) != NULL; }

/* Columns of the tables that the text names; of every table when it names none. */
static void offer_columns(struct place *p) {
    const struct catalog *c = snapshot_catalog(&p->m->live);
    bool any = false;
    for (size_t i = 0; c && i < c->tables.len; i++)
        any = any || names(p, c->tables.items[i].name);
    for (size_t i = 0; c && i < c->tables.len; i++) {
        const struct table *t = &c->tables.items[i];
        for (size_t k = 0; (!any || names(p, t->name)) && k < t->columns.len; k++)
            offer_name(p, t->columns.items[k].name);
    }
}

static void offer_regions(struct place *p) {
    for (size_t i = 0; i < model_region_count(p->m); i++)
        offer_name(p, model_region_at(p->m, i));
}

static void offer_databases(struct place *p) {
    for (size_t i = 0; i < p->m->databases.len; i++)
        offer_name(p, p->m->databases.items[i]);
}

static void offer_settings(struct place *p) {
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        offer(p, settings[i]);
}

static void offer_placements(struct place *p) {
    offer(p, "default");
    offer(p, "restricted");
}

static void offer_themes(struct place *p) {
    size_t n;
    const struct theme *themes = theme_table(&n);
    for (size_t i = 0; i < n; i++)
        offer(p, themes[i].name);
}

/* What alone may follow a word. */
static const struct {
    const char *before;
    void (*offer)(struct place *p);
} followers[] = {
    {"from", offer_tables},
    {"join", offer_tables},
    {"into", offer_tables},
    {"update", offer_tables},
    {"table", offer_tables},
    {"tables", offer_tables},
    {"region", offer_regions},
    {"use", offer_databases},
    {"database", offer_databases},
    {"placement", offer_placements},
    {"theme", offer_themes},
    {"setting", offer_settings},
};

/* The word in front of the place, in lower case; "" when there is none. */
static void word_before(const struct place *p, char out[32]) {
    size_t end = p->begin - (p->quote ? 1 : 0);
    while (end > 0 && isspace((unsigned char)p->text[end - 1]))
        end--;
    size_t begin = end;
    while (begin > 0 && (isalnum((unsigned char)p->text[begin - 1]) || p->text[begin - 1] == '_'))
        begin--;
    size_t n = end - begin < 31 ? end - begin : 31;
    for (size_t i = 0; i < n; i++)
        out[i] = (char)tolower((unsigned char)p->text[begin + i]);
    out[n] = '\0';
}

static int compare(const void *a, const void *b) { return strcasecmp(*(char *const *)a, *(char *const *)b); }

/* Sorted, each once. */
static void settle(struct words *w) {
    size_t kept = 0;
    if (w->len == 0)
        return;
    qsort(w->items, w->len, sizeof *w->items, compare);
    for (size_t i = 0; i < w->len; i++) {
        if (kept && strcasecmp(w->items[kept - 1], w->items[i]) == 0)
            free(w->items[i]);
        else
            w->items[kept++] = w->items[i];
    }
    w->len = kept;
}

void complete_words(const struct model *m, const char *text, size_t begin, size_t end, struct words *out) {
    struct place p = {
        .m = m, .text = text, .begin = begin, .end = end, .word = text + begin, .n = end - begin, .out = out};
    char before[32];
    p.quote = begin > 0 && (text[begin - 1] == '"' || text[begin - 1] == '\'') ? text[begin - 1] : 0;
    word_before(&p, before);
    for (size_t i = 0; i < sizeof followers / sizeof *followers; i++)
        if (strcmp(before, followers[i].before) == 0) {
            followers[i].offer(&p);
            if (out->len)
                settle(out);
            if (out->len)
                return;
        }
    bool first = strspn(text, " \t\n") == begin;
    if (first)
        offer_commands(&p);
    else if (strcmp(before, "set") == 0 || strcmp(before, "show") == 0 || strcmp(before, "reset") == 0)
        offer_settings(&p);
    offer_keywords(&p, first);
    if (!first) {
        offer_tables(&p);
        offer_columns(&p);
        if (p.n > 0 || p.quote) {
            offer_regions(&p);
            offer_databases(&p);
        }
    }
    settle(out);
}
