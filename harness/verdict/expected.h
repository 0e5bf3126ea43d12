#ifndef BRANDCERT_VERDICT_EXPECTED_H
#define BRANDCERT_VERDICT_EXPECTED_H

#include "suite/expected_file.h"
#include "verdict/results.h"

/*
 * Holds results against the user's expected failures. Verdicts stay as they are: a failure that an entry covers gets the
 * entry's reason in `accepted`, and an entry that is true no more goes to r->stale. What stood in both before is dropped.
 *
 * An entry is stale when its last day lies before the day on which the run ended; when nothing in the results is what it
 * speaks of (not with `partial`: they are of a selection); and when all that it speaks of was judged and none of it failed.
 * What ended as error, or was skipped in a scenario that was not skipped as a whole, could not be judged: such an entry is
 * neither stale nor news. Where several entries cover one failure, the one that names the scenario counts.
 */
void expected_apply(struct arena *a, const struct expectations *x, bool partial, struct results *r);

/*
 * The entries that would make these results pass: those of `old` (may be NULL) that cover a failure, then one for each
 * other failing requirement, with a reason that asks to be replaced. `today` is "2026-11-21".
 */
struct expectations expected_of(struct arena *a, const struct expectations *old, const struct results *r,
                                const char *today);

#endif
