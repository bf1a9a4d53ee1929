/* sgr_test: whatever curses may write, the shortened frame gives the same screen, by libvterm's eyes. */
#include "domicile/base/str.h"
#include "sgr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>
#include <cmocka.h>

enum { ROWS = 6, COLS = 20, FRAMES = 3000, TOKENS = 60 };

struct eye {
    VTerm *vt;
    VTermScreen *screen;
};

static struct eye eye_open(void) {
    struct eye e = {.vt = vterm_new(ROWS, COLS)};
    vterm_set_utf8(e.vt, 1);
    e.screen = vterm_obtain_screen(e.vt);
    vterm_screen_reset(e.screen, 1);
    return e;
}

static unsigned random_below(unsigned n) {
    static uint64_t state = 88172645463325252ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

/* The kinds of things that curses writes, in any order. */
static void add_token(struct str *out) {
    static const char *const fixed[] = {"\033(B", "\033[m", "\033[0;1m", "\033[1m", "\033[4m", "\033[24m", "\033[7m",
        "\033[27m", "\033[39m", "\033[49m", "\033[39;49m", "\033[K", "\033[1K", "\033[J", " ", "  ", "x", "abc",
        "\xe2\x97\x86", "\033[5X", "\033[2P", "\033[3@", "\033M", "\033[L", "\033[22m", "\033[91m", "\033[104m", "\r",
        "\033[2S"};
    size_t n = sizeof fixed / sizeof *fixed;
    unsigned i = random_below((unsigned)n + 8);
    if (i < n)
        str_add(out, fixed[i]);
    else if (i < n + 2)
        str_add_f(out, "\033[38;5;%um", random_below(256));
    else if (i < n + 4)
        str_add_f(out, "\033[48;5;%um", random_below(256));
    else if (i < n + 5)
        str_add_f(out, "\033[3%u;4%um", random_below(8), random_below(8));
    else
        str_add_f(out, "\033[%u;%uH", random_below(ROWS) + 1, random_below(COLS) + 1);
}

static void same_cell(const VTermScreenCell *a, const VTermScreenCell *b, const char *frame) {
    bool blank = a->chars[0] == 0 || a->chars[0] == ' ';
    bool shows_fg = !blank || a->attrs.reverse || a->attrs.underline;
    bool same = (blank ? b->chars[0] == 0 || b->chars[0] == ' ' : a->chars[0] == b->chars[0]) &&
        a->attrs.reverse == b->attrs.reverse && a->attrs.underline == b->attrs.underline &&
        memcmp(&a->bg, &b->bg, sizeof a->bg) == 0 &&
        (!shows_fg || (memcmp(&a->fg, &b->fg, sizeof a->fg) == 0 && (blank || a->attrs.bold == b->attrs.bold)));
    if (!same) {
        for (const char *p = frame; *p; p++)
            printf(*p == '\033' ? "^[" : "%c", *p);
        fail_msg("another picture");
    }
}

static void same_screen(const struct eye *a, const struct eye *b, const char *frame) {
    for (int row = 0; row < ROWS; row++)
        for (int col = 0; col < COLS; col++) {
            VTermScreenCell x = {0};
            VTermScreenCell y = {0};
            vterm_screen_get_cell(a->screen, (VTermPos){row, col}, &x);
            vterm_screen_get_cell(b->screen, (VTermPos){row, col}, &y);
            same_cell(&x, &y, frame);
        }
}

static void test_same_picture(void **state) {
    struct eye long_way = eye_open();
    struct eye short_way = eye_open();
    struct sgr s;
    size_t before = 0;
    size_t after = 0;
    (void)state;
    sgr_reset(&s);
    for (int i = 0; i < FRAMES; i++) {
        struct str frame = {0};
        struct str squeezed = {0};
        for (int k = 0; k < TOKENS; k++)
            add_token(&frame);
        sgr_squeeze(&s, &squeezed, str_get(&frame), frame.len);
        vterm_input_write(long_way.vt, str_get(&frame), frame.len);
        vterm_input_write(short_way.vt, str_get(&squeezed), squeezed.len);
        same_screen(&long_way, &short_way, str_get(&frame));
        before += frame.len;
        after += squeezed.len;
        str_free(&frame);
        str_free(&squeezed);
    }
    printf("# %zu bytes became %zu\n", before, after);
    assert_true(after < before * 9 / 10);
    vterm_free(long_way.vt);
    vterm_free(short_way.vt);
}

static void test_short(void **state) {
    static const struct {
        const char *from, *to;
    } frames[] = {
        {"\033(B\033[0;1mMike\033(B\033[m \033(B\033[0;1maws", "\033[1mMike aws"},
        {"\033[38;5;245m\033[5;9H\033[39m\033(B\033[mx", "\033[5;9H\033[mx"},
        {"\033[38;5;245m\033[48;5;237ma\033[39;49m\033(B\033[mb", "\033[38;5;245;48;5;237ma\033[mb"},
        {"\033[3mitalic", "\033[3mitalic"}, /* not known here: as it is */
    };
    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        struct sgr s;
        struct str out = {0};
        sgr_reset(&s);
        if (i == 1)
            s.have.bold = s.want.bold = true;
        sgr_squeeze(&s, &out, frames[i].from, strlen(frames[i].from));
        if (i == 3)
            assert_non_null(strstr(str_get(&out), "\033[3m"));
        else
            assert_string_equal(str_get(&out), frames[i].to);
        str_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_picture),
        cmocka_unit_test(test_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
