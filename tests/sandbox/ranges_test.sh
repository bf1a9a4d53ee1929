# Ranges of tables that were not recorded: sizes by region, keys of secondary indexes, locked tables, on both versions.
. "$TOP_SRCDIR/tests/support/psql.sh"

for version in 22.1 26.1; do
    start --compat $version
    runs "$version: a database" 'CREATE DATABASE "my shop" PRIMARY REGION "europe-west4" REGIONS "uksouth", "eu-west-1"'
    db=my%20shop
    runs "$version: a table" 'CREATE TABLE t (id INT PRIMARY KEY, a STRING, b INT, INDEX ai (a), UNIQUE INDEX bu (b DESC)) LOCALITY REGIONAL BY ROW'
    runs "$version: rows" "INSERT INTO t (id, a, b, crdb_region) VALUES (1, 'x', 10, 'uksouth'), (2, 'y', 20, 'uksouth'), (3, 'z', 30, 'eu-west-1')"
    case $version in 22.1) from='SHOW RANGES FROM TABLE t';; *) from='SHOW RANGES FROM TABLE t WITH DETAILS';; esac
    # On 22.1 of the primary index; neighbours with equal configurations are one: the primary region's and its gaps.
    case $version in 22.1) number=7;; *) number=13;; esac
    becomes "$version: its ranges" "SELECT count(*) FROM [$from]" $number
    case $version in 22.1) sized=2;; *) sized=6;; esac
    is "$version: ranges with rows have a size" "SELECT count(*) FROM [$from] WHERE range_size_mb > 0" $sized
    is "$version: no row is counted twice" "SELECT range_size_mb * 1000000 BETWEEN 20 AND 90 FROM [$from] WHERE start_key LIKE '%\"@\"' LIMIT 1" t
    runs "$version: a row goes" 'DELETE FROM t WHERE id = 3'
    case $version in 22.1) sized=1;; *) sized=3;; esac
    is "$version: and its range is empty" "SELECT count(*) FROM [$from] WHERE range_size_mb > 0" $sized

    is "$version: the row of a unique index" "SELECT strpos(start_key, 'xc0') > 0 FROM [SHOW RANGE FROM INDEX t@bu FOR ROW ('uksouth', 10)]" t
    is "$version: another index needs the primary key, too" "SELECT strpos(start_key, 'xc0') > 0 FROM [SHOW RANGE FROM INDEX t@ai FOR ROW ('uksouth', 'x', 1)]" t
    case $version in 22.1) words='crdb_internal.encode_key(): ';; *) words=;; esac
    is "$version: and says so" "SHOW RANGE FROM INDEX t@ai FOR ROW ('uksouth', 'x')" "ERROR:  ${words}number of values must equal number of columns in index \"ai\"
HINT:  columns [id] are implicitly part of index \"ai\"'s key, include columns [crdb_region a id] in this order"

    got=$(sql 'DROP INDEX t@ai')
    case $got in
    *'the data for dropped indexes is reclaimed asynchronously'*'The reclamation delay'*) ok "$version: a dropped index goes later";;
    *) bad "$version: a dropped index goes later" "$got";;
    esac
    runs "$version: a database with a table of the same name" 'CREATE DATABASE other'
    runs "$version: and an index" 'CREATE TABLE other.t (id INT PRIMARY KEY, a STRING, INDEX bu (a))'
    runs "$version: dropped there" 'DROP INDEX other.t@bu'
    is "$version: remains here" "SELECT count(DISTINCT index_name) FROM [SHOW INDEXES FROM t] WHERE index_name = 'bu'" 1
    if test $version = 26.1; then
        is "$version: the query behind it, with keys" "SELECT query LIKE '%INNER JOIN \"my shop\".crdb_internal.table_spans%' AND query LIKE '%raw_start_key%' AND query NOT LIKE '%range_size%' FROM [SHOW RANGES FROM TABLE t WITH EXPLAIN, KEYS]" t
        is "$version: the query behind another form is not known" "SHOW RANGES FROM TABLE t WITH EXPLAIN, INDEXES" 'ERROR:  SHOW RANGES WITH EXPLAIN of anything but a table, or with INDEXES, is not supported by this sandbox'
        is "$version: a table is locked" "SELECT create_statement LIKE '%WITH (schema_locked = true)%' FROM [SHOW CREATE TABLE t]" t
        runs "$version: it is unlocked" 'ALTER TABLE t RESET (schema_locked)'
        is "$version: and shows it" "SELECT create_statement LIKE '%schema_locked%' FROM [SHOW CREATE TABLE t]" f
        runs "$version: a table that begins unlocked" 'CREATE TABLE u (id INT PRIMARY KEY) WITH (schema_locked = false)'
        is "$version: and shows that" "SELECT create_statement LIKE '%schema_locked%' FROM [SHOW CREATE TABLE u]" f
        is "$version: system tables among the cluster's" "SELECT table_name FROM [SHOW CLUSTER RANGES WITH TABLES] WHERE database_name = 'system' AND table_id = 28" reports_meta
        is "$version: ranges of the system database" 'SELECT count(*) > 60, count(DISTINCT table_name) = 66 FROM [SHOW RANGES FROM DATABASE system WITH TABLES]' 't t'
        is "$version: of a table of it" 'SELECT start_key FROM [SHOW RANGES FROM TABLE system.reports_meta]' '…/<TableMin>'
        is "$version: as the current one" 'USE system; SELECT count(*) > 60 FROM [SHOW RANGES]' t
        runs "$version: a user who may see ranges" 'CREATE USER carol; GRANT SYSTEM VIEWACTIVITY TO carol'
        root=$base
        base=$(echo "$base" | sed 's/root@/carol@/')
        is "$version: is told the names of system tables open to all alone" "SELECT DISTINCT table_name FROM [SHOW CLUSTER RANGES WITH TABLES] WHERE database_name = 'system'" comments
        is "$version: and has the others' ranges without names" "SELECT count(*) > 50 FROM [SHOW CLUSTER RANGES WITH TABLES] WHERE table_name IS NULL AND start_key LIKE '/Table/%'" t
        base=$root
    else
        is "$version: no table is locked" "SELECT create_statement LIKE '%schema_locked%' FROM [SHOW CREATE TABLE t]" f
        is "$version: nor can be" 'ALTER TABLE t SET (schema_locked = true)' 'ERROR:  invalid storage parameter "schema_locked"'
    fi
    is "$version: a system table's own zone" "SELECT target, raw_config_sql LIKE '%gc.ttlseconds = 600,%' FROM [SHOW ZONE CONFIGURATION FROM TABLE system.replication_stats]" 'TABLE system.replication_stats t'
    is "$version: the others have the database's" "SELECT target, raw_config_sql LIKE '%num_replicas = 5,%' FROM [SHOW ZONE CONFIGURATION FROM TABLE system.users]" 'DATABASE system t'
    runs "$version: a view" 'CREATE VIEW w AS SELECT id FROM t'
    is "$version: has no ranges" 'SHOW RANGES FROM TABLE w' 'ERROR:  "w" is not a table'
    is "$version: an index by its name alone" "SELECT count(*) > 0 FROM [SHOW RANGES FROM INDEX bu]" t
    is "$version: for one row, too" "SELECT strpos(start_key, 'xc0') > 0 FROM [SHOW RANGE FROM INDEX bu FOR ROW ('uksouth', 10)]" t
    is "$version: and its partitions" "SELECT count(*) FROM [SHOW PARTITIONS FROM INDEX bu]" 3
    for form in 'PARTITIONS FROM INDEX t@nix' 'ZONE CONFIGURATION FROM INDEX t@nix' 'RANGES FROM INDEX nix' 'PARTITIONS FROM INDEX nix' 'ZONE CONFIGURATION FROM INDEX nix' "RANGE FROM INDEX nix FOR ROW (1)"; do
        is "$version: $form" "SHOW $form" 'ERROR:  index "nix" does not exist'
    done
    is "$version: another parameter" 'CREATE TABLE v (id INT PRIMARY KEY) WITH (colour = 1)' 'ERROR:  invalid storage parameter "colour"'
    # What is left of a dropped database goes when its rows are old enough: 25 hours in 22.1, 4 in 26.1.
    case $version in 22.1) hours=25;; *) hours=4;; esac
    db=defaultdb
    zones="SELECT count(*) > 0 FROM system.replication_stats WHERE zone_id = $(sql "SELECT id FROM crdb_internal.databases WHERE name = 'my shop'")"
    becomes "$version: the report counts for the database" "$zones" t
    runs "$version: the database is dropped" 'DROP DATABASE "my shop" CASCADE'
    runs "$version: almost so much later" "SELECT sandbox.advance(3000 * $hours), sandbox.advance(500 * $hours)"
    is "$version: its zone is still there" "$zones" t
    runs "$version: later" "SELECT sandbox.advance(80000), sandbox.advance(80000)"
    becomes "$version: and is gone" "$zones" f
    stop
done
echo "1..$n"
