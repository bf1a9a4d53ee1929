# sandbox.hold_schema_changes: somebody's lease on the schema delays the jobs of every schema change. What it changes holds at once,
# the answer waits for the job; who gives up waiting does not undo it. And has_database_privilege() and its kin, by GRANTs.
. "$TOP_SRCDIR/tests/support/psql.sh"

held() {
    runs "$version: a database" 'CREATE DATABASE x PRIMARY REGION uksouth REGIONS "eu-west-1", "europe-west4"'
    db=x
    is "$version: no job runs" "SELECT count(*) FROM [SHOW JOBS] WHERE status = 'running'" 0
    runs "$version: held" 'SELECT sandbox.hold_schema_changes(600)'
    got=$(sql "SET statement_timeout = '1s'; ALTER DATABASE x SURVIVE REGION FAILURE")
    case $got in
    *'query execution canceled due to statement timeout'*) ok "$version: whoever waits gives up";;
    *) bad "$version: whoever waits gives up" "$got";;
    esac
    waits=none
    case $got in *'waiting for job(s) to complete: '[0-9]*) waits=told;; esac
    expected=none
    test $version = 22.1 || expected=told
    if test $waits = $expected; then ok "$version: the notice comes before the wait"; else bad "$version: the notice" "$got"; fi
    is "$version: what was asked for is so" 'SELECT survival_goal FROM [SHOW SURVIVAL GOAL FROM DATABASE x]' region
    is "$version: its job goes on" "SELECT count(*), max(fraction_completed) FROM [SHOW JOBS] WHERE status = 'running'" '1 0'
    is "$version: what is no change of the schema does not wait" 'SELECT 1' 1
    runs "$version: let go" 'SELECT sandbox.hold_schema_changes(0)'
    before=$(date +%s)
    runs "$version: the next one does not wait" 'ALTER DATABASE x SURVIVE ZONE FAILURE'
    test $(($(date +%s) - before)) -le 5 && ok "$version: it was quick" || bad "$version: it was quick"
    runs "$version: held for a while" 'SELECT sandbox.hold_schema_changes(2)'
    before=$(date +%s)
    runs "$version: and waited for" 'ALTER DATABASE x SURVIVE REGION FAILURE'
    test $(($(date +%s) - before)) -ge 1 && ok "$version: for as long" || bad "$version: for as long"
    becomes "$version: every job has ended" "SELECT count(*) FROM [SHOW JOBS] WHERE status <> 'succeeded'" 0
    is "$version: not for ever" "SELECT sandbox.hold_schema_changes(1e9)" 'ERROR:  schema changes are held for 0 to 86400 seconds'
    is "$version: not in a read-only transaction" 'BEGIN READ ONLY; SELECT sandbox.hold_schema_changes(1)' \
        'ERROR:  cannot execute sandbox.hold_schema_changes in a read-only transaction'
}

# as USER NAME STATEMENT EXPECTED
as() {
    root=$base
    base=$(echo "$base" | sed "s|//root@|//$1@|")
    is "$version: $1: $2" "$3" "$4"
    base=$root
}
may() { as "$1" "the database" "SELECT has_database_privilege(current_database(), 'CREATE')" "$2"
    as "$1" "the table" "SELECT has_table_privilege('t', 'TRIGGER')" "$3"
    as "$1" "which tables" "$(cat "$TOP_SRCDIR/sql/catalog/right-tables.sql")" "$4"; }

rights() {
    runs "$version: a table" 'CREATE TABLE t (id INT PRIMARY KEY)'
    for user in ann bea cid dan eve; do runs "$version: $user" "CREATE USER $user"; done
    runs "$version: grants" 'CREATE ROLE r; GRANT r TO bea; GRANT CREATE ON TABLE t TO r; GRANT CREATE ON DATABASE x TO cid; GRANT admin TO dan; GRANT SELECT ON t TO eve'
    may root t t 'public t'
    may ann f f ''
    may bea f t 'public t'
    may cid t f ''
    may dan t t 'public t'
    may eve f f ''
    is "$version: somebody else's" "SELECT has_table_privilege('bea', 't', 'TRIGGER'), has_table_privilege('eve', 't', 'INSERT')" 't f'
    is "$version: no such user" "SELECT has_database_privilege('zoe', 'x', 'CREATE')" "ERROR:  role 'zoe' does not exist"
    is "$version: no such word" "SELECT has_database_privilege('x', 'FLY')" 'ERROR:  unrecognized privilege type: "FLY"'
    is "$version: a role" "SELECT pg_has_role('bea', 'r', 'USAGE'), pg_has_role('eve', 'r', 'MEMBER')" 't f'
    runs "$version: everybody" 'GRANT CREATE ON t TO public'
    may ann f t 'public t'
}

for version in 22.1 26.1; do
    start --compat $version
    held
    rights
    stop
done
echo "1..$n"
