/* canonical: what psql printed, brought into a form in which two clusters' answers can be compared. */
#include "canonical.h"

#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Texts that stand for what no two clusters have alike. */
static const struct {
    const char *pattern;
    const char *text;
    bool word; /* not within a longer word or number */
} rules[] = {
    {"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>", false},
    {"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([+-][0-9]{2}(:[0-9]{2})?)?",
        "<time>", false},
    {"[0-9]{10}\\.[0-9]{9},[0-9]+", "<hlc>", false},
    {"[0-9]{19}\\.[0-9]{10}", "<hlc>", false},
    {"[0-9]{17,19}", "<id>", true},
    {" \\(domicile sandbox, simulated\\)", "", false},
    {"\\(n[0-9]+,s[0-9]+\\):[0-9]+", "<replica>", false},
    {" r[0-9]+:/", " r<n>:/", false},
    {"next=[0-9]+, gen=[0-9]+", "next=<n>, gen=<n>", false},
    {"\"id\":\"[0-9a-f]+\",\"term\":[0-9]+", "\"id\":\"<n>\",\"term\":<n>", false},
    {"\"(commit|applied)\":[0-9]+", "<index>", false},
    {"127\\.0\\.0\\.1:[0-9]+", "<address>", false},
    {"localhost:[0-9]+", "<address>", false},
    {"/tmp/[a-z0-9./_-]*", "<path>", false},
};

static bool in_word(char c) { return isalnum((unsigned char)c) || c == '.'; }

static void replace_all(struct str *text, const char *pattern, const char *with, bool word) {
    regex_t re;
    regmatch_t m;
    struct str out = {0};
    if (regcomp(&re, pattern, REG_EXTENDED) != 0)
        abort();
    const char *at = str_get(text);
    while (*at && regexec(&re, at, 1, &m, at == str_get(text) ? 0 : REG_NOTBOL) == 0 && m.rm_eo > 0) {
        const bool within = word && ((m.rm_so > 0 ? in_word(at[m.rm_so - 1]) : at > str_get(text) && in_word(at[-1])) ||
            in_word(at[m.rm_eo]));
        str_add_n(&out, at, (size_t)m.rm_so);
        if (within)
            str_add_n(&out, at + m.rm_so, (size_t)(m.rm_eo - m.rm_so));
        else
            str_add(&out, with);
        at += m.rm_eo;
    }
    str_add(&out, at);
    regfree(&re);
    str_free(text);
    *text = out;
}

static const char *region_of(long store) {
    return store >= 1 && store <= 3 ? "uksouth" : store >= 4 && store <= 6 ? "eu-west-1"
        : store >= 7 && store <= 9 ? "europe-west4" : "?";
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct words {
    VEC(char *);
};

static void words_free(struct words *w) {
    for (size_t i = 0; i < w->len; i++)
        free(w->items[i]);
    vec_free(w);
}

/* Sorted, joined by commas within braces; or only how many. */
static char *words_join(struct words *w, bool count_only) {
    struct str out = {0};
    if (w->len)
        qsort(w->items, w->len, sizeof *w->items, by_text);
    if (count_only)
        str_add_f(&out, "{%zu}", w->len);
    else {
        str_add_char(&out, '{');
        for (size_t i = 0; i < w->len; i++)
            str_add_f(&out, i ? ",%s" : "%s", w->items[i]);
        str_add_char(&out, '}');
    }
    words_free(w);
    return str_take(&out);
}

/* {1,4,7}: by region. */
static char *stores(const char *cell, bool free_choice) {
    struct words w = {0};
    if (*cell != '{')
        return mem_strdup(cell);
    for (const char *at = cell + 1; *at && *at != '}'; at += strcspn(at, ",}"), at += *at == ',') {
        const char *region = region_of(strtol(at, NULL, 10));
        vec_push(&w, mem_strdup(region));
    }
    return words_join(&w, free_choice);
}

/* {"cloud=aws,region=x,zone=a",...}: by region. */
static char *localities(const char *cell, bool free_choice) {
    struct words w = {0};
    for (const char *at = cell; (at = strstr(at, "region=")); ) {
        at += strlen("region=");
        vec_push(&w, mem_strndup(at, strcspn(at, ",\"}")));
    }
    return words_join(&w, free_choice);
}

static char *one_store(const char *cell, bool free_choice) {
    return mem_strdup(!*cell ? "" : free_choice ? "<store>" : region_of(strtol(cell, NULL, 10)));
}

static char *one_locality(const char *cell, bool free_choice) {
    const char *at = strstr(cell, "region=");
    return !at || free_choice ? mem_strdup(*cell ? "<locality>" : "")
        : mem_strndup(at + 7, strcspn(at + 7, ","));
}

static char *number(const char *cell, bool free_choice) {
    (void)free_choice;
    return mem_strdup(*cell ? "<n>" : "");
}

/* Columns by name: how their cells are normalised. */
static const struct {
    const char *name;
    char *(*fix)(const char *cell, bool free_choice);
} columns[] = {
    {"replicas", stores}, {"voting_replicas", stores}, {"non_voting_replicas", stores},
    {"learner_replicas", stores}, {"replica_localities", localities}, {"lease_holder", one_store},
    {"lease_holder_locality", one_locality}, {"range_id", number}, {"range_size_mb", number},
    {"range_size", number}, {"span_stats", number}, {"job_id", number}, {"ranges", number},
    {"leases", number}, {"epoch", number}, {"age", number}, {"took", number}, {"mod_time_logical", number},
    {"expiration", number},
};

static char *fix_cell(const char *column, const char *cell, bool free_choice) {
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i].name, column) == 0)
            return columns[i].fix(cell, free_choice);
    return mem_strdup(cell);
}

static void trim(char *s) {
    size_t n = strlen(s);
    while (n && s[n - 1] == ' ')
        s[--n] = '\0';
    const size_t lead = strspn(s, " ");
    memmove(s, s + lead, n - lead + 1);
}

static void split_cells(struct words *out, const char *line, char separator) {
    for (const char *at = line;; at++) {
        const char *end = strchr(at, separator);
        const size_t n = end ? (size_t)(end - at) : strlen(at);
        char *cell = mem_strndup(at, n);
        trim(cell);
        vec_push(out, cell);
        if (!end)
            return;
        at = end;
    }
}

/* What the canonical form leaves out. */
static bool noise(const char *line) {
    static const char *const starts[] = {
        "Time: ", "Timing is on.", "LOCATION:", "=> ", "\\timing on", "[exit ", "Pager usage",
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(line, starts[i], strlen(starts[i])) == 0)
            return true;
    return !*line;
}

struct table {
    struct words header;
    struct words rows; /* canonical rows */
};

/* The ranges of the system's tables, those below 100, obey no region: their replicas may be anywhere. */
static bool of_system(const struct table *t, const struct words *cells) {
    for (size_t i = 0; i < cells->len && i < t->header.len; i++) {
        const char *column = t->header.items[i], *cell = cells->items[i];
        if ((strcmp(column, "start_key") == 0 || strcmp(column, "start_pretty") == 0) &&
            strncmp(cell, "/Table/", 7) == 0)
            return strtol(cell + 7, NULL, 10) < 100;
    }
    return false;
}

static const char *cell_of(const struct table *t, const struct words *cells, const char *column) {
    for (size_t i = 0; i < cells->len && i < t->header.len; i++)
        if (strcmp(t->header.items[i], column) == 0)
            return cells->items[i];
    return NULL;
}

static void set_cell(const struct table *t, struct words *cells, const char *column, const char *text) {
    for (size_t i = 0; i < cells->len && i < t->header.len; i++)
        if (strcmp(t->header.items[i], column) == 0) {
            free(cells->items[i]);
            cells->items[i] = mem_strdup(text);
        }
}

/* A row of a replication report in an outage: whether it is compared, without what nodes happened to hold. */
static bool report_row(const struct table *t, struct words *cells, enum canonical_choice choice) {
    const char *zone = cell_of(t, cells, "zone_id"), *locality = cell_of(t, cells, "locality");
    if (!zone || choice < CHOICE_ZONES_LOST)
        return true;
    const bool system = strtol(zone, NULL, 10) < 100;
    const char *tier = locality ? strstr(locality, ",zone=") : NULL;
    if (system && locality && (tier || choice == CHOICE_NODE_LOST))
        return false;
    if (system && choice == CHOICE_NODE_LOST)
        set_cell(t, cells, "under_replicated_ranges", "<n>");
    if (tier) {
        char *text = mem_printf("%.*s,zone=<zone>", (int)(tier - locality), locality);
        set_cell(t, cells, "locality", text);
        free(text);
    }
    return true;
}

static void table_row(struct table *t, struct words *cells, enum canonical_choice choice) {
    struct str out = {0};
    const bool free_choice = choice == CHOICE_REGIONS || of_system(t, cells);
    if (!report_row(t, cells, choice))
        return;
    for (size_t i = 0; i < cells->len; i++) {
        char *cell = fix_cell(i < t->header.len ? t->header.items[i] : "", cells->items[i], free_choice);
        str_add_f(&out, i ? "|%s" : "%s", cell);
        free(cell);
    }
    vec_push(&t->rows, str_take(&out));
}

static void table_end(struct str *out, struct table *t, bool ordered) {
    if (!ordered && t->rows.len)
        qsort(t->rows.items, t->rows.len, sizeof *t->rows.items, by_text);
    for (size_t i = 0; i < t->header.len; i++)
        str_add_f(out, i ? "|%s" : "%s", t->header.items[i]);
    str_add_char(out, '\n');
    for (size_t i = 0; i < t->rows.len; i++)
        str_add_f(out, "%s\n", t->rows.items[i]);
    words_free(&t->header);
    words_free(&t->rows);
}

static bool is_count(const char *line) {
    size_t n = 0;
    if (line[0] != '(')
        return false;
    for (n = 1; isdigit((unsigned char)line[n]); n++)
        ;
    return n > 1 && strncmp(line + n, " row", 4) == 0;
}

static bool is_rule(const char *line) {
    return line[0] == '-' && line[strspn(line, "-+")] == '\0';
}

/* An aligned table from its header (line i) to "(n rows)"; the line after it. A '+' at a cell's end
 * carries on in the next line. */
static size_t aligned(
    struct str *out, const struct words *lines, size_t i, bool ordered, enum canonical_choice choice) {
    struct table t = {0};
    struct words cells = {0};
    split_cells(&t.header, lines->items[i], '|');
    bool carried = false;
    for (i += 2; i < lines->len && !is_count(lines->items[i]); i++) {
        struct words more = {0};
        split_cells(&more, lines->items[i], '|');
        const bool carry = carried;
        carried = false;
        for (size_t k = 0; k < more.len; k++) {
            const size_t n = strlen(more.items[k]);
            if (n && more.items[k][n - 1] == '+') {
                carried = true;
                more.items[k][n - 1] = '\0';
                trim(more.items[k]);
            }
        }
        for (size_t k = 0; k < more.len; k++) {
            if (!carry || k >= cells.len) {
                vec_push(&cells, mem_strdup(more.items[k]));
            } else if (*more.items[k]) {
                char *joined = mem_printf("%s\n%s", cells.items[k], more.items[k]);
                free(cells.items[k]);
                cells.items[k] = joined;
            }
        }
        words_free(&more);
        if (!carried) {
            table_row(&t, &cells, choice);
            words_free(&cells);
        }
    }
    words_free(&cells);
    table_end(out, &t, ordered);
    return i;
}

/* A table of the form -A -F '|'. A cell may hold newlines: a line with too few cells carries on. */
static size_t unaligned(struct str *out, const struct words *lines, size_t i, bool ordered,
    enum canonical_choice choice) {
    struct table t = {0};
    struct words cells = {0};
    split_cells(&t.header, lines->items[i], '|');
    for (i++; i < lines->len && !is_count(lines->items[i]); i++) {
        struct words more = {0};
        split_cells(&more, lines->items[i], '|');
        const bool carries = cells.len && more.len < t.header.len &&
            (cells.len < t.header.len || more.len == 1) && t.header.len > 1;
        if (!carries && cells.len) {
            table_row(&t, &cells, choice);
            words_free(&cells);
        }
        for (size_t k = 0; k < more.len; k++)
            if (carries && k == 0) {
                char *joined = mem_printf("%s\n%s", cells.items[cells.len - 1], more.items[0]);
                free(cells.items[cells.len - 1]);
                cells.items[cells.len - 1] = joined;
            } else {
                vec_push(&cells, mem_strdup(more.items[k]));
            }
        words_free(&more);
    }
    if (cells.len)
        table_row(&t, &cells, choice);
    words_free(&cells);
    table_end(out, &t, ordered);
    return i;
}

static bool ends_in_count(const struct words *lines, size_t i) {
    for (; i < lines->len; i++)
        if (is_count(lines->items[i]))
            return true;
    return false;
}

static bool is_message(const char *line) {
    static const char *const starts[] = {"ERROR:", "NOTICE:", "WARNING:", "FATAL:", "DETAIL:", "HINT:",
        "psql:"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(line, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static void read_lines(struct words *lines, const char *text) {
    for (const char *at = text; *at;) {
        const size_t n = strcspn(at, "\n");
        char *line = mem_strndup(at, n);
        if (noise(line))
            free(line);
        else
            vec_push(lines, line);
        at += n + (at[n] == '\n');
    }
}

static bool has_order(const char *sql) {
    return strcasestr(sql, "ORDER BY") || strncasecmp(sql, "SHOW", 4) == 0;
}

char *canonical(const char *output, const char *sql, enum canonical_choice choice) {
    struct words lines = {0};
    struct str clean = {0}, out = {0};
    str_add(&clean, output);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        replace_all(&clean, rules[i].pattern, rules[i].text, rules[i].word);
    read_lines(&lines, str_get(&clean));
    const bool ordered = has_order(sql);
    for (size_t i = 0; i < lines.len; i++) {
        if (i + 1 < lines.len && is_rule(lines.items[i + 1]))
            i = aligned(&out, &lines, i, ordered, choice);
        else if (!is_message(lines.items[i]) && !strstr(output, "-+-") && !strstr(output, "\n---") &&
            ends_in_count(&lines, i))
            i = unaligned(&out, &lines, i, ordered, choice);
        else
            str_add_f(&out, "%s\n", lines.items[i]);
    }
    words_free(&lines);
    str_free(&clean);
    return str_take(&out);
}
