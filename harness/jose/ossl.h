#ifndef BRANDCERT_JOSE_OSSL_H
#define BRANDCERT_JOSE_OSSL_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "core/arena.h"
#include "core/sv.h"

/* OpenSSL handles that free themselves at the end of their scope. */
#define OSSL_AUTO(type, name)                         \
	static inline void ossl_free_##name(type **p) \
	{                                             \
		name##_free(*p);                      \
	}
OSSL_AUTO(EVP_PKEY, EVP_PKEY)
OSSL_AUTO(EVP_PKEY_CTX, EVP_PKEY_CTX)
OSSL_AUTO(EVP_MD_CTX, EVP_MD_CTX)
OSSL_AUTO(EVP_MD, EVP_MD)
OSSL_AUTO(EVP_CIPHER, EVP_CIPHER)
OSSL_AUTO(EVP_CIPHER_CTX, EVP_CIPHER_CTX)
OSSL_AUTO(BIO, BIO)
OSSL_AUTO(BIGNUM, BN)
OSSL_AUTO(OSSL_PARAM_BLD, OSSL_PARAM_BLD)
OSSL_AUTO(OSSL_PARAM, OSSL_PARAM)
OSSL_AUTO(ECDSA_SIG, ECDSA_SIG)
OSSL_AUTO(X509, X509)
OSSL_AUTO(X509_SIG, X509_SIG)
#define pkey_auto __attribute__((cleanup(ossl_free_EVP_PKEY))) EVP_PKEY
#define pkey_ctx_auto __attribute__((cleanup(ossl_free_EVP_PKEY_CTX))) EVP_PKEY_CTX
#define md_ctx_auto __attribute__((cleanup(ossl_free_EVP_MD_CTX))) EVP_MD_CTX
#define md_auto __attribute__((cleanup(ossl_free_EVP_MD))) EVP_MD
#define cipher_auto __attribute__((cleanup(ossl_free_EVP_CIPHER))) EVP_CIPHER
#define cipher_ctx_auto __attribute__((cleanup(ossl_free_EVP_CIPHER_CTX))) EVP_CIPHER_CTX
#define bio_auto __attribute__((cleanup(ossl_free_BIO))) BIO
#define bn_auto __attribute__((cleanup(ossl_free_BN))) BIGNUM
#define param_bld_auto __attribute__((cleanup(ossl_free_OSSL_PARAM_BLD))) OSSL_PARAM_BLD
#define param_auto __attribute__((cleanup(ossl_free_OSSL_PARAM))) OSSL_PARAM
#define ecdsa_sig_auto __attribute__((cleanup(ossl_free_ECDSA_SIG))) ECDSA_SIG
#define x509_auto __attribute__((cleanup(ossl_free_X509))) X509
#define x509_sig_auto __attribute__((cleanup(ossl_free_X509_SIG))) X509_SIG

static inline const unsigned char *ossl_bytes(struct sv s)
{
	return (const unsigned char *)(s.p ? s.p : "");
}

/* Empties OpenSSL's error queue and gives its last text, or "no reason given". Static memory of OpenSSL. */
const char *ossl_error(void);

/* The hash of input, arena memory, or SV_NONE when OpenSSL does not have it. hash: OpenSSL's name. */
struct sv ossl_digest(struct arena *a, const char *hash, struct sv input);

/* The curves of RFC 7518 §6.2.1.1. */
struct jose_curve {
	const char *name;  /* "P-256" */
	const char *group; /* what OpenSSL calls it */
	size_t width;      /* bytes of a coordinate */
	int bits;
};
const struct jose_curve *jose_curve_of(const char *name);  /* NULL when it is none of them */
const struct jose_curve *jose_curve_of_key(EVP_PKEY *key); /* the same, for an EC key */

#endif
