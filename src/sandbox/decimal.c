/* decimal: exact arithmetic on DECIMAL values given as text. */
#include "decimal.h"

#include "domicile/base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DIGITS = 36 };

struct decimal decimal_parse(const char *s) {
    struct decimal d = {0};
    const bool negative = *s == '-';
    int digits = 0;
    bool point = false, any = false;
    s += *s == '-' || *s == '+';
    for (; isdigit((unsigned char)*s) || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        any = true;
        if (digits >= MAX_DIGITS) {
            d.bad = !point;
            continue;
        }
        d.mantissa = d.mantissa * 10 + (*s - '0');
        digits += d.mantissa != 0;
        d.scale += point;
    }
    if (any && (*s == 'e' || *s == 'E')) {
        const long exponent = strtol(s + 1, (char **)(size_t)&s, 10);
        d.bad = d.bad || exponent > 30 || exponent < -30;
        for (long i = 0; i < exponent && !d.bad; i++)
            if (d.scale > 0)
                d.scale--;
            else
                d.mantissa *= 10;
        if (exponent < 0)
            d.scale += (int)-exponent;
    }
    d.bad = d.bad || !any || *s;
    if (negative)
        d.mantissa = -d.mantissa;
    return d;
}

char *decimal_print(struct decimal d) {
    char text[64];
    size_t at = sizeof text;
    const bool negative = d.mantissa < 0;
    unsigned __int128 v = negative ? (unsigned __int128)-d.mantissa : (unsigned __int128)d.mantissa;
    text[--at] = '\0';
    for (int i = 0; v || i <= d.scale; i++) {
        if (i == d.scale && d.scale > 0)
            text[--at] = '.';
        text[--at] = (char)('0' + (int)(v % 10));
        v /= 10;
        if (at < 3)
            break;
    }
    if (negative)
        text[--at] = '-';
    return mem_strdup(text + at);
}

static struct decimal rescale(struct decimal d, int scale) {
    for (; d.scale < scale; d.scale++)
        d.mantissa *= 10;
    return d;
}

static int digits_of(__int128 v) {
    int n = 0;
    for (; v; v /= 10)
        n++;
    return n;
}

static void align(struct decimal *a, struct decimal *b) {
    const int scale = a->scale > b->scale ? a->scale : b->scale;
    if (digits_of(a->mantissa) + scale - a->scale > 37 || digits_of(b->mantissa) + scale - b->scale > 37)
        a->bad = true;
    *a = a->bad ? *a : rescale(*a, scale);
    *b = a->bad ? *b : rescale(*b, scale);
}

struct decimal decimal_add(struct decimal a, struct decimal b) {
    align(&a, &b);
    a.bad = a.bad || b.bad;
    if (!a.bad)
        a.mantissa += b.mantissa;
    return a;
}

struct decimal decimal_subtract(struct decimal a, struct decimal b) {
    b.mantissa = -b.mantissa;
    return decimal_add(a, b);
}

struct decimal decimal_multiply(struct decimal a, struct decimal b) {
    a.bad = a.bad || b.bad || digits_of(a.mantissa) + digits_of(b.mantissa) > 37;
    if (!a.bad)
        a.mantissa *= b.mantissa;
    a.scale += b.scale;
    return a;
}

struct decimal decimal_round(struct decimal a, int scale, int mode) {
    if (a.scale <= scale)
        return rescale(a, scale);
    __int128 factor = 1;
    for (int i = a.scale; i > scale; i--)
        factor *= 10;
    __int128 whole = a.mantissa / factor, rest = a.mantissa % factor;
    if (mode < 0 && rest < 0)
        whole--;
    else if (mode > 0 && rest > 0)
        whole++;
    else if (mode == 0 && rest * 2 >= factor)
        whole++;
    else if (mode == 0 && -rest * 2 >= factor)
        whole--;
    a.mantissa = whole;
    a.scale = scale;
    return a;
}

struct decimal decimal_divide(struct decimal a, struct decimal b) {
    a.bad = a.bad || b.bad || b.mantissa == 0;
    if (a.bad)
        return a;
    if (a.mantissa == 0)
        return (struct decimal){0};
    int scale = a.scale - b.scale;
    __int128 m = a.mantissa;
    while (digits_of(m / b.mantissa) < 20 && digits_of(m) < 37) {
        if (m % b.mantissa == 0 && scale >= 0)
            break;
        m *= 10;
        scale++;
    }
    struct decimal out = {.mantissa = m / b.mantissa, .scale = scale};
    const __int128 rest = m % b.mantissa, twice = rest * 2;
    const __int128 size = b.mantissa < 0 ? -b.mantissa : b.mantissa;
    if ((twice < 0 ? -twice : twice) >= size)
        out.mantissa += (a.mantissa < 0) == (b.mantissa < 0) ? 1 : -1;
    return scale < 0 ? rescale(out, 0) : out;
}

int decimal_compare(struct decimal a, struct decimal b) {
    align(&a, &b);
    return a.mantissa < b.mantissa ? -1 : a.mantissa > b.mantissa;
}
