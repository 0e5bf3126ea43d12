#ifndef BRANDCERT_COMMANDS_PROGRESS_H
#define BRANDCERT_COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "evidence/evidence.h"

/* One line on the terminal that says how far a run is; nothing where standard error is not a terminal. */
struct progress {
	bool shown;
};

void progress_start(struct progress *p, bool quiet);
void progress_step(void *self, const struct exchange *x, size_t done, size_t all); /* for struct engine_options */
void progress_end(struct progress *p);

#endif
