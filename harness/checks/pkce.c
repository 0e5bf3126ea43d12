#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"

/* A code with a challenge and its verifier: RFC 7636 §4.6. */

/*
 * A request of the same scenario that bought tokens, or NULL: the steps of one differ in their verifiers alone, so it is not
 * the client or the code that this brand refuses.
 */
static struct subject *accepted(struct subject *s)
{
	for (size_t i = 0; i < s->nsiblings; i++)
		if (s->siblings[i] != s && s->siblings[i]->x && subject_granted(s->siblings[i], &(struct finding){0}))
			return s->siblings[i];
	return NULL;
}

CHECK(req_pkce_s256_ok, "req.pkce.s256-ok")
{
	const struct subject *other;

	if (!reply_answered(s, f))
		return;
	size_t n = s->x->code.code_verifier ? strlen(s->x->code.code_verifier) : 0;
	int status = s->x->status;
	if (n == 0) {
		skip(s, f, "the code came without a verifier");
	} else if (subject_granted(s, &(struct finding){0})) {
		pass(s, f, "tokens for a verifier of %zu characters", n);
	} else if (status == 503) {
		cannot(s, f, "the endpoint was not available: status %d", status);
	} else if ((other = accepted(s))) {
		const char *how = other->x->code.code_verifier ? arena_printf(s->a, "with a verifier of %zu characters",
		                                                              strlen(other->x->code.code_verifier))
		                                               : "without a verifier";
		const json_t *error = json_object_get(subject_raw_json(s)->value, "error");
		violated(s, f, "tokens: the verifier belongs to the code's challenge",
		         "status %d%s%s for a verifier of %zu characters; %s, %s, bought tokens", status,
		         error ? ", error is " : "", error ? shown(s, error) : "", n, other->x->id, how);
		detail(f, NULL, "status", NULL);
	} else {
		skip_owned(s, f, "token.status-200");
	}
}
