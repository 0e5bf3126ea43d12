#ifndef BRANDCERT_JOSE_RSA_OPEN_H
#define BRANDCERT_JOSE_RSA_OPEN_H

#include "jose/jws.h"
#include "jose/ossl.h"

/*
 * What an RSA signature turns out to be when one key is applied to it. Only the private half of that very key can have
 * put the padding there, so a padding that is found proves who signed, whatever the content.
 */
enum rsa_padding { RSA_PADDING_PKCS1, RSA_PADDING_PSS };

struct rsa_opened {
	struct sv content;     /* PKCS1: all that stands behind the padding */
	struct sv digest;      /* PKCS1: of the content. PSS: of digest and salt together, RFC 8017 §9.1's H */
	struct sv salt;        /* PSS */
	const char *hash;      /* OpenSSL's name; PKCS1: NULL when content is no DigestInfo (RFC 8017 §9.2) */
	const char *mask_hash; /* PSS: the hash of MGF1 */
	enum rsa_padding padding;
	bool longest_salt; /* PSS: the salt leaves no room for padding, so that only 17 bits are proof */
	bool proven;       /* the padding is long enough (64 bits at least) not to be there by accident */
};

#define RSA_OPENED_MAX 16

/* Applies key (RSA) to a signature as long as its modulus. Gives how many readings there are: one for PKCS1, for PSS each
 * pair of hashes under which the padding is right, the proven ones first. */
size_t rsa_open(struct arena *a, const struct jwk *key, struct sv signature, struct rsa_opened ret[RSA_OPENED_MAX]);

/* Whether o is a signature over what has this digest (made with o->hash). */
bool rsa_opened_over(struct arena *a, const struct rsa_opened *o, struct sv digest);

#endif
