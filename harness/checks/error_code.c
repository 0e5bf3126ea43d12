#include <string.h>

#include "checks/check.h"
#include "checks/refusal.h"
#include "checks/reply.h"
#include "checks/sent.h"

/* The value of `error`: RFC 6749 §5.2. Which values fit is the step's to say. */

/* A value that fits none of the step's, but that a document other than the RFC has for the cause. */
static const struct other_word {
	const char *have, *instead_of, *violates, *fix;
} other_words[] = {
        {"invalid_code", "invalid_grant", "invalid-code", NULL},
        {"unauthorized_client", "invalid_grant", "unauthorized-client-for-code",
         "unauthorized_client says that this client may never use the grant: a bad code is invalid_grant"},
        {"json_parse_error", "invalid_request", "json-parse-error", NULL},
        {"redirect_uri_mismatch", "invalid_grant", "vendor-word", NULL},
};

/* Google's word is about one thing only. */
static bool other_redirect_uri(struct subject *s)
{
	const char *right = s->x->code.redirect_uri ? s->x->code.redirect_uri : s->run->redirect_uri;
	struct sv sent = sent_value(s, "redirect_uri");

	return !sv_eq(sent, sv_of(right));
}

static const struct other_word *other_word(struct subject *s, const json_t *error)
{
	for (size_t i = 0; i < sizeof other_words / sizeof *other_words; i++) {
		const struct other_word *w = &other_words[i];
		if (!refusal_error_is(error, w->have) || !refusal_expects(s, w->instead_of))
			continue;
		return strcmp(w->violates, "vendor-word") != 0 || other_redirect_uri(s) ? w : NULL;
	}
	return NULL;
}

/* "error \"invalid_grant\" or \"invalid_request\" (request 'trailing-slash')" */
static const char *wanted(struct subject *s)
{
	const char *text = "error";

	for (const char **e = s->step->errors; *e; e++)
		text = arena_printf(s->a, "%s%s \"%s\"", text, e > s->step->errors ? " or" : "", *e);
	return s->step->name ? arena_printf(s->a, "%s (request '%s')", text, s->step->name) : text;
}

CHECK(err_code_mapping, "err.code-mapping")
{
	const json_t *error = refusal_error(s, f);
	const char *best = refusal_best(s);

	if (!error)
		return;
	if (!best) {
		skip(s, f, "which error is right is not known for this request");
		return;
	}
	if (reply_unproven(s, f))
		return; /* it may be refused for another reason than the one that we sent it for */
	for (const char **e = s->step->errors; *e; e++) {
		if (refusal_error_is(error, *e)) {
			pass(s, f, "error is %s", shown(s, error));
			return;
		}
	}
	violated(s, f, wanted(s), "error is %s", shown(s, error));
	const struct other_word *w = other_word(s, error);
	const char *fix = w ? w->fix : NULL;
	struct sv have = {json_string_value(error), json_string_length(error)};
	if (sv_eq_nocase(have, sv_of(best)))
		fix = "the value is compared exactly: write it in lower case";
	detail(f, w ? w->violates : NULL, "body /error", fix);
}
