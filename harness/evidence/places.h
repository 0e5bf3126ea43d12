#ifndef BRANDCERT_EVIDENCE_PLACES_H
#define BRANDCERT_EVIDENCE_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sv.h"

/*
 * Finds secrets by where they stand: header fields (at the start of a line), form fields, JSON members, Basic credentials
 * and the signature of a compact JWS. Made for hostile, cut and broken text: nothing is parsed as a whole.
 */
enum place_encoding {
	PLACE_RAW,
	PLACE_JSON, /* inside a JSON string: escapes are still there */
	PLACE_FORM, /* form- or percent-encoded */
};

struct place_found {
	struct sv bytes;  /* within the text that was searched */
	const char *name; /* "access_token": what stands in its place, in brackets */
	enum place_encoding encoding;
};

typedef void places_fn(const struct place_found *found, void *context);
/* With `claims` also the payload of tokens, as "claims", and the standard personal claims. In order of place, mostly; what is found may overlap. Linear in the text. */
void places_find(struct sv text, bool claims, places_fn *found, void *context);

/* The content of a folded continuation line of a secret header, and whether a head line is such a header. */
bool places_secret_header(struct sv line);

/* All names that places_find gives, NULL-terminated. */
extern const char *const places_names[];

#endif
