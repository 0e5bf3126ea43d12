#ifndef BRANDCERT_CHECKS_LEAKS_H
#define BRANDCERT_CHECKS_LEAKS_H

#include "checks/check.h"

/*
 * Looks for what the client sent in what came back: the client secrets, the code, the code verifier, the credentials of the
 * Authorization header, and where `request` is asked for every other value of form and query but the protocol's own words
 * (grant types, registered client_ids and redirect_uri). Raw and as they can be escaped (JSON, percent and form encoding,
 * HTML), in body, head lines and the id_token's claims. Of a long value the beginning will do. Values under LEAKS_SHORTEST
 * bytes, and a secret that is the client_id, occur by chance: not looked for.
 */
struct leak {
	const char *what;  /* "the client secret" */
	const char *where; /* for finding.where */
};

#define LEAKS_SHORTEST 8

/* Number of values that there were to look for; 0: nothing can be said. *ret is zeroed when none of them was found. */
int leaks_find(struct subject *s, bool request, struct leak *ret);

/* The finding of a check that wants none of them in the reply. */
void leaks_judge(struct subject *s, const char *expected, bool request, struct finding *f);

#endif
