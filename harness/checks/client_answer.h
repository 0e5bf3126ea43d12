#ifndef BRANDCERT_CHECKS_CLIENT_ANSWER_H
#define BRANDCERT_CHECKS_CLIENT_ANSWER_H

#include "checks/check.h"

/*
 * What a token reply says about the client that asked, with a code that nobody issued; and from two such replies, whether
 * the endpoint takes client id and secret as they are spelled in Basic: form-encoded (RFC 6749 §2.3.1) or as they are.
 */

enum client_answer {
	CLIENT_UNCLEAR, /* no answer, a redirect, a server error, 429, or a body that cannot be read */
	CLIENT_REFUSED, /* 401, or the error invalid_client: RFC 6749 §5.2 */
	CLIENT_PASSED,  /* tokens, or a 4xx for another reason */
};

enum client_answer client_answer(struct subject *s);

enum spelling {
	SPELLING_UNCLEAR,
	SPELLING_REFUSED,
	SPELLING_TAKEN,
};

/* `right` is the answer to the right secret, `wrong` to another: only the difference shows that anything was compared. */
enum spelling spelling_of(enum client_answer right, enum client_answer wrong);

/* How to mend a refused client that is refused for its spelling alone, as the run's other exchanges show; NULL: it is not,
 * or they do not show it. */
const char *spelling_fix(struct subject *s);

#endif
