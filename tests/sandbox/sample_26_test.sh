# The answers and samples of a second 26.1 cluster: its conversion, both policies, a region's outage.
. "$TOP_SRCDIR/tests/sandbox/replay_run.sh"
sandbox_options="--report-interval 5s"
replay_run 26.1 -f 2026-11-23T19:10:19.5 "$@"
