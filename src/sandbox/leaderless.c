/* leaderless: the error of a replica without a leader. Its text, from an answer of 26.1, tells the insides of raft; terms
 * and indexes there are the sandbox's own. */
#include "leaderless.h"

#include "domicile/base/str.h"

#include <string.h>
#include <time.h>

/* kv.replica_raft.leaderless_unavailable_threshold is 1 minute. */
enum { FIRST_VERSION = 2501, THRESHOLD = 60 * USEC_PER_SEC, CLOSED_LAG = 7 * USEC_PER_SEC };

static bool is_down(const struct engine *e, const struct replica *p) { return !world_node(e->world, p->store_id)->up; }

static void add_replica(struct str *out, const struct world_range *r, size_t i) {
    const struct replica *p = &r->replicas.items[i];
    str_add_f(out, "(n%d,s%d):%zu%s", p->store_id, p->store_id, i + 1,
        p->kind == REPLICA_NON_VOTER ? "NON_VOTER" : p->kind == REPLICA_LEARNER ? "LEARNER" : "");
}

/* /Table/106/4/"@"{-/PrefixEnd}: what both keys begin with stands once. */
static void add_span(struct str *out, const struct world_range *r) {
    struct str start = {0}, end = {0};
    key_print(&start, &r->start);
    key_print(&end, &r->end);
    size_t n = 0;
    while (str_get(&start)[n] && str_get(&start)[n] == str_get(&end)[n])
        n++;
    str_add_f(out, "%.*s{%s-%s}", (int)n, str_get(&start), str_get(&start) + n, str_get(&end) + n);
    str_free(&start);
    str_free(&end);
}

/* The live replica that is nearest to the gateway serves the read, or would. */
static size_t nearest(const struct engine *e, const struct world_range *r, int gateway) {
    size_t best = r->replicas.len;
    for (size_t i = 0; i < r->replicas.len; i++)
        if (!is_down(e, &r->replicas.items[i]) &&
            (best == r->replicas.len || world_rtt(e->world, gateway, r->replicas.items[i].store_id) <
                world_rtt(e->world, gateway, r->replicas.items[best].store_id)))
            best = i;
    return best;
}

static void add_down(struct str *out, const struct engine *e, const struct world_range *r) {
    const char *separator = "";
    for (size_t i = 0; i < r->replicas.len; i++)
        if (r->replicas.items[i].kind == REPLICA_VOTER && is_down(e, &r->replicas.items[i])) {
            str_add(out, separator);
            add_replica(out, r, i);
            separator = ",";
        }
}

static void add_time(struct str *out, int64_t wall) {
    const time_t seconds = (time_t)(wall / (int64_t)USEC_PER_SEC);
    struct tm tm = {0};
    char text[32];
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
    str_add_f(out, "%lld.%09lld,0 (%s)", (long long)seconds, (long long)(wall % (int64_t)USEC_PER_SEC) * 1000, text);
}

bool leaderless_fail(const struct engine *e, const struct world_range *r, int gateway, struct result *out) {
    const int64_t since = world_leaderless_since(e->world, r);
    const size_t own = nearest(e, r, gateway);
    struct str text = {0};
    if (e->compat < FIRST_VERSION || !since || world_wall_now(e->world) - since < (int64_t)THRESHOLD ||
        own == r->replicas.len)
        return false;
    str_add(&text, "replica unavailable: ");
    add_replica(&text, r, own);
    str_add_f(&text, " unable to serve request to r%lld:", (long long)r->id);
    add_span(&text, r);
    str_add(&text, " [");
    for (size_t i = 0; i < r->replicas.len; i++) {
        add_replica(&text, r, i);
        str_add(&text, ", ");
    }
    str_add_f(&text, "next=%zu, gen=%zu]: lost quorum (down: ", r->replicas.len + 1, r->replicas.len);
    add_down(&text, e, r);
    str_add(&text, "); closed timestamp: ");
    add_time(&text, since - (int64_t)CLOSED_LAG);
    str_add_f(&text,
        "; raft status: {\"id\":\"%zx\",\"term\":5,\"vote\":\"0\",\"commit\":10,\"lead\":\"0\",\"leadEpoch\":\"0\","
        "\"raftState\":\"StateFollower\",\"applied\":10,\"progress\":{},\"leadtransferee\":\"0\"}: "
        "replica has been leaderless for 1m0s",
        own + 1);
    result_fail(out, "XXUUU", "%s", str_get(&text));
    str_free(&text);
    return true;
}
