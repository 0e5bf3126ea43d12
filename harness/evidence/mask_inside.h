#ifndef BRANDCERT_EVIDENCE_MASK_INSIDE_H
#define BRANDCERT_EVIDENCE_MASK_INSIDE_H

#include "evidence/mask.h"
#include "evidence/secrets.h"

/* What a mask is made of: for mask.c, which masks, and mask_learn.c, which finds out what there is to be masked. */
struct mask {
	struct arena *a;
	struct secrets *secrets;
	const char **names; /* of all placeholders, NULL-terminated */
	size_t nnames;
	bool claims;
};

#endif
