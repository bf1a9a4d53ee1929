# AS OF SYSTEM TIME gives what was, or says that it cannot; it never gives the present for it.
. "$TOP_SRCDIR/tests/support/psql.sh"

# past NAME STATEMENT EXPECTED: what a statement about the past answers, an error's SQLSTATE and sentence included.
past() {
    got=$(psql -X -q -A -t -v VERBOSITY=verbose "$base/defaultdb?sslmode=disable" -c "$2" 2>&1 | sed -e '/^LOCATION/d' -e '/^HINT/d' -e 's/^ERROR:  //')
    if test "$got" = "$3"; then ok "$version: $1"; else bad "$version: $1" "$2" "expected: $3" "got: $got"; fi
}
now() { sql 'SELECT clock_timestamp()::STRING'; }

for version in 22.1 26.1; do
    start --compat $version
    before=$(now)
    sql 'CREATE TABLE x (k INT PRIMARY KEY, v STRING); CREATE TABLE other (k INT PRIMARY KEY)' >/dev/null
    empty=$(now)
    sql "INSERT INTO x VALUES (1, 'a')" >/dev/null
    one=$(now)
    psql -X -q "$base/defaultdb?sslmode=disable" -c 'SELECT pg_sleep(0.6)' -c "UPDATE x SET v = 'b'" -c 'SELECT pg_sleep(0.6)' \
        -c 'DELETE FROM x' -c 'INSERT INTO other VALUES (1)' >/dev/null
    past 'before the table' "SELECT * FROM x AS OF SYSTEM TIME '$before'" '42P01: relation "x" does not exist'
    past 'before its first row' "SELECT count(*) FROM x AS OF SYSTEM TIME '$empty'" 0
    past 'its first row' "SELECT v FROM x AS OF SYSTEM TIME '$one'" a
    past 'after its last change' "SELECT count(*) FROM x AS OF SYSTEM TIME '-1us'" 0
    past 'another table, unchanged since' "SELECT count(*) FROM other AS OF SYSTEM TIME '-1us'" 1
    past 'within WITH and a join' "WITH w AS (SELECT * FROM x) SELECT count(*) FROM w JOIN x AS y USING (k) AS OF SYSTEM TIME '$one'" 1
    past 'a transaction' "BEGIN AS OF SYSTEM TIME '$one'; SELECT v FROM x; SELECT count(*) FROM x; COMMIT" 'a
1'
    past 'a transaction that wants to write' "BEGIN AS OF SYSTEM TIME '$one'; INSERT INTO x VALUES (2)" \
        '25006: cannot execute INSERT in a read-only transaction'
    sql 'ALTER TABLE other ADD COLUMN v INT' >/dev/null
    past 'before a change of the schema' "SELECT * FROM other AS OF SYSTEM TIME '$one'" \
        '0A000: AS OF SYSTEM TIME before the last change of the schema of "other" is not supported by this sandbox'
    # Changes in too quick a succession: the states between them are not kept.
    for i in 1 2 3 4 5; do sql "INSERT INTO x VALUES ($i, 'q')" >/dev/null; now; done >"$tmp/times"
    got=0
    for i in 1 2 3 4; do
        at=$(sed -n ${i}p "$tmp/times")
        count=$(sql "SELECT count(*) FROM x AS OF SYSTEM TIME '$at'")
        case $count in $i|*'nothing is kept'*) got=$((got + 1));; esac
    done
    if test $got = 4; then ok "$version: a state or a refusal"; else bad "$version: a state or a refusal" "$got of 4"; fi
    past 'a time that followers have' 'SELECT follower_read_timestamp() < now() - INTERVAL '"'4s'" t
    past 'a read that may be stale' "SELECT count(*) FROM x AS OF SYSTEM TIME with_max_staleness('10s')" 5
    got=$(sql "SELECT * FROM x AS OF SYSTEM TIME '1h'")
    case $got in *'cannot specify timestamp in the future'*) ok "$version: the future";; *) bad "$version: the future" "$got";; esac
    past 'no time at all' "SELECT * FROM x AS OF SYSTEM TIME 'soon'" 'XXUUU: AS OF SYSTEM TIME: value is neither timestamp, decimal, nor interval'
    past 'zero' "SELECT * FROM x AS OF SYSTEM TIME '0'" 'XXUUU: AS OF SYSTEM TIME: zero timestamp is invalid'
    past 'not a constant' 'SELECT * FROM x AS OF SYSTEM TIME now()' \
        'XXUUU: AS OF SYSTEM TIME: only constant expressions, with_min_timestamp, with_max_staleness, or follower_read_timestamp are allowed'
    past 'followers for all' "SET default_transaction_use_follower_reads = on; INSERT INTO x VALUES (9)" \
        '25006: cannot execute INSERT in a read-only transaction'
    past 'followers for a transaction that wants to write' \
        'SET default_transaction_use_follower_reads = on; BEGIN READ WRITE' '42601: AS OF SYSTEM TIME specified with READ WRITE mode'
    past 'a part of the statement' "SELECT * FROM (SELECT * FROM x AS OF SYSTEM TIME '-1s')" \
        '42601: AS OF SYSTEM TIME must be provided on a top-level statement'
    stop
done
echo "1..$n"
