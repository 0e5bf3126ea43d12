#ifndef BRANDCERT_TESTS_CHECKS_SAMPLE_H
#define BRANDCERT_TESTS_CHECKS_SAMPLE_H

#include "checks/check.h"
#include "testing.h"

/*
 * An exchange with really signed tokens, healthy but for the edits: JSON with ' in place of ", so that it can stand in a C
 * string (a real apostrophe is written \u0027). NULL: no edits.
 *
 *	refused: true            an expired code's refusal instead of a success; first of all edits
 *	set, remove              claims
 *	header, header_remove    JOSE header
 *	body, body_remove        members of the response; {token} in a string is the compact token
 *	raw_header, raw_payload, raw_body   the text itself instead of the JSON; {body} is the body's JSON
 *	token                    id_token instead of the made one; {header}, {payload}, {signature}, {token} are its parts
 *	head                     {name: value | [values] | null}: header fields of the reply
 *	status, broken_off, cut, trouble, outcome    of the exchange
 *	sign                     other, none, empty, secret, pem, flip, truncated, altered, ec, der, weak, e3, embedded, decoded
 *	alg                      what is signed with, when it is not what the header says
 *	keys                     names of published keys, "rsa:k1": rsa, other, ec, weak, e3; or pem, line, lines, pkcs1,
 *                          certificate, missing, unreachable. A third word is a flaw: "rsa:k1:enc", "rsa:k1:private"
 *	run, code                facts of the target and of the code sent: strings or null
 *	spec, profile, date
 *	kind, method, later_ms    of the exchange: another kind than token, and how much later it was
 *	step             {name, errors: [words], judges: [ids], client_id, kept: true}: of the step; it has errors invalid_grant
 *                       unless they are null
 *	denied_by, clean_by   ids or null; denied_by is req.code.expired unless edited
 *	request          {lines: [head lines behind the first], line: the first, body: text}
 *	second           true: the code is the second consumer's
 *
 * Of the consumer's browser, from window.example with login.example as authorization endpoint:
 *
 *	kind             handover: id_token (or `token`) as a page hands it over; authorize: a login that ends with a redirect
 *	asked            parameters of the authorization request: strings, or null for none
 *	location         of the last reply, "" for none; {token} is the compact token
 *	hops             [[method, status, {header fields}, body]]: what came before; the last request was a POST, or a GET when
 *                  nothing came before
 *	openid           true: the older connector
 *	unproven         text: why a refusal proves nothing
 */
struct sample {
	struct arena *a;
	struct run_facts run;
	struct exchange x;
	struct jwks keys;
	struct subject s;
	struct step step;
	struct subject *self[1]; /* its burst, its siblings and all */
};

#define SAMPLE_STATE "af0ifjsldkj-of-the-login"

/* Seconds: the clock of every sample. 2027-01-15T08:00:00Z */
#define SAMPLE_NOW 1800000000

/* Once in main, before the tests fork. */
void sample_keys_make(void);
void sample_keys_free(void);

void sample_make(struct sample *m, const char *edits);
/* Makes siblings, and all, of several samples, in that order. */
void sample_join(struct sample *m, size_t n);
void sample_release(struct sample *m);
#define sample_auto __attribute__((cleanup(sample_release))) struct sample

/* What a check has to say of a sample. */
struct sample_row {
	const char *check;
	const char *edits;
	enum finding_kind kind;
	const char *name; /* violated: the case, or NULL. skip: the owner, or NULL */
	const char *says; /* words of observed, or of the reason; NULL: anything */
	const char *fix;  /* words of the fix; NULL: the check gives none of its own */
};
/* Runs the check and compares; prints row and finding on a difference. */
void sample_judge(const struct sample_row *row);
/* The same of a sample that was made already, from row->edits or otherwise. */
void sample_judge_made(struct sample *m, const struct sample_row *row);

/* Table cells. */
#define P(check, edits, says)                                \
	{                                                    \
		check, edits, FINDING_PASS, NULL, says, NULL \
	}
#define V(check, edits, violates, says, fix)                        \
	{                                                           \
		check, edits, FINDING_VIOLATED, violates, says, fix \
	}
#define S(check, edits, owner, says)                          \
	{                                                     \
		check, edits, FINDING_SKIP, owner, says, NULL \
	}
#define E(check, edits, says)                                 \
	{                                                     \
		check, edits, FINDING_ERROR, NULL, says, NULL \
	}

/* A loop test over `static const struct sample_row rows[]`, and its place in a case. */
#define SAMPLE_TEST(name, rows)          \
	START_TEST(name)                 \
	{                                \
		sample_judge(&rows[_i]); \
	}                                \
	END_TEST
#define SAMPLE_ADD(tcase, name, rows) tcase_add_loop_test(tcase, name, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

#endif
