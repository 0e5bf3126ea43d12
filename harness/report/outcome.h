#ifndef BRANDCERT_REPORT_OUTCOME_H
#define BRANDCERT_REPORT_OUTCOME_H

#include "core/arena.h"
#include "verdict/results.h"

/*
 * What all results come to, for the reports that people read: the verdict in plain words, every requirement once by the
 * worst that became of it, areas of requirements, and results grouped so that one fault is told once.
 */

/* What became of a requirement, worst first. */
enum standing {
	STANDING_FAIL,
	STANDING_ERROR,
	STANDING_EXPECTED, /* it failed, and was expected to */
	STANDING_WARN,
	STANDING_HOLDS,
	STANDING_SKIP,
	STANDING_COUNT
};
enum standing standing_of(const struct result *r);
const char *standing_text(enum standing s); /* "fail", "could not be judged" */

struct area {
	const char *name;  /* "req.auth" */
	const char *about; /* "Client authentication", or "" */
	size_t n[STANDING_COUNT], all;
};

enum outcome_kind { OUTCOME_CONFORMANT, OUTCOME_FAILED, OUTCOME_NO_VERDICT };

struct outcome {
	enum outcome_kind kind; /* as results_exit says */
	const char *words;      /* "Conformant", "Not conformant", "No verdict" */
	const char *sentence;   /* "2 requirements failed, 80 hold, 1 warning." Bounded, visible */
	struct area total;
	struct area *areas; /* by first appearance */
	size_t nareas;
};

struct outcome outcome_of(struct arena *a, const struct results *r);

/* Results that belong together, in the order of the run; the first speaks for all. */
struct finding {
	const struct result **v;
	size_t n;
};
struct findings {
	struct finding *v;
	size_t n;
};

/* Those of one standing by requirement, and those of one by their reason. */
struct findings findings_of(struct arena *a, const struct results *r, enum standing s);
struct findings findings_by_reason(struct arena *a, const struct results *r, enum standing s);
/* Infos, by requirement: they hold, with something worth knowing. */
struct findings findings_infos(struct arena *a, const struct results *r);

/* "valid-code, missing-sub and 3 more": the scenarios of a finding, each once. */
char *finding_scenarios(struct arena *a, const struct finding *f, size_t most);
/* The results of a finding that observed something that none before it did; gives their number, at most `most`. */
size_t finding_observed(const struct finding *f, const struct result **ret, size_t most);

char *outcome_plural(struct arena *a, size_t n, const char *one, const char *many); /* "1 code", "2 codes" */
/* The URL where a requirement's source stands in a document, or NULL: none, or nothing that may be a link. */
const char *outcome_link(const struct result *r, size_t source);
/* "2026-11-21 16:04:49 UTC" */
char *outcome_time(struct arena *a, int64_t ms);

#endif
