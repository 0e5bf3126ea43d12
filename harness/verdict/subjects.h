#ifndef BRANDCERT_VERDICT_SUBJECTS_H
#define BRANDCERT_VERDICT_SUBJECTS_H

#include "checks/check.h"
#include "plan/plan.h"
#include "verdict/judge.h"

/* Recorded evidence as checks see it: one subject a planned exchange. */
struct subjects {
	struct arena *a;
	const struct plan *plan;
	struct subject *v;     /* x is NULL where there is no evidence of the exchange */
	const char **troubles; /* why an exchange cannot be judged, or NULL */
	struct jwks keys;
};

void subjects_make(struct arena *a, const struct judge_input *in, enum profile profile, struct subjects *ret);
void subjects_release(struct subjects *s);

/* Number of planned steps of a scenario, all rounds together: entries of p->exchanges. */
size_t subjects_steps(const struct planned_scenario *p);
/* How many requests of a planned step leave at once; 1 where it is but one. */
size_t subjects_members(const struct subjects *s, size_t exchange);
/*
 * True when the supply of codes ended before this exchange, in a round behind the first: rounds reach as far as codes do,
 * so nothing is said of it.
 */
bool subjects_out_of_codes(const struct subjects *s, size_t exchange);

/* Tells the subjects of a scenario what they are in it: before it is judged. Not for a skipped one. */
void subjects_enter(struct subjects *s, const struct planned_scenario *p);

#endif
