#ifndef BRANDCERT_JOSE_JWE_KEY_H
#define BRANDCERT_JOSE_JWE_KEY_H

#include "jose/ossl.h"

/* Key encryption with RSA (RFC 7518 §4.2 and §4.3). */
struct jwe_padding {
	const char *hash, *mask_hash; /* of OAEP and of its MGF1, OpenSSL's names; NULL: RSAES-PKCS1-v1_5 */
};

struct jwe_alg {
	const char *name; /* "RSA-OAEP-256" */
	struct jwe_padding padding;
};

/* By exact spelling, or loosely: in any letter case and with _ for -. NULL when it is none that we can do. */
const struct jwe_alg *jwe_alg_of(struct sv name);
const struct jwe_alg *jwe_alg_like(struct sv name);
/* Whether two names are the same but for letter case and _ in place of -. */
bool jwe_name_like(struct sv name, struct sv other);
/* ctx is ready to encrypt or decrypt. False when OpenSSL does not take it. */
bool jwe_alg_prepare(EVP_PKEY_CTX *ctx, const struct jwe_padding *padding);

/* The private RSA key in PEM (PKCS#8 or PKCS#1, not encrypted), or NULL. */
EVP_PKEY *jwe_key_read(struct sv pem);
/* What key makes of an encrypted key, arena memory; SV_NONE when the padding is not found in it. */
struct sv jwe_key_open(struct arena *a, EVP_PKEY *key, const struct jwe_padding *padding, struct sv encrypted);

#endif
