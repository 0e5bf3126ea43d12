#include "verdict/joined.h"

#include <stdlib.h>
#include <string.h>

static bool same(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "") == 0;
}

static const char *text(const char *s)
{
	return s ? s : "?";
}

static bool same_scenario(const struct result *x, const struct result *y)
{
	return same(x->scenario, y->scenario) && same(x->suite, y->suite);
}

static bool has_scenario(const struct results *r, const struct result *of)
{
	for (size_t i = 0; i < r->n; i++)
		if (same_scenario(&r->v[i], of))
			return true;
	return false;
}

/* The runs by their start; of equals the one that was named last is the latest. */
static void order(struct joined_run *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct joined_run one = v[i];
		size_t k = i;
		for (; k > 0 && v[k - 1].results.started_ms > one.results.started_ms; k--)
			v[k] = v[k - 1];
		v[k] = one;
	}
}

static int check(const struct joined_run *v, size_t n, struct err *e)
{
	for (size_t i = 1; i < n; i++) {
		const struct results *x = &v[0].results, *y = &v[i].results;
		if (!same(x->target, y->target))
			return err_input(e,
			                 "'%s' is a run against '%s', '%s' one against '%s': only runs against one "
			                 "target can be merged",
			                 v[0].name, text(x->target), v[i].name, text(y->target));
		if (!same(x->profile, y->profile))
			return err_input(e,
			                 "'%s' was judged in the %s profile, '%s' in the %s profile: only results of "
			                 "one profile can be merged",
			                 v[0].name, text(x->profile), v[i].name, text(y->profile));
	}
	return 0;
}

/* --- exchanges ----------------------------------------------------------------------------------------------------- */

static bool is_used(const struct results *r, const char *id)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].exchange && same(r->v[i].exchange, id))
			return true;
	return false;
}

/*
 * An exchange stays when a result that stays was read from it, or when it is of no scenario (the JWKS) or of one that has
 * results left: "scenario/step" is its key.
 */
static bool stays(const struct results *kept, const struct shown_exchange *x)
{
	size_t n = x->key ? strcspn(x->key, "/") : 0;

	if (!x->key || !x->key[n] || is_used(kept, x->id))
		return kept->n > 0;
	for (size_t i = 0; i < kept->n; i++) {
		const char *scenario = kept->v[i].scenario;
		if (scenario && strlen(scenario) == n && strncmp(scenario, x->key, n) == 0)
			return true;
	}
	return false;
}

/* Moves what stays of the number-th run to the end of ret, under ids of its own. */
static void add_exchanges(struct arena *a, const struct results *from, const struct results *kept, size_t number,
                          struct results *ret)
{
	for (size_t i = 0; i < from->nexchanges; i++) {
		if (!stays(kept, &from->exchanges[i]))
			continue;
		ret->exchanges = arena_grow(a, ret->exchanges, ret->nexchanges, sizeof *ret->exchanges);
		struct shown_exchange *x = &ret->exchanges[ret->nexchanges++];
		*x = from->exchanges[i];
		x->id = arena_printf(a, "r%zu-%s", number, text(x->id));
	}
}

/* --- results ------------------------------------------------------------------------------------------------------- */

static bool is_superseded(const struct joined_run *v, size_t n, size_t run, const struct result *r)
{
	for (size_t i = run + 1; i < n; i++)
		if (has_scenario(&v[i].results, r))
			return true;
	return false;
}

static void add_stale(struct arena *a, const struct results *from, struct results *ret)
{
	for (size_t i = 0; i < from->nstale; i++) {
		bool known = false;
		for (size_t k = 0; k < ret->nstale; k++)
			known = known || (same(ret->stale[k].requirement, from->stale[i].requirement) &&
			                  same(ret->stale[k].scenario, from->stale[i].scenario));
		if (known)
			continue;
		ret->stale = arena_grow(a, ret->stale, ret->nstale, sizeof *ret->stale);
		ret->stale[ret->nstale++] = from->stale[i];
	}
}

static void add_run(struct arena *a, const struct joined_run *v, size_t n, size_t run, struct results *ret)
{
	const struct results *from = &v[run].results;
	struct results kept = {.v = arena_array(a, from->n, sizeof *kept.v)};
	/* those of one scenario stand together: what was said of the one before is said of this one */
	bool gone = false;

	for (size_t i = 0; i < from->n; i++) {
		if (i == 0 || !same_scenario(&from->v[i], &from->v[i - 1]))
			gone = is_superseded(v, n, run, &from->v[i]);
		if (!gone)
			kept.v[kept.n++] = from->v[i];
	}
	add_exchanges(a, from, &kept, run + 1, ret);
	for (size_t i = 0; i < kept.n; i++) {
		if (kept.v[i].exchange)
			kept.v[i].exchange = arena_printf(a, "r%zu-%s", run + 1, kept.v[i].exchange);
		ret->v = arena_grow(a, ret->v, ret->n, sizeof *ret->v);
		ret->v[ret->n++] = kept.v[i];
	}
	if (kept.n)
		add_stale(a, from, ret);
}

struct placed {
	struct result r;
	size_t at;
};

static int by_scenario(const void *x, const void *y)
{
	const struct placed *a = x, *b = y;
	int c = strcmp(text(a->r.suite), text(b->r.suite));

	if (!c)
		c = strcmp(text(a->r.scenario), text(b->r.scenario));
	return c ? c : (a->at > b->at) - (a->at < b->at);
}

static void sort(struct arena *a, struct results *r)
{
	struct placed *v = arena_array(a, r->n, sizeof *v);

	for (size_t i = 0; i < r->n; i++)
		v[i] = (struct placed){r->v[i], i};
	if (r->n)
		qsort(v, r->n, sizeof *v, by_scenario);
	for (size_t i = 0; i < r->n; i++)
		r->v[i] = v[i].r;
}

int results_join(struct arena *a, struct joined_run *v, size_t n, struct results *ret, struct err *e)
{
	if (check(v, n, e) < 0)
		return -1;
	order(v, n);
	*ret = v[n - 1].results;
	if (n == 1)
		return 0;
	ret->v = NULL;
	ret->exchanges = NULL;
	ret->stale = NULL;
	ret->n = ret->nexchanges = ret->nstale = 0;
	ret->codes = ret->codes_planned = 0;
	for (size_t i = 0; i < n; i++) {
		const struct results *r = &v[i].results;
		add_run(a, v, n, i, ret);
		ret->started_ms = r->started_ms < ret->started_ms ? r->started_ms : ret->started_ms;
		ret->ended_ms = r->ended_ms > ret->ended_ms ? r->ended_ms : ret->ended_ms;
		ret->codes += r->codes;
		ret->codes_planned += r->codes_planned;
		if (!same(r->suite_digest, ret->suite_digest))
			ret->suite_digest = NULL;
		if (!same(r->evidence_sha256, ret->evidence_sha256))
			ret->evidence_sha256 = NULL;
	}
	sort(a, ret);
	results_count(ret);
	return 0;
}
