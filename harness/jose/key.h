#ifndef BRANDCERT_JOSE_KEY_H
#define BRANDCERT_JOSE_KEY_H

#include "jose/jwk.h"
#include "jose/ossl.h"

/* Building public keys, and finding out what is wrong with one. Shared by the JWK and the pasted forms. */

/* From big-endian numbers; NULL when OpenSSL does not take them (for EC: the point is not on the curve). */
EVP_PKEY *key_rsa(struct sv n, struct sv e);
EVP_PKEY *key_ec(const struct jose_curve *curve, struct sv x, struct sv y);

/*
 * Sets type, curve, bits, exponent and key of ret from `key`, which ret owns from then on. A key that is not to be used
 * is freed, and ret->problem says why: moduli out of bounds, exponents that RFC 8017 §3.1 rules out, other types.
 */
void key_describe(struct arena *a, EVP_PKEY *key, struct jwk *ret);

#endif
