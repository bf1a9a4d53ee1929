/* replay_list: the list of differences, read. */
#include "replay_list.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    enum replay_kind kind;
    char name[160]; /* VERSION/FILE */
    char reason[240];
};
struct replay_list {
    VEC(struct entry);
};

static const struct {
    const char *word;
    enum replay_kind kind;
} kinds[] = {
    {"known", REPLAY_KNOWN}, {"open", REPLAY_OPEN}, {"outside", REPLAY_OUTSIDE}, {"unsent", REPLAY_UNSENT},
};

static bool read_line(struct entry *e, const char *line) {
    char word[16];
    if (sscanf(line, "%15s %159s %239[^\n]", word, e->name, e->reason) != 3)
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kinds[i].word, word)) {
            e->kind = kinds[i].kind;
            return true;
        }
    return false;
}

struct replay_list *replay_list_read(const char *path) {
    struct replay_list *l = mem_calloc(1, sizeof *l);
    char line[512];
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(2);
    }
    while (fgets(line, sizeof line, f)) {
        struct entry e = {0};
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (!read_line(&e, line)) {
            fprintf(stderr, "replay: %s: not KIND VERSION/FILE REASON: %s", path, line);
            exit(2);
        }
        vec_push(l, e);
    }
    fclose(f);
    return l;
}

void replay_list_free(struct replay_list *l) {
    vec_free(l);
    free(l);
}

enum replay_kind replay_list_find(const struct replay_list *l, const char *version, const char *file,
    const char **reason) {
    char *name = mem_printf("%s/%s", version, file);
    enum replay_kind kind = REPLAY_COMPARED;
    *reason = NULL;
    for (size_t i = 0; i < l->len; i++)
        if (str_eq(l->items[i].name, name)) {
            kind = l->items[i].kind;
            *reason = l->items[i].reason;
        }
    free(name);
    return kind;
}
