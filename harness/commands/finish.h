#ifndef BRANDCERT_COMMANDS_FINISH_H
#define BRANDCERT_COMMANDS_FINISH_H

#include <stdio.h>

#include "commands/load.h"
#include "commands/options.h"
#include "evidence/evidence.h"
#include "report/report.h"
#include "suite/expected_file.h"
#include "verdict/results.h"

/* What is judged, and by what. */
struct finishing {
	const struct loaded_suite *suite;
	const struct target *target; /* what the plan is made for */
	const struct evidence *evidence;
	const char *evidence_sha256;         /* see evidence_digest */
	const struct expectations *expected; /* the user's expected failures, or NULL */
};

/*
 * The second half of a run, and all of `judge`: judge the evidence, write the reports, print the summary. Gives the exit
 * status.
 */
int finish(const struct options *o, const struct finishing *f);

/*
 * What is left of it once there are results, and all of `report`: the reports, the file of expected failures that was
 * asked for, the summary. `expected` (may be NULL) has been applied to r. Gives the exit status.
 */
int finish_results(const struct options *o, const struct results *r, const struct expectations *expected);

/* Whether what finish prints can be done as the options say; to be asked before anything is sent. */
int finish_check(const struct options *o, struct err *e) __attribute__((warn_unused_result));

/* How text for people is to look on `to`: width 0 where that is no terminal. */
struct report_options finish_looks(const struct options *o, FILE *to);

/* SHA-256 of the bytes of a file that is open, in hex, or NULL: it cannot be read. */
const char *evidence_digest(struct arena *a, FILE *f);

/* A target with what the evidence knows of it: enough to plan with. */
void target_of_evidence(const struct evidence *ev, struct target *ret);

#endif
