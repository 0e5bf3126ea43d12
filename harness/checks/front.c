#include "checks/front.h"

#include <string.h>

#include "checks/az_way.h"
#include "checks/reply.h"
#include "checks/tokens.h"
#include "evidence/redirect.h"

static bool is_kind(const struct subject *s, const char *kind)
{
	return s->x && s->x->kind && strcmp(s->x->kind, kind) == 0;
}

bool front_is(const struct subject *s)
{
	return is_kind(s, "handover") || is_kind(s, "authorize");
}

/* --- handed over --------------------------------------------------------------------------------------------------- */

const char *front_not_a_token(struct subject *s, const char **fix)
{
	struct sv text = sv_trim(s->x->response.body);
	const json_t *value;

	*fix = NULL;
	if (text.n == 0)
		return "what was handed over is empty";
	if (sv_eq(text, SV("null")) || sv_eq(text, SV("undefined")))
		return arena_printf(s->a, "what was handed over is the word %.*s", SV_ARG(text));
	/* The JSON serialization of a signed or encrypted token is for jose.compact. */
	if (!strchr("{[\"", text.p[0]) || !(value = subject_raw_json(s)->value) || json_object_get(value, "payload") ||
	    json_object_get(value, "ciphertext"))
		return NULL;
	if (tokens_jwt(s->a, text).p)
		*fix = "there is a JWT inside: hand over its text alone, without quotation marks or anything around it";
	else if (json_is_object(value))
		*fix = "these look like claims: sign them on the server and hand over header.payload.signature";
	return arena_printf(s->a, "what was handed over is JSON, %s", shown(s, value));
}

static struct sv handed_over(struct subject *s, struct finding *f)
{
	const char *unused;

	if (!front_not_a_token(s, &unused))
		return sv_trim(s->x->response.body);
	skip_owned(s, f, "imp.signed");
	return SV_NONE;
}

/* --- in an authorization response ---------------------------------------------------------------------------------- */

static bool is_jwt(struct subject *s, struct sv text)
{
	struct sv found = tokens_jwt(s->a, text);

	return found.p && found.p == text.p;
}

const char *front_parameter(struct subject *s, bool *in_query, struct sv *value)
{
	static const char *const names[] = {"id_token", "token", "code"};
	bool for_id_token = sv_eq(az_asked(s, "response_type"), SV("id_token"));
	struct redirect r;

	if (!is_kind(s, "authorize") || !redirect_of(s->x, &r))
		return NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sv query = redirect_parameter(s->a, &r, REDIRECT_QUERY, names[i], 0);
		struct sv found = query.p ? query : redirect_parameter(s->a, &r, REDIRECT_FRAGMENT, names[i], 0);
		if (found.n == 0 || !(is_jwt(s, found) || (i == 0 && for_id_token)))
			continue;
		if (in_query)
			*in_query = query.p != NULL;
		if (value)
			*value = found;
		return names[i];
	}
	return NULL;
}

static struct sv in_redirect(struct subject *s, struct finding *f)
{
	struct sv token = SV_NONE;

	if (sv_eq(az_asked(s, "response_type"), SV("code")))
		skip(s, f, "a code was asked for: no token comes with it");
	else if (!front_parameter(s, NULL, &token))
		skip_owned(s, f, az_owner(s));
	return token;
}

/* --- both ---------------------------------------------------------------------------------------------------------- */

struct sv front_token(struct subject *s, struct finding *f)
{
	if (!reply_answered(s, f))
		return SV_NONE;
	return is_kind(s, "handover") ? handed_over(s, f) : in_redirect(s, f);
}

const char *front_where(struct subject *s)
{
	const char *name;

	if (is_kind(s, "handover"))
		return "body";
	if (is_kind(s, "authorize"))
		return (name = front_parameter(s, NULL, NULL)) ? arena_printf(s->a, "redirect %s", name)
		                                               : "header Location";
	return "body /id_token";
}
