#include <string.h>

#include "checks/check.h"
#include "checks/client_answer.h"
#include "checks/refusal.h"
#include "checks/reply.h"

/* Client id and secret with characters that form encoding changes: RFC 6749 §2.3.1, App. B. */

#define ERROR_SHOWN 40 /* characters of an error code */

enum client_answer client_answer(struct subject *s)
{
	const struct exchange *x = s->x;

	if (!reply_answered(s, &(struct finding){0}))
		return CLIENT_UNCLEAR;
	if (subject_granted(s, &(struct finding){0}))
		return CLIENT_PASSED;
	if (x->status == 401)
		return CLIENT_REFUSED;
	if (x->status < 400 || x->status > 499 || x->body_cut || reply_is_misframed(x))
		return CLIENT_UNCLEAR;
	const json_t *error = json_object_get(subject_raw_json(s)->value, "error");
	return refusal_error_is(error, "invalid_client") ? CLIENT_REFUSED : CLIENT_PASSED;
}

enum spelling spelling_of(enum client_answer right, enum client_answer wrong)
{
	if (right == CLIENT_REFUSED)
		return SPELLING_REFUSED;
	return right == CLIENT_PASSED && wrong == CLIENT_REFUSED ? SPELLING_TAKEN : SPELLING_UNCLEAR;
}

/* The request with this spelling and the right secret, or a wrong one; NULL: there is none. */
static struct subject *asked(struct subject *const *v, size_t n, enum send_basic spelling, bool wrong)
{
	for (size_t i = 0; i < n; i++) {
		const struct step *step = v[i]->step;
		if (step && step->kind == STEP_REDEEM && step->redeem.code == CODE_UNKNOWN &&
		    step->redeem.basic_encoding == spelling && !step->redeem.client_secret == !wrong)
			return v[i];
	}
	return NULL;
}

static enum spelling found(struct subject *const *v, size_t n, enum send_basic spelling)
{
	struct subject *right = asked(v, n, spelling, false), *wrong = asked(v, n, spelling, true);

	return spelling_of(right ? client_answer(right) : CLIENT_UNCLEAR,
	                   wrong ? client_answer(wrong) : CLIENT_UNCLEAR);
}

const char *spelling_fix(struct subject *s)
{
	enum spelling form = found(s->all, s->nall, SEND_BASIC_FORM), raw = found(s->all, s->nall, SEND_BASIC_RAW);

	if (client_answer(s) != CLIENT_REFUSED)
		return NULL;
	if (!s->run->raw_basic && form == SPELLING_REFUSED && raw == SPELLING_TAKEN)
		return "the endpoint takes client id and secret in Basic only as they are, and this run sent them "
		       "form-encoded: form-decode both (RFC 6749 §2.3.1), or say client: {basic_encoding: raw} in the "
		       "target file to have the rest certified";
	if (s->run->raw_basic && form == SPELLING_TAKEN && raw == SPELLING_REFUSED)
		return "the endpoint takes client id and secret in Basic only form-encoded (RFC 6749 §2.3.1), and the "
		       "target file says client: {basic_encoding: raw}: leave that out";
	return NULL;
}

/* "status 401 and the error 'invalid_client'" */
static const char *reply_words(struct subject *s)
{
	const json_t *error = json_object_get(subject_raw_json(s)->value, "error");
	size_t n = json_string_length(error);

	return n && n <= ERROR_SHOWN ? arena_printf(s->a, "status %d and the error '%.*s'", s->x->status, (int)n,
	                                            json_string_value(error))
	                             : arena_printf(s->a, "status %d", s->x->status);
}

/* False with f set to an error when one of the requests has no answer to judge by. */
static bool all_answered(struct subject *s, struct finding *f)
{
	for (size_t i = 0; i < s->nsiblings; i++)
		if (!reply_answered(s->siblings[i], f))
			return false;
	return true;
}

CHECK(req_auth_basic_formencoded, "req.auth.basic-formencoded")
{
	static const char expected[] = "id and secret are form-decoded before they are compared, so the right ones are "
	                               "not refused";
	static const char fix[] = "Form-decode both halves of the Basic credentials, after base64 and the cut at the "
	                          "first colon (RFC 6749 §2.3.1)";
	enum spelling form = found(s->siblings, s->nsiblings, SEND_BASIC_FORM),
	              raw = found(s->siblings, s->nsiblings, SEND_BASIC_RAW);

	if (form == SPELLING_TAKEN) {
		pass(s, f, "%s: form-encoded id and secret are taken%s", reply_words(s),
		     raw == SPELLING_TAKEN ? ", and so are the same as they are" : "");
	} else if (form == SPELLING_REFUSED && raw == SPELLING_TAKEN) {
		struct subject *other = asked(s->siblings, s->nsiblings, SEND_BASIC_RAW, false);
		violated(s, f, expected, "%s for form-encoded id and secret; as they are (%s), they are taken: %s",
		         reply_words(s), refusal_name(other), reply_words(other));
		detail(f, NULL, "status",
		       s->run->raw_basic
		               ? arena_printf(s->a, "%s.", fix)
		               : arena_printf(
		                         s->a,
		                         "%s; or have the rest certified without it, with client: {basic_encoding: "
		                         "raw} in the target file.",
		                         fix));
	} else if (form == SPELLING_REFUSED && raw == SPELLING_REFUSED) {
		skip_owned(s, f, "req.auth.basic");
	} else if (all_answered(s, f)) {
		skip(s, f, "for a code that nobody issued, the endpoint does not tell a right secret from a wrong one");
	}
}
