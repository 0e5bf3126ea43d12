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
	if (!x.times) {
		x.round = x.member = x.times = 1;
		x.burst = i;
	}
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
	return !step->userinfo && (step->redeem.code == CODE_VALID || step->redeem.code == CODE_EXPIRED);
}

bool plan_only_observes(const struct scenario *s)
{
	return s->nsteps == 1 && s->rounds <= 1 && !s->steps[0].userinfo && s->steps[0].redeem.ordinary &&
	       !s->steps[0].wait_ms;
}

/* Judges what a refusal looks like, or counts on some. */
static bool expects_denial(const struct scenario *s)
{
	for (size_t i = 0; i < s->nsteps; i++) {
		for (size_t j = 0; j < s->steps[i].nexpects; j++) {
			const struct expect *e = &s->steps[i].expects[j];
			if (!e->check &&
			    (e->subject == MATCH_DENIED || e->subject == MATCH_CLEAN || e->subject == MATCH_SUCCESSES))
				return true;
		}
	}
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
	for (size_t i = 0; i < s->nsteps; i++) {
		const struct step *step = &s->steps[i];
		if (!step->userinfo && step->redeem.code == CODE_EXPIRED && p->target->codes.lifetime_s == 0)
			return "the target file does not say 'codes.lifetime', so nobody knows when a code has expired";
		if (step->redeem.times > p->target->limits.connections)
			return arena_printf(p->a,
			                    "it sends %d requests at once, and the target file's 'limits.connections' "
			                    "allows %d",
			                    step->redeem.times, p->target->limits.connections);
	}
	return NULL;
}

static const char *key_of(struct planner *p, const struct scenario *s, size_t step, int round, int member)
{
	const struct step *st = &s->steps[step];
	const char *key =
	        st->name ? arena_printf(p->a, "%s/%s", s->id, st->name) : arena_printf(p->a, "%s/%zu", s->id, step + 1);

	if (s->rounds > 1)
		key = arena_printf(p->a, "%s/%d", key, round);
	return st->redeem.times > 1 ? arena_printf(p->a, "%s/%d", key, member) : key;
}

/* Adds the exchanges of one step in one round; `after` is the last of the step that it follows, or -1. Gives the first. */
static size_t plan_step(struct planner *p, const struct scenario *s, size_t step, int round, long after)
{
	const struct step *st = &s->steps[step];
	int times = st->redeem.times > 1 ? st->redeem.times : 1;
	size_t first = p->plan->n;

	for (int member = 1; member <= times; member++)
		(void)add(p, (struct planned){.key = key_of(p, s, step, round, member),
		                              .spec = st->spec,
		                              .kind = st->userinfo ? "userinfo" : "token",
		                              .step = st,
		                              .owner = s,
		                              .after = after,
		                              .wait_ms = st->wait_ms,
		                              .codes = member == 1 && takes_code(st),
		                              .round = round,
		                              .member = member,
		                              .times = times,
		                              .burst = first});
	return first;
}

static void plan_scenario(struct planner *p, const struct scenario *s, struct planned_scenario *ret)
{
	ret->scenario = s;
	ret->rounds = s->rounds > 1 ? s->rounds : 1;
	ret->skip = unmet(p, s);
	if (ret->skip)
		return;

	size_t *uses = arena_array(p->a, s->nsteps * (size_t)ret->rounds, sizeof *uses);
	ret->exchanges = uses;
	if (plan_only_observes(s)) {
		uses[0] = ordinary(p);
		return;
	}
	for (int round = 1; round <= ret->rounds; round++) {
		for (size_t i = 0; i < s->nsteps; i++) {
			/* A step ends with the last of its requests. */
			long after = s->steps[i].follows ? (long)p->plan->n - 1 : -1;
			uses[(size_t)(round - 1) * s->nsteps + i] = plan_step(p, s, i, round, after);
		}
	}
}

void plan_make(struct arena *a, const struct suite *s, const struct target *t, struct plan *ret)
{
	struct planner p = {.a = a, .target = t, .plan = ret, .ordinary = -1};
	bool any = false;

	*ret = (struct plan){.nscenarios = s->n};
	ret->scenarios = arena_array(a, s->n, sizeof *ret->scenarios);
	/* First of all, since most is judged on it where codes are short. A refusal proves nothing while a good request is
	 * refused, too: then it is the proof. */
	for (size_t i = 0; i < s->n && p.ordinary < 0; i++)
		if (!unmet(&p, &s->scenarios[i]) &&
		    (plan_only_observes(&s->scenarios[i]) || expects_denial(&s->scenarios[i])))
			(void)ordinary(&p);
	for (size_t i = 0; i < s->n; i++) {
		plan_scenario(&p, &s->scenarios[i], &ret->scenarios[i]);
		any = any || !ret->scenarios[i].skip;
	}
	if (any && t->keys.jwks_uri)
		(void)add(&p, (struct planned){.key = PLAN_JWKS, .spec = SPEC_JWKS, .kind = "jwks", .after = -1});
}
