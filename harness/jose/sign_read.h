#ifndef BRANDCERT_JOSE_SIGN_READ_H
#define BRANDCERT_JOSE_SIGN_READ_H

#include "jose/sign.h"

/* A private key of somebody who signs with us: PEM (PKCS#8, PKCS#1 or SEC 1), without a passphrase. */

/* NULL and ERR_INPUT, which shows nothing of the key, when it is none, or one that RFC 7518 has no use for: RSA below
 * 2048 bits, curves other than P-256, P-384 and P-521. */
struct signing_key *signing_key_read(struct sv pem, struct err *e);
/* The algorithm to sign with: RS256, or the ES that fits the curve (RFC 7518 §3.4). */
enum jose_alg signing_key_alg(const struct signing_key *k);
/* RFC 7638: SHA-256 of the canonical public JWK as base64url. Arena memory. */
char *signing_key_thumbprint(struct arena *a, const struct signing_key *k);

#endif
