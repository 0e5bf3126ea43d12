#ifndef BRANDCERT_TESTS_JOSE_SEALED_H
#define BRANDCERT_TESTS_JOSE_SEALED_H

#include "jose/jwe.h"
#include "testing.h"

/* Keys of recipients, made once for a test program, and encrypted tokens to be damaged. */
extern struct sealed_keys {
	struct arena *a;
	const char *private_pem, *public_pem, *other_public, *small_public;
} sealed;
void sealed_make(void);
void sealed_free(void);

#define SEALED_INSIDE "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmVk"

/* RSA-OAEP-256, A256GCM, cty JWT, to the first key. */
struct jwe_wish sealed_wish(void);
const char *sealed_encrypt(struct arena *a, const struct jwe_wish *w);
/* One part (from 1) replaced by text; or, without text, cut by so many bytes; or, without either, changed in its last. */
const char *sealed_with_part(struct arena *a, const char *token, int part, const char *text, int cut);
/* Decoded from base64url. */
struct sv sealed_bytes(struct arena *a, const char *text);

#endif
