#ifndef BRANDCERT_VERDICT_MERGE_H
#define BRANDCERT_VERDICT_MERGE_H

#include "verdict/results.h"

/*
 * One result for each requirement of a scenario, whatever number of steps, rounds and expectations judge it. A result that
 * is added has its own step's name in `step`, or NULL.
 */
struct merge_track {
	const char *requirement;
	struct result *v; /* in the order in which they were added */
	size_t n;
};

struct merge {
	struct arena *a;
	struct merge_track *tracks; /* in the order of their first result */
	size_t n;
};

void merge_add(struct merge *m, const struct result *r);

/*
 * The worst result of a track: fail, error, warn, info, pass, skip; of equals the first. Its `step` goes when all were alike
 * or when it is one pass of several, what was observed names the other steps that ended so, and its time is that of all.
 */
struct result merge_track_result(struct arena *a, const struct merge_track *t);

#endif
