#ifndef BRANDCERT_CHECKS_USERINFO_H
#define BRANDCERT_CHECKS_USERINFO_H

#include "checks/check.h"

/* Replies of the userinfo endpoint (OpenID Connect Core §5.3), and the login whose access token was shown there. */

/* The token response of the scenario that brought the access token which s showed; NULL: none did. */
struct subject *userinfo_login(struct subject *s);

/*
 * The claims: status 200 and a JSON object with a sub that is a non-empty string. NULL with f set. Owner: ui.ok.
 */
const json_t *userinfo_claims(struct subject *s, struct finding *f);

/* How a value at userinfo and one in the id_token compare: numbers by their value, all else as JSON. */
bool userinfo_same(const json_t *one, const json_t *other);

/* A claim of OpenID Connect Core §5.1. */
struct standard_claim {
	const char *name;
	enum { CLAIM_STRING, CLAIM_BOOLEAN, CLAIM_NUMBER, CLAIM_OBJECT } type;
};
extern const struct standard_claim standard_claims[]; /* without sub; ended by a NULL name */

#endif
