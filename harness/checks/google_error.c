#include <string.h>

#include "checks/check.h"
#include "checks/refusal.h"
#include "checks/reply.h"

/* How Google's token endpoint refuses. What has an owner of its own on the same step is left to that. */

static void judge_description(struct subject *s, struct finding *f)
{
	const json_t *description = json_object_get(subject_raw_json(s)->value, "error_description");

	if (json_string_length(description) > 0) {
		pass(s, f, "status 400, \"invalid_grant\" and a description");
		return;
	}
	violated(s, f, "a text in error_description beside the error", "error_description is %s",
	         shown(s, description));
	detail(f, NULL, "body /error_description", NULL);
}

CHECK(google_error, "google.error")
{
	const char *best = refusal_best(s);
	bool client = best && strcmp(best, "invalid_client") == 0, grant = best && strcmp(best, "invalid_grant") == 0;
	int right = client ? 401 : 400;

	if (!reply_refused(s, f))
		return;
	if (!client && !grant) {
		skip(s, f, "the request is neither one with a bad code nor one of a bad client");
		return;
	}
	const json_t *error = refusal_error(s, f);
	if (!error || reply_unproven(s, f))
		return;
	const char *expected = arena_printf(s->a, "status %d with the error \"%s\"", right, best);
	if (!refusal_error_is(error, best)) {
		if (refusal_judged_by(s, "err.code-mapping")) {
			skip_owned(s, f, "err.code-mapping");
			return;
		}
		violated(s, f, expected, "error is %s", shown(s, error));
		detail(f, NULL, "body /error", NULL);
	} else if (s->x->status != right) {
		const char *owner = client && refusal_of_basic(s->x) ? "err.invalid-client-401" : "err.status";
		bool theirs = client || (s->x->status != 401 && s->x->status != 400);
		if (theirs && refusal_judged_by(s, owner)) {
			skip_owned(s, f, owner);
			return;
		}
		violated(s, f, expected, "status %d", s->x->status);
		detail(f, NULL, "status", NULL);
	} else if (grant) {
		judge_description(s, f);
	} else {
		pass(s, f, "status 401 and \"invalid_client\"");
	}
}
