/* str: a growable byte string, always NUL-terminated once anything was added. */
#ifndef DOMICILE_BASE_STR_H
#define DOMICILE_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised ({0}) is the empty string; data is then NULL: read it through str_get. */
struct str {
    char *data;
    size_t len;
    size_t cap;
};

/* Append at the end: text up to its NUL, n bytes (NUL among them too), one character, a format as printf's. The text is
 * copied; memory that runs out ends the program (mem.h). */
void str_add(struct str *s, const char *text);
void str_add_n(struct str *s, const void *bytes, size_t n);
void str_add_char(struct str *s, char c);
void str_add_f(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_add_vf(struct str *s, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
/* The text; "" when nothing was added. Valid until the next change. */
const char *str_get(const struct str *s);
/* Gives the text away (the caller frees it, never NULL) and leaves s empty. */
char *str_take(struct str *s);
void str_clear(struct str *s);
void str_truncate(struct str *s, size_t len);
void str_free(struct str *s);

/* NULL-safe comparisons of C strings: NULL equals NULL only. */
bool str_eq(const char *a, const char *b);
bool str_eq_nocase(const char *a, const char *b);
bool str_starts(const char *s, const char *prefix);

#endif
