#include "verdict/subjects.h"

#include <string.h>

#include "evidence/redirect.h"

/* --- evidence ------------------------------------------------------------------------------------------------------ */

/* Finds what was recorded for a planned exchange; a reason when it cannot be judged. */
static const char *find_evidence(struct arena *a, const struct evidence *ev, const struct planned *p,
                                 const struct exchange **ret)
{
	const struct exchange *x = evidence_find(ev, p->key);

	if (!x)
		return arena_printf(a, "the exchange '%s' is not in the evidence", p->key);
	if (strcmp(x->spec, p->spec) != 0)
		return arena_printf(
		        a, "the evidence of '%s' was recorded with another version of the scenario: run it again",
		        p->key);
	*ret = x;
	if (x->outcome != EXCHANGE_ANSWERED)
		return x->trouble ? x->trouble : "there was no answer";
	return NULL;
}

/* The requirement, when some scenario of this run judges it: nobody else would say what it says. */
static const char *if_judged(const struct plan *plan, const char *requirement)
{
	for (size_t i = 0; i < plan->nscenarios; i++) {
		const struct scenario *s = plan->scenarios[i].scenario;
		for (size_t k = 0; k < s->nsteps && !plan->scenarios[i].skip; k++)
			for (size_t n = 0; n < s->steps[k].nexpects; n++)
				if (strcmp(s->steps[k].expects[n].requirement->id, requirement) == 0)
					return requirement;
	}
	return NULL;
}

static void load_pasted(struct subjects *s, struct sv text, struct subject *base)
{
	struct err e = {0};

	if (jwks_parse_key(s->a, text, &s->keys, &e) == 0) {
		base->keys = &s->keys;
		return;
	}
	base->keys_trouble = arena_printf(s->a, "the registered public key cannot be read: %s", e.text);
	if (jwks_text_is_private(s->a, text))
		base->keys_owner = if_judged(s->plan, "jwks.public-only");
	else if (base->profile == PROFILE_LIVEPERSON) /* the form is LivePerson's own affair */
		base->keys_owner = if_judged(s->plan, "lpkey.format");
}

/* The registered key: pasted, or downloaded during the run. */
static void load_keys(struct subjects *s, const struct evidence *ev, struct subject *base)
{
	struct err e = {0};

	if (ev->run.public_key) {
		load_pasted(s, sv_of(ev->run.public_key), base);
		return;
	}
	const struct exchange *x = evidence_find(ev, PLAN_JWKS);
	if (!x || x->outcome != EXCHANGE_ANSWERED) {
		base->keys_unreachable = true;
		base->keys_trouble = !x           ? "the evidence has no JWKS"
		                     : x->trouble ? arena_printf(s->a, "no JWKS could be had: %s", x->trouble)
		                                  : "no JWKS could be had: there was no answer";
	} else if (x->status != 200) {
		base->keys_trouble =
		        arena_printf(s->a, "the JWKS address answered with status %d, not with keys", x->status);
	} else if (jwks_parse(s->a, jwks_mended(s->a, x->response.body), &s->keys, &e) < 0) {
		base->keys_trouble = arena_printf(s->a, "the JWKS cannot be read: %s", e.text);
		base->keys_owner = if_judged(s->plan, "jwks.well-formed");
	} else {
		base->keys = &s->keys;
	}
}

/*
 * A refusal proves nothing while a good request is refused, too. Gives NULL when the ordinary exchange of the run bought
 * tokens; otherwise why not, and *unknown when that could not be found out.
 */
static const char *unproven(struct subjects *s, bool *unknown)
{
	struct finding f = {0};

	*unknown = true;
	for (size_t i = 0; i < s->plan->n; i++) {
		if (strcmp(s->plan->exchanges[i].key, PLAN_ORDINARY) != 0)
			continue;
		if (s->troubles[i])
			return arena_printf(s->a, "whether a good code is accepted could not be found out: %s",
			                    s->troubles[i]);
		if (subject_granted(&s->v[i], &f))
			return NULL;
		*unknown = f.kind == FINDING_ERROR;
		return *unknown ? f.reason
		                : "a good code is refused, too, so this refusal proves nothing: first mend what "
		                  "valid-code reports";
	}
	return "no exchange with a good code was planned beside this one";
}

/* An authorization request that was like LivePerson's, and came back with what it asked for. */
static bool is_ordinary_login(const struct step *step)
{
	return step && step->kind == STEP_AUTHORIZE && step->authorize.ordinary;
}

static bool brought_something(const struct subject *s)
{
	static const char *const names[] = {"code", "id_token", "token"};
	struct redirect r;

	for (size_t i = 0; s->x && redirect_of(s->x, &r) && i < sizeof names / sizeof *names; i++)
		if (redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, names[i], 0).n > 0)
			return true;
	return false;
}

/* The same for authorization requests. Any that brings a code or a token shows that the login works. */
static const char *unproven_login(struct subjects *s, bool *unknown)
{
	const char *reason = NULL;

	*unknown = true;
	for (size_t i = 0; i < s->plan->n; i++) {
		const struct planned *p = &s->plan->exchanges[i];
		if (strcmp(p->kind, "authorize") != 0)
			continue;
		if (brought_something(&s->v[i]))
			return NULL;
		if (!is_ordinary_login(p->step) || (reason && !*unknown))
			continue;
		*unknown = s->troubles[i] != NULL;
		reason = *unknown ? arena_printf(
		                            s->a,
		                            "whether a good authorization request is served could not be found out: %s",
		                            s->troubles[i])
		                  : "a good authorization request brings nothing back, too, so this refusal proves "
		                    "nothing: first "
		                    "mend what code-response reports";
	}
	return reason ? reason : "no ordinary authorization request was planned beside this one";
}

/* --- places in the run --------------------------------------------------------------------------------------------- */

size_t subjects_members(const struct subjects *s, size_t exchange)
{
	int times = s->plan->exchanges[exchange].times;

	return times > 1 && exchange + (size_t)times <= s->plan->n ? (size_t)times : 1;
}

size_t subjects_steps(const struct planned_scenario *p)
{
	return (size_t)(p->rounds > 1 ? p->rounds : 1) * p->scenario->nsteps;
}

static struct subject **pointers(struct arena *a, struct subject *first, size_t n)
{
	struct subject **v = arena_array(a, n, sizeof *v);

	for (size_t i = 0; i < n; i++)
		v[i] = &first[i];
	return v;
}

static const char *judged_by(const struct step *step, enum match_subject subject)
{
	for (size_t i = 0; step && i < step->nexpects; i++)
		if (!step->expects[i].check && step->expects[i].subject == subject)
			return step->expects[i].requirement->id;
	return NULL;
}

static void set_step(struct subject *s, const struct step *step)
{
	s->step = step;
	s->denied_by = judged_by(step, MATCH_DENIED);
	s->clean_by = judged_by(step, MATCH_CLEAN);
}

/* What is the same whatever scenario is judged. */
static void place(struct subjects *s)
{
	const struct plan *plan = s->plan;
	struct subject **tokens = arena_array(s->a, plan->n, sizeof *tokens);
	size_t ntokens = 0;

	for (size_t i = 0; i < plan->n; i++)
		if (strcmp(plan->exchanges[i].kind, "token") == 0)
			tokens[ntokens++] = &s->v[i];
	for (size_t i = 0; i < plan->n;) {
		size_t members = subjects_members(s, i);
		struct subject **burst = pointers(s->a, &s->v[i], members);
		for (size_t k = 0; k < members; k++, i++) {
			set_step(&s->v[i], plan->exchanges[i].step);
			s->v[i].burst = burst;
			s->v[i].nburst = members;
			s->v[i].siblings = pointers(s->a, &s->v[i], 1);
			s->v[i].nsiblings = 1;
			s->v[i].all = tokens;
			s->v[i].nall = ntokens;
		}
	}
}

void subjects_make(struct arena *a, const struct judge_input *in, enum profile profile, struct subjects *ret)
{
	const struct plan *plan = in->plan;
	struct subject base = {.a = a, .run = &in->evidence->run, .profile = profile};

	*ret = (struct subjects){.a = a, .plan = plan};
	load_keys(ret, in->evidence, &base);
	ret->v = arena_array(a, plan->n, sizeof *ret->v);
	ret->troubles = arena_array(a, plan->n, sizeof *ret->troubles);
	for (size_t i = 0; i < plan->n; i++) {
		ret->v[i] = base;
		ret->troubles[i] = find_evidence(a, in->evidence, &plan->exchanges[i], &ret->v[i].x);
	}
	place(ret);
	bool unknown, login_unknown;
	const char *code = unproven(ret, &unknown), *login = unproven_login(ret, &login_unknown);
	for (size_t i = 0; i < plan->n; i++) {
		/* What other requests are refused for is neither a code nor a login: userinfo is about an access token. */
		bool is_login = strcmp(plan->exchanges[i].kind, "authorize") == 0;
		if (!is_login && strcmp(plan->exchanges[i].kind, "token") != 0)
			continue;
		ret->v[i].unproven = is_login ? login : code;
		ret->v[i].unproven_unknown = is_login ? login_unknown : unknown;
	}
}

void subjects_release(struct subjects *s)
{
	for (size_t i = 0; i < s->plan->n; i++)
		subject_release(&s->v[i]);
	jwks_release(&s->keys);
}

bool subjects_out_of_codes(const struct subjects *s, size_t exchange)
{
	const struct planned *p = &s->plan->exchanges[exchange];

	for (long i = p->round > 1 ? (long)exchange : -1; i >= 0; i = s->plan->exchanges[i].after) {
		const struct exchange *x = s->v[i].x;
		if (x && x->outcome == EXCHANGE_NO_CODE)
			return true;
	}
	return false;
}

/* --- places in a scenario ------------------------------------------------------------------------------------------ */

void subjects_enter(struct subjects *s, const struct planned_scenario *p)
{
	const struct scenario *scenario = p->scenario;
	size_t used = subjects_steps(p), n = 0;
	struct subject **siblings = NULL;

	for (size_t i = 0; i < used; i++) {
		const struct step *step = &scenario->steps[i % scenario->nsteps];
		size_t first = p->exchanges[i], members = subjects_members(s, first);
		for (size_t x = first; x < first + members; x++) {
			set_step(&s->v[x], step);
			if (subjects_out_of_codes(s, x))
				continue;
			siblings = arena_grow(s->a, siblings, n, sizeof *siblings);
			siblings[n++] = &s->v[x];
		}
	}
	for (size_t i = 0; i < used; i++) {
		size_t first = p->exchanges[i], members = subjects_members(s, first);
		for (size_t x = first; x < first + members; x++) {
			s->v[x].siblings = siblings;
			s->v[x].nsiblings = n;
		}
	}
}
