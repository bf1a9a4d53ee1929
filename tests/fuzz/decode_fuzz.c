/* decode_fuzz: any text as an array, bytea, timestamp, interval, number of a server's answer. */
#include "domicile/pg/decode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = mem_strndup((const char *)data, size);
    struct pg_texts texts = {0};
    struct pg_ints ints = {0};
    unsigned char *bytes = NULL;
    size_t n = 0;
    int64_t v;
    bool b;
    if (!pg_decode_array(&texts, text) && texts.len != 0)
        abort();
    pg_texts_free(&texts);
    pg_decode_ints(&ints, text);
    pg_ints_free(&ints);
    if (pg_decode_bytea(&bytes, &n, text)) {
        if (n > size)
            abort();
        free(bytes);
    }
    pg_decode_timestamp(&v, text);
    pg_decode_interval(&v, text);
    pg_decode_int(&v, text);
    pg_decode_bool(&b, text);
    free(text);
    return 0;
}
