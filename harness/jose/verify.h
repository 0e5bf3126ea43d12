#ifndef BRANDCERT_JOSE_VERIFY_H
#define BRANDCERT_JOSE_VERIFY_H

#include "jose/jws.h"
#include "jose/ossl.h"

/* The kinds of signature behind the names of RFC 7518 §3.1. */
enum jose_family { FAMILY_NONE, FAMILY_HMAC, FAMILY_PKCS1, FAMILY_PSS, FAMILY_ECDSA };
enum jose_family jose_alg_family(enum jose_alg alg);
/* The algorithm of that family and hash ("SHA256"), or ALG_UNKNOWN. */
enum jose_alg jose_alg_with(enum jose_family family, const char *hash);
/* The curve that an ES* algorithm is bound to; NULL for the others. */
const struct jose_curve *jose_alg_curve(enum jose_alg alg);

/* Whether key is usable and of the kind that alg needs: RSA for RS* and PS*, EC of the one right curve for ES*. */
bool verify_fits(const struct jwk *key, enum jose_alg alg);
/* Bytes that a signature by key has; 0 when key is not usable. */
size_t verify_size(const struct jwk *key);
/*
 * The verdict: RFC 7518 §3.3 to §3.5 over the bytes of input. A signature of another length than the key makes never
 * verifies, although OpenSSL would let some through; PSS needs a salt as long as the hash.
 */
bool verify_signature(struct arena *a, const struct jwk *key, enum jose_alg alg, struct sv input, struct sv signature);

/* The same over a digest that is there already, with an ECDSA signature in DER. For diagnosis. */
bool verify_digest(const struct jwk *key, enum jose_alg alg, struct sv digest, struct sv signature);
/* The bit (counted from the first byte's highest) whose flipping makes signature verify, or -1. Thousands of operations. */
long verify_flipped_bit(struct arena *a, const struct jwk *key, enum jose_alg alg, struct sv digest,
                        struct sv signature);

/* HMAC (RFC 7518 §3.2), arena memory; SV_NONE when alg is not HS*. */
struct sv verify_hmac(struct arena *a, enum jose_alg alg, struct sv key, struct sv input);

#endif
