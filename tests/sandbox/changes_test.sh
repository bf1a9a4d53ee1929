# One database through many changes in turn, in four regions: where the ranges with rows end after each. The numbers follow from
# the rules: a range of rows has N - 1 non-voters abroad under DEFAULT with zone survival, three of five voters abroad with region
# survival, none under RESTRICTED; there are as many such ranges as homes: one an index and region, one a table at home.
. "$TOP_SRCDIR/tests/support/psql.sh"

# after STATEMENTS RANGES VOTERS NON-VOTERS: ranges with rows, and how many of their replicas are abroad, once all is at rest.
after() {
    got=$(sql "$unlocked $1")
    case $got in *ERROR*) bad "$version: $1" "$got"; return;; esac
    expected="abroad: $2 of ${5:-$2} ranges with rows have replicas outside their home region: $3 voters, $4 non-voters, 0 learners"
    test "$3 $4" != '0 0' || expected="home: every replica of $2 ranges with rows is within its home region"
    for try in 1 2 3 4 5 6 7 8; do
        sql 'SELECT sandbox.advance(120)' >/dev/null
        got=$("$DOMICILE" check "$base/x?sslmode=disable" 2>&1)
        test "$got" != "$expected" || break
    done
    if test "$got" = "$expected"; then ok "$version: $1"; else bad "$version: $1" "expected: $expected" "got: $got"; fi
}

for version in 22.1 26.1; do
    set -- --compat $version
    for zone in a b c; do
        set -- "$@" --locality "region=us-east-1,zone=$zone" --locality "region=EU west,az=$zone" --locality "region=ap1" \
            --locality "cloud=x,region=us-west2,rack=$zone"
    done
    start "$@"
    unlocked=
    test $version = 22.1 || unlocked='SET create_table_with_schema_locked = off;'
    policy='SET enable_multiregion_placement_policy = on; ALTER DATABASE x PLACEMENT'
    runs "$version: a database" 'CREATE DATABASE x PRIMARY REGION "us-east-1" REGIONS ap1, "us-west2"'
    db=x
    runs "$version: its tables" "$unlocked CREATE TABLE r (id INT PRIMARY KEY, a STRING UNIQUE, INDEX (a)) LOCALITY REGIONAL BY ROW; CREATE TABLE g (id INT PRIMARY KEY) LOCALITY GLOBAL; CREATE TABLE h (id INT PRIMARY KEY) LOCALITY REGIONAL BY TABLE IN ap1; CREATE TABLE p (id INT PRIMARY KEY)"
    after "INSERT INTO r (crdb_region, id, a) VALUES ('us-east-1', 1, 'a'), ('ap1', 2, 'b')" 11 0 22
    after 'ALTER DATABASE x ADD REGION "EU west"' 14 0 42
    after "$policy RESTRICTED" 14 0 0
    after "UPDATE r SET crdb_region = 'EU west' WHERE id = 2" 14 0 0
    after 'ALTER DATABASE x PRIMARY REGION "EU west"' 14 0 0
    after 'ALTER TABLE h SET LOCALITY REGIONAL BY TABLE IN "us-west2"' 14 0 0
    after 'ALTER DATABASE x DROP REGION ap1' 11 0 0
    after "$policy DEFAULT" 11 0 22
    after 'ALTER DATABASE x SURVIVE REGION FAILURE' 11 33 0
    after 'ALTER DATABASE x ADD REGION ap1' 14 42 0
    after 'ALTER TABLE p SET LOCALITY REGIONAL BY ROW' 17 51 0
    after 'ALTER TABLE g SET LOCALITY REGIONAL BY TABLE IN ap1' 18 54 0
    after 'ALTER TABLE h SET LOCALITY GLOBAL' 17 51 0
    after 'ALTER DATABASE x SURVIVE ZONE FAILURE' 17 0 51
    after 'CREATE INDEX more ON r (id, a)' 21 0 63
    after 'TRUNCATE r' 21 0 63
    if test $version = 26.1; then
        after 'SET enable_super_regions = on; ALTER DATABASE x ADD SUPER REGION us VALUES "us-west2", "us-east-1"' 11 0 33 21
    fi
    stop
done
echo "1..$n"
