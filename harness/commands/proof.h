#ifndef BRANDCERT_COMMANDS_PROOF_H
#define BRANDCERT_COMMANDS_PROOF_H

#include <stdbool.h>
#include <stdio.h>

#include "exchange/exchange.h"
#include "plan/plan.h"
#include "verdict/results.h"

/*
 * What `prove` proves: against the healthy reference brand nothing fails or warns, in any profile; with the faults of a
 * control exactly the requirements that it names do; and every requirement that a scenario judges is made to fail or warn by
 * some control, or it is unproven.
 */

/* One run against one tenant. */
struct trial {
	const char *name;              /* "healthy, strict profile" or "missing-sub/number" */
	const struct control *control; /* NULL: healthy */
	enum profile profile;
	struct suite suite; /* what is run: one scenario for a control, all for a healthy trial; borrowed */
	struct target target;
	struct plan plan;
	struct code_source codes;
	bool codes_open;
	FILE *out;
	struct engine_run run;
	struct results results;
};

struct proof {
	struct arena *a;
	const struct suite *suite;
	struct trial *v;
	size_t n;
};

struct proof proof_make(struct arena *a, const struct suite *s);
/* Compares every trial's results with what was to be, prints the matrix (unless quiet) and every finding. True: proven. */
bool proof_conclude(const struct proof *p, bool quiet);

#endif
