#include "jose/ecdsa.h"

#include <openssl/err.h>

#include "jose/ossl.h"

int ecdsa_to_der(struct arena *a, struct sv raw, size_t width, struct sv *ret)
{
	ecdsa_sig_auto *sig = ECDSA_SIG_new();

	if (!sig || raw.n != 2 * width)
		return -1;
	BIGNUM *r = BN_bin2bn(ossl_bytes(raw), (int)width, NULL);
	BIGNUM *s = BN_bin2bn(ossl_bytes(raw) + width, (int)width, NULL);
	if (!r || !s || ECDSA_SIG_set0(sig, r, s) != 1) {
		BN_free(r);
		BN_free(s);
		return -1;
	}
	int n = i2d_ECDSA_SIG(sig, NULL);
	if (n <= 0)
		return -1;
	unsigned char *out = arena_alloc(a, (size_t)n), *p = out;
	i2d_ECDSA_SIG(sig, &p);
	*ret = (struct sv){(const char *)out, (size_t)n};
	return 0;
}

int ecdsa_to_raw(struct arena *a, struct sv der, size_t width, struct sv *ret)
{
	const unsigned char *p = ossl_bytes(der);
	ecdsa_sig_auto *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.n);

	ERR_clear_error();
	if (!sig || p != ossl_bytes(der) + der.n || BN_is_negative(ECDSA_SIG_get0_r(sig)) ||
	    BN_is_negative(ECDSA_SIG_get0_s(sig)))
		return -1;
	unsigned char *out = arena_alloc(a, 2 * width);
	if (BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, (int)width) < 0 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + width, (int)width) < 0) {
		ERR_clear_error();
		return -1;
	}
	*ret = (struct sv){(const char *)out, 2 * width};
	return 0;
}
