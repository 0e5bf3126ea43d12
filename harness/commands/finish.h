#ifndef BRANDCERT_COMMANDS_FINISH_H
#define BRANDCERT_COMMANDS_FINISH_H

#include <stdio.h>

#include "commands/load.h"
#include "commands/options.h"
#include "evidence/evidence.h"

/*
 * The second half of a run, and all of `judge`: read the evidence back, judge it, write the reports, print the summary.
 * Gives the exit status. *target is what the plan is made for.
 */
int finish(const struct options *o, const struct loaded_suite *suite, const struct target *target,
           const struct evidence *ev);

/* A target with what the evidence knows of it: enough to plan with. */
void target_of_evidence(const struct evidence *ev, struct target *ret);

#endif
