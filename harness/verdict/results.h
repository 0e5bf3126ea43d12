#ifndef BRANDCERT_VERDICT_RESULTS_H
#define BRANDCERT_VERDICT_RESULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "suite/suite.h"

/*
 * What a run found out: what every report is rendered from. All text is masked and visible (mask.h, text.h): safe to show.
 * One result for each requirement that a scenario judges, in the order of suite, scenario, step and expectation.
 */

#define VERDICTS(X)             \
	X(VERDICT_PASS, "pass") \
	X(VERDICT_INFO, "info") \
	X(VERDICT_WARN, "warn") \
	X(VERDICT_FAIL, "fail") \
	X(VERDICT_SKIP, "skip") \
	X(VERDICT_ERROR, "error")

enum verdict { VERDICTS(SUITE_ENUM) VERDICT_COUNT };
const char *verdict_text(enum verdict v);

struct result {
	const char *suite, *scenario, *scenario_title;
	const char *file; /* the scenario's, as it was given or below the suite folder */
	unsigned line;
	const char *requirement, *title; /* id and sentence */
	enum verdict verdict;
	enum level level;     /* in the run's profile */
	const char **source;  /* NULL-terminated */
	const char *expected; /* NULL where there is nothing to say; always there for info, warn and fail */
	const char *observed; /* the same */
	const char *fix;      /* always there for warn and fail */
	const char *reason;   /* of skip and error, always there for them */
	const char *exchange; /* id of the exchange it was read from, or NULL */
	const char *where;    /* place in that exchange, or NULL */
	int64_t time_ms;      /* of that exchange, for the first result of a scenario that uses it; 0 otherwise */
};

/* A masked exchange, for reports. */
struct shown_exchange {
	const char *id, *key, *kind;
	const char *outcome, *trouble; /* "answered", "no code", "no answer"; NULL trouble when whole */
	int status;
	const char **request, **response;         /* head lines, NULL-terminated */
	const char *request_body, *response_body; /* visible text; cut to a bound that says so */
	int64_t started_ms, total_us, first_byte_us;
	const char *http_version, *tls_version;
};

struct results {
	const char *tool, *suite_digest;
	const char *target, *profile, *token_endpoint, *issuer;
	int64_t started_ms, ended_ms;
	int codes; /* spent */
	struct result *v;
	size_t n;
	struct shown_exchange *exchanges;
	size_t nexchanges;
	size_t count[VERDICT_COUNT]; /* counted from v, by results_count */
};

void results_count(struct results *r);

/* Exit status: 0 conformant; 1 a must failed; 3 no verdict (something ended as error, or nothing was judged at all). A
 * failure is news even beside an error: 1 before 3. */
int results_exit(const struct results *r);

#endif
