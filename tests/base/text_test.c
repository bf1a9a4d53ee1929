/* text_test: hostile bytes made harmless, and widths. */
#include "domicile/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *in;
    const char *out;
};

static const struct row hostile[] = {
    {"", ""},
    {"plain ÄÖ 東京", "plain ÄÖ 東京"},
    {"\033[31mred", "^[[31mred"},
    {"\033]52;c;ZXZpbA==\a", "^[]52;c;ZXZpbA==^G"},
    {"\033P1$r\033\\", "^[P1$r^[\\"},
    {"a\x9b""31m", "a<9b>31m"},         /* CSI as a single byte */
    {"a\xc2\x9b""31m", "a<9b>31m"},     /* and as UTF-8 */
    {"a\xc2\x9d""0;t", "a<9d>0;t"},     /* OSC */
    {"a\x7f", "a^?"},
    {"a\r\b\001", "a^M^H^A"},
    {"one\ntwo\tthree", "one⏎two⇥three"},
    {"\xe2\x80\xae""evil", "<U+202E>evil"}, /* right-to-left override */
    {"\xe2\x81\xa6x\xe2\x81\xa9", "<U+2066>x<U+2069>"},
    {"a\xe2\x80\x8b""b", "a<U+200B>b"},     /* zero width space */
    {"\xef\xbb\xbf""bom", "<U+FEFF>bom"},
    {"soft\xc2\xadhyphen", "soft<U+00AD>hyphen"},
    {"\xf3\xa0\x81\x81tag", "<U+E0041>tag"},
    {"line\xe2\x80\xa8sep", "line<U+2028>sep"},
    {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},     /* overlong */
    {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd<80>"}, /* a surrogate */
    {"\xe2\x82", "\xef\xbf\xbd<82>"},         /* cut off */
    {"\xf4\x90\x80\x80", "\xef\xbf\xbd<90><80><80>"}, /* beyond Unicode */
    {"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84x", "e\xcc\x81\xcc\x82x"}, /* two marks stay */
    {"\xcc\x81x", "x"},                     /* nothing to stand on */
    {"\xef\xbf\xbd", "\xef\xbf\xbd"},
};

static void nothing_hostile_survives(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        char *out = text_cleaned(hostile[i].in);
        assert_string_equal(out, hostile[i].out);
        free(out);
    }
    char *none = text_cleaned(NULL);
    assert_string_equal(none, "");
    free(none);
    struct str out = {0};
    text_clean(&out, "a\0b", 3);
    assert_string_equal(str_get(&out), "a^@b");
    str_free(&out);
}

/* Whether text holds no control, in any encoding, and is valid. */
static void assert_harmless(const struct str *text) {
    const char *s = str_get(text);
    assert_true(text_valid(s, text->len));
    for (size_t i = 0; i < text->len;) {
        uint32_t cp;
        i += text_decode(s + i, text->len - i, &cp);
        assert_true(cp >= 0x20 && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0));
        assert_false(cp >= 0x202a && cp <= 0x202e);
        assert_false(cp >= 0x2066 && cp <= 0x2069);
    }
}

static void any_bytes_become_harmless(void **state) {
    uint32_t seed = 20221123;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        size_t n = (size_t)round % sizeof bytes;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (char)(seed >> 24);
        }
        struct str out = {0};
        text_clean(&out, bytes, n);
        assert_harmless(&out);
        /* Cleaned text stays as it is. */
        struct str again = {0};
        text_clean(&again, str_get(&out), out.len);
        assert_string_equal(str_get(&again), str_get(&out));
        str_free(&out);
        str_free(&again);
    }
}

static void every_character_survives_encoding(void **state) {
    (void)state;
    for (uint32_t cp = 1; cp < 0x110000; cp += cp < 0x3000 ? 1 : 37) {
        struct str s = {0};
        uint32_t back;
        if (cp >= 0xd800 && cp < 0xe000)
            continue;
        text_encode(&s, cp);
        assert_int_equal(text_decode(str_get(&s), s.len, &back), s.len);
        assert_int_equal(back, cp);
        str_free(&s);
    }
}

static void widths(void **state) {
    (void)state;
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("東京"), 4);
    assert_int_equal(text_width("e\xcc\x81"), 1);
    assert_int_equal(text_width("ｱ"), 1); /* half width */
    assert_int_equal(text_width("Ａ"), 2); /* full width */
    assert_int_equal(text_width("🎉"), 2);
    assert_int_equal(text_width("─│█░▲●"), 6);
    assert_int_equal(text_char_width(0), 0);
}

static void fitting_never_splits_a_character(void **state) {
    int used;
    (void)state;
    assert_int_equal(text_fit("東京", 3, &used), 3);
    assert_int_equal(used, 2);
    assert_int_equal(text_fit("e\xcc\x81x", 1, &used), 3);
    assert_int_equal(text_fit("abc", 0, &used), 0);
    assert_int_equal(text_fit("abc", 99, &used), 3);
    assert_int_equal(used, 3);
}

static void fitted(const char *in, int width, bool pad, bool ascii, const char *want) {
    struct str out = {0};
    text_add_fitted(&out, in, width, pad, ascii);
    assert_string_equal(str_get(&out), want);
    str_free(&out);
}

static void middle(const char *in, int width, bool ascii, const char *want) {
    struct str out = {0};
    text_add_middle(&out, in, width, ascii);
    assert_string_equal(str_get(&out), want);
    str_free(&out);
}

static void cuts_are_marked(void **state) {
    (void)state;
    fitted("abcdef", 6, false, false, "abcdef");
    fitted("abcdef", 5, false, false, "abcd…");
    fitted("abcdef", 5, false, true, "abcd~");
    fitted("東京都", 4, true, false, "東… ");
    fitted("ab", 4, true, false, "ab  ");
    fitted("ab", 0, true, false, "");
    fitted("ab", -3, true, false, "");
    fitted("ab", 1, true, false, "…");
    middle("0f9d2c41-aaaa-a1", 7, false, "0f9d…a1");
    middle("0f9d2c41-aaaa-a1", 7, true, "0f9d~a1");
    middle("short", 7, false, "short");
    middle("longer", 2, false, "l…");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_hostile_survives),
        cmocka_unit_test(any_bytes_become_harmless),
        cmocka_unit_test(every_character_survives_encoding),
        cmocka_unit_test(widths),
        cmocka_unit_test(fitting_never_splits_a_character),
        cmocka_unit_test(cuts_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
