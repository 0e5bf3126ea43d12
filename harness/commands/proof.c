#include "commands/proof.h"

#include <string.h>

struct proof proof_make(struct arena *a, const struct suite *s)
{
	struct proof p = {.a = a, .suite = s};

	for (int profile = 0; profile < PROFILE_COUNT; profile++) {
		p.v = arena_grow(a, p.v, p.n, sizeof *p.v);
		p.v[p.n++] = (struct trial){
		        .name = arena_printf(a, "healthy, %s profile", profile_text((enum profile)profile)),
		        .profile = (enum profile)profile,
		        .suite = *s,
		};
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct scenario *scenario = &s->scenarios[i];
		for (size_t k = 0; k < scenario->ncontrols; k++) {
			struct suite part = *s;
			part.scenarios = &s->scenarios[i];
			part.n = 1;
			p.v = arena_grow(a, p.v, p.n, sizeof *p.v);
			p.v[p.n++] = (struct trial){
			        .name = arena_printf(a, "%s/%s", scenario->id, scenario->controls[k].name),
			        .control = &scenario->controls[k],
			        .profile = scenario->controls[k].profile,
			        .suite = part,
			};
		}
	}
	return p;
}

static bool named(const char *const *ids, const char *id)
{
	for (; ids && *ids; ids++)
		if (strcmp(*ids, id) == 0)
			return true;
	return false;
}

static enum verdict wanted(const struct control *c, const char *id)
{
	if (c && named(c->catches, id))
		return VERDICT_FAIL;
	if (c && named(c->warns, id))
		return VERDICT_WARN;
	return VERDICT_PASS;
}

/* Prints what is not as it should be; the number of such results. */
static size_t compare(const struct trial *t)
{
	size_t wrong = 0;

	for (size_t i = 0; i < t->results.n; i++) {
		const struct result *r = &t->results.v[i];
		enum verdict want = wanted(t->control, r->requirement);
		bool bad = r->verdict == VERDICT_FAIL || r->verdict == VERDICT_WARN || r->verdict == VERDICT_ERROR;
		if (r->verdict == want || (want == VERDICT_PASS && !bad))
			continue;
		wrong++;
		printf("%s:%u: %s: '%s' should %s, but the verdict is %s", t->control ? t->control->at.path : r->file,
		       t->control ? t->control->at.line : r->line, t->name, r->requirement,
		       want == VERDICT_PASS ? "not fail or warn" : verdict_text(want), verdict_text(r->verdict));
		if (r->observed || r->reason)
			printf(": %s", r->reason ? r->reason : r->observed);
		printf("\n");
	}
	return wrong;
}

static bool judged(const struct suite *s, const struct requirement *r)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->scenarios[i].nsteps; k++)
			for (size_t e = 0; e < s->scenarios[i].steps[k].nexpects; e++)
				if (s->scenarios[i].steps[k].expects[e].requirement == r)
					return true;
	return false;
}

/* Prints the requirement with the controls that prove it; false when there is none. */
static bool print_proof(const struct proof *p, const bool *good, const char *id, bool quiet)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (!good[i] || !p->v[i].control || p->v[i].control->permit ||
		    wanted(p->v[i].control, id) == VERDICT_PASS)
			continue;
		if (!quiet && n == 0)
			printf("%-34s", id);
		if (!quiet)
			printf("%s%s", n ? ", " : " ", p->v[i].name);
		n++;
	}
	if (n == 0)
		printf("%-34s UNPROVEN: no control makes it fail or warn\n", id);
	else if (!quiet)
		printf("\n");
	return n > 0;
}

bool proof_conclude(const struct proof *p, bool quiet)
{
	bool *good = arena_array(p->a, p->n, sizeof *good);
	size_t wrong = 0, healthy = 0, breaks = 0, breaks_good = 0, permits = 0, permits_good = 0, proven = 0,
	       unproven = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct control *c = p->v[i].control;
		good[i] = compare(&p->v[i]) == 0;
		wrong += !good[i];
		healthy += !c && good[i];
		breaks += c && !c->permit;
		breaks_good += c && !c->permit && good[i];
		permits += c && c->permit;
		permits_good += c && c->permit && good[i];
	}
	for (size_t i = 0; i < p->suite->catalogue.n; i++) {
		const struct requirement *r = &p->suite->catalogue.v[i];
		if (!judged(p->suite, r))
			continue;
		bool yes = print_proof(p, good, r->id, quiet);
		proven += yes;
		unproven += !yes;
	}
	if (!quiet)
		printf("\nhealthy reference brand: nothing fails in %zu of %d profiles\n"
		       "faults: %zu of %zu controls fail exactly what they name\n"
		       "permitted variations: %zu of %zu pass\n"
		       "requirements: %zu proven, %zu unproven\n",
		       healthy, PROFILE_COUNT, breaks_good, breaks, permits_good, permits, proven, unproven);
	return wrong == 0 && unproven == 0;
}
