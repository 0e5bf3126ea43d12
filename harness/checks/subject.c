#include "checks/check.h"
#include "checks/envelope.h"
#include "checks/front.h"
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
	jwe_release(&s->envelope.jwe);
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
	if (front_is(s) || s->x->status == 200 || tokens_find_member(s, &found))
		return true;
	skip_owned(s, f, "token.status-200");
	return false;
}

const json_t *subject_body(struct subject *s, struct finding *f)
{
	if (!subject_issued(s, f))
		return NULL;
	if (front_is(s)) {
		skip(s, f, "the token came through the browser, not in a token response");
		return NULL;
	}
	const struct parsed *body = subject_raw_json(s);
	if (json_is_object(body->value))
		return body->value;
	if (!body->value && reply_is_misframed(s->x))
		skip_owned(s, f, "http.framing");
	else
		skip_owned(s, f, !body->value && body->utf16 ? "token.json-encoding" : "token.json-object");
	return NULL;
}

struct sv subject_id_token(struct subject *s, struct finding *f)
{
	const json_t *value;

	if (front_is(s))
		return front_token(s, f);
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
	struct sv token = subject_id_token(s, f), text;

	if (!token.p)
		return NULL;
	if (s->run->decryption_key && !(token = envelope_token(s, token)).p) {
		skip_owned(s, f, envelope_owner(envelope_of(s)));
		return NULL;
	}
	if (envelope_unsigned(s, &text) && envelope_of(s)->kind == ENVELOPE_OUTSIDE) {
		skip_owned(s, f, "jwe.inner-signed");
		return NULL;
	}
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
	struct sv text = SV_NONE;
	const struct jws *jws;

	if (ret->done)
		return ret;
	/* Claims that were encrypted bare are judged, too. */
	if ((part == 0 || !envelope_unsigned(s, &text)) && (jws = subject_jws(s, &unused)))
		text = part == 0 ? jws->header : jws->payload;
	if (text.p)
		parsed_fill(s->a, text, ret);
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
	struct sv text;

	if (envelope_unsigned(s, &text)) {
		const json_t *claims = subject_raw_payload(s)->value;
		if (json_is_object(claims))
			return claims;
		skip_owned(s, f, "jwe.inner-signed");
		return NULL;
	}
	return part_object(s, 1, "jose.payload-json", f);
}

/* --- the signature ------------------------------------------------------------------------------------------------- */

static bool verified(const struct jws_diagnosis *d)
{
	return d->reason == JWS_VERIFIED || d->reason == JWS_VERIFIED_OTHER_KID;
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
	struct sv text = verified(&s->diagnosis) ? SV_NONE : envelope_mended(s->a, jws->token);
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
