#ifndef BRANDCERT_EVIDENCE_MASK_INSIDE_H
#define BRANDCERT_EVIDENCE_MASK_INSIDE_H

#include "evidence/mask.h"
#include "evidence/secrets.h"

/* What a mask is made of: for mask.c, which masks, and mask_learn.c and mask_keys.c, which find out what
 * there is to be masked. */
struct mask {
	struct arena *a;
	struct secrets *secrets;
	const char **names; /* of all placeholders, NULL-terminated */
	size_t nnames;
	bool claims;
};

/* Registers the private and symmetric members of a JWK Set, and a private key as PEM in its place. */
void mask_add_published_keys(struct mask *m, struct sv body);

#endif
