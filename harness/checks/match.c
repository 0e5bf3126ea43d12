#include <string.h>

#include "checks/operators.h"
#include "checks/reply.h"
#include "checks/template.h"
#include "checks/tokens.h"
#include "evidence/redirect.h"

/* What a matcher looks at. */
struct looked {
	const json_t *value; /* NULL: it is not there */
	json_t *made;        /* of value, when it was made for this; to be released */
	const char *where;   /* "claim aud" */
};

/* --- operands ------------------------------------------------------------------------------------------------------ */

/* A copy with its templates replaced; NULL with f set when a value is missing. Bounded by the YAML that it came from. */
static json_t *expand(struct subject *s, const json_t *operand, struct finding *f)
{
	const struct template_values v = {.run = s->run, .code = s->x->code.code};
	const char *missing;

	if (json_is_string(operand)) {
		const char *text = template_expand(s->a, &v, json_string_value(operand), &missing);
		if (text)
			return json_stringn_nocheck(text, strlen(text));
		skip(s, f, "'{%s}' has no value in this run", missing);
		return NULL;
	}
	if (!json_is_array(operand))
		return json_deep_copy(operand);
	json_t *list = json_array();
	for (size_t i = 0; i < json_array_size(operand); i++) {
		json_t *item = expand(s, json_array_get(operand, i), f);
		if (!item) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, item);
	}
	return list;
}

/* --- subjects ------------------------------------------------------------------------------------------------------ */

/* A requirement about a success says nothing about a refusal, and the other way round. */
static bool about_success(const struct expect *e)
{
	static const char *const areas[] = {"token.", "jose.", "idtoken.", "google."};
	struct sv id = e->requirement ? sv_of(e->requirement->id) : SV_NONE;

	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
		if (sv_starts(id, sv_of(areas[i])))
			return true;
	return false;
}

static json_t *string_of(struct sv text)
{
	return json_stringn_nocheck(text.n ? text.p : "", text.n);
}

static bool look_at_header(struct subject *s, const struct expect *e, struct looked *l, struct finding *f)
{
	bool media_type = e->subject == MATCH_MEDIA_TYPE;
	struct sv value;

	l->where = arena_printf(s->a, "header %s", media_type ? "Content-Type" : e->what);
	if (about_success(e) && !subject_issued(s, f))
		return false;
	value = media_type ? reply_media_type(s->x) : reply_header(s, e->what);
	if (!value.p)
		return true;
	l->value = l->made = string_of(value);
	if (media_type) {
		char *lower = arena_sv(s->a, value);
		for (size_t i = 0; i < value.n; i++)
			if (lower[i] >= 'A' && lower[i] <= 'Z')
				lower[i] = (char)(lower[i] - 'A' + 'a');
		json_decref(l->made);
		l->value = l->made = string_of((struct sv){lower, value.n});
	}
	return true;
}

/* One reference token of RFC 6901 §4: ~1 is a slash, ~0 a tilde. */
static const json_t *step_into(struct arena *a, const json_t *value, struct sv token)
{
	char *name = arena_sv(a, token), *out = name;

	if (json_is_array(value)) {
		size_t index = 0;
		for (size_t i = 0; i < token.n; i++) {
			if (token.p[i] < '0' || token.p[i] > '9' || index > 1000000)
				return NULL;
			index = index * 10 + (size_t)(token.p[i] - '0');
		}
		return token.n ? json_array_get(value, index) : NULL;
	}
	for (const char *in = name; *in; in++) {
		bool escaped = *in == '~' && (in[1] == '0' || in[1] == '1');
		*out++ = (char)(!escaped ? *in : in[1] == '0' ? '~' : '/');
		in += escaped;
	}
	*out = '\0';
	return json_object_get(value, name);
}

static bool look_at_body(struct subject *s, const struct expect *e, struct looked *l, struct finding *f)
{
	struct sv rest = sv_of(e->what), token;
	bool first = true;

	l->where = arena_printf(s->a, "body %s", e->what);
	l->value = subject_raw_json(s)->value;
	if (about_success(e) && !(l->value = subject_body(s, f)))
		return false;
	if (!l->value) {
		skip_owned(s, f, s->x->status >= 500 ? "err.never-5xx" : "err.json-shape");
		return false;
	}
	(void)sv_cut(&rest, '/', &token);
	for (; l->value && sv_cut(&rest, '/', &token); first = false) {
		if (first && about_success(e) && !reply_member(s, arena_sv(s->a, token), &l->value, f))
			return false;
		if (!(first && about_success(e)))
			l->value = step_into(s->a, l->value, token);
	}
	return true;
}

static bool is_audience(const json_t *value)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!json_is_string(json_array_get(value, i)))
			return false;
	return json_string_length(value) > 0 || json_array_size(value) > 0;
}

static bool look_at_claim(struct subject *s, const struct expect *e, struct looked *l, struct finding *f)
{
	const json_t *claims = subject_claims(s, f);

	l->where = arena_printf(s->a, "claim %s", e->what);
	if (!claims)
		return false;
	l->value = json_object_get(claims, e->what);
	if (strcmp(e->what, "aud") != 0 || (e->requirement && strcmp(e->requirement->id, "idtoken.aud.present") == 0))
		return true;
	if (!is_audience(l->value)) {
		skip_owned(s, f, "idtoken.aud.present");
		return false;
	}
	/* RFC 7519 §4.1.3: one string stands for an array of one, so that `contains` never means a part of it. */
	if (json_is_string(l->value)) {
		l->made = json_pack("[O]", l->value);
		l->value = l->made ? l->made : l->value;
	}
	return true;
}

static bool look_at_redirect(struct subject *s, const struct expect *e, struct looked *l)
{
	struct redirect r;
	struct sv value = redirect_of(s->x, &r) ? redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, e->what, 0) : SV_NONE;

	l->where = arena_printf(s->a, "redirect %s", e->what);
	if (value.p)
		l->value = l->made = string_of(value);
	return true;
}

static bool look(struct subject *s, const struct expect *e, struct looked *l, struct finding *f)
{
	const json_t *header;

	switch (e->subject) {
	case MATCH_STATUS:
		l->where = "status";
		l->value = l->made = json_integer(s->x->status);
		return true;
	case MATCH_HEADER:
	case MATCH_MEDIA_TYPE:
		return look_at_header(s, e, l, f);
	case MATCH_BODY:
		return look_at_body(s, e, l, f);
	case MATCH_JOSE_HEADER:
		l->where = arena_printf(s->a, "jose header %s", e->what);
		if (!(header = subject_jose_header(s, f)))
			return false;
		l->value = json_object_get(header, e->what);
		return true;
	case MATCH_CLAIM:
		return look_at_claim(s, e, l, f);
	case MATCH_REDIRECT:
		return look_at_redirect(s, e, l);
	case MATCH_ELAPSED:
		l->where = "time";
		l->value = l->made = json_real((double)s->x->timing.total_us / 1e6);
		return true;
	default:
		cannot(s, f, "brandcert's own fault: no matcher for subject %d", (int)e->subject);
		return false;
	}
}

/* --- judging ------------------------------------------------------------------------------------------------------- */

bool subject_granted(struct subject *s, struct finding *f)
{
	struct tokens_found found;

	if (!reply_answered(s, f))
		return false;
	bool granted = tokens_find(s, &found);
	if (!granted && found.unseen)
		cannot(s, f, "no token was seen, but not all of the reply was: %s", found.unseen);
	return granted;
}

static void match_denied(struct subject *s, struct finding *f)
{
	struct tokens_found found;

	if (tokens_find(s, &found)) {
		violated(s, f, "a refusal with no token in it", "status %d, and %s in the reply", s->x->status,
		         found.what);
		detail(f, NULL, found.where, NULL);
	} else if (found.unseen) {
		cannot(s, f, "no token was seen, but not all of the reply was: %s", found.unseen);
	} else if (!reply_unproven(s, f)) {
		pass(s, f, "status %d and no token anywhere in the reply", s->x->status);
	}
}

static void match_clean(struct subject *s, struct finding *f)
{
	static const char expected[] = "a refusal with a status from 400 to 499";
	struct tokens_found found;
	int status = s->x->status;

	if (tokens_find(s, &found)) {
		if (s->denied_by)
			skip_owned(s, f, s->denied_by);
		else
			skip(s, f, "tokens were issued: there is no refusal to judge");
	} else if (s->x->broken_off) {
		cannot(s, f, "%s",
		       s->x->trouble ? s->x->trouble : "the reply broke off: the connection ended inside the body");
	} else if (status >= 400 && status < 500) {
		pass(s, f, "status %d", status);
	} else if (status == 503 && message_header_count(&s->x->response, "Retry-After") > 0) {
		cannot(s, f, "the endpoint was not available: status 503 with Retry-After");
	} else {
		violated(s, f, expected, "status %d", status);
		detail(f, NULL, "status",
		       status >= 500 ? "find out what the request broke, and refuse it before that" : NULL);
	}
}

/* "3 of 8 requests got tokens; the last bytes of all left within 0.24 ms" */
static const char *race_text(struct subject *s, size_t granted, size_t answered)
{
	int64_t first = INT64_MAX, last = 0;

	for (size_t i = 0; i < s->nburst; i++) {
		int64_t at = s->burst[i]->x ? s->burst[i]->x->timing.released_us : 0;
		if (at > 0 && at < first)
			first = at;
		if (at > last)
			last = at;
	}
	const char *spread =
	        last > 0 ? arena_printf(s->a, "; all left within %.2f ms", (double)(last - first) / 1000) : "";
	return arena_printf(s->a, "%zu of %zu requests got tokens%s", granted, answered, spread);
}

/* How many requests of a burst were granted. What was not answered, or not seen to its end, counts neither way. */
static void match_successes(struct subject *s, const struct expect *e, struct finding *f)
{
	size_t granted = 0, answered = 0;

	for (size_t i = 0; i < s->nburst; i++) {
		struct finding unseen = {0};
		bool tokens = subject_granted(s->burst[i], &unseen);
		granted += tokens;
		answered += tokens || unseen.kind == FINDING_NONE;
	}
	if (answered < 2) {
		cannot(s, f, "only %zu of %zu requests sent at once got an answer that could be judged", answered,
		       s->nburst);
		return;
	}
	if (granted == 0) {
		skip(s, f, "none of %zu requests got tokens: this says nothing of what happens when one does",
		     answered);
		return;
	}
	json_auto_t *count = json_integer((json_int_t)granted);
	for (size_t i = 0; i < e->ntests; i++) {
		const struct operation o = {.op = e->tests[i].op, .operand = e->tests[i].operand};
		if (operator_holds(&o, count))
			continue;
		violated(s, f, operator_expected(s, &o, "successes"), "%s", race_text(s, granted, answered));
		detail(f, NULL, "the replies of the burst", NULL);
		return;
	}
	pass(s, f, "%s", race_text(s, granted, answered));
}

static void judge(struct subject *s, const struct expect *e, const struct looked *l, struct finding *f)
{
	bool present = l->value != NULL;
	bool header = e->subject == MATCH_HEADER || e->subject == MATCH_MEDIA_TYPE;

	for (size_t i = 0; i < e->ntests; i++) {
		json_auto_t *operand = expand(s, e->tests[i].operand, f);
		if (!operand)
			return;
		const struct operation o = {.op = e->tests[i].op, .operand = operand, .header = header};
		if (o.op == OP_PRESENT ? json_is_true(operand) == present : present && operator_holds(&o, l->value))
			continue;
		if (!present && e->optional && o.op != OP_PRESENT) {
			skip(s, f, "there is no %s", l->where);
			return;
		}
		violated(s, f, operator_expected(s, &o, l->where), "%s",
		         present ? operator_observed(s, &o, l->value) : "it is not there");
		detail(f, NULL, l->where, present ? operator_hint(&o, l->value) : NULL);
		return;
	}
	pass(s, f, "%s", present ? shown(s, l->value) : "it is not there");
	f->where = l->where;
}

void match(struct subject *s, const struct expect *e, struct finding *f)
{
	struct looked l = {0};

	if (e->subject == MATCH_SUCCESSES) {
		match_successes(s, e, f);
		return;
	}
	if (!reply_answered(s, f))
		return;
	if (e->subject == MATCH_DENIED || e->subject == MATCH_CLEAN) {
		(e->subject == MATCH_DENIED ? match_denied : match_clean)(s, f);
		return;
	}
	if (look(s, e, &l, f)) {
		if (!l.value && e->optional && e->ntests == 0)
			skip(s, f, "there is no %s", l.where);
		else
			judge(s, e, &l, f);
	}
	json_decref(l.made);
}
