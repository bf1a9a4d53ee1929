/* mem: allocation that never fails. */
#include "domicile/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*exhausted_hook)(void);

void mem_set_exhausted_hook(void (*hook)(void)) { exhausted_hook = hook; }

static _Noreturn void exhausted(void) {
    static const char text[] = "domicile: out of memory\n";
    if (exhausted_hook)
        exhausted_hook();
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(71);
    _exit(71);
}

static void *checked(void *p) {
    if (!p)
        exhausted();
    return p;
}

void *mem_alloc(size_t size) { return checked(malloc(size ? size : 1)); }

void *mem_calloc(size_t n, size_t size) { return checked(n && size ? calloc(n, size) : calloc(1, 1)); }

void *mem_realloc(void *p, size_t size) { return checked(realloc(p, size ? size : 1)); }

void *mem_reallocarray(void *p, size_t n, size_t size) {
    if (size && n > SIZE_MAX / size)
        exhausted();
    return mem_realloc(p, n * size);
}

char *mem_strdup(const char *s) { return mem_dup(s, strlen(s) + 1); }

char *mem_strdup_null(const char *s) { return s ? mem_strdup(s) : NULL; }

char *mem_strndup(const char *s, size_t n) {
    size_t len = strnlen(s, n);
    char *copy = mem_alloc(len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

void *mem_dup(const void *p, size_t n) {
    void *copy = mem_alloc(n);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

char *mem_printf(const char *format, ...) {
    va_list ap;
    char *out = NULL;
    va_start(ap, format);
    int n = vasprintf(&out, format, ap);
    va_end(ap);
    if (n < 0)
        exhausted();
    return out;
}
