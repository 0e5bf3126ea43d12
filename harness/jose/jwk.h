#ifndef BRANDCERT_JOSE_JWK_H
#define BRANDCERT_JOSE_JWK_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

struct evp_pkey_st;

enum jwk_type { JWK_RSA, JWK_EC, JWK_OCT, JWK_OTHER };

/* A public key that the brand published or that was pasted (RFC 7517 §4). Strings NULL when absent. */
struct jwk {
	enum jwk_type type;
	const char *kid, *use, *alg, *curve;
	int bits;                /* of the modulus or curve; 0 when not known */
	const char *exponent;    /* RSA, decimal */
	struct evp_pkey_st *key; /* NULL when it cannot be used, see problem */
	const char *problem;     /* why not */
	bool private_parts;      /* d, p, q, … or a symmetric k is in it: must never be published */
};

/* Where the keys came from, for messages: the form in which LivePerson has them. */
enum jwks_form {
	JWKS_DOCUMENT,    /* a JWK Set (RFC 7517 §5) */
	JWKS_SPKI_LINE,   /* base64 of the SubjectPublicKeyInfo on one line, as LivePerson asks for */
	JWKS_SPKI_PEM,    /* the same with PEM header and footer */
	JWKS_PKCS1,       /* RSAPublicKey (RFC 8017 A.1.1), PEM or base64 */
	JWKS_CERTIFICATE, /* X.509 certificate */
	JWKS_SPKI_LINES,  /* base64 of the SubjectPublicKeyInfo, but with line breaks or blanks in it */
};

struct jwks {
	enum jwks_form form;
	struct jwk *v;
	size_t n;
	size_t dropped; /* beyond LIMIT_KEYS */
};

/* Parses a JWK Set. Keys that cannot be used stay in the list with their problem. -1 (ERR_INPUT) when it is not a JSON
 * object with an array `keys`. */
int jwks_parse(struct arena *a, struct sv json, struct jwks *ret, struct err *e) __attribute__((warn_unused_result));
/* Parses one key as a person pastes it: any form of jwks_form but JWKS_DOCUMENT (which works, too). A private key is
 * refused with a text that says so and does not show it. */
int jwks_parse_key(struct arena *a, struct sv text, struct jwks *ret, struct err *e)
        __attribute__((warn_unused_result));
/* The text holds a private key in one of those forms, encrypted or not. */
bool jwks_text_is_private(struct arena *a, struct sv text);
/*
 * A JWK Set as it was meant: an array or a lone key put into `keys`, numbers in unpadded base64url, kty in its proper letter
 * case or guessed from the members, and, where all keys are said to be for something else, without use and key_ops. What is
 * no JSON comes back as it is. Arena memory, or json itself.
 */
struct sv jwks_mended(struct arena *a, struct sv json);
/* One public JWK, e.g. the `jwk` header member. */
int jwk_parse(struct arena *a, struct sv json, struct jwk *ret, struct err *e) __attribute__((warn_unused_result));
void jwks_release(struct jwks *k); /* frees the keys, not the arena memory */
void jwk_release(struct jwk *k);

#endif
