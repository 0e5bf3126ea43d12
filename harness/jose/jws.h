#ifndef BRANDCERT_JOSE_JWS_H
#define BRANDCERT_JOSE_JWS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/base64.h"
#include "core/sv.h"
#include "jose/jwk.h"

/* Signature algorithms of RFC 7518 §3.1 that a brand may use, with what OpenSSL calls their hash. */
#define JOSE_ALGORITHMS(X)              \
	X(ALG_NONE, "none", NULL)       \
	X(ALG_HS256, "HS256", "SHA256") \
	X(ALG_HS384, "HS384", "SHA384") \
	X(ALG_HS512, "HS512", "SHA512") \
	X(ALG_RS256, "RS256", "SHA256") \
	X(ALG_RS384, "RS384", "SHA384") \
	X(ALG_RS512, "RS512", "SHA512") \
	X(ALG_PS256, "PS256", "SHA256") \
	X(ALG_PS384, "PS384", "SHA384") \
	X(ALG_PS512, "PS512", "SHA512") \
	X(ALG_ES256, "ES256", "SHA256") \
	X(ALG_ES384, "ES384", "SHA384") \
	X(ALG_ES512, "ES512", "SHA512")

#define JOSE_ENUM(name, text, hash) name,
enum jose_alg { JOSE_ALGORITHMS(JOSE_ENUM) ALG_UNKNOWN };
const char *jose_alg_text(enum jose_alg alg);
const char *jose_alg_hash(enum jose_alg alg); /* "SHA256"; NULL for none and unknown */
/* Exact spelling, RFC 7515 §4.1.1: case-sensitive. */
enum jose_alg jose_alg_of(struct sv text);

#define JWS_PARTS_MAX 6

/* A compact serialization (RFC 7515 §7.1) taken apart. Decoded parts are SV_NONE when there is no such part, or when it
 * cannot be decoded even loosely. */
struct jws {
	struct sv token;
	size_t parts; /* counted up to JWS_PARTS_MAX; an empty token has none */
	struct sv raw[3];
	enum base64_fault fault[3]; /* what a strict decoder says of each part */
	size_t fault_at[3];
	struct sv header, payload, signature; /* decoded, loosely where strict decoding failed */
};

/* Never fails: what is wrong is in *ret. */
void jws_split(struct arena *a, struct sv token, struct jws *ret);
/* What is signed (RFC 7515 §5.1): the first two parts as received, with their dot. SV_NONE with fewer than two parts. */
struct sv jws_signing_input(const struct jws *token);

/*
 * Why a signature does or does not verify. The reason is the product: each names what the brand's developer did, and
 * none is given that was not proven. The sentences stand in jws_diagnose.c and diagnose_*.c.
 */
enum jws_reason {
	JWS_VERIFIED, /* also when kid names no registered key at all, or there is none: the sentence says so */
	JWS_VERIFIED_OTHER_KID, /* verifies, but with another key than the one that kid names */
	JWS_UNSECURED,          /* alg none, in any letter case */
	JWS_EMPTY_SIGNATURE,    /* an algorithm is named, but the third part is empty */
	JWS_HMAC_CLIENT_SECRET, /* HS*, keyed with the client secret */
	JWS_HMAC_PUBLIC_KEY,    /* HS*, keyed with the text or the DER of the public key */
	JWS_HMAC,               /* HS*, with a key that we do not have */
	JWS_EMBEDDED_KEY,       /* verifies only with the key that the token itself carries (jwk) */
	JWS_TRUNCATED,          /* RSA: shorter than the modulus */
	JWS_SIGNATURE_LENGTH,   /* longer, or an ECDSA signature of the wrong size */
	JWS_ONE_BIT,            /* correct but for one flipped bit of the signature */
	JWS_CONTENT_ALTERED,    /* made with the registered key over other content: altered after signing */
	JWS_OTHER_HASH,         /* RSASSA-PKCS1-v1_5 with the registered key, but another hash than alg says */
	JWS_PSS,                /* RSASSA-PSS with the registered key under an RS* name */
	JWS_PKCS1,              /* RSASSA-PKCS1-v1_5 with the registered key under a PS* name */
	JWS_DER,                /* ECDSA in DER instead of R and S (RFC 7518 §3.4) */
	JWS_DECODED_INPUT,      /* signed over the decoded instead of the encoded text */
	JWS_OTHER_KEY,          /* none of the registered keys made it */
	JWS_KEY_TYPE,           /* no registered key is of the kind that alg needs */
	JWS_UNKNOWN_ALG,        /* alg is missing or names nothing that we know */
	JWS_NO_KEY,             /* there is no usable key at all */
	JWS_OTHER_ALG, /* a registered key made it, but by quite another algorithm than alg says (ES under RS, …) */
	JWS_PSS_PARAMETERS,  /* RSASSA-PSS with the registered key, but another salt length or mask (RFC 7518 §3.5) */
	JWS_BAD_DIGEST_INFO, /* PKCS1-v1_5 with the registered key, but no proper DigestInfo (RFC 8017 §9.2) */
	JWS_KEY_USE,         /* verifies, but with a key whose `use` is not sig */
	JWS_NOT_VERIFIED,    /* does not verify, and the algorithm does not let one prove why (ECDSA, or undecodable) */
};

struct jws_context {
	const struct jwks *keys;
	struct sv client_secret;   /* tried as an HMAC key; SV_NONE: not known */
	struct sv public_key_text; /* the pasted key as given, tried as an HMAC key; SV_NONE: none */
};

struct jws_diagnosis {
	enum jws_reason reason;
	enum jose_alg alg;     /* as named in the header; ALG_NONE for JWS_UNSECURED in any letter case */
	const struct jwk *key; /* the registered key that verified, or that the diagnosis is about; may be NULL */
	const char *sentence;  /* what was found, one sentence, no secret in it */
	const char *fix;       /* what to change; NULL for JWS_VERIFIED only */
};

/*
 * Verifies, over the bytes as they were received, and says why when it does not. Of a token with more than three parts
 * the first three are looked at: counting them is the caller's affair. c->keys may be NULL. Bounded work: at most
 * LIMIT_KEYS keys, one bit-flip search. *ret points into the arena and into c->keys.
 */
void jws_diagnose(struct arena *a, const struct jws *token, const struct jws_context *c, struct jws_diagnosis *ret);

#endif
