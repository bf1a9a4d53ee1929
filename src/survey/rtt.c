/* rtt: what a round trip through each region takes, on a session through one of its nodes. */
#include "survey_private.h"

#include <string.h>

enum { AGAIN = 10 * USEC_PER_SEC, MOST_REGIONS = 8, SHORT_WAY = 5 * USEC_PER_MS };

static void ping(struct rtt *r);

static void answered(void *arg, struct pg_result *result, const struct pg_error *e, usec took) {
    struct rtt *r = arg;
    r->query = 0;
    bool first = e == NULL && r->least == 0;
    r->took = e == NULL ? took : -1;
    if (e == NULL && (r->least == 0 || took < r->least))
        r->least = took;
    if (first && took >= SHORT_WAY) { /* until now the way was counted as a cost */
        budget_clear(&r->s->budget);
        ask_hurry(r->s);
        pages_hurry(r->s);
    }
    pg_result_free(result);
    publish_changed(r->s, SURVEY_CHANGED_RTT);
}

static void ping(struct rtt *r) {
    const struct statement *st = statement_find("catalog/ping");
    struct pg_query q = {
        .sql = st->text, .timeout = 5 * USEC_PER_SEC, .purpose = "round trip", .done = answered, .arg = r};
    if (r->query == 0 && pg_connection_state(r->c) == PG_READY)
        r->query = pg_query(r->c, &q);
}

static void on_state(void *arg, enum pg_state state, const char *reason) {
    struct rtt *r = arg;
    free(r->reason);
    r->reason = mem_strdup(reason);
    if (state == PG_READY && r->query == 0)
        ping(r);
    else if (state == PG_WAITING || state == PG_CLOSED || state == PG_REFUSED || state == PG_NEEDS_PASSWORD) {
        r->dead = true;
        r->took = -1;
        publish_changed(r->s, SURVEY_CHANGED_RTT);
    } else if (state == PG_READY) {
        publish_changed(r->s, SURVEY_CHANGED_RTT);
    }
}

void survey_split_address(const char *address, char **host, char **port) {
    const char *colon = strrchr(address, ':');
    *host = colon != NULL ? mem_strndup(address, (size_t)(colon - address)) : mem_strdup(address);
    *port = colon != NULL ? mem_strdup(colon + 1) : NULL;
    size_t n = strlen(*host);
    if (n > 1 && (*host)[0] == '[' && (*host)[n - 1] == ']') {
        memmove(*host, *host + 1, n - 2);
        (*host)[n - 2] = '\0';
    }
}

static const char *option_of(const struct survey *s, const char *region) {
    for (size_t i = 0; i < s->gateways.len; i++)
        if (strcmp(s->gateways.items[i].region, region) == 0)
            return s->gateways.items[i].conninfo;
    return NULL;
}

static void open_one(struct rtt *r) {
    struct survey *s = r->s;
    struct pg_options o;
    struct pg_callbacks callbacks = {.state = on_state, .arg = r};
    char *host = NULL, *port = NULL;
    session_options(s, &o);
    o.connect_timeout = 5 * USEC_PER_SEC;
    if (option_of(s, r->region) != NULL) {
        o.conninfo = r->address;
    } else {
        survey_split_address(r->address, &host, &port);
        o.host = host;
        o.port = port;
    }
    r->dead = false;
    r->c = pg_connection_new(s->loop, &o, &callbacks, NULL);
    if (r->c != NULL)
        pg_connection_open(r->c);
    free(host);
    free(port);
}

static void rtt_drop(struct rtt *r) {
    pg_connection_free(r->c);
    free(r->region);
    free(r->address);
    free(r->reason);
    free(r);
}

static struct rtt *find(const struct survey *s, const char *region) {
    for (size_t i = 0; i < s->rtts.len; i++)
        if (strcmp(s->rtts.items[i]->region, region) == 0)
            return s->rtts.items[i];
    return NULL;
}

void rtt_retry(struct survey *s) {
    for (size_t i = 0; i < s->rtts.len; i++) {
        struct rtt *r = s->rtts.items[i];
        if (r->dead) {
            pg_connection_free(r->c);
            r->c = NULL;
            open_one(r);
        } else if (r->c != NULL) {
            ping(r);
        }
    }
}

static void tick(void *arg) { rtt_retry(arg); }

static void add(struct survey *s, const char *region, const char *address) {
    struct rtt *r = find(s, region);
    if (r != NULL || s->rtts.len >= MOST_REGIONS || s->once)
        return;
    r = mem_calloc(1, sizeof *r);
    r->s = s;
    r->region = mem_strdup(region);
    r->address = mem_strdup(address);
    r->took = -1;
    vec_push(&s->rtts, r);
    open_one(r);
    if (s->rtt_timer == NULL) {
        s->rtt_timer = loop_timer_new(s->loop, tick, s);
        loop_timer_start_at(s->rtt_timer, budget_beat(loop_now(s->loop) + AGAIN), AGAIN);
    }
}

/* A node of the region that lives and tells its address. */
static const struct node *node_in(const struct topology *t, const char *region) {
    for (size_t i = 0; i < t->nodes.len; i++) {
        const struct node *n = &t->nodes.items[i];
        if (n->liveness == LIVENESS_LIVE && n->sql_address != NULL && n->sql_address[0] != '\0'
            && str_eq(locality_region(&n->locality), region))
            return n;
    }
    return NULL;
}

void rtt_topology(struct survey *s) {
    const struct topology *t = snapshot_topology(&s->next);
    for (size_t i = 0; t != NULL && i < t->regions.len; i++) {
        const char *region = t->regions.items[i].name;
        const struct node *n = node_in(t, region);
        const char *given = option_of(s, region);
        if (given != NULL || n != NULL)
            add(s, region, given != NULL ? given : n->sql_address);
        struct rtt *r = find(s, region);
        if (r != NULL && r->dead && given == NULL && n != NULL && strcmp(r->address, n->sql_address) != 0) {
            free(r->address);
            r->address = mem_strdup(n->sql_address);
            r->least = 0;
        }
    }
}

const char *survey_gateway_state(const struct survey *s, const char *region, const char **reason) {
    const struct rtt *r = option_of(s, region) != NULL ? find(s, region) : NULL;
    *reason = r != NULL && r->reason != NULL ? r->reason : "";
    if (r == NULL)
        return NULL;
    if (r->c == NULL)
        return "down";
    switch (pg_connection_state(r->c)) {
    case PG_READY:
    case PG_BUSY:
    case PG_CANCELLING: return "up";
    case PG_IDLE:
    case PG_RESOLVING:
    case PG_CONNECTING: return "trying";
    case PG_NEEDS_PASSWORD: return "passwd";
    case PG_REFUSED: return "denied";
    case PG_WAITING:
    case PG_CLOSED: return "down";
    }
    return "down";
}

void rtt_free(struct survey *s) {
    for (size_t i = 0; i < s->rtts.len; i++)
        rtt_drop(s->rtts.items[i]);
    vec_free(&s->rtts);
    loop_timer_free(s->rtt_timer);
    s->rtt_timer = NULL;
}

usec survey_rtt(const struct survey *s, const char *region) {
    const struct rtt *r = find(s, region);
    return r != NULL ? r->took : -1;
}

static usec least(const struct survey *s, const char *region) {
    const struct rtt *r = region != NULL ? find(s, region) : NULL;
    return r != NULL ? r->least : 0;
}

usec rtt_way(const struct survey *s, const char *region) {
    const struct server_info *info = snapshot_server(&s->next);
    usec near = least(s, info != NULL ? info->gateway_region : NULL), far = least(s, region);
    usec way = near > far ? near : far;
    return way >= SHORT_WAY ? way : 0;
}

usec rtt_work(const struct survey *s, const char *region, usec took) {
    usec way = rtt_way(s, region);
    return took > way ? took - way : 0;
}
