#ifndef BRANDCERT_PLAN_RANK_H
#define BRANDCERT_PLAN_RANK_H

#include "plan/plan.h"

/* Sets the rank of every planned scenario, whose `skip` and `codes` are set. Those that are skipped come last. Internal to
 * plan/. */
void rank_scenarios(struct arena *a, const struct suite *s, enum profile profile, struct plan *plan);

#endif
