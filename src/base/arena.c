/* arena: many small allocations that die together. */
#include "domicile/base/arena.h"

#include "domicile/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 8192 };

struct block {
    struct block *next;
    size_t used;
    size_t size;
    max_align_t bytes[];
};

struct arena {
    struct block *blocks; /* the first has room */
    size_t used;
};

struct arena *arena_new(void) { return mem_calloc(1, sizeof(struct arena)); }

void arena_free(struct arena *a) {
    if (!a)
        return;
    for (struct block *b = a->blocks; b;) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
    free(a);
}

static struct block *add_block(struct arena *a, size_t size) {
    struct block *b = mem_alloc(sizeof *b + size);
    *b = (struct block){.next = a->blocks, .size = size};
    a->blocks = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t size) {
    size_t align = sizeof(max_align_t);
    if (size > SIZE_MAX / 2)
        return mem_reallocarray(NULL, SIZE_MAX, 2); /* ends the program as any other shortage */
    size = size ? (size + align - 1) / align * align : align;
    struct block *b = a->blocks;
    if (!b || b->size - b->used < size)
        b = add_block(a, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    void *p = (char *)b->bytes + b->used;
    b->used += size;
    a->used += size;
    return memset(p, 0, size);
}

void *arena_calloc(struct arena *a, size_t n, size_t size) {
    return arena_alloc(a, size && n > SIZE_MAX / size ? SIZE_MAX : n * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n) {
    size_t len = strnlen(s, n);
    char *copy = arena_alloc(a, len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s) { return arena_strndup(a, s, strlen(s)); }

char *arena_printf(struct arena *a, const char *format, ...) {
    va_list ap;
    if (!format)
        return arena_alloc(a, 1);
    va_start(ap, format);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    char *out = arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1);
    va_start(ap, format);
    vsnprintf(out, (size_t)(n < 0 ? 0 : n) + 1, format, ap);
    va_end(ap);
    return out;
}

size_t arena_used(const struct arena *a) { return a->used; }
