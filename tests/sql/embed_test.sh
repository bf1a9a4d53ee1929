#!/bin/sh
# embed-sql: headers are read, text is escaped for C, and bad headers stop the build.
embed=$TOP_SRCDIR/tools/embed-sql
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/sql/a"
n=0
ok() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
echo 1..7

printf -- '-- purpose: a "quoted" purpose\n-- versions: 22.1-22.2\n-- falls back to: a/older\n\nSELECT '"'"'\\x'"'"',\n\t"a"\n' \
    > "$dir/sql/a/one.sql"
out=$(sh "$embed" "$dir")
printf "%s\n" "$out" | grep -q '.name = "a/one"'; ok $? "the name is the path without .sql"
printf "%s\n" "$out" | grep -q '.from = 2201,'; ok $? "versions begin"
printf "%s\n" "$out" | grep -q '.to = 2202,'; ok $? "and end"
printf "%s\n" "$out" | grep -qF '\"quoted\"'; ok $? "quotes are escaped"
printf "%s\n" "$out" | grep -qF "SELECT '\\\\x'"; ok $? "backslashes are escaped"
printf 'SELECT 1\n' > "$dir/sql/a/two.sql"
if sh "$embed" "$dir" > /dev/null 2>&1; then ok 1 "a file without a purpose stops it"
else ok 0 "a file without a purpose stops it"; fi
printf -- '-- purpose: x\n-- versions: new\nSELECT 1\n' > "$dir/sql/a/two.sql"
if sh "$embed" "$dir" > /dev/null 2>&1; then ok 1 "a version that is none stops it"
else ok 0 "a version that is none stops it"; fi
