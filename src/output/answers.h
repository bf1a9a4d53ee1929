/* What the answers share. */
#ifndef OUTPUT_ANSWERS_H
#define OUTPUT_ANSWERS_H

#include "domicile/output/answer.h"

/* Adds fields by name, ended by NULL. */
void answer_fields(struct records *r, const char *const *names);
/* A list of the replicas of one kind as "n5"; those abroad only when abroad is not NULL. */
json_t *answer_replicas(const struct range *r, const struct topology *t, enum replica_kind kind);
/* The stores of a verdict's replicas abroad. */
json_t *answer_abroad(const struct domicile_verdict *v, const struct topology *t);
/* How old the oldest is of what verdicts rest on, in µs; -1: something was never read. */
usec answer_age(const struct answer_input *in);
/* "age_ms" of a record; null when it is not known. */
void answer_set_age(json_t *record, const struct answer_input *in);
/* "moving", "unavailable". */
json_t *answer_flags(unsigned flags);

void regions_begin(struct records *r, const struct answer_input *in);
void regions_append(struct records *r, const struct answer_input *in);
void tables_begin(struct records *r, const struct answer_input *in);
void tables_append(struct records *r, const struct answer_input *in);
void ranges_begin(struct records *r, const struct answer_input *in);
void ranges_append(struct records *r, const struct answer_input *in);
void rows_begin(struct records *r, const struct answer_input *in);
void rows_append(struct records *r, const struct answer_input *in);
void report_begin(struct records *r, const struct answer_input *in);
void report_append(struct records *r, const struct answer_input *in);
void check_begin(struct records *r, const struct answer_input *in);
void check_append(struct records *r, const struct answer_input *in);
enum answer_says check_says(const struct answer_input *in);

#endif
