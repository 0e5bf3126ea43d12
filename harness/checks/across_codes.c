#include <string.h>

#include "checks/across.h"
#include "checks/capacity.h"
#include "checks/check.h"

/* Codes of the whole run: RFC 6749 §10.10. */

struct codes {
	struct subject **who;
	struct sv *v;
	size_t n;
};

/* The same code from the same moment is the same code sent again. */
static bool is_listed(const struct codes *c, const struct code_facts *code)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->who[i]->x->code.obtained_ms == code->obtained_ms && sv_eq(c->v[i], sv_of(code->code)))
			return true;
	return false;
}

static void read_codes(struct subject *s, struct codes *ret)
{
	*ret = (struct codes){.who = arena_array(s->a, s->nall, sizeof *ret->who),
	                      .v = arena_array(s->a, s->nall, sizeof *ret->v)};
	for (size_t i = 0; i < s->nall; i++) {
		const struct exchange *x = s->all[i]->x;
		if (!x || x->code.obtained_ms == 0 || !x->code.code || !*x->code.code || is_listed(ret, &x->code))
			continue;
		ret->who[ret->n] = s->all[i];
		ret->v[ret->n++] = sv_of(x->code.code);
	}
}

static const char *repeated(const struct codes *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < i; k++)
			if (sv_eq(c->v[k], c->v[i]))
				return across_pair(c->who[k], c->who[i]);
	return NULL;
}

CHECK(req_code_unguessable, "req.code.unguessable")
{
	static const char expected[] = "codes that never repeat and hold 128 random bits";
	struct codes all;
	struct capacity c;
	const char *pair;

	read_codes(s, &all);
	pair = repeated(&all);
	if (pair) {
		violated(s, f, expected, "two logins gave the same code: %s", pair);
		detail(f, NULL, "the codes of the run", NULL);
		return;
	}
	if (all.n < CAPACITY_MANY) {
		skip(s, f, "the run has %zu codes: %d are needed to see what varies in them", all.n, CAPACITY_MANY);
		return;
	}
	capacity_estimate(all.v, all.n, &c);
	if (capacity_is_counter(all.v, all.n)) {
		violated(s, f, expected, "%zu codes that differ in a number at their end, which counts up", all.n);
		detail(f, NULL, "the codes of the run", NULL);
	} else if (c.bits < CAPACITY_WANTED) {
		violated(s, f, expected, "%zu varying characters (%s) hold %.0f bits at most", c.varying, c.alphabet,
		         c.bits);
		detail(f, c.uuid ? "uuid" : "short", "the codes of the run", NULL);
	} else {
		pass(s, f, "%zu codes, none twice, %zu of up to %zu characters vary", all.n, c.varying, c.length);
	}
}
