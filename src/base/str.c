/* str: a growable byte string. */
#include "domicile/base/str.h"

#include "domicile/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void reserve(struct str *s, size_t extra) {
    size_t need = s->len + extra + 1;
    if (need <= s->cap)
        return;
    size_t cap = s->cap ? s->cap : 32;
    while (cap < need)
        cap += cap;
    s->data = mem_realloc(s->data, cap);
    s->cap = cap;
}

void str_add_n(struct str *s, const void *bytes, size_t n) {
    reserve(s, n);
    if (n)
        memcpy(s->data + s->len, bytes, n);
    s->len += n;
    s->data[s->len] = '\0';
}

void str_add(struct str *s, const char *text) { str_add_n(s, text, strlen(text)); }

void str_add_char(struct str *s, char c) { str_add_n(s, &c, 1); }

void str_add_vf(struct str *s, const char *format, va_list ap) {
    if (!format)
        return;
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n <= 0)
        return;
    reserve(s, (size_t)n);
    vsnprintf(s->data + s->len, (size_t)n + 1, format, ap);
    s->len += (size_t)n;
}

void str_add_f(struct str *s, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    str_add_vf(s, format, ap);
    va_end(ap);
}

const char *str_get(const struct str *s) { return s->data ? s->data : ""; }

char *str_take(struct str *s) {
    char *out = s->data ? s->data : mem_strdup("");
    *s = (struct str){0};
    return out;
}

void str_clear(struct str *s) { str_truncate(s, 0); }

void str_truncate(struct str *s, size_t len) {
    if (len >= s->len)
        return;
    s->len = len;
    s->data[len] = '\0';
}

void str_free(struct str *s) {
    free(s->data);
    *s = (struct str){0};
}

bool str_eq(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

bool str_eq_nocase(const char *a, const char *b) { return a == b || (a && b && strcasecmp(a, b) == 0); }

bool str_starts(const char *s, const char *prefix) { return s && strncmp(s, prefix, strlen(prefix)) == 0; }
