#ifndef BRANDCERT_JOSE_KEY_TEXT_H
#define BRANDCERT_JOSE_KEY_TEXT_H

#include "jose/ossl.h"

/* A public key written out. The texts are arena memory, NULL when OpenSSL cannot write the key. */
struct sv key_der(struct arena *a, EVP_PKEY *key); /* SubjectPublicKeyInfo; SV_NONE on failure */
char *key_pem(struct arena *a, EVP_PKEY *key);     /* the same as PEM, with a final newline */
char *key_line(struct arena *a, EVP_PKEY *key);    /* the same as base64 on one line */

/* The texts of a public key that people have used as HMAC keys by mistake. */
struct key_text {
	const char *name; /* "the PEM text (with its final newline)" */
	struct sv text;
};
#define KEY_TEXTS 5
size_t key_texts(struct arena *a, EVP_PKEY *key, struct key_text ret[KEY_TEXTS]);

#endif
