#!/bin/sh
# The README's lists of keys and options are those of the program.
readme=$TOP_SRCDIR/README.md
help=$("$DOMICILE" --help)
keys=$(printf '%s\n' "$help" | sed -n '/^keys:$/,/^$/p' | grep '^  ')
options=$(printf '%s\n' "$help" | sed -n '/^options of demo and sandbox:$/,/^$/p' | grep '^  ')
echo 1..2
number=0
check() { # WHAT LINES
    number=$((number + 1))
    missing=$(printf '%s\n' "$2" | while IFS= read -r line; do
        grep -qxF -- "$line" "$readme" || printf '# not in README.md: %s\n' "$line"
    done)
    if [ -n "$2" ] && [ -z "$missing" ]; then
        echo "ok $number - $1"
    else
        printf '%s\n' "$missing"
        echo "not ok $number - $1"
    fi
}
check 'keys' "$keys"
check 'options of demo and sandbox' "$options"
