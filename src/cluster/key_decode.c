/* key_decode: the columns of a key. */
#include "key_decode.h"

void key_column_free(struct key_column *c) { key_free(&c->bytes); }

size_t key_skip_uvarint(const struct key *k, size_t at) {
    uint64_t v;
    return at + key_read_uvarint(k->data + at, k->len - at, &v);
}

/* A signed integer: 80..87 negative, 88..fd not. */
static size_t read_varint(const unsigned char *p, size_t n, int64_t *v) {
    uint64_t u;
    size_t used = key_read_uvarint(p, n, &u);
    if (used) {
        *v = (int64_t)u;
        return used;
    }
    if (n == 0 || p[0] < 0x80 || p[0] > 0x87)
        return 0;
    size_t len = 0x88U - p[0];
    if (n < len + 1)
        return 0;
    u = ~UINT64_C(0);
    for (size_t i = 1; i <= len; i++)
        u = u << 8 | p[i];
    *v = (int64_t)u;
    return len + 1;
}

static size_t read_timestamp(const unsigned char *p, size_t n, struct key_column *c) {
    size_t seconds = read_varint(p + 1, n - 1, &c->integer);
    size_t nanos = seconds ? read_varint(p + 1 + seconds, n - 1 - seconds, &c->nanoseconds) : 0;
    return nanos ? 1 + seconds + nanos : 0;
}

/* Descending bytes are the ascending ones inverted, the marker aside. */
static size_t read_bytes_descending(const unsigned char *p, size_t n, struct key *out) {
    struct key ascending = {0};
    bool bumped = false;
    key_add_byte(&ascending, 0x12);
    for (size_t i = 1; i < n; i++)
        key_add_byte(&ascending, (unsigned char)~p[i]);
    size_t used = key_read_bytes(ascending.data, ascending.len, out, &bumped);
    key_free(&ascending);
    return bumped ? 0 : used;
}

size_t key_next_column(const struct key *k, size_t at, struct key_column *c) {
    const unsigned char *p = k->data + at;
    size_t n = k->len - at;
    size_t used = 0;
    if (p[0] == 0xff) { /* of a descending column */
        c->kind = KEY_COLUMN_NULL;
        used = 1;
    } else if (p[0] == 0x00 || p[0] == 0x01) {
        c->kind = p[0] ? KEY_COLUMN_NOT_NULL : KEY_COLUMN_NULL;
        used = 1;
    } else if (p[0] == 0x12) {
        c->kind = KEY_COLUMN_BYTES;
        used = key_read_bytes(p, n, &c->bytes, &c->bumped);
    } else if (p[0] == 0x13) {
        c->kind = KEY_COLUMN_BYTES;
        used = read_bytes_descending(p, n, &c->bytes);
    } else if (p[0] == 0x14) {
        c->kind = KEY_COLUMN_TIMESTAMP;
        used = read_timestamp(p, n, c);
    } else if (p[0] >= 0x80 && p[0] <= 0xfd) {
        c->kind = KEY_COLUMN_INT;
        used = read_varint(p, n, &c->integer);
    }
    if (used == 0) {
        c->kind = KEY_COLUMN_UNKNOWN;
        return k->len;
    }
    return at + used;
}
