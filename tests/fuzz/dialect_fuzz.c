/* dialect_fuzz: any bytes through the splitter, the parser, the printer and the readers.
 * clang -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -Iinclude -I. tests/fuzz/dialect_fuzz.c
 *   src/dialect/<all>.c src/base/<all>.c; seeds: tests/truth. */
#include "domicile/base/str.h"
#include "domicile/dialect/casevalues.h"
#include "domicile/dialect/parser.h"
#include "domicile/dialect/print.h"
#include "domicile/dialect/showcreate.h"
#include "domicile/dialect/splitter.h"
#include "domicile/dialect/zone.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *printed(struct arena *arena, const struct ast_query *q) {
    struct str out = {0};
    print_query(&out, q, PRINT_PLAIN);
    char *text = arena_strdup(arena, str_get(&out));
    str_free(&out);
    return text;
}

/* What is printed must parse again and print the same. */
static void round_trip(struct arena *arena, const struct ast_query *q) {
    char *once = printed(arena, q);
    struct ast_stmts again;
    struct parse_error err = {0};
    if (!parser_parse(arena, once, strlen(once), 0, &again, &err)) {
        if (!strstr(err.message, "nested too deeply"))
            abort();
        return;
    }
    if (again.len != 1 || again.items[0]->kind != STMT_QUERY)
        abort();
    if (strcmp(once, printed(arena, again.items[0]->u.query)) != 0)
        abort();
}

static void fuzz_parser(const char *text, size_t size) {
    struct arena *arena = arena_new();
    struct ast_stmts stmts;
    struct parse_error err = {0};
    parser_parse(arena, text, size, size % 2 ? DIALECT_22_1 : DIALECT_26_1, &stmts, &err);
    for (size_t i = 0; i < stmts.len; i++) {
        ast_stmt_tag(stmts.items[i], DIALECT_22_1);
        if (stmts.items[i]->kind == STMT_QUERY)
            round_trip(arena, stmts.items[i]->u.query);
    }
    arena_free(arena);
}

/* Fed in two pieces or in one, the statements are the same. */
static void fuzz_splitter(const char *text, size_t size) {
    struct splitter whole = {0}, pieces = {0};
    char *a, *b;
    splitter_feed(&whole, text, size);
    splitter_feed(&pieces, text, size / 2);
    while (splitter_next(&whole, &a)) {
        if (!splitter_next(&pieces, &b)) {
            splitter_feed(&pieces, text + size / 2, size - size / 2);
            size = 0;
            if (!splitter_next(&pieces, &b))
                abort();
        }
        if (strcmp(a, b) != 0)
            abort();
        free(a);
        free(b);
    }
    free(splitter_rest(&whole));
    splitter_free(&whole);
    splitter_free(&pieces);
}

static void fuzz_readers(const char *text) {
    struct casevalues c;
    struct showcreate_table t;
    struct showcreate_database d;
    struct zone z = {0};
    struct err err = {0};
    char *target;
    if (casevalues_parse(&c, text, &err))
        casevalues_free(&c);
    if (showcreate_table_parse(&t, text, &err))
        showcreate_table_free(&t);
    if (showcreate_database_parse(&d, text, &err))
        showcreate_database_free(&d);
    if (!zone_parse(&z, &target, text, &err))
        return;
    struct str out = {0};
    zone_print(&out, &z, target);
    str_free(&out);
    free(target);
    zone_free(&z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    fuzz_parser(text, size);
    fuzz_splitter(text, size);
    fuzz_readers(text);
    free(text);
    return 0;
}
