#include "verdict/made.h"

#include <string.h>

#include "testing.h"

static enum verdict verdict_of(const char *word)
{
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		if (strcmp(verdict_text(v), word) == 0)
			return v;
	ck_abort_msg("'%s' is no verdict", word);
}

struct results made_results(struct arena *a, const char *line)
{
	struct results r = {.target = "acme",
	                    .profile = "liveperson",
	                    .suite_digest = "d",
	                    .started_ms = 1795262400000, /* 2026-11-21T12:00:00Z */
	                    .ended_ms = 1795262460000};

	for (struct sv rest = sv_of(line), word; sv_cut(&rest, ' ', &word);) {
		struct sv scenario, requirement;
		if (!word.n)
			continue;
		ck_assert(sv_cut(&word, '/', &scenario) && sv_cut(&word, '=', &requirement));
		r.v = arena_grow(a, r.v, r.n, sizeof *r.v);
		r.v[r.n++] = (struct result){.suite = "s",
		                             .scenario = arena_sv(a, scenario),
		                             .requirement = arena_sv(a, requirement),
		                             .title = "A title",
		                             .observed = "the number 12",
		                             .exchange = "x1",
		                             .verdict = verdict_of(arena_sv(a, word))};
	}
	results_count(&r);
	return r;
}

const struct result *made_find(const struct results *r, const char *scenario, const char *requirement)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i].scenario, scenario) == 0 && strcmp(r->v[i].requirement, requirement) == 0)
			return &r->v[i];
	return NULL;
}

char *made_line(struct arena *a, const struct results *r)
{
	char *line = arena_text(a, "");

	for (size_t i = 0; i < r->n; i++)
		line = arena_printf(a, "%s%s%s/%s=%s%s", line, i ? " " : "", r->v[i].scenario, r->v[i].requirement,
		                    verdict_text(r->v[i].verdict), r->v[i].accepted ? "!" : "");
	return line;
}
