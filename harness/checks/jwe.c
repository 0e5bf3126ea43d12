#include <string.h>

#include "checks/alg.h"
#include "checks/check.h"
#include "checks/envelope.h"
#include "checks/front.h"
#include "checks/parsed.h"
#include "checks/tokens.h"

/* The encryption around the id_token (RFC 7516, RFC 7519 §5.2), where the target agrees on it. */

/* The envelope that there is; NULL with f set. */
static const struct envelope *envelope(struct subject *s, struct finding *f)
{
	if (!s->run->decryption_key) {
		skip(s, f, "this target agrees on no encryption: it names no decryption key");
		return NULL;
	}
	if (!subject_id_token(s, f).p)
		return NULL;
	const struct envelope *v = envelope_of(s);
	if (v->kind == ENVELOPE_OUTSIDE || v->kind == ENVELOPE_INSIDE)
		return v;
	skip_owned(s, f, v->kind == ENVELOPE_MISSING ? "jwe.present" : "jose.compact");
	return NULL;
}

/* The same with its header's alg and enc. */
static const struct envelope *envelope_named(struct subject *s, struct finding *f)
{
	const struct envelope *v = envelope(s, f);

	if (!v || (v->jwe.alg && v->jwe.enc))
		return v;
	skip_owned(s, f, envelope_owner(v));
	return NULL;
}

CHECK(jwe_present, "jwe.present")
{
	const struct envelope *v = envelope(s, f);

	if (!v && envelope_of(s)->kind == ENVELOPE_MISSING) {
		*f = (struct finding){0};
		violated(s, f, "an encrypted id_token in five parts, as agreed",
		         "it has three parts: it is signed, but not encrypted");
		detail(f, NULL, front_where(s), NULL);
	} else if (!v) {
		return;
	} else if (v->kind == ENVELOPE_INSIDE) {
		skip_owned(s, f, "jwe.inner-signed");
	} else if (v->jwe.reason == JWE_BAD_BASE64) {
		skip_owned(s, f, "jose.base64url");
	} else if (v->jwe.reason == JWE_BAD_HEADER) {
		violated(s, f, "an encrypted id_token whose header is a JSON object with alg and enc",
		         "it has five parts, but %s", v->jwe.problem);
		detail(f, NULL, "jose header",
		       "write alg (RSA-OAEP-256) and enc (for example A256GCM) into the encrypted token's header");
	} else {
		pass(s, f, "five parts, encrypted");
	}
}

/* --- alg and enc --------------------------------------------------------------------------------------------------- */

static const char *alg_fix(struct sv alg)
{
	const char *meant = jwe_alg_meant(alg);

	if (!meant)
		return "encrypt with RSA-OAEP-256 to the RSA public key that LivePerson gave you";
	if (strcmp(meant, "RSA-OAEP") == 0)
		return "choose RSA-OAEP-256: RSA-OAEP is the same padding with SHA-1";
	if (strcmp(meant, "RSA1_5") == 0)
		return "choose RSA-OAEP-256: the padding of RSA1_5 lets attackers decrypt by trial";
	return sv_find_char(alg, '_') >= 0 ? "write RSA-OAEP-256, with hyphens: LivePerson's page spells it with "
	                                     "underscores, but JOSE libraries know only the name with hyphens"
	                                   : "write it exactly so: RSA-OAEP-256";
}

static const char *enc_fix(struct subject *s, struct sv enc)
{
	const char *meant = jwe_enc_meant(enc);

	if (meant)
		return arena_printf(s->a, "write it exactly so: %s", meant);
	if (jwe_alg_meant(enc))
		return "that is a value for alg; enc names the cipher of the content: choose A256GCM or A128CBC-HS256";
	return "choose A256GCM or A128CBC-HS256";
}

CHECK(jwe_alg_enc, "jwe.alg-enc")
{
	const struct envelope *v = envelope_named(s, f);

	if (!v)
		return;
	struct sv alg = sv_of(v->jwe.alg), enc = sv_of(v->jwe.enc);
	const char *known = jwe_enc_meant(enc);
	if (!sv_eq(alg, SV("RSA-OAEP-256"))) {
		violated(s, f, "alg \"RSA-OAEP-256\"", "alg is \"%s\"", v->jwe.alg);
		detail(f, NULL, "jose header alg", alg_fix(alg));
	} else if (!known || !sv_eq(enc, sv_of(known))) {
		violated(s, f, "enc one of A128CBC-HS256, A192CBC-HS384, A256CBC-HS512, A128GCM, A192GCM and A256GCM",
		         "enc is \"%s\", which names no content encryption", v->jwe.enc);
		detail(f, NULL, "jose header enc", enc_fix(s, enc));
	} else {
		pass(s, f, "alg is RSA-OAEP-256, enc is %s", v->jwe.enc);
	}
}

/* --- cty ----------------------------------------------------------------------------------------------------------- */

/* RFC 7515 §4.1.10: 'application/' may be left out. */
static bool is_jwt(struct sv type)
{
	return sv_eq_nocase(type, SV("JWT")) || sv_eq_nocase(type, SV("application/jwt"));
}

CHECK(jwe_cty, "jwe.cty")
{
	const struct envelope *v = envelope(s, f);
	struct sv text;

	if (!v)
		return;
	if (envelope_unsigned(s, &text)) {
		skip_owned(s, f, "jwe.inner-signed"); /* what is inside is no JWT */
		return;
	}
	if (!json_is_object(v->jwe.header)) {
		skip_owned(s, f, envelope_owner(v));
		return;
	}
	const json_t *cty = json_object_get(v->jwe.header, "cty");
	if (v->jwe.cty && is_jwt(sv_of(v->jwe.cty))) {
		pass(s, f, "cty is %s", shown(s, cty));
		return;
	}
	violated(s, f, "cty \"JWT\" in the encrypted token's header", "%s%s", cty ? "cty is " : "there is no cty",
	         cty ? shown(s, cty) : "");
	detail(f, cty ? NULL : "absent", cty ? "jose header cty" : "jose header", NULL);
}

/* --- decryption ---------------------------------------------------------------------------------------------------- */

static bool is_deflate(const struct jwe *jwe)
{
	const char *zip = json_string_value(json_object_get(jwe->header, "zip"));

	return zip && strcmp(zip, "DEF") == 0;
}

CHECK(jwe_decrypts, "jwe.decrypts")
{
	const struct envelope *v = envelope(s, f);

	if (!v)
		return;
	const char *owner = envelope_owner(v);
	if (v->jwe.reason == JWE_DECRYPTED) {
		pass(s, f, "it decrypts with the registered key, and its tag verifies");
	} else if (v->jwe.reason == JWE_BAD_KEY) {
		cannot(s, f, "%s", v->jwe.problem);
	} else if (owner && strcmp(owner, "jwe.decrypts") != 0) {
		skip_owned(s, f, owner);
	} else if (v->jwe.reason == JWE_COMPRESSED) {
		violated(s, f, "a token that is encrypted as it is", "%s", v->jwe.problem);
		detail(f, is_deflate(&v->jwe) ? "compressed" : NULL, "jose header zip", "leave zip out of the header");
	} else {
		violated(s, f, "a token that decrypts with the registered key, and whose tag verifies", "%s",
		         v->jwe.problem);
		detail(f, NULL, front_where(s), v->jwe.fix);
	}
}

/* --- what is inside ------------------------------------------------------------------------------------------------ */

static void not_signed(struct subject *s, struct finding *f, struct sv text)
{
	const json_t *value = subject_raw_payload(s)->value;
	const char *fix = NULL;

	if (json_object_get(value, "signature") || json_object_get(value, "signatures")) {
		violated(s, f, "a signed JWT in three parts inside the encryption",
		         "inside is the JSON serialization of a signed token");
		fix = "use the compact serialization inside, header.payload.signature";
	} else if (json_is_object(value)) {
		violated(s, f, "a signed JWT in three parts inside the encryption",
		         "inside are bare claims, %s: encrypted, but not signed", shown(s, value));
		fix = "sign the claims first, then encrypt the signed token: anybody can encrypt to a public key, so "
		      "encryption says nothing about who made the token";
	} else if (tokens_jwt(s->a, text).p) {
		violated(s, f, "a signed JWT in three parts inside the encryption",
		         "inside is one more encrypted token, or a signed one with something around it");
		fix = "encrypt the signed token once, and nothing beside it";
	} else {
		violated(s, f, "a signed JWT in three parts inside the encryption",
		         "inside are %zu bytes that are neither a signed token nor claims", text.n);
	}
	detail(f, NULL, front_where(s), fix);
}

CHECK(jwe_inner_signed, "jwe.inner-signed")
{
	const struct envelope *v = envelope(s, f);
	struct sv text;

	if (!v)
		return;
	bool is_unsigned = envelope_unsigned(s, &text);
	if (v->kind == ENVELOPE_INSIDE) {
		violated(s, f, "a signed JWT in three parts inside the encryption",
		         "the token is encrypted inside and signed outside: the order is the other way round");
		detail(f, NULL, front_where(s), "sign the claims first, then encrypt the signed token");
	} else if (is_unsigned) {
		not_signed(s, f, text);
	} else if (alg_signed(s, f).p) {
		pass(s, f, "inside is a signed JWT");
	}
}
