#include <string.h>

#include "checks/az_way.h"
#include "checks/charset.h"
#include "checks/check.h"
#include "checks/front.h"
#include "checks/reply.h"

/* What comes back for each response_type: RFC 6749 §4.1.2, OpenID Connect Core §3.1.2.5 and §3.2.2.5. */

/* The error that came instead, as text for findings; NULL: none. */
static const char *error_instead(struct subject *s, const struct redirect *r)
{
	struct sv error = redirect_parameter(s->a, r, REDIRECT_ANYWHERE, "error", 0);
	json_auto_t *value = error.p ? json_stringn_nocheck(error.p, error.n) : NULL;

	return value ? arena_printf(s->a, "error is %s", shown(s, value)) : NULL;
}

/* False with f set where the way ended elsewhere, or with an error. */
static bool brought_back(struct subject *s, struct redirect *r, const char *expected, struct finding *f)
{
	const char *error;

	if (!az_is_request(s, f) || !reply_answered(s, f))
		return false;
	if (!az_came_back(s, r) && az_login_failed(s, f))
		return false;
	if (!az_came_back(s, r)) {
		violated(s, f, expected, "the way ended at %s", az_end(s));
		detail(f, NULL, s->x->status / 100 == 3 ? "header Location" : "status", NULL);
	} else if ((error = error_instead(s, r))) {
		violated(s, f, expected, "%s", error);
		detail(f, NULL, "redirect error", "look into the provider's log for why it refuses this request");
	} else {
		return true;
	}
	return false;
}

/* The first of the names that the redirect has, NULL: none of them. */
static const char *first_of(struct subject *s, const struct redirect *r, const char *const *names)
{
	for (; *names; names++)
		if (redirect_parameter(s->a, r, REDIRECT_ANYWHERE, *names, 0).p)
			return *names;
	return NULL;
}

/* --- a code -------------------------------------------------------------------------------------------------------- */

static const char code_expected[] = "a redirect to the redirect_uri with the parameter code in its query, and no token";

static void no_code(struct subject *s, struct finding *f, const struct redirect *r)
{
	static const char *const likely[] = {"authorization_code",
	                                     "authorizationCode",
	                                     "auth_code",
	                                     "authCode",
	                                     "Code",
	                                     "CODE",
	                                     "oauth_code",
	                                     "ticket",
	                                     NULL};
	const char *other = first_of(s, r, likely);

	/* Behind a second '?' it belongs to the parameter before it. */
	if (sv_find_char(r->query, '?') >= 0 && sv_find_char(az_redirect_uri(s), '?') >= 0) {
		skip_owned(s, f, "az.redirect.query-kept");
		return;
	}
	violated(s, f, code_expected, "there is no code%s%s%s", other ? ", but '" : "", other ? other : "",
	         other ? "'" : "");
	detail(f, NULL, "header Location", other ? arena_printf(s->a, "call it code, not %s", other) : NULL);
}

CHECK(az_code_response, "az.code.response")
{
	static const char *const tokens[] = {"id_token", "access_token", "token", "refresh_token", NULL};
	struct redirect r;

	if (!brought_back(s, &r, code_expected, f))
		return;
	struct sv query = redirect_parameter(s->a, &r, REDIRECT_QUERY, "code", 0);
	struct sv code = redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "code", 0);
	const char *token = first_of(s, &r, tokens);
	if (!code.p) {
		no_code(s, f, &r);
		return;
	}
	long at = charset_outside(code, charset_is_printable);
	if (redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "code", 1).p)
		violated(s, f, code_expected, "code is there more than once");
	else if (code.n == 0)
		violated(s, f, code_expected, "code is empty");
	else if (at >= 0)
		violated(s, f, code_expected, "the byte %02X at offset %ld of code is not printable ASCII",
		         (unsigned)(unsigned char)code.p[at], at);
	else if (token)
		violated(s, f, code_expected, "beside code there is %s, which was not asked for", token);
	else if (!query.p)
		violated(s, f, code_expected, "code is in the fragment");
	else
		pass(s, f, "a code of %zu characters in the query", code.n);
	if (f->kind == FINDING_VIOLATED)
		detail(f, query.p || token || at >= 0 || code.n == 0 ? NULL : "fragment", "header Location", NULL);
}

/* --- tokens -------------------------------------------------------------------------------------------------------- */

/* JWTs under names that nobody looks for. */
static const char *misnamed(struct subject *s, const struct redirect *r)
{
	static const char *const likely[] = {"jwt", "idToken", "idtoken", "id-token", "access_token", "JWT", NULL};

	return first_of(s, r, likely);
}

CHECK(az_rt_id_token, "az.rt.id-token")
{
	static const char expected[] =
	        "a redirect to the redirect_uri with the parameter id_token in its fragment, and with "
	        "neither code nor access_token";
	struct sv token;
	struct redirect r;
	bool in_query = false;

	if (!brought_back(s, &r, expected, f))
		return;
	const char *name = front_parameter(s, &in_query, &token), *other = misnamed(s, &r);
	bool code =
	        redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "code", 0).p && !(name && strcmp(name, "code") == 0);
	if (!name) {
		violated(s, f, expected, "there is no id_token%s%s%s", other ? ", but '" : "", other ? other : "",
		         other ? "'" : "");
		detail(f, NULL, "header Location",
		       other ? arena_printf(s->a, "call it id_token, not %s", other) : NULL);
	} else if (code || redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "access_token", 0).p) {
		violated(s, f, expected, "beside id_token there is %s, which was not asked for",
		         code ? "a code" : "an access_token");
		detail(f, NULL, "header Location", NULL);
	} else if (redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, name, 1).p) {
		violated(s, f, expected, "%s is there more than once", name);
		detail(f, NULL, "header Location", NULL);
	} else if (in_query) {
		violated(s, f, expected, "the token is in the query: servers and their logs get to see it");
		detail(f, "query", "header Location", NULL);
	} else if (strcmp(name, "id_token") != 0) {
		violated(s, f, expected, "the token is in the parameter %s", name);
		detail(f, "other-name", "header Location", NULL);
	} else {
		pass(s, f, "id_token in the fragment, %zu bytes", token.n);
	}
}

CHECK(az_rt_token, "az.rt.token")
{
	static const char expected[] =
	        "a redirect to the redirect_uri with the JWT in the parameter token, id_token or code";
	struct redirect r;
	bool in_query = false;

	if (!brought_back(s, &r, expected, f))
		return;
	const char *name = front_parameter(s, &in_query, NULL), *other = misnamed(s, &r);
	if (!name) {
		violated(s, f, expected, "none of the three holds a JWT%s%s%s", other ? ", but there is '" : "",
		         other ? other : "", other ? "'" : "");
		detail(f, NULL, "header Location", NULL);
	} else if (in_query) {
		violated(s, f, expected, "the JWT is in the query: servers and their logs get to see it");
		detail(f, "query", "header Location", NULL);
	} else {
		pass(s, f, "a JWT in the parameter %s", name);
	}
}

/* --- an error ------------------------------------------------------------------------------------------------------ */

static const char *listed(struct subject *s)
{
	const char *text = "";

	for (const char **e = s->step->errors; e && *e; e++)
		text = arena_printf(s->a, "%s%s%s", text, e == s->step->errors ? "" : " or ", *e);
	return text;
}

CHECK(az_error_redirect, "az.error.redirect")
{
	const char *expected = arena_printf(s->a, "a redirect to the redirect_uri with error=%s", listed(s));
	static const char *const granted[] = {"code", "id_token", "token", "access_token", NULL};
	struct redirect r;
	bool fits = false;

	if (!az_is_request(s, f) || !reply_answered(s, f))
		return;
	if (az_asked(s, "prompt").p && !az_asks_openid(s)) {
		skip(s, f, "prompt means something only in requests with the scope openid");
		return;
	}
	if (!az_came_back(s, &r) && az_login_failed(s, f))
		return;
	if (!az_came_back(s, &r)) {
		violated(s, f, expected, "the way ended at %s", az_end(s));
		detail(f, NULL, s->x->status / 100 == 3 ? "header Location" : "status", NULL);
		return;
	}
	struct sv error = redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "error", 0);
	const char *given = first_of(s, &r, granted);
	for (const char **e = s->step->errors; e && *e; e++)
		fits |= sv_eq(error, sv_of(*e));
	if (given)
		violated(s, f, expected, "the redirect has a %s", given);
	else if (!error.p)
		violated(s, f, expected, "the redirect has no error");
	else if (!fits)
		violated(s, f, expected, "%s", error_instead(s, &r));
	else
		pass(s, f, "%s", error_instead(s, &r));
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, error.p && !given ? "redirect error" : "header Location", NULL);
}
