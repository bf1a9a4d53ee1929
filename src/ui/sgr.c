/* sgr: changes of colours and attributes made as short as they can be. */
#include "sgr.h"

#include <string.h>

static const struct sgr_state plain = {.fg = -1, .bg = -1};

static bool same(const struct sgr_state *a, const struct sgr_state *b) {
    return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold && a->dim == b->dim && a->underline == b->underline
        && a->reverse == b->reverse;
}

void sgr_reset(struct sgr *s) { *s = (struct sgr){.have = plain, .want = plain}; }

/* ---- writing ---- */

/* The codes of one change: at most seven attributes and two colours of three codes. */
struct codes {
    char text[64];
    size_t len;
};

static void add_code(struct codes *c, int code) {
    char digits[4];
    size_t n = 0;
    if (c->len > 0)
        c->text[c->len++] = ';';
    do
        digits[n++] = (char)('0' + code % 10);
    while ((code /= 10) > 0);
    while (n > 0)
        c->text[c->len++] = digits[--n];
}

static void add_colour(struct codes *c, short colour, int base) {
    if (colour < 0) {
        add_code(c, base + 9);
    } else if (colour < 8) {
        add_code(c, base + colour);
    } else if (colour < 16) {
        add_code(c, base + 60 + colour - 8);
    } else {
        add_code(c, base + 8);
        add_code(c, 5);
        add_code(c, colour);
    }
}

/* The codes from one state to another. */
static void add_codes(struct codes *out, struct sgr_state from, const struct sgr_state *to) {
    if ((from.bold && !to->bold) || (from.dim && !to->dim)) { /* one code ends both */
        add_code(out, 22);
        from.bold = from.dim = false;
    }
    if (!from.bold && to->bold)
        add_code(out, 1);
    if (!from.dim && to->dim)
        add_code(out, 2);
    if (from.underline != to->underline)
        add_code(out, to->underline ? 4 : 24);
    if (from.reverse != to->reverse)
        add_code(out, to->reverse ? 7 : 27);
    if (from.fg != to->fg)
        add_colour(out, to->fg, 30);
    if (from.bg != to->bg)
        add_colour(out, to->bg, 40);
}

static void change(struct sgr *s, struct str *out, const struct sgr_state *to) {
    struct codes step = {.len = 0};
    struct codes anew = {.len = 0};
    if (!s->unknown && same(&s->have, to))
        return;
    add_codes(&step, s->have, to);
    if (!same(&plain, to))
        add_code(&anew, 0);
    add_codes(&anew, plain, to);
    const struct codes *shorter = s->unknown || anew.len < step.len ? &anew : &step;
    str_add_n(out, "\033[", 2);
    str_add_n(out, shorter->text, shorter->len);
    str_add_char(out, 'm');
    s->have = *to;
    s->unknown = false;
}

/* What a blank shows of it. */
static void change_for_blank(struct sgr *s, struct str *out) {
    struct sgr_state to = s->have;
    to.bg = s->want.bg;
    to.underline = s->want.underline;
    to.reverse = s->want.reverse;
    bool shows_fg = to.reverse || to.underline || s->unknown;
    change(s, out, shows_fg ? &s->want : &to);
}

/* ---- reading ---- */

static void set_colour(struct sgr_state *st, bool background, short colour) {
    if (background)
        st->bg = colour;
    else
        st->fg = colour;
}

/* One code, and those that belong to it; the number used, 0: it is not known here. */
static int take_code(struct sgr_state *st, const int *codes, int n) {
    int c = codes[0];
    bool background = c >= 40 && c != 90 && !(c >= 90 && c < 98);
    switch (c) {
    case 0: *st = plain; return 1;
    case 1: st->bold = true; return 1;
    case 2: st->dim = true; return 1;
    case 4: st->underline = true; return 1;
    case 7: st->reverse = true; return 1;
    case 22: st->bold = st->dim = false; return 1;
    case 24: st->underline = false; return 1;
    case 27: st->reverse = false; return 1;
    case 39:
    case 49: set_colour(st, background, -1); return 1;
    case 38:
    case 48:
        if (n < 3 || codes[1] != 5 || codes[2] > 255)
            return 0;
        set_colour(st, background, (short)codes[2]);
        return 3;
    default: break;
    }
    if ((c >= 30 && c < 38) || (c >= 40 && c < 48)) {
        set_colour(st, background, (short)(c % 10));
        return 1;
    }
    if ((c >= 90 && c < 98) || (c >= 100 && c < 108)) {
        set_colour(st, background, (short)(c % 10 + 8));
        return 1;
    }
    return 0;
}

/* The codes between "ESC [" and "m"; false: one is not known. */
static bool take_codes(struct sgr_state *st, const char *p, const char *end) {
    int codes[32] = {0};
    int n = 1;
    for (; p < end && n < 32; p++) {
        if (*p == ';')
            n++;
        else if (*p >= '0' && *p <= '9' && codes[n - 1] < 1000)
            codes[n - 1] = codes[n - 1] * 10 + (*p - '0');
        else
            return false;
    }
    struct sgr_state next = *st;
    for (int i = 0; i < n;) {
        int used = p == end ? take_code(&next, codes + i, n - i) : 0;
        if (used == 0)
            return false;
        i += used;
    }
    *st = next;
    return true;
}

/* "ESC [ ... final" of n bytes. */
static void control(struct sgr *s, struct str *out, const char *p, size_t n) {
    static const char moves[] = "ABCDGHdhlr";
    char final = p[n - 1];
    if (final == 'm' && take_codes(&s->want, p + 2, p + n - 1))
        return;
    if (!strchr(moves, final)) /* it fills cells with the background */
        change(s, out, &s->want);
    str_add_n(out, p, n);
    s->unknown = s->unknown || final == 'm';
}

static size_t sequence_length(const char *p, size_t n) {
    if (n < 2)
        return n;
    if (p[1] == '(' || p[1] == ')')
        return n < 3 ? n : 3;
    if (p[1] != '[')
        return 2;
    for (size_t i = 2; i < n; i++)
        if (p[i] >= 0x40 && p[i] <= 0x7e)
            return i + 1;
    return n;
}

void sgr_squeeze(struct sgr *s, struct str *out, const char *bytes, size_t n) {
    for (size_t i = 0; i < n;) {
        size_t len = bytes[i] == '\033' ? sequence_length(bytes + i, n - i) : 1;
        if (len == 3 && memcmp(bytes + i, "\033(B", 3) == 0) {
            i += len; /* no other character set is ever chosen */
            continue;
        }
        if (len > 2 && bytes[i + 1] == '[') {
            control(s, out, bytes + i, len);
            i += len;
            continue;
        }
        if (bytes[i] == ' ')
            change_for_blank(s, out);
        else if ((unsigned char)bytes[i] > ' ' || bytes[i] == '\n' || len > 1)
            change(s, out, &s->want);
        str_add_n(out, bytes + i, len);
        i += len;
    }
}
