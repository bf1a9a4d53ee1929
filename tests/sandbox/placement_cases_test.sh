# Zone configurations and ranges of databases that were not recorded: other regions, other numbers of them, other orders of
# statements, secondary indexes, on both versions. What is expected was worked out by hand from the placement rules.
. "$TOP_SRCDIR/tests/support/psql.sh"

cluster() {
    set -- --compat "$1"
    for region in us-east1 us-west1 'EU 1'; do
        for zone in a b c; do set -- "$@" --locality "region=$region,zone=$zone"; done
    done
    for zone in a b c; do set -- "$@" --locality "cloud=x,region=asia-1,zone=$zone"; done
    start "$@"
}
# zone NAME TARGET EXPECTED: the fields that placement sets, on one line.
zone() {
    got=$(sql "SELECT raw_config_sql FROM [SHOW ZONE CONFIGURATION FROM $2]" | tr -d '\t' |
        sed -n -e 's/,$//' -e 's/^num_replicas = /r/p' -e 's/^num_voters = /v/p' -e 's/^global_reads = true/global/p' \
            -e "s/^constraints = '\(.*\)'/\1/p" -e "s/^voter_constraints = '\(.*\)'/\1/p" -e "s/^lease_preferences = '\(.*\)'/\1/p" |
        paste -s -d ' ' -)
    if test "$got" = "$3"; then ok "$version: $1"; else bad "$version: $1" "$2" "expected: $3" "got: $got"; fi
}
runs_all() {
    got=$(sql "$2")
    case $got in *ERROR*) bad "$version: $1" "$2" "$got";; *) ok "$version: $1";; esac
}
# rests NAME REGION CONDITION: it comes to hold, within 20 s, for the range of each index in which the region's rows of table a are.
rests() {
    part=$(sql "SELECT info FROM [EXPLAIN (VERBOSE) SELECT * FROM a WHERE crdb_region = '$2'] WHERE info LIKE '%spans:%'" |
        sed -e 's/.*spans: //' -e 's/-.*//')
    becomes "$version: $1" "SELECT count(*) > 0 AND bool_and($3) FROM crdb_internal.ranges_no_leases WHERE start_pretty LIKE '/Table/' || 'a'::REGCLASS::INT8::STRING || '/%' AND right(start_pretty, length('$part')) = '$part'" t
}

two_regions() {
    runs_all 'two regions' 'CREATE DATABASE two PRIMARY REGION "us-west1" REGIONS "EU 1"'
    zone 'two regions: database' 'DATABASE two' 'r4 v3 {+region=EU 1: 1, +region=us-west1: 1} [+region=us-west1] [[+region=us-west1]]'
    runs_all 'one region less' 'ALTER DATABASE two DROP REGION "EU 1"'
    zone 'one region: database' 'DATABASE two' 'r3 v3 {+region=us-west1: 1} [+region=us-west1] [[+region=us-west1]]'
    runs_all 'no region' 'ALTER DATABASE two DROP REGION "us-west1"'
    is "$version: no region: its zone configuration is the default one" "SELECT target FROM [SHOW ZONE CONFIGURATION FROM DATABASE two]" 'RANGE default'
    is "$version: no region" 'SELECT count(*) FROM [SHOW REGIONS FROM DATABASE two]' 0
}

four='{+region=EU 1: 1, +region=asia-1: 1, +region=us-east1: 1, +region=us-west1: 1}'

four_regions() {
    runs_all 'four regions, one after the other' 'CREATE DATABASE m PRIMARY REGION "us-east1"'
    for region in us-west1 'EU 1' asia-1; do runs_all "add $region" "ALTER DATABASE m ADD REGION \"$region\""; done
    db=m
    runs_all 'its tables' "$unlocked CREATE TABLE a (id INT PRIMARY KEY, n STRING, INDEX byname (n), UNIQUE (n, id)) LOCALITY REGIONAL BY ROW; CREATE TABLE g (id INT PRIMARY KEY) LOCALITY GLOBAL; CREATE TABLE h (id INT PRIMARY KEY) LOCALITY REGIONAL BY TABLE IN \"asia-1\"; CREATE TABLE p (id INT PRIMARY KEY)"
    zone 'four regions: database' 'DATABASE m' "r6 v3 $four [+region=us-east1] [[+region=us-east1]]"
    zone 'four regions: a table in the primary region' 'TABLE p' "r6 v3 $four [+region=us-east1] [[+region=us-east1]]"
    zone 'four regions: a global table' 'TABLE g' "global r6 v3 $four [+region=us-east1] [[+region=us-east1]]"
    zone 'four regions: a table at home elsewhere' 'TABLE h' "r6 v3 $four [+region=asia-1] [[+region=asia-1]]"
    for index in a_pkey byname a_n_id_key; do
        zone "four regions: a partition of $index" "PARTITION \"EU 1\" OF INDEX a@$index" "r6 v3 $four [+region=EU 1] [[+region=EU 1]]"
    done
    runs_all 'rows in each region' "INSERT INTO a (crdb_region, id, n) VALUES ('us-east1', 1, 'x'), ('us-west1', 2, 'y'), ('EU 1', 3, 'z'), ('asia-1', 4, 'w'); INSERT INTO a (id, n) VALUES (5, 'here')"
    is "$version: a row without a region is the gateway's" 'SELECT crdb_region FROM a WHERE id = 5' us-east1
    is "$version: each index has a partition a region" 'SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE a]' 12
    rests 'the rows of asia-1 have three voters there and a non-voter in each other region' asia-1 'array_length(replicas, 1) = 6 AND array_length(voting_replicas, 1) = 3 AND voting_replicas <@ ARRAY[10, 11, 12]'
}

# What changes of a table do to its partitions.
changes() {
    runs_all 'a table to be changed' "$unlocked CREATE TABLE c (id INT PRIMARY KEY, a INT NOT NULL, cloud STRING, home crdb_internal_region NOT NULL AS (CASE WHEN cloud = 'x' THEN 'asia-1' ELSE 'us-east1' END) STORED, INDEX (a)) LOCALITY REGIONAL BY ROW AS home"
    runs_all 'another primary key' 'ALTER TABLE c ALTER PRIMARY KEY USING COLUMNS (a)'
    for index in c_pkey c_id_key c_a_idx; do
        zone "another primary key: a partition of $index" "PARTITION \"asia-1\" OF INDEX c@$index" "r6 v3 $four [+region=asia-1] [[+region=asia-1]]"
    done
    is "$version: another primary key: each index has a partition a region" 'SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE c]' 12
    runs_all 'other names' 'ALTER TABLE c RENAME COLUMN cloud TO provider; ALTER TABLE c RENAME COLUMN home TO "Home"'
    runs_all 'a row' "INSERT INTO c (id, a, provider) VALUES (1, 1, 'x')"
    is "$version: other names: the row is where its column says" 'SELECT "Home" FROM c' asia-1
    is "$version: other names: the locality" "SELECT locality FROM [SHOW TABLES] WHERE table_name = 'c'" 'REGIONAL BY ROW AS "Home"'
    runs_all 'the time to live of a partition' 'ALTER PARTITION "asia-1" OF INDEX c@c_a_idx CONFIGURE ZONE USING gc.ttlseconds = 10'
    is "$version: it is shown" "SELECT split_part(create_statement, e';\\n', 2) FROM [SHOW CREATE TABLE c]" \
        "ALTER PARTITION \"asia-1\" OF INDEX m.public.c@c_a_idx CONFIGURE ZONE USING \"gc.ttlseconds\" = 10$end"
    runs_all 'the time to live of a partition of each index' 'ALTER PARTITION "asia-1" OF INDEX c@* CONFIGURE ZONE USING gc.ttlseconds = 20'
    is "$version: each index has it" "SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE c] WHERE partition_name = 'asia-1' AND zone_config LIKE '%gc.ttlseconds = 20%'" 3
    is "$version: a partition of several indexes" 'ALTER PARTITION "asia-1" OF TABLE c CONFIGURE ZONE USING gc.ttlseconds = 30' \
        'ERROR:  partition "asia-1" exists on multiple indexes of table "c"
HINT:  try ALTER PARTITION ... OF INDEX ...'
    runs_all 'the time to live of the partition of the only index' "$unlocked CREATE TABLE single (k INT PRIMARY KEY) LOCALITY REGIONAL BY ROW; ALTER PARTITION \"asia-1\" OF TABLE single CONFIGURE ZONE USING gc.ttlseconds = 30"
    is "$version: the only index has it" "SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE single] WHERE zone_config LIKE '%gc.ttlseconds = 30%'" 1
    runs_all 'its rows go home where they are changed' "$unlocked SET $rehoming = on; CREATE TABLE moving (k INT PRIMARY KEY, v INT) LOCALITY REGIONAL BY ROW; INSERT INTO moving (crdb_region, k) VALUES ('EU 1', 1); UPDATE moving SET v = 1"
    is "$version: a row changed here is home here" 'SELECT crdb_region FROM moving' us-east1
    runs_all 'rows changed by name of some columns stay' "UPDATE moving SET crdb_region = 'EU 1'; UPSERT INTO moving (k, v) VALUES (1, 2)"
    is "$version: UPSERT leaves what it does not name" 'SELECT crdb_region FROM moving' 'EU 1'
    runs_all 'tables go' 'DROP TABLE c, moving, single'
}

survival() {
    runs_all 'survive a region' 'ALTER DATABASE m SURVIVE REGION FAILURE'
    zone 'region survival: database' 'DATABASE m' "r5 v5 $four {+region=us-east1: 2} [[+region=us-east1]]"
    zone 'region survival: partition' 'PARTITION "us-west1" OF INDEX a@byname' "r5 v5 $four {+region=us-west1: 2} [[+region=us-west1]]"
    zone 'region survival: a global table' 'TABLE g' "global r5 v5 $four {+region=us-east1: 2} [[+region=us-east1]]"
    rests 'five voters, two of them at home' asia-1 'array_length(voting_replicas, 1) = 5 AND array_length(replicas, 1) = 5'
    runs_all 'survive a zone again' 'ALTER DATABASE m SURVIVE ZONE FAILURE'
    zone 'zone survival again' 'DATABASE m' "r6 v3 $four [+region=us-east1] [[+region=us-east1]]"
}

primary() {
    runs_all 'another primary' 'ALTER DATABASE m PRIMARY REGION "EU 1"'
    zone 'another primary: database' 'DATABASE m' "r6 v3 $four [+region=EU 1] [[+region=EU 1]]"
    zone 'another primary: a table at home elsewhere stays' 'TABLE h' "r6 v3 $four [+region=asia-1] [[+region=asia-1]]"
    zone 'another primary: a global table follows' 'TABLE g' "global r6 v3 $four [+region=EU 1] [[+region=EU 1]]"
}

restricted() {
    runs_all 'restricted' 'SET enable_multiregion_placement_policy = on; ALTER DATABASE m PLACEMENT RESTRICTED'
    zone 'restricted: database' 'DATABASE m' 'r3 v3 [] [+region=EU 1] [[+region=EU 1]]'
    zone 'restricted: partition' 'PARTITION "us-west1" OF INDEX a@byname' 'r3 v3 [] [+region=us-west1] [[+region=us-west1]]'
    zone 'restricted: a table at home elsewhere' 'TABLE h' 'r3 v3 [] [+region=asia-1] [[+region=asia-1]]'
    zone 'restricted: a global table is not' 'TABLE g' "global r6 v3 $four [+region=EU 1] [[+region=EU 1]]"
    rests 'the rows of asia-1 are in asia-1 alone' asia-1 'array_length(replicas, 1) = 3 AND replicas <@ ARRAY[10, 11, 12]'
    runs_all 'a region dropped under RESTRICTED' "$unlocked UPDATE a SET crdb_region = 'asia-1' WHERE crdb_region = 'us-west1'; ALTER DATABASE m DROP REGION \"us-west1\""
    is "$version: no partition is left of it" 'SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE a]' 9
    zone 'a region dropped: a global table has a replica less' 'TABLE g' 'global r5 v3 {+region=EU 1: 1, +region=asia-1: 1, +region=us-east1: 1} [+region=EU 1] [[+region=EU 1]]'
    runs_all 'default again' 'SET enable_multiregion_placement_policy = on; ALTER DATABASE m PLACEMENT DEFAULT'
    zone 'default again: database' 'DATABASE m' 'r5 v3 {+region=EU 1: 1, +region=asia-1: 1, +region=us-east1: 1} [+region=EU 1] [[+region=EU 1]]'
}

localities() {
    runs_all 'by row no longer' 'ALTER TABLE a SET LOCALITY REGIONAL BY TABLE IN PRIMARY REGION'
    zone 'by row no longer' 'TABLE a' 'r5 v3 {+region=EU 1: 1, +region=asia-1: 1, +region=us-east1: 1} [+region=EU 1] [[+region=EU 1]]'
    is "$version: no partitions" 'SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE a]' 0
    is "$version: the rows are all there" 'SELECT count(*) FROM a' 5
    runs_all 'global' 'ALTER TABLE a SET LOCALITY GLOBAL'
    zone 'global' 'TABLE a' 'global r5 v3 {+region=EU 1: 1, +region=asia-1: 1, +region=us-east1: 1} [+region=EU 1] [[+region=EU 1]]'
    runs_all 'by row again' 'ALTER TABLE a SET LOCALITY REGIONAL BY ROW'
    is "$version: by row again: the rows kept their regions" "SELECT string_agg(crdb_region::STRING, ',' ORDER BY id) FROM a" 'us-east1,asia-1,EU 1,asia-1,us-east1'
    zone 'by row again' 'PARTITION "asia-1" OF INDEX a@byname' 'r5 v3 {+region=EU 1: 1, +region=asia-1: 1, +region=us-east1: 1} [+region=asia-1] [[+region=asia-1]]'
    runs_all 'an index less' 'DROP INDEX a@byname'
    is "$version: an index less" 'SELECT count(*) FROM [SHOW PARTITIONS FROM TABLE a]' 6
    is "$version: a hidden column of regions is not named" "SELECT locality FROM [SHOW TABLES] WHERE table_name = 'a'" 'REGIONAL BY ROW'
    runs_all 'global once more' 'ALTER TABLE a SET LOCALITY GLOBAL'
    runs_all 'by row as the column' 'ALTER TABLE a SET LOCALITY REGIONAL BY ROW AS crdb_region'
    is "$version: by row as the column" "SELECT locality FROM [SHOW TABLES] WHERE table_name = 'a'" 'REGIONAL BY ROW AS crdb_region'
    runs_all 'created by row as the column' 'CREATE TABLE named (k INT PRIMARY KEY, crdb_region crdb_internal_region NOT NULL) LOCALITY REGIONAL BY ROW AS crdb_region'
    is "$version: created by row as the column" "SELECT locality FROM crdb_internal.tables WHERE name = 'named'" 'REGIONAL BY ROW AS crdb_region'
    is "$version: created by row as the column, told" "SELECT create_statement LIKE '%LOCALITY REGIONAL BY ROW AS crdb_region%' FROM [SHOW CREATE TABLE named]" t
    runs_all 'dropped' 'DROP DATABASE m CASCADE'
}

super() {
    runs_all 'a database with a super region' 'SET enable_super_regions = on; CREATE DATABASE s PRIMARY REGION "us-east1" REGIONS "us-west1", "EU 1", "asia-1"; ALTER DATABASE s ADD SUPER REGION us VALUES "us-east1", "us-west1"'
    runs_all 'a database created with a super region' 'SET enable_super_regions = on; CREATE DATABASE s2 PRIMARY REGION "us-east1" REGIONS "us-west1", "EU 1" SUPER REGION us VALUES "us-west1", "us-east1"'
    is "$version: the regions of a super region by name" 'SELECT regions FROM [SHOW SUPER REGIONS FROM DATABASE s2]' '{us-east1,us-west1}'
    runs_all 'a super region changed' 'SET enable_super_regions = on; ALTER DATABASE s2 ALTER SUPER REGION us VALUES "us-west1", "us-east1", "EU 1"'
    is "$version: the regions of a changed super region by name" 'SELECT regions FROM [SHOW SUPER REGIONS FROM DATABASE s2]' '{"EU 1",us-east1,us-west1}'
    db=s
    runs_all 'its tables' "$unlocked CREATE TABLE a (id INT PRIMARY KEY) LOCALITY REGIONAL BY ROW; CREATE TABLE w (id INT PRIMARY KEY) LOCALITY REGIONAL BY TABLE IN \"us-west1\""
    zone 'super region: database' 'DATABASE s' "r6 v3 $four [+region=us-east1] [[+region=us-east1]]"
    zone 'super region: a partition within' 'PARTITION "us-west1" OF INDEX a@a_pkey' 'r4 v3 {+region=us-east1: 1, +region=us-west1: 1} [+region=us-west1] [[+region=us-west1]]'
    zone 'super region: a partition outside' 'PARTITION "EU 1" OF INDEX a@a_pkey' "r6 v3 $four [+region=EU 1] [[+region=EU 1]]"
    zone 'super region: a table within' 'TABLE w' 'r4 v3 {+region=us-east1: 1, +region=us-west1: 1} [+region=us-west1] [[+region=us-west1]]'
    runs_all 'a restricted database with a super region of four' 'SET enable_super_regions = on; SET enable_multiregion_placement_policy = on; CREATE DATABASE four PRIMARY REGION "us-east1" REGIONS "us-west1", "EU 1", "asia-1" PLACEMENT RESTRICTED; ALTER DATABASE four ADD SUPER REGION all4 VALUES "us-east1", "us-west1", "EU 1", "asia-1"'
    got=$(sql 'CREATE TABLE four.public.x (k INT PRIMARY KEY) LOCALITY REGIONAL BY ROW' | head -1)
    if test "$got" = 'ERROR:  could not validate zone config: the number of replicas specified in constraints (4) cannot be greater than the number of replicas configured for the zone (3)'; then
        ok "$version: a restricted table in a super region of four"
    else
        bad "$version: a restricted table in a super region of four" "$got"
    fi
    rests 'the rows of us-west1 stay within it' us-west1 'array_length(replicas, 1) = 4 AND replicas <@ ARRAY[1, 2, 3, 4, 5, 6]'
}

for version in 22.1 26.1; do
    cluster $version
    unlocked= end= rehoming=experimental_enable_auto_rehoming
    if test $version = 26.1; then unlocked='SET create_table_with_schema_locked = off;' end=';' rehoming=enable_auto_rehoming; fi
    two_regions
    four_regions
    changes
    survival
    primary
    restricted
    localities
    test $version = 22.1 || super
    stop
done
echo "1..$n"
