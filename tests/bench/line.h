/* line: one line of the benchmark's table: what was measured, the measure, the limit, and how they compare. */
#ifndef TESTS_BENCH_LINE_H
#define TESTS_BENCH_LINE_H

#include <stdbool.h>

/* Prints "what  value  limit  ratio  within" (the heading is in bench.am) and returns whether value is within the
 * limit. The limits are the project's own; a ratio of 1.00 or less is within. */
bool bench_line(const char *what, double value, double limit, const char *unit);
/* CPU time of this process and the monotonic clock in ms, and the most memory it ever held in MB. */
double bench_cpu_ms(void);
double bench_wall_ms(void);
double bench_peak_mb(void);

#endif
