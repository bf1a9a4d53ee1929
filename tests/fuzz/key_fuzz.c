/* key_fuzz: any bytes as a range key, and any text as a printed one. */
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/cluster/key.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void from_bytes(const uint8_t *data, size_t size) {
    struct key k = {0};
    struct key first = {0};
    struct str text = {0};
    uint64_t table;
    uint64_t index;
    bool rest;
    key_set(&k, data, size);
    key_print(&text, &k);
    key_table_index(&k, &table, &index);
    if (key_first_bytes(&k, &first, &rest))
        key_free(&first);
    key_prefix_end(&k);
    key_free(&k);
    str_free(&text);
}

/* What parses must print without harm. */
static void from_text(const char *text) {
    struct key k = {0};
    struct err err = {0};
    struct str out = {0};
    if (key_parse_hex(&k, text, &err))
        key_print(&out, &k);
    key_free(&k);
    k = (struct key){0};
    if (key_parse_pretty(&k, text, NULL, &err))
        key_print(&out, &k);
    key_free(&k);
    str_free(&out);
}

static void as_value(const char *text, unsigned char which) {
    static const char *const types[] = {"INT8", "VARCHAR(250)", "TIMESTAMPTZ", "DECIMAL(18,2)", "UUID", "BOOL",
        "BYTES", "FLOAT8", "DATE", "INTERVAL", "STRING"};
    struct key k = {0};
    struct err err = {0};
    key_add_value(&k, key_type_of(types[which % (sizeof types / sizeof *types)]), text, which & 64, &err);
    key_free(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    char *text = mem_strndup((const char *)data + 1, size - 1);
    from_bytes(data, size);
    from_text(text);
    as_value(text, data[0]);
    free(text);
    return 0;
}
