# COPY: rows in and out as lines of text and of CSV, and what is refused, on both versions.
. "$TOP_SRCDIR/tests/support/psql.sh"

# copies NAME EXPECTED: what psql says to the statements and rows of the standard input.
copies() {
    got=$(psql -X -q -A -t -v VERBOSITY=terse "$base/defaultdb?sslmode=disable" 2>&1)
    if test "$got" = "$2"; then ok "$version: $1"; else bad "$version: $1" "expected: $2" "got: $got"; fi
}

for version in 22.1 26.1; do
    start --compat $version
    sql 'CREATE TABLE c (k INT PRIMARY KEY, v STRING, a INT[], n INT AS (k + 1) STORED)' >/dev/null
    copies 'text' '' <<'END'
COPY c FROM STDIN;
1	one\ttab\\	{1,2}
2	\N	\N
\.
END
    is "$version: text" "SELECT count(*) FROM c WHERE (k = 1 AND v = e'one\\ttab\\\\' AND a[2] = 2 AND n = 2) OR (k = 2 AND v IS NULL AND a IS NULL)" 2
    copies 'CSV' '' <<'END'
COPY c (k, v) FROM STDIN WITH (FORMAT csv, HEADER);
k,v
3,"a ""quoted"", one"
4,
5,""
\.
END
    is "$version: CSV" "SELECT string_agg(k::STRING || coalesce(v, 'NULL'), ';' ORDER BY k) FROM c WHERE k > 2" '3a "quoted", one;4NULL;5'
    copies 'a row that is there already undoes all' 'ERROR:  duplicate key value violates unique constraint "c_pkey"
5' <<'END'
COPY c (k) FROM STDIN;
8
1
\.
SELECT count(*) FROM c;
END
    copies 'a line with too few values' 'ERROR:  expected 2 values, got 1' <<'END'
COPY c (k, v) FROM STDIN;
9
\.
END
    copies 'within a transaction' '7
5' <<'END'
BEGIN;
COPY c (k) FROM STDIN;
10
11
\.
SELECT count(*) FROM c;
ROLLBACK;
SELECT count(*) FROM c;
END
    copies 'in a read-only transaction' 'ERROR:  cannot execute COPY in a read-only transaction' <<'END'
BEGIN READ ONLY; COPY c (k) FROM STDIN;
END
    # One by one: by its release psql goes on or not after a COPY that fails.
    copies 'into no table' 'ERROR:  relation "nope" does not exist' <<'END'
COPY nope FROM STDIN;
END
    copies 'into no column' 'ERROR:  column "nope" does not exist' <<'END'
COPY c (nope) FROM STDIN;
END
    copies 'into a computed column' 'ERROR:  cannot write directly to computed column "n"' <<'END'
COPY c (k, n) FROM STDIN;
END
    copies 'in binary' 'ERROR:  COPY in binary format is not supported by this sandbox' <<'END'
COPY c FROM STDIN BINARY;
END
    seq 100 1599 | psql -X -q "$base/defaultdb?sslmode=disable" -c '\copy c (k) FROM STDIN'
    is "$version: many rows" 'SELECT count(*) FROM c WHERE n > 100' 1500
    if test $version = 26.1; then
        copies 'out' '1	one\ttab\\
2	\N' <<'END'
COPY (SELECT k, v FROM c WHERE k < 3 ORDER BY k) TO STDOUT;
END
        copies 'out as CSV' 'k,v
3,"a ""quoted"", one"
4,
5,""' <<'END'
COPY (SELECT k, v FROM c WHERE k BETWEEN 3 AND 5 ORDER BY k) TO STDOUT WITH CSV HEADER;
END
    else
        got=$(sql 'COPY c TO STDOUT')
        case $got in *'at or near "to": syntax error'*) ok "$version: out";; *) bad "$version: out" "$got";; esac
    fi
    stop
done
echo "1..$n"
