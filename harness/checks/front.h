#ifndef BRANDCERT_CHECKS_FRONT_H
#define BRANDCERT_CHECKS_FRONT_H

#include "checks/check.h"

/*
 * Tokens that reach LivePerson through the consumer's browser: handed over by a page or an app (exchange kind "handover"), or
 * as a parameter of an authorization response ("authorize"). No TLS connection to the brand vouches for them, so that some
 * facts have other owners than in a token response.
 */
bool front_is(const struct subject *s);

/*
 * The token as text; SV_NONE with f a skip when there is none. Owner: imp.signed for what was handed over in its place, or
 * who owns that the authorization response has none.
 */
struct sv front_token(struct subject *s, struct finding *f);

/* Why what was handed over is no token at all, as one clause, with a fix; NULL: it may be one. */
const char *front_not_a_token(struct subject *s, const char **fix);

/*
 * The parameter of the redirect that holds the token, NULL: none does. LivePerson takes id_token, token and code; what is
 * not id_token counts only when it is shaped like a JWT. *in_query and *value may be NULL.
 */
const char *front_parameter(struct subject *s, bool *in_query, struct sv *value);

/* Where the token stands, for finding.where: "body /id_token" of a token response. */
const char *front_where(struct subject *s);

#endif
