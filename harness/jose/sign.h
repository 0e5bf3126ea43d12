#ifndef BRANDCERT_JOSE_SIGN_H
#define BRANDCERT_JOSE_SIGN_H

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "jose/jws.h"

/* Making keys and tokens: what the reference brand and the tests need. */

struct signing_key; /* a private key */

struct signing_key *signing_key_rsa(int bits, unsigned long exponent, struct err *e); /* NULL on failure */
struct signing_key *signing_key_ec(const char *curve, struct err *e);                 /* "P-256", "P-384", "P-521" */
void signing_key_free(struct signing_key *k);
void signing_key_freep(struct signing_key **k);

/* The public half, arena memory: as JWK JSON (use sig), as SPKI PEM, and as LivePerson's one line. NULL kid: left out. */
char *signing_key_jwk(struct arena *a, const struct signing_key *k, const char *kid, const char *alg);
char *signing_key_pem(struct arena *a, const struct signing_key *k);
char *signing_key_line(struct arena *a, const struct signing_key *k);

/*
 * Raw signature bytes over `input` (RFC 7518 §3), arena memory. alg RS*, PS* and ES* (as R and S) with a key; HS* with
 * signing_hmac. ERR_TROUBLE when key and alg do not fit.
 */
int signing_sign(struct arena *a, const struct signing_key *k, enum jose_alg alg, struct sv input, struct sv *ret,
                 struct err *e) __attribute__((warn_unused_result));
int signing_hmac(struct arena *a, struct sv key, enum jose_alg alg, struct sv input, struct sv *ret, struct err *e)
        __attribute__((warn_unused_result));
/* The compact serialization of header and payload (JSON texts) signed with k. NULL and e on failure. */
char *signing_compact(struct arena *a, const struct signing_key *k, enum jose_alg alg, const char *header,
                      const char *payload, struct err *e);

/* Hashes for at_hash, PKCE and digests. hash: "SHA256", "SHA384", "SHA512". */
int jose_hash(struct arena *a, const char *hash, struct sv input, struct sv *ret, struct err *e)
        __attribute__((warn_unused_result));
char *jose_sha256_hex(struct arena *a, struct sv input); /* ends the program when OpenSSL cannot hash */
/* n random bytes as base64url text: codes, secrets, ids. */
char *jose_random_text(struct arena *a, size_t n);

#endif
