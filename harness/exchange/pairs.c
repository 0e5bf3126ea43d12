#include "exchange/pairs.h"

#include "core/form.h"

void pairs_add(struct arena *a, struct pairs *list, struct sv name, struct sv value)
{
	list->v = arena_grow(a, list->v, list->n, sizeof *list->v);
	list->v[list->n++] = (struct pair){name, value};
}

static bool same_name(struct sv a, struct sv b, bool ignore_case)
{
	return ignore_case ? sv_eq_nocase(a, b) : sv_eq(a, b);
}

static void replace_or_add(struct arena *a, struct pairs *list, struct pair p, bool ignore_case)
{
	for (size_t i = 0; i < list->n; i++)
		if (same_name(list->v[i].name, p.name, ignore_case)) {
			list->v[i] = p;
			return;
		}
	pairs_add(a, list, p.name, p.value);
}

static void take_out(struct pairs *list, const char *const *names, bool ignore_case)
{
	for (; names && *names; names++) {
		size_t kept = 0;
		for (size_t i = 0; i < list->n; i++)
			if (!same_name(list->v[i].name, sv_of(*names), ignore_case))
				list->v[kept++] = list->v[i];
		list->n = kept;
	}
}

int pairs_change(struct arena *a, struct pairs *list, const struct pairs_changes *c, const struct template_values *v,
                 struct err *e)
{
	struct pair p;

	take_out(list, c->remove, c->ignore_case);
	for (size_t i = 0; i < c->set->n; i++) {
		p.name = sv_of(c->set->v[i].name);
		if (template_fill(a, v, c->set->v[i].value, &p.value, e) < 0)
			return -1;
		replace_or_add(a, list, p, c->ignore_case);
	}
	for (size_t i = 0; i < c->add->n; i++) {
		p.name = sv_of(c->add->v[i].name);
		if (template_fill(a, v, c->add->v[i].value, &p.value, e) < 0)
			return -1;
		pairs_add(a, list, p.name, p.value);
	}
	return 0;
}

void pairs_form(const struct pairs *list, struct buf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_add_char(out, '&');
		form_encode(out, list->v[i].name);
		buf_add_char(out, '=');
		form_encode(out, list->v[i].value);
	}
}
