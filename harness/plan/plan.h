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
#define PLAN_DISCOVERY "discovery"                /* … and of the discovery document's */
/* Further keys of exchanges that scenarios share because they only look: "authorize", "authorize-id_token",
 * "authorize-token" (by response_type), "handover" (of a token), "handshake". */

struct planned {
	const char *id; /* "x1", … */
	/* A shared key as above, or "scenario/step" with the step's name or its number from 1, then "/round" where the
	 * scenario has several rounds, then "/member" where the step has several `times`; all from 1 */
	const char *key;
	const char *spec;
	const char *kind;             /* as in struct exchange */
	const struct step *step;      /* NULL for a JWKS or discovery document that no step asked for */
	const struct scenario *owner; /* NULL for shared ones */
	long after;                   /* index of the exchange that has to end first, with all of its burst; or -1 */
	int64_t wait_ms;              /* pause after that */
	int codes;                    /* taken from the source: 0 or 1 */
	int tokens;                   /* taken from target.tokens: 0 or 1 */
	/* Begins when every exchange without it has ended: a logout ends sessions that others live on. */
	bool last;
	int round;         /* from 1 */
	int member, times; /* the member-th (from 1) of `times` requests that leave at once; 1, 1 otherwise */
	size_t burst;      /* index of the first of those, which are neighbours; it alone takes a code */
};

struct planned_scenario {
	const struct scenario *scenario;
	const char *skip; /* why it does not apply to this target, or NULL */
	/* Where codes are short, scenarios are given theirs in the order of `rank` (from 0, each once): first what judges most
	 * musts that nothing before it judges, for each code that it takes. */
	size_t rank;
	int codes; /* of its own, of the first round: beside shared exchanges */
	/* Index into plan.exchanges of each step's first exchange, [round * nsteps + step] with both from 0; NULL when
	 * skipped. */
	const size_t *exchanges;
	int rounds;
};

struct plan {
	struct planned *exchanges;
	size_t n;
	struct planned_scenario *scenarios; /* as in the suite */
	size_t nscenarios;
	int codes; /* needed in all */
	int tokens, logins;
	int64_t wait_s; /* the longest chain of waits: about how long the run takes */
};

void plan_make(struct arena *a, const struct suite *s, const struct target *t, struct plan *ret);

/* A scenario that is one ordinary exchange changes nothing that another could see: it shares PLAN_ORDINARY. */
bool plan_only_observes(const struct scenario *s);

#endif
