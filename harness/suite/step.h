#ifndef BRANDCERT_SUITE_STEP_H
#define BRANDCERT_SUITE_STEP_H

#include "suite/expect.h"
#include "suite/keys.h"
#include "suite/suite.h"

/* A scenario being read: what its steps take from it, and tell it. Internal to suite/. */
struct scenario_reading {
	struct scenario scenario;
	const struct suite_options *options;
	const struct judging *judging;
	struct names names;
	/* For every step. */
	struct expect *expects;
	size_t nexpects;
	const struct node *successes; /* one of them counts these, which only a step with `times` has; or NULL */
	const char **errors;
	const char **judged; /* ids of all entries of `expect` so far, right or wrong; one may be there several times */
	size_t njudged;
	bool judged_known; /* … and none of them was without an id */
};

/* Reads the list of steps into r->scenario, once what every step takes from the scenario has been read. False: reported. */
bool steps_read(struct source *s, const struct key *k, const struct node *value, struct scenario_reading *r);
/* Reads the scenario's own `expect`, for every step. */
bool scenario_expects_read(struct source *s, const struct key *k, const struct node *value, struct scenario_reading *r);
/* Reads `error`: one word or a list of them. */
key_reader read_errors;

#endif
