#include "exchange/engine.h"

/* What the run allows at a time. A plan holds no burst above limits.connections; one that did must not wait for ever. */
static int connections_of(const struct runner *r, size_t n)
{
	int connections = r->run->target->limits.connections;

	return connections > (int)n ? connections : (int)n;
}

static bool is_free(const struct task *line, const struct task *t)
{
	return !line || line == t;
}

bool slots_take(struct task *t, size_t n)
{
	struct runner *r = t->runner;
	struct engine *g = r->engine;
	int wanted = (int)n;

	if (n == 1 && t->slot)
		return true;
	if (!is_free(r->line, t) || !is_free(g->line, t))
		return false;
	bool in_run = r->slots + wanted <= connections_of(r, n);
	if (!in_run || g->slots + wanted > g->options.jobs) {
		/* Single tasks would take each slot that becomes free, and a burst would never have its many. */
		if (n > 1) {
			r->line = t;
			g->line = in_run ? t : NULL;
		}
		return false;
	}
	r->slots += wanted;
	g->slots += wanted;
	for (size_t i = 0; i < n; i++)
		t[i].slot = true;
	r->line = NULL;
	g->line = NULL;
	return true;
}

void slots_leave(struct task *t)
{
	if (!t->slot)
		return;
	t->runner->engine->slots--;
	t->runner->slots--;
	t->slot = false;
}
