#include <string.h>

#include "checks/alg.h"
#include "checks/check.h"

/* The signature itself, and the form of an ECDSA one. Why it does not verify is what jws_diagnose found out. */

/* Length of R and S together (RFC 7518 §3.4); 0 for what is not ECDSA. */
static size_t ecdsa_size(struct sv alg)
{
	switch (jose_alg_of(alg)) {
	case ALG_ES256:
		return 64;
	case ALG_ES384:
		return 96;
	case ALG_ES512:
		return 132;
	default:
		return 0;
	}
}

static bool is_der(struct sv signature)
{
	return signature.n > 8 && (unsigned char)signature.p[0] == 0x30;
}

/* The form is wrong, so that jose.ec-raw owns that it does not verify. */
static bool wrong_form(struct sv alg, const struct jws *jws, const struct jws_diagnosis *d)
{
	size_t size = ecdsa_size(alg);

	return size > 0 && jws->signature.p && (jws->signature.n != size || d->reason == JWS_DER);
}

CHECK(jose_ec_raw, "jose.ec-raw")
{
	struct sv alg = alg_signed(s, f);
	size_t size = ecdsa_size(alg);

	if (!alg.p)
		return;
	if (size == 0) {
		skip(s, f, "alg is %s, which is not ECDSA",
		     shown(s, json_object_get(subject_jose_header(s, f), "alg")));
		return;
	}
	const struct jws *jws = subject_jws(s, f);
	if (!jws->signature.p) {
		skip_owned(s, f, "jose.base64url");
		return;
	}
	const struct jws_diagnosis *d = subject_diagnosis(s, f);
	if (!wrong_form(alg, jws, d)) {
		pass(s, f, "%zu bytes, R and S", size);
		return;
	}
	bool der = d->reason == JWS_DER || is_der(jws->signature);
	violated(s, f, arena_printf(s->a, "%zu bytes: R and S of equal length", size), "%zu bytes%s", jws->signature.n,
	         der ? ", beginning with 30 as DER does" : "");
	detail(f, NULL, "id_token signature", d->reason == JWS_DER ? d->fix : NULL);
}

/* A part that cannot be decoded as it stands, and no mending made the signature verify. */
static bool is_damaged(const struct jws *jws)
{
	for (int i = 0; i < 3; i++)
		if (jws->fault[i] == BASE64_FOREIGN || jws->fault[i] == BASE64_LENGTH)
			return true;
	return false;
}

/* Why there is no key to verify with. */
static void no_keys(struct subject *s, struct finding *f)
{
	const char *why = s->keys_trouble ? s->keys_trouble : "there is no registered key";

	if (s->keys_unreachable) {
		cannot(s, f, "%s", why);
		return;
	}
	if (s->keys_owner) {
		skip_owned(s, f, s->keys_owner);
		return;
	}
	violated(s, f, "a signature that verifies with the registered key", "there is no key to verify with: %s", why);
	detail(f, NULL, "jwks",
	       "publish the signing key as a JWK Set that answers with status 200, or register it anew");
}

/* What LivePerson takes is one line of base64 (SubjectPublicKeyInfo): other forms are read here, but not there. */
static const char *form_remark(const struct jwks *keys)
{
	switch (keys->form) {
	case JWKS_CERTIFICATE:
		return "; but that key is registered as a certificate, and LivePerson takes the bare public key "
		       "(openssl x509 -pubkey -noout)";
	case JWKS_PKCS1:
		return "; but that key is registered as an RSAPublicKey (PKCS#1), and LivePerson takes a "
		       "SubjectPublicKeyInfo (openssl rsa -RSAPublicKey_in -pubout)";
	case JWKS_SPKI_LINES:
		return "; but that key is registered with line breaks, and LivePerson takes it on one line";
	default:
		return "";
	}
}

/* A key whose private part is published is worth nothing, however well its signatures verify. */
static const char *private_remark(struct subject *s)
{
	for (size_t i = 0; i < s->keys->n; i++) {
		const struct jwk *key = &s->keys->v[i];
		if (key->private_parts)
			return arena_printf(
			        s->a,
			        "; but the JWKS publishes the private part of %s, so that anybody can sign: "
			        "replace that key, and publish only kty, kid, use, alg, n and e",
			        key->kid ? arena_printf(s->a, "the key '%s'", key->kid)
			                 : arena_printf(s->a, "key number %zu", i + 1));
	}
	return "";
}

CHECK(jose_signature, "jose.signature")
{
	struct sv alg = alg_signed(s, f);

	if (!alg.p)
		return;
	const struct jws *jws = subject_jws(s, f);
	const struct jws_diagnosis *d = subject_diagnosis(s, f);
	if (alg_is_keyed_hash(d)) {
		skip_owned(s, f, "jose.alg-not-hmac");
	} else if (jose_alg_of(alg) == ALG_UNKNOWN && s->run->algorithm && sv_eq(alg, sv_of(s->run->algorithm))) {
		cannot(s, f, "brandcert cannot verify signatures of the agreed algorithm '%s'", s->run->algorithm);
	} else if (jose_alg_of(alg) == ALG_UNKNOWN) {
		skip_owned(s, f, "jose.alg-expected");
	} else if (!s->keys) {
		no_keys(s, f);
	} else if (d->reason == JWS_VERIFIED || d->reason == JWS_VERIFIED_OTHER_KID) {
		pass(s, f, "%s%s%s", d->sentence, form_remark(s->keys), private_remark(s));
	} else if (is_damaged(jws)) {
		skip_owned(s, f, "jose.base64url");
	} else if (wrong_form(alg, jws, d)) {
		skip_owned(s, f, "jose.ec-raw");
	} else {
		violated(s, f, "a signature that verifies with the registered key", "%s", d->sentence);
		detail(f, NULL, "id_token signature", d->fix);
	}
}
