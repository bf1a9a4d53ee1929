# What a multi-region database refuses, with SQLSTATE, text, detail and hint, on both versions: beside the recorded
# cases those that public documentation and tests of CockroachDB tell.
. "$TOP_SRCDIR/tests/support/psql.sh"

primary_hint='you must first add a primary region to the database using ALTER DATABASE'
survival_hint='you must add additional regions to the database or change the survivability goal'

# The errors, and what belongs to them, of statements in one session (all but the last run without one).
errors() {
    psql -X -q -v VERBOSITY=verbose "$base/$db?sslmode=disable" <<END 2>&1 | sed -n '/^ERROR:/,$p' | sed -e '/^LOCATION:/d' -e '/^$/d'
$1;
END
}
# refuses NAME STATEMENTS LINES...: the last statement ends in these lines, without "ERROR:  ".
refuses() {
    name=$1 statements=$2
    shift 2
    expected=$(printf '%s\n' "$@")
    got=$(errors "$statements" | sed 's/^ERROR:  //')
    if test "$got" = "$expected"; then ok "$version: $name"; else bad "$version: $name" "$statements" "expected: $expected" "got: $got"; fi
}
# Setup that must succeed.
prepare() {
    got=$(errors "$1")
    test -z "$got" || bad "$version: prepare" "$1" "$got"
}

databases() {
    refuses 'a region that no node has' 'CREATE DATABASE x PRIMARY REGION mars' \
        '42602: region "mars" does not exist' 'HINT:  valid regions: eu-west-1, europe-west4, uksouth'
    refuses 'a region twice' 'CREATE DATABASE x PRIMARY REGION uksouth REGIONS "eu-west-1", "eu-west-1"' \
        '42602: region "eu-west-1" defined multiple times'
    refuses 'regions without a primary' 'CREATE DATABASE x REGIONS uksouth' \
        '42P12: PRIMARY REGION must be specified if REGIONS are specified'
    refuses 'survival without a primary' 'CREATE DATABASE x SURVIVE ZONE FAILURE' \
        '42P12: PRIMARY REGION must be specified when using SURVIVE'
    refuses 'placement without a primary' 'SET enable_multiregion_placement_policy = on; CREATE DATABASE x PLACEMENT DEFAULT' \
        '42P12: PRIMARY REGION must be specified when using PLACEMENT'
    refuses 'placement without the setting' 'CREATE DATABASE x PRIMARY REGION uksouth PLACEMENT RESTRICTED' \
        "$flag: PLACEMENT requires that the session setting enable_multiregion_placement_policy is enabled" \
        'HINT:  to use PLACEMENT, enable the session setting with SET enable_multiregion_placement_policy = true or enable the cluster setting sql.defaults.multiregion_placement_policy.enabled'
    refuses 'restricted and surviving a region' 'SET enable_multiregion_placement_policy = on; CREATE DATABASE x PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4" SURVIVE REGION FAILURE PLACEMENT RESTRICTED' \
        '42P12: PLACEMENT RESTRICTED can only be used with SURVIVE ZONE FAILURE'
    refuses 'surviving a region with two' 'CREATE DATABASE x PRIMARY REGION uksouth REGIONS "eu-west-1" SURVIVE REGION FAILURE' \
        '22023: at least 3 regions are required for surviving a region failure' "HINT:  $survival_hint"
    refuses 'a region for a database without' 'ALTER DATABASE plain ADD REGION uksouth' \
        '42P12: cannot add region uksouth to database plain' \
        'HINT:  you must add a PRIMARY REGION first using ALTER DATABASE plain PRIMARY REGION uksouth'
    refuses 'dropping a region of a database without' 'ALTER DATABASE plain DROP REGION uksouth' \
        '42P12: database has no regions to drop'
    refuses 'survival of a database without' 'ALTER DATABASE plain SURVIVE ZONE FAILURE' \
        '42602: database must have associated regions before a survival goal can be set' \
        "HINT:  $primary_hint plain PRIMARY REGION <region_name>"
    refuses 'placement of a database without' 'SET enable_multiregion_placement_policy = on; ALTER DATABASE plain PLACEMENT RESTRICTED' \
        '42602: database must have associated regions before a placement policy can be set' \
        "HINT:  $primary_hint plain PRIMARY REGION <region_name>"
    refuses 'placement without the setting, also DEFAULT' 'ALTER DATABASE m PLACEMENT DEFAULT' \
        "$flag: ALTER DATABASE PLACEMENT requires that the session setting enable_multiregion_placement_policy is enabled" \
        'HINT:  to enable, enable the session setting or the cluster setting sql.defaults.multiregion_placement_policy.enabled'
    refuses 'a primary that is no region of it' 'ALTER DATABASE m PRIMARY REGION "europe-west4"' \
        '42602: region "europe-west4" has not been added to the database' \
        'HINT:  you must add the region to the database before setting it as primary region, using ALTER DATABASE m ADD REGION "europe-west4"'
    refuses 'a region that it has' 'ALTER DATABASE m ADD REGION "eu-west-1"' '42710: region "eu-west-1" already added to database'
    refuses 'dropping one that it has not' 'ALTER DATABASE m DROP REGION "europe-west4"' \
        '42704: region "europe-west4" has not been added to the database'
    refuses 'dropping the primary' 'ALTER DATABASE m DROP REGION uksouth' '42P12: cannot drop region "uksouth"' \
        'HINT:  You must designate another region as the primary region using ALTER DATABASE m PRIMARY REGION <region name> or remove all other regions before attempting to drop region "uksouth"'
    refuses 'dropping one with rows' 'ALTER DATABASE m DROP REGION "eu-west-1"' \
        "2BP01: could not remove enum value \"eu-west-1\" as it is being used by \"t\" in row: k=2, v='two', crdb_region='eu-west-1'"
    refuses 'dropping one that is a home' "UPDATE t SET crdb_region = 'uksouth' WHERE k = 2; ALTER DATABASE m DROP REGION \"eu-west-1\"" \
        'XXUUU: could not remove enum value "eu-west-1" as it is the home region for table "home"'
    refuses 'a changed type of regions' "ALTER TYPE crdb_internal_region ADD VALUE 'x'" \
        '42809: "m.public.crdb_internal_region" is a multi-region enum and can'"'"'t be modified using the alter type command' \
        'HINT:  try adding/removing the region using ALTER DATABASE'
    refuses 'a dropped type of regions' 'DROP TYPE crdb_internal_region' \
        '2BP01: "m.public.crdb_internal_region" is a multi-region enum and cannot be modified directly' \
        'HINT:  try ALTER DATABASE DROP REGION m.public.crdb_internal_region'
}

tables() {
    refuses 'a locality without regions' 'CREATE TABLE plain.public.x (k INT PRIMARY KEY) LOCALITY GLOBAL' \
        '42P16: cannot set LOCALITY on a table in a database that is not multi-region enabled' \
        'HINT:  database must first be multi-region enabled using ALTER DATABASE ... SET PRIMARY REGION <region>'
    refuses 'a changed locality without regions' 'ALTER TABLE plain.public.p SET LOCALITY GLOBAL' \
        "42P16: cannot alter a table's LOCALITY if its database is not multi-region enabled" \
        'HINT:  database must first be multi-region enabled using ALTER DATABASE ... SET PRIMARY REGION <region>'
    refuses 'a row locality by a column that is none' 'CREATE TABLE x (k INT PRIMARY KEY) LOCALITY REGIONAL BY ROW AS c' \
        '42703: column "c" in REGIONAL BY ROW AS does not exist'
    refuses 'a row locality by a text' 'CREATE TABLE x (k INT PRIMARY KEY, c STRING NOT NULL) LOCALITY REGIONAL BY ROW AS c' \
        '42P16: cannot use column c which has type STRING in REGIONAL BY ROW' \
        'DETAIL:  REGIONAL BY ROW AS must reference a column of type crdb_internal_region'
    refuses 'a row locality by a column of another type' 'CREATE TABLE x (k INT PRIMARY KEY, crdb_region INT) LOCALITY REGIONAL BY ROW' \
        '42P16: cannot use column crdb_region which has type INT8 in REGIONAL BY ROW' \
        'DETAIL:  Column crdb_internal_region must be of type crdb_internal_region'
    refuses 'partitions by hand' 'CREATE TABLE x (k INT PRIMARY KEY) PARTITION BY LIST (k) (PARTITION one VALUES IN (1))' \
        '0A000: multi-region tables containing PARTITION BY are not supported'
    refuses 'an index with partitions by hand' 'CREATE TABLE x (k INT PRIMARY KEY, INDEX (k) PARTITION BY LIST (k) (PARTITION one VALUES IN (1)))' \
        '0A000: multi-region tables with an INDEX containing PARTITION BY are not supported'
    refuses 'a constraint with partitions by hand' 'CREATE TABLE x (k INT PRIMARY KEY, UNIQUE (k) PARTITION BY LIST (k) (PARTITION one VALUES IN (1)))' \
        '0A000: multi-region tables with an UNIQUE constraint containing PARTITION BY are not supported'
    refuses 'a new index with partitions by hand' 'CREATE INDEX y ON t (v) PARTITION BY LIST (v) (PARTITION one VALUES IN (1))' \
        '0A000: cannot define PARTITION BY on a new INDEX in a multi-region database'
    refuses 'a table partitioned later' 'ALTER TABLE t PARTITION BY LIST (k) (PARTITION one VALUES IN (1))' \
        '0A000: cannot set PARTITION BY on a table in a multi-region enabled database'
    refuses 'an index partitioned later' 'ALTER INDEX t@t_pkey PARTITION BY LIST (k) (PARTITION one VALUES IN (1))' \
        '0A000: cannot change the partitioning of an index if the table is part of a multi-region database'
    alone='SET autocommit_before_ddl = off;'
    test $version = 26.1 || alone=
    refuses 'a locality among other changes of a transaction' "$alone BEGIN; ALTER TABLE t2 ADD COLUMN x INT; ALTER TABLE t2 SET LOCALITY REGIONAL BY ROW" \
        '0A000: unimplemented: cannot perform a locality change on t2 with other schema changes on t2 in the same transaction' \
        'HINT:  You have attempted to use a feature that is not yet implemented.' "See: https://go.crdb.dev/issue-v/45510/$docs"
    refuses 'a primary key among other changes of a transaction' "$alone BEGIN; CREATE INDEX ON t2 (n); ALTER TABLE t2 ALTER PRIMARY KEY USING COLUMNS (n)" \
        '0A000: unimplemented: cannot perform a primary key change on t2 with other schema changes on t2 in the same transaction' \
        'HINT:  You have attempted to use a feature that is not yet implemented.' "See: https://go.crdb.dev/issue-v/45510/$docs"
    prepare "$alone BEGIN; CREATE TABLE fresh (k INT PRIMARY KEY); ALTER TABLE fresh ADD COLUMN x INT; COMMIT"
    refuses 'a key that is NULL' "SELECT crdb_internal.encode_key('t2'::REGCLASS::INT, 1, (NULL,))" "23502: ${fn}NULL provided as a value for a nonnullable column"
    refuses 'a row whose region is NULL' 'SHOW RANGE FROM TABLE t FOR ROW (NULL, 1)' "23502: ${fn}NULL provided as a value for a nonnullable column"
    refuses 'a row whose key is no number' "SHOW RANGE FROM TABLE t FOR ROW ('uksouth', 'x')" \
        "22P02: ${fn}could not parse \"x\" as type int: strconv.ParseInt: parsing \"x\": invalid syntax"
    refuses 'a nullable primary key' 'ALTER TABLE t ALTER PRIMARY KEY USING COLUMNS (v)' '42P15: cannot use nullable column "v" in primary key'
    refuses 'a nullable column of the primary key' 'ALTER TABLE t ALTER COLUMN k DROP NOT NULL' '42P16: column "k" is in a primary index'
    refuses 'a nullable column of regions' 'ALTER TABLE t ALTER COLUMN crdb_region DROP NOT NULL' \
        '42P16: column "crdb_region" is in a primary index'
    refuses 'a row in a region that it has not' "INSERT INTO t (crdb_region, k) VALUES ('europe-west4', 9)" \
        '22P02: invalid input value for enum crdb_internal_region: "europe-west4"'
}

zones() {
    invalid='23514: could not validate zone config:'
    least=67108864
    test $version = 26.1 || least=65536
    zone='ALTER TABLE plain.public.p CONFIGURE ZONE USING'
    refuses 'ranges of no size' "$zone range_min_bytes = 0, range_max_bytes = 1" "$invalid RangeMaxBytes 1 less than minimum allowed $least"
    refuses 'ranges of a negative size' "$zone range_max_bytes = -1" "$invalid RangeMaxBytes -1 less than minimum allowed $least"
    refuses 'ranges that are at least of a negative size' "$zone range_min_bytes = -2" "$invalid RangeMinBytes -2 less than minimum allowed 0"
    refuses 'ranges that are larger than they may be' "$zone range_min_bytes = 67108864, range_max_bytes = 67108864" \
        "$invalid RangeMinBytes 67108864 is greater than or equal to RangeMaxBytes 67108864"
    refuses 'garbage that is collected at once' "$zone gc.ttlseconds = 0" "$invalid GC.TTLSeconds 0 less than minimum allowed 1"
    refuses 'garbage that is collected before' "$zone gc.ttlseconds = -5" "$invalid GC.TTLSeconds -5 less than minimum allowed 1"
    refuses 'no replicas' "$zone num_replicas = 0" "$invalid at least one replica is required"
    refuses 'fewer replicas than none' "$zone num_replicas = -1" "$invalid at least one replica is required"
    refuses 'no voters' "$zone num_voters = 0" "$invalid at least one voting replica is required"
    refuses 'two voters' "$zone num_voters = 2" "$invalid at least 3 voting replicas are required for multi-replica configurations"
    prepare "$zone range_min_bytes = 0, range_max_bytes = 67108864, gc.ttlseconds = 1"
}

safe_updates() {
    on='SET sql_safe_updates = on;'
    rejected='01000: rejected (sql_safe_updates = true):'
    clause='WHERE or LIMIT clause'
    test $version = 26.1 || clause='WHERE clause'
    prepare 'CREATE DATABASE filled; CREATE TABLE filled.public.t (k INT PRIMARY KEY, n INT); INSERT INTO filled.public.t VALUES (1, 1)'
    refuses 'a deletion of everything' "$on DELETE FROM filled.public.t" "$rejected DELETE without $clause"
    refuses 'a change of everything' "$on UPDATE filled.public.t SET n = 2" "$rejected UPDATE without $clause"
    refuses 'a deletion of everything in a WITH' "$on WITH x AS (DELETE FROM filled.public.t RETURNING k) SELECT * FROM x" "$rejected DELETE without $clause"
    case $version in
    22.1) refuses 'LIMIT instead of WHERE' "$on DELETE FROM filled.public.t LIMIT 0" "$rejected DELETE without $clause";;
    *) prepare "$on DELETE FROM filled.public.t LIMIT 0";;
    esac
    prepare "$on UPDATE filled.public.t SET n = 2 WHERE k = 1"
    refuses 'dropping the current database' "$on DROP DATABASE m CASCADE" "$rejected DROP DATABASE on current database"
    refuses 'dropping a database with tables' "$on DROP DATABASE filled" "$rejected DROP DATABASE on non-empty database without explicit CASCADE"
    prepare "$on DROP DATABASE filled CASCADE"
    test $version = 22.1 || refuses 'a region column on the way' "$on ALTER TABLE t2 SET LOCALITY REGIONAL BY ROW" \
        '42P16: cannot convert table to REGIONAL BY ROW with sql_safe_updates enabled'
}

# What ann, who was granted nothing, may not do.
rights() {
    prepare 'CREATE USER ann'
    as=$(echo "$base" | sed 's,//[^@]*@,//ann@,')
    root=$base base=$as
    readers='ZONECONFIG privilege'
    test $version = 22.1 || readers='VIEWACTIVITY or VIEWACTIVITYREDACTED or ZONECONFIG privilege'
    refuses 'the ranges of a database' 'SHOW RANGES FROM DATABASE m' \
        "42501: only users with the $readers or the admin role can read crdb_internal.ranges_no_leases"
    refuses 'the partitions of a table' 'SHOW PARTITIONS FROM TABLE t' '42501: user ann has no privileges on relation t'
    refuses 'the partitions of an index' 'SHOW PARTITIONS FROM INDEX t@t_pkey' '42501: user ann has no privileges on relation t'
    either='ZONECONFIG or CREATE'
    test $version = 22.1 || either='CREATE or ZONECONFIG'
    refuses 'the zone of a table' 'ALTER TABLE t CONFIGURE ZONE USING gc.ttlseconds = 600' "42501: user ann does not have $either privilege on relation t"
    refuses 'the zone of a database' 'ALTER DATABASE m CONFIGURE ZONE USING gc.ttlseconds = 600' "42501: user ann does not have $either privilege on database m"
    base=$root
    prepare 'GRANT ZONECONFIG ON TABLE home TO ann; GRANT ZONECONFIG ON DATABASE m TO ann'
    base=$as
    runs "$version: the zone of a table, with the right to it" 'ALTER TABLE home CONFIGURE ZONE USING gc.ttlseconds = 600'
    runs "$version: the zone of a database, with the right to it" 'ALTER DATABASE m CONFIGURE ZONE USING gc.ttlseconds = 600'
    base=$root
    refuses 'a grant on the tables of a schema that is none' 'GRANT SELECT ON ALL TABLES IN SCHEMA nowhere TO ann' '3F000: unknown schema "nowhere"'
    prepare 'CREATE DATABASE many'
    db=many
    prepare 'CREATE SCHEMA other; CREATE TABLE other.x (k INT PRIMARY KEY)'
    i=0
    while test $((i += 1)) -le 33; do prepare "CREATE TABLE x$i (k INT PRIMARY KEY)"; done
    runs "$version: a grant on all tables of a schema" 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO ann'
    is "$version: it is one on each" "SELECT count(*), sum((table_schema = 'public')::INT) FROM information_schema.table_privileges WHERE grantee = 'ann'" '33 33'
    runs "$version: it is taken back" 'REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM ann'
    is "$version: from each" "SELECT count(*) FROM information_schema.table_privileges WHERE grantee = 'ann'" 0
    db=m
}

cluster_settings() {
    prepare "SET CLUSTER SETTING sql.defaults.primary_region = 'mars'"
    refuses 'a region by default that no node has' 'CREATE DATABASE x' \
        '42602: region "mars" does not exist' 'HINT:  valid regions: eu-west-1, europe-west4, uksouth'
    prepare "SET CLUSTER SETTING sql.defaults.primary_region = 'uksouth'"
    told='setting uksouth as the PRIMARY REGION as no PRIMARY REGION was specified'
    test $version = 22.1 || told="defaulting to 'WITH PRIMARY REGION \"uksouth\"' as no primary region was specified"
    got=$(sql 'CREATE DATABASE defaulted' | grep REGION)
    if test "$got" = "NOTICE:  $told"; then ok "$version: a region by default is told"; else bad "$version: a region by default is told" "$got"; fi
    prepare 'CREATE DATABASE chosen PRIMARY REGION "eu-west-1"; RESET CLUSTER SETTING sql.defaults.primary_region; CREATE DATABASE without'
    is "$version: a region by default" "SELECT string_agg(primary_region, ',' ORDER BY database_name) FROM [SHOW DATABASES] WHERE database_name IN ('chosen', 'defaulted', 'without')" 'eu-west-1,uksouth'
    prepare 'SET CLUSTER SETTING sql.multiregion.drop_primary_region.enabled = false'
    refuses 'the last region, kept by a cluster setting' 'ALTER DATABASE defaulted DROP REGION uksouth' \
        '42P12: databases in this cluster must have at least 1 region'
    prepare 'RESET CLUSTER SETTING sql.multiregion.drop_primary_region.enabled'
    runs "$version: the last region may be dropped again" 'ALTER DATABASE defaulted DROP REGION uksouth'
}

super_regions() {
    prepare 'SET enable_super_regions = on; CREATE DATABASE s PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"; ALTER DATABASE s ADD SUPER REGION a VALUES "eu-west-1", "europe-west4"'
    on='SET enable_super_regions = on;'
    refuses 'a database with a super region without the setting' 'CREATE DATABASE x PRIMARY REGION uksouth SUPER REGION n VALUES uksouth' \
        'XCEXF: super regions are only supported experimentally' \
        "HINT:  You can enable super regions by running \`SET enable_super_regions = 'on'\`."
    refuses 'a database with a super region of what it has not' "$on CREATE DATABASE x PRIMARY REGION uksouth SUPER REGION n VALUES \"eu-west-1\"" \
        'XXUUU: region eu-west-1 not part of database'
    refuses 'a super region without the setting' 'ALTER DATABASE m ADD SUPER REGION n VALUES uksouth' \
        'XCEXF: super regions are only supported experimentally' \
        "HINT:  You can enable super regions by running \`SET enable_super_regions = 'on'\`."
    refuses 'a super region of a region that it has not' "$on ALTER DATABASE m ADD SUPER REGION n VALUES \"europe-west4\"" \
        'XXUUU: region europe-west4 not part of database'
    refuses 'dropping a region of a super region that restricts' "$on SET enable_multiregion_placement_policy = on; SET create_table_with_schema_locked = off; CREATE DATABASE r PRIMARY REGION uksouth REGIONS \"eu-west-1\", \"europe-west4\" PLACEMENT RESTRICTED; ALTER DATABASE r ADD SUPER REGION n VALUES uksouth, \"eu-west-1\", \"europe-west4\"; SELECT 1; ALTER DATABASE r DROP REGION \"eu-west-1\"" \
        '2BP01: region eu-west-1 is part of super region n' 'HINT:  you must first drop super region n before you can drop the region eu-west-1'
    refuses 'a super region of the same name' "$on ALTER DATABASE s ADD SUPER REGION a VALUES uksouth" 'XXUUU: super region a already exists'
    refuses 'overlapping super regions' "$on ALTER DATABASE s ADD SUPER REGION b VALUES \"eu-west-1\"" \
        'XXUUU: region eu-west-1 is already part of super region a'
    refuses 'a super region that is none' "$on ALTER DATABASE s DROP SUPER REGION z" 'XXUUU: super region z not found'
    refuses 'dropping a region of a super region' 'ALTER DATABASE s DROP REGION "eu-west-1"' \
        '2BP01: region eu-west-1 is part of super region a' \
        'HINT:  you must first drop super region a before you can drop the region eu-west-1'
    refuses 'surviving a region with a super region of two' 'ALTER DATABASE s SURVIVE REGION FAILURE' \
        '22023: super region a only has 2 region(s): at least 3 regions are required for surviving a region failure' "HINT:  $survival_hint"
    refuses 'a secondary that is the primary' 'ALTER DATABASE m SET SECONDARY REGION uksouth' \
        '42P12: the secondary region cannot be the same as the current primary region'
    refuses 'a secondary that it has not' 'ALTER DATABASE m SET SECONDARY REGION "europe-west4"' \
        '42P12: region "europe-west4" has not been added to the database' \
        'HINT:  you must add the region to the database before setting it as secondary region, using ALTER DATABASE m ADD REGION "europe-west4"'
    refuses 'no secondary to drop' 'ALTER DATABASE m DROP SECONDARY REGION' "42P02: database m doesn't have a secondary region defined"
    refuses 'dropping the secondary' 'ALTER DATABASE m SET SECONDARY REGION "eu-west-1"; ALTER DATABASE m DROP REGION "eu-west-1"' \
        '42P12: cannot drop region "eu-west-1"' \
        'HINT:  You must designate another region as the secondary region using ALTER DATABASE m SECONDARY REGION <region name> or remove the secondary region using ALTER DATABASE m DROP SECONDARY REGION in order to drop region "eu-west-1"'
    refuses 'the secondary as primary' 'ALTER DATABASE m PRIMARY REGION "eu-west-1"' \
        '42P12: region "eu-west-1" is currently the secondary region' \
        'HINT:  you must drop the secondary region using ALTER DATABASE m DROP SECONDARY REGION'
}

for version in 22.1 26.1; do
    start --compat $version
    flag=0A000
    unlocked=
    if test $version = 26.1; then flag=XCEXF unlocked='SET create_table_with_schema_locked = off;'; fi
    prepare 'CREATE DATABASE plain; CREATE TABLE plain.public.p (k INT PRIMARY KEY)'
    test $version = 22.1 || prepare 'ALTER TABLE plain.public.p SET (schema_locked = false)'
    prepare 'CREATE DATABASE m PRIMARY REGION uksouth REGIONS "eu-west-1"'
    db=m
    docs=v22.1 fn='crdb_internal.encode_key(): '
    test $version = 22.1 || docs=dev fn=
    prepare "$unlocked CREATE TABLE t2 (k INT PRIMARY KEY, n INT NOT NULL)"
    prepare "$unlocked CREATE TABLE t (k INT PRIMARY KEY, v STRING) LOCALITY REGIONAL BY ROW; CREATE TABLE home (k INT PRIMARY KEY) LOCALITY REGIONAL BY TABLE IN \"eu-west-1\"; INSERT INTO t (crdb_region, k, v) VALUES ('uksouth', 1, 'one'), ('eu-west-1', 2, 'two')"
    databases
    tables
    zones
    safe_updates
    rights
    cluster_settings
    test $version = 22.1 || super_regions
    stop
done
echo "1..$n"
