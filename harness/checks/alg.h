#ifndef BRANDCERT_CHECKS_ALG_H
#define BRANDCERT_CHECKS_ALG_H

#include "checks/check.h"

/*
 * The alg of an id_token that is signed with a key pair, SV_NONE otherwise. Owners: jose.header-json (there is no alg),
 * jose.alg-not-none or imp.signed (unsecured, or the signature is empty), jose.alg-not-hmac.
 */
struct sv alg_signed(struct subject *s, struct finding *f);

/* Name of the hash that alg stands for ("SHA256"); NULL with f set as above, or owned by jose.alg-expected. */
const char *alg_hash(struct subject *s, struct finding *f);

/* The signature is an HMAC, whatever alg calls it. */
bool alg_is_keyed_hash(const struct jws_diagnosis *d);

#endif
