#ifndef BRANDCERT_JOSE_JWE_CONTENT_H
#define BRANDCERT_JOSE_JWE_CONTENT_H

#include "jose/jws.h"
#include "jose/ossl.h"

/* Content encryption (RFC 7518 §5): AES-GCM, and AES-CBC with an HMAC behind it. Sizes in bytes. */
struct jwe_enc {
	const char *name;   /* "A256GCM" */
	const char *cipher; /* what OpenSSL calls it */
	size_t key;         /* of the content encryption key: for CBC the HMAC's half and the cipher's */
	size_t iv, tag;
	enum jose_alg mac; /* of the HMAC; ALG_NONE for GCM */
};

/* By exact spelling, or loosely: in any letter case and with _ for -. NULL when it is none of RFC 7518 §5.1. */
const struct jwe_enc *jwe_enc_of(struct sv name);
const struct jwe_enc *jwe_enc_like(struct sv name);

struct jwe_sealed {
	struct sv iv, ciphertext, tag;
};

/* key has enc->key bytes, s->iv enc->iv. Sets ciphertext and tag, arena memory. False when OpenSSL cannot. */
bool jwe_seal(struct arena *a, const struct jwe_enc *enc, struct sv key, struct sv aad, struct sv plaintext,
              struct jwe_sealed *s);
/* *ret is arena memory. False when the tag does not fit, or a size is not what enc wants; *ret is then untouched. */
bool jwe_open(struct arena *a, const struct jwe_enc *enc, struct sv key, struct sv aad, const struct jwe_sealed *s,
              struct sv *ret);

#endif
