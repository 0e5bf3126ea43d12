#ifndef BRANDCERT_VERDICT_RESULTS_H
#define BRANDCERT_VERDICT_RESULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "suite/suite.h"

/*
 * What a run found out: what every report is rendered from. All text is masked and visible (mask.h, text.h): safe to show.
 * One result for each requirement that a scenario judges, in the order of suite, scenario, step and expectation. Where
 * several steps, rounds or expectations judge one requirement, the worst decides: fail, error, warn, info, pass, skip.
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
	const char *step; /* name of the step that decided, "trailing-slash", or NULL: it has none, or all were alike */
	enum verdict verdict;
	enum level level;     /* in the run's profile */
	const char **source;  /* NULL-terminated */
	const char **links;   /* as many as source, "" where there is none; NULL: none at all */
	const char *why;      /* what goes wrong otherwise, or NULL */
	const char *expected; /* NULL where there is nothing to say; always there for info, warn and fail */
	const char *observed; /* the same */
	const char *fix;      /* always there for warn and fail */
	const char *reason;   /* of skip and error, always there for them */
	const char *exchange; /* id of the exchange it was read from, or NULL */
	const char *where;    /* place in that exchange, or NULL */
	const char *accepted; /* the reason why this failure is expected, from the user's file; NULL: it is not */
	bool server_error; /* what is wrong is that a request which had to be refused got a 5xx and no token; not in reports */
	int64_t time_ms; /* of the exchanges that no result of the scenario before this one uses */
};

/* A masked exchange, for reports. */
struct shown_exchange {
	const char *id, *key, *kind;
	const char *outcome,
	        *trouble; /* "answered", "no code", "not applicable", "no answer"; NULL trouble when whole */
	int status;
	const char **request, **response;         /* head lines, NULL-terminated */
	const char *request_body, *response_body; /* visible text; cut to a bound that says so */
	int64_t started_ms, total_us, first_byte_us;
	int64_t dns_us, connect_us, tls_us; /* ends of these phases since the start; 0 on a kept connection */
	const char *http_version, *tls_version;
	/* What a line each says, NULL-terminated, or NULL. Of an authorization request: the requests on the way through the login
	 * before this one, "GET https://brand.example/login → 200". Of a handshake: how it ended, what was agreed on, and the
	 * certificates. Of results that an earlier brandcert wrote: NULL, as `asked`. */
	const char **way;
	const char *asked;                /* the authorization request's URL, or NULL */
	const char *jose_header, *claims; /* of the id_token in the reply, decoded and indented, or NULL */
};

/* An entry of the user's expected failures that is true no more, and so fails the run. */
struct stale {
	const char *requirement, *scenario; /* scenario may be NULL */
	const char *problem;                /* "no longer fails", with what became of it */
};

struct results {
	const char *tool, *suite_digest;
	const char *target, *profile, *token_endpoint, *issuer;
	int64_t started_ms, ended_ms;
	int codes;                   /* spent */
	int codes_planned;           /* needed by the plan */
	const char *evidence_sha256; /* of the evidence that was judged, in hex; NULL: not known */
	struct result *v;
	size_t n;
	struct shown_exchange *exchanges;
	size_t nexchanges;
	struct stale *stale;
	size_t nstale;
	size_t count[VERDICT_COUNT]; /* counted from v, by results_count */
	size_t accepted;             /* of the fails, those that were expected; the same */
};

void results_count(struct results *r);

/* Exit status: 0 conformant; 1 a must failed that was not expected, or an expectation is stale; 3 no verdict (something ended as error, or nothing was judged at all). A
 * failure is news even beside an error: 1 before 3. */
int results_exit(const struct results *r);

#endif
