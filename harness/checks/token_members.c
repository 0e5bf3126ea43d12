#include <math.h>
#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/reply.h"
#include "checks/times.h"
#include "checks/tokens.h"

/* The members of the token response, each by itself: RFC 6749 §5.1 and Appendix A. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* Says what is wrong with an opaque token without showing it. False when nothing is. */
static bool bad_token(struct subject *s, struct finding *f, const char *name, const json_t *value)
{
	const char *expected = arena_printf(s->a, "%s: a non-empty string of printable ASCII", name);
	const char *where = arena_printf(s->a, "body /%s", name);
	struct sv text = text_of(value);
	long at = charset_outside(text, charset_is_printable);

	if (!json_is_string(value))
		violated(s, f, expected, "%s is %s", name, shown(s, value));
	else if (text.n == 0)
		violated(s, f, expected, "%s is an empty string", name);
	else if (at >= 0)
		violated(s, f, expected, "the byte %02X at offset %ld of %s is not printable ASCII",
		         (unsigned)(unsigned char)text.p[at], at, name);
	else
		return false;
	detail(f, NULL, where, NULL);
	return true;
}

CHECK(token_access_token, "token.access-token")
{
	const json_t *value;

	if (!reply_member(s, "access_token", &value, f))
		return;
	if (!value) {
		violated(s, f, "access_token: a non-empty string of printable ASCII", "there is no access_token");
		detail(f, NULL, "body", NULL);
		return;
	}
	if (bad_token(s, f, "access_token", value))
		return;
	struct sv text = text_of(value);
	long at = charset_outside(text, charset_is_b64token), end = sv_find_char(text, '=');
	/* = is padding: only at the end, RFC 6750 §2.1. */
	while (end >= 0 && (size_t)end < text.n && text.p[end] == '=')
		end++;
	if (at < 0 && (end < 0 || ((size_t)end == text.n && text.p[0] != '='))) {
		pass(s, f, "a string of %zu characters", text.n);
		return;
	}
	violated(s, f, "access_token of the characters A-Z a-z 0-9 - . _ ~ + / with = at its end only",
	         "the character '%c' at offset %ld cannot stand in an Authorization header",
	         text.p[at >= 0 ? at : sv_find_char(text, '=')], at >= 0 ? at : sv_find_char(text, '='));
	detail(f, "outside-b64token", "body /access_token",
	       "make the token of base64url characters, so that it can be sent as a bearer token");
}

#define YEAR 31536000.0

static void bad_lifetime(struct subject *s, struct finding *f, const json_t *value)
{
	static const char expected[] = "expires_in: a whole number of seconds from 1 to 31536000, without quotes";
	double v = json_number_value(value);
	const char *fix = NULL;

	violated(s, f, expected, "expires_in is %s", shown(s, value));
	if (times_is_digits(value)) {
		detail(f, "text", "body /expires_in", "take the quotes away: expires_in is a JSON number");
		return;
	}
	if (json_is_null(value))
		fix = "leave the member out when there is nothing to say";
	else if (json_is_real(value) && v >= 1 && v <= YEAR)
		fix = "write a whole number without fraction or exponent";
	else if (v > YEAR && fmin(fabs(v - times_now(s)), fabs(v / 1000 - times_now(s))) < YEAR)
		fix = "this is a point in time: expires_in is how many seconds from now the access token lives";
	else if (v > YEAR && v / 1000 <= YEAR)
		fix = "this looks like milliseconds: divide by 1000";
	detail(f, NULL, "body /expires_in", fix);
}

CHECK(token_expires_in, "token.expires-in")
{
	const json_t *value;

	if (!reply_member(s, "expires_in", &value, f))
		return;
	if (!value) {
		violated(s, f, "expires_in: the lifetime of the access token in seconds", "there is no expires_in");
		detail(f, "absent", "body", NULL);
		return;
	}
	if (!json_is_integer(value) || json_integer_value(value) < 1 || json_number_value(value) > YEAR)
		bad_lifetime(s, f, value);
	else
		pass(s, f, "%s", shown(s, value));
}

/* Where a JWT stands when it is not in id_token. */
static const char *jwt_elsewhere(struct subject *s, const json_t *body)
{
	static const char *const likely[] = {"idToken", "jwt",     "token",       "id-token",
	                                     "IdToken", "idtoken", "access_token"};

	for (size_t i = 0; i < sizeof likely / sizeof *likely; i++)
		if (tokens_jwt(s->a, text_of(json_object_get(body, likely[i]))).p)
			return likely[i];
	return NULL;
}

CHECK(token_id_token, "token.id-token")
{
	static const char expected[] = "id_token: the JWT as a non-empty string";
	const json_t *value;
	const char *fix = NULL, *other;

	if (!reply_member(s, "id_token", &value, f))
		return;
	if (json_string_length(value) > 0) {
		pass(s, f, "a string of %zu bytes", json_string_length(value));
		return;
	}
	if (!value) {
		other = jwt_elsewhere(s, subject_body(s, f));
		violated(s, f, expected, "there is no id_token%s%s%s", other ? ", but a JWT in '" : "",
		         other ? other : "", other ? "'" : "");
		if (other)
			fix = arena_printf(s->a, "the JWT is in '%s': return the ID token as id_token", other);
	} else {
		violated(s, f, expected, "id_token is %s", shown(s, value));
		if (json_is_object(value))
			fix = "the claims were returned decoded: return the signed compact JWT, "
			      "header.payload.signature";
	}
	detail(f, NULL, value ? "body /id_token" : "body", fix);
}

CHECK(token_scope, "token.scope")
{
	static const char expected[] = "scope: scope tokens with one space between them, in one string";
	const json_t *value;
	const char *fix = NULL;

	if (!reply_member(s, "scope", &value, f))
		return;
	if (!value) {
		skip(s, f, "there is no scope: it may be left out when it is what was asked for");
		return;
	}
	struct sv text = text_of(value), rest = text, token;
	bool good = json_is_string(value);
	while (good && sv_cut(&rest, ' ', &token))
		good = token.n > 0 && charset_outside(token, charset_is_nqchar) < 0;
	if (good) {
		pass(s, f, "%s", shown(s, value));
		return;
	}
	violated(s, f, expected, "scope is %s", shown(s, value));
	if (json_is_array(value))
		fix = "join the scopes with spaces into one string";
	else if (json_is_null(value) || (json_is_string(value) && text.n == 0))
		fix = "leave the member out when there is nothing to say";
	else if (json_is_string(value) && charset_outside(text, charset_is_nqschar) < 0)
		fix = "put exactly one space between scopes, and none at the ends";
	detail(f, NULL, "body /scope", fix);
}

CHECK(token_refresh_token, "token.refresh-token")
{
	static const char expected[] = "a refresh_token of its own, or none";
	const json_t *value;

	if (!reply_member(s, "refresh_token", &value, f))
		return;
	if (!value) {
		skip(s, f, "there is no refresh_token: it is optional");
		return;
	}
	if (json_is_null(value)) {
		violated(s, f, "refresh_token: a non-empty string, or no such member", "refresh_token is null");
		detail(f, "null", "body /refresh_token", NULL);
		return;
	}
	if (bad_token(s, f, "refresh_token", value))
		return;
	if (sv_eq(text_of(value), text_of(json_object_get(subject_body(s, f), "access_token"))))
		violated(s, f, expected, "refresh_token is the same as access_token");
	else if (s->x->code.code && sv_eq(text_of(value), sv_of(s->x->code.code)))
		violated(s, f, expected, "refresh_token is the code that was redeemed");
	else
		pass(s, f, "a string of %zu characters", json_string_length(value));
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, "body /refresh_token",
		       "make refresh tokens of random bytes of their own, or leave the member out");
}
