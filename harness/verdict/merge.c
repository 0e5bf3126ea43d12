#include "verdict/merge.h"

#include <string.h>

#include "core/text.h"

/* Names of further steps in what was observed. */
#define NAMED_MAX 4

void merge_add(struct merge *m, const struct result *r)
{
	struct merge_track *t = NULL;

	for (size_t i = 0; i < m->n && !t; i++)
		if (strcmp(m->tracks[i].requirement, r->requirement) == 0)
			t = &m->tracks[i];
	if (!t) {
		m->tracks = arena_grow(m->a, m->tracks, m->n, sizeof *m->tracks);
		t = &m->tracks[m->n++];
		*t = (struct merge_track){.requirement = r->requirement};
	}
	t->v = arena_grow(m->a, t->v, t->n, sizeof *t->v);
	t->v[t->n++] = *r;
}

static int weight(enum verdict v)
{
	static const int weights[VERDICT_COUNT] = {
	        [VERDICT_SKIP] = 0, [VERDICT_PASS] = 1,  [VERDICT_INFO] = 2,
	        [VERDICT_WARN] = 3, [VERDICT_ERROR] = 4, [VERDICT_FAIL] = 5,
	};

	return weights[v];
}

static bool same(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "") == 0;
}

static bool alike(const struct result *x, const struct result *y)
{
	return x->verdict == y->verdict && same(x->observed, y->observed) && same(x->reason, y->reason);
}

static bool is_finding(enum verdict v)
{
	return v == VERDICT_FAIL || v == VERDICT_WARN || v == VERDICT_INFO;
}

/* Names of the steps, other than the worst's own, that ended with its verdict; "" when there are none. */
static const char *others(struct arena *a, const struct merge_track *t, const struct result *worst)
{
	const char *names[NAMED_MAX + 1];
	size_t n = 0, all = 0;

	for (size_t i = 0; i < t->n; i++) {
		bool again = !t->v[i].step || t->v[i].verdict != worst->verdict || same(t->v[i].step, worst->step);
		for (size_t k = 0; k < i && !again; k++)
			again = t->v[k].verdict == worst->verdict && same(t->v[k].step, t->v[i].step);
		if (again)
			continue;
		if (n < NAMED_MAX)
			names[n++] = t->v[i].step;
		all++;
	}
	if (all == 0)
		return "";
	if (all > n) {
		names[n] = arena_printf(a, "%zu more", all - n);
		n++;
	}
	return arena_printf(a, "; so too at %s", text_list(a, names, n, "and"));
}

struct result merge_track_result(struct arena *a, const struct merge_track *t)
{
	struct result ret = t->v[0];
	bool all_alike = true, several = false;
	int64_t time_ms = 0;

	for (size_t i = 0; i < t->n; i++) {
		int more = weight(t->v[i].verdict) - weight(ret.verdict);
		/* a server error says less than whatever else is as bad: it may be judged elsewhere */
		if (more > 0 || (more == 0 && ret.server_error && !t->v[i].server_error))
			ret = t->v[i];
		all_alike = all_alike && alike(&t->v[i], &t->v[0]);
		several = several || !same(t->v[i].step, t->v[0].step);
		time_ms += t->v[i].time_ms;
	}
	ret.time_ms = time_ms;
	if (several && (all_alike || !(is_finding(ret.verdict) || ret.verdict == VERDICT_ERROR)))
		ret.step = NULL;
	else if (is_finding(ret.verdict))
		ret.observed = arena_printf(a, "%s%s", ret.observed, others(a, t, &ret));
	return ret;
}
