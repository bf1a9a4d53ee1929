/* documents: prints the manual page or a shell's completion, as they are kept in docs/ and completion/. */
#include "domicile/command/manual.h"

#include <stdio.h>
#include <string.h>

static const struct document {
    const char *name;
    void (*print)(struct str *out);
} documents[] = {
    {"man", manual_print},
    {"bash", completion_print_bash},
    {"zsh", completion_print_zsh},
    {"fish", completion_print_fish},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 2 && i < sizeof documents / sizeof *documents; i++) {
        if (strcmp(argv[1], documents[i].name) != 0)
            continue;
        struct str out = {0};
        documents[i].print(&out);
        fwrite(str_get(&out), 1, out.len, stdout);
        str_free(&out);
        return fflush(stdout) == 0 ? 0 : 1;
    }
    fputs("usage: documents man|bash|zsh|fish\n", stderr);
    return 64;
}
