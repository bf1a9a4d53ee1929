# --data keeps between runs what a cluster holds: databases, rows, regions and goals, users, cluster settings, nodes.
. "$TOP_SRCDIR/tests/support/psql.sh"

# What must be the same after the next start.
picture() {
    for query in 'SHOW DATABASES' 'SHOW REGIONS FROM CLUSTER' 'SHOW REGIONS FROM DATABASE kept' 'SHOW CREATE DATABASE kept' \
        'SHOW CREATE TABLE kept.public.t' 'SELECT crdb_region, * FROM kept.public.t ORDER BY id' 'SELECT * FROM kept.public.g' \
        'SHOW PARTITIONS FROM TABLE kept.public.t' 'SHOW ZONE CONFIGURATION FROM DATABASE kept' 'SHOW ENUMS FROM kept.public' \
        'SHOW CLUSTER SETTING kv.replication_reports.interval' 'SHOW CLUSTER SETTING sql.defaults.statement_timeout' \
        'SELECT username, options FROM [SHOW USERS] ORDER BY 1' 'SHOW GRANTS ON TABLE kept.public.t' \
        "SELECT table_id, name FROM crdb_internal.tables WHERE database_name = 'kept' ORDER BY 1" \
        'SELECT node_id, locality FROM crdb_internal.gossip_nodes ORDER BY 1' \
        "SELECT start_pretty, end_pretty, array_length(replicas, 1) FROM crdb_internal.ranges_no_leases WHERE start_pretty LIKE '/Table/1__%' ORDER BY 1"; do
        echo "> $query"
        sql "$query"
    done
}

for version in 22.1 26.1; do
    data=$tmp/data-$version
    start --compat $version --data "$data" --locality region=a,zone=1 --locality region=a,zone=2 --locality region=a,zone=3 \
        --locality region=b,zone=1 --locality region=b,zone=2 --locality region=b,zone=3
    runs "$version: regions" 'CREATE DATABASE kept PRIMARY REGION b REGIONS a'
    db=kept
    runs "$version: a table by row" 'CREATE TABLE t (id INT PRIMARY KEY, name STRING UNIQUE, at TIMESTAMPTZ, price DECIMAL(10,2), INDEX (price)) LOCALITY REGIONAL BY ROW'
    runs "$version: a global one" "CREATE TABLE g (id UUID PRIMARY KEY, ok BOOL, raw BYTES) LOCALITY GLOBAL"
    runs "$version: rows" "INSERT INTO t (crdb_region, id, name, at, price) VALUES ('a', 1, 'Zoë', '2026-01-02 03:04:05+00', 1.50), ('b', 2, NULL, NULL, NULL)"
    runs "$version: more rows" "INSERT INTO g VALUES ('5e6c1d9e-0000-4000-8000-000000000001', true, '\\x00ff')"
    runs "$version: a policy" 'SET enable_multiregion_placement_policy = on; ALTER DATABASE kept PLACEMENT RESTRICTED'
    runs "$version: settings" "SET CLUSTER SETTING kv.replication_reports.interval = '7s'"
    runs "$version: more settings" "SET CLUSTER SETTING sql.defaults.statement_timeout = '90s'"
    runs "$version: a user" 'CREATE USER reader'
    runs "$version: a right" 'GRANT SELECT ON TABLE t TO reader'
    runs "$version: two minutes pass" 'SELECT sandbox.advance(120)'
    becomes "$version: the ranges are at rest" "SELECT count(*) FROM crdb_internal.ranges_no_leases WHERE start_pretty LIKE '/Table/1__/%/\"%' AND start_pretty NOT LIKE '%PrefixEnd' AND array_length(replicas, 1) <> 3" 0
    before=$(picture)
    stop
    start --compat $version --data "$data"
    after=$(picture)
    if test "$before" = "$after"; then
        ok "$version: all is as it was"
    else
        printf '%s\n' "$before" >"$tmp/before"
        printf '%s\n' "$after" >"$tmp/after"
        bad "$version: all is as it was" "$(diff "$tmp/before" "$tmp/after")"
    fi
    db=kept
    runs "$version: it goes on from there" "INSERT INTO t (id, name) VALUES (3, 'new')"
    is "$version: a key that was there is still refused" "INSERT INTO t (id, name) VALUES (4, 'Zoë')" "ERROR:  duplicate key value violates unique constraint \"t_name_key\"
DETAIL:  Key (name)=('Zoë') already exists."
    stop
    "$DOMICILE" sandbox --listen 127.0.0.1:0 --data "$data" --compat $version --locality region=z >"$tmp/other" 2>&1
    code=$?
    if test $code = 64 && grep -q 'belong to a cluster of other nodes' "$tmp/other"; then
        ok "$version: other nodes are refused"
    else
        bad "$version: other nodes are refused" "exit $code" "$(cat "$tmp/other")"
    fi
done
echo "1..$n"
