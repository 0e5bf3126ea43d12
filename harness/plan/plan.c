#include "plan/plan.h"

#include <string.h>

#define SPEC_JWKS "{\"get\":\"jwks\"}"

struct planner {
	struct arena *a;
	const struct target *target;
	struct plan *plan;
	long ordinary;    /* index, or -1 while there is none */
	int64_t *ends_ms; /* earliest end of each exchange, from the waits alone */
};

static size_t add(struct planner *p, struct planned x)
{
	struct plan *plan = p->plan;
	size_t i = plan->n;

	x.id = arena_printf(p->a, "x%zu", i + 1);
	plan->exchanges = arena_grow(p->a, plan->exchanges, i, sizeof *plan->exchanges);
	p->ends_ms = arena_grow(p->a, p->ends_ms, i, sizeof *p->ends_ms);
	plan->exchanges[i] = x;
	plan->codes += x.codes;

	int64_t end = x.wait_ms + (x.after >= 0 ? p->ends_ms[x.after] : 0);
	if (x.step && x.step->redeem.code == CODE_EXPIRED)
		end += (p->target->codes.lifetime_s + p->target->codes.margin_s) * 1000;
	p->ends_ms[i] = end;
	if ((end + 999) / 1000 > plan->wait_s)
		plan->wait_s = (end + 999) / 1000;
	plan->n++;
	return i;
}

static bool takes_code(const struct step *step)
{
	return step->redeem.code == CODE_VALID || step->redeem.code == CODE_EXPIRED;
}

/* A scenario whose every step is exactly what LivePerson sends, without a pause, changes nothing that another could see. */
static bool only_observes(const struct scenario *s)
{
	for (size_t i = 0; i < s->nsteps; i++)
		if (!s->steps[i].redeem.ordinary || s->steps[i].wait_ms || i > 0)
			return false;
	return s->nsteps > 0;
}

static bool expects_denial(const struct scenario *s)
{
	for (size_t i = 0; i < s->nsteps; i++)
		for (size_t j = 0; j < s->steps[i].nexpects; j++)
			if (!s->steps[i].expects[j].check && s->steps[i].expects[j].subject == MATCH_DENIED)
				return true;
	return false;
}

static size_t ordinary(struct planner *p)
{
	static const struct step step = {.redeem = {.code = CODE_VALID, .ordinary = true}, .spec = PLAN_ORDINARY_SPEC};

	if (p->ordinary < 0)
		p->ordinary = (long)add(p, (struct planned){.key = PLAN_ORDINARY,
		                                            .spec = PLAN_ORDINARY_SPEC,
		                                            .kind = "token",
		                                            .step = &step,
		                                            .after = -1,
		                                            .codes = 1});
	return (size_t)p->ordinary;
}

static const char *unmet(struct planner *p, const struct scenario *s)
{
	for (const char **need = s->needs; need && *need; need++)
		if (!target_has(p->target, *need))
			return arena_printf(p->a, "the target file does not say '%s', which this scenario needs",
			                    *need);
	for (size_t i = 0; i < s->nsteps; i++)
		if (s->steps[i].redeem.code == CODE_EXPIRED && p->target->codes.lifetime_s == 0)
			return "the target file does not say 'codes.lifetime', so nobody knows when a code has expired";
	return NULL;
}

static void plan_scenario(struct planner *p, const struct scenario *s, struct planned_scenario *ret)
{
	ret->scenario = s;
	ret->skip = unmet(p, s);
	if (ret->skip)
		return;

	size_t *uses = arena_array(p->a, s->nsteps, sizeof *uses);
	ret->exchanges = uses;
	if (only_observes(s)) {
		uses[0] = ordinary(p);
		return;
	}
	/* A refusal proves nothing while a good request is refused, too: the ordinary exchange is the proof. */
	if (expects_denial(s))
		(void)ordinary(p);
	for (size_t i = 0; i < s->nsteps; i++)
		uses[i] = add(p, (struct planned){.key = arena_printf(p->a, "%s/%zu", s->id, i + 1),
		                                  .spec = s->steps[i].spec,
		                                  .kind = "token",
		                                  .step = &s->steps[i],
		                                  .owner = s,
		                                  .after = i ? (long)uses[i - 1] : -1,
		                                  .wait_ms = s->steps[i].wait_ms,
		                                  .codes = takes_code(&s->steps[i])});
}

void plan_make(struct arena *a, const struct suite *s, const struct target *t, struct plan *ret)
{
	struct planner p = {.a = a, .target = t, .plan = ret, .ordinary = -1};
	bool any = false;

	*ret = (struct plan){.nscenarios = s->n};
	ret->scenarios = arena_array(a, s->n, sizeof *ret->scenarios);
	for (size_t i = 0; i < s->n; i++) {
		plan_scenario(&p, &s->scenarios[i], &ret->scenarios[i]);
		any = any || !ret->scenarios[i].skip;
	}
	if (any && t->keys.jwks_uri)
		(void)add(&p, (struct planned){.key = PLAN_JWKS, .spec = SPEC_JWKS, .kind = "jwks", .after = -1});
}
