# What a real 26.1 cluster answered, statement by statement, against the sandbox.
. "$TOP_SRCDIR/tests/sandbox/replay_run.sh"
replay_run 26.1 "$@"
