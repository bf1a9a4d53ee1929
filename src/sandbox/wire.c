/* wire: the bytes of PostgreSQL's protocol: messages written into a buffer, and fields read from one. */
#include "wire.h"

#include "domicile/base/mem.h"

#include <stdlib.h>
#include <string.h>

void wire_out_free(struct wire_out *o) {
    free(o->data);
    memset(o, 0, sizeof *o);
}

size_t wire_out_pending(const struct wire_out *o) {
    return o->len - o->head;
}

/* Keeps a small buffer: a big answer must not cost its connection memory for ever. */
enum { KEPT = 64 * 1024 };

void wire_out_sent(struct wire_out *o, size_t n) {
    o->head += n;
    if (o->head < o->len)
        return;
    o->head = o->len = 0;
    if (o->cap > KEPT) {
        free(o->data);
        o->data = NULL;
        o->cap = 0;
    }
}

/* Moves what is unsent to the front when half of the buffer is behind it, and grows as needed. */
static char *wire_room(struct wire_out *o, size_t n) {
    if (o->head > o->cap / 2) {
        memmove(o->data, o->data + o->head, o->len - o->head);
        o->len -= o->head;
        o->message -= o->head;
        o->head = 0;
    }
    if (o->len + n > o->cap) {
        size_t cap = o->cap ? o->cap : 1024;
        while (cap < o->len + n)
            cap *= 2;
        o->data = mem_realloc(o->data, cap);
        o->cap = cap;
    }
    char *at = o->data + o->len;
    o->len += n;
    return at;
}

void wire_bytes(struct wire_out *o, const void *bytes, size_t n) {
    if (n)
        memcpy(wire_room(o, n), bytes, n);
}

void wire_int8(struct wire_out *o, char c) {
    *wire_room(o, 1) = c;
}

static void wire_store(char *at, uint64_t v, size_t n) {
    for (size_t i = 0; i < n; i++)
        at[i] = (char)(unsigned char)(v >> (8 * (n - 1 - i)));
}

void wire_int16(struct wire_out *o, int16_t v) {
    wire_store(wire_room(o, 2), (uint16_t)v, 2);
}

void wire_int32(struct wire_out *o, int32_t v) {
    wire_store(wire_room(o, 4), (uint32_t)v, 4);
}

void wire_int64(struct wire_out *o, int64_t v) {
    wire_store(wire_room(o, 8), (uint64_t)v, 8);
}

void wire_string(struct wire_out *o, const char *s) {
    wire_bytes(o, s, strlen(s) + 1);
}

void wire_begin(struct wire_out *o, char type) {
    wire_int8(o, type);
    o->message = o->len;
    wire_int32(o, 0);
}

void wire_end(struct wire_out *o) {
    wire_store(o->data + o->message, o->len - o->message, 4);
}

void wire_empty(struct wire_out *o, char type) {
    wire_begin(o, type);
    wire_end(o);
}

void wire_status(struct wire_out *o, const char *name, const char *value) {
    wire_begin(o, 'S');
    wire_string(o, name);
    wire_string(o, value);
    wire_end(o);
}

void wire_ready(struct wire_out *o, char transaction) {
    wire_begin(o, 'Z');
    wire_int8(o, transaction);
    wire_end(o);
}

void wire_complete(struct wire_out *o, const char *tag) {
    wire_begin(o, 'C');
    wire_string(o, tag);
    wire_end(o);
}

static void wire_field(struct wire_out *o, char field, const char *value) {
    if (!value)
        return;
    wire_int8(o, field);
    wire_string(o, value);
}

/* The fields that CockroachDB sends, in its order; where in its source the error arose is left out. */
void wire_message(struct wire_out *o, char type, const struct result_message *m) {
    wire_begin(o, type);
    wire_field(o, 'S', m->severity ? m->severity : "ERROR");
    if (*m->sqlstate) /* a few notices have none */
        wire_field(o, 'C', m->sqlstate);
    wire_field(o, 'D', m->detail);
    wire_field(o, 'H', m->hint);
    wire_field(o, 's', m->schema);
    wire_field(o, 't', m->table);
    wire_field(o, 'c', m->column);
    wire_field(o, 'n', m->constraint);
    if (m->position > 0) {
        char *position = mem_printf("%d", m->position);
        wire_field(o, 'P', position);
        free(position);
    }
    wire_field(o, 'M', m->message ? m->message : "");
    wire_int8(o, 0);
    wire_end(o);
}

const char *wire_get_bytes(struct wire_in *in, size_t n) {
    if (in->bad || n > in->left) {
        in->bad = true;
        return NULL;
    }
    const char *at = in->at;
    in->at += n;
    in->left -= n;
    return at;
}

static uint32_t wire_get(struct wire_in *in, size_t n) {
    const char *at = wire_get_bytes(in, n);
    uint32_t v = 0;
    for (size_t i = 0; at && i < n; i++)
        v = v << 8 | (unsigned char)at[i];
    return v;
}

int16_t wire_get_int16(struct wire_in *in) {
    return (int16_t)wire_get(in, 2);
}

int32_t wire_get_int32(struct wire_in *in) {
    return (int32_t)wire_get(in, 4);
}

const char *wire_get_string(struct wire_in *in) {
    const char *end = in->bad ? NULL : memchr(in->at, 0, in->left);
    if (!end) {
        in->bad = true;
        return "";
    }
    return wire_get_bytes(in, (size_t)(end - in->at) + 1);
}
