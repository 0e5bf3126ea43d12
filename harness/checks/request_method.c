#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"

/* Replies to requests with another method than POST. */

/* RFC 9110 §15.5.6: a 405 says in Allow what would have been right. */
static void judge_allow(struct subject *s, struct finding *f)
{
	struct sv rest = reply_header(s, "Allow"), method;
	bool there = rest.p != NULL;

	while (reply_next_element(&rest, &method))
		if (sv_eq(method, SV("POST"))) {
			if (!reply_unproven(s, f))
				pass(s, f, "status 405, and Allow names POST");
			return;
		}
	if (there)
		violated(s, f, "Allow: POST beside status 405", "Allow: %.*s", SV_ARG(reply_header(s, "Allow")));
	else
		violated(s, f, "Allow: POST beside status 405", "status 405 without Allow");
	detail(f, "no-allow", "header Allow", NULL);
}

CHECK(req_method_post_only, "req.method.post-only")
{
	const char *method = s->x->method;
	int status = s->x->status;

	if (strcmp(method, "POST") == 0) {
		skip(s, f, "the request is a POST, as it has to be");
	} else if (subject_granted(s, f)) {
		violated(s, f, "no token", "tokens were issued to a %s", method);
		detail(f, NULL, "body", NULL);
	} else if (f->kind == FINDING_ERROR) {
		return;
	} else if (status >= 500 && status != 501) { /* §15.6.2: 501 is right where a method is not known at all */
		violated(s, f, "a refusal such as 405 with Allow: POST", "status %d for a %s", status, method);
		detail(f, NULL, "status", "answer other methods than POST before anything looks for a body");
	} else if (status == 405) {
		judge_allow(s, f);
	} else if (!reply_unproven(s, f)) {
		pass(s, f, "status %d for a %s, and no token", status, method);
	}
}
