#ifndef BRANDCERT_COMMANDS_RECORD_H
#define BRANDCERT_COMMANDS_RECORD_H

#include <jansson.h>

#include "core/arena.h"
#include "jose/jwk.h"
#include "verdict/results.h"

/*
 * A certification record: a compact JWS (RFC 7515 §7.1) over what a run found out, so that its verdict can be trusted
 * without running it again. Its `typ` keeps it from being taken for any other token (RFC 8725 §3.11).
 */
#define RECORD_TYP "brandcert-record+jwt"
#define RECORD_VERSION 1

/* The claims of a record. results_sha256: of the bytes of results.json. A new reference. */
json_t *record_claims(struct arena *a, const struct results *r, const char *results_sha256, int64_t now_s);
/* What is wrong with claims that were signed by whomever, or NULL. */
const char *record_problem(struct arena *a, const json_t *claims);
struct record {
	json_t *claims;        /* owned by the caller */
	const char *kid, *alg; /* of the key that verified (kid may be NULL), and of the signature */
};
/* What keeps `text` from being a record that one of the keys signed, or NULL: then *ret is filled. Exactly one way of
 * writing a record is taken: no padding, no stray bits, nothing around it. */
const char *record_verify(struct arena *a, struct sv text, const struct jwks *keys, struct record *ret);
/* Why the results are no pass, in one clause, or NULL: they are. */
const char *record_flaw(struct arena *a, const struct results *r);

#endif
