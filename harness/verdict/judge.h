#ifndef BRANDCERT_VERDICT_JUDGE_H
#define BRANDCERT_VERDICT_JUDGE_H

#include "evidence/evidence.h"
#include "plan/plan.h"
#include "verdict/results.h"

struct judge_input {
	const struct suite *suite;
	const struct plan *plan; /* made for the same suite */
	const struct evidence *evidence;
	const char *suite_digest;
	const char *evidence_sha256; /* NULL: not known */
	bool mask_claims;            /* personal claims are masked, too: see mask_hide_claims */
	bool verdicts_alone;         /* results.exchanges stays empty: no report is made of them */
};

/*
 * Judges recorded evidence. Deterministic: the same input gives the same results. Never fails: what could not be judged
 * is a result of its own with verdict error.
 */
void judge(struct arena *a, const struct judge_input *in, struct results *ret);

#endif
