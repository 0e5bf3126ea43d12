#ifndef BRANDCERT_VERDICT_COMPARISON_H
#define BRANDCERT_VERDICT_COMPARISON_H

#include "verdict/results.h"

/* What changed between two runs: one change for each requirement of a scenario that either of them speaks of. */

#define CHANGES(X)                                                                          \
	X(CHANGE_BROKE, "broke")             /* fails, and did not */                       \
	X(CHANGE_WORSE, "worse")             /* warns, and was good */                      \
	X(CHANGE_UNJUDGED, "unjudged")       /* could be judged, and cannot any more */     \
	X(CHANGE_EXPECTED, "fails-expected") /* fails, and did not, but that is accepted */ \
	X(CHANGE_MENDED, "mended")           /* failed, and does not any more */            \
	X(CHANGE_BETTER, "better")           /* warned, and is good */                      \
	X(CHANGE_JUDGED, "judged")           /* could not be judged, and holds or warns */  \
	X(CHANGE_NEW, "new")                 /* was not there, and does not fail */         \
	X(CHANGE_GONE, "gone")               /* was there */                                \
	X(CHANGE_SAME, "same")               /* nothing of the above */

enum change_kind { CHANGES(SUITE_ENUM) CHANGE_COUNT };
const char *change_text(enum change_kind kind);

struct change {
	enum change_kind kind;
	const struct result *was, *is; /* NULL: absent; never both */
};

struct comparison {
	const struct results *was, *is;
	struct change *v; /* all, by kind, requirement, verdicts and scenario */
	size_t n;
	size_t count[CHANGE_COUNT];
	size_t failing, warning; /* of those that are the same */
	bool lost;               /* something ends as error that did not */
};

void comparison_make(struct arena *a, const struct results *was, const struct results *is, struct comparison *ret);

/* The one of a change that is there: the newer of both. */
const struct result *change_result(const struct change *c);

/* Exit status: 1 something broke; 3 nothing did, but something ends as error that did not; 0 otherwise. */
int comparison_exit(const struct comparison *c);

#endif
