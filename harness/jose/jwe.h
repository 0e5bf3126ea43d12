#ifndef BRANDCERT_JOSE_JWE_H
#define BRANDCERT_JOSE_JWE_H

#include <jansson.h>
#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/*
 * Encrypted tokens in the compact serialization (RFC 7516 §7.1): RSA key encryption, AES content encryption. What a brand
 * sends is hostile: everything is bounded, nothing is decompressed.
 */

enum jwe_reason {
	JWE_DECRYPTED,
	JWE_NOT_COMPACT, /* not five parts */
	JWE_BAD_BASE64,  /* a part is not base64url */
	JWE_BAD_HEADER,  /* the protected header is no JSON object with strings alg and enc */
	JWE_UNKNOWN_ALG, /* alg is none that we can decrypt; see `alg` */
	JWE_UNKNOWN_ENC,
	JWE_COMPRESSED, /* decrypted, but zip is there: we never inflate */
	JWE_CRITICAL,   /* crit names what we do not understand */
	JWE_OTHER_KEY,  /* the content key does not open with our key: encrypted to another one, or damaged */
	JWE_BAD_TAG,    /* the key opened, but the authentication tag does not fit: altered or cut */
	JWE_MISMADE, /* opens with our key, but not in the way that alg and enc say: `problem` tells how; plaintext is set, unless
	                * it is compressed */
	JWE_BAD_KEY, /* our own key is none: see `problem` */
};

/* Arena memory. */
struct jwe {
	size_t parts;   /* dot-separated */
	json_t *header; /* the protected header as JSON, or NULL; owned: jwe_release */
	const char *alg, *enc,
	        *cty; /* of the header, NULL: absent or no string. A name that differs only by letter case or
	                              * by _ for - is understood all the same: judging the spelling is the caller's affair */
	enum jwe_reason reason;
	const char *problem; /* why it could not be decrypted, one clause for a person; NULL when it could */
	const char *fix;     /* what to change, where that is known; or NULL */
	struct sv plaintext; /* of JWE_DECRYPTED and JWE_MISMADE */
};

/*
 * key_pem: a private RSA key (PKCS#8 or PKCS#1 PEM). Decrypts RSA-OAEP-256, and RSA-OAEP and RSA1_5 too, so that what is
 * inside can be judged beside the wrong alg; enc is one of the six of RFC 7518 §5.1. RSA1_5 failures are not told from a bad
 * tag (RFC 7516 §11.5), which matters to servers, not to a certifier that holds a test key.
 */
void jwe_decrypt(struct arena *a, struct sv token, struct sv key_pem, struct jwe *ret);
void jwe_release(struct jwe *j);

/*
 * The name of a key or content encryption that text is, or is meant to be: it differs at most by letter case and by _ for -.
 * NULL when it is none that jwe_decrypt knows.
 */
const char *jwe_alg_meant(struct sv text);
const char *jwe_enc_meant(struct sv text);

/* For the reference brand and for tests. */
struct jwe_wish {
	const char *alg;         /* "RSA-OAEP-256", "RSA-OAEP" or "RSA1_5" */
	const char *alg_written; /* what the header says instead; NULL: alg */
	const char *enc;         /* "A256GCM", … */
	const char *enc_written; /* what the header says instead; NULL: enc */
	const char *cty;         /* NULL: left out */
	const char *kid;         /* NULL: left out */
	bool compressed;      /* zip DEF: the plaintext goes through DEFLATE (RFC 7516 §4.1.3); at most 65535 bytes */
	struct sv public_pem; /* SubjectPublicKeyInfo PEM of the recipient */
	struct sv plaintext;
};
/* The compact token in arena memory; NULL and e on failure. */
char *jwe_encrypt(struct arena *a, const struct jwe_wish *w, struct err *e);

/* A fresh RSA key pair for tests and the reference brand: PEM texts in arena memory. */
int jwe_make_key(struct arena *a, int bits, const char **private_pem, const char **public_pem, struct err *e)
        __attribute__((warn_unused_result));

#endif
