/* wire: the bytes of PostgreSQL's protocol: messages written into a buffer, and fields read from one. */
#ifndef DOMICILE_SANDBOX_WIRE_H
#define DOMICILE_SANDBOX_WIRE_H

#include "domicile/sandbox/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What waits to be sent: a queue of bytes. */
struct wire_out {
    char *data;
    size_t head; /* first byte not sent */
    size_t len;  /* end of what is there */
    size_t cap;
    size_t message; /* where the message being written began */
};
void wire_out_free(struct wire_out *o);
size_t wire_out_pending(const struct wire_out *o);
void wire_out_sent(struct wire_out *o, size_t n);

/* A message: wire_begin, fields, wire_end (which fills in the length). */
void wire_begin(struct wire_out *o, char type);
void wire_end(struct wire_out *o);
void wire_int8(struct wire_out *o, char c);
void wire_int16(struct wire_out *o, int16_t v);
void wire_int32(struct wire_out *o, int32_t v);
void wire_int64(struct wire_out *o, int64_t v);
void wire_bytes(struct wire_out *o, const void *bytes, size_t n);
/* With its NUL. */
void wire_string(struct wire_out *o, const char *s);

/* A whole message without fields, or with the one that it has. */
void wire_empty(struct wire_out *o, char type);
void wire_status(struct wire_out *o, const char *name, const char *value);
void wire_ready(struct wire_out *o, char transaction);
void wire_complete(struct wire_out *o, const char *tag);
/* ErrorResponse ('E') or NoticeResponse ('N'). */
void wire_message(struct wire_out *o, char type, const struct result_message *m);

/* Fields of a message that came: reading past the end, or a text without its NUL, sets bad and gives
 * 0, "" or NULL from then on. */
struct wire_in {
    const char *at;
    size_t left;
    bool bad;
};
int16_t wire_get_int16(struct wire_in *in);
int32_t wire_get_int32(struct wire_in *in);
const char *wire_get_string(struct wire_in *in);
const char *wire_get_bytes(struct wire_in *in, size_t n);

#endif
