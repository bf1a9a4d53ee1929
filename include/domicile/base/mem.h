/* mem: allocation that never fails. Running out of memory ends the program in one place,
 * after the hook (which gives the terminal back) has run, so every other function stays simple. */
#ifndef DOMICILE_BASE_MEM_H
#define DOMICILE_BASE_MEM_H

#include <stddef.h>

/* Like malloc, calloc, realloc and friends; never return NULL. The array forms check n * size
 * for overflow. The caller frees with free(). */
void *mem_alloc(size_t size);
void *mem_calloc(size_t n, size_t size);
void *mem_realloc(void *p, size_t size);
void *mem_reallocarray(void *p, size_t n, size_t size);
char *mem_strdup(const char *s);
/* As mem_strdup; NULL in, NULL out. */
char *mem_strdup_null(const char *s);
char *mem_strndup(const char *s, size_t n);
void *mem_dup(const void *p, size_t n);
/* A formatted string; the caller frees it. */
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Run before the program ends for lack of memory; one hook, set once by the app. */
void mem_set_exhausted_hook(void (*hook)(void));

#endif
