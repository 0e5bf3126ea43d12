#include "jose/key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

#include "core/limits.h"

/* Fewer bits are no key but a test's leftover: nothing is proven by a signature that anybody can make. */
#define RSA_BITS_MIN 512
/* OpenSSL's own bounds (OPENSSL_RSA_SMALL_MODULUS_BITS, OPENSSL_RSA_MAX_PUBEXP_BITS), which keep verification cheap. */
#define RSA_BITS_ANY_EXPONENT 3072
#define RSA_EXPONENT_BITS_MAX 64

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *build)
{
	param_auto *params = OSSL_PARAM_BLD_to_param(build);
	pkey_ctx_auto *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	ERR_clear_error();
	return key;
}

EVP_PKEY *key_rsa(struct sv n, struct sv e)
{
	bn_auto *modulus = BN_bin2bn(ossl_bytes(n), (int)n.n, NULL);
	bn_auto *exponent = BN_bin2bn(ossl_bytes(e), (int)e.n, NULL);
	param_bld_auto *build = OSSL_PARAM_BLD_new();

	if (!modulus || !exponent || !build || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent) != 1) {
		ERR_clear_error();
		return NULL;
	}
	return from_params("RSA", build);
}

EVP_PKEY *key_ec(const struct jose_curve *curve, struct sv x, struct sv y)
{
	unsigned char point[1 + 2 * 66] = {POINT_CONVERSION_UNCOMPRESSED};
	param_bld_auto *build = OSSL_PARAM_BLD_new();

	if (!build || x.n != curve->width || y.n != curve->width)
		return NULL;
	memcpy(point + 1, x.p, x.n);
	memcpy(point + 1 + x.n, y.p, y.n);
	if (OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0) != 1 ||
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * curve->width) != 1) {
		ERR_clear_error();
		return NULL;
	}
	return from_params("EC", build);
}

/* NULL when the numbers can be used. */
static const char *rsa_problem(struct arena *a, const BIGNUM *n, const BIGNUM *e)
{
	int bits = BN_num_bits(n), exponent_bits = BN_num_bits(e);

	if (bits < RSA_BITS_MIN)
		return arena_printf(a, "its modulus has %d bits, and keys of fewer than %d are not tried", bits,
		                    RSA_BITS_MIN);
	if (bits > LIMIT_RSA_BITS)
		return arena_printf(a, "its modulus has %d bits, and keys of more than %d are not tried", bits,
		                    LIMIT_RSA_BITS);
	if (!BN_is_odd(n))
		return "its modulus is even, so it is no product of two primes";
	if (!BN_is_odd(e) || BN_is_one(e) || BN_ucmp(e, n) >= 0)
		return "its public exponent is not an odd number between 3 and the modulus (RFC 8017 §3.1)";
	if (bits > RSA_BITS_ANY_EXPONENT && exponent_bits > RSA_EXPONENT_BITS_MAX)
		return arena_printf(a,
		                    "its public exponent has %d bits, and with a modulus of more than %d bits no "
		                    "more than %d are tried",
		                    exponent_bits, RSA_BITS_ANY_EXPONENT, RSA_EXPONENT_BITS_MAX);
	return NULL;
}

static void describe_rsa(struct arena *a, EVP_PKEY *key, struct jwk *ret)
{
	BIGNUM *n = NULL, *e = NULL;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1) {
		ret->bits = BN_num_bits(n);
		/* Decimal conversion is quadratic: not for numbers that are no exponents anyway. */
		char *decimal = BN_num_bits(e) <= LIMIT_RSA_BITS ? BN_bn2dec(e) : NULL;
		ret->exponent = arena_text(a, decimal);
		OPENSSL_free(decimal);
		ret->problem = rsa_problem(a, n, e);
	} else {
		ret->problem = "its modulus and exponent cannot be read";
	}
	BN_free(n);
	BN_free(e);
}

static void describe_ec(struct arena *a, EVP_PKEY *key, struct jwk *ret)
{
	const struct jose_curve *curve = jose_curve_of_key(key);
	pkey_ctx_auto *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	ret->bits = EVP_PKEY_get_bits(key);
	if (!curve) {
		char group[64] = "";
		EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), NULL);
		ret->problem = arena_printf(a, "its curve '%s' is not one of P-256, P-384 and P-521", group);
		return;
	}
	ret->curve = curve->name;
	ret->bits = curve->bits;
	if (!ctx || EVP_PKEY_public_check(ctx) != 1)
		ret->problem = "its point is not a valid point of the curve";
}

void key_describe(struct arena *a, EVP_PKEY *key, struct jwk *ret)
{
	if (EVP_PKEY_is_a(key, "RSA")) {
		ret->type = JWK_RSA;
		describe_rsa(a, key, ret);
	} else if (EVP_PKEY_is_a(key, "EC")) {
		ret->type = JWK_EC;
		describe_ec(a, key, ret);
	} else {
		const char *name = EVP_PKEY_get0_type_name(key);
		ret->type = JWK_OTHER;
		ret->bits = EVP_PKEY_get_bits(key);
		ret->problem = arena_printf(a, "it is a key for '%s', and the algorithms of RFC 7518 §3 need RSA or EC",
		                            name ? name : "?");
	}
	ERR_clear_error();
	if (ret->problem) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	ret->key = key;
}
