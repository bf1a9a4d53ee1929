#!/bin/sh
# Where there is no apt, bootstrap installs nothing: it names what is missing and stops.
set -u
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
count=0

ok() { count=$((count + 1)); echo "ok $count - $1"; }
not_ok() { count=$((count + 1)); echo "not ok $count - $1"; sed 's/^/# /' "$work/out"; }

# A system with only what a shell script needs: no apt, no compiler, no pkg-config.
mkdir "$work/bin" "$work/house"
for tool in sh dirname sed cat getconf id printf env; do
    ln -s "$(command -v $tool)" "$work/bin/$tool" 2>/dev/null || true
done
cp "$TOP_SRCDIR/bootstrap" "$work/house/"

echo 1..4
for command in build demo; do
    env -i PATH="$work/bin" HOME="$work" sh "$work/house/bootstrap" $command >"$work/out" 2>&1
    status=$?
    missing=''
    for word in 'no apt' autoconf automake pkg-config 'cc' ncursesw libpq readline sqlite3 jansson openssl; do
        grep -q -- "$word" "$work/out" || missing="$missing $word"
    done
    if [ $status -ne 0 ] && [ -z "$missing" ]; then
        ok "bootstrap $command names what is missing and stops"
    else
        echo "# exit $status; not named:$missing"
        not_ok "bootstrap $command names what is missing and stops"
    fi
done

env -i PATH="$work/bin" HOME="$work" sh "$work/house/bootstrap" check >"$work/out" 2>&1
status=$?
if [ $status -ne 0 ] && grep -q cmocka "$work/out" && grep -q psql "$work/out"; then
    ok 'bootstrap check names what the tests need, too'
else
    not_ok 'bootstrap check names what the tests need, too'
fi

env -i PATH="$work/bin" HOME="$work" sh "$work/house/bootstrap" nonsense >"$work/out" 2>&1
status=$?
if [ $status -eq 64 ] && grep -q nonsense "$work/out"; then
    ok 'an unknown command is named'
else
    not_ok 'an unknown command is named'
fi
