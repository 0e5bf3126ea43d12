#include "jose/sign.h"

#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/base64.h"
#include "core/buf.h"
#include "jose/ecdsa.h"
#include "jose/sign_key.h"
#include "jose/verify.h"

static bool fits(const struct signing_key *k, enum jose_alg alg)
{
	switch (jose_alg_family(alg)) {
	case FAMILY_PKCS1:
	case FAMILY_PSS:
		return EVP_PKEY_is_a(k->pkey, "RSA");
	case FAMILY_ECDSA:
		return EVP_PKEY_is_a(k->pkey, "EC") && jose_curve_of_key(k->pkey) == jose_alg_curve(alg);
	default:
		return false;
	}
}

static bool prepare(EVP_PKEY_CTX *ctx, enum jose_alg alg)
{
	if (jose_alg_family(alg) != FAMILY_PSS)
		return true; /* PKCS1-v1_5 is the default of an RSA key */
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

int signing_sign(struct arena *a, const struct signing_key *k, enum jose_alg alg, struct sv input, struct sv *ret,
                 struct err *e)
{
	md_ctx_auto *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *inner; /* owned by ctx */
	size_t n = 0;

	if (!fits(k, alg))
		return err_trouble(e, "the signing key is not of the kind that %s needs", jose_alg_text(alg));
	if (!ctx || EVP_DigestSignInit_ex(ctx, &inner, jose_alg_hash(alg), NULL, NULL, k->pkey, NULL) != 1 ||
	    !prepare(inner, alg) || EVP_DigestSign(ctx, NULL, &n, ossl_bytes(input), input.n) != 1)
		return err_trouble(e, "OpenSSL cannot sign with %s: %s", jose_alg_text(alg), ossl_error());
	unsigned char *out = arena_alloc(a, n);
	if (EVP_DigestSign(ctx, out, &n, ossl_bytes(input), input.n) != 1)
		return err_trouble(e, "OpenSSL cannot sign with %s: %s", jose_alg_text(alg), ossl_error());
	struct sv signature = {(const char *)out, n};
	const struct jose_curve *curve = jose_alg_curve(alg);
	if (curve && ecdsa_to_raw(a, signature, curve->width, &signature) < 0)
		return err_trouble(e, "OpenSSL made an ECDSA signature that is not DER");
	*ret = signature;
	return 0;
}

int signing_hmac(struct arena *a, struct sv key, enum jose_alg alg, struct sv input, struct sv *ret, struct err *e)
{
	struct sv mac = verify_hmac(a, alg, key, input);

	if (!mac.p)
		return err_trouble(e, "cannot make an HMAC with '%s'", jose_alg_text(alg));
	*ret = mac;
	return 0;
}

char *signing_compact(struct arena *a, const struct signing_key *k, enum jose_alg alg, const char *header,
                      const char *payload, struct err *e)
{
	char *input = arena_printf(a, "%s.%s", base64_encode(a, BASE64_URL, sv_of(header)),
	                           base64_encode(a, BASE64_URL, sv_of(payload)));
	struct sv signature = SV_NONE;

	if (signing_sign(a, k, alg, sv_of(input), &signature, e) < 0)
		return NULL;
	return arena_printf(a, "%s.%s", input, base64_encode(a, BASE64_URL, signature));
}

int jose_hash(struct arena *a, const char *hash, struct sv input, struct sv *ret, struct err *e)
{
	struct sv digest = ossl_digest(a, hash, input);

	if (!digest.p)
		return err_trouble(e, "OpenSSL has no hash '%s'", hash);
	*ret = digest;
	return 0;
}

char *jose_sha256_hex(struct arena *a, struct sv input)
{
	static const char digits[] = "0123456789abcdef";
	struct sv digest = ossl_digest(a, "SHA256", input);

	if (!digest.p)
		mem_exhausted(); /* SHA-256 is always there; only memory can be missing */
	char *out = arena_alloc(a, 2 * digest.n + 1);
	for (size_t i = 0; i < digest.n; i++) {
		out[2 * i] = digits[(unsigned char)digest.p[i] >> 4];
		out[2 * i + 1] = digits[(unsigned char)digest.p[i] & 15];
	}
	return out;
}

char *jose_random_text(struct arena *a, size_t n)
{
	unsigned char *bytes = arena_alloc(a, n);

	if (n && RAND_bytes(bytes, (int)n) != 1)
		mem_exhausted();
	return base64_encode(a, BASE64_URL, (struct sv){(const char *)bytes, n});
}
