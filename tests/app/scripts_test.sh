#!/bin/sh
# The commands for scripts against the sandbox as either version: every command, format and exit code, a drain, a node's
# failure, and the README's examples as they stand there.
. "$TOP_SRCDIR/tests/support/psql.sh"
customers=cockroach_example_customers
patience=${TEST_PATIENCE:-1}
out=$tmp/stdout err=$tmp/stderr

# exits NAME CODE COMMAND...: runs it against the sandbox; what it wrote is in $out and $err.
exits() {
    name=$1 wanted=$2
    shift 2
    timeout $((90 * patience)) "$DOMICILE" "$@" >"$out" 2>"$err" </dev/null
    code=$?
    if test $code = "$wanted"; then ok "$version: $name"; else bad "$version: $name" "exit $code instead of $wanted: $*" "$(head -5 "$out" "$err")"; fi
}
# The last output holds this text.
tells() { if grep -q -- "$2" "$out" "$err"; then ok "$version: $1"; else bad "$version: $1" "nothing of: $2" "$(head -5 "$out" "$err")"; fi; }
# The last output is valid by the schema of a command.
valid() {
    if message=$(/usr/bin/python3 "$TOP_SRCDIR/tests/app/validate.py" "$TOP_SRCDIR/docs/domicile.schema.json" "$1" "$2" <"$out" 2>&1); then
        ok "$version: $1 as $2 is valid"
    else
        bad "$version: $1 as $2 is valid" "$message"
    fi
}
formats() {
    command=$1 wanted=$2
    shift 2
    exits "$command as JSON" "$wanted" "$command" "$@" --format json
    valid "$command" json
    exits "$command as ndjson" "$wanted" "$command" "$@" --format ndjson
    valid "$command" ndjson
    exits "$command as CSV" "$wanted" "$command" "$@" --format csv
    exits "$command as a table" "$wanted" "$command" "$@"
}
start_full() {
    : >"$tmp/out"
    "$DOMICILE" sandbox --listen 127.0.0.1:0 --speed 50 --report-interval 1s --compat "$version" >"$tmp/out" 2>"$tmp/err" &
    pid=$!
    i=0
    until grep -q '^ready$' "$tmp/out"; do
        i=$((i + 1))
        kill -0 $pid 2>/dev/null && test $i -lt $((200 * patience)) || { echo "Bail out! not ready: $(cat "$tmp/err")"; exit 99; }
        sleep 0.1
    done
    base=$(sed -n 's/^n1 \([^ ]*\)\/defaultdb.*/\1/p' "$tmp/out")
    db=django
    PGHOST=127.0.0.1 PGPORT=${base##*:} PGUSER=root PGDATABASE=django PGSSLMODE=disable
    export PGHOST PGPORT PGUSER PGDATABASE PGSSLMODE
}

answers() {
    formats regions 0
    formats tables 0
    formats ranges 0
    formats ranges 0 $customers
    formats rows 0 $customers
    formats report 0
    formats check 1
    tells 'check says why in one line' '^abroad: [0-9]* of [0-9]* ranges with rows'
    if test "$(wc -l <"$out")" = 1; then ok "$version: one line"; else bad "$version: one line"; fi
    id=$(sql "SELECT id FROM $customers WHERE name = 'Mike'")
    formats passport 0 $customers "$id"
    tells 'the passport names the home' '^home  *eu-west-1$'
    exits 'a row that is none' 1 passport $customers 00000000-0000-0000-0000-000000000000
    exits 'a table that is none' 1 rows nonsense
    exits 'too few arguments' 64 passport $customers
    exits 'an unknown format' 64 regions --format xml
    exits 'a time that is none' 64 check --timeout soon
    exits 'an old picture cannot tell' 2 check --max-age 1ms --database defaultdb
    exits 'nothing to which a rule applies' 2 check --database defaultdb
}

plans() {
    formats plan 0 'ALTER DATABASE django PLACEMENT RESTRICTED'
    tells 'a plan shows the SQL' 'ALTER DATABASE "django" PLACEMENT RESTRICTED'
    exits 'a plan of two' 0 plan 'ALTER DATABASE django SURVIVE REGION FAILURE' "ALTER TABLE cockroach_example_orders SET LOCALITY GLOBAL"
    exits 'a plan that is refused' 1 plan 'ALTER DATABASE django DROP REGION uksouth'
    exits 'no plan for a query' 1 plan 'SELECT 1'
    exits 'no plan for another database' 1 plan 'ALTER DATABASE other PLACEMENT RESTRICTED'
    is "$version: a plan changes nothing" 'SELECT count(*) FROM [SHOW CREATE DATABASE django] WHERE create_statement LIKE $$%RESTRICTED%$$' 0
}

changes() {
    exits 'nobody can be asked' 64 insert $customers name=Olga cloud=gcp
    is "$version: and nothing is changed" "SELECT count(*) FROM $customers" 3
    exits 'an insert' 0 insert $customers name=Olga cloud=gcp --yes --format json
    valid insert json
    tells 'it landed' '"home":"europe-west4"'
    exits 'an insert through a region' 0 insert $customers name=Ola cloud=aws --yes --through europe-west4
    tells 'by its node' 'n[789] europe-west4'
    exits 'a cloud of no region' 1 insert $customers name=Olga cloud=oracle --yes
    tells 'it says which there are' 'aws, azure, gcp'
    exits 'a column that is none' 1 insert $customers nonsense=1 --yes
    exits 'a region without a gateway' 1 insert $customers name=Olga cloud=aws --yes --through mars
    exits 'a policy that is none' 64 placement sideways --yes
}

# The number of lines in watch's output with an event.
saw() { i=0; until grep -q "\"event\":\"$1\"" "$tmp/watch"; do i=$((i + 1)); test $i -lt $((150 * patience)) || { bad "$version: watch tells $1"; return; }; sleep 0.1; done; ok "$version: watch tells $1"; }

drain() {
    "$DOMICILE" watch --format ndjson >"$tmp/watch" 2>"$tmp/watch.err" &
    watcher=$!
    saw connection
    exits 'restricted' 0 placement restricted --yes --no-wait --format json
    valid placement json
    exits 'until home' 0 check --until home --timeout 60s
    tells 'home' '^home: every replica'
    exits 'one table, conforming' 0 check --table $customers --conformance --max-age 10s
    saw policy_changed
    saw replica_removed
    saw verdict_changed
    sql "INSERT INTO $customers (id, name, cloud) VALUES ('11111111-1111-4111-8111-111111111111', 'Zoe', 'aws')" >/dev/null
    saw row_landed
    sql 'SELECT sandbox.kill_node(5)' >/dev/null
    saw node_down
    exits 'a dead node is no absence' 0 check
    sql 'SELECT sandbox.start_node(5)' >/dev/null
    saw node_up
    kill -INT $watcher
    wait $watcher
    code=$?
    if test $code = 130; then ok "$version: watch is interrupted"; else bad "$version: watch is interrupted" "exit $code"; fi
    cp "$tmp/watch" "$out"
    valid watch ndjson
    exits 'watch ends by itself' 0 watch --for 1s
    exits 'events are no document' 64 watch --format json
    exits 'back' 0 placement default --yes
}

evidence() {
    exits 'evidence says no' 1 evidence --format json
    valid evidence document
    sum=$(/usr/bin/python3 -c 'import json, hashlib, sys
d = json.load(sys.stdin)
text = json.dumps(d["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print("right" if hashlib.sha256(text.encode()).hexdigest() == d["sha256"] else "wrong")' <"$out")
    if test "$sum" = right; then ok "$version: its JSON has the right sum"; else bad "$version: its JSON has the right sum"; fi
    exits 'evidence in Markdown' 1 evidence --count
    sum=$(sed -n 's/^SHA-256 of all above: //p' "$out")
    if test "$(sed '$d' "$out" | sha256sum | cut -d' ' -f1)" = "$sum"; then ok "$version: its sum is right"; else bad "$version: its sum is right"; fi
    # 26.1 merges neighbours of one configuration: let it be done.
    test $version = 22.1 || becomes "$version: ranges are merged" 'SELECT count(*) FROM [SHOW RANGES FROM DATABASE django]' 6
    sql "DELETE FROM $customers WHERE name IN ('Olga', 'Ola', 'Zoe')" >/dev/null
    exits 'restricted for the evidence' 0 placement restricted --yes
    exits 'evidence says yes' 0 evidence --count
    # Times, ids, and the allocator's free choices.
    sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z/TIME/g' -e 's/[0-9a-f]{8}-[0-9a-f-]{27}/UUID/g' -e 's/[0-9a-f]{64}/SUM/' \
        -e 's/\| n[0-9] \| (leaseholder|voter) \|/| NODE | voter |/' -e 's/zone=[0-9a-c]/zone=Z/' -e 's/^### r[0-9]+/### RANGE/' \
        -e 's/\| range_id \| [0-9]+ \|/| range_id | ID |/' -e 's/domicile [0-9.]+/PROGRAM/' -e 's/(estimated|public \| [a-z_]+ \| [A-Z a-z]+ \|) [0-9]+/\1 N/' \
        "$out" >"$tmp/evidence"
    if cmp -s "$tmp/evidence" "$TOP_SRCDIR/tests/app/evidence-$version.md"; then ok "$version: evidence, byte for byte"; else
        bad "$version: evidence, byte for byte" "$(diff "$tmp/evidence" "$TOP_SRCDIR/tests/app/evidence-$version.md" | head -40)"; fi
    exits 'default again' 0 placement default --yes
}

statements() {
    exits 'sql as JSON' 0 sql -c 'SELECT 1 AS a, NULL AS b' --format json
    valid sql json
    tells 'a number is a number' '"a":1,"b":null'
    exits 'sql as CSV' 0 sql -c "SELECT 'x,y' AS a" --format csv
    tells 'a quoted value' '"x,y"'
    exits 'variables' 0 sql -c "SELECT name FROM :\"t\" WHERE cloud = :'c' AND 1 = :n::INT8" -v t=$customers -v c=aws -v n=1 --format csv
    tells 'found by them' '^Mike$'
    exits 'a variable without a value' 64 sql -c 'SELECT :x'
    exits 'the first error ends it' 1 sql -c 'SELECT 1 AS first' -c 'SELECT nonsense' -c 'SELECT 1 AS third'
    if grep -q first "$out" && ! grep -q third "$out"; then ok "$version: what stood before it ran"; else bad "$version: what stood before it ran"; fi
    tells 'the error has its code' '42703'
    exits 'a file that is none' 64 sql -f "$tmp/nothing"
    exits 'read-only' 77 sql --read-only -c "INSERT INTO $customers (id, name) VALUES (gen_random_uuid(), 'x')"
    printf "SELECT 'from standard input' AS a" | "$DOMICILE" sql >"$out" 2>"$err"
    tells 'standard input' 'from standard input'
    sql 'CREATE USER bob' >/dev/null
    exits 'not allowed' 77 sql -d "host=127.0.0.1 port=$PGPORT user=bob dbname=django sslmode=disable" -c "SELECT * FROM $customers"
    exits 'no server' 69 regions -d 'host=127.0.0.1 port=1 sslmode=disable'
    "$DOMICILE" ranges --format ndjson 2>"$err" | head -1 >"$out"
    if test ! -s "$err"; then ok "$version: a broken pipe is quiet"; else bad "$version: a broken pipe is quiet" "$(cat "$err")"; fi
}

# What the screen says of the same server.
screen() {
    tmux -L "scripts-$$" new-session -d -x 160 -y 50 "LC_ALL=C.UTF-8 '$DOMICILE' '$base/django?sslmode=disable'"
    i=0
    until tmux -L "scripts-$$" capture-pane -p | grep -q 'ranges with rows: '; do i=$((i + 1)); test $i -lt $((150 * patience)) || break; sleep 0.1; done
    shown=$(tmux -L "scripts-$$" capture-pane -p | sed -n 's/.* \([0-9]*\) ranges with rows: \([0-9]*\) home · \([0-9]*\) abroad.*/\1 \2 \3/p')
    tmux -L "scripts-$$" kill-server
    said=$("$DOMICILE" check --format csv | sed -n 2p | awk -F, '{print $(NF-10), $(NF-9), $(NF-8)}')
    if test -n "$shown" && test "$shown" = "$said"; then ok "$version: the screen says the same"; else bad "$version: the screen says the same" "screen: $shown" "check: $said"; fi
}

readme() {
    mkdir "$tmp/readme-$version" && ln -s "$DOMICILE" "$tmp/readme-$version/domicile"
    sed -n '/^## In scripts$/,/^## /p' "$TOP_SRCDIR/README.md" | sed -n '/^```sh$/,/^```$/p' | grep -v '^```' >"$tmp/examples"
    if test "$(wc -l <"$tmp/examples")" -gt 10; then ok "$version: the README has examples"; else bad "$version: the README has examples"; fi
    while IFS= read -r example; do
        wanted=$(printf '%s\n' "$example" | sed -n 's/.*# exit \([0-9]*\).*/\1/p')
        (cd "$tmp/readme-$version" && PATH="$tmp/readme-$version:$PATH" timeout $((90 * patience)) sh -c "$example" >"$out" 2>"$err" </dev/null)
        code=$?
        if test $code = "${wanted:-0}"; then ok "$version: $example"; else bad "$version: $example" "exit $code" "$(head -5 "$err")"; fi
    done <"$tmp/examples"
}

for version in 22.1 26.1; do
    start_full
    answers
    screen
    plans
    changes
    drain
    evidence
    statements
    readme
    stop
done
echo "1..$n"
