/* dialect_test: what users and applications of a workshop send, on both versions: statements with the value or the
 * error that the server answers, and a broad list that must never be answered in SQLite's words, with an internal
 * error, or with a syntax error that the server would not give. */
#include "support/server.h"

#include "domicile/base/mem.h"
#include "domicile/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <cmocka.h>

static const char *const versions[] = {"22.1", "26.1"};

/* What stands before every list. */
static const char *const setup[] = {
    "CREATE TABLE a (id INT PRIMARY KEY, b STRING, c DECIMAL(10,2), e INT[], j JSONB, t TIMESTAMP)",
    "CREATE TABLE p (id INT PRIMARY KEY, aid INT REFERENCES a (id), n INT CHECK (n > 0), UNIQUE (n))",
    "INSERT INTO a VALUES (1, 'x', 1.005, ARRAY[1, 2], '{\"k\": {\"z\": [1, 2]}, \"a\": 1}', '2024-01-31 10:00:00'), "
        "(2, 'y', 2.5, '{3}', '{}', NULL)",
    "INSERT INTO p VALUES (1, 1, 5), (2, 2, 6), (3, 1, 9)",
    "CREATE SEQUENCE s",
};

/* A statement, and its first value, its tag, or "SQLSTATE sentence|detail". */
static const struct {
    const char *sql, *expected;
} answers[] = {
    {"SELECT (INTERVAL '1' DAY + INTERVAL '3' HOUR)::STRING", "1 day 03:00:00"},
    {"SELECT '2020-01-01 12:00+00'::TIMESTAMPTZ::STRING", "2020-01-01 12:00:00+00"},
    {"UPDATE p SET n = p.n + a.id FROM a WHERE a.id = p.aid AND a.b = 'y' RETURNING a.b || n::STRING", "y8"},
    {"DELETE FROM p USING a WHERE a.id = p.aid AND a.b = 'y' RETURNING p.id", "2"},
    {"INSERT INTO p VALUES (2, 2, 6)", "INSERT 0 1"},
    {"WITH gone AS (DELETE FROM p WHERE id = 2 RETURNING id) SELECT count(*) FROM gone", "1"},
    {"SELECT count(*) FROM [INSERT INTO p VALUES (2, 2, 6), (7, 2, 7) RETURNING id]", "2"},
    {"SELECT string_agg(aid::STRING || ':' || n::STRING, ' ') FROM (SELECT DISTINCT ON (aid) aid, n FROM p ORDER BY "
     "aid, n "
     "DESC)",
        "1:9 2:7"},
    {"INSERT INTO p VALUES (4, 9, 1)",
        "23503 insert on table \"p\" violates foreign key constraint \"p_aid_fkey\"|Key (aid)=(9) is not present in "
        "table "
        "\"a\"."},
    {"DELETE FROM a WHERE id = 1",
        "23503 delete on table \"a\" violates foreign key constraint \"p_aid_fkey\" on table "
        "\"p\"|Key (id)=(1) is still referenced from table \"p\"."},
    {"INSERT INTO p VALUES (4, 1, 0)", "23514 failed to satisfy CHECK constraint (n > 0:::INT8)"},
    {"INSERT INTO p VALUES (5, 1, 5)",
        "23505 duplicate key value violates unique constraint \"p_n_key\"|Key (n)=(5) already exists."},
    {"INSERT INTO a (id, b) VALUES (1)",
        "42601 INSERT has more target columns than expressions, 1 expressions for 2 targets"},
    {"SELECT c FROM a WHERE id = 1", "1.01"},
    {"SELECT nextval('s') + nextval('s')", "3"},
    {"SELECT currval('s')", "2"},
    {"SELECT setval('s', 10)", "10"},
    {"SELECT nextval('nope')", "42P01 relation \"nope\" does not exist"},
    {"SELECT 9223372036854775807 + 1", "22003 integer out of range"},
    {"SELECT '99999999999999999999'::INT8",
        "22003 could not parse \"99999999999999999999\" as type int: "
        "strconv.ParseInt: parsing \"99999999999999999999\": value out of range"},
    {"SELECT (SELECT id FROM a)", "21000 more than one row returned by a subquery used as an expression"},
    {"SELECT id FROM a GROUP BY b",
        "42803 column \"id\" must appear in the GROUP BY clause or be used in an aggregate function"},
    {"SELECT b FROM a GROUP BY id ORDER BY id", "x"},
    {"SELECT count(*) FROM a WHERE count(*) > 1", "42803 count(): aggregate functions are not allowed in WHERE"},
    {"SELECT sum(b) FROM a", "42883 unknown signature: sum(string)"},
    {"SELECT upper(1)", "42883 unknown signature: upper(int)"},
    {"SELECT nope()", "42883 unknown function: nope()"},
    {"SELECT 1 LIMIT -1", "2201W negative value for LIMIT"},
    {"SELECT 1 / 0", "22012 division by zero"},
    {"SELECT j -> 'k' -> 'z' ->> 1 FROM a WHERE id = 1", "2"},
    {"SELECT j FROM a WHERE id = 1", "{\"a\": 1, \"k\": {\"z\": [1, 2]}}"},
    {"SELECT '{\"a\": {\"b\": 2}}'::JSONB #>> '{a,b}'", "2"},
    {"SELECT '{\"b\": 1, \"a\": 2}'::JSONB || '{\"c\": [true, null]}'", "{\"a\": 2, \"b\": 1, \"c\": [true, null]}"},
    {"SELECT '{\"a\": [1, 2]}'::JSONB @> '{\"a\": [2]}'", "t"},
    {"SELECT '{\"a\": 1}'::JSONB ? 'b'", "f"},
    {"SELECT jsonb_object_agg(id::STRING, b) FROM a", "{\"1\": \"x\", \"2\": \"y\"}"},
    {"SELECT jsonb_build_object('a', 1, 'b', ARRAY[1, 2], 'c', true)", "{\"a\": 1, \"b\": [1, 2], \"c\": true}"},
    {"SELECT count(*) FROM a, unnest(a.e) AS x WHERE x > 1", "2"},
    {"SELECT sum(x) FROM (SELECT unnest(e) AS x FROM a)", "6"},
    {"SELECT string_agg(key, ',') FROM jsonb_each('{\"b\": 1, \"a\": 2}')", "a,b"},
    {"SELECT count(*) FROM generate_series(10, 1, -3)", "4"},
    {"SELECT ARRAY[1, 2] || 3", "{1,2,3}"},
    {"SELECT array_remove(ARRAY[1, 2, 1], 1)", "{2}"},
    {"SELECT t + '1 month'::INTERVAL FROM a WHERE id = 1", "2024-02-29 10:00:00"},
    {"SELECT '1 year 2 months'::INTERVAL + '36 hours'::INTERVAL", "1 year 2 mons 36:00:00"},
    {"SELECT '1 day'::INTERVAL * 2.5", "2 days 12:00:00"},
    {"SELECT '25 hours'::INTERVAL > '1 day'::INTERVAL", "t"},
    {"SELECT '2024-03-01'::DATE - '2024-02-01'::DATE", "29"},
    {"SELECT '2024-02-28'::DATE + 2", "2024-03-01"},
    {"SELECT date_trunc('month', t) FROM a WHERE id = 1", "2024-01-01 00:00:00"},
    {"SELECT extract(dow FROM '2024-05-06'::DATE)", "1"},
    {"SELECT regexp_replace('a1b2', '[0-9]', '#', 'g')", "a#b#"},
    {"SELECT 'abc' SIMILAR TO 'a%'", "t"},
    {"SELECT array_agg(id ORDER BY c DESC, id) FROM a", "{2,1}"},
    {"SELECT string_agg(b, '-' ORDER BY b DESC) FROM a", "y-x"},
    {"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'p_aid_fkey'",
        "FOREIGN KEY (aid) REFERENCES a(id)"},
    {"SELECT count(*) FROM information_schema.table_constraints JOIN information_schema.key_column_usage USING "
     "(constraint_name) WHERE table_constraints.table_name = 'p'",
        "3"},
    {"SELECT to_regclass('nope')", ""},
    {"SELECT 'pg_sleep(100)'", "pg_sleep(100)"},
    {"SAVEPOINT x", "25P01 there is no transaction in progress"},
    {"DROP DATABASE system", "42501 user root does not have DROP privilege on database system"},
    {"DELETE FROM crdb_internal.tables", "42501 user root does not have DELETE privilege on relation tables"},
    {"CREATE TABLE z (id INT PRIMARY KEY, b STRING UNIQUE NOT NULL, CONSTRAINT ck CHECK (id > 0))", "CREATE TABLE"},
    {"INSERT INTO z VALUES (1, '5'), (2, '10')", "INSERT 0 2"},
    {"ALTER TABLE z ALTER COLUMN b TYPE INT USING b::INT", "ALTER TABLE"},
    {"SELECT id FROM z WHERE b > 7", "2"},
    {"INSERT INTO z VALUES (3, 10)",
        "23505 duplicate key value violates unique constraint \"z_b_key\"|Key (b)=(10) already exists."},
    {"ALTER TABLE z RENAME CONSTRAINT ck TO positive", "ALTER TABLE"},
    {"ALTER TABLE z RENAME CONSTRAINT ck TO positive", "42704 constraint \"ck\" of relation \"z\" does not exist"},
    {"ALTER INDEX z@z_b_key RENAME TO z_b", "ALTER INDEX"},
    {"CREATE SCHEMA sc", "CREATE SCHEMA"},
    {"CREATE TABLE sc.t (i INT)", "CREATE TABLE"},
    {"DROP SCHEMA sc", "2BP01 schema \"sc\" is not empty and CASCADE was not specified"},
    {"DROP SCHEMA sc CASCADE", "DROP SCHEMA"},
    {"SELECT * FROM sc.t", "42P01 relation \"sc.t\" does not exist"},
    {"SHOW GRANTS FOR nobody", "42704 role/user \"nobody\" does not exist"},
    {"SELECT 'a'::REGCLASS", "a"},
    {"SELECT 'a'::REGCLASS::STRING || ' ' || 'public.p'::REGCLASS::STRING", "a p"},
    {"SELECT conrelid::REGCLASS FROM pg_constraint WHERE conname = 'p_aid_fkey'", "p"},
    {"SELECT attname FROM pg_attribute WHERE attrelid = 'a'::REGCLASS ORDER BY attnum LIMIT 1", "id"},
    {"SELECT 999999::REGCLASS", "999999"},
    {"SELECT 'system.public.a'::REGCLASS", "42P01 relation \"system.public.a\" does not exist"},
    {"CREATE TABLE always (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v STRING)", "CREATE TABLE"},
    {"INSERT INTO always (id, v) VALUES (5, 'x')",
        "428C9 cannot insert into column \"id\"|Column \"id\" is an identity column "
        "defined as GENERATED ALWAYS."},
    {"INSERT INTO always (id, v) SELECT 5, 'x'",
        "428C9 cannot insert into column \"id\"|Column \"id\" is an identity column "
        "defined as GENERATED ALWAYS."},
    {"INSERT INTO always (id, v) VALUES (DEFAULT, 'x') RETURNING id > 0", "t"},
    {"UPDATE always SET id = 7",
        "428C9 column \"id\" can only be updated to DEFAULT|Column \"id\" is an identity column "
        "defined as GENERATED ALWAYS."},
    {"CREATE TABLE bydefault (id INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)", "CREATE TABLE"},
    {"INSERT INTO bydefault VALUES (100)", "INSERT 0 1"},
    {"SELECT create_statement LIKE '%id INT8 NOT NULL GENERATED ALWAYS AS IDENTITY,%' FROM [SHOW CREATE TABLE always]",
        "t"},
    {"CREATE TABLE part (id INT PRIMARY KEY, v STRING, n INT, j JSONB, UNIQUE INDEX pv (v) WHERE n > 0, INVERTED INDEX "
     "(j))",
        "CREATE TABLE"},
    {"INSERT INTO part VALUES (1, 'a', 0), (2, 'a', 0), (3, 'a', 1)", "INSERT 0 3"},
    {"INSERT INTO part VALUES (4, 'a', 1)",
        "23505 duplicate key value violates unique constraint \"pv\"|Key (v)=('a') already "
        "exists."},
    {"SELECT create_statement LIKE '%UNIQUE INDEX pv (v ASC) WHERE n > 0:::INT8,%INVERTED INDEX part_j_idx (j)%' FROM "
     "[SHOW CREATE "
     "TABLE part]",
        "t"},
    {"SELECT regexp_replace('a1b22', '\\d+', '#', 'g') || ',' || regexp_extract('/Table/106/1', '/Table/(\\d+)')",
        "a#b#,106"},
    {"SELECT ARRAY['ab' ~ '(?:a|b)b', 'AB' ~ '(?i)ab', 'a-]' ~ '^[a\\-\\]]+$', '^' ~ '[\\^]', '5' ~ '[^\\d\\s]']",
        "{t,t,t,t,f}"},
    {"SELECT regexp_replace(e'a\\n\\tb', '[\\n\\t]+', ' ')", "a b"},
    {"SELECT regexp_extract('aab', 'a+?')",
        "0A000 a regular expression such as \"a+?\" is not supported by this sandbox"},
    {"SELECT '{true,no}'::BOOL[]", "{t,f}"},
    {"SELECT true = ANY('{f,t}'::BOOL[])", "t"},
    {"SELECT array_position(ARRAY[true, false], false)", "2"},
    {"SELECT array_append('{t}'::BOOL[], false)", "{t,f}"},
    {"SELECT ARRAY(SELECT true)", "{t}"},
    {"SELECT to_json(ARRAY[true])", "[true]"},
    {"SELECT array_to_json(ARRAY[1, 2])", "[1, 2]"},
    {"SELECT '{01, NULL}'::INT[]", "{1,NULL}"},
    {"SELECT ARRAY['1', '2']::INT[]", "{1,2}"},
    {"SELECT '{}'::INT[]", "{}"},
    {"SELECT ' { a , \"b\" }'::STRING[]", "{a,b}"},
    {"SELECT 'a'::STRING[]", "22P02 could not parse \"a\" as type string[]: array must be enclosed in { and }"},
    {"SELECT '{a}'::INT[]", "22P02 could not parse \"a\" as type int: strconv.ParseInt: parsing \"a\": invalid syntax"},
    {"SELECT 'x' ~ 'x(?=y)'", "2201B invalid regular expression: x(?=y)"},
    {"CREATE TABLE families (a INT PRIMARY KEY FAMILY x, b INT FAMILY y, c INT, FAMILY (c))", "CREATE TABLE"},
    {"ALTER TABLE families ADD COLUMN d INT FAMILY y", "ALTER TABLE"},
    {"ALTER TABLE families ADD COLUMN e INT CREATE FAMILY", "ALTER TABLE"},
    {"ALTER TABLE families ADD COLUMN f INT", "ALTER TABLE"},
    {"ALTER TABLE families ADD COLUMN g INT CREATE FAMILY y", "XXUUU family \"y\" already exists"},
    {"ALTER TABLE families ADD COLUMN g INT FAMILY no", "XXUUU unknown family \"no\""},
    {"ALTER TABLE families RENAME COLUMN b TO \"B\"", NULL},
    {"SELECT create_statement LIKE '%, FAMILY x (a, f), FAMILY y (\"B\", d), FAMILY fam_2_c (c), FAMILY fam_3_e (e) "
     ")%' FROM "
     "(SELECT regexp_replace(create_statement, e'[\\\\n\\\\t]+', ' ', 'g') AS create_statement FROM [SHOW CREATE TABLE "
     "families])",
        "t"},
    {"CREATE UNIQUE INDEX twice ON part (v)",
        "23505 duplicate key value violates unique constraint \"twice\"|Key (v)=('a') "
        "already exists."},
    {"CREATE INDEX hashed ON part (v) USING HASH", "0A000 a hash-sharded index is not supported by this sandbox"},
    {"CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY LIST (id) (PARTITION one VALUES IN (1))",
        "0A000 PARTITION BY is not supported by this sandbox"},
    {"CREATE TEMP TABLE gone (id INT)", "XCEXF temporary tables are only supported experimentally"},
    {"CREATE TABLE key (a INT PRIMARY KEY, b INT NOT NULL, c INT)", "CREATE TABLE"},
    {"INSERT INTO key VALUES (1, 1, 1), (2, 1, 2)", "INSERT 0 2"},
    {"ALTER TABLE key ALTER PRIMARY KEY USING COLUMNS (c)", "42P15 cannot use nullable column \"c\" in primary key"},
    {"ALTER TABLE key ALTER PRIMARY KEY USING COLUMNS (b)",
        "23505 duplicate key value violates unique constraint \"key_pkey\"|Key (b)=(1) already exists."},
    {"ALTER TABLE key ALTER PRIMARY KEY USING COLUMNS (b, a)", "ALTER TABLE"},
    {"SELECT string_agg(index_name || ' ' || column_name, ',' ORDER BY index_name, seq_in_index) FROM [SHOW INDEXES "
     "FROM key] WHERE "
     "NOT storing AND NOT implicit",
        "key_a_key a,key_pkey b,key_pkey a"},
    {"INSERT INTO key VALUES (1, 5, 1)",
        "23505 duplicate key value violates unique constraint \"key_a_key\"|Key (a)=(1) already "
        "exists."},
    {"ALTER TABLE key DROP CONSTRAINT key_pkey",
        "0A000 unimplemented: primary key dropped without subsequent addition of new "
        "primary key in same transaction"},
    {"ALTER TABLE key DROP CONSTRAINT key_a_key",
        "0A000 unimplemented: cannot drop UNIQUE constraint \"key_a_key\" using ALTER "
        "TABLE DROP CONSTRAINT, use DROP INDEX CASCADE instead"},
    {"ALTER TABLE key DROP CONSTRAINT key_pkey, ADD CONSTRAINT k PRIMARY KEY (a)", "ALTER TABLE"},
    {"CREATE TABLE named (id INT PRIMARY KEY, cloud STRING, up STRING AS (upper(cloud)) STORED, CHECK (cloud != 'x'))",
        "CREATE TABLE"},
    {"ALTER TABLE named RENAME cloud TO \"The Cloud\"", NULL},
    {"INSERT INTO named (id, \"The Cloud\") VALUES (1, 'aws') RETURNING up", "AWS"},
    {"CREATE TABLE ups (k INT PRIMARY KEY, v INT DEFAULT 7, w INT)", "CREATE TABLE"},
    {"INSERT INTO ups VALUES (1, 1, 1)", "INSERT 0 1"},
    {"UPSERT INTO ups (k, w) VALUES (1, 2) RETURNING v", "1"},
    {"UPSERT INTO ups VALUES (1) RETURNING v", "7"},
    {"CREATE TABLE parent (id INT PRIMARY KEY)", "CREATE TABLE"},
    {"CREATE TABLE child (id INT PRIMARY KEY, p INT REFERENCES parent ON UPDATE CASCADE ON DELETE SET NULL)",
        "CREATE TABLE"},
    {"INSERT INTO parent VALUES (1)", "INSERT 0 1"},
    {"INSERT INTO child VALUES (1, 1)", "INSERT 0 1"},
    {"TRUNCATE parent", "2BP01 \"parent\" is referenced by foreign key from table \"child\""},
    {"UPDATE parent SET id = 5", "UPDATE 1"},
    {"SELECT p FROM child", "5"},
    {"TRUNCATE parent, child", "TRUNCATE"},
    {"INSERT INTO parent VALUES (1)", "INSERT 0 1"},
    {"INSERT INTO child VALUES (1, 1)", "INSERT 0 1"},
    {"TRUNCATE parent CASCADE", "TRUNCATE"},
    {"SELECT count(*) FROM child", "0"},
    {"SELECT sum(c) FROM (SELECT c FROM a UNION ALL SELECT c + 1 FROM a)", "9.02"},
    {"SELECT avg(c), sum(c), max(c), sum(c) FROM a", "1.755"},
    {"SELECT string_agg(coalesce(x::STRING, '-') || y || z::STRING, ' ') FROM (SELECT unnest(ARRAY[1, 2]) AS x, "
     "unnest(ARRAY['a', 'b', "
     "'c']) AS y, generate_subscripts(ARRAY[7, 7, 7], 1) AS z)",
        "1a1 2b2 -c3"},
    {"SELECT sum(x * y) FROM (SELECT unnest(e) AS x, unnest(e) + id AS y FROM a)", "23"},
    {"SELECT data_type || ' ' || crdb_sql_type || ' ' || numeric_precision::STRING || ' ' || udt_name FROM "
     "information_schema.columns "
     "WHERE table_name = 'a' AND column_name = 'c'",
        "numeric DECIMAL(10,2) 10 numeric"},
    {"SELECT array(SELECT n FROM unnest(a.e) WITH ORDINALITY AS u (x, n) ORDER BY n DESC) FROM a WHERE id = 1",
        "{2,1}"},
    {"SELECT crdb_internal.increment_feature_counter('Django 5.0')", "t"},
    {"SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'p'::REGCLASS AND indisprimary",
        "CREATE UNIQUE INDEX p_pkey ON defaultdb.public.p USING btree (id ASC)"},
    {"SELECT typname FROM pg_type WHERE oid = 'x'::STRING::REGTYPE", NULL},
    {"SELECT t.typname FROM pg_type t JOIN pg_type e ON t.typelem = e.oid WHERE e.typname = 'int8'", "_int8"},
    {"SELECT count(*) FROM geography_columns", "0"},
    {"INSERT INTO ups VALUES (8), (9, 9)",
        "42601 VALUES lists must all be the same length, expected 1 columns, found 2"},
    {"BEGIN", "BEGIN"},
    {"DECLARE cur CURSOR FOR SELECT id FROM a ORDER BY id", "DECLARE CURSOR"},
    {"FETCH 1 FROM cur", "1"},
    {"MOVE 0 FROM cur", "MOVE 0"},
    {"FETCH ALL FROM cur", "2"},
    {"FETCH NEXT FROM cur", "FETCH 0"},
    {"CLOSE cur", "CLOSE CURSOR"},
    {"FETCH cur", "34000 cursor \"cur\" does not exist"},
    {"ROLLBACK", "ROLLBACK"},
    {"DECLARE cur CURSOR FOR SELECT 1", "25P01 DECLARE CURSOR can only be used in transaction blocks"},
    {"CREATE DATABASE \"\"", "42601 empty database name"},
    {"CREATE MATERIALIZED VIEW mv AS SELECT 1 AS x", "0A000 CREATE MATERIALIZED VIEW is not supported by this sandbox"},
    {"SET TIME ZONE 'Europe/London'", "0A000 a time zone other than UTC is not supported by this sandbox"},
    {"SET TIME ZONE 'UTC'", "SET"},
    {"BEGIN PRIORITY HIGH", "BEGIN"},
    {"SHOW TRANSACTION PRIORITY", "high"},
    {"COMMIT", "COMMIT"},
    {"SHOW TRANSACTION PRIORITY", "normal"},
    {"SELECT enum_range(NULL::odd)", "42704 type \"odd\" does not exist"},
    {"CREATE TYPE odd AS ENUM ('a b', 'c', 'd\"e')", "CREATE TYPE"},
    {"SELECT enum_range(NULL::odd)", "{\"a b\",c,\"d\\\"e\"}"},
    {"CREATE SCHEMA mine", "CREATE SCHEMA"},
    {"SET search_path = mine, public", "SET"},
    {"CREATE TABLE here (k INT PRIMARY KEY)", "CREATE TABLE"},
    {"SELECT current_schema() || ' ' || count(*)::STRING FROM mine.here, here AS h", "mine 0"},
    {"SELECT count(*) FROM a", "2"},
    {"RESET search_path", NULL},
    {"SELECT count(*) FROM here", "42P01 relation \"here\" does not exist"},
    {"CREATE TABLE touched (k INT PRIMARY KEY, v INT, t INT DEFAULT 1 ON UPDATE 9)", "CREATE TABLE"},
    {"INSERT INTO touched (k, v) VALUES (1, 1)", "INSERT 0 1"},
    {"UPDATE touched SET v = 2 RETURNING t", "9"},
    {"UPDATE touched SET v = 2, t = 3 RETURNING t", "3"},
};

/* What the walkthrough's Django application sends, in this order. */
static const struct {
    const char *sql, *expected;
} application[] = {
    {"SELECT VERSION()",
        NULL},
    {"SHOW TIME ZONE",
        "UTC"},
    {"SELECT set_config('TimeZone', 'UTC', false)",
        "UTC"},
    {"SHOW default_transaction_isolation",
        "serializable"},
    {"SET default_transaction_isolation = 'serializable'",
        "SET"},
    {"CREATE TABLE \"cockroach_example_customers\" (\"id\" uuid NOT NULL PRIMARY KEY, \"name\" "
        "varchar(250) NOT NULL, \"cloud\" varchar(250) NULL)",
        "CREATE TABLE"},
    {"CREATE TABLE \"cockroach_example_products\" (\"id\" uuid NOT NULL PRIMARY KEY, \"name\" "
        "varchar(250) NOT NULL, \"price\" numeric(18, 2) NOT NULL)",
        "CREATE TABLE"},
    {"CREATE TABLE \"cockroach_example_orders\" (\"id\" uuid NOT NULL PRIMARY KEY, \"subtotal\" "
        "numeric(18, 2) NOT NULL, \"customer_id\" uuid NULL)",
        "CREATE TABLE"},
    {"CREATE TABLE \"cockroach_example_orders_product\" (\"id\" integer NOT NULL PRIMARY KEY DEFAULT "
        "unique_rowid(), \"orders_id\" uuid NOT NULL, \"products_id\" uuid NOT NULL)",
        "CREATE TABLE"},
    {"ALTER TABLE \"cockroach_example_orders\" ADD CONSTRAINT "
        "\"cockroach_example_or_customer_id_8844b19c_fk_cockroach\" FOREIGN KEY (\"customer_id\") "
        "REFERENCES \"cockroach_example_customers\" (\"id\")",
        "ALTER TABLE"},
    {"ALTER TABLE \"cockroach_example_orders_product\" ADD CONSTRAINT "
        "\"cockroach_example_orders_orders_id_products_id_572f6076_uniq\" UNIQUE (\"orders_id\", "
        "\"products_id\")",
        "ALTER TABLE"},
    {"ALTER TABLE \"cockroach_example_orders_product\" ADD CONSTRAINT "
        "\"cockroach_example_or_orders_id_8c3fba2f_fk_cockroach\" FOREIGN KEY (\"orders_id\") REFERENCES "
        "\"cockroach_example_orders\" (\"id\")",
        "ALTER TABLE"},
    {"CREATE TABLE \"django_migrations\" (\"id\" integer NOT NULL PRIMARY KEY DEFAULT unique_rowid(), "
        "\"app\" varchar(255) NOT NULL, \"name\" varchar(255) NOT NULL, \"applied\" timestamp with time "
        "zone NOT NULL)",
        "CREATE TABLE"},
    {"CREATE TABLE \"auth_user\" (\"id\" integer NOT NULL PRIMARY KEY DEFAULT unique_rowid(), "
        "\"password\" varchar(128) NOT NULL, \"last_login\" timestamp with time zone NULL, "
        "\"is_superuser\" boolean NOT NULL, \"username\" varchar(150) NOT NULL UNIQUE)",
        "CREATE TABLE"},
    {"CREATE INDEX \"auth_user_username_6821ab7c_like\" ON \"auth_user\" (\"username\" "
        "varchar_pattern_ops)",
        "CREATE INDEX"},
    {"SELECT c.relname, CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' "
        "ELSE 't' END, obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class c LEFT JOIN "
        "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('f', 'm', 'p', 'r', "
        "'v') AND n.nspname NOT IN ('pg_catalog', 'pg_toast') AND pg_catalog.pg_table_is_visible(c.oid)",
        NULL},
    {"INSERT INTO \"django_migrations\" (\"app\", \"name\", \"applied\") VALUES ('a', '0001', "
        "'2024-01-01T10:00:00.123456+00:00'::timestamptz) RETURNING \"django_migrations\".\"id\" > 0",
        "t"},
    {"SELECT \"django_migrations\".\"id\" > 0, \"django_migrations\".\"app\", "
        "\"django_migrations\".\"name\", \"django_migrations\".\"applied\" FROM \"django_migrations\"",
        "t"},
    {"BEGIN",
        "BEGIN"},
    {"INSERT INTO \"cockroach_example_customers\" (\"id\", \"name\", \"cloud\") VALUES "
        "('6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid, 'Carl', 'azure')",
        "INSERT 0 1"},
    {"COMMIT",
        "COMMIT"},
    {"INSERT INTO cockroach_example_customers (name, cloud) VALUES ('x', 'aws')",
        "23502 missing \"id\" primary key column"},
    {"SELECT \"cockroach_example_customers\".\"id\", \"cockroach_example_customers\".\"name\", "
        "\"cockroach_example_customers\".\"cloud\" FROM \"cockroach_example_customers\" WHERE "
        "\"cockroach_example_customers\".\"id\" = '6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid LIMIT 21",
        "6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11"},
    {"BEGIN",
        "BEGIN"},
    {"SAVEPOINT \"s140_x1\"",
        "SAVEPOINT"},
    {"INSERT INTO \"cockroach_example_orders\" (\"id\", \"subtotal\", \"customer_id\") VALUES "
        "('7b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid, '12.50', "
        "'6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid)",
        "INSERT 0 1"},
    {"RELEASE SAVEPOINT \"s140_x1\"",
        "RELEASE"},
    {"INSERT INTO \"cockroach_example_products\" (\"id\", \"name\", \"price\") VALUES "
        "('8b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid, 'book', '12.5')",
        "INSERT 0 1"},
    {"INSERT INTO \"cockroach_example_orders_product\" (\"orders_id\", \"products_id\") VALUES "
        "('7b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid, '8b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid) ON "
        "CONFLICT DO NOTHING",
        "INSERT 0 1"},
    {"UPDATE \"cockroach_example_orders\" SET \"subtotal\" = '12.50', \"customer_id\" = "
        "'6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid WHERE \"cockroach_example_orders\".\"id\" = "
        "'7b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid",
        "UPDATE 1"},
    {"COMMIT",
        "COMMIT"},
    {"SELECT \"cockroach_example_orders\".\"id\", \"cockroach_example_orders\".\"subtotal\", "
        "\"cockroach_example_orders\".\"customer_id\" FROM \"cockroach_example_orders\"",
        "7b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11"},
    {"SELECT COUNT(*) AS \"__count\" FROM \"cockroach_example_customers\"",
        "1"},
    {"DELETE FROM \"cockroach_example_customers\" WHERE \"cockroach_example_customers\".\"id\" IN "
        "('6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11'::uuid)",
        "23503 delete on table \"cockroach_example_customers\" violates foreign key constraint "
        "\"cockroach_example_or_customer_id_8844b19c_fk_cockroach\" on table "
        "\"cockroach_example_orders\"|Key (id)=('6b1f0a52-9d0e-4c57-8a53-0f4f3c7b2d11') is still "
        "referenced from table \"cockroach_example_orders\"."},
    {"SELECT (1) AS \"a\" FROM \"auth_user\" WHERE \"auth_user\".\"username\" = 'x' LIMIT 1",
        "SELECT 0"},
};

/* Must be answered, if with an error then with one of the sandbox's or the server's. */
static const char *const broad[] = {
    "COPY a FROM STDIN",
    "CREATE FUNCTION f() RETURNS INT LANGUAGE SQL AS 'SELECT 1'",
    "CALL f()",
    "CREATE STATISTICS st FROM a",
    "SHOW STATISTICS FOR TABLE a",
    "EXPLAIN ANALYZE SELECT 1",
    "BACKUP DATABASE defaultdb INTO 'nodelocal://1/x'",
    "CREATE CHANGEFEED FOR a",
    "DECLARE c CURSOR FOR SELECT 1",
    "CREATE INDEX ON a (lower(b))",
    "ALTER TABLE a ALTER COLUMN b TYPE VARCHAR(20)",
    "ALTER TABLE a SPLIT AT VALUES (5)",
    "ALTER TABLE a SCATTER",
    "ALTER INDEX a_pkey RENAME TO x",
    "ALTER TABLE a SET SCHEMA public",
    "SELECT a.id, x.m FROM a, LATERAL (SELECT max(n) AS m FROM p WHERE p.aid = a.id) x",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM a",
    "SELECT corr(id, id) FROM a",
    "SELECT * FROM pg_catalog.pg_constraint",
    "SELECT * FROM pg_index",
    "SELECT * FROM information_schema.views",
    "SELECT * FROM crdb_internal.node_metrics",
    "SELECT row_to_json(a) FROM a",
    "SELECT (a).id FROM a",
    "SELECT a FROM a",
    "SELECT B'101'",
    "SELECT * FROM a WHERE (id, b) IN ((1, 'x'))",
    "SELECT id FROM a ORDER BY PRIMARY KEY a",
    "SELECT json_agg(id ORDER BY id DESC) FROM a",
    "SELECT count(DISTINCT id), sum(DISTINCT id) FROM a",
    "SELECT rank() OVER (PARTITION BY b ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM a",
    "SELECT sum(id) OVER w FROM a WINDOW w AS (ORDER BY id)",
    "SELECT * FROM a NATURAL JOIN p",
    "SELECT * FROM a FULL OUTER JOIN p ON p.aid = a.id",
    "SELECT * FROM a LEFT JOIN p USING (id)",
    "TABLE a",
    "VALUES (1, 'x'), (2, 'y')",
    "SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 2",
    "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t",
    "SELECT '10:30:00'::TIME + '1 hour'::INTERVAL",
    "SELECT 'a' < 1",
    "SELECT 1 || true",
    "SELECT ARRAY[1] || ARRAY['x']",
    "SELECT NULL + 1",
    "SELECT -'1 day'::INTERVAL",
    "SELECT +1, ~1, |/ 4",
    "SELECT 1 # 3",
    "SELECT 2 ^ 0.5",
    "SELECT b COLLATE en FROM a",
    "SELECT CAST(b AS BYTES) FROM a",
    "SELECT 'x'::BIT(3)",
    "SELECT 1::OID::REGCLASS",
    "INSERT INTO a (id, j) VALUES (9, '{bad')",
    "INSERT INTO a (id, e) VALUES (9, '{1,x}')",
    "UPDATE a SET b = DEFAULT WHERE id = 2",
    "UPDATE a SET (b, c) = (SELECT 'q', 3) WHERE id = 2",
    "UPSERT INTO a (id, b) VALUES (2, 'u')",
    "INSERT INTO a (id) VALUES (2) ON CONFLICT (id) DO UPDATE SET b = excluded.b",
    "DELETE FROM a ORDER BY id LIMIT 0",
    "TRUNCATE p",
    "SHOW SESSIONS",
    "SHOW QUERIES",
    "SHOW JOBS",
    "SHOW SCHEDULES",
    "SHOW SEQUENCES",
    "SHOW CREATE SEQUENCE s",
    "SHOW CREATE ALL TABLES",
    "SHOW GRANTS",
    "SHOW DEFAULT PRIVILEGES",
    "SHOW INDEXES FROM a",
    "SHOW CONSTRAINTS FROM p",
    "SHOW COLUMNS FROM a",
    "SHOW TYPES",
    "SHOW SAVEPOINT STATUS",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO root",
    "COMMENT ON TABLE a IS 'x'",
    "COMMENT ON TABLE a IS NULL",
    "ANALYZE a",
    "CREATE TABLE geo (g GEOMETRY)",
    "CREATE TABLE h (id INT PRIMARY KEY USING HASH)",
    "CREATE SCHEMA sc",
    "DROP SCHEMA sc",
    "CREATE MATERIALIZED VIEW mv AS SELECT 1 AS x",
    "REFRESH MATERIALIZED VIEW mv",
    "SET TRANSACTION PRIORITY HIGH",
    "SELECT st_distance('POINT(0 0)'::GEOMETRY, 'POINT(1 1)'::GEOMETRY)",
    "SELECT crdb_internal.trace_id()",
    "SELECT * FROM a AS OF SYSTEM TIME '-1s'",
    "SELECT * FROM a TABLESAMPLE SYSTEM (10)",
    "SELECT id FROM a FOR UPDATE",
    "SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3))",
    "SELECT generate_series(1, id) FROM a",
    "SELECT max(generate_series(1, 2))",
    "SELECT 1 WHERE unnest(ARRAY[true])",
    "SELECT DISTINCT ON (b) id FROM a ORDER BY id",
};

/* Forms that 26.1 knows, and that must not be syntax errors there. */
static const char *const known_to_26[] = {
    "ALTER TABLE a ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY",
    "SHOW CLUSTER SETTING kv.rangefeed.enabled FOR VIRTUAL CLUSTER 'x'", "CREATE TABLE v (v VECTOR(3))",
    "SELECT '10.0.0.1'::INET <<= '10.0.0.0/8'::INET, '10.0.0.0/8'::INET >>= '10.0.0.1'::INET",
};

static struct server server;

static char *outcome(PGresult *r) {
    struct str s = {0};
    if (PQresultStatus(r) == PGRES_FATAL_ERROR) {
        const char *detail = PQresultErrorField(r, PG_DIAG_MESSAGE_DETAIL);
        str_add_f(&s, "%s %s", PQresultErrorField(r, PG_DIAG_SQLSTATE), PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
        if (detail)
            str_add_f(&s, "|%s", detail);
    } else if (PQntuples(r) > 0 && PQnfields(r) > 0) {
        str_add(&s, PQgetvalue(r, 0, 0));
    } else {
        str_add(&s, PQcmdStatus(r));
    }
    PQclear(r);
    char *text = mem_strdup(str_get(&s));
    str_free(&s);
    return text;
}

static char *ask(PGconn *c, const char *sql) {
    char *got = outcome(PQexec(c, sql));
    if (PQstatus(c) != CONNECTION_OK)
        fail_msg("%s: the sandbox is gone: %s", sql, got);
    return got;
}

static void refuse_words(const char *version, const char *sql, const char *got) {
    static const char *const words[] = {
        "SQLite", "sqlite", "no such", "XX000", "near \"(", "misuse", "ambiguous column"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(got, words[i]))
            fail_msg("%s: %s: %s", version, sql, got);
    if (str_starts(got, "0A000") && !strstr(got, "sandbox") && !strstr(got, "generator functions") &&
        !strstr(got, "unimplemented: "))
        fail_msg("%s: %s: an error that does not say whose limit it is: %s", version, sql, got);
}

static PGconn *open_version(const char *version) {
    const char *const arguments[] = {"--compat", version, "--speed", "0", "--empty", NULL};
    server_start(&server, arguments);
    char *info = mem_printf("host=127.0.0.1 port=%d user=root dbname=defaultdb sslmode=disable", server.port);
    PGconn *c = PQconnectdb(info);
    free(info);
    PQclear(PQexec(c, "SET client_min_messages = error; SET allow_unsafe_internals = true"));
    for (size_t i = 0; i < sizeof setup / sizeof *setup; i++)
        free(ask(c, setup[i]));
    return c;
}

static void close_version(PGconn *c) {
    PQfinish(c);
    assert_true(server_stop(&server));
}

static void test_answers(void **state) {
    (void)state;
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        PGconn *c = open_version(versions[v]);
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
            char *got = ask(c, answers[i].sql);
            if (answers[i].expected && !str_eq(got, answers[i].expected))
                fail_msg("%s: %s: expected %s, got %s", versions[v], answers[i].sql, answers[i].expected, got);
            refuse_words(versions[v], answers[i].sql, got);
            free(got);
        }
        close_version(c);
    }
}

/* A text parameter becomes what a constant of its type would. */
static void test_parameters(void **state) {
    static const struct {
        const char *type, *text, *expected;
    } parameters[] = {
        {"BOOL", "yes", "t"},
        {"BOOL", "maybe", "22P02 error in argument for $1: could not parse \"maybe\" as type bool: invalid bool value"},
        {"JSONB", "{\"b\":1, \"a\":[]}", "{\"a\": [], \"b\": 1}"},
        {"DATE", "2024-1-2", "2024-01-02"},
        {"TIMESTAMP", "2024-01-02", "2024-01-02 00:00:00"},
        {"TIMESTAMPTZ", "2024-01-02 12:00:00+02", "2024-01-02 10:00:00+00"},
        {"INT", "99999999999999999999",
            "22P02 error in argument for $1: could not parse \"99999999999999999999\" as type int: "
            "strconv.ParseInt: parsing \"99999999999999999999\": value out of range"},
        {"UUID", "{0000000000000000000000000000000A}", "00000000-0000-0000-0000-00000000000a"},
        {"INT[]", "{01, NULL}", "{1,NULL}"},
        {"DECIMAL", "1.50", "1.50"},
        {"STRING", " as it is", " as it is"},
    };
    (void)state;
    PGconn *c = open_version(versions[0]);
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        char *sql = mem_printf("SELECT $1::%s", parameters[i].type);
        PGresult *r = PQexecParams(c, sql, 1, NULL, &parameters[i].text, NULL, NULL, 0);
        const bool rows = PQresultStatus(r) == PGRES_TUPLES_OK;
        char *got = rows ? mem_strdup(PQgetvalue(r, 0, 0))
            : mem_printf("%s %s", PQresultErrorField(r, PG_DIAG_SQLSTATE),
                               PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
        assert_string_equal(got, parameters[i].expected);
        free(got);
        free(sql);
        PQclear(r);
    }
    close_version(c);
}

/* As applications insert in bulk: more rows than SQLite has SELECTs in one. */
static void test_many_rows(void **state) {
    enum { ROWS = 3000 };
    (void)state;
    PGconn *c = open_version(versions[0]);
    struct str sql = {0};
    free(ask(c, "CREATE TABLE many (k INT PRIMARY KEY, v STRING)"));
    str_add(&sql, "INSERT INTO many VALUES ");
    for (int i = 0; i < ROWS; i++)
        str_add_f(&sql, i ? ", (%d, 'v%d')" : "(%d, 'v%d')", i, i);
    char *got = ask(c, str_get(&sql));
    assert_string_equal(got, "INSERT 0 3000");
    free(got);
    str_clear(&sql);
    str_add(&sql, "SELECT count(*) FROM many JOIN (VALUES ");
    for (int i = 0; i < ROWS; i++)
        str_add_f(&sql, i ? ", (%d)" : "(%d)", i * 2);
    str_add(&sql, ") AS w (k) USING (k)");
    got = ask(c, str_get(&sql));
    assert_string_equal(got, "1500");
    free(got);
    str_free(&sql);
    close_version(c);
}

static void test_application(void **state) {
    (void)state;
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        PGconn *c = open_version(versions[v]);
        for (size_t i = 0; i < sizeof application / sizeof *application; i++) {
            char *got = ask(c, application[i].sql);
            if (application[i].expected && !str_eq(got, application[i].expected))
                fail_msg("%s: %s: expected %s, got %s", versions[v], application[i].sql, application[i].expected, got);
            if (PQtransactionStatus(c) == PQTRANS_INERROR)
                fail_msg("%s: %s: %s", versions[v], application[i].sql, got);
            refuse_words(versions[v], application[i].sql, got);
            free(got);
        }
        close_version(c);
    }
}

static void test_broad(void **state) {
    (void)state;
    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        PGconn *c = open_version(versions[v]);
        for (size_t i = 0; i < sizeof broad / sizeof *broad; i++) {
            char *got = ask(c, broad[i]);
            refuse_words(versions[v], broad[i], got);
            free(got);
        }
        for (size_t i = 0; v == 1 && i < sizeof known_to_26 / sizeof *known_to_26; i++) {
            char *got = ask(c, known_to_26[i]);
            refuse_words(versions[v], known_to_26[i], got);
            if (str_starts(got, "42601"))
                fail_msg("%s: %s", known_to_26[i], got);
            free(got);
        }
        close_version(c);
    }
}

static void expect_as(const char *user, const char *sql, const char *expected) {
    char *info = mem_printf("host=127.0.0.1 port=%d user=%s dbname=defaultdb sslmode=disable", server.port, user);
    PGconn *c = PQconnectdb(info);
    free(info);
    char *got = ask(c, sql);
    assert_string_equal(got, expected);
    free(got);
    PQfinish(c);
}

static void test_role_settings(void **state) {
    (void)state;
    PGconn *c = open_version("26.1");
    static const char *const statements[] = {
        "CREATE USER bob", "ALTER ROLE bob SET statement_timeout = '10s'", "ALTER ROLE ALL SET lock_timeout = '3s'",
        "ALTER ROLE bob IN DATABASE defaultdb SET lock_timeout = '4s'",
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        free(ask(c, statements[i]));
    expect_as("bob", "SHOW statement_timeout", "10000");
    expect_as("bob", "SHOW lock_timeout", "4000");
    expect_as("root", "SHOW lock_timeout", "3000");
    expect_as("root", "SHOW statement_timeout", "0");
    expect_as("bob", "ALTER ROLE bob SET lock_timeout = '1s'", "42501 user bob does not have CREATEROLE privilege");
    free(ask(c, "ALTER ROLE bob RESET ALL"));
    expect_as("bob", "SHOW statement_timeout", "0");
    expect_as("root", "ALTER ROLE bob SET nope = 1", "42704 unrecognized configuration parameter \"nope\"");
    close_version(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_many_rows),
        cmocka_unit_test(test_application),
        cmocka_unit_test(test_broad),
        cmocka_unit_test(test_role_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
