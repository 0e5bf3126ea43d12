#include "checks/reply.h"

#include <string.h>

#include "checks/parsed.h"
#include "checks/tokens.h"
#include "core/buf.h"

bool reply_answered(struct subject *s, struct finding *f)
{
	bool answered = s->x && s->x->outcome == EXCHANGE_ANSWERED;

	if (answered && s->x->status != 429)
		return true;
	if (answered) /* RFC 6585 §4: about how much was asked, not about what */
		cannot(s, f, "the endpoint answered 429, too many requests: set limits.rate in the target file");
	else
		cannot(s, f, "%s", s->x && s->x->trouble ? s->x->trouble : "there was no answer");
	return false;
}

bool reply_is_misframed(const struct exchange *x)
{
	/* What we cut ourselves is no fault of the framing. */
	return x->broken_off || (x->outcome == EXCHANGE_ANSWERED && x->trouble && !x->body_cut && !x->head_cut);
}

/* --- headers ------------------------------------------------------------------------------------------------------- */

struct sv reply_media_type(const struct exchange *x)
{
	struct sv value = message_header(&x->response, "Content-Type", 0), type;

	if (!value.p || !sv_cut(&value, ';', &type))
		return SV_NONE;
	return sv_trim(type);
}

struct sv reply_header(struct subject *s, const char *name)
{
	const struct message *m = &s->x->response;
	size_t n = message_header_count(m, name);
	struct buf b = {.cap = BUF_OWN};

	if (n == 0)
		return SV_NONE;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_text(&b, ", ");
		buf_add_sv(&b, message_header(m, name, i));
	}
	struct sv joined = arena_svdup(s->a, b.n ? buf_sv(&b) : SV(""));
	buf_release(&b);
	return joined;
}

bool reply_next_element(struct sv *rest, struct sv *element)
{
	while (rest->n > 0) {
		bool quoted = false;
		size_t i = 0;

		for (; i < rest->n && (quoted || rest->p[i] != ','); i++) {
			if (rest->p[i] == '"')
				quoted = !quoted;
			else if (quoted && rest->p[i] == '\\' && i + 1 < rest->n)
				i++;
		}
		*element = sv_trim((struct sv){rest->p, i});
		size_t used = i < rest->n ? i + 1 : i;
		*rest = (struct sv){rest->p + used, rest->n - used};
		if (element->n > 0)
			return true;
	}
	return false;
}

bool reply_has_no_store(const struct exchange *x)
{
	for (size_t i = 0; i < message_header_count(&x->response, "Cache-Control"); i++) {
		struct sv rest = message_header(&x->response, "Cache-Control", i), element, name;
		while (reply_next_element(&rest, &element))
			if (sv_cut(&element, '=', &name) && sv_eq_nocase(sv_trim(name), SV("no-store")))
				return true;
	}
	return false;
}

/* --- members of the token response --------------------------------------------------------------------------------- */

bool reply_has_no_members(const json_t *body)
{
	return !json_object_get(body, "access_token") && !json_object_get(body, "token_type") &&
	       !json_object_get(body, "id_token");
}

#define WRAPPER_LEVELS 4

/* The path is put together on the way back, so that a large body without the name costs no memory. */
static const char *find_wrapper(struct arena *a, const json_t *value, const char *name, int level)
{
	const char *rest, *key;
	const json_t *child;

	if (level > 0 && json_object_get(value, name))
		return "";
	if (level == WRAPPER_LEVELS)
		return NULL;
	for (size_t i = 0; i < json_array_size(value); i++)
		if ((rest = find_wrapper(a, json_array_get(value, i), name, level + 1)))
			return arena_printf(a, "/%zu%s", i, rest);
	parsed_each(value, key, child) if ((rest = find_wrapper(a, child, name, level + 1))) return arena_printf(
	        a, "/%s%s", key, rest);
	return NULL;
}

const char *reply_wrapper(struct subject *s, const json_t *body, const char *name)
{
	return find_wrapper(s->a, body, name, 0);
}

bool reply_member(struct subject *s, const char *name, const json_t **ret, struct finding *f)
{
	const json_t *body = subject_body(s, f);

	if (!body)
		return false;
	*ret = json_object_get(body, name);
	if (*ret || (!reply_has_no_members(body) && !reply_wrapper(s, body, name)))
		return true;
	skip_owned(s, f, "token.top-level");
	return false;
}

/* --- refusals ------------------------------------------------------------------------------------------------------ */

bool reply_refused(struct subject *s, struct finding *f)
{
	struct tokens_found found;

	if (!reply_answered(s, f))
		return false;
	if (!tokens_find(s, &found))
		return true;
	if (s->denied_by)
		skip_owned(s, f, s->denied_by);
	else
		skip(s, f, "tokens were issued: there is no refusal to judge");
	return false;
}

bool reply_unproven(const struct subject *s, struct finding *f)
{
	if (!s->unproven)
		return false;
	*f = (struct finding){.kind = s->unproven_unknown ? FINDING_ERROR : FINDING_SKIP, .reason = s->unproven};
	return true;
}

void reply_judge_no_store(struct subject *s, struct finding *f)
{
	struct sv value = reply_header(s, "Cache-Control");

	if (reply_has_no_store(s->x)) {
		pass(s, f, "Cache-Control: %.*s", SV_ARG(value));
		return;
	}
	if (value.p)
		violated(s, f, "Cache-Control with the directive no-store", "Cache-Control: %.*s", SV_ARG(value));
	else
		violated(s, f, "Cache-Control with the directive no-store", "there is no Cache-Control");
	detail(f, NULL, "header Cache-Control", NULL);
}
