#include "verdict/results.h"

#include <assert.h>
#include <string.h>

const char *verdict_text(enum verdict v)
{
#define VERDICT_TEXT(name, text) [name] = text,
	static const char *const texts[] = {VERDICTS(VERDICT_TEXT)};
	static_assert(sizeof texts / sizeof *texts == VERDICT_COUNT, "one text a verdict");

	return v < VERDICT_COUNT ? texts[v] : "?";
}

void results_count(struct results *r)
{
	memset(r->count, 0, sizeof r->count);
	for (size_t i = 0; i < r->n; i++)
		r->count[r->v[i].verdict]++;
	r->accepted = 0;
	for (size_t i = 0; i < r->n; i++)
		r->accepted += r->v[i].verdict == VERDICT_FAIL && r->v[i].accepted;
}

int results_exit(const struct results *r)
{
	if (r->count[VERDICT_FAIL] > r->accepted || r->nstale)
		return 1;
	if (r->count[VERDICT_ERROR])
		return 3;
	return r->count[VERDICT_PASS] + r->count[VERDICT_INFO] + r->count[VERDICT_WARN] + r->accepted ? 0 : 3;
}
