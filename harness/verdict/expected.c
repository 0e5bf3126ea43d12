#include "verdict/expected.h"

#include <string.h>

#include "core/text.h"

/* Scenarios named in one sentence. */
#define NAMED_MAX 4
/* Shown of what was observed, in a reason. */
#define REASON_OBSERVED 160

static bool same(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "") == 0;
}

static bool speaks_of(const struct expectation *e, const struct result *r)
{
	return same(e->requirement, r->requirement) && (!e->scenario || same(e->scenario, r->scenario));
}

static bool expired(const struct expectation *e, const struct results *r)
{
	return e->until_ms && r->ended_ms >= e->until_ms;
}

/* The entry that covers a failure, or NULL. */
static const struct expectation *covering(const struct expectations *x, const struct results *r,
                                          const struct result *failed)
{
	const struct expectation *found = NULL;

	for (size_t i = 0; x && i < x->n; i++)
		if (speaks_of(&x->v[i], failed) && !expired(&x->v[i], r) && (!found || x->v[i].scenario))
			found = &x->v[i];
	return found;
}

/* --- stale entries ------------------------------------------------------------------------------------------------- */

/* True when the scenario of r->v[at] was skipped as a whole: it does not apply to this target. */
static bool not_applicable(const struct results *r, size_t at)
{
	for (size_t i = 0; i < r->n; i++)
		if (same(r->v[i].scenario, r->v[at].scenario) && same(r->v[i].suite, r->v[at].suite) &&
		    r->v[i].verdict != VERDICT_SKIP)
			return false;
	return true;
}

/* What became of all that an entry speaks of. */
struct outcome {
	size_t all, failed, good, unjudged;
	bool warned;
	const char *names[NAMED_MAX + 1]; /* of scenarios in which it is good */
};

static struct outcome outcome_of(const struct expectation *e, const struct results *r)
{
	struct outcome o = {0};

	for (size_t i = 0; i < r->n; i++) {
		if (!speaks_of(e, &r->v[i]))
			continue;
		o.all++;
		switch (r->v[i].verdict) {
		case VERDICT_FAIL:
			o.failed++;
			break;
		case VERDICT_ERROR:
			o.unjudged++;
			break;
		case VERDICT_SKIP:
			o.unjudged += !not_applicable(r, i);
			break;
		default:
			if (o.good < NAMED_MAX)
				o.names[o.good] = r->v[i].scenario;
			o.good++;
			o.warned = o.warned || r->v[i].verdict == VERDICT_WARN;
			break;
		}
	}
	return o;
}

static const char *good_sentence(struct arena *a, struct outcome *o)
{
	size_t n = o->good;

	if (n > NAMED_MAX) {
		o->names[NAMED_MAX] = arena_printf(a, "%zu more", n - NAMED_MAX);
		n = NAMED_MAX + 1;
	}
	return arena_printf(a, "no longer fails: it %s in %s; take the entry out",
	                    o->warned ? "is a warning at most" : "passes", text_list(a, o->names, n, "and"));
}

/* Why an entry is stale, or NULL: it is not. */
static const char *problem_of(struct arena *a, const struct expectation *e, bool partial, const struct results *r)
{
	struct outcome o = outcome_of(e, r);
	const char *good = o.good && !o.failed && !o.unjudged ? good_sentence(a, &o) : NULL;

	if (expired(e, r))
		return good ? arena_printf(a, "expired on %s, and %s", e->until, good)
		            : arena_printf(a, "expired on %s (%s): mend it, or give the entry another day", e->until,
		                           e->reason);
	if (!o.all && !partial)
		return e->scenario ? arena_printf(a, "matches nothing: no scenario '%s' judges it here", e->scenario)
		                   : "matches nothing: no scenario judges it here";
	return good;
}

static void add_stale(struct arena *a, struct results *r, const struct expectation *e, const char *problem)
{
	if (e->at.path)
		problem = arena_printf(a, "%s (%s:%u)", problem, e->at.path, e->at.line);
	r->stale = arena_grow(a, r->stale, r->nstale, sizeof *r->stale);
	r->stale[r->nstale++] = (struct stale){e->requirement, e->scenario, problem};
}

void expected_apply(struct arena *a, const struct expectations *x, bool partial, struct results *r)
{
	r->stale = NULL;
	r->nstale = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct expectation *e = r->v[i].verdict == VERDICT_FAIL ? covering(x, r, &r->v[i]) : NULL;
		r->v[i].accepted = e ? e->reason : NULL;
	}
	for (size_t i = 0; i < x->n; i++) {
		const char *problem = problem_of(a, &x->v[i], partial, r);
		if (problem)
			add_stale(a, r, &x->v[i], problem);
	}
	results_count(r);
}

/* --- making entries ------------------------------------------------------------------------------------------------ */

static bool in_use(const struct expectation *e, const struct results *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].accepted && speaks_of(e, &r->v[i]))
			return true;
	return false;
}

static bool listed(const struct expectations *x, const struct result *r)
{
	for (size_t i = 0; i < x->n; i++)
		if (speaks_of(&x->v[i], r))
			return true;
	return false;
}

/* It fails wherever it was judged, in more than one place: one entry says that. */
static bool fails_everywhere(const struct results *r, const char *requirement)
{
	size_t failed = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (!same(r->v[i].requirement, requirement) || r->v[i].verdict == VERDICT_SKIP)
			continue;
		if (r->v[i].verdict != VERDICT_FAIL)
			return false;
		failed++;
	}
	return failed > 1;
}

struct expectations expected_of(struct arena *a, const struct expectations *old, const struct results *r,
                                const char *today)
{
	struct expectations x = {0};

	for (size_t i = 0; old && i < old->n; i++) {
		if (!in_use(&old->v[i], r))
			continue;
		x.v = arena_grow(a, x.v, x.n, sizeof *x.v);
		x.v[x.n++] = old->v[i];
	}
	for (size_t i = 0; i < r->n; i++) {
		const struct result *f = &r->v[i];
		if (f->verdict != VERDICT_FAIL || f->accepted || !f->requirement || listed(&x, f))
			continue;
		const char *observed = text_excerpt(a, sv_of(f->observed), REASON_OBSERVED);
		x.v = arena_grow(a, x.v, x.n, sizeof *x.v);
		x.v[x.n++] = (struct expectation){
		        .requirement = f->requirement,
		        .scenario = fails_everywhere(r, f->requirement) ? NULL : f->scenario,
		        .reason = arena_printf(a, "found on %s: %s (replace this by why it is accepted)", today,
		                               observed),
		};
	}
	return x;
}
