#include "verdict/judge.h"

#include <string.h>

#include "checks/check.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/mask.h"
#include "verdict/show.h"

struct judging {
	struct arena *a;
	const struct judge_input *in;
	enum profile profile;
	struct mask *mask;
	struct subject *subjects; /* one a planned exchange, x set when there is evidence */
	const char **troubles;    /* one a planned exchange: why it cannot be judged, or NULL */
	struct jwks keys;
	struct results *r;
};

/* --- evidence to subjects ------------------------------------------------------------------------------------------ */

/* Finds what was recorded for a planned exchange; a reason when it cannot be judged. */
static const char *find_evidence(struct judging *j, const struct planned *p, const struct exchange **ret)
{
	const struct exchange *x = evidence_find(j->in->evidence, p->key);

	if (!x)
		return arena_printf(j->a, "the exchange '%s' is not in the evidence", p->key);
	if (strcmp(x->spec, p->spec) != 0)
		return arena_printf(
		        j->a, "the evidence of '%s' was recorded with another version of the scenario: run it again",
		        p->key);
	*ret = x;
	if (x->outcome != EXCHANGE_ANSWERED)
		return x->trouble ? x->trouble : "there was no answer";
	return NULL;
}

static const struct exchange *find_jwks(struct judging *j)
{
	return evidence_find(j->in->evidence, PLAN_JWKS);
}

/* The registered key: pasted, or downloaded during the run. */
static void load_keys(struct judging *j, struct subject *base)
{
	const struct run_facts *run = &j->in->evidence->run;
	struct err e = {0};

	if (run->public_key) {
		if (jwks_parse_key(j->a, sv_of(run->public_key), &j->keys, &e) == 0)
			base->keys = &j->keys;
		else
			base->keys_trouble = arena_printf(j->a, "the registered public key cannot be read: %s", e.text);
		return;
	}
	const struct exchange *x = find_jwks(j);
	if (!x || x->outcome != EXCHANGE_ANSWERED) {
		base->keys_unreachable = true;
		base->keys_trouble = !x           ? "the evidence has no JWKS"
		                     : x->trouble ? arena_printf(j->a, "no JWKS could be had: %s", x->trouble)
		                                  : "no JWKS could be had: there was no answer";
	} else if (x->status != 200) {
		base->keys_trouble =
		        arena_printf(j->a, "the JWKS address answered with status %d, not with keys", x->status);
	} else if (jwks_parse(j->a, x->response.body, &j->keys, &e) < 0) {
		base->keys_trouble = arena_printf(j->a, "the JWKS cannot be read: %s", e.text);
	} else {
		base->keys = &j->keys;
	}
}

/*
 * A refusal proves nothing while a good request is refused, too. Gives NULL when the ordinary exchange of the run bought
 * tokens; otherwise why not, and *unknown when that could not be found out.
 */
static const char *unproven(struct judging *j, bool *unknown)
{
	const struct plan *plan = j->in->plan;
	struct finding f = {0};

	*unknown = true;
	for (size_t i = 0; i < plan->n; i++) {
		if (strcmp(plan->exchanges[i].key, PLAN_ORDINARY) != 0)
			continue;
		if (j->troubles[i])
			return arena_printf(j->a, "whether a good code is accepted could not be found out: %s",
			                    j->troubles[i]);
		if (subject_granted(&j->subjects[i], &f))
			return NULL;
		*unknown = f.kind == FINDING_ERROR;
		return *unknown ? f.reason
		                : "a good code is refused, too, so this refusal proves nothing: first mend what "
		                  "valid-code reports";
	}
	return "no exchange with a good code was planned beside this one";
}

static void make_subjects(struct judging *j)
{
	const struct plan *plan = j->in->plan;
	struct subject base = {.a = j->a, .run = &j->in->evidence->run, .profile = j->profile};

	load_keys(j, &base);
	j->subjects = arena_array(j->a, plan->n, sizeof *j->subjects);
	j->troubles = arena_array(j->a, plan->n, sizeof *j->troubles);
	for (size_t i = 0; i < plan->n; i++) {
		j->subjects[i] = base;
		j->troubles[i] = find_evidence(j, &plan->exchanges[i], &j->subjects[i].x);
	}
	base.unproven = unproven(j, &base.unproven_unknown);
	for (size_t i = 0; i < plan->n; i++) {
		j->subjects[i].unproven = base.unproven;
		j->subjects[i].unproven_unknown = base.unproven_unknown;
	}
}

/* --- findings to results ------------------------------------------------------------------------------------------- */

static enum verdict verdict_of(enum level level)
{
	switch (level) {
	case LEVEL_MUST:
		return VERDICT_FAIL;
	case LEVEL_SHOULD:
		return VERDICT_WARN;
	case LEVEL_MAY:
		return VERDICT_INFO;
	default:
		return VERDICT_SKIP;
	}
}

/* What reaches a reader: masked first, then made visible, then cut. */
static const char *say(struct judging *j, const char *text)
{
	if (!text)
		return NULL;
	return text_excerpt(j->a, mask_sv(j->mask, j->a, sv_of(text)), LIMIT_OBSERVED);
}

static void set_error(struct judging *j, struct result *r, const char *reason)
{
	r->verdict = VERDICT_ERROR;
	r->reason = say(j, reason);
}

static void set_skip(struct judging *j, struct result *r, const char *reason)
{
	r->verdict = VERDICT_SKIP;
	r->reason = say(j, reason);
}

static void set_violated(struct judging *j, struct result *r, const struct requirement *q, const struct finding *f)
{
	const struct requirement_case *c = NULL;

	if (!f->expected || !f->observed) {
		set_error(j, r, "brandcert's own fault: the check failed without saying why");
		return;
	}
	if (f->violates && !(c = requirement_case(q, f->violates))) {
		set_error(j, r,
		          arena_printf(j->a, "brandcert's own fault: the catalogue has no case '%s'", f->violates));
		return;
	}
	r->level = c ? c->level[j->profile] : q->level[j->profile];
	r->verdict = verdict_of(r->level);
	r->expected = say(j, f->expected);
	r->observed = say(j, f->observed);
	r->fix = say(j, f->fix ? f->fix : c && c->fix ? c->fix : q->fix);
	if (r->verdict == VERDICT_SKIP)
		r->reason =
		        arena_printf(j->a, "not judged in the %s profile: %s", profile_text(j->profile), r->observed);
}

static void set_finding(struct judging *j, struct result *r, const struct requirement *q, const struct finding *f)
{
	r->where = say(j, f->where);
	switch (f->kind) {
	case FINDING_PASS:
		r->verdict = VERDICT_PASS;
		r->observed = say(j, f->observed);
		break;
	case FINDING_VIOLATED:
		set_violated(j, r, q, f);
		break;
	case FINDING_SKIP:
		set_skip(j, r, f->reason ? f->reason : "not applicable");
		break;
	case FINDING_ERROR:
		set_error(j, r, f->reason ? f->reason : "could not be judged");
		break;
	case FINDING_NONE:
		set_error(j, r, "brandcert's own fault: the check said nothing");
		break;
	}
}

static const char *off_reason(struct judging *j, const struct requirement *q)
{
	const char *names[PROFILE_COUNT];
	size_t n = 0;

	for (int p = 0; p < PROFILE_COUNT; p++)
		if (q->level[p] != LEVEL_OFF)
			names[n++] = profile_text((enum profile)p);
	return n ? arena_printf(j->a, "judged only in the %s profile%s", text_list(j->a, names, n, "and"),
	                        n > 1 ? "s" : "")
	         : "not judged in any profile";
}

static void judge_expect(struct judging *j, const struct expect *e, size_t exchange, struct result *r)
{
	const struct requirement *q = e->requirement;
	struct subject *s = &j->subjects[exchange];
	struct finding f = {0};

	r->exchange = s->x ? s->x->id : NULL;
	if (q->level[j->profile] == LEVEL_OFF) {
		set_skip(j, r, off_reason(j, q));
		return;
	}
	if (j->troubles[exchange]) {
		set_error(j, r, j->troubles[exchange]);
		return;
	}
	if (e->check) {
		const struct check *c = check_find(q->id);
		if (c)
			c->run(s, &f);
		else
			cannot(s, &f, "brandcert's own fault: there is no check '%s'", q->id);
	} else {
		match(s, e, &f);
	}
	if (f.kind == FINDING_VIOLATED && !f.violates && e->violates)
		f.violates = e->violates;
	set_finding(j, r, q, &f);
}

/* --- the run ------------------------------------------------------------------------------------------------------- */

static struct result *add_result(struct judging *j, const struct scenario *s, const struct expect *e)
{
	struct results *r = j->r;

	r->v = arena_grow(j->a, r->v, r->n, sizeof *r->v);
	r->v[r->n] = (struct result){
	        .suite = s->suite,
	        .scenario = s->id,
	        .scenario_title = s->title,
	        .file = s->at.path,
	        .line = e->at.line,
	        .requirement = e->requirement->id,
	        .title = e->requirement->title,
	        .level = e->requirement->level[j->profile],
	        .source = e->requirement->source,
	};
	return &r->v[r->n++];
}

static void judge_scenario(struct judging *j, const struct planned_scenario *p)
{
	const struct scenario *s = p->scenario;

	for (size_t i = 0; i < s->nsteps; i++) {
		for (size_t k = 0; k < s->steps[i].nexpects; k++) {
			struct result *r = add_result(j, s, &s->steps[i].expects[k]);
			if (p->skip) {
				set_skip(j, r, p->skip);
				continue;
			}
			size_t x = p->exchanges[i];
			judge_expect(j, &s->steps[i].expects[k], x, r);
			if (k == 0 && j->subjects[x].x)
				r->time_ms = j->subjects[x].x->timing.total_us / 1000;
		}
	}
}

/* The first of q's `after` that failed somewhere else in the run, or NULL. */
static const char *failed_before(const struct results *r, const struct requirement *q, size_t self)
{
	for (const char **id = q->after; id && *id; id++)
		for (size_t k = 0; k < r->n; k++)
			if (k != self && r->v[k].verdict == VERDICT_FAIL && strcmp(r->v[k].requirement, *id) == 0)
				return *id;
	return NULL;
}

/* A requirement that names others in `after` says nothing while one of them fails. */
static void apply_after(struct judging *j)
{
	struct results *r = j->r;
	const char **cause = arena_array(j->a, r->n, sizeof *cause);

	/* All causes first: a result that is skipped here must still count as a cause for others. */
	for (size_t i = 0; i < r->n; i++) {
		const struct requirement *q = catalogue_find(&j->in->suite->catalogue, r->v[i].requirement);
		if (q && r->v[i].verdict != VERDICT_SKIP && r->v[i].verdict != VERDICT_ERROR)
			cause[i] = failed_before(r, q, i);
	}
	for (size_t i = 0; i < r->n; i++) {
		if (!cause[i])
			continue;
		r->v[i].expected = r->v[i].observed = r->v[i].fix = r->v[i].where = NULL;
		set_skip(j, &r->v[i], arena_printf(j->a, "not judged while '%s' fails", cause[i]));
	}
}

void judge(struct arena *a, const struct judge_input *in, struct results *ret)
{
	struct judging j = {.a = a, .in = in, .mask = mask_new(a), .r = ret};
	const struct run_facts *run = &in->evidence->run;

	*ret = (struct results){.suite_digest = in->suite_digest, .started_ms = run->started_ms};
	if (profile_of(sv_of(run->profile), &j.profile) < 0)
		j.profile = PROFILE_LIVEPERSON;
	mask_add_evidence(j.mask, in->evidence);
	ret->tool = say(&j, run->tool);
	ret->target = say(&j, run->target);
	ret->profile = profile_text(j.profile);
	ret->token_endpoint = say(&j, run->token_endpoint);
	ret->issuer = say(&j, run->issuer);

	make_subjects(&j);
	for (size_t i = 0; i < in->plan->nscenarios; i++)
		judge_scenario(&j, &in->plan->scenarios[i]);
	apply_after(&j);
	show_exchanges(a, j.mask, in->evidence, ret);
	results_count(ret);

	for (size_t i = 0; i < in->plan->n; i++)
		subject_release(&j.subjects[i]);
	jwks_release(&j.keys);
}
