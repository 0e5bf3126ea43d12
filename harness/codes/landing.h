#ifndef BRANDCERT_CODES_LANDING_H
#define BRANDCERT_CODES_LANDING_H

#include "codes/sources.h"

/* An authorization request that a source makes for a code or a token of its own, and what comes back. */
struct landing {
	enum wanted wanted;
	const char *url;          /* the whole request */
	const char *redirect_uri; /* that it names */
	const char *state, *nonce;
	const char *code_redirect_uri; /* what the token endpoint has to be told */
	bool openid;                   /* an id_token is asked for, so the nonce must be in it */
};

/* redirect_uri NULL: the target's own. Arena memory; -1 and e when the kernel gives no random bytes. */
int landing_make(struct arena *a, const struct supplying *s, const struct code_wish *wish, const char *redirect_uri,
                 struct landing *ret, struct err *e) __attribute__((warn_unused_result));
/*
 * Takes the code or token from the address that the browser was sent to (RFC 6749 §4.1.2, §4.2.2). -1 (ERR_TROUBLE) when it
 * is another address, state is not ours, an error came, or nothing: e never quotes a value but that of `error`.
 */
int landing_take(struct arena *a, const struct landing *l, struct sv url, struct code *ret, struct err *e)
        __attribute__((warn_unused_result));
/* Whether one of the parameters that end the way is in it. */
bool landing_is_answer(struct arena *a, struct sv url);

#endif
