/* arena: many small allocations that die together. */
#ifndef DOMICILE_BASE_ARENA_H
#define DOMICILE_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* An empty arena; never NULL. arena_free ends it. */
struct arena *arena_new(void);
/* Frees everything that was taken from it; NULL is allowed. */
void arena_free(struct arena *a);
/* Zeroed, aligned for any type, owned by the arena, never NULL. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t n, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bytes handed out so far: what the memory budget counts. */
size_t arena_used(const struct arena *a);

#define arena_new_of(a, T) ((T *)arena_alloc((a), sizeof(T)))

#endif
