# replay_run VERSION [options of replay]: replays what was recorded of a version to a sandbox whose time stands still
# but for the replay. Sourced; sandbox_options holds more of the sandbox's options, a list of words.
replay_run() {
    version=$1
    shift
    tmp=$(mktemp -d) || exit 99
    trap 'kill $pid 2>/dev/null; rm -rf "$tmp"' EXIT
    : >"$tmp/out"
    "$DOMICILE" sandbox --listen 127.0.0.1:0 --empty --speed 0 --compat "$version" $sandbox_options >"$tmp/out" 2>"$tmp/err" &
    pid=$!
    i=0
    until grep -q '^ready$' "$tmp/out"; do
        i=$((i + 1))
        kill -0 $pid 2>/dev/null && test $i -lt 200 || { echo "Bail out! not ready: $(cat "$tmp/err")"; exit 99; }
        sleep 0.1
    done
    tests/sandbox/replay "$@" "$TRUTH/$version" "$tmp/out" "$TOP_SRCDIR/tests/sandbox/replay-differences.txt"
    kill -0 $pid 2>/dev/null || echo "Bail out! the sandbox ended: $(tail -n 5 "$tmp/err")"
}
