/* answer: results as a server would give them. */
#include "survey/answer.h"

#include "../src/pg/result_private.h"

#include "domicile/base/mem.h"
#include "domicile/base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fields {
    VEC(char *);
};

static void split(struct fields *f, const char *line) {
    for (;;) {
        size_t n = strcspn(line, "|");
        vec_push(f, mem_strndup(line, n));
        if (line[n] == '\0')
            return;
        line += n + 1;
    }
}

static void fields_free(struct fields *f) {
    for (size_t i = 0; i < f->len; i++)
        free(f->items[i]);
    vec_free(f);
}

/* Joins the line to the row being read: its last value goes on. */
static void go_on(struct fields *row, const char *line) {
    struct fields more = {0};
    split(&more, line);
    char *joined = mem_printf("%s\n%s", row->items[row->len - 1], more.items[0]);
    free(row->items[row->len - 1]);
    row->items[row->len - 1] = joined;
    for (size_t i = 1; i < more.len; i++)
        vec_push(row, mem_strdup(more.items[i]));
    fields_free(&more);
}

static void store(PGresult *r, const struct fields *header, struct fields *row, const char *column, const char *value) {
    bool wanted = column == NULL;
    for (size_t i = 0; i < row->len && i < header->len; i++)
        wanted = wanted || (strcmp(header->items[i], column) == 0 && strcmp(row->items[i], value) == 0);
    int at = PQntuples(r);
    for (size_t i = 0; wanted && i < header->len; i++) {
        const char *text = i < row->len ? row->items[i] : "";
        PQsetvalue(r, at, (int)i, text[0] != '\0' ? row->items[i] : NULL, text[0] != '\0' ? (int)strlen(text) : -1);
    }
    fields_free(row);
}

static PGresult *begin(const struct fields *header) {
    PGresult *r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc *columns = mem_calloc(header->len, sizeof *columns);
    for (size_t i = 0; i < header->len; i++) {
        columns[i].name = header->items[i];
        columns[i].typid = 25;
    }
    PQsetResultAttrs(r, (int)header->len, columns);
    free(columns);
    return r;
}

static struct pg_result *read_all(char *text, const char *column, const char *value) {
    struct fields header = {0}, row = {0};
    char *rest = text, *line;
    line = strsep(&rest, "\n");
    split(&header, line);
    PGresult *r = begin(&header);
    while ((line = strsep(&rest, "\n")) != NULL && !(line[0] == '(' && strstr(line, " row") != NULL)) {
        if (rest == NULL && line[0] == '\0')
            break;
        bool open = row.len > 0 && row.len < header.len;
        if (open || (row.len > 0 && strchr(line, '|') == NULL && header.len > 1)) {
            go_on(&row, line);
            continue;
        }
        if (row.len > 0)
            store(r, &header, &row, column, value);
        split(&row, line);
    }
    if (row.len > 0)
        store(r, &header, &row, column, value);
    fields_free(&header);
    return pg_result_wrap(r, "test");
}

struct pg_result *answer_of(const char *text) {
    char *copy = mem_strdup(text);
    struct pg_result *r = read_all(copy, NULL, NULL);
    free(copy);
    return r;
}

struct pg_result *answer_recorded(const char *file, const char *column, const char *value) {
    const char *truth = getenv("TRUTH");
    char *path = mem_printf("%s/%s", truth != NULL ? truth : "tests/truth", file);
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t cap = 0;
    if (f == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        abort();
    }
    ssize_t n = getdelim(&text, &cap, 0, f);
    fclose(f);
    free(path);
    const char *mark = "--- -A -F '|'\n";
    char *start = n > 0 ? strstr(text, mark) : NULL;
    struct pg_result *r = start != NULL ? read_all(start + strlen(mark), column, value) : NULL;
    free(text);
    return r;
}
