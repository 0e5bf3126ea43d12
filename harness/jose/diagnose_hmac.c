#include <string.h>

#include "core/base64.h"
#include "jose/diagnose.h"
#include "jose/key_text.h"

#define FIX_CLIENT_SECRET                                                                                           \
	"sign with the private key whose public half is registered (RS256): whoever knows the client secret could " \
	"make this token"
#define FIX_PUBLIC_KEY                                                                                                \
	"sign with the private key (RS256) and never hand the public key to an HMAC function: everybody who has the " \
	"public key could make this token"
#define FIX_HMAC "sign with the private key whose public half is registered (RS256), not with a shared secret"

static size_t mac_size(enum jose_alg alg)
{
	return alg == ALG_HS256 ? 32 : alg == ALG_HS384 ? 48 : 64;
}

/* True when the signature is the HMAC of the received content under key. */
static bool is_keyed_with(struct trial *t, enum jose_alg alg, struct sv key)
{
	if (t->token->signature.n != mac_size(alg))
		return false;
	return sv_eq(verify_hmac(t->a, alg, key, jws_signing_input(t->token)), t->token->signature);
}

/* " although the header says RS256", when it does not say HS* itself */
static const char *contrast(struct trial *t)
{
	if (jose_alg_family(t->header.alg) == FAMILY_HMAC)
		return "";
	return arena_printf(t->a, ", although the header says %s", jose_alg_text(t->header.alg));
}

static bool with_client_secret(struct trial *t, enum jose_alg alg)
{
	struct sv secret = t->c->client_secret, decoded;
	struct outcome o = {.reason = JWS_HMAC_CLIENT_SECRET, .fix = FIX_CLIENT_SECRET};
	const char *how = NULL;

	if (!secret.p)
		return false;
	if (is_keyed_with(t, alg, secret))
		how = "";
	else if (base64_decode(t->a, BASE64_STANDARD, secret, &decoded, NULL) == BASE64_OK &&
	         is_keyed_with(t, alg, decoded))
		how = " (decoded from base64)";
	else if (base64_decode(t->a, BASE64_URL, secret, &decoded, NULL) == BASE64_OK && is_keyed_with(t, alg, decoded))
		how = " (decoded from base64url)";
	if (!how)
		return false;
	return diagnose_say(t, o, "the signature is an HMAC (%s) keyed with the client secret%s%s", jose_alg_text(alg),
	                    how, contrast(t));
}

static bool with_text(struct trial *t, enum jose_alg alg)
{
	struct sv text = t->c->public_key_text;
	const struct jwk *key = t->c->keys->n == 1 ? &t->c->keys->v[0] : NULL;
	struct outcome o = {.reason = JWS_HMAC_PUBLIC_KEY, .key = key, .fix = FIX_PUBLIC_KEY};

	if (!text.p || (!is_keyed_with(t, alg, text) && !is_keyed_with(t, alg, sv_trim(text))))
		return false;
	return diagnose_say(t, o, "the signature is an HMAC (%s) keyed with the text of the registered public key%s",
	                    jose_alg_text(alg), contrast(t));
}

static bool with_public_key(struct trial *t, enum jose_alg alg, const struct jwk *key)
{
	struct outcome o = {.reason = JWS_HMAC_PUBLIC_KEY, .key = key, .fix = FIX_PUBLIC_KEY};
	struct key_text form[KEY_TEXTS];
	size_t n = key_texts(t->a, key->key, form);

	for (size_t i = 0; i < n; i++)
		if (is_keyed_with(t, alg, form[i].text))
			return diagnose_say(t, o, "the signature is an HMAC (%s) keyed with %s of %s%s",
			                    jose_alg_text(alg), form[i].name, diagnose_key(t, key), contrast(t));
	return false;
}

static bool with_known_keys(struct trial *t, enum jose_alg alg)
{
	if (with_client_secret(t, alg))
		return true;
	for (size_t i = 0; i < t->c->keys->n; i++)
		if (t->order[i]->key && with_public_key(t, alg, t->order[i]))
			return true;
	return with_text(t, alg);
}

bool diagnose_hmac(struct trial *t)
{
	enum jose_alg alg = t->header.alg, made;
	const struct jwk *key = NULL;

	if (jose_alg_family(alg) != FAMILY_HMAC)
		return false;
	if (with_known_keys(t, alg))
		return true;
	made = diagnose_other_alg(t, &key);
	if (made != ALG_UNKNOWN)
		return diagnose_say(t,
		                    (struct outcome){JWS_OTHER_ALG, key, "write the algorithm that is used into alg"},
		                    "the header says %s, but the signature is a correct %s one by %s",
		                    jose_alg_text(alg), jose_alg_text(made), diagnose_key(t, key));
	size_t size = mac_size(alg), have = t->token->signature.n;
	const char *tried = t->c->client_secret.p
	                            ? "neither the client secret nor any form of a registered public key"
	                            : "no form of a registered public key (the client secret is not known here)";
	if (have != size)
		return diagnose_say(t, (struct outcome){JWS_HMAC, NULL, FIX_HMAC},
		                    "the header says %s, an HMAC with a shared secret, but the signature has %zu bytes "
		                    "where that makes %zu, and %s reproduces it",
		                    jose_alg_text(alg), have, size, tried);
	return diagnose_say(t, (struct outcome){JWS_HMAC, NULL, FIX_HMAC},
	                    "the header says %s, an HMAC with a shared secret, and %s reproduces it",
	                    jose_alg_text(alg), tried);
}

bool diagnose_mislabelled_hmac(struct trial *t)
{
	for (enum jose_alg alg = ALG_HS256; alg <= ALG_HS512; alg++)
		if (with_known_keys(t, alg))
			return true;
	return false;
}
