#ifndef BRANDCERT_CHECKS_CHALLENGE_H
#define BRANDCERT_CHECKS_CHALLENGE_H

#include "checks/check.h"

/* Challenges of WWW-Authenticate: RFC 9110 §11.3, §11.6.1. One field may hold several, and there may be several fields. */
struct challenge {
	struct sv scheme;
	bool has_realm;
	struct sv realm; /* without its quotes, escapes kept */
};

/*
 * All challenges of the reply in order, their number in *n. NULL and 0 when a field does not follow the grammar; *problem then
 * says what is wrong with it, and otherwise is NULL.
 */
const struct challenge *challenges_read(struct subject *s, size_t *n, const char **problem);

#endif
