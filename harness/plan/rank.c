#include "plan/rank.h"

/* The musts of a profile that each scenario judges, as numbers from 0. */
struct musts {
	const struct requirement **known;
	size_t n;
	bool *judged; /* by a scenario that has its rank already */
};

struct candidate {
	size_t *musts, n; /* each once */
	bool ranked;
};

static size_t number_of(struct arena *a, struct musts *m, const struct requirement *r)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->known[i] == r)
			return i;
	m->known = arena_grow(a, m->known, m->n, sizeof *m->known);
	m->known[m->n] = r;
	return m->n++;
}

static void note(struct arena *a, struct candidate *c, size_t must)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->musts[i] == must)
			return;
	c->musts = arena_grow(a, c->musts, c->n, sizeof *c->musts);
	c->musts[c->n++] = must;
}

static void gather(struct arena *a, const struct scenario *s, enum profile profile, struct musts *m,
                   struct candidate *ret)
{
	for (size_t i = 0; i < s->nsteps; i++) {
		for (size_t j = 0; j < s->steps[i].nexpects; j++) {
			const struct requirement *r = s->steps[i].expects[j].requirement;
			if (r && r->level[profile] == LEVEL_MUST)
				note(a, ret, number_of(a, m, r));
		}
	}
}

static size_t new_musts(const struct musts *m, const struct candidate *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += !m->judged[c->musts[i]];
	return n;
}

static void give(struct musts *m, struct candidate *c, struct planned_scenario *p, size_t *rank)
{
	c->ranked = true;
	p->rank = (*rank)++;
	for (size_t i = 0; i < c->n; i++)
		m->judged[c->musts[i]] = true;
}

/* In all rounds: what is done over and over mostly says little after the first. */
static size_t cost(const struct planned_scenario *p)
{
	return (size_t)p->codes * (size_t)(p->rounds > 1 ? p->rounds : 1);
}

/* The first of those with the most new musts for each code; n: all have their rank. */
static size_t best(const struct plan *plan, const struct candidate *v, const struct musts *m)
{
	size_t found = plan->nscenarios, most = 0;

	for (size_t i = 0; i < plan->nscenarios; i++) {
		if (v[i].ranked || plan->scenarios[i].skip)
			continue;
		size_t news = new_musts(m, &v[i]);
		/* news / cost > most / cost of the other, without rounding */
		if (found == plan->nscenarios ||
		    news * cost(&plan->scenarios[found]) > most * cost(&plan->scenarios[i])) {
			found = i;
			most = news;
		}
	}
	return found;
}

void rank_scenarios(struct arena *a, const struct suite *s, enum profile profile, struct plan *plan)
{
	struct candidate *v = arena_array(a, s->n, sizeof *v);
	struct musts m = {0};
	size_t rank = 0, next;

	for (size_t i = 0; i < s->n; i++)
		gather(a, &s->scenarios[i], profile, &m, &v[i]);
	m.judged = arena_array(a, m.n, sizeof *m.judged);
	for (size_t i = 0; i < s->n; i++)
		if (!plan->scenarios[i].skip && !plan->scenarios[i].codes)
			give(&m, &v[i], &plan->scenarios[i], &rank);
	while ((next = best(plan, v, &m)) < s->n)
		give(&m, &v[next], &plan->scenarios[next], &rank);
	for (size_t i = 0; i < s->n; i++)
		if (!v[i].ranked)
			give(&m, &v[i], &plan->scenarios[i], &rank);
}
