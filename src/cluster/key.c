/* key: range keys as bytes, and their comparison. */
#include "domicile/cluster/key.h"

#include "domicile/base/mem.h"
#include "key_decode.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void key_free(struct key *k) {
    free(k->data);
    *k = (struct key){0};
}

void key_copy(struct key *to, const struct key *from) { key_set(to, from->data, from->len); }

void key_set(struct key *k, const void *bytes, size_t n) {
    unsigned char *data = n ? mem_dup(bytes, n) : NULL;
    free(k->data);
    k->data = data;
    k->len = n;
}

static void append(struct key *k, const void *bytes, size_t n) {
    k->data = mem_realloc(k->data, k->len + n);
    memcpy(k->data + k->len, bytes, n);
    k->len += n;
}

void key_add_byte(struct key *k, unsigned char b) { append(k, &b, 1); }

int key_compare(const struct key *a, const struct key *b) {
    size_t n = a->len < b->len ? a->len : b->len;
    int order = n ? memcmp(a->data, b->data, n) : 0;
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

bool key_in_span(const struct key *k, const struct key *start, const struct key *end) {
    return key_compare(start, k) <= 0 && key_compare(k, end) < 0;
}

bool key_starts_with(const struct key *k, const struct key *prefix) {
    return k->len >= prefix->len && (prefix->len == 0 || memcmp(k->data, prefix->data, prefix->len) == 0);
}

void key_prefix_end(struct key *k) {
    while (k->len > 0 && k->data[k->len - 1] == 0xff)
        k->len--;
    if (k->len == 0)
        key_set(k, KEY_MAX_BYTES, 2);
    else
        k->data[k->len - 1]++;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    int low = tolower((unsigned char)c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool key_parse_hex(struct key *k, const char *text, struct err *err) {
    const char *p = str_starts(text, "\\x") ? text + 2 : NULL;
    key_free(k);
    if (p && p[0])
        k->data = mem_alloc(strlen(p) / 2 + 1);
    for (; p && p[0]; p += 2) {
        int high = hex_digit(p[0]);
        int low = p[1] ? hex_digit(p[1]) : -1;
        if (high < 0 || low < 0)
            break;
        k->data[k->len++] = (unsigned char)(high << 4 | low);
    }
    if (p && *p == '\0')
        return true;
    key_free(k);
    return err_set(err, ERR_INPUT, "\"%.60s\" is not a key in hexadecimal (\\x…)", text);
}

void key_add_uvarint(struct key *k, uint64_t v) {
    if (v <= 109) {
        key_add_byte(k, (unsigned char)(0x88 + v));
        return;
    }
    unsigned char bytes[9];
    int n = 0;
    while (n < 8 && v >> (8 * n) != 0)
        n++;
    bytes[0] = (unsigned char)(0xf5 + n);
    for (int i = 0; i < n; i++)
        bytes[1 + i] = (unsigned char)(v >> (8 * (n - 1 - i)));
    append(k, bytes, (size_t)n + 1);
}

static void add_varint(struct key *k, int64_t v) {
    if (v >= 0) {
        key_add_uvarint(k, (uint64_t)v);
        return;
    }
    /* The fewest bytes whose two's complement still is above -256^n. */
    int n = 1;
    while (n < 8 && v < -((INT64_C(1) << (8 * n)) - 1))
        n++;
    unsigned char bytes[9];
    bytes[0] = (unsigned char)(0x88 - n);
    for (int i = 0; i < n; i++)
        bytes[1 + i] = (unsigned char)((uint64_t)v >> (8 * (n - 1 - i)));
    append(k, bytes, (size_t)n + 1);
}

void key_add_int(struct key *k, int64_t v, bool descending) { add_varint(k, descending ? ~v : v); }

void key_add_bytes(struct key *k, const void *bytes, size_t n, bool descending) {
    const unsigned char *p = bytes;
    unsigned char flip = descending ? 0xff : 0;
    key_add_byte(k, descending ? 0x13 : 0x12);
    for (size_t i = 0; i < n; i++) {
        key_add_byte(k, p[i] ^ flip);
        if (p[i] == 0)
            key_add_byte(k, (unsigned char)(0xff ^ flip));
    }
    key_add_byte(k, 0x00 ^ flip);
    key_add_byte(k, 0x01 ^ flip);
}

void key_add_null(struct key *k, bool descending) { key_add_byte(k, descending ? 0xff : 0x00); }

void key_begin(struct key *k, uint64_t table_id, uint64_t index_id) {
    key_free(k);
    key_add_uvarint(k, table_id);
    key_add_uvarint(k, index_id);
}

/* Reads an unsigned varint; returns its length, 0 when there is none. */
size_t key_read_uvarint(const unsigned char *p, size_t n, uint64_t *v) {
    if (n == 0 || p[0] < 0x88 || p[0] > 0xfd)
        return 0;
    if (p[0] < 0xf6) {
        *v = p[0] - 0x88U;
        return 1;
    }
    size_t len = p[0] - 0xf5U;
    if (n < len + 1)
        return 0;
    *v = 0;
    for (size_t i = 1; i <= len; i++)
        *v = *v << 8 | p[i];
    return len + 1;
}

bool key_table_index(const struct key *k, uint64_t *table_id, uint64_t *index_id) {
    *index_id = 0;
    size_t n = key_read_uvarint(k->data, k->len, table_id);
    if (n == 0)
        return false;
    key_read_uvarint(k->data + n, k->len - n, index_id);
    return true;
}

/* Decodes an ascending bytes value at p; returns the length of its encoding, 0 when it is none. The last byte of the
 * terminator may be bumped (PrefixEnd): *bumped tells. */
size_t key_read_bytes(const unsigned char *p, size_t n, struct key *out, bool *bumped) {
    *bumped = false;
    if (n < 3 || p[0] != 0x12)
        return 0;
    for (size_t i = 1; i + 1 < n; i++) {
        if (p[i] != 0) {
            key_add_byte(out, p[i]);
            continue;
        }
        i++;
        if (p[i] == 0xff) {
            key_add_byte(out, 0);
            continue;
        }
        *bumped = p[i] == 0x02;
        return p[i] == 0x01 || p[i] == 0x02 ? i + 1 : 0;
    }
    return 0;
}

bool key_first_bytes(const struct key *k, struct key *bytes, bool *rest_empty) {
    uint64_t id;
    bool bumped;
    size_t table = key_read_uvarint(k->data, k->len, &id);
    size_t index = table ? key_read_uvarint(k->data + table, k->len - table, &id) : 0;
    key_free(bytes);
    if (index == 0)
        return false;
    size_t at = table + index;
    size_t used = key_read_bytes(k->data + at, k->len - at, bytes, &bumped);
    if (used == 0 || bumped) {
        key_free(bytes);
        return false;
    }
    *rest_empty = at + used == k->len;
    return true;
}
