# Clusters of any shape: too few nodes, nodes without a region, nodes that stay away; many ranges; configurations set by hand.
# What is expected was worked out by hand from the documented rules of the allocator.
. "$TOP_SRCDIR/tests/support/psql.sh"

# The errors of a statement with SQLSTATE, detail and hint, on lines of their own.
refuses() {
    got=$(psql -X -q -v VERBOSITY=verbose "$base/$db?sslmode=disable" -c "$2" 2>&1 | sed -e '/^LOCATION:/d' -e '/^NOTICE:/d' -e '/^If the/d' -e 's/^ERROR:  //')
    shift 2
    expected=$(printf '%s\n' "$@")
    if test "$got" = "$expected"; then ok "$version: refused: $1"; else bad "$version: $1" "expected: $expected" "got: $got"; fi
}
# The ranges of a table's rows: those that begin with a region's bytes.
rows_of() { echo "FROM crdb_internal.ranges_no_leases WHERE start_pretty = '/Table/' || '$1'::REGCLASS::INT8::STRING || '/1/\"$2\"'"; }
zone() { is "$version: $1" "SELECT replace(replace(raw_config_sql, e'\n\t', ' '), ',  ', ', ') FROM [SHOW ZONE CONFIGURATION FROM $2]" "$3"; }

too_few_nodes() {
    start --compat $version --locality region=a --locality region=b
    db=x
    runs "$version: two nodes: regions" 'CREATE DATABASE x PRIMARY REGION a REGIONS b'
    runs "$version: two nodes: a table" 'CREATE TABLE t (id INT PRIMARY KEY) LOCALITY REGIONAL BY ROW'
    runs "$version: two nodes: a row each" "INSERT INTO t (crdb_region, id) VALUES ('a', 1), ('b', 2)"
    becomes "$version: two nodes: no range has two voters" "SELECT count(*) FROM crdb_internal.ranges_no_leases WHERE array_length(voting_replicas, 1) <> 1" 0
    becomes "$version: two nodes: the rows of b are there alone" "SELECT replicas $(rows_of t '\x80')" '{2}'
    becomes "$version: two nodes: the report finds too few" 'SELECT bool_and(under_replicated_ranges = total_ranges) FROM system.replication_stats WHERE zone_id > 100' t
    stop
}

nodes_without_region() {
    start --compat $version --locality region=a,zone=1 --locality region=b --locality region=c --locality rack=7
    db=x
    runs "$version: a node without region: regions" 'CREATE DATABASE x PRIMARY REGION a REGIONS b, c'
    is "$version: a node without region: the cluster's regions" 'SELECT region FROM [SHOW REGIONS FROM CLUSTER] ORDER BY 1' 'a
b
c'
    runs "$version: a node without region: a table" 'CREATE TABLE t (id INT PRIMARY KEY) LOCALITY REGIONAL BY ROW'
    becomes "$version: a node without region: a replica in each region" "SELECT bool_and(replicas @> ARRAY[1, 2, 3]) FROM crdb_internal.ranges_no_leases WHERE start_pretty LIKE '/Table/' || 't'::REGCLASS::INT8::STRING || '/%'" t
    first=$base
    base=$(sed -n 's/^n4 \([^ ]*\)\/defaultdb.*/\1/p' "$tmp/out")
    is "$version: a gateway without region" "INSERT INTO t (id) VALUES (1)" 'ERROR:  no region set on the locality flag on this node'
    runs "$version: a region said through it" "INSERT INTO t (crdb_region, id) VALUES ('c', 1)"
    base=$first
    refuses 'a region that no node has' 'ALTER DATABASE x ADD REGION d' '42602: region "d" does not exist' 'HINT:  valid regions: a, b, c'
    refuses 'names as they would be written' 'CREATE DATABASE y PRIMARY REGION a; ALTER DATABASE y PRIMARY REGION b' \
        '42602: region b has not been added to the database' \
        'HINT:  you must add the region to the database before setting it as primary region, using ALTER DATABASE y ADD REGION b'
    refuses 'dropping the column of regions' 'ALTER TABLE t DROP COLUMN crdb_region' \
        '42P10: cannot drop column crdb_region as it is used to store the region in a REGIONAL BY ROW table' \
        'HINT:  You must change the table locality before dropping this column'
    stop
}

# Three nodes a region and one dead for more than five minutes: there is no other place for its replicas.
node_gone() {
    start --compat $version --locality region=a,zone=1 --locality region=a,zone=2 --locality region=a,zone=3 \
        --locality region=b,zone=1 --locality region=b,zone=2 --locality region=b,zone=3 --locality region=c --locality region=c
    db=x
    runs "$version: a node gone: regions" 'CREATE DATABASE x PRIMARY REGION a REGIONS b'
    runs "$version: a node gone: a table" 'CREATE TABLE t (id INT PRIMARY KEY) LOCALITY REGIONAL BY ROW'
    becomes "$version: a node gone: first all three of b vote" "SELECT count(*) $(rows_of t '\x80') AND voting_replicas <@ ARRAY[4, 5, 6] AND array_length(voting_replicas, 1) = 3" 1
    runs "$version: it goes" 'SELECT sandbox.kill_node(5)'
    runs "$version: ten minutes" 'SELECT sandbox.advance(600)'
    is "$version: a node gone: no voter has left the region" "SELECT voting_replicas <@ ARRAY[4, 5, 6] $(rows_of t '\x80')" t
    runs "$version: it comes back" 'SELECT sandbox.start_node(5)'
    becomes "$version: a node gone: all is as it was" "SELECT count(*) $(rows_of t '\x80') AND voting_replicas <@ ARRAY[4, 5, 6] AND array_length(voting_replicas, 1) = 3" 1
    stop
}

bytes_of_regions() {
    start --compat $version --locality region=d --locality region=b --locality region=a --locality region=c
    db=x
    runs "$version: four regions at once" 'CREATE DATABASE x PRIMARY REGION d REGIONS a, b, c'
    runs "$version: four regions: a table" 'CREATE TABLE t (id INT PRIMARY KEY) LOCALITY REGIONAL BY ROW'
    for bytes in ' ' @ '\x80' '\xc0'; do
        wanted=2 # a range begins there and one ends; 26.1 has none for the primary region, whose rows are in the gap's
        test "$version $bytes" != '26.1 \xc0' || wanted=0
        becomes "$version: four regions: a range at $bytes" "SELECT count(*) FROM crdb_internal.ranges_no_leases WHERE '/Table/' || 't'::REGCLASS::INT8::STRING || '/1/\"$bytes\"' IN (start_pretty, end_pretty)" $wanted
    done
    stop
}

by_hand() {
    start --compat $version
    runs "$version: by hand: a database" 'CREATE DATABASE p'
    db=p
    runs "$version: by hand: a table" 'CREATE TABLE t (a INT PRIMARY KEY, b INT, INDEX bi (b))'
    runs "$version: by hand" "ALTER TABLE t CONFIGURE ZONE USING num_replicas = 3, gc.ttlseconds = 600, constraints = '[+region=eu-west-1]'"
    zone 'by hand: shown' 'TABLE t' "ALTER TABLE t CONFIGURE ZONE USING range_min_bytes = 134217728, range_max_bytes = 536870912, gc.ttlseconds = 600, num_replicas = 3, constraints = '[+region=eu-west-1]', lease_preferences = '[]'"
    becomes "$version: by hand: the replicas are there" "SELECT replicas FROM crdb_internal.ranges_no_leases WHERE start_pretty = '/Table/' || 't'::REGCLASS::INT8::STRING" '{4,5,6}'
    runs "$version: by hand: an index" "ALTER INDEX t@bi CONFIGURE ZONE USING constraints = '[+region=europe-west4]'"
    becomes "$version: by hand: its replicas are there" "SELECT replicas FROM crdb_internal.ranges_no_leases WHERE start_pretty = '/Table/' || 't'::REGCLASS::INT8::STRING || '/2'" '{7,8,9}'
    runs "$version: by hand: discarded" 'ALTER TABLE t CONFIGURE ZONE DISCARD'
    is "$version: by hand: nothing is left" "SELECT target FROM [SHOW ZONE CONFIGURATION FROM TABLE t]" 'RANGE default'
    refuses 'a locality that no node has' "ALTER TABLE t CONFIGURE ZONE USING constraints = '[+region=mars]'" \
        '23514: constraint "+region=mars" matches no existing nodes within the cluster - did you enter it correctly?'
    runs "$version: by hand: with regions" 'CREATE DATABASE m PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"'
    refuses 'what the rules derive' 'ALTER DATABASE m CONFIGURE ZONE USING num_replicas = 7' \
        'XXUUU: attempting to modify protected field "num_replicas" of a multi-region zone configuration' \
        'HINT:  to override this error, SET override_multi_region_zone_config = true and reissue the command'
    runs "$version: by hand: what they do not derive" 'ALTER DATABASE m CONFIGURE ZONE USING gc.ttlseconds = 700'
    runs "$version: by hand: overridden" 'SET override_multi_region_zone_config = true; ALTER DATABASE m CONFIGURE ZONE USING num_replicas = 7'
    expected=
    test $version = 22.1 || expected=' (expected=5 actual=7)'
    refuses 'a change over what was set' 'ALTER DATABASE m SURVIVE REGION FAILURE' \
        "42P17: attempting to update zone configuration for database m which contains modified field \"num_replicas\"$expected" \
        'DETAIL:  the attempted operation will overwrite a user modified field' \
        'HINT:  to proceed with the overwrite, SET override_multi_region_zone_config = true, and reissue the statement'
    runs "$version: by hand: overwritten" 'SET override_multi_region_zone_config = true; ALTER DATABASE m SURVIVE REGION FAILURE'
    is "$version: by hand: the rules' number, and the time that was set" "SELECT raw_config_sql LIKE '%num_replicas = 5%' AND raw_config_sql LIKE '%gc.ttlseconds = 700%' FROM [SHOW ZONE CONFIGURATION FROM DATABASE m]" t
    stop
}

many_ranges() {
    start --compat $version --ranges 3000
    is "$version: many ranges" 'SELECT count(*) FROM [SHOW RANGES FROM TABLE pages]' 3000
    is "$version: many ranges: three replicas each" "SELECT count(*) FROM [SHOW RANGES FROM TABLE pages] WHERE array_length(replicas, 1) <> 3" 0
    is "$version: many ranges: on every node, and none has far more than the others" "SELECT count(*) = 9 AND max(n) < 2 * min(n) FROM (SELECT unnest(replicas) AS s, count(*) AS n FROM crdb_internal.ranges_no_leases WHERE start_pretty LIKE '/Table/1__/1/%' GROUP BY 1)" t
    is "$version: many ranges: leases on every node" "SELECT count(DISTINCT lease_holder) FROM crdb_internal.ranges WHERE start_pretty LIKE '/Table/1__/1/%'" 9
    stop
}

for version in 22.1 26.1; do
    too_few_nodes
    nodes_without_region
    node_gone
    bytes_of_regions
    by_hand
    many_ranges
done
echo "1..$n"
