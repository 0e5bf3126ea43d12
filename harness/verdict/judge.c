#include "verdict/judge.h"

#include <string.h>

#include "checks/check.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/mask.h"
#include "verdict/decoded.h"
#include "verdict/merge.h"
#include "verdict/show.h"
#include "verdict/subjects.h"

struct judging {
	struct arena *a;
	const struct judge_input *in;
	enum profile profile;
	struct mask *mask;
	struct subjects subjects;
	struct results *r;
};

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

/* What can be said although the exchange has no answer is said by its check: it looks at `outcome` itself. */
static bool judged_unanswered(const struct subject *s, const struct expect *e)
{
	if (!e->check || !s->x || s->x->outcome != EXCHANGE_NO_ANSWER)
		return false;
	/* In clear text no answer is what is hoped for; and of a way through a login there is what came before its end. */
	return s->step->redeem.plain_http || (strcmp(s->x->kind, "authorize") == 0 && s->x->nhops > 0);
}

static void judge_expect(struct judging *j, const struct expect *e, size_t exchange, struct result *r)
{
	const struct requirement *q = e->requirement;
	struct subject *s = &j->subjects.v[exchange];
	bool of_burst = !e->check && e->subject == MATCH_SUCCESSES; /* counts the answers that there are */
	struct finding f = {0};

	r->exchange = s->x ? s->x->id : NULL;
	if (q->level[j->profile] == LEVEL_OFF) {
		set_skip(j, r, off_reason(j, q));
		return;
	}
	if (s->x && s->x->outcome == EXCHANGE_UNSUITED) {
		set_skip(j, r, j->subjects.troubles[exchange]);
		return;
	}
	if (j->subjects.troubles[exchange] && !of_burst && !judged_unanswered(s, e)) {
		set_error(j, r, j->subjects.troubles[exchange]);
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
	r->server_error = f.kind == FINDING_VIOLATED && s->x->status >= 500 && (s->denied_by || s->clean_by) &&
	                  !subject_granted(s, &f);
}

/* --- the run ------------------------------------------------------------------------------------------------------- */

/* As many as sources. */
static const char **links_of(struct judging *j, const char **source)
{
	size_t n = 0;

	while (source && source[n])
		n++;
	if (!n)
		return NULL;
	const char **links = arena_array(j->a, n + 1, sizeof *links);
	for (size_t i = 0; i < n; i++) {
		const char *link = catalogue_link(&j->in->suite->catalogue, j->a, source[i]);
		links[i] = link ? link : "";
	}
	return links;
}

static struct result result_of(struct judging *j, const struct scenario *s, const struct step *step,
                               const struct expect *e)
{
	return (struct result){
	        .suite = s->suite,
	        .scenario = s->id,
	        .scenario_title = s->title,
	        .file = s->at.path,
	        .line = e->at.line,
	        .requirement = e->requirement->id,
	        .title = e->requirement->title,
	        .step = step->name,
	        .level = e->requirement->level[j->profile],
	        .source = e->requirement->source,
	        .links = links_of(j, e->requirement->source),
	        .why = e->requirement->why,
	};
}

/* One exchange of a step. What is said of a burst as a whole is said at its first member. */
static void judge_exchange(struct judging *j, const struct scenario *s, size_t exchange, struct merge *m)
{
	const struct subject *subject = &j->subjects.v[exchange];
	const struct step *step = subject->step;
	int64_t time_ms = subject->x ? subject->x->timing.total_us / 1000 : 0;

	for (size_t k = 0; k < step->nexpects; k++) {
		const struct expect *e = &step->expects[k];
		if (!e->check && e->subject == MATCH_SUCCESSES && subject->burst[0] != subject)
			continue;
		struct result r = result_of(j, s, step, e);
		judge_expect(j, e, exchange, &r);
		r.time_ms = time_ms;
		time_ms = 0;
		merge_add(m, &r);
	}
}

static void skip_scenario(struct judging *j, const struct planned_scenario *p, struct merge *m)
{
	const struct scenario *s = p->scenario;

	for (size_t i = 0; i < s->nsteps; i++) {
		for (size_t k = 0; k < s->steps[i].nexpects; k++) {
			struct result r = result_of(j, s, &s->steps[i], &s->steps[i].expects[k]);
			set_skip(j, &r, p->skip);
			merge_add(m, &r);
		}
	}
}

static void judge_scenario(struct judging *j, const struct planned_scenario *p)
{
	const struct scenario *s = p->scenario;
	struct results *r = j->r;
	struct merge m = {.a = j->a};

	if (p->skip)
		skip_scenario(j, p, &m);
	else
		subjects_enter(&j->subjects, p);
	for (size_t i = 0; !p->skip && i < subjects_steps(p); i++) {
		size_t first = p->exchanges[i], members = subjects_members(&j->subjects, first);
		for (size_t x = first; x < first + members; x++)
			if (!subjects_out_of_codes(&j->subjects, x))
				judge_exchange(j, s, x, &m);
	}
	for (size_t i = 0; i < m.n; i++) {
		r->v = arena_grow(j->a, r->v, r->n, sizeof *r->v);
		r->v[r->n++] = merge_track_result(j->a, &m.tracks[i]);
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

/* An endpoint that has a 5xx for every refusal has one mistake, which plain refusals tell: err.never-5xx. */
static const char *server_error_before(const struct results *r, size_t self)
{
	static const char owner[] = "err.never-5xx";

	for (size_t k = 0; k < r->n && r->v[self].server_error && strcmp(r->v[self].requirement, owner) != 0; k++)
		if (r->v[k].verdict == VERDICT_FAIL && strcmp(r->v[k].requirement, owner) == 0)
			return owner;
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
		if (!cause[i])
			cause[i] = server_error_before(r, i);
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

	*ret = (struct results){.suite_digest = in->suite_digest,
	                        .started_ms = run->started_ms,
	                        .codes_planned = in->plan->codes,
	                        .evidence_sha256 = in->evidence_sha256};
	if (profile_of(sv_of(run->profile), &j.profile) < 0)
		j.profile = PROFILE_LIVEPERSON;
	if (in->mask_claims)
		mask_hide_claims(j.mask);
	mask_add_evidence(j.mask, in->evidence);
	decoded_learn(j.mask, in->evidence);
	ret->tool = say(&j, run->tool);
	ret->target = say(&j, run->target);
	ret->profile = profile_text(j.profile);
	ret->token_endpoint = say(&j, run->token_endpoint);
	ret->issuer = say(&j, run->issuer);

	subjects_make(a, in, j.profile, &j.subjects);
	for (size_t i = 0; i < in->plan->nscenarios; i++)
		judge_scenario(&j, &in->plan->scenarios[i]);
	apply_after(&j);
	show_totals(in->evidence, ret);
	if (!in->verdicts_alone)
		show_exchanges(a, j.mask, in->evidence, ret);
	results_count(ret);
	subjects_release(&j.subjects);
}
