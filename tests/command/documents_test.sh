#!/bin/sh
# The manual page and the completions are up to date, and say what --help says, neither more nor less.
documents=$(dirname "$DOMICILE")/../tools/documents
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
bad() { n=$((n + 1)); echo "not ok $n - $1"; sed 's/^/# /' "$tmp/diff"; }
same() { if diff "$2" "$3" >"$tmp/diff" 2>&1 && test -s "$2"; then ok "$1"; else bad "$1"; fi; }

while read -r what file; do
    "$documents" "$what" >"$tmp/now"
    same "$file is up to date (make documents writes it)" "$tmp/now" "$TOP_SRCDIR/$file"
done <<'END'
man docs/domicile.1
bash completion/bash/domicile
zsh completion/_domicile
fish completion/domicile.fish
END

"$DOMICILE" --help | sed -n 's/^  domicile \([a-z]*\) .*/\1/p' >"$tmp/commands"
sed -n 's/^\.SS "domicile \([a-z]*\).*/\1/p' "$TOP_SRCDIR/docs/domicile.1" >"$tmp/of_man"
same 'the manual has the commands of --help' "$tmp/commands" "$tmp/of_man"
while read -r command; do
    "$DOMICILE" "$command" --help | sed -n 's/^ .*--\([a-z-]*\).*/\1/p' | sort -u >"$tmp/options"
    awk -v c="$command" '/^\.S[SH] / {on = index($0, ".SS \"domicile " c " ") == 1 || $0 == ".SS \"domicile " c "\""} on' "$TOP_SRCDIR/docs/domicile.1" |
        tr -d '\\' | sed -n 's/^fB.*--\([a-z-]*\)fR.*/\1/p' | sort -u >"$tmp/man"
    same "the manual has the options of $command" "$tmp/options" "$tmp/man"
    sed -n "s/^complete .*_from $command' -l \([a-z-]*\).*/\1/p" "$TOP_SRCDIR/completion/domicile.fish" | sort -u >"$tmp/fish"
    same "fish has the options of $command" "$tmp/options" "$tmp/fish"
    awk -v c="    $command)" '$0 == c {on = 1} / ;;$|^        ;;$/ {on = 0} on' "$TOP_SRCDIR/completion/_domicile" |
        sed -n "s/^ *'\*--\([a-z-]*\)[=[].*/\1/p" | sort -u >"$tmp/zsh"
    same "zsh has the options of $command" "$tmp/options" "$tmp/zsh"
    if command -v bash >/dev/null 2>&1; then
        # The single quotes hold a script for bash.
        # shellcheck disable=SC2016
        bash -c '. "$1"; COMP_WORDS=(domicile "$2" --); COMP_CWORD=2; _domicile; printf "%s\n" "${COMPREPLY[@]}"' - \
            "$TOP_SRCDIR/completion/bash/domicile" "$command" | sed 's/^--//' | sort -u >"$tmp/bash"
        same "bash completes the options of $command" "$tmp/options" "$tmp/bash"
    fi
done <"$tmp/commands"
echo "1..$n"
