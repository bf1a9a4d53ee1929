# The runner: what it prints, the port that is taken, wrong options, SIGTERM, and data that is kept.
tmp=$(mktemp -d) || exit 99
pid=
trap 'test -z "$pid" || kill -9 $pid 2>/dev/null; rm -rf "$tmp"' EXIT
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); echo "not ok $n - $1"; shift; for line in "$@"; do echo "# $line"; done; }
check() { what=$1; shift; if "$@"; then ok "$what"; else bad "$what" "$(cat "$tmp/out" "$tmp/err" | tail -n 3)"; fi; }

# Starts the sandbox with these arguments and waits for its "ready"; $url is the first node's.
start() {
    : >"$tmp/out"
    "$DOMICILE" sandbox "$@" >"$tmp/out" 2>"$tmp/err" &
    pid=$!
    i=0
    until grep -q '^ready$' "$tmp/out"; do
        i=$((i + 1))
        kill -0 $pid 2>/dev/null && test $i -lt 200 || return 1
        sleep 0.1
    done
    url=$(sed -n 's/^n1 \([^ ]*\) .*/\1/p' "$tmp/out")
}
# Ends it with this signal; its exit code.
stop() { kill -"$1" $pid; wait $pid; code=$?; pid=; return $code; }
ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$url" -c "$1" 2>&1; }
answers() { test "$(ask "$1")" = "$2"; }

echo 1..16
check 'becomes ready on free ports' start --listen 127.0.0.1:0 --empty
check 'prints a line a node' test "$(grep -c '^n[1-9] postgresql://root@127.0.0.1:[0-9]*/defaultdb?sslmode=disable cloud=' "$tmp/out")" = 9
check 'answers' answers 'SELECT 1' 1
port=$(echo "$url" | sed 's/.*:\([0-9]*\)\/.*/\1/')
"$DOMICILE" sandbox --listen 127.0.0.1:$port --empty >"$tmp/out2" 2>"$tmp/err2"; code=$?
check 'a port in use: exit 69' test $code = 69
check 'a port in use: the sentence names it' grep -q "port $port" "$tmp/err2"
check 'SIGTERM: exit 0' stop TERM

"$DOMICILE" sandbox --listen nowhere >"$tmp/out" 2>"$tmp/err"; code=$?
check 'a wrong --listen: exit 64' test $code = 64
check 'a wrong --listen: a sentence' grep -q 'HOST:PORT' "$tmp/err"
"$DOMICILE" sandbox --compat 19.2 >"$tmp/out" 2>"$tmp/err"; code=$?
check 'an unknown version: exit 64' test $code = 64

check 'becomes ready with localities of its own' start --listen 127.0.0.1:0 --empty \
    --locality region=a,zone=1 --locality region=b,zone=1 --data "$tmp/data"
check 'has those nodes' test "$(grep -c '^n[0-9]' "$tmp/out")" = 2
ask 'CREATE DATABASE kept' >"$tmp/sql"
ask "CREATE TABLE kept.public.t (k INT PRIMARY KEY, v STRING)" >>"$tmp/sql"
ask "INSERT INTO kept.public.t VALUES (1, 'still here')" >>"$tmp/sql"
check 'SIGINT: exit 0' stop INT
check 'starts again on the same data' start --listen 127.0.0.1:0 --data "$tmp/data"
check 'has kept the rows' answers 'SELECT v FROM kept.public.t' 'still here'
check 'has kept the topology' test "$(grep -c '^n[0-9]' "$tmp/out")" = 2
check 'ends again with 0' stop TERM
