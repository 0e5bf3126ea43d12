#ifndef BRANDCERT_CODES_CODES_H
#define BRANDCERT_CODES_CODES_H

#include "core/err.h"
#include "exchange/code_source.h"
#include "exchange/exchange.h"
#include "suite/target.h"

/* How the source `prompt` reaches a person. Without one it cannot be opened. */
struct asker {
	void (*say)(void *self, const char *text); /* shows a text that ends with a line feed */
	void *self;
	int fd; /* where the answer is read from, a line each */
};

/* Everything that a run is given from outside its plan: what the target file's codes, tokens, logout and authorization
 * name. What it does not name has no ops. */
struct sources {
	struct code_source codes, tokens, browser, logout;
};

/* The target must outlive it. -1 and e when one of them cannot be set up; nothing has to be closed then. */
int sources_open(const struct target *t, const struct asker *ask, struct sources *ret, struct err *e)
        __attribute__((warn_unused_result));
void sources_close(struct sources *s); /* harmless on a zeroed one */
/* Gives the run its sources. */
void sources_join(struct sources *s, struct engine_run *run);

#endif
