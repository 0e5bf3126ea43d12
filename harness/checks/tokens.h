#ifndef BRANDCERT_CHECKS_TOKENS_H
#define BRANDCERT_CHECKS_TOKENS_H

#include "checks/check.h"

/*
 * Token material in a reply, wherever it stands: a member access_token, id_token or refresh_token that is neither null nor
 * empty, at any depth of the body, or text shaped like a JWT anywhere in body or headers (unless we sent it ourselves: some
 * brands' codes are JWTs). Status, media type and error values say nothing about it.
 */
struct tokens_found {
	const char *what;   /* "the member access_token", or NULL */
	const char *where;  /* for finding.where */
	const char *unseen; /* when nothing was found: why part of the reply could not be looked at, or NULL */
};

/* True when there is some; *ret is always set. */
bool tokens_find(struct subject *s, struct tokens_found *ret);

/* Only a member of a JSON body. */
bool tokens_find_member(struct subject *s, struct tokens_found *ret);

/* The first text in s that is shaped like a compact JWS or JWE: its first part is a JSON object with alg. SV_NONE: none. */
struct sv tokens_jwt(struct arena *a, struct sv s);

#endif
