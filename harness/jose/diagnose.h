#ifndef BRANDCERT_JOSE_DIAGNOSE_H
#define BRANDCERT_JOSE_DIAGNOSE_H

#include "jose/header.h"
#include "jose/rsa_open.h"
#include "jose/verify.h"

/*
 * The inside of jws_diagnose: one trial, and the steps that are tried one after the other until one of them says what
 * it is. A step that says something has proven it.
 */

/* Something that a brand may have signed instead of what the token carries. */
struct content {
	struct sv text;
	enum jws_reason reason;
	const char *what; /* "it was made over …" */
	const char *fix;
	struct content_digest {
		const char *hash;
		struct sv digest;
	} digests[8]; /* made when first needed */
};

#define CONTENTS_MAX 6

struct trial {
	struct arena *a;
	const struct jws *token;
	const struct jws_context *c;
	struct jose_header header;
	const struct jwk **order; /* the registered keys, those that kid names first */
	size_t named;             /* how many of them kid names */
	struct content received;  /* the signing input as it came */
	struct content other[CONTENTS_MAX];
	size_t others;
	bool unproven; /* a padding was seen that may be chance */
	struct jws_diagnosis *d;
};

/* The end of a trial; gives true, so that a step can `return say(…)`. */
struct outcome {
	enum jws_reason reason;
	const struct jwk *key;
	const char *fix;
};
bool diagnose_say(struct trial *t, struct outcome o, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What was signed instead, "the same claims written as JSON …", where made() proves one of the usual changes; else NULL. */
const char *diagnose_rewritten(struct trial *t, bool (*made)(struct trial *t, struct content *c, const void *arg),
                               const void *arg);

/* "the registered key 'k1'" */
const char *diagnose_key(struct trial *t, const struct jwk *key);
/* "SHA-256" */
const char *diagnose_hash(const char *hash);
struct sv diagnose_digest(struct trial *t, struct content *c, const char *hash);
/* Whether use allows signatures: absent or "sig" (RFC 7517 §4.2). */
bool diagnose_is_for_signatures(const struct jwk *key);
/* The algorithm, other than those of the token's own name, by which a registered key verifies; ALG_UNKNOWN for none. */
enum jose_alg diagnose_other_alg(struct trial *t, const struct jwk **key);
/* The one key that the token claims to be signed with: the one of its kid, or the only one that fits alg; else NULL. */
const struct jwk *diagnose_subject(struct trial *t);

/* Fills in received and other. */
void diagnose_gather(struct trial *t);
/* lead and "the token's kid 'x' names none of the registered keys", or "" when it does, or when no key has a kid. */
const char *diagnose_kid_remark(struct trial *t, const char *lead);

/* Steps of a concern of their own. Each gives true when it has said what it is. */
bool diagnose_hmac(struct trial *t);             /* alg is HS* */
bool diagnose_mislabelled_hmac(struct trial *t); /* alg is something else, but the signature has an HMAC's size */
bool diagnose_rsa(struct trial *t);
bool diagnose_ec(struct trial *t);
bool diagnose_length(struct trial *t);
bool diagnose_no_key(struct trial *t);
bool diagnose_key_type(struct trial *t);
bool diagnose_one_bit(struct trial *t);
bool diagnose_not_verified(struct trial *t); /* always true */

#endif
