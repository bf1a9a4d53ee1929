/* headless_private: one run of a command for scripts, and the tasks that the commands are. */
#ifndef APP_HEADLESS_PRIVATE_H
#define APP_HEADLESS_PRIVATE_H

#include "domicile/command/headless.h"
#include "domicile/loop/loop.h"
#include "domicile/output/answer.h"
#include "domicile/survey/survey.h"

struct headless_task;

struct headless {
    const struct headless_options *options;
    const struct headless_task *task;
    enum output_format format;
    struct loop *loop;
    struct survey *survey;
    struct records records; /* printed at the end */
    void *state;            /* the task's own */
    struct err err;         /* why there is no answer */
    int status;
    bool stopped;
};

/* What a command does; each function may be NULL. */
struct headless_task {
    const char *name; /* of the command */
    bool keeps_reading; /* the survey goes on; otherwise everything is read once */
    bool prints;        /* the records are printed at the end */
    bool (*start)(struct headless *h); /* before anything is read; false with err: usage */
    void (*ready)(struct headless *h); /* each turn in which everything was read */
    void (*changed)(struct headless *h, unsigned parts);
    void (*happened)(struct headless *h, const struct events *events);
    void (*late)(struct headless *h);  /* --timeout passed; NULL: that is an error */
    void (*end)(struct headless *h);
};
extern const struct headless_task task_regions, task_tables, task_rows, task_ranges, task_report, task_check,
    task_passport, task_plan, task_placement, task_insert, task_watch, task_evidence, task_sql;

/* Ends the run with an exit code; with the error in h->err and its code. */
void headless_stop(struct headless *h, int status);
void headless_fail(struct headless *h);
/* A line on stderr: "domicile: kindtext", cleaned. */
void headless_say(const char *kind, const char *text);
/* Shows what will be done and asks on the terminal; --yes answers for it. False: no, or nobody can be asked (err). */
bool headless_confirm(struct headless *h, const char *preview);
/* Writes text or records to stdout at once; a reader that has gone ends the run quietly. */
void headless_write(struct headless *h, const char *text, size_t n);
void headless_print(struct headless *h, const struct records *r);
/* The database that is looked at; NULL not read. */
const struct database *headless_database(const struct headless *h);
/* False (err): there is no such table. */
bool headless_has_table(struct headless *h, const char *table);

#endif
