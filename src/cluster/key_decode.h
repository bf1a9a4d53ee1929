/* key_decode: the columns of a key, one after another. Shared by the printer and the parser of keys. */
#ifndef CLUSTER_KEY_DECODE_H
#define CLUSTER_KEY_DECODE_H

#include "domicile/cluster/key.h"

enum key_column_kind {
    KEY_COLUMN_UNKNOWN,
    KEY_COLUMN_NULL,
    KEY_COLUMN_NOT_NULL,
    KEY_COLUMN_INT,
    KEY_COLUMN_BYTES,
    KEY_COLUMN_TIMESTAMP,
};

struct key_column {
    enum key_column_kind kind;
    int64_t integer; /* also the seconds of a timestamp */
    int64_t nanoseconds;
    struct key bytes;
    bool bumped; /* its last byte is one higher: a PrefixEnd */
};
void key_column_free(struct key_column *c);
/* Decodes the column at offset at; returns the offset behind it (the key's end for what is not known). */
size_t key_next_column(const struct key *k, size_t at, struct key_column *c);
/* The offset behind the unsigned integer at offset at; at itself when there is none. */
size_t key_skip_uvarint(const struct key *k, size_t at);

/* The text of a key that is no table's, and back: /Min, /Max, /System/tsd. */
const char *key_fixed_text(const struct key *k);
bool key_fixed_bytes(struct key *k, const char *text);

/* Encodings that key.c reads; the length consumed, 0 when there is none. */
size_t key_read_uvarint(const unsigned char *p, size_t n, uint64_t *v);
size_t key_read_bytes(const unsigned char *p, size_t n, struct key *out, bool *bumped);

/* Appends one byte as it is. */
void key_add_byte(struct key *k, unsigned char b);
/* As key_add_value, for a decimal number. */
bool key_add_decimal(struct key *k, const char *text, bool descending, struct err *err);

#endif
