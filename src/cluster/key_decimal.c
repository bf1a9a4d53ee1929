/* key_decimal: decimal numbers as keys hold them: a sign and magnitude marker, the exponent to base 100, then the
 * digits in pairs, each doubled with one added while more follow. Observed in recorded split points. */
#include "key_decode.h"

#include "domicile/base/mem.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum marker {
    MARKER_NAN = 0x18,
    MARKER_NEGATIVE_INFINITY = 0x19,
    MARKER_NEGATIVE_LARGE = 0x1a,
    MARKER_NEGATIVE_MEDIUM = 0x25, /* less the exponent */
    MARKER_NEGATIVE_SMALL = 0x26,
    MARKER_ZERO = 0x27,
    MARKER_POSITIVE_SMALL = 0x28,
    MARKER_POSITIVE_MEDIUM = 0x29, /* plus the exponent */
    MARKER_POSITIVE_LARGE = 0x34,
    MARKER_POSITIVE_INFINITY = 0x35,
    MARKER_NAN_DESCENDING = 0x36,
    LARGEST_MEDIUM = 10,
};

/* 0.d1d2d3… * 10^exponent; digits without zeros at either end. */
struct decimal {
    bool negative;
    char *digits;
    long exponent;
};

static bool read_decimal(struct decimal *d, const char *text) {
    struct str digits = {0};
    const char *p = text + (*text == '-' || *text == '+');
    long point = 0;
    bool after_point = false;
    bool any = false;
    d->negative = *text == '-';
    for (; isdigit((unsigned char)*p) || (*p == '.' && !after_point); p++) {
        if (*p == '.') {
            after_point = true;
            continue;
        }
        any = true;
        if (digits.len == 0 && *p == '0') {
            point -= after_point;
            continue;
        }
        str_add_char(&digits, *p);
        point += !after_point;
    }
    char *end = (char *)(uintptr_t)p;
    long shift = any && (*p == 'e' || *p == 'E') ? strtol(p + 1, &end, 10) : 0;
    while (digits.len > 0 && digits.data[digits.len - 1] == '0')
        str_truncate(&digits, digits.len - 1);
    bool bearable = shift > -1000000 && shift < 1000000;
    d->exponent = bearable ? point + shift : 0;
    d->digits = str_take(&digits);
    return any && *end == '\0' && bearable;
}

static void add_exponent(struct key *k, long e, bool negative) {
    if (e >= 0 && e <= LARGEST_MEDIUM) {
        key_add_byte(k, (unsigned char)(negative ? MARKER_NEGATIVE_MEDIUM - e : MARKER_POSITIVE_MEDIUM + e));
        return;
    }
    bool large = e > 0;
    key_add_byte(k, negative ? (large ? MARKER_NEGATIVE_LARGE : MARKER_NEGATIVE_SMALL)
                             : (large ? MARKER_POSITIVE_LARGE : MARKER_POSITIVE_SMALL));
    key_add_int(k, large ? e : -e, large == negative);
}

static void add_digits(struct key *k, const char *digits, bool odd, bool negative) {
    size_t n = strlen(digits);
    size_t i = 0;
    while (i < n) {
        int high = odd && i == 0 ? 0 : digits[i++] - '0';
        int low = i < n ? digits[i++] - '0' : 0;
        int doubled = (high * 10 + low) * 2 + (i < n);
        key_add_byte(k, (unsigned char)(negative ? ~doubled : doubled));
    }
    key_add_byte(k, 0);
}

bool key_add_decimal(struct key *k, const char *text, bool descending, struct err *err) {
    static const struct {
        const char *text;
        unsigned char ascending, descending;
    } special[] = {
        {"nan", MARKER_NAN, MARKER_NAN_DESCENDING},
        {"infinity", MARKER_POSITIVE_INFINITY, MARKER_NEGATIVE_INFINITY},
        {"-infinity", MARKER_NEGATIVE_INFINITY, MARKER_POSITIVE_INFINITY},
    };
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcasecmp(text, special[i].text) == 0) {
            key_add_byte(k, descending ? special[i].descending : special[i].ascending);
            return true;
        }
    struct decimal d = {0};
    if (!read_decimal(&d, text)) {
        free(d.digits);
        return err_set(err, ERR_INPUT, "\"%.60s\" cannot be encoded as a decimal", text);
    }
    if (d.digits[0] == '\0') {
        key_add_byte(k, MARKER_ZERO);
    } else {
        /* An odd power of ten: the first pair is a single digit. */
        bool odd = d.exponent % 2 != 0;
        bool negative = d.negative != descending;
        long e = d.exponent >= 0 ? (d.exponent + 1) / 2 : d.exponent / 2;
        add_exponent(k, e, negative);
        add_digits(k, d.digits, odd, negative);
    }
    free(d.digits);
    return true;
}
