#ifndef BRANDCERT_PLAN_PLAN_H
#define BRANDCERT_PLAN_PLAN_H

#include "core/arena.h"
#include "suite/suite.h"
#include "suite/target.h"

/*
 * Which exchanges a run needs. Codes are expensive for a brand, so every scenario that only observes an ordinary success
 * shares one exchange. The same suite and target facts always give the same plan: `judge` plans again and finds the
 * recorded exchanges by their keys.
 */

#define PLAN_ORDINARY "ordinary"                  /* key of the shared exchange */
#define PLAN_ORDINARY_SPEC "{\"code\":\"valid\"}" /* its spec: nothing but a valid code is said */
#define PLAN_JWKS "jwks"                          /* key of the JWKS download */

struct planned {
	const char *id;  /* "x1", … */
	const char *key; /* PLAN_ORDINARY, PLAN_JWKS, or "scenario/step" with step from 1 */
	const char *spec;
	const char *kind;             /* "token" or "jwks" */
	const struct step *step;      /* NULL for the JWKS */
	const struct scenario *owner; /* NULL for shared ones */
	long after;                   /* index of the exchange that has to end first, or -1 */
	int64_t wait_ms;              /* pause after that */
	int codes;                    /* taken from the source: 0 or 1 */
};

struct planned_scenario {
	const struct scenario *scenario;
	const char *skip;        /* why it does not apply to this target, or NULL */
	const size_t *exchanges; /* index into plan.exchanges, one a step; NULL when skipped */
};

struct plan {
	struct planned *exchanges;
	size_t n;
	struct planned_scenario *scenarios; /* as in the suite */
	size_t nscenarios;
	int codes;      /* needed in all */
	int64_t wait_s; /* the longest chain of waits: about how long the run takes */
};

void plan_make(struct arena *a, const struct suite *s, const struct target *t, struct plan *ret);

#endif
