/* text: bytes from outside made safe for a terminal, and their width there. */
#include "domicile/base/text.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd, MAX_COMBINING = 2 };

struct interval {
    uint32_t first, last;
};

static bool in_table(uint32_t cp, const struct interval *table, size_t last) {
    size_t low = 0;
    while (low < last) {
        size_t mid = low + (last - low) / 2;
        if (cp > table[mid].last)
            low = mid + 1;
        else
            last = mid;
    }
    return cp >= table[low].first && cp <= table[low].last;
}

#define IN_TABLE(cp, table) in_table(cp, table, sizeof(table) / sizeof *(table) - 1)

/* Characters that are drawn onto the one before (the blocks that hold little else). */
static const struct interval combining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2}, {0x05c4, 0x05c5},
    {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc}, {0x06df, 0x06e4}, {0x06e7, 0x06e8},
    {0x06ea, 0x06ed}, {0x0711, 0x0711}, {0x0730, 0x074a}, {0x07a6, 0x07b0}, {0x07eb, 0x07f3}, {0x0816, 0x0819},
    {0x081b, 0x0823}, {0x0825, 0x0827}, {0x0829, 0x082d}, {0x0859, 0x085b}, {0x08d3, 0x0902}, {0x093a, 0x093a},
    {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d}, {0x0951, 0x0957}, {0x0962, 0x0963}, {0x0981, 0x0981},
    {0x09bc, 0x09bc}, {0x09c1, 0x09c4}, {0x09cd, 0x09cd}, {0x0a3c, 0x0a3c}, {0x0a41, 0x0a51}, {0x0abc, 0x0abc},
    {0x0ac1, 0x0acd}, {0x0b3c, 0x0b3f}, {0x0b41, 0x0b4d}, {0x0bcd, 0x0bcd}, {0x0c3e, 0x0c40}, {0x0c46, 0x0c56},
    {0x0ccc, 0x0ccd}, {0x0d41, 0x0d4d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x0eb1, 0x0eb1},
    {0x0eb4, 0x0ebc}, {0x0ec8, 0x0ecd}, {0x0f18, 0x0f19}, {0x0f71, 0x0f84}, {0x135d, 0x135f}, {0x1712, 0x1714},
    {0x17b4, 0x17d3}, {0x180b, 0x180f}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20f0}, {0x302a, 0x302d},
    {0x3099, 0x309a}, {0xa66f, 0xa672}, {0xa674, 0xa67d}, {0xfb1e, 0xfb1e}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    {0x1d165, 0x1d169}, {0x1d16d, 0x1d172}, {0xe0100, 0xe01ef},
};

/* Two columns: East Asian wide and full width, and the emoji that terminals draw wide. */
static const struct interval wide[] = {
    {0x1100, 0x115f}, {0x231a, 0x231b}, {0x2329, 0x232a}, {0x23e9, 0x23ec}, {0x23f0, 0x23f0}, {0x23f3, 0x23f3},
    {0x25fd, 0x25fe}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267f, 0x267f}, {0x2693, 0x2693}, {0x26a1, 0x26a1},
    {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5}, {0x26ce, 0x26ce}, {0x26d4, 0x26d4}, {0x26ea, 0x26ea},
    {0x26f2, 0x26f3}, {0x26f5, 0x26f5}, {0x26fa, 0x26fa}, {0x26fd, 0x26fd}, {0x2705, 0x2705}, {0x270a, 0x270b},
    {0x2728, 0x2728}, {0x274c, 0x274c}, {0x274e, 0x274e}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
    {0x27b0, 0x27b0}, {0x27bf, 0x27bf}, {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x2b55, 0x2b55}, {0x2e80, 0x303e},
    {0x3041, 0x33ff}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xa000, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3},
    {0xf900, 0xfaff}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x16fe0, 0x18aff},
    {0x1b000, 0x1b2ff}, {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
    {0x1f200, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca},
    {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4}, {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440},
    {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567}, {0x1f57a, 0x1f57a},
    {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc},
    {0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6d7}, {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb},
    {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945}, {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};

/* What changes how its neighbours read without being seen: always made visible. */
static const struct interval invisible[] = {
    {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180e, 0x180e},
    {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0},
    {0xfff9, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f},
};

size_t text_decode(const char *s, size_t n, uint32_t *cp) {
    const unsigned char *p = (const unsigned char *)s;
    *cp = REPLACEMENT;
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    size_t len = p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
        : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
        : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
        : 0;
    if (len == 0)
        return 1;
    uint32_t value = p[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if (i >= n || (p[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (p[i] & 0x3fU);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 1;
    *cp = value;
    return len;
}

void text_encode(struct str *out, uint32_t cp) {
    if (cp < 0x80) {
        str_add_char(out, (char)cp);
        return;
    }
    char b[4];
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        b[i] = (char)(0x80 | (cp & 0x3f));
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    b[0] = (char)(lead[n] | cp);
    str_add_n(out, b, n);
}

bool text_valid(const char *s, size_t n) {
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = text_decode(s + i, n - i, &cp);
        if (cp == REPLACEMENT && len == 1)
            return false;
        i += len;
    }
    return true;
}

int text_char_width(uint32_t cp) {
    if (cp < 0x300)
        return cp >= 0x20 && (cp < 0x7f || cp >= 0xa0) ? 1 : 0;
    if (IN_TABLE(cp, combining))
        return 0;
    return IN_TABLE(cp, wide) ? 2 : 1;
}

/* Controls in a form that does nothing. False: cp is not one. */
static bool add_control(struct str *out, uint32_t cp) {
    if (cp == '\n')
        str_add(out, "⏎");
    else if (cp == '\t')
        str_add(out, "⇥");
    else if (cp < 0x20 || cp == 0x7f)
        str_add_f(out, "^%c", (char)(cp ^ 0x40));
    else if (cp >= 0x80 && cp < 0xa0)
        str_add_f(out, "<%02x>", (unsigned)cp);
    else if (cp >= 0xa0 && IN_TABLE(cp, invisible))
        str_add_f(out, "<U+%04X>", (unsigned)cp);
    else
        return false;
    return true;
}

void text_clean(struct str *out, const char *bytes, size_t n) {
    int marks = MAX_COMBINING; /* a mark at the very start has nothing to stand on */
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t len = text_decode(bytes + i, n - i, &cp);
        unsigned char byte = (unsigned char)bytes[i];
        i += len;
        if (len == 1 && cp == REPLACEMENT && byte >= 0x80 && byte < 0xa0)
            cp = byte; /* a C1 control as a single byte */
        bool mark = cp >= 0x300 && IN_TABLE(cp, combining);
        if (mark && marks++ >= MAX_COMBINING)
            continue;
        if (!mark)
            marks = 0;
        if (!add_control(out, cp))
            text_encode(out, cp);
    }
}

char *text_cleaned(const char *s) {
    struct str out = {0};
    if (s)
        text_clean(&out, s, strlen(s));
    return str_take(&out);
}

int text_width(const char *s) {
    int width = 0;
    for (size_t n = strlen(s); n > 0;) {
        uint32_t cp;
        size_t len = text_decode(s, n, &cp);
        width += text_char_width(cp);
        s += len;
        n -= len;
    }
    return width;
}

size_t text_fit(const char *s, int width, int *used) {
    size_t n = strlen(s);
    size_t i = 0;
    int columns = 0;
    while (i < n) {
        uint32_t cp;
        size_t len = text_decode(s + i, n - i, &cp);
        int w = text_char_width(cp);
        if (columns + w > width)
            break;
        columns += w;
        i += len;
    }
    if (used)
        *used = columns;
    return i;
}

static void add_blanks(struct str *out, int n) {
    while (n-- > 0)
        str_add_char(out, ' ');
}

void text_add_fitted(struct str *out, const char *s, int width, bool pad, bool ascii) {
    int used = 0;
    if (width <= 0)
        return;
    size_t n = text_fit(s, width, &used);
    if (s[n] != '\0') {
        n = text_fit(s, width - 1, &used);
        str_add_n(out, s, n);
        str_add(out, ascii ? "~" : "…");
        used++;
    } else {
        str_add_n(out, s, n);
    }
    if (pad)
        add_blanks(out, width - used);
}

/* Where the last characters that fit width columns begin. */
static size_t tail_start(const char *s, int width) {
    size_t start = strlen(s);
    int columns = 0;
    while (start > 0) {
        size_t at = start - 1;
        while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
            at--;
        uint32_t cp;
        text_decode(s + at, start - at, &cp);
        columns += text_char_width(cp);
        if (columns > width)
            break;
        start = at;
    }
    return start;
}

void text_add_middle(struct str *out, const char *s, int width, bool ascii) {
    if (text_width(s) <= width) {
        str_add(out, s);
        return;
    }
    if (width < 3) {
        text_add_fitted(out, s, width, false, ascii);
        return;
    }
    int tail = (width - 1) / 3;
    str_add_n(out, s, text_fit(s, width - 1 - tail, NULL));
    str_add(out, ascii ? "~" : "…");
    str_add(out, s + tail_start(s, tail));
}
