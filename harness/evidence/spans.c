#include "evidence/spans.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"

void spans_add(struct spans *s, struct span add)
{
	struct span *last = s->n ? &s->v[s->n - 1] : NULL;

	if (last && !strcmp(last->name, add.name) && add.from >= last->from && add.from <= last->to) {
		if (add.to > last->to)
			last->to = add.to;
		return;
	}
	s->v = arena_grow(s->a, s->v, s->n, sizeof *s->v);
	s->v[s->n++] = add;
}

static int by_place(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to > b->to ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* The end of "[name]" at i, or 0. */
static size_t placeholder_end(struct sv text, size_t i, const char *const *names)
{
	struct sv rest = {text.p + i + 1, text.n - i - 1};

	for (; *names; names++) {
		struct sv name = sv_of(*names);
		if (rest.n > name.n && rest.p[name.n] == ']' && sv_starts(rest, name))
			return i + name.n + 2;
	}
	return 0;
}

/* Drops the spans that lie within a placeholder. Spans are sorted. */
static void spare_placeholders(struct spans *s, struct sv text, const char *const *names)
{
	size_t kept = 0, from = 0, to = 0; /* the last placeholder that was found */
	size_t i = 0;

	for (size_t k = 0; k < s->n; k++) {
		struct span x = s->v[k];
		for (; i <= x.from; i++) {
			size_t end = text.p[i] == '[' ? placeholder_end(text, i, names) : 0;
			if (end) {
				from = i;
				to = end;
			}
		}
		if (!(to && x.from >= from && x.to <= to))
			s->v[kept++] = x;
	}
	s->n = kept;
}

struct sv spans_render(struct spans *s, struct arena *a, struct sv text, const char *const *names)
{
	struct buf out = {.cap = BUF_OWN};
	size_t at = 0;

	if (s->n)
		qsort(s->v, s->n, sizeof *s->v, by_place);
	spare_placeholders(s, text, names);
	for (size_t i = 0; i < s->n;) {
		struct span one = s->v[i++];
		while (i < s->n &&
		       (s->v[i].from < one.to || (s->v[i].from == one.to && !strcmp(s->v[i].name, one.name)))) {
			if (s->v[i].to > one.to)
				one.to = s->v[i].to;
			i++;
		}
		buf_add(&out, text.p + at, one.from - at);
		buf_addf(&out, "[%s]", one.name);
		at = one.to;
	}
	buf_add(&out, text.p + at, text.n - at);
	struct sv copy = arena_svdup(a, buf_sv(&out));
	buf_release(&out);
	return copy;
}
