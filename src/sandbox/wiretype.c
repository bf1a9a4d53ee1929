/* wiretype: values between PostgreSQL's text format and its binary one. */
#include "wiretype.h"

#include "wiretime.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool parse_integer(const char *text, int64_t min, int64_t max, int64_t *out) {
    char *end;
    errno = 0;
    const long long v = strtoll(text, &end, 10);
    if (end == text || *end || errno || v < min || v > max)
        return false;
    *out = v;
    return true;
}

static uint64_t load(const char *bytes, size_t n) {
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)bytes[i];
    return v;
}

/* Sign extended. */
static int64_t load_signed(const char *bytes, size_t n) {
    const uint64_t v = load(bytes, n);
    return n == 2 ? (int16_t)v : n == 4 ? (int32_t)v : (int64_t)v;
}

static bool encode_integer(struct wire_out *o, size_t size, const char *text) {
    int64_t v;
    const int64_t max = size == 2 ? INT16_MAX : size == 4 ? INT32_MAX : INT64_MAX;
    if (!parse_integer(text, -max - 1, max, &v))
        return false;
    wire_int32(o, (int32_t)size);
    if (size == 2)
        wire_int16(o, (int16_t)v);
    else if (size == 4)
        wire_int32(o, (int32_t)v);
    else
        wire_int64(o, v);
    return true;
}

static bool encode_bool(struct wire_out *o, const char *text) {
    wire_int32(o, 1);
    wire_int8(o, text[0] == 't' || text[0] == '1' || text[0] == 'T');
    return true;
}

static bool encode_float(struct wire_out *o, bool wide, const char *text) {
    char *end;
    const double v = strtod(text, &end);
    if (end == text || *end)
        return false;
    if (wide) {
        int64_t bits;
        memcpy(&bits, &v, sizeof bits);
        wire_int32(o, 8);
        wire_int64(o, bits);
    } else {
        const float f = (float)v;
        int32_t bits;
        memcpy(&bits, &f, sizeof bits);
        wire_int32(o, 4);
        wire_int32(o, bits);
    }
    return true;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
        : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Hex digits into bytes; hyphens (of a UUID) are skipped. The count of bytes, or -1. */
static long decode_hex(struct str *out, const char *text) {
    int high = -1;
    for (; *text; text++) {
        const int d = hex_digit(*text);
        if (d < 0 && *text == '-')
            continue;
        if (d < 0)
            return -1;
        if (high >= 0)
            str_add_char(out, (char)(unsigned char)(high << 4 | d));
        high = high >= 0 ? -1 : d;
    }
    return high >= 0 ? -1 : (long)out->len;
}

static bool encode_hex(struct wire_out *o, const char *text, long wanted) {
    struct str bytes = {0};
    const long n = decode_hex(&bytes, text);
    const bool good = n >= 0 && (wanted < 0 || n == wanted);
    if (good) {
        wire_int32(o, (int32_t)n);
        wire_bytes(o, bytes.data, bytes.len);
    }
    str_free(&bytes);
    return good;
}

static bool encode_text(struct wire_out *o, const char *text) {
    const size_t n = strlen(text);
    wire_int32(o, (int32_t)n);
    wire_bytes(o, text, n);
    return true;
}

/* A BYTES value is hex after \x; the escape format's text is sent as it is. */
static bool encode_bytea(struct wire_out *o, const char *text) {
    return str_starts(text, "\\x") ? encode_hex(o, text + 2, -1) : encode_text(o, text);
}

/* NUMERIC: groups of four decimal digits around the point. */
static bool encode_numeric(struct wire_out *o, const char *text) {
    if (str_eq_nocase(text, "NaN")) {
        wire_int32(o, 8);
        wire_int16(o, 0);
        wire_int16(o, 0);
        wire_int16(o, (int16_t)0xC000);
        wire_int16(o, 0);
        return true;
    }
    const bool negative = *text == '-';
    text += negative;
    const char *point = strchr(text, '.');
    const size_t whole = point ? (size_t)(point - text) : strlen(text);
    const size_t scale = point ? strlen(point + 1) : 0;
    if (whole + scale == 0 || whole > 4000 || scale > 4000 ||
        strspn(text, "0123456789") != whole || (point && strspn(point + 1, "0123456789") != scale))
        return false;
    VEC_STRUCT(int16_t) groups = {0};
    const size_t pad = (4 - whole % 4) % 4;
    const size_t digits = pad + whole + (scale + 3) / 4 * 4;
    for (size_t i = 0; i < digits; i += 4) {
        int group = 0;
        for (size_t k = i; k < i + 4; k++) {
            const size_t at = k - pad;
            const char c = k < pad ? '0' : at < whole ? text[at]
                : at - whole < scale ? point[1 + at - whole] : '0';
            group = group * 10 + (c - '0');
        }
        vec_push(&groups, (int16_t)group);
    }
    long weight = (long)(pad + whole) / 4 - 1;
    size_t first = 0;
    while (first < groups.len && groups.items[first] == 0) {
        first++;
        weight--;
    }
    while (groups.len > first && groups.items[groups.len - 1] == 0)
        groups.len--;
    const size_t n = groups.len - first;
    wire_int32(o, (int32_t)(8 + 2 * n));
    wire_int16(o, (int16_t)n);
    wire_int16(o, n ? (int16_t)weight : 0);
    wire_int16(o, n && negative ? 0x4000 : 0);
    wire_int16(o, (int16_t)scale);
    for (size_t i = first; i < groups.len; i++)
        wire_int16(o, groups.items[i]);
    vec_free(&groups);
    return true;
}

static char *decode_numeric(const char *bytes, size_t n) {
    if (n < 8)
        return NULL;
    const size_t groups = (size_t)load(bytes, 2);
    const long weight = (long)load_signed(bytes + 2, 2);
    const unsigned sign = (unsigned)load(bytes + 4, 2);
    const size_t scale = (size_t)load(bytes + 6, 2);
    if (n != 8 + 2 * groups)
        return NULL;
    if (sign == 0xC000)
        return mem_strdup("NaN");
    struct str out = {0};
    str_add(&out, sign == 0x4000 ? "-" : "");
    if (weight < 0)
        str_add_char(&out, '0');
    for (long i = 0; i <= weight; i++)
        str_add_f(&out, i ? "%04d" : "%d",
            (size_t)i < groups ? (int)load(bytes + 8 + 2 * i, 2) : 0);
    if (scale) {
        str_add_char(&out, '.');
        const size_t start = out.len;
        for (long i = weight + 1; out.len - start < scale; i++)
            str_add_f(&out, "%04d", i >= 0 && (size_t)i < groups ? (int)load(bytes + 8 + 2 * i, 2) : 0);
        str_truncate(&out, start + scale);
    }
    return str_take(&out);
}

static const struct {
    uint32_t array;
    uint32_t element;
} arrays[] = {
    {OID_BOOL_ARRAY, OID_BOOL}, {OID_BYTEA_ARRAY, OID_BYTEA}, {OID_INT2_ARRAY, OID_INT2},
    {OID_INT4_ARRAY, OID_INT4}, {OID_TEXT_ARRAY, OID_TEXT}, {OID_VARCHAR_ARRAY, OID_VARCHAR},
    {OID_INT8_ARRAY, OID_INT8}, {OID_OID_ARRAY, OID_OID}, {1003, OID_NAME}, {1021, OID_FLOAT4},
    {1022, OID_FLOAT8}, {1115, OID_TIMESTAMP}, {1182, OID_DATE}, {1185, OID_TIMESTAMPTZ},
    {1231, OID_NUMERIC}, {2951, OID_UUID}, {3807, OID_JSONB},
};

uint32_t wiretype_element(uint32_t oid) {
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (arrays[i].array == oid)
            return arrays[i].element;
    return 0;
}

/* Reads one element of an array's text at *at into out; *null says that it is NULL. */
static bool array_element(const char **at, struct str *out, bool *null) {
    const char *s = *at;
    const bool quoted = *s == '"';
    str_clear(out);
    for (s += quoted; *s && (quoted ? *s != '"' : *s != ',' && *s != '}'); s++) {
        if (*s == '\\' && s[1])
            s++;
        str_add_char(out, *s);
    }
    if (quoted && *s++ != '"')
        return false;
    *null = !quoted && str_eq(str_get(out), "NULL");
    *at = s;
    return *s == ',' || *s == '}';
}

static bool encode_elements(struct wire_out *o, uint32_t element, const char *s, int32_t *count) {
    struct str text = {0};
    bool good = *s++ == '{';
    while (good && *s != '}') {
        bool null;
        good = array_element(&s, &text, &null);
        if (good && null)
            wire_int32(o, -1);
        else
            good = good && wiretype_encode(o, element, str_get(&text));
        ++*count;
        s += good && *s == ',';
    }
    str_free(&text);
    return good && s[1] == '\0';
}

static bool encode_array(struct wire_out *o, uint32_t element, const char *text) {
    struct wire_out body = {0};
    int32_t count = 0;
    const bool good = encode_elements(&body, element, text, &count);
    if (good) {
        wire_int32(o, count ? (int32_t)(20 + body.len) : 12);
        wire_int32(o, count ? 1 : 0);
        wire_int32(o, strstr(text, "NULL") ? 1 : 0);
        wire_int32(o, (int32_t)element);
        if (count) {
            wire_int32(o, count);
            wire_int32(o, 1);
            wire_bytes(o, body.data, body.len);
        }
    }
    wire_out_free(&body);
    return good;
}

static void add_array_element(struct str *out, const char *text) {
    const bool plain = *text && !strpbrk(text, "{},\"\\ \t\n") && !str_eq_nocase(text, "NULL");
    if (plain) {
        str_add(out, text);
        return;
    }
    str_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
    str_add_char(out, '"');
}

static char *decode_array(const char *bytes, size_t n) {
    struct wire_in in = {.at = bytes, .left = n};
    const int32_t dimensions = wire_get_int32(&in);
    wire_get_int32(&in);
    const uint32_t element = (uint32_t)wire_get_int32(&in);
    int32_t count = 0;
    if (dimensions == 1) {
        count = wire_get_int32(&in);
        wire_get_int32(&in);
    }
    if (in.bad || dimensions < 0 || dimensions > 1 || count < 0)
        return NULL;
    struct str out = {0};
    str_add_char(&out, '{');
    for (int32_t i = 0; i < count && !in.bad; i++) {
        const int32_t size = wire_get_int32(&in);
        const char *value = size > 0 ? wire_get_bytes(&in, (size_t)size) : "";
        char *text = size >= 0 && !in.bad ? wiretype_decode(element, value, (size_t)size) : NULL;
        in.bad = in.bad || (size >= 0 && !text);
        str_add(&out, i ? "," : "");
        if (text)
            add_array_element(&out, text);
        else
            str_add(&out, "NULL");
        free(text);
    }
    str_add_char(&out, '}');
    if (!in.bad)
        return str_take(&out);
    str_free(&out);
    return NULL;
}

static bool encode_jsonb(struct wire_out *o, const char *text) {
    wire_int32(o, (int32_t)strlen(text) + 1);
    wire_int8(o, 1);
    wire_bytes(o, text, strlen(text));
    return true;
}

bool wiretype_encode(struct wire_out *o, uint32_t oid, const char *text) {
    switch (oid) {
    case OID_BOOL: return encode_bool(o, text);
    case OID_INT2: return encode_integer(o, 2, text);
    case OID_INT4: return encode_integer(o, 4, text);
    case OID_INT8: return encode_integer(o, 8, text);
    case OID_OID: return encode_integer(o, 4, text);
    case OID_FLOAT4: return encode_float(o, false, text);
    case OID_FLOAT8: return encode_float(o, true, text);
    case OID_BYTEA: return encode_bytea(o, text);
    case OID_UUID: return encode_hex(o, text, 16);
    case OID_NUMERIC: return encode_numeric(o, text);
    case OID_JSONB: return encode_jsonb(o, text);
    case OID_DATE: return wiretime_encode_date(o, text);
    case OID_TIME: return wiretime_encode_time(o, text);
    case OID_TIMESTAMP:
    case OID_TIMESTAMPTZ: return wiretime_encode_timestamp(o, text);
    case OID_INTERVAL: return wiretime_encode_interval(o, text);
    default: break;
    }
    const uint32_t element = wiretype_element(oid);
    return element ? encode_array(o, element, text) : encode_text(o, text);
}

static char *decode_uuid(const char *bytes) {
    struct str s = {0};
    for (int i = 0; i < 16; i++)
        str_add_f(&s, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", (unsigned char)bytes[i]);
    return str_take(&s);
}

static char *decode_bytea(const char *bytes, size_t n) {
    struct str s = {0};
    str_add(&s, "\\x");
    for (size_t i = 0; i < n; i++)
        str_add_f(&s, "%02x", (unsigned char)bytes[i]);
    return str_take(&s);
}

static char *decode_float(const char *bytes, size_t n) {
    const uint64_t bits = load(bytes, n);
    if (n == 4) {
        const uint32_t half = (uint32_t)bits;
        float f;
        memcpy(&f, &half, sizeof f);
        return mem_printf("%.9g", (double)f);
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return mem_printf("%.17g", d);
}

static char *decode_text(const char *bytes, size_t n) {
    return memchr(bytes, 0, n) ? NULL : mem_strndup(bytes, n);
}

char *wiretype_decode(uint32_t oid, const char *bytes, size_t n) {
    switch (oid) {
    case OID_BOOL: return n == 1 ? mem_strdup(bytes[0] ? "true" : "false") : NULL;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
        /* Clients send the width that they know; what the value fits is looked at later. */
        return n == 2 || n == 4 || n == 8 ? mem_printf("%" PRId64, load_signed(bytes, n)) : NULL;
    case OID_OID: return n == 4 ? mem_printf("%" PRIu64, load(bytes, 4)) : NULL;
    case OID_FLOAT4: return n == 4 ? decode_float(bytes, 4) : NULL;
    case OID_FLOAT8: return n == 8 ? decode_float(bytes, 8) : NULL;
    case OID_BYTEA: return decode_bytea(bytes, n);
    case OID_UUID: return n == 16 ? decode_uuid(bytes) : NULL;
    case OID_NUMERIC: return decode_numeric(bytes, n);
    case OID_JSONB: return n && bytes[0] == 1 ? decode_text(bytes + 1, n - 1) : NULL;
    case OID_DATE: return n == 4 ? wiretime_decode_date((int32_t)load_signed(bytes, 4)) : NULL;
    case OID_TIME: return n == 8 ? wiretime_decode_time(load_signed(bytes, 8)) : NULL;
    case OID_TIMESTAMP: return n == 8 ? wiretime_decode_timestamp(load_signed(bytes, 8), false) : NULL;
    case OID_TIMESTAMPTZ: return n == 8 ? wiretime_decode_timestamp(load_signed(bytes, 8), true) : NULL;
    case OID_INTERVAL: return n == 16 ? wiretime_decode_interval(load_signed(bytes, 8),
        (int32_t)load_signed(bytes + 8, 4), (int32_t)load_signed(bytes + 12, 4)) : NULL;
    default: break;
    }
    return wiretype_element(oid) ? decode_array(bytes, n) : decode_text(bytes, n);
}
