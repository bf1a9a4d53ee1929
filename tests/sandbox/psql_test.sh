# What psql's backslash commands show, on both versions, as the recorded servers answer them.
. "$TOP_SRCDIR/tests/support/psql.sh"

# shows NAME COMMAND LINES...: the command's answer, without blank lines and the line that counts rows.
shows() {
    name=$1 command=$2
    shift 2
    expected=$(printf '%s\n' "$@")
    got=$(psql -X -A -t -F ' ' "$base/m?sslmode=disable" -c "$command" 2>&1 | sed -e '/^$/d' -e '/^LINE/d')
    if test "$got" = "$expected"; then ok "$version: $name"; else bad "$version: $name" "$command" "expected: $expected" "got: $got"; fi
}

for version in 22.1 26.1; do
    start --compat $version
    sql 'CREATE DATABASE m PRIMARY REGION uksouth' >/dev/null
    db=m
    sql 'CREATE TABLE t (k INT PRIMARY KEY, v VARCHAR(20) NOT NULL, UNIQUE (v)) LOCALITY REGIONAL BY ROW' >/dev/null
    sql 'CREATE VIEW w AS SELECT k FROM t' >/dev/null
    sql 'CREATE SEQUENCE sq' >/dev/null
    if test $version = 22.1; then
        node='unknown (OID=3233629770)'
        shows 'roles' '\du' 'admin Superuser, Create role, Create DB {}' 'root Superuser, Create role, Create DB {admin}'
        shows 'types' '\dT' 'public crdb_internal_region[] '
    else
        node=node
        shows 'roles' '\du' 'admin Superuser, Create role, Create DB, Replication, Bypass RLS {}' \
            'node Superuser, Create role, Create DB, Cannot login, Replication, Bypass RLS {}' \
            'root Superuser, Create role, Create DB, Replication, Bypass RLS {admin}'
        shows 'types' '\dT' 'public crdb_internal_region '
    fi
    shows 'tables' '\dt' "pg_extension geography_columns table $node" "pg_extension geometry_columns table $node" \
        "pg_extension spatial_ref_sys table $node" 'public t table root'
    shows 'relations' '\d' "pg_extension geography_columns table $node" "pg_extension geometry_columns table $node" \
        "pg_extension spatial_ref_sys table $node" 'public sq sequence root' 'public t table root' 'public w view root'
    shows 'indexes' '\di' 'public t_pkey index root t' 'public t_v_key index root t'
    shows 'views' '\dv' 'public w view root'
    shows 'extensions' '\dx'
    shows 'functions' '\df'
    shows 'a table' '\d t' 'ERROR:  at or near ".": syntax error' 'DETAIL:  source SQL:' 'SELECT c.oid,' '  n.nspname,' '  c.relname' \
        'FROM pg_catalog.pg_class c' '     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace' \
        "WHERE c.relname OPERATOR(pg_catalog.~) '^(t)\$' COLLATE pg_catalog.default" \
        '                                                                 ^'
    shows 'with sizes' '\d+' 'ERROR:  unknown function: pg_catalog.pg_size_pretty()'
    stop
done
echo "1..$n"
