#ifndef BRANDCERT_COMMANDS_PROGRESS_H
#define BRANDCERT_COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/evidence.h"
#include "plan/plan.h"

/*
 * How far a run is, on standard error: on a terminal one line that is written over, with the scenario that is waited for; in
 * a log a line every half minute, so that a long wait does not look like a hang.
 */
struct progress {
	bool terminal, quiet, on_line;
	const struct plan *plan;
	bool *done; /* of the plan's exchanges */
	int64_t started_us, said_us;
};

void progress_start(struct progress *p, bool quiet);
/* Optional: names what is in flight. Borrows the plan, takes memory from a. */
void progress_plan(struct progress *p, struct arena *a, const struct plan *plan);
void progress_step(void *self, const struct exchange *x, size_t done, size_t all); /* for struct engine_options */
void progress_end(struct progress *p);

#endif
