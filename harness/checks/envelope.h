#ifndef BRANDCERT_CHECKS_ENVELOPE_H
#define BRANDCERT_CHECKS_ENVELOPE_H

#include "checks/check.h"

/*
 * The encryption of an id_token (RFC 7516), agreed when the run has a decryption key. It is opened once; what is inside
 * is what all other checks see.
 */
const struct envelope *envelope_of(struct subject *s);

/* The requirement that owns that the envelope cannot be opened; NULL when it was. */
const char *envelope_owner(const struct envelope *v);

/* The text of the token that is to be taken apart: the one inside, or the one received. SV_NONE when it cannot be opened. */
struct sv envelope_token(struct subject *s, struct sv received);

/* What the envelope holds is not signed, so that jwe.inner-signed is violated. *ret is then the text inside, or SV_NONE. */
bool envelope_unsigned(struct subject *s, struct sv *ret);

/* The token as it was before somebody wrapped, padded or re-coded it. SV_NONE when there is nothing to mend. */
struct sv envelope_mended(struct arena *a, struct sv token);

#endif
