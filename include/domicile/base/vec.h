/* vec: a growable array of any type.
 *
 *   struct { VEC(int); } v = {0};   or as a member: VEC_STRUCT(int) ids;
 *   vec_push(&v, 7);  v.items[i];  v.len;  vec_free(&v);
 *
 * Zero-initialised is empty. Elements move when it grows: keep indices, not pointers. */
#ifndef DOMICILE_BASE_VEC_H
#define DOMICILE_BASE_VEC_H

#include "domicile/base/mem.h"

#include <stdlib.h>

#define VEC(T) T *items; size_t len; size_t cap
#define VEC_STRUCT(T) struct { VEC(T); }

/* Makes room for n elements in all. */
#define vec_reserve(v, n) \
    do { \
        size_t vec_n_ = (n); \
        if (vec_n_ > (v)->cap) { \
            (v)->items = mem_reallocarray((v)->items, vec_n_, sizeof *(v)->items); \
            (v)->cap = vec_n_; \
        } \
    } while (0)
#define vec_push(v, x) \
    do { \
        if ((v)->len == (v)->cap) \
            vec_reserve(v, (v)->cap ? (v)->cap * 2 : 8); \
        (v)->items[(v)->len++] = (x); \
    } while (0)
#define vec_clear(v) ((void)((v)->len = 0))
/* Frees the array, not what its elements point to, and leaves it empty. */
#define vec_free(v) \
    do { \
        free((v)->items); \
        (v)->items = NULL; \
        (v)->len = (v)->cap = 0; \
    } while (0)

#endif
