#ifndef BRANDCERT_TESTS_JOSE_CRAFTED_H
#define BRANDCERT_TESTS_JOSE_CRAFTED_H

#include "jose/jws.h"
#include "jose/sign.h"
#include "testing.h"

/* Keys of all kinds, made once for a test program. */
extern struct crafted_keys {
	struct signing_key *rsa, *other, *rsa1024, *cubed, *p256, *other_p256, *p384, *p521;
} crafted;
void crafted_make(void);
void crafted_free(void);

/* One token on trial: what is registered, and what came out. */
struct bench {
	struct arena *a;
	struct jwks keys;
	struct jws_context c;
	struct jws_diagnosis d;
};
/* Each START_TEST declares one: `bench_auto b = bench_new();` */
struct bench bench_new(void);
void bench_release(struct bench *b);
#define bench_auto __attribute__((cleanup(bench_release))) struct bench

/* Registers a JWK Set of the JWKs given as JSON texts, ended by NULL. */
void bench_register(struct bench *b, ...) __attribute__((sentinel));
/* Registers a key pasted as text. */
void bench_paste(struct bench *b, const char *text);
void bench_diagnose(struct bench *b, const char *token);

/* "header.payload.signature", the first two encoded from their JSON. */
const char *crafted_join(struct bench *b, const char *header, const char *payload, struct sv signature);
/* The part before the signature. */
const char *crafted_input(struct bench *b, const char *header, const char *payload);
struct sv crafted_sign(struct bench *b, const struct signing_key *k, enum jose_alg alg, const char *input);
/* A token signed as alg, whatever its header says. */
const char *crafted_token(struct bench *b, const char *header, const struct signing_key *k, enum jose_alg alg);
const char *crafted_hmac_token(struct bench *b, const char *header, struct sv key, enum jose_alg alg);
/* RSASSA-PKCS1-v1_5 padding around bytes of any kind. */
struct sv crafted_raw_pkcs1(struct bench *b, const struct signing_key *k, struct sv content);
/* The private operation alone, over a number as wide as the modulus. */
struct sv crafted_raw(struct bench *b, const struct signing_key *k, struct sv message);
/* RSASSA-PSS with parameters of any kind; salt -2: as long as there is room. */
struct sv crafted_pss(struct bench *b, const struct signing_key *k, const char *input, const char *const hashes[2],
                      int salt);
/* ECDSA with a hash that is not the curve's own, as R and S. */
struct sv crafted_ecdsa(struct bench *b, const struct signing_key *k, const char *hash, const char *input);
struct sv crafted_der(struct bench *b, struct sv raw);
struct sv crafted_flip(struct bench *b, struct sv signature, size_t bit);

/* A token and what must be said of it. */
struct crafted_case {
	const char *name;
	const char *(*make)(struct bench *);
	enum jws_reason reason;
	const char *words[3]; /* of the sentence */
	const char *fix;      /* words of the fix; NULL when it verifies */
};
void bench_judge(struct bench *b, const struct crafted_case *c);

#define CRAFTED_PAYLOAD "{\"iss\":\"https://brand.example\",\"sub\":\"u-1\",\"aud\":\"lp\"}"

#endif
