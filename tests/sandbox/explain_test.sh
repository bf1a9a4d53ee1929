# EXPLAIN: the spans that a scan reads, as recorded and beyond, on both versions; what the sandbox cannot plan it says.
. "$TOP_SRCDIR/tests/support/psql.sh"

# What the recorded plans have and these have not: an optimizer's statistics, and the index that it would recommend.
recorded() {
    awk '/^--- -A/ {on = 1; next} /^--- / {on = 0} on' "$TRUTH/$1" | sed -e 1d -e '/^([0-9]* rows)$/d' |
        awk '/^index recommendations/ {exit} {print}' | sed -e '/estimated row count/d'
}
same_plan() {
    expected=$(recorded "$2"; echo .)
    got=$(sql "$(sed -n 2p "$TRUTH/$2")" | sed -e '/missing stats/d'; echo .)
    expected=$(printf '%s\n' "$expected" | sed -e '/^$/d')
    got=$(printf '%s\n' "$got" | sed -e '/^$/d')
    if test "$got" = "$expected"; then ok "$1"; else bad "$1" "expected:" "$expected" "got:" "$got"; fi
}
spans() { is "$1" "SELECT string_agg(trim(info, ' │'), ' | ') FROM [$2] WHERE info LIKE '%spans:%'" "$3"; }

for version in 22.1 26.1; do
    start --compat $version
    runs "$version: a database" 'CREATE DATABASE django PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"'
    db=django
    # The recorded application's table, its region computed from the cloud.
    runs "$version: customers" "CREATE TABLE cockroach_example_customers (id UUID NOT NULL PRIMARY KEY, name VARCHAR(250) NOT NULL, cloud VARCHAR(250) NULL, region crdb_internal_region NOT NULL AS (CASE WHEN cloud = 'azure' THEN 'uksouth' WHEN cloud = 'aws' THEN 'eu-west-1' WHEN cloud = 'gcp' THEN 'europe-west4' END) STORED) LOCALITY REGIONAL BY ROW AS region"
    for name in 2133-explain-cloud 2134-explain-region 2135-explain-id; do
        same_plan "$version: $name" $version/$name.txt
    done
    c=cockroach_example_customers
    spans "$version: a region's partition as keys" "EXPLAIN (VERBOSE) SELECT * FROM $c WHERE region = 'uksouth'" 'spans: /"\xc0"-/"\xc0"/PrefixEnd'
    spans "$version: a region and an id" "EXPLAIN SELECT * FROM $c WHERE region = 'uksouth' AND id = 'c8d692d0-1474-4488-bc12-c03325bbcac5'" "spans: [/'uksouth'/'c8d692d0-1474-4488-bc12-c03325bbcac5' - /'uksouth'/'c8d692d0-1474-4488-bc12-c03325bbcac5']"
    spans "$version: two regions" "EXPLAIN (VERBOSE) SELECT * FROM $c WHERE region IN ('uksouth', 'eu-west-1')" 'spans: /"@"-/"@"/PrefixEnd /"\xc0"-/"\xc0"/PrefixEnd'
    spans "$version: two clouds" "EXPLAIN SELECT * FROM $c WHERE cloud IN ('gcp', 'aws')" "spans: [/'eu-west-1' - /'eu-west-1'] [/'europe-west4' - /'europe-west4']"
    spans "$version: one of them has no region" "EXPLAIN SELECT * FROM $c WHERE cloud IN ('gcp', 'oracle')" 'spans: FULL SCAN'
    spans "$version: an id in two regions, the gateway's first" "EXPLAIN SELECT * FROM $c WHERE region IN ('uksouth', 'eu-west-1') AND id = 'c8d692d0-1474-4488-bc12-c03325bbcac5'" "spans: [/'uksouth'/'c8d692d0-1474-4488-bc12-c03325bbcac5' - /'uksouth'/'c8d692d0-1474-4488-bc12-c03325bbcac5'] | spans: [/'eu-west-1'/'c8d692d0-1474-4488-bc12-c03325bbcac5' - /'eu-west-1'/'c8d692d0-1474-4488-bc12-c03325bbcac5']"
    spans "$version: not in a region" "EXPLAIN SELECT * FROM $c WHERE region NOT IN ('uksouth')" 'spans: FULL SCAN'
    spans "$version: no condition" "EXPLAIN SELECT * FROM $c" 'spans: FULL SCAN'
    spans "$version: a condition on no key" "EXPLAIN SELECT * FROM $c WHERE name = 'Mike'" 'spans: FULL SCAN'
    spans "$version: a cloud of no region" "EXPLAIN SELECT * FROM $c WHERE cloud = 'oracle'" 'spans: FULL SCAN'
    runs "$version: an ordinary table" 'CREATE TABLE n (a INT8, b STRING, c INT8, PRIMARY KEY (a, b DESC))'
    spans "$version: part of a key" 'EXPLAIN (VERBOSE) SELECT c FROM n WHERE a = 7' 'spans: /7-/8'
    spans "$version: a whole key" "EXPLAIN (VERBOSE) SELECT c FROM n WHERE b = 'x' AND 7 = a" 'spans: /7/"x"/0'
    is "$version: what remains is filtered" "SELECT trim(info, ' │') FROM [EXPLAIN SELECT c FROM n WHERE a = 7 AND c > 1] WHERE info LIKE '%filter:%'" 'filter: c > 1'
    is "$version: a missing table" 'EXPLAIN SELECT * FROM nix' 'ERROR:  relation "nix" does not exist'
    is "$version: a missing column" "EXPLAIN SELECT * FROM n WHERE z = 1" 'ERROR:  column "z" does not exist'
    is "$version: nothing was read or changed" 'EXPLAIN DELETE FROM n' 'ERROR:  EXPLAIN of anything but a SELECT of columns from one table is not supported by this sandbox'
    stop
done
echo "1..$n"
