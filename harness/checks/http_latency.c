#include <stdlib.h>

#include "checks/check.h"
#include "checks/reply.h"

/* How long the endpoint takes: a rule of this suite, for LivePerson's chat waits on the call. */

#define PERCENT 95
#define WARN_MS 3000 /* where the target file says nothing */
#define FAIL_MS 10000

/* One request that was held back until others were ready counts from the moment in which it was let go. */
static int64_t took_us(const struct exchange *x)
{
	const struct timing *t = &x->timing;

	return t->released_us > 0 && t->answered_us > t->released_us ? t->answered_us - t->released_us : t->total_us;
}

static int compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The percentile by the nearest rank: a value that occurred. v is sorted. */
static int64_t percentile(const int64_t *v, size_t n)
{
	return v[(n * PERCENT + 99) / 100 - 1];
}

CHECK(http_latency, "http.latency")
{
	int64_t *v = arena_array(s->a, s->nall, sizeof *v);
	double warn = (double)(s->run->latency_warn_ms > 0 ? s->run->latency_warn_ms : WARN_MS) / 1000;
	double fail = (double)(s->run->latency_fail_ms > 0 ? s->run->latency_fail_ms : FAIL_MS) / 1000;
	size_t n = 0;

	if (!reply_answered(s, f))
		return;
	for (size_t i = 0; i < s->nall; i++) {
		const struct exchange *x = s->all[i]->x;
		if (x && x->outcome == EXCHANGE_ANSWERED && !(s->all[i]->step && s->all[i]->step->redeem.plain_http))
			v[n++] = took_us(x);
	}
	if (n == 0) {
		skip(s, f, "no token request of the run was answered");
		return;
	}
	qsort(v, n, sizeof *v, compare_times);
	double p = (double)percentile(v, n) / 1e6;
	const char *text =
	        n == 1 ? arena_printf(s->a, "%.2f s", p)
	               : arena_printf(s->a, "%.2f s is the %dth percentile of %zu replies, %.2f s the longest", p,
	                              PERCENT, n, (double)v[n - 1] / 1e6);
	if (p <= warn) {
		pass(s, f, "%s", text);
		return;
	}
	violated(s, f, arena_printf(s->a, "an answer within %g s", p > fail ? fail : warn), "%s", text);
	detail(f, p > fail ? NULL : "slow", "time", NULL);
}
