#ifndef BRANDCERT_EXCHANGE_AUTHORIZATION_H
#define BRANDCERT_EXCHANGE_AUTHORIZATION_H

#include "exchange/exchange.h"

/*
 * The authorization request of an `authorize` step (RFC 6749 §4.1.1, §4.2.1; OpenID Connect Core 1.0 §3.1.2.1; RFC 7636
 * §4.3), as LivePerson's external window makes it. All of it says what is sent in the end, after the scenario's changes.
 */
struct authorization_request {
	const char *url;
	const char *redirect_uri;  /* NULL: none is named */
	const char *nonce;         /* NULL: none is sent */
	const char *code_verifier; /* of the challenge; NULL: none is sent */
};

struct authorization_input {
	const struct target *target;
	const struct authorize *step;
	saved_fn *saved; /* may be NULL */
	void *saved_self;
};

/* In arena memory. -1: ERR_INPUT when a template cannot be filled, ERR_TROUBLE when the kernel gives no random bytes. */
int authorization_make(struct arena *a, const struct authorization_input *in, struct authorization_request *ret,
                       struct err *e) __attribute__((warn_unused_result));

/* The external window's redirect_uri. */
const char *authorization_window(const struct target *t);

/*
 * The code that the redirect x brought (RFC 6749 §4.1.2), with what belongs to it at the token endpoint: the request's
 * redirect_uri, or with connector openid the target's own. False when x is no redirect with a code.
 */
bool authorization_code(struct arena *a, const struct target *t, const struct authorization_request *sent,
                        const struct exchange *x, struct code *ret);

#endif
