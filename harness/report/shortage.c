#include "report/shortage.h"

#include <string.h>

#include "core/sv.h"
#include "report/render.h"

struct short_of {
	struct sv scenario; /* or the key of a shared exchange */
	size_t codes;
};

/* It asked for a code itself. What only comes behind such a request, or leaves together with it, takes none: its trouble
 * begins so. */
static bool asked(const struct shown_exchange *x)
{
	static const char behind[] = "the step before ", beside[] = "the request that it goes with ";

	return x->key && x->outcome && strcmp(x->outcome, "no code") == 0 && x->trouble &&
	       strncmp(x->trouble, behind, strlen(behind)) != 0 && strncmp(x->trouble, beside, strlen(beside)) != 0;
}

char *render_shortage(struct arena *a, const struct results *r)
{
	struct short_of *v = NULL;
	size_t n = 0, all = 0;

	for (size_t i = 0; i < r->nexchanges; i++) {
		struct sv rest = sv_of(r->exchanges[i].key), scenario;
		size_t k = 0;
		if (!asked(&r->exchanges[i]) || !sv_cut(&rest, '/', &scenario))
			continue;
		while (k < n && !sv_eq(v[k].scenario, scenario))
			k++;
		if (k == n) {
			v = arena_grow(a, v, n, sizeof *v);
			v[n++] = (struct short_of){.scenario = scenario};
		}
		v[k].codes++;
		all++;
	}
	if (!n)
		return NULL;
	char *text = arena_printf(a, "%zu more code%s would judge all:", all, all == 1 ? "" : "s");
	for (size_t k = 0; k < n; k++)
		text = arena_printf(a, "%s%s %s (%zu)", text, k ? "," : "",
		                    render_headline(a, arena_sv(a, v[k].scenario)), v[k].codes);
	return text;
}
