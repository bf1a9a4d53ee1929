/* look: a survey on its loop against a server of recordings. */
#ifndef TESTS_SURVEY_LOOK_H
#define TESTS_SURVEY_LOOK_H

#include "support/patience.h"
#include "survey/recorded.h"

#include "domicile/loop/loop.h"
#include "domicile/survey/survey.h"

struct look {
    struct loop *loop;
    struct survey *s;
    struct recorded server;
    int page_rows; /* set before the start; 0: as usual */
    const struct survey_gateway *gateways; /* the same */
    size_t gateway_count;
    unsigned parts;
    void (*changed)(void *arg, unsigned parts); /* told besides; NULL nobody */
    void *arg;
    char feed[4096];
};

void look_start(struct look *l, const char *version, const struct recorded_row *rows, usec timeout);
void look_stop(struct look *l);
/* The same at a server of somebody else's. */
void look_at(struct look *l, const char *conninfo, usec timeout);
void look_away(struct look *l);

/* Turns the loop until the condition holds; fails after so many seconds. */
#define WAIT_AT_MOST(l, seconds, condition) \
    do { \
        usec end_ = loop_now((l)->loop) + (usec)(seconds) * patience() * USEC_PER_SEC; \
        while (!(condition) && loop_now((l)->loop) < end_) \
            loop_turn((l)->loop, 50 * USEC_PER_MS); \
        if (!(condition)) \
            print_message("state: %s\nfeed: %s\n", survey_state_text((l)->s), (l)->feed); \
        assert_true(condition); \
    } while (0)
#define WAIT_FOR(l, condition) WAIT_AT_MOST(l, 5, condition)

#endif
