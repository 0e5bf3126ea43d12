#ifndef BRANDCERT_CHECKS_CAPACITY_H
#define BRANDCERT_CHECKS_CAPACITY_H

#include <stdbool.h>

#include "core/sv.h"

/*
 * How much can be hidden in texts that are said to be random: an estimate from above, so that what is found too small is
 * too small. With CAPACITY_MANY texts and more, only what varies among them counts.
 */
struct capacity {
	double bits;
	size_t length;        /* of the longest */
	size_t varying;       /* characters that count */
	const char *alphabet; /* "digits", "letters and digits", … */
	bool uuid;            /* all are random UUIDs (RFC 9562 §5.4), of 122 bits */
};

#define CAPACITY_MANY 8
/* RFC 6749 §10.10: a guess succeeds with a probability of at most 2^-128. */
#define CAPACITY_WANTED 128.0

/* n is at least 1, no text is empty. */
void capacity_estimate(const struct sv *texts, size_t n, struct capacity *ret);

/*
 * The texts count up: they are the same but for a number at their end, and the numbers stand as close together as those of a
 * counter or a clock do. n is at least CAPACITY_MANY.
 */
bool capacity_is_counter(const struct sv *texts, size_t n);

#endif
