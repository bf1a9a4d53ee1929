# psql: a sandbox of the test's own, asked through psql; the answers as TAP. Sourced.
tmp=$(mktemp -d) || exit 99
pid=
trap 'test -z "$pid" || kill -9 $pid 2>/dev/null; rm -rf "$tmp"' EXIT
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); echo "not ok $n - $1"; shift; printf '%s\n' "$@" | sed 's/^/# /'; }

start() {
    : >"$tmp/out" # no "ready" of one before
    "$DOMICILE" sandbox --listen 127.0.0.1:0 --empty --speed 20 --report-interval 1s "$@" >"$tmp/out" 2>"$tmp/err" &
    pid=$!
    i=0
    until grep -q '^ready$' "$tmp/out"; do
        i=$((i + 1))
        kill -0 $pid 2>/dev/null && test $i -lt 200 || { echo "Bail out! not ready: $(cat "$tmp/err")"; exit 99; }
        sleep 0.1
    done
    base=$(sed -n 's/^n1 \([^ ]*\)\/defaultdb.*/\1/p' "$tmp/out")
    db=defaultdb
}
stop() { kill $pid; wait $pid; pid=; }
sql() { psql -X -q -A -t -F ' ' "$base/$db?sslmode=disable" -c "$1" 2>&1; }
# The statement's answer is this.
is() { got=$(sql "$2"); if test "$got" = "$3"; then ok "$1"; else bad "$1" "$2" "expected: $3" "got: $got"; fi; }
# The statement runs without an error.
runs() { got=$(sql "$2"); case $got in *ERROR*|*error*) bad "$1" "$2" "$got";; *) ok "$1";; esac; }
# The statement becomes true within 20 s.
becomes() {
    i=0
    while got=$(sql "$2"); test "$got" != "$3"; do
        i=$((i + 1))
        test $i -lt 100 || { bad "$1" "$2" "expected: $3" "got: $got"; return; }
        sleep 0.2
    done
    ok "$1"
}
