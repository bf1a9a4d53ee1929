# Where system catalogs are closed (25.4 and later), the headless commands tell what SHOW and EXPLAIN let them know.
. "$TOP_SRCDIR/tests/support/psql.sh"

start --compat 26.1
runs 'a database' 'CREATE DATABASE shop PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"'
db=shop
runs 'a table whose region is asked for' 'CREATE TABLE orders (id INT PRIMARY KEY, note STRING, INDEX (note)) LOCALITY REGIONAL BY ROW'
runs 'rows of every region' "INSERT INTO orders (id, note, crdb_region) VALUES (1, 'a', 'uksouth'), (2, 'b', 'eu-west-1'), (3, 'c', 'europe-west4')"
becomes 'its ranges' "SELECT count(*) FROM [SHOW RANGES FROM TABLE orders] WHERE array_length(non_voting_replicas, 1) = 2" 9
url="$base/$db?sslmode=disable"
PGOPTIONS='-c allow_unsafe_internals=off'
export PGOPTIONS
is 'catalogs are closed' 'SHOW allow_unsafe_internals' off
verdicts() { "$DOMICILE" rows orders --format csv "$url" 2>"$tmp/said" | awk -F, 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == "verdict") v = i} NR > 1 {print $v}' | sort | uniq -c | tr -s ' ' | tr '\n' ';'; }
# Voters may still be on their way home.
i=0
until got=$(verdicts); test "$got" = ' 3 abroad;' || test $i -ge 40; do i=$((i + 1)); sleep 0.5; done
if test "$got" = ' 3 abroad;'; then ok 'rows have verdicts'; else bad 'rows have verdicts' "$got" "$(cat "$tmp/said")"; fi
if grep -q 'closed' "$tmp/said"; then ok 'what is not read is said'; else bad 'what is not read is said' "$(cat "$tmp/said")"; fi
"$DOMICILE" check "$url" >"$tmp/check" 2>&1
got=$?
if test $got = 1; then ok 'check: abroad'; else bad 'check: abroad' "exit $got" "$(cat "$tmp/check")"; fi
runs 'restricted' 'SET enable_multiregion_placement_policy = on; ALTER DATABASE shop PLACEMENT RESTRICTED'
becomes 'replicas leave the other regions' "SELECT count(*) FROM [SHOW RANGES FROM TABLE orders] WHERE array_length(replicas, 1) <> 3" 0
got=$(verdicts)
if test "$got" = ' 3 home;'; then ok 'rows are home'; else bad 'rows are home' "$got" "$(cat "$tmp/said")"; fi
"$DOMICILE" check "$url" >"$tmp/check" 2>&1
got=$?
if test $got = 0; then ok 'check: home'; else bad 'check: home' "exit $got" "$(cat "$tmp/check")"; fi
for command in regions tables ranges report 'passport orders 1' "plan 'ALTER DATABASE shop PLACEMENT DEFAULT'"; do
    eval "\"$DOMICILE\" $command --format ndjson '$url'" >"$tmp/said" 2>"$tmp/talk"
    got=$?
    if test $got = 0 && test -s "$tmp/said"; then ok "$command"; else bad "$command" "exit $got" "$(cat "$tmp/said" "$tmp/talk")"; fi
done
"$DOMICILE" evidence "$url" >"$tmp/evidence" 2>"$tmp/talk"
got=$?
if test $got = 0; then ok 'evidence: home'; else bad 'evidence: home' "exit $got" "$(cat "$tmp/talk")"; fi
for what in 'system catalogs are closed' "the cluster's id was not read" 'which nodes live was not read' 'it is not known whether they conform'; do
    if sed -n '/^## What could not be verified$/,/^## What this/p' "$tmp/evidence" | grep -q "$what"; then ok "evidence tells: $what"; else
        bad "evidence tells: $what" "$(grep -A9 'could not be verified' "$tmp/evidence")"; fi
done
"$DOMICILE" evidence --unsafe-internals "$url" >"$tmp/evidence" 2>"$tmp/talk"
if grep -q '^Everything above was read.$' "$tmp/evidence"; then ok 'opened for our sessions, everything is read'; else
    bad 'opened for our sessions, everything is read' "$(grep -A9 'could not be verified' "$tmp/evidence")"; fi
stop
echo "1..$n"
