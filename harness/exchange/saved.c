#include "exchange/saved.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/text.h"
#include "evidence/redirect.h"

/* One reference token of RFC 6901 §3, decoded: ~1 is '/', ~0 is '~'. */
static struct sv pointer_token(struct arena *a, struct sv token)
{
	char *out = arena_alloc(a, token.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < token.n; i++) {
		bool escape = token.p[i] == '~' && i + 1 < token.n && (token.p[i + 1] == '0' || token.p[i + 1] == '1');
		out[n++] = !escape ? token.p[i] : token.p[i + 1] == '1' ? '/' : '~';
		i += escape;
	}
	return (struct sv){out, n};
}

/* RFC 6901 §4: digits without a leading zero. */
static const json_t *array_member(const json_t *array, struct sv token)
{
	size_t index = 0;

	if (token.n == 0 || token.n > 9 || (token.n > 1 && token.p[0] == '0'))
		return NULL;
	for (size_t i = 0; i < token.n; i++) {
		if (token.p[i] < '0' || token.p[i] > '9')
			return NULL;
		index = index * 10 + (size_t)(token.p[i] - '0');
	}
	return json_array_get(array, index);
}

const json_t *json_pointed_at(struct arena *a, const json_t *at, const char *pointer)
{
	struct sv rest = sv_of(pointer), piece;

	if (rest.n == 0)
		return at;
	(void)sv_cut(&rest, '/', &piece);
	while (at && sv_cut(&rest, '/', &piece)) {
		struct sv token = pointer_token(a, piece);
		at = json_is_object(at) ? json_object_getn(at, token.p, token.n) : array_member(at, token);
	}
	return at;
}

/* A string as it is, numbers and booleans as JSON writes them. Others, null above all, cannot be sent as a value. */
static const char *json_text(struct arena *a, const json_t *value)
{
	if (json_is_string(value)) {
		struct sv s = {json_string_value(value), json_string_length(value)};
		return sv_find_char(s, '\0') < 0 ? arena_sv(a, s) : NULL;
	}
	if (!json_is_number(value) && !json_is_boolean(value))
		return NULL;
	char *text = json_dumps(value, JSON_ENCODE_ANY);
	const char *copy = arena_text(a, text);
	free(text);
	return copy;
}

static const char *body_value(struct arena *a, const struct exchange *x, const char *pointer)
{
	struct sv body = x->response.body;
	json_auto_t *json = json_loadb(body.p ? body.p : "", body.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	return json ? json_text(a, json_pointed_at(a, json, pointer)) : NULL;
}

static const char *header_value(struct arena *a, const struct exchange *x, const char *name)
{
	struct sv value = message_header(&x->response, name, 0);

	return value.p && sv_find_char(value, '\0') < 0 ? arena_sv(a, value) : NULL;
}

static const char *redirect_value(struct arena *a, const struct exchange *x, const char *parameter)
{
	struct redirect r;

	if (!redirect_of(x, &r))
		return NULL;
	struct sv value = redirect_parameter(a, &r, REDIRECT_ANYWHERE, parameter, 0);
	return value.p && sv_find_char(value, '\0') < 0 ? arena_sv(a, value) : NULL;
}

static const char *value_of(const struct saved *s, const struct save *save, const struct exchange *x)
{
	struct arena *a = s->arena;

	switch (save->from) {
	case SAVE_CODE:
		return arena_text(a, x->code.code);
	case SAVE_REDIRECT_URI:
		return arena_text(a, x->code.redirect_uri ? x->code.redirect_uri : s->redirect_uri);
	case SAVE_BODY:
		return body_value(a, x, save->what);
	case SAVE_HEADER:
		return header_value(a, x, save->what);
	case SAVE_REDIRECT:
		return redirect_value(a, x, save->what);
	}
	return NULL;
}

static const char *step_of(struct arena *a, const struct planned *p)
{
	if (p->step->name)
		return arena_printf(a, "step '%s'", p->step->name);
	return arena_printf(a, "step %zu", p->owner ? (size_t)(p->step - p->owner->steps) + 1 : 1);
}

static struct saved_value *known(const struct saved *s, const struct scenario *owner, int round, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].owner == owner && s->v[i].round == round && !strcmp(s->v[i].name, name))
			return &s->v[i];
	return NULL;
}

void saved_keep(struct saved *s, const struct planned *p, const struct exchange *x)
{
	for (size_t i = 0; i < p->step->nsaves; i++) {
		const struct save *save = &p->step->saves[i];
		struct saved_value *v = known(s, p->owner, p->round, save->name);
		if (!v) {
			s->v = arena_grow(s->arena, s->v, s->n, sizeof *s->v);
			v = &s->v[s->n++];
			*v = (struct saved_value){.owner = p->owner,
			                          .round = p->round,
			                          .name = save->name,
			                          .is_code = save->from == SAVE_CODE};
		}
		if (v->value)
			continue;
		v->value = value_of(s, save, x);
		const char *step = step_of(s->arena, p);
		if (save->from == SAVE_CODE && p->step->kind == STEP_AUTHORIZE)
			v->missing = arena_printf(s->arena, "the redirect of %s had no 'code'", step);
		else if (save->from == SAVE_CODE)
			v->missing = arena_printf(s->arena, "%s sent no code", step);
		else if (save->from == SAVE_REDIRECT_URI)
			v->missing = arena_printf(s->arena, "%s sent no redirect_uri", step);
		else
			v->missing = arena_printf(s->arena, "the reply of %s had no '%s'", step, save->what);
	}
}

const char *saved_find(void *view, const char *name)
{
	struct saved_view *w = view;
	const struct saved_value *v = known(w->saved, w->owner, w->round, name);

	if (!v)
		return NULL;
	if (!v->value)
		w->missing = v->missing;
	if (v->is_code)
		w->code = v->value;
	return v->value;
}
