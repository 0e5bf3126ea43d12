#ifndef BRANDCERT_COMMANDS_TRIAL_H
#define BRANDCERT_COMMANDS_TRIAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "codes/codes.h"
#include "exchange/exchange.h"
#include "plan/plan.h"
#include "verdict/results.h"

/*
 * Runs against tenants of one reference brand, many of them in one loop, so that the waits of one cost the others nothing:
 * what `prove` is made of.
 */

/* One run against one tenant of its own. The first four are the caller's, the rest is trials_drive's. */
struct trial {
	const char *name;     /* "healthy, strict profile" or "missing-sub/number": for messages */
	const json_t *faults; /* array, borrowed; NULL: none */
	enum profile profile;
	struct suite suite; /* what is run; borrowed */
	struct arena *a;    /* all that follows, until the trial has been judged */
	struct target target;
	struct plan plan;
	struct sources sources;
	FILE *out;
	struct engine_run run;
	struct results results;
};

struct trials {
	struct trial **v;
	size_t n;
	const struct target *base; /* of the reference brand's first tenant */
	const struct engine_options *engine;
	/* Called for each trial in turn, with plan, run.codes_spent and results; they are gone when it returns. */
	void (*judged)(void *self, size_t index, const struct trial *t);
	void *self;
};

/* Drives all of them, as many at a time as files may be open. ERR_TROUBLE when the harness or the reference brand fails. */
int trials_drive(const struct trials *ts, struct err *e) __attribute__((warn_unused_result));

#endif
