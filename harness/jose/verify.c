#include "jose/verify.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "jose/ecdsa.h"

enum jose_family jose_alg_family(enum jose_alg alg)
{
	switch (alg) {
	case ALG_HS256:
	case ALG_HS384:
	case ALG_HS512:
		return FAMILY_HMAC;
	case ALG_RS256:
	case ALG_RS384:
	case ALG_RS512:
		return FAMILY_PKCS1;
	case ALG_PS256:
	case ALG_PS384:
	case ALG_PS512:
		return FAMILY_PSS;
	case ALG_ES256:
	case ALG_ES384:
	case ALG_ES512:
		return FAMILY_ECDSA;
	case ALG_NONE:
	case ALG_UNKNOWN:
		break;
	}
	return FAMILY_NONE;
}

enum jose_alg jose_alg_with(enum jose_family family, const char *hash)
{
	for (enum jose_alg alg = ALG_HS256; alg < ALG_UNKNOWN; alg++)
		if (jose_alg_family(alg) == family && strcmp(jose_alg_hash(alg), hash) == 0)
			return alg;
	return ALG_UNKNOWN;
}

const struct jose_curve *jose_alg_curve(enum jose_alg alg)
{
	switch (alg) {
	case ALG_ES256:
		return jose_curve_of("P-256");
	case ALG_ES384:
		return jose_curve_of("P-384");
	case ALG_ES512:
		return jose_curve_of("P-521");
	default:
		return NULL;
	}
}

bool verify_fits(const struct jwk *key, enum jose_alg alg)
{
	if (!key->key)
		return false;
	switch (jose_alg_family(alg)) {
	case FAMILY_PKCS1:
	case FAMILY_PSS:
		return key->type == JWK_RSA;
	case FAMILY_ECDSA:
		return key->type == JWK_EC && jose_curve_of(key->curve) == jose_alg_curve(alg);
	default:
		return false;
	}
}

size_t verify_size(const struct jwk *key)
{
	if (!key->key)
		return 0;
	if (key->type == JWK_EC)
		return 2 * jose_curve_of(key->curve)->width;
	return (size_t)EVP_PKEY_get_size(key->key);
}

static bool set_padding(EVP_PKEY_CTX *ctx, enum jose_alg alg)
{
	switch (jose_alg_family(alg)) {
	case FAMILY_PKCS1:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
	case FAMILY_PSS:
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
	case FAMILY_ECDSA:
		return true;
	default:
		return false;
	}
}

bool verify_signature(struct arena *a, const struct jwk *key, enum jose_alg alg, struct sv input, struct sv signature)
{
	md_ctx_auto *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *inner; /* owned by ctx */

	if (!ctx || !verify_fits(key, alg) || signature.n != verify_size(key))
		return false;
	if (key->type == JWK_EC && ecdsa_to_der(a, signature, signature.n / 2, &signature) < 0)
		return false;
	bool good = EVP_DigestVerifyInit_ex(ctx, &inner, jose_alg_hash(alg), NULL, NULL, key->key, NULL) == 1 &&
	            set_padding(inner, alg) &&
	            EVP_DigestVerify(ctx, ossl_bytes(signature), signature.n, ossl_bytes(input), input.n) == 1;
	ERR_clear_error();
	return good;
}

static EVP_PKEY_CTX *digest_context(const struct jwk *key, enum jose_alg alg)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->key, NULL);
	md_auto *md = EVP_MD_fetch(NULL, jose_alg_hash(alg), NULL);

	if (ctx && md && EVP_PKEY_verify_init(ctx) == 1 && set_padding(ctx, alg) &&
	    EVP_PKEY_CTX_set_signature_md(ctx, md) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

static bool verifies(EVP_PKEY_CTX *ctx, struct sv digest, struct sv signature)
{
	bool good = EVP_PKEY_verify(ctx, ossl_bytes(signature), signature.n, ossl_bytes(digest), digest.n) == 1;
	ERR_clear_error();
	return good;
}

bool verify_digest(const struct jwk *key, enum jose_alg alg, struct sv digest, struct sv signature)
{
	pkey_ctx_auto *ctx = digest_context(key, alg);

	return ctx && verifies(ctx, digest, signature);
}

long verify_flipped_bit(struct arena *a, const struct jwk *key, enum jose_alg alg, struct sv digest,
                        struct sv signature)
{
	pkey_ctx_auto *ctx = digest_context(key, alg);
	unsigned char *flipped = arena_alloc(a, signature.n);
	long found = -1;

	if (!ctx || signature.n != verify_size(key))
		return -1;
	memcpy(flipped, signature.p, signature.n);
	/* what DER needs for each try is freed with this arena */
	arena_auto *each = arena_new();
	for (size_t bit = 0; bit < signature.n * 8 && found < 0; bit++) {
		unsigned char mask = (unsigned char)(0x80 >> bit % 8);
		struct sv tried = {(const char *)flipped, signature.n};
		flipped[bit / 8] ^= mask;
		if ((key->type != JWK_EC || ecdsa_to_der(each, tried, tried.n / 2, &tried) == 0) &&
		    verifies(ctx, digest, tried))
			found = (long)bit;
		flipped[bit / 8] ^= mask;
	}
	return found;
}

struct sv verify_hmac(struct arena *a, enum jose_alg alg, struct sv key, struct sv input)
{
	unsigned char *out = arena_alloc(a, EVP_MAX_MD_SIZE);
	size_t n = 0;

	if (jose_alg_family(alg) != FAMILY_HMAC ||
	    !EVP_Q_mac(NULL, "HMAC", NULL, jose_alg_hash(alg), NULL, ossl_bytes(key), key.n, ossl_bytes(input), input.n,
	               out, EVP_MAX_MD_SIZE, &n)) {
		ERR_clear_error();
		return SV_NONE;
	}
	return (struct sv){(const char *)out, n};
}
