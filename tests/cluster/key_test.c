/* Keys, held to the split points that a real cluster printed and showed as bytes. */
#include "domicile/cluster/key.h"

#include "domicile/base/mem.h"
#include "domicile/base/vec.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct split {
    char *pretty; /* …/1/5 */
    char *raw;    /* \xf38988 */
};

struct recording {
    char *values; /* behind SPLIT AT VALUES */
    VEC_STRUCT(struct split) splits;
};

static void recording_free(struct recording *r) {
    for (size_t i = 0; i < r->splits.len; i++) {
        free(r->splits.items[i].pretty);
        free(r->splits.items[i].raw);
    }
    vec_free(&r->splits);
    free(r->values);
}

/* Lines "index|start|end|raw start|raw end" of the first block; a value may hold the separator: none here does. */
static void read_recording(struct recording *r, const char *file) {
    char *path = mem_printf("%s/26.1/keys/%s.txt", getenv("TRUTH"), file);
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    int block = 0;
    if (!f)
        fail_msg("%s cannot be read", path);
    while (getline(&line, &size, f) > 0) {
        char *values = strstr(line, "SPLIT AT VALUES ");
        char *save = NULL;
        block += strncmp(line, "---", 3) == 0;
        if (values && !r->values)
            r->values = mem_strdup(values + strlen("SPLIT AT VALUES "));
        if (block != 1 || strncmp(line, "---", 3) == 0)
            continue;
        char *field[5] = {strtok_r(line, "|", &save)};
        for (int i = 1; i < 5; i++)
            field[i] = field[i - 1] ? strtok_r(NULL, "|\n", &save) : NULL;
        if (field[4] && strncmp(field[1], "…/", 4) == 0)
            vec_push(&r->splits, ((struct split){mem_strdup(field[1]), mem_strdup(field[3])}));
    }
    free(line);
    fclose(f);
    free(path);
    assert_true(r->splits.len > 0);
}

static uint64_t table_of(const struct recording *r) {
    struct key k = {0};
    uint64_t table;
    uint64_t index;
    assert_true(key_parse_hex(&k, r->splits.items[0].raw, NULL));
    assert_true(key_table_index(&k, &table, &index));
    key_free(&k);
    return table;
}

static char *hex(const struct key *k) {
    struct str out = {0};
    str_add(&out, "\\x");
    for (size_t i = 0; i < k->len; i++)
        str_add_f(&out, "%02x", k->data[i]);
    return str_take(&out);
}

struct column {
    const char *file;
    const char *sql_type;
    bool descending;
};

static const struct column columns[] = {
    {"k_int", "INT8", false},
    {"k_int_desc", "INT8", true},
    {"k_bool", "BOOL", false},
    {"k_string_desc", "STRING", true},
    {"k_varchar", "VARCHAR(10)", false},
    {"k_uuid", "UUID", false},
    {"k_uuid_desc", "UUID", true},
    {"k_date", "DATE", false},
    {"k_timestamp", "TIMESTAMP", false},
    {"k_timestamptz", "TIMESTAMPTZ", false},
    {"k_decimal", "DECIMAL", false},
    {"k_decimal_desc", "DECIMAL", true},
    {"k_numeric2", "DECIMAL(18,2)", false},
    {"k_float", "FLOAT8", false},
};

/* The next literal of "(a),('b')"; NULL at the end. The caller frees. */
static char *next_literal(const char **p) {
    if (**p != '(')
        return NULL;
    ++*p;
    bool quoted = **p == '\'';
    *p += quoted;
    size_t n = strcspn(*p, quoted ? "'" : ")");
    char *out = mem_strndup(*p, n);
    *p += n + quoted + 1;
    *p += **p == ',';
    return out;
}

static bool has_split(const struct recording *r, const char *raw) {
    for (size_t i = 0; i < r->splits.len; i++)
        if (strcmp(r->splits.items[i].raw, raw) == 0)
            return true;
    return false;
}

/* Every value of the statement gives the bytes of a split point. */
static void check_values(const struct column *c) {
    struct recording r = {0};
    read_recording(&r, c->file);
    uint64_t table = table_of(&r);
    const char *p = r.values;
    int n = 0;
    for (char *literal; (literal = next_literal(&p)) != NULL; n++) {
        struct key k = {0};
        struct err err = {0};
        key_begin(&k, table, 1);
        if (!key_add_value(&k, key_type_of(c->sql_type), literal, c->descending, &err))
            fail_msg("%s: %s", c->file, err.message);
        char *raw = hex(&k);
        if (!has_split(&r, raw))
            fail_msg("%s: %s gives %s, which is no split point", c->file, literal, raw);
        free(raw);
        free(literal);
        key_free(&k);
    }
    assert_true(n > 0);
    recording_free(&r);
}

static void test_values(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        check_values(&columns[i]);
}

/* What the server printed is what we print, and reads back as the same bytes. */
static void test_texts(void **state) {
    static const char *const files[] = {"k_int", "k_bool", "k_string", "k_varchar", "k_uuid", "k_date", "k_timestamp",
        "k_timestamptz", "k_bytes", "k_enum", "k_many", "k_hash", "k_composite", "k_string_desc", "k_enum_desc",
        "k_uuid_desc"};
    enum { ASCENDING = 12 };
    (void)state;
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        struct recording r = {0};
        read_recording(&r, files[f]);
        uint64_t table = table_of(&r);
        for (size_t i = 0; i < r.splits.len; i++) {
            struct key raw = {0};
            struct key parsed = {0};
            struct err err = {0};
            struct str text = {0};
            struct key_context context = {.table_id = table};
            char *full = mem_printf("/Table/%" PRIu64 "%s", table, r.splits.items[i].pretty + strlen("…"));
            assert_true(key_parse_hex(&raw, r.splits.items[i].raw, NULL));
            key_print(&text, &raw);
            assert_string_equal(str_get(&text), full);
            /* The text of a descending column does not tell that it is one: those read back otherwise. */
            if (f < ASCENDING) {
                if (!key_parse_pretty(&parsed, r.splits.items[i].pretty, &context, &err))
                    fail_msg("%s", err.message);
                assert_int_equal(key_compare(&parsed, &raw), 0);
                assert_true(key_parse_pretty(&parsed, full, NULL, &err));
                assert_int_equal(key_compare(&parsed, &raw), 0);
            }
            free(full);
            str_free(&text);
            key_free(&raw);
            key_free(&parsed);
        }
        recording_free(&r);
    }
}

/* The forms of both versions, beside those of the split points. */
static void test_forms(void **state) {
    static const struct {
        const char *text, *raw;
        struct key_context context;
    } forms[] = {
        {"/Table/106/2/\"@\"/PrefixEnd", "\\xf28a12400002", {0}},
        {"/\"@\"", "\\xf28a12400001", {.table_id = 106, .index_id = 2}},
        {"/\"\\x80\"/PrefixEnd", "\\xf28a12800002", {.table_id = 106, .index_id = 2}},
        {NULL, "\\xf28a", {.table_id = 106, .index_id = 2}},
        {NULL, "\\xf28b", {.table_id = 106, .index_id = 2, .end = true}},
        {"…/<TableMin>", "\\xf2", {.table_id = 106}},
        {"…/<TableMax>", "\\xf3", {.table_id = 106}},
        {"…/4/\"`\"/PrefixEnd", "\\xf28c12600002", {.table_id = 106}},
        {"…/<IndexMin>", "\\xf28c", {.table_id = 106, .index_id = 4}},
        {"…/…/<IndexMax>", "\\xf28d", {.table_id = 106, .index_id = 4}},
        {"…/\"@\"", "\\xf28c12400001", {.table_id = 106, .index_id = 4}},
        {"<before:/Table/76>", "\\xd4", {.table_id = 106}},
        {"<after:/Max>", "\\xffff", {.table_id = 106}},
        {"/Table/106", "\\xf2", {0}},
        {"/Table/112/1/0", "\\xf6708988", {0}},
        {"/Table/113/1/123", "\\xf67189f67b", {0}},
        {"/Min", "\\x", {0}},
        {"/Max", "\\xffff", {0}},
        {"/System/NodeLiveness", "\\x04006c6976656e6573732d", {0}},
        {"/System/\"tse\"", "\\x04747365", {0}},
        {"/NamespaceTable/30", "\\xa6", {0}},
        {"/Table/109/PrefixEnd", "\\xf6", {0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct key k = {0};
        struct err err = {0};
        if (!key_parse_pretty(&k, forms[i].text, &forms[i].context, &err))
            fail_msg("%s", err.message);
        char *raw = hex(&k);
        assert_string_equal(raw, forms[i].raw);
        free(raw);
        key_free(&k);
    }
}

/* What cannot be told is refused with a reason. */
static void test_refusals(void **state) {
    static const char *const texts[] = {"/Table/", "/Table/x/1", "/Table/106/1/1.5", "/Table/106/1/\"open", "…/4",
        "nonsense", "/Table/53/1/\"\\U8c660000\"" /* no such character, and no int holds it */};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct key k = {0};
        struct err err = {0};
        assert_false(key_parse_pretty(&k, texts[i], NULL, &err));
        assert_true(strlen(err.message) > 20);
        assert_int_equal(k.len, 0);
    }
    static const char *const others[] = {"INTERVAL", "JSONB", "INT8[]", "STRING COLLATE en", "INET", "VARBIT", "TIME"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(key_type_of(others[i]), KEY_TYPE_OTHER);
}

/* Region bytes: at creation by count, added by neighbours; as recorded for uksouth, eu-west-1, europe-west4. */
static void test_enum_bytes(void **state) {
    static const char *const initial[] = {"80", "40 80", "40 80 c0", "20 40 80 c0", "20 40 80 a0 c0",
        "20 40 60 80 a0 c0", "20 40 60 80 a0 c0 e0", "10 20 40 60 80 a0 c0 e0", "10 20 40 60 80 90 a0 c0 e0"};
    (void)state;
    for (int n = 1; n <= 9; n++) {
        struct str out = {0};
        for (int i = 0; i < n; i++) {
            struct key k = {0};
            key_enum_initial(&k, i, n);
            assert_int_equal(k.len, 1);
            str_add_f(&out, "%s%02x", i ? " " : "", k.data[0]);
            key_free(&k);
        }
        assert_string_equal(str_get(&out), initial[n - 1]);
        str_free(&out);
    }
    static const struct {
        const char *lo, *hi, *mid;
    } between[] = {{NULL, "\\x40", "\\x20"}, {"\\x40", "\\x80", "\\x60"}, {"\\x80", "\\xc0", "\\xa0"},
        {"\\x80", NULL, "\\xc0"}, {"\\xc0", NULL, "\\xe0"}, {"\\xe0", NULL, "\\xf0"}, {"\\x40", "\\x41", "\\x4080"}};
    for (size_t i = 0; i < sizeof between / sizeof *between; i++) {
        struct key lo = {0};
        struct key hi = {0};
        struct key mid = {0};
        if (between[i].lo)
            key_parse_hex(&lo, between[i].lo, NULL);
        if (between[i].hi)
            key_parse_hex(&hi, between[i].hi, NULL);
        key_enum_between(&mid, between[i].lo ? &lo : NULL, between[i].hi ? &hi : NULL);
        char *raw = hex(&mid);
        assert_string_equal(raw, between[i].mid);
        free(raw);
        key_free(&lo);
        key_free(&hi);
        key_free(&mid);
    }
}

/* Values of a type from the least to the greatest, as the server writes them. */
struct ladder {
    const char *type;
    const char *values[16];
};

static const struct ladder ladders[] = {
    {"INT8",
        {"-9223372036854775808", "-65537", "-65536", "-257", "-256", "-255", "-1", "0", "1", "109", "110", "255", "256",
            "4294967296", "9223372036854775807"}},
    {"BOOL", {"f", "t"}},
    {"STRING", {"", "\x01", " ", "A", "Z", "a", "aa", "ab", "b", "z\x7f", "é", "日本"}},
    {"VARCHAR(10)", {"", "amsterdam", "amsterdam ", "amsterdamb"}},
    {"BYTES", {"\\x", "\\x00", "\\x0000", "\\x0001", "\\x00ff", "\\x01", "\\xfe", "\\xff", "\\xff00", "\\xffff"}},
    {"UUID",
        {"00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-0000000000ff",
            "5e6c1d9e-0000-4000-8000-000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff"}},
    {"DATE", {"0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "2026-11-24", "9999-12-31"}},
    {"TIMESTAMP",
        {"1969-12-31 23:59:59.999999", "1970-01-01 00:00:00", "1970-01-01 00:00:00.000001", "2026-11-24 03:59:59.5",
            "2026-11-24 04:00:00"}},
    {"TIMESTAMPTZ",
        {"1969-12-31 23:59:59+00", "2026-11-24 04:00:00+02", "2026-11-24 03:59:59+00", "2026-11-24 04:00:00+00"}},
    {"DECIMAL",
        {"-Infinity", "-1e30", "-100", "-10.5", "-10", "-1", "-0.001", "-1e-30", "0", "1e-30", "0.001", "1", "9.99",
            "10", "1e30", "Infinity"}},
    {"FLOAT8", {"NaN", "-Infinity", "-1e+300", "-1.5", "-1e-300", "0", "1e-300", "1.5", "2", "1e+300", "Infinity"}},
};

/* The order of the bytes is the order of the values, descending its reverse; NULL is below all, descending above. */
static void test_order(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof ladders / sizeof *ladders; i++)
        for (int descending = 0; descending < 2; descending++) {
            struct key before = {0};
            key_begin(&before, 106, 1);
            assert_true(key_add_value(&before, key_type_of(ladders[i].type), NULL, descending, NULL));
            for (size_t v = 0; v < 16 && ladders[i].values[v]; v++) {
                struct key k = {0};
                struct err err = {0};
                key_begin(&k, 106, 1);
                if (!key_add_value(&k, key_type_of(ladders[i].type), ladders[i].values[v], descending, &err))
                    fail_msg("%s %s: %s", ladders[i].type, ladders[i].values[v], err.message);
                const int order = key_compare(&before, &k);
                if (descending ? order <= 0 : order >= 0)
                    fail_msg("%s%s: %s does not follow %s", ladders[i].type, descending ? " DESC" : "",
                        ladders[i].values[v], v ? ladders[i].values[v - 1] : "NULL");
                key_copy(&before, &k);
                key_free(&k);
            }
            key_free(&before);
        }
}

/* What no value of the type is refused, and leaves the key as it was. */
static void test_bad_values(void **state) {
    static const struct {
        const char *type, *value;
    } bad[] = {
        {"INT8", ""},
        {"INT8", "1.5"},
        {"INT8", "9223372036854775808"},
        {"INT8", "12x"},
        {"BOOL", "maybe"},
        {"UUID", "5e6c1d9e"},
        {"UUID", "zzzzzzzz-0000-4000-8000-000000000001"},
        {"DATE", "yesterday"},
        {"DATE", "2026-13-01"},
        {"TIMESTAMP", "noon"},
        {"TIMESTAMPTZ", "2026-11-24 25:00:00+00"},
        {"DECIMAL", "1.2.3"},
        {"DECIMAL", ""},
        {"FLOAT8", "one"},
        {"BYTES", "\\xz0"},
        {"INTERVAL", "1 day"},
        {"JSONB", "{}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct key k = {0};
        struct err err = {0};
        key_begin(&k, 106, 1);
        const size_t len = k.len;
        if (key_add_value(&k, key_type_of(bad[i].type), bad[i].value, false, &err))
            fail_msg("%s takes \"%s\"", bad[i].type, bad[i].value);
        assert_true(strlen(err.message) > 10);
        assert_int_equal(k.len, len);
        key_free(&k);
    }
}

static uint64_t random_number(uint64_t *seed) {
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return *seed >> 33;
}

/* Whatever the bytes, they print, and what reads back is what was printed. */
static void test_any_bytes(void **state) {
    uint64_t seed = 20261124;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        unsigned char bytes[24];
        struct key k = {0};
        struct key again = {0};
        struct str text = {0};
        const size_t n = random_number(&seed) % sizeof bytes;
        for (size_t b = 0; b < n; b++)
            bytes[b] = (unsigned char)(random_number(&seed) % 4 ? random_number(&seed)
                : 0x88 + random_number(&seed) % 0x70);
        key_set(&k, bytes, n);
        key_print(&text, &k);
        assert_true(text.len > 0);
        key_parse_pretty(&again, str_get(&text), NULL, NULL);
        key_free(&again);
        str_free(&text);
        key_free(&k);
    }
}

/* Keys of rows: a region's bytes, then numbers and texts of any bytes, print and read back as they were. */
static void test_round_trips(void **state) {
    uint64_t seed = 42;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        unsigned char bytes[12];
        struct key k = {0};
        struct key again = {0};
        struct str text = {0};
        struct err err = {0};
        const size_t n = 1 + random_number(&seed) % (sizeof bytes - 1);
        key_begin(&k, 100 + random_number(&seed) % 100000, 1 + random_number(&seed) % 200);
        for (size_t b = 0; b < n; b++)
            bytes[b] = (unsigned char)random_number(&seed);
        key_add_bytes(&k, bytes, n, false);
        key_add_int(&k, (int64_t)(random_number(&seed) << 20) - (1LL << 50), false);
        if (random_number(&seed) % 3 == 0)
            key_add_bytes(&k, bytes, n / 2, false);
        key_print(&text, &k);
        if (!key_parse_pretty(&again, str_get(&text), NULL, &err))
            fail_msg("%s: %s", str_get(&text), err.message);
        if (key_compare(&k, &again) != 0)
            fail_msg("%s reads back otherwise", str_get(&text));
        key_free(&again);
        str_free(&text);
        key_free(&k);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_enum_bytes),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
