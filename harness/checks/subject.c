#include "checks/check.h"
#include "checks/parsed.h"
#include "checks/reply.h"
#include "checks/times.h"
#include "checks/tokens.h"

void subject_release(struct subject *s)
{
	json_decref(s->body.value);
	json_decref(s->header.value);
	json_decref(s->payload.value);
	s->body.value = s->header.value = s->payload.value = NULL;
}

/* --- the reply ----------------------------------------------------------------------------------------------------- */

const struct parsed *subject_raw_json(struct subject *s)
{
	if (!s->body.done)
		parsed_fill(s->a, s->x ? s->x->response.body : SV_NONE, &s->body);
	return &s->body;
}

bool subject_issued(struct subject *s, struct finding *f)
{
	struct tokens_found found;

	if (!reply_answered(s, f))
		return false;
	if (s->x->status == 200 || tokens_find_member(s, &found))
		return true;
	skip_owned(s, f, "token.status-200");
	return false;
}

const json_t *subject_body(struct subject *s, struct finding *f)
{
	if (!subject_issued(s, f))
		return NULL;
	const struct parsed *body = subject_raw_json(s);
	if (json_is_object(body->value))
		return body->value;
	skip_owned(s, f, !body->value && body->utf16 ? "token.json-encoding" : "token.json-object");
	return NULL;
}

struct sv subject_id_token(struct subject *s, struct finding *f)
{
	const json_t *value;

	if (!reply_member(s, "id_token", &value, f))
		return SV_NONE;
	if (json_string_length(value) > 0)
		return (struct sv){json_string_value(value), json_string_length(value)};
	skip_owned(s, f, "token.id-token");
	return SV_NONE;
}

/* --- the token ----------------------------------------------------------------------------------------------------- */

const struct jws *subject_jws(struct subject *s, struct finding *f)
{
	struct sv token = subject_id_token(s, f);

	if (!token.p)
		return NULL;
	if (!s->jws_done)
		jws_split(s->a, token, &s->jws);
	s->jws_done = true;
	if (s->jws.parts == 3)
		return &s->jws;
	skip_owned(s, f, "jose.compact");
	return NULL;
}

static const struct parsed *raw_part(struct subject *s, struct parsed *ret, int part)
{
	struct finding unused = {0};
	const struct jws *jws;

	if (ret->done)
		return ret;
	jws = subject_jws(s, &unused);
	if (jws && (part == 0 ? jws->header : jws->payload).p)
		parsed_fill(s->a, part == 0 ? jws->header : jws->payload, ret);
	ret->done = true;
	return ret;
}

const struct parsed *subject_raw_header(struct subject *s)
{
	return raw_part(s, &s->header, 0);
}

const struct parsed *subject_raw_payload(struct subject *s)
{
	return raw_part(s, &s->payload, 1);
}

static const json_t *part_object(struct subject *s, int part, const char *owner, struct finding *f)
{
	const struct jws *jws = subject_jws(s, f);

	if (!jws)
		return NULL;
	const struct parsed *p = part == 0 ? subject_raw_header(s) : subject_raw_payload(s);
	if (json_is_object(p->value))
		return p->value;
	/* What cannot be decoded properly need not be JSON. */
	bool undecodable = jws->fault[part] != BASE64_OK && jws->fault[part] != BASE64_TRAILING_BITS;
	skip_owned(s, f, undecodable ? "jose.base64url" : owner);
	return NULL;
}

const json_t *subject_jose_header(struct subject *s, struct finding *f)
{
	return part_object(s, 0, "jose.header-json", f);
}

const json_t *subject_claims(struct subject *s, struct finding *f)
{
	return part_object(s, 1, "jose.payload-json", f);
}

/* --- the signature ------------------------------------------------------------------------------------------------- */

static bool verified(const struct jws_diagnosis *d)
{
	return d->reason == JWS_VERIFIED || d->reason == JWS_VERIFIED_OTHER_KID;
}

/* The token as it was before somebody wrapped, padded or re-coded it. SV_NONE when there is nothing to mend. */
static struct sv mended(struct arena *a, const struct jws *jws)
{
	struct sv token = jws->token;
	char *copy;
	size_t n = 0;

	copy = arena_alloc(a, token.n + 1);
	for (size_t i = 0; i < token.n; i++) {
		char c = token.p[i];
		if (c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '=')
			continue;
		copy[n++] = (char)(c == '+' ? '-' : c == '/' ? '_' : c);
	}
	return sv_eq((struct sv){copy, n}, token) ? SV_NONE : (struct sv){copy, n};
}

const struct jws_diagnosis *subject_diagnosis(struct subject *s, struct finding *f)
{
	static const struct jwks none;
	const struct jws *jws = subject_jws(s, f);

	if (!jws)
		return NULL;
	if (s->diagnosis_done)
		return &s->diagnosis;
	const struct jws_context c = {
	        .keys = s->keys ? s->keys : &none,
	        .client_secret = sv_of(s->run->client_secret),
	        .public_key_text = sv_of(s->run->public_key),
	};
	jws_diagnose(s->a, jws, &c, &s->diagnosis);
	struct sv text = verified(&s->diagnosis) ? SV_NONE : mended(s->a, jws);
	if (text.p) {
		struct jws again;
		struct jws_diagnosis d;
		jws_split(s->a, text, &again);
		jws_diagnose(s->a, &again, &c, &d);
		if (verified(&d))
			s->diagnosis = d;
	}
	s->diagnosis_done = true;
	return &s->diagnosis;
}

/* --- times --------------------------------------------------------------------------------------------------------- */

bool subject_time(struct subject *s, const char *claim, double *ret, struct finding *f)
{
	const json_t *claims = subject_claims(s, f);
	double seconds;

	if (!claims)
		return false;
	if (!times_read(json_object_get(claims, claim), &seconds)) {
		skip_owned(s, f, "idtoken.time.number");
		return false;
	}
	if (times_unit(seconds) == TIMES_UNKNOWN) {
		skip_owned(s, f, "idtoken.time.seconds");
		return false;
	}
	*ret = seconds / times_per_second(times_unit(seconds));
	return true;
}
