/* memory_test: strings, vectors, arenas and errors. */
#include "domicile/base/arena.h"
#include "domicile/base/err.h"
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/base/text.h"
#include "domicile/base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void str_grows_and_gives_away(void **state) {
    struct str s = {0};
    (void)state;
    assert_string_equal(str_get(&s), "");
    for (int i = 0; i < 1000; i++)
        str_add_f(&s, "%d,", i % 10);
    assert_int_equal(s.len, 2000);
    str_truncate(&s, 4);
    str_truncate(&s, 400);
    assert_string_equal(str_get(&s), "0,1,");
    str_add_n(&s, "a\0b", 3);
    assert_int_equal(s.len, 7);
    char *text = str_take(&s);
    assert_memory_equal(text, "0,1,a\0b", 8);
    free(text);
    assert_string_equal(str_get(&s), "");
    text = str_take(&s);
    assert_string_equal(text, "");
    free(text);
    str_free(&s);
}

static void str_compares(void **state) {
    (void)state;
    assert_true(str_eq(NULL, NULL));
    assert_false(str_eq("a", NULL));
    assert_false(str_eq(NULL, "a"));
    assert_true(str_eq("a", "a"));
    assert_false(str_eq("a", "A"));
    assert_true(str_eq_nocase("a", "A"));
    assert_true(str_starts("abc", "ab"));
    assert_false(str_starts("a", "ab"));
    assert_false(str_starts(NULL, ""));
}

static void vec_keeps_order(void **state) {
    VEC_STRUCT(int) v = {0};
    (void)state;
    for (int i = 0; i < 100; i++)
        vec_push(&v, i * i);
    assert_int_equal(v.len, 100);
    for (int i = 0; i < 100; i++)
        assert_int_equal(v.items[i], i * i);
    vec_clear(&v);
    assert_int_equal(v.len, 0);
    vec_push(&v, 7);
    assert_int_equal(v.items[0], 7);
    vec_free(&v);
    assert_null(v.items);
}

static void arena_is_aligned_and_zeroed(void **state) {
    struct arena *a = arena_new();
    (void)state;
    for (size_t size = 0; size < 20000; size = size * 2 + 1) {
        unsigned char *p = arena_alloc(a, size);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, size);
    }
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    assert_string_equal(arena_strdup(a, ""), "");
    arena_free(a);
    arena_free(NULL);
}

static void err_is_cut_at_whole_characters(void **state) {
    struct err err = {0};
    struct str text = {0};
    (void)state;
    str_add(&text, "x"); /* so that the buffer's end falls inside a character */
    for (int i = 0; i < 600; i++)
        str_add(&text, "é");
    assert_false(err_set(&err, ERR_INPUT, "%s", str_get(&text)));
    assert_true(strlen(err.message) < sizeof err.message);
    assert_true(strlen(err.message) > sizeof err.message - 4);
    assert_true(text_valid(err.message, strlen(err.message)));
    err_prefix(&err, "%s", "é");
    assert_true(str_starts(err.message, "é: xé"));
    assert_true(text_valid(err.message, strlen(err.message)));
    str_free(&text);
}

static void err_goes_with_an_exit_code(void **state) {
    struct err err = {0};
    (void)state;
    assert_false(err_set(NULL, ERR_USAGE, "nobody listens"));
    assert_false(err_set(&err, ERR_USAGE, "unknown option %s", "-z"));
    assert_false(err_hint(&err, "see --help"));
    assert_string_equal(err.message, "unknown option -z");
    assert_string_equal(err.hint, "see --help");
    err_set(&err, ERR_FORBIDDEN, "no");
    assert_string_equal(err.hint, "");
    assert_int_equal(err_exit_code(err.kind), 77);
    assert_int_equal(err_exit_code(ERR_USAGE), 64);
    assert_int_equal(err_exit_code(ERR_UNAVAILABLE), 69);
    assert_int_equal(err_exit_code(ERR_INTERRUPTED), 130);
    assert_int_equal(err_exit_code(ERR_INPUT), 1);
    err_clear(&err);
    assert_int_equal(err_exit_code(err.kind), 0);
    assert_string_equal(err.message, "");
}

static void copies_are_independent(void **state) {
    (void)state;
    char *a = mem_strndup("abc", 2);
    char *b = mem_printf("%s-%d", a, 5);
    assert_string_equal(a, "ab");
    assert_string_equal(b, "ab-5");
    assert_null(mem_strdup_null(NULL));
    free(a);
    free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_grows_and_gives_away),
        cmocka_unit_test(str_compares),
        cmocka_unit_test(vec_keeps_order),
        cmocka_unit_test(arena_is_aligned_and_zeroed),
        cmocka_unit_test(err_is_cut_at_whole_characters),
        cmocka_unit_test(err_goes_with_an_exit_code),
        cmocka_unit_test(copies_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
