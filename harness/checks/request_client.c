#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"

/* Good requests that authenticate otherwise than the target file says: RFC 6749 §2.3.1. */

/* While no good request is served at all, the catalogue's `after` keeps this one out. */
CHECK(req_auth_basic, "req.auth.basic")
{
	static const char expected[] = "tokens for a request that authenticates with HTTP Basic";
	bool post = s->run->authentication && strcmp(s->run->authentication, "client_secret_post") == 0;

	if (subject_granted(s, f)) {
		pass(s, f, "status %d, and tokens", s->x->status);
	} else if (f->kind != FINDING_ERROR) {
		violated(s, f, expected, "status %d and no token", s->x->status);
		detail(f, post ? "post-declared" : NULL, "status", NULL);
	}
}
