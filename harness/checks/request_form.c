#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"

/* Replies to token requests whose form is spelled in another way. */

/* Whether the text means the same in a form (HTML's application/x-www-form-urlencoded) when it is not encoded at all. */
static bool survives_unencoded(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~' || strchr("&+%;#=\"<>\\^`{|}", *text))
			return false;
	return true;
}

/* For a step that sends its redirect_uri unencoded, as the example in LivePerson's documents does. */
CHECK(req_body_lenient_encoding, "req.body.lenient-encoding")
{
	const char *uri = s->x->code.redirect_uri ? s->x->code.redirect_uri : s->run->redirect_uri;

	if (!uri || !survives_unencoded(uri)) {
		skip(s, f,
		     "this redirect_uri cannot be sent unencoded: it has characters that mean something in a form");
	} else if (subject_granted(s, f)) {
		pass(s, f, "tokens for a redirect_uri that was not percent-encoded");
	} else if (f->kind != FINDING_ERROR) { /* what refuses every request is the catalogue's `after` to sort out */
		violated(s, f, "tokens for a redirect_uri that is not percent-encoded", "status %d and no token",
		         s->x->status);
		detail(f, NULL, "status", NULL);
	}
}

static bool left_out(const struct step *step, const char *name)
{
	for (const char **removed = step ? step->redeem.form_remove : NULL; removed && *removed; removed++)
		if (strcmp(*removed, name) == 0)
			return true;
	return false;
}

/*
 * For a step with an empty redirect_uri in a scenario that has a step without any: where that one buys tokens, the empty one
 * has been treated as it, which is all that is asked for here.
 */
CHECK(req_param_empty, "req.param.empty")
{
	if (!subject_granted(s, f)) {
		if (f->kind != FINDING_ERROR && !reply_unproven(s, f))
			pass(s, f, "status %d and no token for an empty redirect_uri", s->x->status);
		return;
	}
	for (size_t i = 0; i < s->nsiblings; i++) {
		struct subject *other = s->siblings[i];
		if (other->x && left_out(other->step, "redirect_uri") && subject_granted(other, &(struct finding){0})) {
			skip_owned(s, f, "req.redirect-uri.missing");
			return;
		}
	}
	violated(s, f, "a refusal, as for a redirect_uri that is missing",
	         "status %d and tokens for an empty redirect_uri", s->x->status);
	detail(f, "redirect-uri", "body", NULL);
}
