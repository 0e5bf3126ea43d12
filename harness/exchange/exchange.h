#ifndef BRANDCERT_EXCHANGE_EXCHANGE_H
#define BRANDCERT_EXCHANGE_EXCHANGE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/err.h"
#include "evidence/evidence.h"
#include "exchange/code_source.h"
#include "plan/plan.h"
#include "suite/target.h"

/*
 * The only opener of sockets: drives plans to evidence with libcurl's multi interface, all of them in one thread and one
 * loop. Waits are timers. Redirects are never followed, TLS is always verified, everything read is bounded.
 */

struct engine;

struct engine_options {
	int jobs; /* exchanges in flight over all runs, 1 … LIMIT_JOBS; more when requests have to leave at once */
	/* Called when an exchange has been written; may be NULL. `done` of `all` exchanges of all runs have ended. */
	void (*progress)(void *self, const struct exchange *x, size_t done, size_t all);
	void *progress_self;
	/* Set (by a signal handler) when the user wants to stop: engine_drive then ends with ERR_TROUBLE. May be NULL. */
	const volatile sig_atomic_t *stop;
};

struct engine *engine_new(const struct engine_options *o, struct err *e); /* NULL on failure */

/*
 * Adds a plan to be driven against its target: evidence lines go to `out` (the run line is already there) as exchanges
 * end. Nothing is sent before engine_run. All arguments stay the caller's and must outlive the engine.
 */
struct engine_run {
	const struct plan *plan;
	const struct target *target;
	struct code_source *codes;
	struct code_source *tokens, *browser, *logout; /* NULL where the plan has no use for one */
	FILE *out;
	int codes_spent; /* set by engine_run */
};
void engine_add(struct engine *g, struct engine_run *run);

/*
 * Drives everything that was added until each planned exchange has ended, one way or the other: what could not be sent or
 * was not answered is written as evidence, too, with its trouble. -1 only when the harness itself fails (ERR_TROUBLE).
 */
int engine_drive(struct engine *g, struct err *e) __attribute__((warn_unused_result));
void engine_free(struct engine *g);

/* One request outside any plan, blocking: for commands that talk to the reference brand's control API. The reply's
 * memory is the arena's. Plain http is for loopback hosts alone. */
void http_call(struct arena *a, const struct http_request *q, struct http_response *ret);

/* The request that a step makes, before the network sees it; what --dry-run and the tests look at. */
struct prepared {
	const char *method, *url;
	const char **headers; /* NULL-terminated, in order, without Host and Content-Length */
	struct sv body;
};
/* `saved` resolves {name} of earlier steps; may be NULL. -1 (ERR_INPUT) when a template cannot be filled. */
typedef const char *saved_fn(void *self, const char *name);
struct prepare_input {
	const struct target *target;
	const struct redeem *redeem;
	const struct step *step; /* says of which kind the request is; NULL: `redeem` */
	const struct code *code; /* NULL: none */
	bool stand_in;           /* it only stands for a code that is still to come */
	saved_fn *saved;
	void *saved_self;
};
int exchange_prepare(struct arena *a, const struct prepare_input *in, struct prepared *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
