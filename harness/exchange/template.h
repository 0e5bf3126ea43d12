#ifndef BRANDCERT_EXCHANGE_TEMPLATE_H
#define BRANDCERT_EXCHANGE_TEMPLATE_H

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "exchange/exchange.h"
#include "suite/target.h"

/* What {name} stands for in the request of one step. */
struct template_values {
	const struct target *target;
	const struct client_credentials *client; /* {client_id} and {client_secret}: whoever sends this step; NULL: the
	                                          * target's client */
	struct sv code;                          /* SV_NONE: none is sent */
	const char *code_verifier;               /* of that code; NULL: it came without a challenge */
	bool stand_in;                           /* both only stand for a code that is still to come */
	const char *
	        redirect_uri; /* the one that this step sends if nothing changes it: the code's own, else the target's */
	const char *state, *nonce; /* of the authorization request that is being made; NULL elsewhere */
	saved_fn *saved;           /* may be NULL */
	void *saved_self;
};

/*
 * Replaces {…} in text: names with filters, generators (suite/filters.h); {{ is a brace. What it makes is bytes, at most
 * LIMIT_TEMPLATE of them. -1 (ERR_INPUT) when a name is not known or has no value here, or when a filter that is there to
 * make another value of one (another case, a part, another end) leaves it as it was: what is tried would not be tried.
 */
int template_fill(struct arena *a, const struct template_values *v, const char *text, struct sv *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
