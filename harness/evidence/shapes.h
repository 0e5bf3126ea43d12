#ifndef BRANDCERT_EVIDENCE_SHAPES_H
#define BRANDCERT_EVIDENCE_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sv.h"

/* The shape of compact tokens (RFC 7515 §7.1, RFC 7516 §7.1) and of Basic credentials (RFC 7617 §2), as far as masking
 * needs it: broken ones count, too. */

/* What of a compact token is secret: from `at` to its end. name NULL: nothing. */
struct shape_secret {
	size_t at;
	const char *name; /* "signature" of a JWS; "encrypted" is all but the header of a JWE */
};
struct shape_secret shape_secret(struct sv token);

/* Either alphabet of base64, and padding. */
bool shape_character(char c);

/*
 * Whether rest begins with the encoded start of a JSON object and goes on like a compact token of *end bytes. *next: where
 * another could begin, always above 0.
 */
bool shape_is_token(struct sv rest, size_t *end, size_t *next);

/* Whether this is the base64 of something with a colon in it, which "authentication" is not. */
bool shape_is_credentials(struct sv base64);

#endif
