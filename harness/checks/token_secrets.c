#include "checks/check.h"
#include "checks/leaks.h"

CHECK(token_no_secret_members, "token.no-secret-members")
{
	struct leak leak;
	int n;

	if (!subject_issued(s, f))
		return;
	n = leaks_find(s, &leak);
	if (leak.what) {
		violated(s, f, "a response without the client secret, the code and the code verifier",
		         "%s is in the response", leak.what);
		detail(f, NULL, leak.where, NULL);
	} else if (s->x->body_cut || s->x->head_cut) {
		cannot(s, f, "nothing was seen, but the reply is longer than what was kept");
	} else if (n == 0) {
		skip(s, f, "secret and code are too short to be looked for: under %d bytes they occur by chance",
		     LEAKS_SHORTEST);
	} else {
		pass(s, f, "none of the %d values that were sent came back", n);
	}
}
