/* line: one line of the benchmark's table. */
#include "bench/line.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

bool bench_line(const char *what, double value, double limit, const char *unit) {
    char values[32], limits[32], ratio[32];
    bool within = value <= limit;
    (void)snprintf(values, sizeof values, "%.1f %s", value, unit);
    (void)snprintf(limits, sizeof limits, "%.1f %s", limit, unit);
    (void)snprintf(ratio, sizeof ratio, "%.2f", value / limit);
    printf("%-62s %14s %14s %6s  %s\n", what, values, limits, ratio, within ? "yes" : "NO");
    fflush(stdout);
    return within;
}

static double ms(const struct timespec *t) {
    return (double)t->tv_sec * 1e3 + (double)t->tv_nsec / 1e6;
}

double bench_cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return ms(&t);
}

double bench_wall_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return ms(&t);
}

double bench_peak_mb(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_maxrss / 1024;
}
