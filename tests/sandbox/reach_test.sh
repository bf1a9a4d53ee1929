# While a region has no quorum: what must visit it hangs, and what need not answers.
. "$TOP_SRCDIR/tests/support/psql.sh"

# answers NAME STATEMENT EXPECTED: within a transaction that is taken back; an error as its SQLSTATE.
answers() {
    got=$(psql -X -q -A -t -F ' ' -v VERBOSITY=verbose "$base/$db?sslmode=disable" -c "SET statement_timeout = '400ms'" -c "BEGIN; $2" 2>&1 |
        sed -e 's/^ERROR:  \([0-9A-Z]*\):.*/\1/' -e '/^[A-Z ]*: /d')
    if test "$got" = "$3"; then ok "$version: $1"; else bad "$version: $1" "$2" "expected: $3" "got: $got"; fi
}
hangs() { answers "$1" "$2" 57014; }

for version in 22.1 26.1; do
    start --compat $version
    runs "$version: a database" 'CREATE DATABASE d PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"'
    db=d
    runs "$version: a key without the region" 'CREATE TABLE k (id INT PRIMARY KEY, u INT UNIQUE, v INT) LOCALITY REGIONAL BY ROW'
    runs "$version: its rows" "INSERT INTO k (crdb_region, id, u, v) VALUES ('uksouth', 1, 1, 1), ('eu-west-1', 2, 2, 2), ('europe-west4', 3, 3, 3)"
    runs "$version: a generated key" "CREATE TABLE g (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), v INT) LOCALITY REGIONAL BY ROW"
    runs "$version: no key" "CREATE TABLE n (v INT) LOCALITY REGIONAL BY ROW"
    runs "$version: a key with the region" 'CREATE TABLE w (crdb_region crdb_internal_region NOT NULL, id INT, PRIMARY KEY (crdb_region, id)) LOCALITY REGIONAL BY ROW'
    as="crdb_internal_region NOT NULL AS (CASE WHEN cloud = 'azure' THEN 'uksouth' WHEN cloud = 'aws' THEN 'eu-west-1' ELSE 'europe-west4' END) STORED"
    runs "$version: a computed region" "CREATE TABLE c (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), cloud STRING, region $as) LOCALITY REGIONAL BY ROW AS region"
    runs "$version: a region computed from the key" "CREATE TABLE f (cloud STRING PRIMARY KEY, v INT, region $as) LOCALITY REGIONAL BY ROW AS region"
    runs "$version: rows of every region" "INSERT INTO c (cloud) VALUES ('azure'), ('aws'), ('gcp')"
    answers 'before: a new key' 'INSERT INTO k (id) VALUES (9) RETURNING id' 9
    runs "$version: all is placed" 'SELECT sandbox.advance(300), sandbox.advance(300)'
    runs "$version: a region ends" "SELECT sandbox.kill_region('eu-west-1')"

    hangs 'INSERT of a new key' 'INSERT INTO k (id) VALUES (9) RETURNING id'
    hangs 'INSERT of a key of the dead region' 'INSERT INTO k (id) VALUES (2) RETURNING id'
    hangs 'INSERT of a key of another live region' 'INSERT INTO k (id) VALUES (3) RETURNING id'
    answers "INSERT of a key of the gateway's region" 'INSERT INTO k (id) VALUES (1) RETURNING id' 23505
    hangs 'that key into the dead region' "INSERT INTO k (crdb_region, id) VALUES ('eu-west-1', 1) RETURNING id"
    hangs 'INSERT of one near and one new' 'INSERT INTO k (id) VALUES (1), (9) RETURNING id'
    hangs 'INSERT from a query' 'INSERT INTO k (id) SELECT 9 RETURNING id'
    answers 'what a query does not give' 'INSERT INTO k (id) SELECT 9 WHERE false RETURNING id' ''
    answers 'another error comes first' 'INSERT INTO k (id) VALUES (NULL) RETURNING id' 23502
    hangs 'ON CONFLICT of a new key' 'INSERT INTO k (id) VALUES (9) ON CONFLICT DO NOTHING RETURNING id'
    hangs 'ON CONFLICT of a key of the dead region' 'INSERT INTO k (id) VALUES (2) ON CONFLICT (id) DO NOTHING RETURNING id'
    answers "ON CONFLICT of a key of the gateway's region" 'INSERT INTO k (id) VALUES (1) ON CONFLICT (id) DO NOTHING RETURNING id' ''
    hangs 'UPSERT of a new key' 'UPSERT INTO k (id) VALUES (9) RETURNING id'
    answers 'INSERT of a default key' 'INSERT INTO g (v) VALUES (1) RETURNING v' 1
    answers 'INSERT of DEFAULT' 'INSERT INTO g VALUES (DEFAULT, 1) RETURNING v' 1
    answers 'INSERT of a generated key' 'INSERT INTO g VALUES (gen_random_uuid(), 1) RETURNING v' 1
    hangs 'INSERT of a key by name' "INSERT INTO g VALUES ('00000000-0000-4000-8000-000000000000', 1) RETURNING v"
    answers 'INSERT where no key is' 'INSERT INTO n VALUES (1) RETURNING v' 1
    answers 'INSERT with the region in the key' "INSERT INTO w VALUES ('uksouth', 1) RETURNING id" 1
    hangs 'INSERT into the dead region' "INSERT INTO w VALUES ('eu-west-1', 1) RETURNING id"
    answers 'INSERT into a computed region' "INSERT INTO c (cloud) VALUES ('azure') RETURNING cloud" azure
    hangs 'INSERT into the dead computed region' "INSERT INTO c (cloud) VALUES ('aws') RETURNING cloud"
    hangs 'INSERT of a key by name into a computed region' "INSERT INTO c VALUES ('00000000-0000-4000-8000-000000000000', 'azure') RETURNING cloud"
    answers 'INSERT of a key that tells the region' "INSERT INTO f VALUES ('azure', 1) RETURNING v" 1
    answers 'UPDATE of no key' "UPDATE k SET v = 7 WHERE crdb_region = 'uksouth' RETURNING v" 7
    hangs 'UPDATE of the key' "UPDATE k SET id = 9 WHERE crdb_region = 'uksouth' RETURNING id"
    hangs 'UPDATE to a key of the dead region' "UPDATE k SET id = 2 WHERE crdb_region = 'uksouth' RETURNING id"
    hangs 'UPDATE of another unique key' "UPDATE k SET u = 9 WHERE crdb_region = 'uksouth' RETURNING id"
    hangs 'UPDATE to another live region' "UPDATE k SET crdb_region = 'europe-west4' WHERE crdb_region = 'uksouth' RETURNING id"
    answers 'UPDATE of no row' "UPDATE k SET id = 9 WHERE crdb_region = 'uksouth' AND v = 99 RETURNING id" ''

    answers 'a cloud of a live region' "SELECT cloud FROM c WHERE cloud = 'azure'" azure
    answers 'clouds of live regions' "SELECT count(*) FROM c WHERE cloud IN ('azure', 'gcp')" 2
    hangs 'a cloud of the dead region' "SELECT cloud FROM c WHERE cloud = 'aws'"
    hangs 'a cloud of the dead region among others' "SELECT count(*) FROM c WHERE cloud IN ('azure', 'aws')"
    answers 'UPDATE of a cloud' "UPDATE c SET id = gen_random_uuid() WHERE cloud = 'azure' RETURNING cloud" azure
    answers 'DELETE of a cloud' "DELETE FROM c WHERE cloud = 'azure' RETURNING cloud" azure
    for live in "crdb_region = 'uksouth'" "'uksouth' = crdb_region" "crdb_region IN ('uksouth')" \
        "crdb_region = 'uksouth' OR crdb_region = 'uksouth'" "crdb_region = ANY (ARRAY['uksouth'])" \
        "crdb_region = ANY (ARRAY['uksouth']::crdb_internal_region[])" \
        "crdb_region NOT IN ('eu-west-1', 'europe-west4')" "crdb_region <> 'eu-west-1' AND crdb_region != 'europe-west4'" \
        "crdb_region = gateway_region()::crdb_internal_region" "k.crdb_region IN ('uksouth') AND v = 1"; do
        answers "$live" "SELECT id FROM k WHERE $live" 1
    done
    answers 'two live regions' "SELECT count(*) FROM k WHERE crdb_region IN ('uksouth', 'europe-west4')" 2
    answers 'two live regions with OR' "SELECT count(*) FROM k WHERE crdb_region = 'uksouth' OR crdb_region = 'europe-west4'" 2
    answers 'all but the dead region' "SELECT count(*) FROM k WHERE crdb_region <> 'eu-west-1'" 2
    answers 'a parameter' "PREPARE p (crdb_internal_region) AS SELECT id FROM k WHERE crdb_region = \$1; EXECUTE p ('uksouth')" 1
    hangs 'the dead region as a parameter' "PREPARE p (crdb_internal_region) AS SELECT id FROM k WHERE crdb_region = \$1; EXECUTE p ('eu-west-1')"
    hangs 'the dead region' "SELECT id FROM k WHERE crdb_region = 'eu-west-1'"
    hangs 'IN with the dead region' "SELECT id FROM k WHERE crdb_region IN ('uksouth', 'eu-west-1')"
    hangs 'OR with the dead region' "SELECT id FROM k WHERE crdb_region = 'uksouth' OR crdb_region = 'eu-west-1'"
    hangs 'OR with something else' "SELECT id FROM k WHERE crdb_region = 'uksouth' OR v = 2"
    hangs 'all but a live region' "SELECT id FROM k WHERE crdb_region <> 'uksouth'"
    hangs 'any region' 'SELECT id FROM k'

    answers "a row of the gateway's region by its key" 'SELECT v FROM k WHERE id = 1' 1
    answers 'by another name' 'SELECT a.v FROM k AS a WHERE a.id = 1' 1
    answers 'with another condition' 'SELECT v FROM k WHERE id = 1 AND v = 9' ''
    answers 'by a parameter' "PREPARE q (INT) AS SELECT v FROM k WHERE id = \$1; EXECUTE q (1)" 1
    answers 'UPDATE by the key' 'UPDATE k SET v = 5 WHERE id = 1 RETURNING v' 5
    answers 'DELETE by the key' 'DELETE FROM k WHERE id = 1 RETURNING v' 1
    hangs 'a row of the dead region by its key' 'SELECT v FROM k WHERE id = 2'
    hangs 'a row of another live region by its key' 'SELECT v FROM k WHERE id = 3'
    hangs 'a row that is nowhere' 'SELECT v FROM k WHERE id = 9'
    answers 'a row that is in no live region' "SELECT v FROM k WHERE id = 2 AND crdb_region IN ('uksouth', 'europe-west4')" ''
    hangs 'UPDATE of a row of the dead region' 'UPDATE k SET v = 5 WHERE id = 2 RETURNING v'
    hangs 'DELETE of a row that is nowhere' 'DELETE FROM k WHERE id = 9 RETURNING v'
    hangs 'two keys' 'SELECT v FROM k WHERE id IN (1, 9)'
    hangs 'a join by a key' 'SELECT a.v FROM k AS a JOIN k AS b ON a.v = b.v WHERE a.id = 1'

    near="SELECT id FROM k WHERE crdb_region = 'uksouth'"
    answers 'a subquery in FROM' "SELECT id FROM ($near) AS s" 1
    answers 'a condition outside of it' "SELECT id FROM (SELECT crdb_region, id FROM k) AS s WHERE crdb_region = 'uksouth'" 1
    answers 'UNION' "$near UNION $near" 1
    answers 'UNION ALL' "SELECT count(*) FROM ($near UNION ALL SELECT id FROM k WHERE crdb_region = 'europe-west4') AS s" 2
    hangs 'UNION with the dead region' "$near UNION SELECT id FROM k WHERE crdb_region = 'eu-west-1'"
    hangs 'UNION with any region' "$near UNION SELECT id FROM k"
    hangs 'EXISTS beside it' "SELECT id FROM ($near) AS s WHERE EXISTS (SELECT 1 FROM k WHERE v = 2)"
    answers 'WHERE false' 'SELECT id FROM k WHERE false' ''
    answers 'LIMIT 0' 'SELECT id FROM k LIMIT 0' ''
    answers 'LIMIT 0 of a UNION' "(SELECT id FROM k UNION SELECT id FROM k) LIMIT 0" ''
    answers 'LIMIT 0 in a subquery' 'SELECT id FROM (SELECT id FROM k LIMIT 0) AS s' ''
    hangs 'LIMIT 1' 'SELECT id FROM k LIMIT 1'
    stop
done
echo "1..$n"
