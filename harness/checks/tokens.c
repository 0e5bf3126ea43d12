#include "checks/tokens.h"

#include <string.h>

#include "checks/parsed.h"
#include "checks/reply.h"
#include "core/base64.h"
#include "core/limits.h"

static const char *const names[] = {"access_token", "id_token", "refresh_token"};
#define NAMES (sizeof names / sizeof *names)

struct search {
	struct subject *s;
	bool members_only;
	bool too_deep;
	struct tokens_found *ret;
};

/* --- text that is shaped like a JWT -------------------------------------------------------------------------------- */

static bool is_token_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_jose_header(struct arena *a, struct sv part)
{
	struct sv text;
	enum base64_fault fault;

	/* The base64url of '{' begins with 'e'. */
	if (part.n < 4 || part.p[0] != 'e')
		return false;
	fault = base64_decode(a, BASE64_URL, part, &text, NULL);
	if (fault != BASE64_OK && fault != BASE64_TRAILING_BITS)
		return false;
	json_auto_t *header = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
	return json_object_get(header, "alg") != NULL;
}

/* In a run of token characters and dots. */
static struct sv jwt_in_run(struct arena *a, struct sv run)
{
	for (struct sv rest = run, part; sv_cut(&rest, '.', &part);) {
		struct sv behind = rest, payload, end;
		if (!sv_cut(&behind, '.', &payload) || !sv_cut(&behind, '.', &end))
			continue;
		if (payload.n > 0 && is_jose_header(a, part))
			return (struct sv){part.p, (size_t)(end.p + end.n - part.p)};
	}
	return SV_NONE;
}

struct sv tokens_jwt(struct arena *a, struct sv s)
{
	for (size_t i = 0, start; i < s.n; i++) {
		if (!is_token_char(s.p[i]))
			continue;
		for (start = i; i < s.n && (is_token_char(s.p[i]) || s.p[i] == '.');)
			i++;
		struct sv found = jwt_in_run(a, (struct sv){s.p + start, i - start});
		if (found.p)
			return found;
	}
	return SV_NONE;
}

static bool was_sent(const struct subject *s, struct sv token)
{
	const struct message *m = &s->x->request;

	if (sv_find(sv_of(s->x->code.code), token) >= 0 || sv_find(sv_of(s->x->code.code_verifier), token) >= 0 ||
	    sv_find(sv_of(s->run->client_secret), token) >= 0 || sv_find(m->body, token) >= 0)
		return true;
	for (size_t i = 0; i < m->nlines; i++)
		if (sv_find(m->lines[i], token) >= 0)
			return true;
	return false;
}

static bool find_jwt(struct search *f, struct sv text, const char *where)
{
	for (struct sv rest = text, found; (found = tokens_jwt(f->s->a, rest)).p;) {
		if (!was_sent(f->s, found)) {
			f->ret->what = "text that is shaped like a JWT";
			f->ret->where = where;
			return true;
		}
		const char *behind = found.p + found.n;
		rest = (struct sv){behind, (size_t)(text.p + text.n - behind)};
	}
	return false;
}

/* --- members ------------------------------------------------------------------------------------------------------- */

static bool is_material(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return json_string_length(value) > 0;
	case JSON_OBJECT:
		return json_object_size(value) > 0;
	case JSON_ARRAY:
		return json_array_size(value) > 0;
	case JSON_INTEGER:
	case JSON_REAL:
		return json_number_value(value) != 0;
	default:
		return false;
	}
}

static bool is_token_name(const char *key)
{
	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(key, names[i]) == 0)
			return true;
	return false;
}

static bool walk(struct search *f, const json_t *value, int level)
{
	const char *key;
	const json_t *child;

	if (level > LIMIT_JSON_DEPTH) {
		f->too_deep = true;
		return false;
	}
	if (json_is_string(value) && !f->members_only)
		return find_jwt(f, (struct sv){json_string_value(value), json_string_length(value)}, "body");
	for (size_t i = 0; i < json_array_size(value); i++)
		if (walk(f, json_array_get(value, i), level + 1))
			return true;
	parsed_each(value, key, child)
	{
		if (is_token_name(key) && is_material(child)) {
			f->ret->what = arena_printf(f->s->a, "the member %s", key);
			f->ret->where = "body";
			return true;
		}
		if (walk(f, child, level + 1))
			return true;
	}
	return false;
}

static bool is_value_char(char c)
{
	return is_token_char(c) || (c && strchr("._~+/=%", c));
}

/* A token as a form field, as XML, or as JSON that cannot be parsed. `at` is just behind the name. */
static bool has_value(struct sv text, size_t at, bool tag)
{
	size_t n = 0;

	while (at < text.n && text.p[at] && strchr("\"'\\ \t\r\n", text.p[at]))
		at++;
	if (at == text.n || !(text.p[at] == ':' || text.p[at] == '=' || (tag && text.p[at] == '>')))
		return false;
	for (at++; at < text.n && text.p[at] && strchr("\"'\\ \t\r\n", text.p[at]);)
		at++;
	while (at + n < text.n && is_value_char(text.p[at + n]))
		n++;
	return n >= 8 && !sv_eq((struct sv){text.p + at, n}, SV("undefined"));
}

static bool find_raw_member(struct search *f, struct sv text)
{
	for (size_t k = 0; k < NAMES && text.n > 0; k++) {
		struct sv name = sv_of(names[k]);
		long step;
		for (size_t i = 0; (step = sv_find((struct sv){text.p + i, text.n - i}, name)) >= 0; i += name.n) {
			i += (size_t)step;
			if (!has_value(text, i + name.n, i > 0 && text.p[i - 1] == '<'))
				continue;
			f->ret->what = arena_printf(f->s->a, "%s with a value", names[k]);
			f->ret->where = "body";
			return true;
		}
	}
	return false;
}

bool tokens_find_member(struct subject *s, struct tokens_found *ret)
{
	const struct parsed *body = subject_raw_json(s);
	struct search f = {.s = s, .members_only = true, .ret = ret};

	*ret = (struct tokens_found){0};
	return body->value && walk(&f, body->value, 1);
}

static const char *unseen(const struct search *f)
{
	const struct exchange *x = f->s->x;

	if (x->broken_off)
		return x->trouble ? x->trouble : "the reply broke off: the connection ended inside the body";
	if (x->body_cut)
		return arena_printf(f->s->a, "the body is longer than the %zu bytes that were kept",
		                    x->response.body.n);
	if (x->head_cut)
		return "the head of the reply is longer than what was kept";
	if (f->too_deep)
		return arena_printf(f->s->a, "the body is nested deeper than %d levels", LIMIT_JSON_DEPTH);
	return NULL;
}

bool tokens_find(struct subject *s, struct tokens_found *ret)
{
	const struct parsed *body = subject_raw_json(s);
	const struct message *m = &s->x->response;
	struct search f = {.s = s, .ret = ret};

	*ret = (struct tokens_found){0};
	if (body->value && walk(&f, body->value, 1))
		return true;
	if ((!body->value || body->trailing || f.too_deep) && find_raw_member(&f, m->body))
		return true;
	if (find_jwt(&f, m->body, "body"))
		return true;
	for (size_t i = 1; i < m->nlines; i++) {
		struct sv line = m->lines[i], name;
		if (sv_cut(&line, ':', &name) &&
		    find_jwt(&f, m->lines[i], arena_printf(s->a, "header %.*s", SV_ARG(name))))
			return true;
	}
	ret->unseen = unseen(&f);
	return false;
}
