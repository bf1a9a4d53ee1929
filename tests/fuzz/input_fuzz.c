/* input_fuzz: any bytes as typed: whole or in pieces they end, and mean the same. */
#include "domicile/base/mem.h"
#include "domicile/ui/input.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note(struct str *out, const struct input_event *e) {
    str_add_f(out, "%d %u %d %d %d %s\n", (int)e->kind, (unsigned)e->key, (int)e->mouse, e->x, e->y,
        e->paste ? e->paste : "");
}

static void drain(struct input *in, bool timed_out, struct str *out) {
    struct input_event e;
    while (input_next(in, timed_out, &e))
        note(out, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input whole = {0};
    struct input pieces = {0};
    struct str a = {0};
    struct str b = {0};
    input_feed(&whole, (const char *)data, size);
    drain(&whole, false, &a);
    for (size_t i = 0; i < size; i++) {
        input_feed(&pieces, (const char *)data + i, 1);
        drain(&pieces, false, &b);
    }
    drain(&whole, true, &a);
    drain(&pieces, true, &b);
    if (strcmp(str_get(&a), str_get(&b)) != 0)
        abort();
    if (input_waiting(&whole))
        abort();
    input_free(&whole);
    input_free(&pieces);
    str_free(&a);
    str_free(&b);
    return 0;
}
