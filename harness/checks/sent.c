#include "checks/sent.h"

#include "core/form.h"
#include "core/limits.h"

struct fields_found {
	struct subject *s;
	struct sent_field *v;
	size_t n;
};

static struct sv decoded(struct arena *a, struct sv text)
{
	struct sv ret;

	return form_decode(a, text, &ret) ? ret : text;
}

static void add_all(struct fields_found *found, struct sv form)
{
	struct sv field, name;

	while (found->n < LIMIT_SENT_FIELDS && sv_cut(&form, '&', &field)) {
		if (!sv_cut(&field, '=', &name) || name.n == 0)
			continue;
		found->v = arena_grow(found->s->a, found->v, found->n, sizeof *found->v);
		found->v[found->n++] =
		        (struct sent_field){decoded(found->s->a, name), field.p ? decoded(found->s->a, field) : SV("")};
	}
}

static bool is_form(const struct message *m)
{
	struct sv type = message_header(m, "Content-Type", 0), bare;

	return !type.p ||
	       (sv_cut(&type, ';', &bare) && sv_eq_nocase(sv_trim(bare), SV("application/x-www-form-urlencoded")));
}

/* Of "GET /token?code=x HTTP/1.1" what stands behind the question mark. */
static struct sv query(const struct message *m)
{
	struct sv line = m->nlines > 0 ? m->lines[0] : SV_NONE, method, target = SV_NONE, path;

	if (!sv_cut(&line, ' ', &method) || !sv_cut(&line, ' ', &target) || !sv_cut(&target, '?', &path))
		return SV_NONE;
	return target;
}

size_t sent_fields(struct subject *s, struct sent_field **ret)
{
	const struct message *m = &s->x->request;
	struct fields_found found = {.s = s};

	add_all(&found, query(m));
	if (is_form(m))
		add_all(&found, m->body);
	*ret = found.v;
	return found.n;
}

struct sv sent_value(struct subject *s, const char *name)
{
	struct sent_field *fields;
	size_t n = sent_fields(s, &fields);

	for (size_t i = 0; i < n; i++)
		if (sv_eq(fields[i].name, sv_of(name)))
			return fields[i].value;
	return SV_NONE;
}

struct sv sent_credentials(const struct exchange *x, const char *scheme)
{
	struct sv word;

	for (size_t i = 0; i < message_header_count(&x->request, "Authorization"); i++) {
		struct sv value = message_header(&x->request, "Authorization", i);
		if (sv_cut(&value, ' ', &word) && sv_eq_nocase(word, sv_of(scheme)))
			return value.p ? sv_trim(value) : SV("");
	}
	return SV_NONE;
}
