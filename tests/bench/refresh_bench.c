/* refresh_bench: how long the explorer takes to read a hundred thousand ranges of a sandbox anew and judge them, beside
 * psql, which fetches the same answer and throws it away. */
#include "bench/line.h"
#include "support/server.h"
#include "survey/look.h"

#include "domicile/base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum { RANGES = 100000, ROUNDS = 3, PATIENCE = 60 };

static const struct part *verdicts(const struct look *l) {
    return survey_snapshot(l->s)->parts[PART_VERDICTS];
}

/* Turns until the verdicts rest on an answer younger than asked. False: it took too long. */
static bool wait_judged(struct look *l, usec asked) {
    usec end = loop_now(l->loop) + (usec)PATIENCE * USEC_PER_SEC;
    while (loop_now(l->loop) < end) {
        const struct part *ranges = survey_snapshot(l->s)->parts[PART_RANGES];
        if (verdicts(l) != NULL && ranges != NULL && ranges->asof >= asked && survey_idle(l->s))
            return true;
        loop_turn(l->loop, 50 * USEC_PER_MS);
    }
    return false;
}

/* Asks for everything anew; the ms until all of it is read and judged, -1 when it does not come. */
static double refresh_ms(struct look *l) {
    double at = bench_wall_ms();
    usec asked = loop_now(l->loop);
    survey_refresh(l->s);
    return wait_judged(l, asked) ? bench_wall_ms() - at : -1;
}

/* psql fetches the descriptors and the leaseholders, as the refresh does. */
static double psql_ms(const char *url) {
    struct str command = {0};
    str_add_f(&command, "psql '%s' -XAtq -o /dev/null -v ON_ERROR_STOP=1", url);
    str_add(&command,
        " -c \"SELECT range_id, start_key, end_key, start_pretty, replicas, replica_localities, voting_replicas,"
        " non_voting_replicas, learner_replicas FROM crdb_internal.ranges_no_leases WHERE database_name = 'django'\""
        " -c \"SELECT range_id, lease_holder FROM crdb_internal.ranges WHERE database_name = 'django'\"");
    double at = bench_wall_ms();
    int status = system(str_get(&command));
    str_free(&command);
    return status == 0 ? bench_wall_ms() - at : -1;
}

static double least(double a, double b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

int main(void) {
    static const char *const arguments[] = {"--compat", "22.1", "--ranges", "100000", NULL};
    struct server server;
    struct look l = {0};
    double ours = -1, theirs = -1;
    server_start(&server, arguments);
    look_at(&l, server.url, (usec)PATIENCE * USEC_PER_SEC);
    bool ok = wait_judged(&l, 0);
    for (int i = 0; ok && i < ROUNDS; i++) {
        ours = least(ours, refresh_ms(&l));
        theirs = least(theirs, psql_ms(server.url));
    }
    ok = ok && ours > 0 && theirs > 0 && snapshot_verdicts(survey_snapshot(l.s))->ranges.len >= RANGES;
    if (ok)
        ok = bench_line("100,000 ranges: a full refresh, by psql fetching the same", ours / theirs, 1.5, "times");
    else
        printf("100,000 ranges: a full refresh could not be measured\n");
    printf("  refresh %.0f ms, psql %.0f ms, least of %d\n", ours, theirs, ROUNDS);
    look_away(&l);
    ok = server_stop(&server) && ok;
    return ok ? 0 : 1;
}
