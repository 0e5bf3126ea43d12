#ifndef BRANDCERT_EVIDENCE_REDIRECT_H
#define BRANDCERT_EVIDENCE_REDIRECT_H

#include "evidence/evidence.h"

/* Where an authorization response sends the browser: its Location, taken apart (RFC 3986 §3, RFC 6749 §4.1.2, §4.2.2). */
struct redirect {
	struct sv location;        /* the header's value */
	struct sv base;            /* without query and fragment */
	struct sv query, fragment; /* without '?' and '#'; SV_NONE where there is none */
};

/* False when the reply is no 3xx with one Location header. Borrows from x. */
bool redirect_of(const struct exchange *x, struct redirect *ret);

/* The same for a URL from elsewhere, like the address that a browser landed on. Borrows from url. */
void redirect_split(struct sv url, struct redirect *ret);

enum redirect_part { REDIRECT_QUERY, REDIRECT_FRAGMENT, REDIRECT_ANYWHERE };
/*
 * The n-th (from 0) parameter of that name (exact letter case), form-decoded once, arena memory; SV_NONE: there is none, or
 * it cannot be decoded. ANYWHERE: the query's before the fragment's.
 */
struct sv redirect_parameter(struct arena *a, const struct redirect *r, enum redirect_part part, const char *name,
                             size_t n);

/* The same for the query of any URL: what an authorization request said. */
struct sv url_parameter(struct arena *a, const char *url, const char *name, size_t n);

#endif
