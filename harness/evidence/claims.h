#ifndef BRANDCERT_EVIDENCE_CLAIMS_H
#define BRANDCERT_EVIDENCE_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/sv.h"

/*
 * Personal claims: every member of an id_token's payload or of a userinfo reply but those that the protocol itself needs
 * (iss, aud, exp, nonce, …). sub is personal. Made for hostile and broken text, as all of masking.
 */

bool claims_is_protocol(struct sv name);

/* "claim": what stands in place of a personal one's value, in brackets. */
#define CLAIM_NAME "claim"

/* JSON text of an object, with "[claim]" for the value of every personal member and for what cannot be read as members. */
struct sv claims_masked(struct arena *a, struct sv json);

typedef void claims_fn(struct sv text, void *context);
/* Every string and number within the personal members of that object, at any depth, as text. Not what is too common to be
 * looked for: words like "true", updated_at. At most LIMIT_CLAIM_VALUES. */
void claims_values(struct arena *scratch, struct sv json, claims_fn *found, void *context);

#endif
