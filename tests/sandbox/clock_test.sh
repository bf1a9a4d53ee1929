# Time that is skipped passes for whoever waits: sleeps, statement timeouts, ranges without a leader, statistics.
. "$TOP_SRCDIR/tests/support/psql.sh"

# behind SQL: runs it in the background; its answer is in $tmp/answer.
behind() { sql "$1" >"$tmp/answer" & waiting=$!; }
# ended NAME TEXT SECONDS: with so many seconds skipped again and again the answer comes, and holds the text.
ended() {
    i=0
    while kill -0 $waiting 2>/dev/null && test $i -lt 300; do
        sql "SELECT sandbox.advance($3)" >/dev/null
        i=$((i + 1))
    done
    kill $waiting 2>/dev/null
    wait $waiting
    case $(cat "$tmp/answer") in *"$2"*) ok "$1";; *) bad "$1" "expected: $2" "got: $(cat "$tmp/answer")";; esac
}

for version in 22.1 26.1; do
    start --compat $version
    behind "SELECT 'slept' FROM (SELECT pg_sleep(3600))"
    ended "$version: a sleep is over" slept 3601
    runs "$version: a database" 'CREATE DATABASE d PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"'
    db=d
    runs "$version: a table" 'CREATE TABLE t (id INT PRIMARY KEY) LOCALITY REGIONAL BY ROW'
    runs "$version: its ranges are made" 'SELECT sandbox.advance(300), sandbox.advance(300)'
    runs "$version: rows" "INSERT INTO t (crdb_region, id) VALUES ('uksouth', 1), ('eu-west-1', 2)"
    rows="SELECT estimated_row_count FROM [SHOW TABLES]"
    is "$version: nobody has counted them" "$rows" 0
    runs "$version: two minutes pass" 'SELECT sandbox.advance(120)'
    is "$version: they are counted" "$rows" 2
    runs "$version: one row more" "INSERT INTO t (crdb_region, id) VALUES ('uksouth', 3)"
    runs "$version: another two minutes" 'SELECT sandbox.advance(120)'
    is "$version: a single row is not worth a count" "$rows" 2
    runs "$version: many rows" "INSERT INTO t (crdb_region, id) SELECT 'uksouth', g FROM generate_series(100, 700) AS g"
    is "$version: are not counted at once" "$rows" 2
    runs "$version: a minute passes" 'SELECT sandbox.advance(61)'
    is "$version: but soon" "$rows" 604

    is "$version: the server's clocks tell the same, ahead of the machine's" "SELECT extract(epoch FROM now()) - $(date +%s) > 800, clock_timestamp() - now() < '1m', abs(cluster_logical_timestamp() / 1e9 - extract(epoch FROM statement_timestamp())) < 60" 't t t'
    becomes "$version: no report was made in time that is still to come" "SELECT count(*) > 0 AND bool_and(generated <= clock_timestamp() AND clock_timestamp() - generated < '10m') FROM system.reports_meta" t
    is "$version: the past is what the clock has passed" "SELECT count(*) FROM t AS OF SYSTEM TIME '$(sql "SELECT now()")'" 604
    becomes "$version: followers know the table" 'SELECT count(*) FROM t AS OF SYSTEM TIME follower_read_timestamp()' 604
    runs "$version: a region ends" "SELECT sandbox.kill_region('eu-west-1')"
    behind "SET statement_timeout = '40s'; SELECT count(*) FROM t"
    ended "$version: what waits for the region ends with its timeout" 'statement timeout' 5
    behind "SET statement_timeout = '40s'; SELECT count(*) FROM t AS OF SYSTEM TIME follower_read_timestamp()"
    case $version in
    22.1) ended "$version: a follower waits for a leader" 'statement timeout' 1;;
    *)
        ended "$version: a follower gives up" 'replica has been leaderless for 1m0s' 1
        text=$(cat "$tmp/answer")
        case $text in
        'ERROR:  replica unavailable: (n'*' unable to serve request to r'*':/Table/'*'/1/"@"{-/PrefixEnd} [('*']: lost quorum (down: (n'*) ok "$version: and says which";;
        *) bad "$version: and says which" "$text";;
        esac
        is "$version: at once from then on" "SET statement_timeout = '40s'; SELECT count(*) > 0 FROM t AS OF SYSTEM TIME follower_read_timestamp()" "$text";;
    esac
    is "$version: other regions' rows are there" "SELECT count(*) FROM t WHERE crdb_region = 'uksouth'" 603
    stop
done
echo "1..$n"
