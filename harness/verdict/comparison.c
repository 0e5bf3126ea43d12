#include "verdict/comparison.h"

#include <stdlib.h>
#include <string.h>

const char *change_text(enum change_kind kind)
{
#define CHANGE_TEXT(name, text) [name] = text,
	static const char *const texts[] = {CHANGES(CHANGE_TEXT)};
	_Static_assert(sizeof texts / sizeof *texts == CHANGE_COUNT, "one text a kind");

	return kind < CHANGE_COUNT ? texts[kind] : "?";
}

const struct result *change_result(const struct change *c)
{
	return c->is ? c->is : c->was;
}

/* --- kinds --------------------------------------------------------------------------------------------------- */

static bool good(const struct result *r)
{
	return r && (r->verdict == VERDICT_PASS || r->verdict == VERDICT_INFO);
}

static bool is(const struct result *r, enum verdict v)
{
	return r && r->verdict == v;
}

static bool judged(const struct result *r)
{
	return good(r) || is(r, VERDICT_WARN) || is(r, VERDICT_FAIL);
}

static enum change_kind kind_of(const struct result *was, const struct result *now)
{
	if (!now)
		return CHANGE_GONE;
	if (is(now, VERDICT_FAIL)) {
		if (is(was, VERDICT_FAIL))
			return CHANGE_SAME;
		return now->accepted ? CHANGE_EXPECTED : CHANGE_BROKE;
	}
	if (!judged(now)) {
		if (judged(was))
			return CHANGE_UNJUDGED;
		if (is(now, VERDICT_ERROR))
			return is(was, VERDICT_ERROR) ? CHANGE_SAME : CHANGE_UNJUDGED;
		return was ? CHANGE_SAME : CHANGE_NEW;
	}
	if (!was)
		return CHANGE_NEW;
	if (!judged(was))
		return CHANGE_JUDGED;
	if (is(was, VERDICT_FAIL))
		return CHANGE_MENDED;
	if (is(now, VERDICT_WARN))
		return good(was) ? CHANGE_WORSE : CHANGE_SAME;
	return is(was, VERDICT_WARN) ? CHANGE_BETTER : CHANGE_SAME;
}

/* --- pairs --------------------------------------------------------------------------------------------------- */

static int by_text(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "");
}

static int by_key(const struct result *x, const struct result *y)
{
	int c = by_text(x->suite, y->suite);

	if (!c)
		c = by_text(x->scenario, y->scenario);
	return c ? c : by_text(x->requirement, y->requirement);
}

/* Worst last, so that of several results of one requirement in one scenario the worst is taken. */
static int weight(enum verdict v)
{
	static const int weights[VERDICT_COUNT] = {
	        [VERDICT_SKIP] = 0, [VERDICT_PASS] = 1,  [VERDICT_INFO] = 2,
	        [VERDICT_WARN] = 3, [VERDICT_ERROR] = 4, [VERDICT_FAIL] = 5,
	};

	return weights[v];
}

static int by_key_and_weight(const void *x, const void *y)
{
	const struct result *const *a = x, *const *b = y;
	int c = by_key(*a, *b);

	return c ? c : weight((*a)->verdict) - weight((*b)->verdict);
}

/* Sorted, each key once. */
static const struct result **sorted(struct arena *a, const struct results *r, size_t *n)
{
	const struct result **v = arena_array(a, r->n, sizeof *v);

	for (size_t i = 0; i < r->n; i++)
		v[i] = &r->v[i];
	if (r->n)
		qsort(v, r->n, sizeof *v, by_key_and_weight);
	*n = 0;
	for (size_t i = 0; i < r->n; i++)
		if (i + 1 == r->n || by_key(v[i], v[i + 1]) != 0)
			v[(*n)++] = v[i];
	return v;
}

static int verdict_number(const struct result *r)
{
	return r ? (int)r->verdict : -1;
}

static int by_news(const void *x, const void *y)
{
	const struct change *a = x, *b = y;
	int c = (int)a->kind - (int)b->kind;

	if (!c)
		c = by_text(change_result(a)->requirement, change_result(b)->requirement);
	if (!c)
		c = verdict_number(a->was) - verdict_number(b->was);
	if (!c)
		c = verdict_number(a->is) - verdict_number(b->is);
	return c ? c : by_key(change_result(a), change_result(b));
}

static void add(struct comparison *c, const struct result *was, const struct result *now)
{
	struct change *one = &c->v[c->n++];

	*one = (struct change){kind_of(was, now), was, now};
	c->count[one->kind]++;
	c->failing += one->kind == CHANGE_SAME && now && now->verdict == VERDICT_FAIL;
	c->warning += one->kind == CHANGE_SAME && now && now->verdict == VERDICT_WARN;
	c->lost = c->lost || (one->kind == CHANGE_UNJUDGED && now && now->verdict == VERDICT_ERROR);
}

void comparison_make(struct arena *a, const struct results *was, const struct results *now, struct comparison *ret)
{
	size_t nold, nnew, i = 0, k = 0;
	const struct result **before = sorted(a, was, &nold), **after = sorted(a, now, &nnew);

	*ret = (struct comparison){.was = was, .is = now, .v = arena_array(a, nold + nnew, sizeof *ret->v)};
	while (i < nold || k < nnew) {
		int c = i == nold ? 1 : k == nnew ? -1 : by_key(before[i], after[k]);
		add(ret, c <= 0 ? before[i] : NULL, c >= 0 ? after[k] : NULL);
		i += c <= 0;
		k += c >= 0;
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof *ret->v, by_news);
}

int comparison_exit(const struct comparison *c)
{
	if (c->count[CHANGE_BROKE])
		return 1;
	return c->lost ? 3 : 0;
}
