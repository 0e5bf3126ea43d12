#ifndef BRANDCERT_VERDICT_JOINED_H
#define BRANDCERT_VERDICT_JOINED_H

#include "core/err.h"
#include "verdict/results.h"

/* The results of one run, with the name of their file for messages. */
struct joined_run {
	const char *name;
	struct results results;
};

/*
 * Makes one set of results of several runs of one target in one profile; ERR_INPUT when they are not. A scenario is taken
 * as a whole from the latest run (by its start) that has it: so runs of the same scenarios replace each other, and shards
 * are joined. Results stand by suite and scenario, as in a run of all; ids of exchanges are made unique ("r2-x1"). Times
 * span all runs, codes are added up; a digest is kept where it is the same in all. One run comes out as it is.
 * *ret borrows from the runs, and *v is put into order.
 */
int results_join(struct arena *a, struct joined_run *v, size_t n, struct results *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
