/* files: the recorded answers as the dialect's tests read them. */
#include "files.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *truth(void) {
    const char *dir = getenv("TRUTH");
    return dir ? dir : "tests/truth";
}

char *files_read(const char *name) {
    char *path = mem_printf("%s/%s", truth(), name);
    FILE *f = fopen(path, "r");
    free(path);
    if (!f)
        return NULL;
    struct str text = {0};
    char buffer[65536];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;)
        str_add_n(&text, buffer, n);
    fclose(f);
    return str_take(&text);
}

static int is_text(const struct dirent *e) {
    const char *dot = strrchr(e->d_name, '.');
    return dot && (strcmp(dot, ".txt") == 0 || strcmp(dot, ".sql") == 0);
}

void files_each(void (*visit)(const char *name, const char *text, void *context), void *context) {
    static const char *const versions[] = {"22.1", "26.1", "26.1/keys"};
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        char *dir = mem_printf("%s/%s", truth(), versions[v]);
        struct dirent **entries = NULL;
        int n = scandir(dir, &entries, is_text, alphasort);
        free(dir);
        for (int i = 0; i < n; i++) {
            char *name = mem_printf("%s/%s", versions[v], entries[i]->d_name);
            char *text = files_read(name);
            if (text)
                visit(name, text, context);
            free(text);
            free(name);
            free(entries[i]);
        }
        free(entries);
    }
}
