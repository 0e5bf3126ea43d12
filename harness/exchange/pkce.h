#ifndef BRANDCERT_EXCHANGE_PKCE_H
#define BRANDCERT_EXCHANGE_PKCE_H

#include "core/arena.h"
#include "core/err.h"

/* Proof Key for Code Exchange: RFC 7636. */

#define PKCE_VERIFIER_LEAST 43 /* characters: §4.1 */
#define PKCE_VERIFIER_MOST 128

/* A random verifier of this many characters (0: the least) in arena memory. NULL and e when the kernel gives no bytes. */
char *pkce_verifier(struct arena *a, int length, struct err *e);
/* Its S256 challenge (§4.2) in arena memory. NULL and e when OpenSSL cannot hash. */
char *pkce_challenge(struct arena *a, const char *verifier, struct err *e);

#endif
