/* pages: the rows of the shown table, a page of each home region, each with its own query. */
#ifndef SURVEY_PAGES_H
#define SURVEY_PAGES_H

#include "survey_private.h"

/* A row as read; values in the order of pages.columns. */
struct page_row {
    VEC_STRUCT(char *) values;
    usec landed;
};
struct page_rows {
    VEC(struct page_row);
};

/* Keys of the page's region beyond what is shown. */
struct watch {
    VEC_STRUCT(char *) keys; /* sorted */
    bool read;
    bool too_many;
    uint64_t query;
    usec due, since;
};

struct page {
    struct survey *s;
    struct watch watch;
    char *region;         /* NULL: not by row */
    struct page_rows rows;
    bool read;            /* rows hold an answer to the cursor below */
    bool more_before, more_after;
    usec asof;
    int64_t asof_wall;
    char *problem;
    /* where it begins: after (or, down, before) this key; none: at the end that it comes from */
    VEC_STRUCT(char *) cursor;
    bool down;
    bool back;            /* turned back to, and not read yet: a follower may answer */
    bool followed;        /* rows came from a follower, as of asof; the next reading is watched again */
    /* what is under way */
    bool following;       /* a follower read */
    uint64_t query;
    enum session_kind on;
    usec since;
    bool tried;
    bool slow;            /* did not answer in time: asked on the session where that hurts nobody */
    usec planned, last;   /* when what is under way was due, and what was asked for last */
    usec due;             /* loop time */
};

struct pages {
    char *wanted;         /* table the user asked for; NULL: the first by row */
    bool none;            /* the user wants no rows */
    char *table;          /* shown; NULL none */
    char *shown;          /* its name as table_shown() has it */
    char *schema;
    char *region_column;  /* NULL: not by row */
    VEC_STRUCT(char *) columns;
    VEC_STRUCT(char *) types;
    size_t key_columns;
    VEC_STRUCT(bool) descending; /* of the key columns */
    VEC_STRUCT(struct page *) list;
    char *filter;
    char *problem;        /* why no page can be asked for; NULL */
    bool no_followers;    /* the server refuses follower reads */
    struct loop_timer *timer;
};

/* -- pages_ask -- */
/* Sends the page's statement on that session; false: it cannot be made (problem says why). */
bool page_send(struct page *p, struct pg_connection *c, enum session_kind kind);
void page_forget_query(struct page *p);
/* Appends the page's statement with that filter; for tests. */
bool page_sql(struct str *sql, const struct page *p, const char *filter, struct err *err);
/* The filter's piece of it, "" without one; the caller frees. */
char *page_filter(const struct pages *ps, size_t parameter);

/* -- landed -- */
/* Tells of rows of the snapshot that landed since this was called last. */
void landed_tell(struct survey *s);
void landed_gone(struct survey *s, const struct page *p, char *const *values, size_t n);
void landed_beyond(struct survey *s, const struct page *p, char *const *key, size_t n);

/* -- watch -- */
/* Asks for the keys when it is due; true when it would (now or once the session is free). */
bool watch_start(struct page *p);
void watch_free(struct page *p);
/* How many rows were found while keys were watched; where they were too many, that many. */
size_t watch_found(const struct pages *ps);
/* New rows of the region are noticed wherever they land. */
bool watch_whole(const struct page *p);

/* -- page -- */
/* The region whose rows the page holds, by that snapshot's catalog; NULL: none. */
const char *page_home(const struct page *p, const struct snapshot *in);
struct page *page_new(struct survey *s, const char *region);
void page_free(struct page *p);
void page_rows_free(struct page_rows *rows);
/* Takes an answer in; down: it came in turned-round order, limit: rows asked for (one more than shown). */
bool page_take(struct page *p, const struct pages *ps, const struct pg_result *r, int limit, usec now, struct err *err);
/* Turns the page; false: there is none in that direction. */
bool page_turn(struct page *p, const struct pages *ps, enum survey_page where);

#endif
