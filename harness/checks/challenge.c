#include "checks/challenge.h"

#include <string.h>

#include "checks/charset.h"

struct reading {
	struct arena *a;
	const char *p, *end;
	struct challenge *v;
	size_t n;
	const char *problem;
};

/* RFC 9110 §5.6.2 */
static bool is_tchar(char c)
{
	return charset_is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static void skip_blanks(struct reading *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
}

static struct sv take(struct reading *r, bool (*in_set)(char c))
{
	const char *from = r->p;

	while (r->p < r->end && in_set(*r->p))
		r->p++;
	return (struct sv){from, (size_t)(r->p - from)};
}

/* Behind the opening quote. */
static struct sv quoted(struct reading *r)
{
	const char *from = r->p;

	while (r->p < r->end && *r->p != '"')
		r->p += *r->p == '\\' && r->p + 1 < r->end ? 2 : 1;
	struct sv text = {from, (size_t)(r->p - from)};
	if (r->p < r->end)
		r->p++;
	else
		r->problem = "a quoted string has no end";
	return text;
}

/* name = value at r->p; else nothing is read and false returned. */
static bool parameter(struct reading *r, struct challenge *c)
{
	const char *start = r->p;
	struct sv name = take(r, is_tchar), value;

	skip_blanks(r);
	if (name.n == 0 || r->p == r->end || *r->p != '=') {
		r->p = start;
		return false;
	}
	r->p++;
	skip_blanks(r);
	if (r->p < r->end && *r->p == '"') {
		r->p++;
		value = quoted(r);
	} else {
		value = take(r, is_tchar);
		/* token68 may end in =, and then is no parameter: the caller's matter */
		if (value.n == 0) {
			r->p = start;
			return false;
		}
	}
	if (sv_eq_nocase(name, SV("realm"))) {
		c->has_realm = true;
		c->realm = value;
	}
	return true;
}

/* What follows a scheme up to the next challenge: a token68, or parameters with commas between them. */
static void parameters(struct reading *r, struct challenge *c)
{
	if (!parameter(r, c)) {
		take(r, charset_is_b64token);
		return;
	}
	while (!r->problem) {
		const char *before = r->p;
		skip_blanks(r);
		if (r->p == r->end || *r->p != ',') {
			r->p = before;
			return;
		}
		while (r->p < r->end && (*r->p == ',' || *r->p == ' ' || *r->p == '\t'))
			r->p++;
		if (!parameter(r, c)) {
			r->p = before;
			return;
		}
	}
}

static void read_field(struct reading *r)
{
	while (!r->problem) {
		while (r->p < r->end && (*r->p == ',' || *r->p == ' ' || *r->p == '\t'))
			r->p++;
		if (r->p == r->end)
			return;
		struct challenge c = {.scheme = take(r, is_tchar)};
		if (c.scheme.n == 0) {
			r->problem = arena_printf(r->a, "a scheme cannot begin with the byte %02X",
			                          (unsigned)(unsigned char)*r->p);
			return;
		}
		if (r->p < r->end && *r->p == '=') {
			r->problem = arena_printf(r->a, "there is no scheme before '%.*s='", SV_ARG(c.scheme));
			return;
		}
		skip_blanks(r);
		if (r->p < r->end && *r->p != ',')
			parameters(r, &c);
		skip_blanks(r);
		if (!r->problem && r->p < r->end && *r->p != ',')
			r->problem = arena_printf(r->a, "no comma before offset %zu of what follows '%.*s'",
			                          (size_t)(r->p - (c.scheme.p + c.scheme.n)), SV_ARG(c.scheme));
		r->v = arena_grow(r->a, r->v, r->n, sizeof *r->v);
		r->v[r->n++] = c;
	}
}

const struct challenge *challenges_read(struct subject *s, size_t *n, const char **problem)
{
	struct reading r = {.a = s->a};

	for (size_t i = 0; i < message_header_count(&s->x->response, "WWW-Authenticate") && !r.problem; i++) {
		struct sv field = message_header(&s->x->response, "WWW-Authenticate", i);
		r.p = field.p;
		r.end = field.p + field.n;
		read_field(&r);
	}
	*n = r.problem ? 0 : r.n;
	*problem = r.problem;
	return r.problem ? NULL : r.v;
}
