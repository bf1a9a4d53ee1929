/* model: everything the views draw from: the picture of the cluster, what happened, what is selected,
 * how the actions stand. The program fills it; views read it and never ask anybody else. */
#ifndef DOMICILE_UI_MODEL_H
#define DOMICILE_UI_MODEL_H

#include "domicile/actions/change.h"
#include "domicile/actions/insert.h"
#include "domicile/cluster/event.h"
#include "domicile/survey/survey.h"

enum pane_id { PANE_REGIONS, PANE_TABLES, PANE_ROWS, PANE_REPORT, PANE_FEED, PANE_COUNT };

/* Which line of a list is selected and which is at the top. anchor names the selected one, so that it
 * stays selected when the list changes; NULL none. */
struct list_state {
    size_t selected;
    size_t top;
    char *anchor;
};

/* A replica that changed a moment ago. */
struct lit_replica {
    int64_t range_id;
    int store_id;
    usec at;
};

/* How the answers to one part's questions stand. */
struct model_part {
    usec waiting_since; /* 0: nothing is awaited */
    usec interval;      /* 0 unknown */
    char *problem;      /* a sentence; NULL fine */
};

struct region_rtt {
    char *region;
    usec rtt; /* -1 not measured */
    const char *gateway;  /* how its session stands, a word; NULL: none was given. Not owned */
    char *gateway_reason; /* "" none */
};

struct region_rtts {
    VEC(struct region_rtt);
};
/* NULL: none of that region. */
const struct region_rtt *model_find_rtt(const struct region_rtts *in, const char *region);
void model_free_rtts(struct region_rtts *r);

/* Replicas abroad at one time, for the sparkline. */
struct trend_sample {
    usec at;
    int abroad;
    int gaps;
};

enum message_kind { MESSAGE_INFO, MESSAGE_GOOD, MESSAGE_WARN, MESSAGE_BAD };

struct model {
    usec now;      /* loop time of this turn */
    int64_t wall;  /* the same by the wall clock */

    struct snapshot live;  /* the newest picture */
    struct snapshot shown; /* what the views draw: the newest, or the frozen one */
    bool frozen;
    int64_t frozen_wall;

    enum survey_state state;
    char *state_text; /* a sentence */
    usec retry_at;    /* loop time of the next attempt to connect; 0 none */
    char *address;    /* "127.0.0.1:26257" */
    char *table;      /* whose rows are shown; "" none */
    struct model_part parts[PART_KINDS];
    char *leases_problem;
    bool watches_all; /* new rows are found everywhere, not only on the page */
    struct region_rtts rtts;
    VEC_STRUCT(char *) databases;

    enum pane_id focus;
    bool zoomed;
    struct list_state lists[PANE_COUNT];
    char *filter;      /* of the Rows pane, or of the Tables pane when that has the focus; NULL none */
    enum pane_id filter_pane;
    bool read_only;

    struct events feed; /* oldest first, at most MODEL_FEED */
    VEC_STRUCT(struct lit_replica) lit;
    usec lit_for; /* how long changes stay lit */
    VEC_STRUCT(struct trend_sample) trend; /* at most one a second, the last ten minutes */
    usec report_clean_since; /* loop time since when CockroachDB's report names no violation; 0: it does, or unknown */

    const struct change_progress *change; /* the last change of this session; NULL none. Owned by the change */
    int64_t change_wall;                  /* wall clock when it began */

    char *message; /* one line in the place of the footer; NULL none */
    enum message_kind message_kind;

    usec next_change; /* set while painting: loop time at which the picture changes by itself; 0 never */
};

enum { MODEL_FEED = 2000 };

/* model_init makes the state of a screen that has seen nothing yet; model_free lets go of the snapshot and the lists. */
void model_init(struct model *m);
void model_free(struct model *m);
/* Takes a new picture over (shares its parts); changed as of survey's callback. */
void model_update(struct model *m, const struct snapshot *s, unsigned changed);
void model_add_events(struct model *m, const struct events *events);
void model_freeze(struct model *m, bool frozen);
void model_message(struct model *m, enum message_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void model_clear_message(struct model *m);
/* The picture changes by itself at loop time at: paint again then. */
void model_wake_at(struct model *m, usec at);

/* Whether the replica changed less than lit_for ago; wakes when that ends. store_id 0: any of the range. */
bool model_is_lit(struct model *m, int64_t range_id, int store_id);
/* Whether something that happened at (loop time, 0 never) is still lit. */
bool model_lit_since(struct model *m, usec at);

/* -- the selection -- */
/* Index of a region in the database's order, for its column and colour; -1 none. */
int model_region_index(const struct model *m, const char *region);
/* Rows of all pages in the order shown, filtered. */
struct model_row {
    const struct row *row;
    const struct row_page *page;
};
size_t model_row_count(const struct model *m);
bool model_row_at(const struct model *m, size_t i, struct model_row *out);
/* Tables in the order shown (by row first, then by name), filtered. */
size_t model_table_count(const struct model *m);
const struct table *model_table_at(const struct model *m, size_t i, const struct table_verdict **verdict);
/* Regions of the database, else of the cluster. */
size_t model_region_count(const struct model *m);
const char *model_region_at(const struct model *m, size_t i);
usec model_rtt(const struct model *m, const char *region);
/* What is shown of a round trip that was measured anew: what was shown before, as long as the two differ by no more
 * than they do from one measurement to the next. -1: not measured. */
usec model_steady_rtt(usec shown, usec measured);
/* NULL when nothing is known of it. */
const struct region_rtt *model_gateway(const struct model *m, const char *region);
/* What names line i of a pane's list (key of a row, name of a table); the caller frees, NULL beyond. */
char *model_anchor(const struct model *m, enum pane_id pane, size_t i);
/* Moves the selections to where their anchors are now. */
void model_reanchor(struct model *m);
/* Selects line i (cut to the list). */
void model_select(struct model *m, enum pane_id pane, size_t i);
size_t model_count(const struct model *m, enum pane_id pane);

#endif
