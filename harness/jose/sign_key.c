#include "jose/sign_key.h"

#include <jansson.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "core/base64.h"
#include "jose/key_text.h"

static struct signing_key *wrap(EVP_PKEY *pkey, const char *kind, struct err *e)
{
	if (!pkey) {
		err_trouble(e, "OpenSSL cannot make %s key: %s", kind, ossl_error());
		return NULL;
	}
	struct signing_key *k = mem_alloc(sizeof(*k));
	k->pkey = pkey;
	return k;
}

struct signing_key *signing_key_rsa(int bits, unsigned long exponent, struct err *e)
{
	pkey_ctx_auto *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	bn_auto *number = BN_new();
	EVP_PKEY *pkey = NULL;

	if (!ctx || !number || BN_set_word(number, exponent) != 1 || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits) != 1 || EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, number) != 1 ||
	    EVP_PKEY_generate(ctx, &pkey) != 1)
		pkey = NULL;
	return wrap(pkey, "an RSA", e);
}

struct signing_key *signing_key_ec(const char *curve, struct err *e)
{
	const struct jose_curve *known = jose_curve_of(curve);

	if (!known) {
		err_trouble(e, "no curve '%s': P-256, P-384 and P-521 are known", curve ? curve : "");
		return NULL;
	}
	return wrap(EVP_EC_gen(known->group), "an EC", e);
}

void signing_key_free(struct signing_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->pkey);
	free(k);
}

void signing_key_freep(struct signing_key **k)
{
	signing_key_free(*k);
}

/* A number of the key as base64url; width 0: as few bytes as it takes. */
static const char *number(struct arena *a, EVP_PKEY *pkey, const char *name, size_t width)
{
	BIGNUM *n = NULL;

	if (EVP_PKEY_get_bn_param(pkey, name, &n) != 1) {
		ERR_clear_error();
		return NULL;
	}
	if (!width)
		width = (size_t)BN_num_bytes(n);
	unsigned char *bytes = arena_alloc(a, width);
	int written = BN_bn2binpad(n, bytes, (int)width);
	BN_free(n);
	return written < 0 ? NULL : base64_encode(a, BASE64_URL, (struct sv){(const char *)bytes, width});
}

char *signing_key_jwk(struct arena *a, const struct signing_key *k, const char *kid, const char *alg)
{
	const struct jose_curve *curve = jose_curve_of_key(k->pkey);
	json_auto_t *jwk = NULL;

	if (curve)
		jwk = json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:s*, s:s*}", "kty", "EC", "use", "sig", "alg", alg, "kid",
		                kid, "crv", curve->name, "x",
		                number(a, k->pkey, OSSL_PKEY_PARAM_EC_PUB_X, curve->width), "y",
		                number(a, k->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, curve->width));
	else
		jwk = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*}", "kty", "RSA", "use", "sig", "alg", alg, "kid",
		                kid, "n", number(a, k->pkey, OSSL_PKEY_PARAM_RSA_N, 0), "e",
		                number(a, k->pkey, OSSL_PKEY_PARAM_RSA_E, 0));
	char *text = jwk ? json_dumps(jwk, JSON_COMPACT) : NULL;
	char *copy = arena_text(a, text);
	free(text);
	return copy;
}

char *signing_key_pem(struct arena *a, const struct signing_key *k)
{
	return key_pem(a, k->pkey);
}

char *signing_key_line(struct arena *a, const struct signing_key *k)
{
	return key_line(a, k->pkey);
}
