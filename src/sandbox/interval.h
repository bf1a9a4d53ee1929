/* interval: months, days and microseconds, which the server keeps apart. */
#ifndef DOMICILE_SANDBOX_INTERVAL_H
#define DOMICILE_SANDBOX_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

struct interval {
    int64_t months, days, usec;
};
/* "1 year 2 mons 3 days 04:05:06", "-1.5 hours", "P1DT2H", "90m"; false when it is none. */
bool interval_parse(const char *text, struct interval *out);
/* As the server prints one. The caller frees. */
char *interval_print(struct interval i);
/* With months of 30 days. */
int64_t interval_total(struct interval i);
/* A time (µs since 2000) so much later; the day of the month is held to the month's length. */
int64_t interval_after(int64_t time, struct interval i);

#endif
