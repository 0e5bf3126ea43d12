#include <string.h>

#include "checks/alg.h"
#include "checks/az_way.h"
#include "checks/check.h"
#include "checks/envelope.h"
#include "checks/front.h"
#include "checks/reply.h"

/* What only tokens of the browser have to fulfil: OpenID Connect Core §3.2.2.10, §3.2.2.11. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

CHECK(imp_signed, "imp.signed")
{
	static const char expected[] = "a token that is signed with the brand's private key";
	const char *fix = NULL, *other;

	if (strcmp(s->x->kind, "handover") == 0 && reply_answered(s, f) && (other = front_not_a_token(s, &fix))) {
		violated(s, f, "a compact token, header.payload.signature", "%s", other);
		detail(f, NULL, "body", fix);
		return;
	}
	const json_t *header = f->kind == FINDING_NONE ? subject_jose_header(s, f) : NULL;
	const json_t *alg = json_object_get(header, "alg");
	if (!header)
		return;
	if (!json_is_string(alg)) {
		skip_owned(s, f, "jose.header-json");
	} else if (sv_eq_nocase(text_of(alg), SV("none"))) {
		violated(s, f, expected, "alg is %s: anybody can have made this token", shown(s, alg));
		detail(f, NULL, "jose header alg", NULL);
	} else if (subject_jws(s, f)->raw[2].n == 0) {
		violated(s, f, expected, "alg is %s, but the signature is empty", shown(s, alg));
		detail(f, NULL, front_where(s), NULL);
	} else if (alg_signed(s, f).p) {
		if (alg_is_keyed_hash(subject_diagnosis(s, f)))
			skip_owned(s, f, "jose.alg-not-hmac");
		else
			pass(s, f, "alg is %s", shown(s, alg));
	}
}

/* A string stands for an array of one (RFC 7519 §4.1.3). */
static bool names_client(const json_t *aud, const char *client)
{
	if (json_is_string(aud))
		return sv_eq(text_of(aud), sv_of(client));
	for (size_t i = 0; i < json_array_size(aud); i++)
		if (sv_eq(text_of(json_array_get(aud, i)), sv_of(client)))
			return true;
	return false;
}

CHECK(imp_aud, "imp.aud")
{
	const json_t *claims = subject_claims(s, f), *aud = json_object_get(claims, "aud");
	const char *client = s->run->client_id;

	if (!claims)
		return;
	if (!client) {
		skip(s, f, "the target file names no client_id");
		return;
	}
	const char *expected = arena_printf(s->a, "aud with \"%s\"", client);
	if (!aud) {
		violated(s, f, expected, "there is no aud");
		detail(f, "absent", "claim aud", NULL);
	} else if (names_client(aud, client)) {
		pass(s, f, "aud is %s", shown(s, aud));
	} else if (json_string_length(aud) == 0 && json_array_size(aud) == 0) {
		skip_owned(s, f, "idtoken.aud.present");
	} else {
		violated(s, f, expected, "aud is %s", shown(s, aud));
		detail(f, NULL, "claim aud", NULL);
	}
}

/* --- nonce --------------------------------------------------------------------------------------------------------- */

/* The request went without one (OpenID Connect Core §3.2.2.1 requires it). */
static void judge_without(struct subject *s, struct finding *f)
{
	struct redirect r;

	if (front_parameter(s, NULL, NULL)) {
		violated(s, f, "an error, since the request has no nonce", "a token was issued without a nonce");
		detail(f, "not-required", "header Location", NULL);
	} else if (!reply_answered(s, f) || reply_unproven(s, f)) {
		return;
	} else if (az_came_back(s, &r)) {
		pass(s, f, "the request without nonce was refused with an error");
	} else {
		pass(s, f, "the request without nonce was refused: %s", az_end(s));
	}
}

CHECK(imp_nonce, "imp.nonce")
{
	bool asked = strcmp(s->x->kind, "authorize") == 0;
	const char *sent = s->x->code.nonce;

	if (asked && !az_asked(s, "nonce").p && !sv_eq(az_asked(s, "response_type"), SV("token"))) {
		judge_without(s, f);
		return;
	}
	const json_t *claims = subject_claims(s, f), *nonce = json_object_get(claims, "nonce");
	if (!claims)
		return;
	if (asked && az_asked(s, "nonce").p)
		sent = arena_sv(s->a, az_asked(s, "nonce"));
	if (!sent) {
		skip(s, f, "it is not known which nonce this token was asked for with");
		return;
	}
	if (asked && !nonce && sv_eq(az_asked(s, "response_type"), SV("token"))) {
		skip(s, f, "response_type=token knows no nonce");
		return;
	}
	const char *expected = arena_printf(s->a, "nonce \"%s\", as it was sent", sent);
	if (json_is_string(nonce) && sv_eq(text_of(nonce), sv_of(sent)))
		pass(s, f, "the nonce that was sent");
	else if (!nonce)
		violated(s, f, expected, "there is no nonce");
	else
		violated(s, f, expected, "nonce is %s", shown(s, nonce));
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, "claim nonce", NULL);
}

/* --- personal data ------------------------------------------------------------------------------------------------- */

CHECK(imp_pii_encrypted, "imp.pii-encrypted")
{
	static const char *const personal[] = {"email",       "phone_number",       "name",   "given_name",
	                                       "family_name", "preferred_username", "lp_sdes"};
	struct sv token = subject_id_token(s, f);
	bool in_query = false;
	size_t parts = 1;

	if (!token.p)
		return;
	if (strcmp(s->x->kind, "token") == 0) {
		skip(s, f, "this token does not travel through the browser");
		return;
	}
	for (size_t i = 0; i < token.n; i++)
		parts += token.p[i] == '.';
	if (parts == 5) {
		pass(s, f, "the token is encrypted");
		return;
	}
	const json_t *claims = subject_claims(s, f);
	if (!claims)
		return;
	(void)front_parameter(s, &in_query, NULL);
	for (size_t i = 0; i < sizeof personal / sizeof *personal; i++) {
		if (!json_object_get(claims, personal[i]))
			continue;
		violated(s, f, "personal data in encrypted tokens only, where a browser passes them on",
		         "the token is not encrypted and has %s%s", personal[i],
		         in_query ? ", and it came in a query" : "");
		detail(f, in_query ? "query" : NULL, front_where(s), NULL);
		return;
	}
	pass(s, f, "the token has no email address, telephone number, name or lp_sdes");
}
