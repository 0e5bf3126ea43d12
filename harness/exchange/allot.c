#include "exchange/engine.h"

/*
 * Codes that are short go to shared exchanges first, then to scenarios by rank, to each as many as its first round takes or
 * none, since half of a scenario proves nothing. Further rounds share what is left then, by rank, too.
 */

struct allotting {
	struct runner *r;
	long supply, left;
};

static bool is_in(const struct task *t, const struct scenario *owner, int round)
{
	return task_takes_code(t) && t->planned->owner == owner &&
	       (t->planned->round > 1 ? t->planned->round : 1) == round;
}

static long codes_of(const struct allotting *s, const struct scenario *owner, int round)
{
	const struct runner *r = s->r;
	long n = 0;

	for (size_t i = 0; i < r->run->plan->n; i++)
		n += is_in(&r->tasks[i], owner, round);
	return n;
}

/* All codes of one round, or none: then true. `out`: of the round before it had none. */
static bool refuses(struct allotting *s, const struct scenario *owner, int round, bool out)
{
	struct runner *r = s->r;
	long n = codes_of(s, owner, round);

	if (!out && n <= s->left) {
		s->left -= n;
		return false;
	}
	const char *why = arena_printf(r->engine->arena,
	                               "codes are short: there %s %ld in all, and scenarios that judge more for a code "
	                               "come first",
	                               s->supply == 1 ? "is" : "are", s->supply);
	for (size_t i = 0; i < r->run->plan->n; i++)
		if (is_in(&r->tasks[i], owner, round))
			r->tasks[i].unallotted = why;
	return true;
}

/* Shared exchanges stand for themselves: each is one code. */
static void allot_shared(struct allotting *s)
{
	struct runner *r = s->r;

	for (size_t i = 0; i < r->run->plan->n; i++) {
		struct task *t = &r->tasks[i];
		if (!task_takes_code(t) || t->planned->owner)
			continue;
		if (s->left > 0)
			s->left--;
		else
			t->unallotted = "the code source has no code left";
	}
}

/* The scenarios that send something of their own, by rank; those that the plan does not rank as they come. */
static size_t owners(struct allotting *s, const struct scenario **ret)
{
	const struct plan *plan = s->r->run->plan;
	size_t n = 0;

	for (size_t rank = 0; rank < plan->nscenarios; rank++)
		for (size_t i = 0; i < plan->nscenarios; i++)
			if (plan->scenarios[i].rank == rank)
				ret[n++] = plan->scenarios[i].scenario;
	for (size_t i = 0; i < plan->n; i++) {
		const struct scenario *owner = plan->exchanges[i].owner;
		bool known = !owner;
		for (size_t k = 0; k < n && !known; k++)
			known = ret[k] == owner;
		if (!known)
			ret[n++] = owner;
	}
	return n;
}

void allot_codes(struct runner *r, long supply)
{
	const struct plan *plan = r->run->plan;
	arena_auto *scratch = arena_new();
	struct allotting s = {.r = r, .supply = supply, .left = supply};
	size_t most = plan->nscenarios + plan->n;
	const struct scenario **v = arena_array(scratch, most, sizeof *v);
	bool *out = arena_array(scratch, most, sizeof *out);
	size_t n = owners(&s, v);
	int rounds = 1;

	allot_shared(&s);
	for (size_t i = 0; i < plan->n; i++)
		if (plan->exchanges[i].round > rounds)
			rounds = plan->exchanges[i].round;
	for (int round = 1; round <= rounds; round++)
		for (size_t i = 0; i < n; i++)
			out[i] = refuses(&s, v[i], round, out[i]);
}
