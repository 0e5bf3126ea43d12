#include "plan/plan.h"

#include <string.h>

#include "plan/rank.h"

/* Exchanges that change nothing that another could see: whoever asks for one gets the same. */
enum shared {
	SHARED_ORDINARY,
	SHARED_AUTHORIZE,
	SHARED_AUTHORIZE_ID_TOKEN,
	SHARED_AUTHORIZE_TOKEN,
	SHARED_HANDOVER,
	SHARED_HANDSHAKE,
	SHARED_DISCOVERY,
	SHARED_JWKS,
	SHARED_COUNT,
};

static const struct shared_row {
	const char *key;
	struct step step;
} shared_rows[] = {
        [SHARED_ORDINARY] = {PLAN_ORDINARY, {.redeem = {.ordinary = true}, .spec = PLAN_ORDINARY_SPEC}},
        [SHARED_AUTHORIZE] = {"authorize",
                              {.kind = STEP_AUTHORIZE, .authorize = {.ordinary = true}, .spec = "{\"authorize\":{}}"}},
        [SHARED_AUTHORIZE_ID_TOKEN] = {"authorize-id_token",
                                       {.kind = STEP_AUTHORIZE,
                                        .authorize = {.response_type = "id_token", .ordinary = true},
                                        .spec = "{\"authorize\":{\"response_type\":\"id_token\"}}"}},
        [SHARED_AUTHORIZE_TOKEN] = {"authorize-token",
                                    {.kind = STEP_AUTHORIZE,
                                     .authorize = {.response_type = "token", .ordinary = true},
                                     .spec = "{\"authorize\":{\"response_type\":\"token\"}}"}},
        [SHARED_HANDOVER] = {"handover", {.kind = STEP_TOKEN, .spec = "{\"token\":{}}"}},
        [SHARED_HANDSHAKE] = {"handshake", {.kind = STEP_HANDSHAKE, .spec = "{\"handshake\":{}}"}},
        [SHARED_DISCOVERY] = {PLAN_DISCOVERY,
                              {.kind = STEP_FETCH, .fetch = FETCHED_DISCOVERY, .spec = "{\"fetch\":\"discovery\"}"}},
        [SHARED_JWKS] = {PLAN_JWKS, {.kind = STEP_FETCH, .fetch = FETCHED_JWKS, .spec = "{\"fetch\":\"jwks\"}"}},
};

struct planner {
	struct arena *a;
	const struct target *target;
	struct plan *plan;
	long shared[SHARED_COUNT]; /* index of the exchange, or -1 while there is none */
	int64_t *ends_ms;          /* earliest end of each exchange, from the waits alone */
};

/* The target has one that has expired already: none has to grow old. */
static bool ages(const struct planner *p, const struct step *step)
{
	return step->kind == STEP_REDEEM && step->redeem.code == CODE_EXPIRED &&
	       !target_has(p->target, "codes.expired_code");
}

static bool takes_code(const struct planner *p, const struct step *step)
{
	return step->kind == STEP_REDEEM && (step->redeem.code == CODE_VALID || ages(p, step));
}

static bool logs_in(const struct planner *p, const struct planned *x)
{
	const enum authorize_session session = x->step ? x->step->authorize.session : SESSION_NONE;

	return (x->step && x->step->kind == STEP_AUTHORIZE && (session == SESSION_LOGIN || session == SESSION_DENY)) ||
	       (x->codes && p->target->codes.from == FROM_AUTHORIZE) ||
	       (x->tokens && p->target->tokens.from == FROM_AUTHORIZE);
}

static const char *kind_of(const struct step *step)
{
	static const char *const kinds[] = {
	        [STEP_REDEEM] = "token",   [STEP_USERINFO] = "userinfo",   [STEP_AUTHORIZE] = "authorize",
	        [STEP_TOKEN] = "handover", [STEP_HANDSHAKE] = "handshake", [STEP_LOGOUT] = "logout",
	};

	if (step->kind == STEP_FETCH)
		return step->fetch == FETCHED_JWKS ? "jwks" : "discovery";
	return kinds[step->kind];
}

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
	plan->tokens += x.tokens;
	plan->logins += logs_in(p, &x);

	int64_t end = x.wait_ms + (x.after >= 0 ? p->ends_ms[x.after] : 0);
	if (x.step && ages(p, x.step))
		end += (p->target->code_lifetime_s + p->target->code_margin_s) * 1000;
	p->ends_ms[i] = end;
	if ((end + 999) / 1000 > plan->wait_s)
		plan->wait_s = (end + 999) / 1000;
	plan->n++;
	return i;
}

bool plan_only_observes(const struct scenario *s)
{
	return s->nsteps == 1 && s->rounds <= 1 && s->steps[0].kind == STEP_REDEEM && s->steps[0].redeem.ordinary &&
	       !s->steps[0].wait_ms;
}

/* The shared exchange that this step is, or SHARED_COUNT: it has one of its own. */
static enum shared shared_of(const struct scenario *s, const struct step *step)
{
	const char *type = step->authorize.response_type;

	if (step->kind == STEP_FETCH)
		return step->fetch == FETCHED_JWKS ? SHARED_JWKS : SHARED_DISCOVERY;
	if (s->nsteps != 1 || s->rounds > 1 || step->wait_ms)
		return SHARED_COUNT;
	switch (step->kind) {
	case STEP_REDEEM:
		return step->redeem.ordinary ? SHARED_ORDINARY : SHARED_COUNT;
	case STEP_AUTHORIZE:
		if (!step->authorize.ordinary)
			return SHARED_COUNT;
		return !type                        ? SHARED_AUTHORIZE
		       : strcmp(type, "token") == 0 ? SHARED_AUTHORIZE_TOKEN
		                                    : SHARED_AUTHORIZE_ID_TOKEN;
	case STEP_TOKEN:
		return step->second_consumer ? SHARED_COUNT : SHARED_HANDOVER;
	case STEP_HANDSHAKE:
		return step->handshake.version == HANDSHAKE_ANY && !step->handshake.weak_ciphers ? SHARED_HANDSHAKE
		                                                                                 : SHARED_COUNT;
	default:
		return SHARED_COUNT;
	}
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

static size_t share(struct planner *p, enum shared which)
{
	const struct shared_row *row = &shared_rows[which];

	if (p->shared[which] < 0)
		p->shared[which] = (long)add(p, (struct planned){.key = row->key,
		                                                 .spec = row->step.spec,
		                                                 .kind = kind_of(&row->step),
		                                                 .step = &row->step,
		                                                 .after = -1,
		                                                 .codes = takes_code(p, &row->step),
		                                                 .tokens = row->step.kind == STEP_TOKEN});
	return (size_t)p->shared[which];
}

/* A document that checks look at beside what they judge, though no step asked for it. */
static void accompany(struct planner *p, enum shared which)
{
	if (p->shared[which] >= 0)
		return;
	size_t added = share(p, which); /* moves the exchanges */
	p->plan->exchanges[added].step = NULL;
}

static const char *unsaid(struct planner *p, const char *need)
{
	return arena_printf(p->a, "the target file does not say '%s', which this scenario needs",
	                    target_need_words(need));
}

static const char *unmet(struct planner *p, const struct scenario *s)
{
	for (const char **need = s->needs; need && *need; need++)
		if (!target_has(p->target, *need))
			return unsaid(p, *need);
	for (size_t i = 0; i < s->nsteps; i++) {
		const struct step *step = &s->steps[i];
		if (step->kind == STEP_AUTHORIZE && !step->authorize.response_type &&
		    !target_has(p->target, "authorization.code"))
			return unsaid(p, "authorization.code");
		if (ages(p, step) && p->target->code_lifetime_s == 0)
			return "the target file says neither 'codes.lifetime' nor 'codes.expired_code', so there is no "
			       "code of which it is known that it has expired";
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
static size_t plan_step(struct planner *p, const struct planned *common, size_t step)
{
	const struct scenario *s = common->owner;
	const struct step *st = &s->steps[step];
	struct planned x = *common;
	size_t first = p->plan->n;

	x.step = st;
	x.spec = st->spec;
	x.kind = kind_of(st);
	x.wait_ms = st->wait_ms;
	x.tokens = st->kind == STEP_TOKEN;
	x.times = st->redeem.times > 1 ? st->redeem.times : 1;
	x.burst = first;
	for (x.member = 1; x.member <= x.times; x.member++) {
		x.key = key_of(p, s, step, x.round, x.member);
		x.codes = x.member == 1 && takes_code(p, st);
		(void)add(p, x);
	}
	return first;
}

static bool logs_out(const struct scenario *s)
{
	for (size_t i = 0; i < s->nsteps; i++)
		if (s->steps[i].kind == STEP_LOGOUT)
			return true;
	return false;
}

static void plan_scenario(struct planner *p, const struct scenario *s, struct planned_scenario *ret)
{
	ret->scenario = s;
	ret->rounds = s->rounds > 1 ? s->rounds : 1;
	ret->skip = unmet(p, s);
	if (ret->skip)
		return;

	size_t *uses = arena_array(p->a, s->nsteps * (size_t)ret->rounds, sizeof *uses);
	struct planned common = {.owner = s, .last = logs_out(s)};
	ret->exchanges = uses;
	for (common.round = 1; common.round <= ret->rounds; common.round++) {
		long previous = -1;
		for (size_t i = 0; i < s->nsteps; i++) {
			const struct step *step = &s->steps[i];
			enum shared which = shared_of(s, step);
			size_t *use = &uses[(size_t)(common.round - 1) * s->nsteps + i];
			common.after = step->follows ? previous : -1;
			*use = which != SHARED_COUNT ? share(p, which) : plan_step(p, &common, i);
			/* A step ends with the last of its requests. */
			previous = which != SHARED_COUNT ? (long)*use : (long)p->plan->n - 1;
			if (which == SHARED_COUNT && common.round == 1)
				ret->codes += takes_code(p, step);
		}
	}
}

void plan_make(struct arena *a, const struct suite *s, const struct target *t, struct plan *ret)
{
	struct planner p = {.a = a, .target = t, .plan = ret};
	bool any = false;

	*ret = (struct plan){.nscenarios = s->n};
	ret->scenarios = arena_array(a, s->n, sizeof *ret->scenarios);
	for (int i = 0; i < SHARED_COUNT; i++)
		p.shared[i] = -1;
	/* First of all, since most is judged on it where codes are short. A refusal proves nothing while a good request is
	 * refused, too: then it is the proof. */
	for (size_t i = 0; i < s->n && p.shared[SHARED_ORDINARY] < 0; i++)
		if (!unmet(&p, &s->scenarios[i]) &&
		    (plan_only_observes(&s->scenarios[i]) || expects_denial(&s->scenarios[i])))
			(void)share(&p, SHARED_ORDINARY);
	for (size_t i = 0; i < s->n; i++) {
		plan_scenario(&p, &s->scenarios[i], &ret->scenarios[i]);
		any = any || !ret->scenarios[i].skip;
	}
	if (any && t->keys.jwks_uri)
		accompany(&p, SHARED_JWKS);
	if (any && target_has(t, "discovery"))
		accompany(&p, SHARED_DISCOVERY);
	rank_scenarios(a, s, t->profile, ret);
}
