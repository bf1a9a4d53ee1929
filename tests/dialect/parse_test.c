/* parse_test: the shape of trees, errors and their hints, command tags, and printing what was parsed. */
#include "domicile/base/mem.h"
#include "domicile/base/str.h"
#include "domicile/dialect/name.h"
#include "domicile/dialect/parser.h"
#include "domicile/dialect/print.h"

#include "statements.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct ast_stmt *parse_for(const char *sql, int version) {
    struct ast_stmts stmts;
    struct parse_error err = {0};
    if (!parser_parse(arena, sql, strlen(sql), version, &stmts, &err))
        fail_msg("%s: %s\n%s", sql, err.message, err.detail);
    assert_int_equal(stmts.len, 1);
    return stmts.items[0];
}

static struct ast_stmt *parse(const char *sql) {
    return parse_for(sql, DIALECT_26_1);
}

/* ---- printing: precedence shows in the parentheses ---- */

static const char *printed(const char *sql) {
    struct ast_expr *e;
    struct parse_error err = {0};
    if (!parser_parse_expr(arena, sql, 0, &e, &err))
        fail_msg("%s: %s\n%s", sql, err.message, err.detail);
    struct str out = {0};
    print_expr(&out, e, PRINT_PLAIN);
    const char *text = arena_strdup(arena, str_get(&out));
    str_free(&out);
    return text;
}

static void test_expressions(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"1 + 2 * 3 - 4", "(1 + (2 * 3)) - 4"},
        {"2 ^ 3 ^ 2", "(2 ^ 3) ^ 2"},
        {"- -3", "-(-3)"},
        {"-x::int", "-x::INT8"},
        {"not a and b or c", "((NOT a) AND b) OR c"},
        {"a = b is true", "(a = b) IS true"},
        {"a || b = c", "(a || b) = c"},
        {"a + 1 between b and c and d", "((a + 1) BETWEEN b AND c) AND d"},
        {"a not in (1, 2)", "a NOT IN (1, 2)"},
        {"a in ('x')", "a IN ('x',)"},
        {"a like 'x' escape '!'", "a LIKE 'x' ESCAPE '!'"},
        {"a = any(array[1,2])", "a = ANY ARRAY[1, 2]"},
        {"a = any ((array['x'])::text[])", "a = ANY (ARRAY['x'])::STRING[]"},
        {"a = any ((select 1)) and b in ((select 2))", "(a = ANY (SELECT 1)) AND (b IN (SELECT 2))"},
        {"j->'a'->>'b'", "(j->'a')->>'b'"},
        {"a is not distinct from null", "a IS NOT DISTINCT FROM NULL"},
        {"a operator(pg_catalog.~) 'x' collate de", "a ~ 'x' COLLATE de"},
        {"cast(a as varchar(10))", "CAST(a AS VARCHAR(10))"},
        {"timestamp with time zone '2020-01-01'", "TIMESTAMPTZ '2020-01-01'"},
        {"INTERVAL '1 day'", "INTERVAL '1 day'"},
        {"'x':::STRING", "'x':::STRING"},
        {"x::public.crdb_internal_region", "x::public.crdb_internal_region"},
        {"x::decimal(18,2)[]", "x::DECIMAL(18,2)[]"},
        {"trim(both ' ' from x)", "btrim(x, ' ')"},
        {"position('a' in b)", "strpos(b, 'a')"},
        {"extract(epoch from now())", "extract('epoch', now())"},
        {"substring(x from 2 for 3)", "substring(x, 2, 3)"},
        {"now() at time zone 'utc'", "timezone('utc', now())"},
        {"current_timestamp", "current_timestamp()"},
        {"coalesce(a, ifnull(b, c))", "COALESCE(a, IFNULL(b, c))"},
        {"count(*) filter (where a)", "count(*) FILTER (WHERE a)"},
        {"rank() over (partition by a order by b desc)", "rank() OVER (PARTITION BY a ORDER BY b DESC)"},
        {"(x).y", "(x).y"}, {"a[1][2]", "a[1][2]"}, {"(1,)", "(1,)"}, {"row(1, 2)", "ROW(1, 2)"},
        {"case x when 1 then 'a' else 'b' end", "CASE x WHEN 1 THEN 'a' ELSE 'b' END"},
        {"e'a\\nb' || 'it''s' || x'ff' || B'10'", "((e'a\\nb' || e'it\\'s') || b'\\xff') || B'10'"},
        {"'é' || '\u20ac\n'", "e'\\u00E9' || e'\\U000020AC\\n'"},
        {"a @> b || c", "a @> (b || c)"},
        {"$1 + $2", "$1 + $2"}, {"\"Odd name\".\"select\"", "\"Odd name\".\"select\""},
        {"(SELECT a FROM t AS u WHERE b) + 1", "(SELECT a FROM t AS u WHERE b) + 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(printed(rows[i][0]), rows[i][1]);
        assert_string_equal(printed(rows[i][1]), rows[i][1]);
    }
}

/* Annotated in SHOW CREATE TABLE, without annotations in SHOW COLUMNS: the same expression. */
static void test_annotations(void **state) {
    (void)state;
    static const char annotated[] =
        "CASE WHEN cloud = 'aws':::STRING THEN 'eu-west-1':::public.crdb_internal_region"
        " WHEN cloud = 'azure':::STRING THEN 'uksouth':::public.crdb_internal_region END";
    struct ast_expr *e;
    struct parse_error err = {0};
    assert_true(parser_parse_expr(arena, annotated, 0, &e, &err));
    struct str out = {0};
    print_expr(&out, e, PRINT_NO_ANNOTATIONS);
    assert_string_equal(str_get(&out),
                        "CASE WHEN cloud = 'aws' THEN 'eu-west-1' WHEN cloud = 'azure' THEN 'uksouth' END");
    str_free(&out);
    assert_string_equal(printed(annotated), annotated);
}

static const char *query_text(const char *sql) {
    struct ast_stmt *s = parse(sql);
    assert_int_equal(s->kind, STMT_QUERY);
    struct str out = {0};
    print_query(&out, s->u.query, PRINT_PLAIN);
    const char *text = arena_strdup(arena, str_get(&out));
    str_free(&out);
    return text;
}

/* What is printed parses again, and prints the same. */
static void test_queries(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        const char *once = query_text(queries[i]);
        assert_string_equal(query_text(once), once);
    }
}

static void test_statements(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        struct ast_stmt *s = parse(statements[i].sql);
        assert_string_equal(s->text, statements[i].sql);
        if (strcmp(ast_stmt_tag(s, DIALECT_26_1), statements[i].tag) != 0)
            fail_msg("%s: tag %s, not %s", statements[i].sql, ast_stmt_tag(s, DIALECT_26_1),
                     statements[i].tag);
    }
}

/* ---- trees ---- */

static void test_select_tree(void **state) {
    (void)state;
    struct ast_stmt *s =
        parse("WITH w AS (SELECT 1) SELECT a.b AS c, d e FROM s.t@i AS x, [SHOW TABLES] AS y (p, q)"
              " LEFT JOIN z USING (k) WHERE $2 = 1 GROUP BY a ORDER BY b DESC NULLS LAST LIMIT 5");
    const struct ast_query *q = s->u.query;
    assert_int_equal(s->params, 2);
    assert_string_equal(q->with->items[0].name, "w");
    const struct ast_select *select = q->u.select;
    assert_int_equal(select->targets.len, 2);
    assert_string_equal(select->targets.items[1].alias, "e");
    assert_int_equal(select->from.len, 2);
    const struct ast_from *join = select->from.items[1];
    assert_int_equal(join->kind, FROM_JOIN);
    assert_int_equal(join->u.join.kind, JOIN_LEFT);
    assert_int_equal(join->u.join.left->kind, FROM_STATEMENT);
    assert_int_equal(join->u.join.left->u.statement->u.show.kind, SHOW_TABLES);
    assert_string_equal(join->u.join.left->columns.items[1], "q");
    assert_true(q->order.items[0].descending);
    assert_int_equal(q->order.items[0].nulls, NULLS_LAST);
    assert_non_null(q->limit);
}

static void test_set_operations(void **state) {
    (void)state;
    const struct ast_query *q =
        parse("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4")->u.query;
    assert_int_equal(q->u.setop.op, SETOP_EXCEPT);
    assert_true(q->u.setop.all);
    assert_int_equal(q->u.setop.left->u.setop.op, SETOP_UNION);
    assert_int_equal(q->u.setop.left->u.setop.right->u.setop.op, SETOP_INTERSECT);
}

static void test_insert_tree(void **state) {
    (void)state;
    const struct ast_insert *i =
        &parse("INSERT INTO t AS u (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) DO UPDATE SET"
               " b = excluded.b, (c, d) = (1, 2) WHERE u.e RETURNING *")
             ->u.insert;
    assert_string_equal(i->alias, "u");
    assert_int_equal(i->columns.len, 2);
    assert_int_equal(i->source->u.values.items[0].items[1]->kind, EXPR_DEFAULT);
    assert_int_equal(i->conflict, CONFLICT_UPDATE);
    assert_true(i->set.items[1].tuple);
    assert_non_null(i->set_where);
    assert_true(i->has_returning);
    assert_int_equal(i->returning.items[0].expr->kind, EXPR_STAR);
}

static void test_table_tree(void **state) {
    (void)state;
    const struct ast_create_table *t =
        &parse("CREATE TABLE s.t (k UUID PRIMARY KEY DEFAULT gen_random_uuid(), v VARCHAR(250) NULL, region "
               "crdb_internal_region"
               " NOT VISIBLE NOT NULL AS (CASE WHEN v = 'a' THEN 'x' END) STORED, UNIQUE INDEX i (v DESC) "
               "STORING (k),"
               " CONSTRAINT fk FOREIGN KEY (v) REFERENCES u (w) ON DELETE CASCADE) WITH (schema_locked = off)"
               " LOCALITY REGIONAL BY ROW AS region")
             ->u.create_table;
    assert_int_equal(t->items.len, 5);
    const struct ast_column *region = t->items.items[2].u.column;
    assert_true(region->hidden && region->stored && region->nullable < 0);
    assert_int_equal(region->type->base, TYPE_USER);
    assert_int_equal(t->items.items[1].u.column->type->width, 250);
    assert_true(t->items.items[3].u.index->columns.items[0].descending);
    assert_int_equal(t->items.items[4].u.constraint->references.on_delete, FK_CASCADE);
    assert_false(t->params.items[0].value->u.boolean);
    assert_int_equal(t->locality.kind, LOCALITY_ROW);
    assert_string_equal(t->locality.column, "region");
}

static void test_database_tree(void **state) {
    (void)state;
    const struct ast_create_database *d =
        &parse("CREATE DATABASE d PRIMARY REGION 'a-1' REGIONS = \"a-1\", b SURVIVE"
               " REGION FAILURE PLACEMENT RESTRICTED SUPER REGION s VALUES b SECONDARY REGION b")
             ->u.create_database;
    assert_string_equal(d->primary, "a-1");
    assert_int_equal(d->regions.len, 2);
    assert_int_equal(d->placement, PLACEMENT_SAID_RESTRICTED);
    assert_string_equal(d->super.regions.items[0], "b");
    assert_string_equal(d->secondary, "b");
    const struct ast_alter_database *a =
        &parse("ALTER DATABASE d ADD REGION IF NOT EXISTS \"B-2\"")->u.alter_database;
    assert_int_equal(a->kind, DATABASE_ADD_REGION);
    assert_true(a->if_not_exists);
    assert_string_equal(a->region, "B-2");
    const struct ast_configure_zone *z = &parse("ALTER PARTITION \"p-1\" OF INDEX t@i CONFIGURE ZONE USING"
        " gc.ttlseconds = 10, num_voters = COPY FROM PARENT")->u.configure_zone;
    assert_string_equal(z->target.partition, "p-1");
    assert_string_equal(z->target.index, "i");
    assert_string_equal(z->options.items[0].name, "gc.ttlseconds");
    assert_true(z->options.items[1].copy_from_parent);
}

static void test_show_tree(void **state) {
    (void)state;
    const struct ast_show *s = &parse("SHOW RANGES FROM INDEX a.t@i WITH DETAILS, KEYS")->u.show;
    assert_int_equal(s->target.kind, TARGET_INDEX);
    assert_int_equal(s->ranges, RANGES_DETAILS | RANGES_KEYS);
    s = &parse("SHOW RANGE FROM TABLE t FOR ROW ('x', (SELECT 1))")->u.show;
    assert_int_equal(s->row.len, 2);
    s = &parse("SHOW REGIONS FROM DATABASE")->u.show;
    assert_int_equal(s->target.kind, TARGET_DATABASE);
    assert_null(s->target.word);
    s = &parse("SHOW default_transaction_use_follower_reads")->u.show;
    assert_int_equal(s->kind, SHOW_VARIABLE);
    s = &parse("SHOW RANGES")->u.show;
    assert_int_equal(s->target.kind, TARGET_CURRENT_CATALOG);
    const struct ast_set *set = &parse("SET a.b = on, 'x', -1")->u.set;
    assert_string_equal(set->name, "a.b");
    assert_int_equal(set->values.len, 3);
    assert_string_equal(set->values.items[0]->u.column.part[0], "on");
    const struct ast_grant *g =
        &parse("GRANT SYSTEM VIEWACTIVITY, ModifyClusterSetting TO bob, \"My User\"")->u.grant;
    assert_int_equal(g->target.kind, TARGET_SYSTEM);
    assert_string_equal(g->privileges.items[1], "MODIFYCLUSTERSETTING");
    assert_string_equal(g->grantees.items[1], "My User");
}

static void test_several(void **state) {
    (void)state;
    static const char sql[] = " ; SELECT 1 ;; -- c\n /* d */ SELECT 'é;' ; ";
    struct ast_stmts stmts;
    struct parse_error err = {0};
    assert_true(parser_parse(arena, sql, strlen(sql), 0, &stmts, &err));
    assert_int_equal(stmts.len, 2);
    assert_string_equal(stmts.items[0]->text, "SELECT 1");
    assert_string_equal(stmts.items[1]->text, "SELECT 'é;'");
    assert_true(parser_parse(arena, " -- nothing", 11, 0, &stmts, &err));
    assert_int_equal(stmts.len, 0);
}

/* ---- errors ---- */

static const struct {
    int version;
    const char *sql, *message, *detail, *hint;
} errors[] = {
    {DIALECT_26_1, "SELEC 1", "at or near \"selec\": syntax error", "SELEC 1\n^", NULL},
    {DIALECT_26_1, "SELECT", "at or near \"EOF\": syntax error", "SELECT\n      ^", "try \\h SELECT"},
    {DIALECT_26_1, "SELECT * FROM", "at or near \"EOF\": syntax error", "SELECT * FROM\n             ^",
     "try \\h <SOURCE>"},
    {DIALECT_26_1, "SELECT lower(", "at or near \"EOF\": syntax error", "SELECT lower(\n             ^",
     "try \\hf lower"},
    {DIALECT_26_1, "SELECT 1; SELECT\n 2 FROM t 3\n WHERE", "at or near \"3\": syntax error",
     "SELECT\n 2 FROM t 3\n          ^", NULL},
    {DIALECT_26_1, "ALTER DATABASE d ADD REGION a-b", "at or near \"-\": syntax error",
     "ALTER DATABASE d ADD REGION a-b\n                             ^", NULL},
    {DIALECT_26_1, "ALTER DATABASE d PLACEMENT X; SELECT 1", "at or near \"x\": syntax error",
     "ALTER DATABASE d PLACEMENT X; SELECT 1\n                           ^", "try \\h ALTER DATABASE"},
    {DIALECT_26_1, "SELECT 'a", "lexical error: unterminated string", "SELECT 'a\n       ^",
     "try \\h SELECT"},
    {DIALECT_26_1, "SELECT a = b = c", "at or near \"=\": syntax error", "SELECT a = b = c\n             ^",
     NULL},
    {DIALECT_26_1, "SHOW RANGES FROM DATABASE d WITH TABLES, INDEXES",
     "at or near \"indexes\": syntax error: conflicting modes",
     "SHOW RANGES FROM DATABASE d WITH TABLES, INDEXES\n                                         ^", NULL},
    {DIALECT_26_1, "SHOW SCHEMA", "at or near \"schema\": syntax error", "SHOW SCHEMA\n     ^",
     "try \\h SHOW"},
    {DIALECT_26_1, "SHOW KEYS t", "at or near \"t\": syntax error", "SHOW KEYS t\n          ^",
     "try \\h SHOW INDEXES"},
    {DIALECT_22_1, "SHOW RANGES FROM TABLE t WITH KEYS", "at or near \"with\": syntax error",
     "SHOW RANGES FROM TABLE t WITH KEYS\n                         ^", NULL},
    {DIALECT_22_1, "ALTER DATABASE d SET SECONDARY REGION a", "at or near \"region\": syntax error", NULL,
     "try \\h ALTER DATABASE"},
};

static void test_errors(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct ast_stmts stmts;
        struct parse_error err = {0};
        assert_false(
            parser_parse(arena, errors[i].sql, strlen(errors[i].sql), errors[i].version, &stmts, &err));
        assert_int_equal(stmts.len, 0);
        assert_string_equal(err.sqlstate, "42601");
        assert_string_equal(err.message, errors[i].message);
        if (errors[i].detail)
            assert_string_equal(err.detail, arena_printf(arena, "source SQL:\n%s", errors[i].detail));
        if (errors[i].hint)
            assert_string_equal(err.hint, errors[i].hint);
        else
            assert_null(err.hint);
    }
}

/* What the server has and this dialect does not model is told apart from what the server refuses. */
static void test_unsupported(void **state) {
    (void)state;
    static const char *const known[] = {
        "SHOW TRACE FOR SESSION", "SHOW BACKUPS IN 'x'", "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "CREATE FUNCTION f() RETURNS INT LANGUAGE SQL AS $$ SELECT 1 $$", "DROP FUNCTION f",
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(parse(known[i])->kind, STMT_UNSUPPORTED);
    const struct ast_query *q = parse("SELECT * FROM [SHOW BACKUP 'x' IN ('a')] AS b")->u.query;
    assert_string_equal(q->u.select->from.items[0]->alias, "b");
    struct ast_stmts stmts;
    struct parse_error err = {0};
    assert_false(parser_parse(arena, "CREATE TABLESPACE x", 19, 0, &stmts, &err));
    assert_string_equal(err.sqlstate, "0A000");
    assert_non_null(err.hint);
}

/* Trees stay shallow whatever is sent. */
static void test_depth(void **state) {
    (void)state;
    static const char *const heads[] = {
        "SELECT ",        "",         "SELECT ARRAY[", "SELECT 1", "SELECT 1", "SELECT * FROM a",
        "SELECT * FROM ", "SELECT 1", "SELECT ",       "SELECT ",  "SELECT a", "SELECT (a)"};
    static const char *const links[] = {"(",    "(",  "[",   "+1", "::INT", " JOIN a", "(", " UNION SELECT 1",
                                        "NOT ", "- ", "[1]", ".b"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct str sql = {0};
        struct ast_stmts stmts;
        struct parse_error err = {0};
        str_add(&sql, heads[i]);
        for (int n = 0; n < 50000; n++)
            str_add(&sql, links[i]);
        assert_false(parser_parse(arena, str_get(&sql), sql.len, 0, &stmts, &err));
        str_free(&sql);
    }
}

static void test_versions_and_tags(void **state) {
    (void)state;
    static const struct { const char *sql, *old, *new; } tags[] = {
        {"ALTER DATABASE d PRIMARY REGION a", "ALTER DATABASE PRIMARY REGION", "ALTER DATABASE"},
        {"ALTER DATABASE d ADD REGION a", "ALTER DATABASE ADD REGION", "ALTER DATABASE"},
        {"ALTER DATABASE d SURVIVE ZONE FAILURE", "ALTER DATABASE SURVIVE", "ALTER DATABASE"},
        {"ALTER DATABASE d PLACEMENT DEFAULT", "ALTER DATABASE PLACEMENT", "ALTER DATABASE"},
        {"ALTER TABLE t SET LOCALITY GLOBAL", "ALTER TABLE SET LOCALITY", "ALTER TABLE"},
        {"ALTER TABLE t ADD COLUMN a INT", "ALTER TABLE", "ALTER TABLE"},
        {"USE d", "SET", "SET"}, {"CREATE USER u", "CREATE ROLE", "CREATE ROLE"},
    };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        assert_string_equal(ast_stmt_tag(parse_for(tags[i].sql, DIALECT_22_1), DIALECT_22_1), tags[i].old);
        assert_string_equal(ast_stmt_tag(parse_for(tags[i].sql, DIALECT_26_1), DIALECT_26_1), tags[i].new);
    }
}

/* ---- names and types ---- */

static void test_names(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"uksouth", "uksouth"}, {"eu-west-1", "\"eu-west-1\""}, {"My-DB \"q\"", "\"My-DB \"\"q\"\"\""},
        {"select", "\"select\""}, {"vé", "vé"}, {"region", "region"}, {"1a", "\"1a\""}, {"", "\"\""},
        {"a$1", "a$1"}, {"Upper", "\"Upper\""}, {"time", "time"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *quoted = name_quoted(rows[i][0]);
        assert_string_equal(quoted, rows[i][1]);
        struct ast_name name;
        struct parse_error err = {0};
        if (*rows[i][0]) {
            assert_true(parser_parse_name(arena, quoted, &name, &err));
            assert_string_equal(name.part[0], rows[i][0]);
        }
        free(quoted);
    }
    static const char *const literals[][2] = {
        {"a", "'a'"}, {"it's", "e'it\\'s'"}, {"a\\b\n\x01", "e'a\\\\b\\n\\x01'"},
        {"é", "'é'"}, {"\xff", "e'\\xff'"},
    };
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        char *quoted = literal_quoted(literals[i][0]);
        assert_string_equal(quoted, literals[i][1]);
        free(quoted);
    }
}

static void test_types(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"int", "INT8"},
        {"bigint", "INT8"},
        {"int4", "INT4"},
        {"text", "STRING"},
        {"character varying(3)", "VARCHAR(3)"},
        {"numeric(18, 2)", "DECIMAL(18,2)"},
        {"decimal(5)", "DECIMAL(5)"},
        {"double precision", "FLOAT8"},
        {"timestamp(3) with time zone", "TIMESTAMPTZ(3)"},
        {"int[]", "INT8[]"},
        {"string collate de", "STRING COLLATE de"},
        {"\"char\"", "\"char\""},
        {"char(1)", "CHAR(1)"},
        {"json", "JSONB"},
        {"bytea", "BYTES"},
        {"float(10)", "FLOAT4"},
        {"public.crdb_internal_region", "public.crdb_internal_region"},
        {"pg_catalog.int4", "INT4"},
        {"\"My Type\"", "\"My Type\""},
        {"bit varying(3)", "VARBIT(3)"},
        {"uuid", "UUID"},
        {"bool array", "BOOL[]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ast_type *type;
        struct parse_error err = {0};
        assert_true(parser_parse_type(arena, rows[i][0], 0, &type, &err));
        struct str out = {0};
        print_type(&out, type);
        assert_string_equal(str_get(&out), rows[i][1]);
        str_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),   cmocka_unit_test(test_annotations),
        cmocka_unit_test(test_queries),       cmocka_unit_test(test_statements),
        cmocka_unit_test(test_select_tree),   cmocka_unit_test(test_set_operations),
        cmocka_unit_test(test_insert_tree),   cmocka_unit_test(test_table_tree),
        cmocka_unit_test(test_database_tree), cmocka_unit_test(test_show_tree),
        cmocka_unit_test(test_several),       cmocka_unit_test(test_errors),
        cmocka_unit_test(test_unsupported),
        cmocka_unit_test(test_depth),         cmocka_unit_test(test_versions_and_tags),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
