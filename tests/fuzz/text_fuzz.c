/* text_fuzz: any bytes made safe for a terminal: nothing that controls it comes through, widths hold. */
#include "domicile/base/mem.h"
#include "domicile/base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void no_control(const char *s, size_t n) {
    while (n > 0) {
        uint32_t cp;
        size_t len = text_decode(s, n, &cp);
        bool control = cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
        bool direction = (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
        if (control || direction || text_char_width(cp) < 0)
            abort();
        s += len;
        n -= len;
    }
}

static void fits(const char *clean, int width, bool ascii) {
    struct str end = {0};
    struct str middle = {0};
    text_add_fitted(&end, clean, width, false, ascii);
    text_add_middle(&middle, clean, width, ascii);
    if (text_width(str_get(&end)) > width || text_width(str_get(&middle)) > width)
        abort();
    str_free(&end);
    str_free(&middle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct str clean = {0};
    text_clean(&clean, (const char *)data, size);
    if (!text_valid(str_get(&clean), clean.len))
        abort();
    no_control(str_get(&clean), clean.len);
    fits(str_get(&clean), size ? data[0] % 40 + 1 : 1, size % 2);
    struct str again = {0};
    text_clean(&again, str_get(&clean), clean.len);
    if (strcmp(str_get(&again), str_get(&clean)) != 0)
        abort();
    str_free(&again);
    str_free(&clean);
    return 0;
}
