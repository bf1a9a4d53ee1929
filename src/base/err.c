/* err: an error as a value. */
#include "domicile/base/err.h"
#include "domicile/base/str.h"
#include "domicile/base/log.h"

#include "domicile/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cut must not leave half a character behind. */
static void end_whole(char *text) {
    size_t n = strlen(text);
    size_t start = n;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (n - (start - 1) < want)
        text[start - 1] = '\0';
}

bool err_set(struct err *err, enum err_kind kind, const char *format, ...) {
    if (!err)
        return false;
    err->kind = kind;
    err->hint[0] = '\0';
    va_list ap;
    va_start(ap, format);
    vsnprintf(err->message, sizeof err->message, format, ap);
    va_end(ap);
    end_whole(err->message);
    return false;
}

bool err_hint(struct err *err, const char *format, ...) {
    if (!err)
        return false;
    va_list ap;
    va_start(ap, format);
    vsnprintf(err->hint, sizeof err->hint, format, ap);
    va_end(ap);
    end_whole(err->hint);
    return false;
}

bool err_prefix(struct err *err, const char *format, ...) {
    if (!err)
        return false;
    char old[sizeof err->message];
    char prefix[256];
    va_list ap;
    memcpy(old, err->message, sizeof old);
    va_start(ap, format);
    vsnprintf(prefix, sizeof prefix, format, ap);
    va_end(ap);
    end_whole(prefix);
    size_t n = strlen(prefix);
    size_t room = sizeof err->message - n - 3;
    memcpy(err->message, prefix, n);
    memcpy(err->message + n, ": ", 2);
    memcpy(err->message + n + 2, old, room);
    err->message[sizeof err->message - 1] = '\0';
    end_whole(err->message);
    return false;
}

void err_clear(struct err *err) {
    if (err)
        *err = (struct err){0};
}

int err_exit_code(enum err_kind kind) {
    switch (kind) {
    case ERR_NONE: return 0;
    case ERR_USAGE: return 64;
    case ERR_UNAVAILABLE: return 69;
    case ERR_FORBIDDEN: return 77;
    case ERR_INTERRUPTED: return 130;
    case ERR_INPUT:
    case ERR_INTERNAL: return 1;
    }
    return 1;
}

static void print_line(const char *text) {
    struct str safe = {0};
    log_redact(&safe, text); /* errors quote statements */
    char *clean = text_cleaned(str_get(&safe));
    fprintf(stderr, "domicile: %s\n", clean);
    free(clean);
    str_free(&safe);
}

void err_print(const struct err *err) {
    print_line(err->message);
    if (err->hint[0])
        print_line(err->hint);
}
