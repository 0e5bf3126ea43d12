#include <string.h>

#include "checks/challenge.h"
#include "checks/check.h"
#include "checks/refusal.h"
#include "checks/reply.h"

/* Failed client authentication: RFC 6749 §5.2, RFC 9110 §11.6.1, RFC 7617 §2. */

CHECK(err_invalid_client_401, "err.invalid-client-401")
{
	static const char expected[] = "status 401 with the error \"invalid_client\"";
	const char *best = refusal_best(s);
	int status = s->x ? s->x->status : 0;

	if (!reply_refused(s, f))
		return;
	if (!refusal_expects(s, "invalid_client")) {
		skip(s, f, "this request is not one whose client authentication fails");
		return;
	}
	if (!refusal_of_basic(s->x)) {
		skip(s, f, "the client did not try HTTP Basic: only then 401 is asked for");
		return;
	}
	const json_t *error = refusal_error(s, f);
	if (!error)
		return;
	if (!refusal_error_is(error, "invalid_client")) {
		struct sv have = {json_string_value(error), json_string_length(error)};
		if (strcmp(best, "invalid_client") != 0 || refusal_expects(s, arena_sv(s->a, have))) {
			skip(s, f, "the request was refused with %s, which fits it, too", shown(s, error));
		} else if (refusal_judged_by(s, "err.code-mapping")) {
			skip_owned(s, f, "err.code-mapping");
		} else {
			violated(s, f, expected, "status %d, and error is %s", status, shown(s, error));
			detail(f, NULL, "body /error", NULL);
		}
	} else if (status == 401) {
		pass(s, f, "status 401 and \"invalid_client\"");
	} else if (status != 400 && refusal_judged_by(s, "err.status")) {
		skip_owned(s, f, "err.status");
	} else {
		violated(s, f, expected, "status %d and \"invalid_client\"", status);
		detail(f, status == 400 ? "status-400" : NULL, "status", NULL);
	}
}

/* The first Basic challenge, or NULL. */
static const struct challenge *basic_challenge(const struct challenge *v, size_t n)
{
	const struct challenge *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (sv_eq_nocase(v[i].scheme, SV("Basic")) && (!found || (!found->has_realm && v[i].has_realm)))
			found = &v[i];
	return found;
}

CHECK(err_www_authenticate, "err.www-authenticate")
{
	static const char any[] = "WWW-Authenticate with a challenge";
	static const char matching[] = "WWW-Authenticate with a challenge of the scheme Basic, which the client tried";
	static const char where[] = "header WWW-Authenticate";
	const struct challenge *challenges, *basic;
	const char *problem;
	size_t n;

	if (!reply_refused(s, f))
		return;
	if (s->x->status != 401) {
		skip(s, f, "the status is %d: a challenge belongs to 401", s->x->status);
		return;
	}
	bool tried = refusal_of_basic(s->x);
	struct sv value = reply_header(s, "WWW-Authenticate");
	challenges = challenges_read(s, &n, &problem);
	basic = basic_challenge(challenges, n);
	if (!value.p) {
		violated(s, f, tried ? matching : any, "status 401 without WWW-Authenticate");
		detail(f, tried ? NULL : "basic-not-tried", where, NULL);
	} else if (problem) {
		violated(s, f, any, "WWW-Authenticate: %.*s, where %s", SV_ARG(value), problem);
		detail(f, NULL, where, "write scheme and parameters: Basic realm=\"token\"");
	} else if (n == 0) {
		violated(s, f, any, "WWW-Authenticate is empty");
		detail(f, NULL, where, NULL);
	} else if (tried && !basic) {
		violated(s, f, matching, "WWW-Authenticate: %.*s", SV_ARG(value));
		detail(f, NULL, where, NULL);
	} else if (tried && !basic->has_realm) {
		violated(s, f, "a realm in the Basic challenge", "WWW-Authenticate: %.*s", SV_ARG(value));
		detail(f, "no-realm", where, NULL);
	} else {
		pass(s, f, "WWW-Authenticate: %.*s", SV_ARG(value));
	}
}
