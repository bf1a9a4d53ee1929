/* replay_sample: the recorded samples of ranges that move, held against what the sandbox's ranges do at the same
 * times of the same story. */
#ifndef TESTS_SANDBOX_REPLAY_SAMPLE_H
#define TESTS_SANDBOX_REPLAY_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

struct replay_samples;

/* Reads the samples of a version's folder that were taken from then on (ISO time; NULL: all). */
struct replay_samples *replay_samples_read(const char *folder, const char *version, const char *from);
void replay_samples_free(struct replay_samples *s);
/* When the recording was next sampled, seconds since 1970; 0: never again. */
double replay_samples_next(const struct replay_samples *s);
/* Looks at the sandbox as the recording did at that time. leases: its leaseholders can be asked for. */
void replay_samples_take(struct replay_samples *s, bool leases);
/* One check of one sample: its name, whether it holds, and if not, why. False: that was the last. */
struct replay_verdict {
    char name[120];
    bool good;
    char why[600];
};
bool replay_samples_judge(struct replay_samples *s, size_t i, struct replay_verdict *v);

#endif
