/* key: CockroachDB's range keys: bytes, pretty text, and the key of a row.
 * Facts: table id and index id as uvarints, then the encoded columns; compared bytewise. */
#ifndef DOMICILE_CLUSTER_KEY_H
#define DOMICILE_CLUSTER_KEY_H

#include "domicile/base/err.h"
#include "domicile/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes; zero-initialised is /Min. Owns data. */
struct key {
    unsigned char *data;
    size_t len;
};

/* /Max: above every table key (bytes ff ff). */
#define KEY_MAX_BYTES "\xff\xff"

/* A key owns its bytes: key_free ends them, key_copy and key_set replace those of to and k by copies. */
void key_free(struct key *k);
void key_copy(struct key *to, const struct key *from);
void key_set(struct key *k, const void *bytes, size_t n);
/* memcmp order, the shorter first. */
int key_compare(const struct key *a, const struct key *b);
bool key_in_span(const struct key *k, const struct key *start, const struct key *end);
bool key_starts_with(const struct key *k, const struct key *prefix);
/* Turns k into the first key after all keys that begin with it. */
void key_prefix_end(struct key *k);

/* "\xf28c" as bytea text, as SHOW RANGES WITH KEYS prints it, to bytes. */
bool key_parse_hex(struct key *k, const char *text, struct err *err);

/* What a pretty key is relative to: FROM TABLE and FROM INDEX forms leave ids out. 0 = not known. */
struct key_context {
    uint64_t table_id;
    uint64_t index_id;
    bool end; /* an end key: NULL, "" and /Max read as the end of what the context names */
};

/* Parses a pretty-printed key of any version: /Table/106/2/"@"/PrefixEnd, /"@", …/4/"@",
 * …/<TableMin>, …/<TableMax>, …/…/<IndexMax>, <after:/Max>, <before:/Table/76>, /Min, /Max,
 * /System/…, /NamespaceTable/30, NULL pointer. Columns whose type cannot be told from the text (a decimal,
 * a timestamp) are refused with a reason. */
bool key_parse_pretty(struct key *k, const char *text, const struct key_context *context, struct err *err);

/* Appends the pretty text of k as the database does: /Table/106/2/"@"/PrefixEnd. */
void key_print(struct str *out, const struct key *k);
/* Appends one bytes value as Go's strconv.Quote does: "@", "\x80", "`". */
void key_print_quoted(struct str *out, const void *bytes, size_t n);

/* The ids that a table key begins with. False: not a table key; index_id 0: it has none. */
bool key_table_index(const struct key *k, uint64_t *table_id, uint64_t *index_id);
/* The bytes of the first column when it is bytes-like (the region enum of REGIONAL BY ROW): physical
 * representation into *bytes (caller frees with key_free); rest_empty tells that nothing follows. */
bool key_first_bytes(const struct key *k, struct key *bytes, bool *rest_empty);

/* Building. All append to k. */
void key_add_uvarint(struct key *k, uint64_t v);
void key_add_int(struct key *k, int64_t v, bool descending);
void key_add_bytes(struct key *k, const void *bytes, size_t n, bool descending);
void key_add_null(struct key *k, bool descending);
/* Starts a key: table id, index id. */
void key_begin(struct key *k, uint64_t table_id, uint64_t index_id);

/* Types whose values can be encoded on the client. */
enum key_type {
    KEY_TYPE_OTHER, /* cannot: ask the server for that row alone */
    KEY_TYPE_INT,
    KEY_TYPE_BOOL,
    KEY_TYPE_STRING, /* and VARCHAR, CHAR, NAME; not collated */
    KEY_TYPE_BYTES,
    KEY_TYPE_UUID,
    KEY_TYPE_ENUM, /* give the physical representation as bytea hex */
    KEY_TYPE_DATE,
    KEY_TYPE_TIMESTAMP,
    KEY_TYPE_TIMESTAMPTZ,
    KEY_TYPE_DECIMAL,
    KEY_TYPE_FLOAT,
};
/* From the SQL type name of the catalog ("INT8", "VARCHAR(250)", "TIMESTAMPTZ", "DECIMAL(18,2)"). */
enum key_type key_type_of(const char *sql_type);
/* Appends one column value given in the server's text format (NULL pointer: SQL NULL). False with
 * the reason when this value cannot be encoded. */
bool key_add_value(struct key *k, enum key_type type, const char *text, bool descending, struct err *err);

/* Physical representations of enum members, as CockroachDB makes them (byte strings, here at most
 * a few bytes). between: the value in the middle of lo and hi (NULL: open end). */
void key_enum_between(struct key *out, const struct key *lo, const struct key *hi);
/* The representation of member i of n when all were given at creation. */
void key_enum_initial(struct key *out, int i, int n);

#endif
