#ifndef BRANDCERT_REPORT_RENDER_H
#define BRANDCERT_REPORT_RENDER_H

#include "core/arena.h"
#include "verdict/results.h"

/*
 * What the writers share: totals and sentences, made in one place, so that no two reports tell different stories. All text
 * comes out visible (text.h) and bounded, whatever is in the results; NULL comes out as "". Arena memory.
 */

/* Longest text in bytes that a report shows of one field, and of one that has to be a headline. */
#define RENDER_TEXT 16384
#define RENDER_HEADLINE 1000

/* Totals are added up from the very results that are written. */
struct tally {
	size_t n[VERDICT_COUNT];
	size_t accepted; /* of the fails, those that were expected */
	size_t all;
	int64_t time_ms;
};
void tally_add(struct tally *t, const struct result *r);
/* Of all results, or of those of one suite. */
struct tally tally_of(const struct results *r, const char *suite);

/* True and the name for each suite, in order of first appearance: for (size_t i = 0; (s = render_suite(r, &i));) */
const char *render_suite(const struct results *r, size_t *at);
/* The same for the scenarios of a suite: the first result of each. */
const struct result *render_scenario(const struct results *r, const char *suite, size_t *at);
bool render_same(const char *x, const char *y); /* NULL is "" */
bool render_same_scenario(const struct result *x, const struct result *y);

/* One line */
char *render_line(struct arena *a, const char *text);
char *render_headline(struct arena *a, const char *text);
/* Several lines */
char *render_block(struct arena *a, const char *text);

char *render_title(struct arena *a, const struct result *r); /* "idtoken.sub.valid The id_token has a sub" */
/* What was observed, with the step that decided in front: "trailing-slash: status 200". "" when there is nothing. */
char *render_observed(struct arena *a, const struct result *r);
char *render_verdict(struct arena *a, const struct result *r); /* the verdict as one sentence */
/* "expected failure: ticket 12" of a failure that is accepted, or NULL. */
char *render_accepted(struct arena *a, const struct result *r);
/* "token.pragma in valid-code: no longer fails: …" */
char *render_stale(struct arena *a, const struct stale *s);
char *render_source(struct arena *a, const struct result *r);   /* "RFC 6749 §5.1; OpenID Connect Core §3" */
char *render_exchange(struct arena *a, const struct result *r); /* "x1, body /id_token" */
char *render_again(struct arena *a, const struct result *r);    /* the command that judges it again */
/* Several lines: the verdict's sentence, then what was required, expected, observed and so on. */
char *render_details(struct arena *a, const struct result *r);

/* Why nothing could be judged at all, or NULL when something was. */
char *render_bail_out(struct arena *a, const struct results *r);

#endif
