#include "checks/refusal.h"

#include <string.h>

#include "checks/reply.h"
#include "checks/sent.h"

bool refusal_has_form(struct subject *s, struct finding *f)
{
	if (!reply_refused(s, f))
		return false;
	if (s->x->status >= 500) {
		skip_owned(s, f, s->clean_by ? s->clean_by : "err.never-5xx");
		return false;
	}
	if (s->x->status >= 300 && s->x->status < 400) {
		skip_owned(s, f, "err.status");
		return false;
	}
	return true;
}

const json_t *refusal_error(struct subject *s, struct finding *f)
{
	const json_t *error;

	if (!refusal_has_form(s, f))
		return NULL;
	error = json_object_get(subject_raw_json(s)->value, "error");
	if (json_string_length(error) > 0)
		return error;
	skip_owned(s, f, "err.json-shape");
	return NULL;
}

bool refusal_error_is(const json_t *error, const char *word)
{
	struct sv have = {json_string_value(error), json_string_length(error)};

	return sv_eq(have, sv_of(word));
}

bool refusal_expects(const struct subject *s, const char *error)
{
	for (const char **e = s->step ? s->step->errors : NULL; e && *e; e++)
		if (strcmp(*e, error) == 0)
			return true;
	return false;
}

const char *refusal_best(const struct subject *s)
{
	return s->step && s->step->errors ? s->step->errors[0] : NULL;
}

bool refusal_judged_by(const struct subject *s, const char *requirement)
{
	for (size_t i = 0; s->step && i < s->step->nexpects; i++)
		if (strcmp(s->step->expects[i].requirement->id, requirement) == 0)
			return true;
	return false;
}

bool refusal_of_basic(const struct exchange *x)
{
	return sent_credentials(x, "Basic").p != NULL;
}

const char *refusal_name(struct subject *s)
{
	return s->step && s->step->name ? arena_printf(s->a, "step '%s'", s->step->name) : s->x->id;
}
