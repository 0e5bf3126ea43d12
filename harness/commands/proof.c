#include "commands/proof.h"

#include <stdio.h>
#include <string.h>

static void add_row(struct proof *p, struct proof_row row)
{
	p->v = arena_grow(p->a, p->v, p->n, sizeof *p->v);
	p->v[p->n++] = row;
}

struct proof proof_make(struct arena *a, const struct suite *s)
{
	struct proof p = {.a = a, .suite = s, .suite_digest = ""};

	for (int profile = 0; profile < PROFILE_COUNT; profile++) {
		const char *name = arena_printf(a, "healthy, %s profile", profile_text((enum profile)profile));
		add_row(&p, (struct proof_row){.trial = {.name = name, .profile = (enum profile)profile, .suite = *s}});
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct scenario *scenario = &s->scenarios[i];
		struct suite part = *s;
		part.scenarios = &s->scenarios[i];
		part.n = 1;
		for (size_t k = 0; k < scenario->ncontrols; k++) {
			const struct control *c = &scenario->controls[k];
			const char *name = arena_printf(a, "%s/%s", scenario->id, c->name);
			add_row(&p, (struct proof_row){
			                    .trial = {.name = name,
			                              .faults = c->faults,
			                              .profile = c->profile,
			                              .suite = part},
			                    .scenario = scenario,
			                    .control = c,
			            });
		}
	}
	return p;
}

/* --- what a trial gave ----------------------------------------------------------------------------------------------- */

static bool listed(const char *const *ids, const char *id)
{
	for (; ids && *ids; ids++)
		if (strcmp(*ids, id) == 0)
			return true;
	return false;
}

static enum verdict wanted(const struct control *c, const char *id)
{
	if (c && listed(c->catches, id))
		return VERDICT_FAIL;
	if (c && listed(c->warns, id))
		return VERDICT_WARN;
	return VERDICT_PASS;
}

bool control_names(const struct control *c, const struct requirement *r)
{
	return wanted(c, r->id) != VERDICT_PASS;
}

static void surprise(struct proof *p, struct proof_row *row, struct surprise s)
{
	if (row->control) {
		s.path = row->control->at.path;
		s.line = row->control->at.line;
	}
	s.path = arena_text(p->a, s.path);
	s.scenario = arena_text(p->a, s.scenario);
	row->surprises = arena_grow(p->a, row->surprises, row->nsurprises, sizeof *row->surprises);
	row->surprises[row->nsurprises++] = s;
}

static void compare(struct proof *p, struct proof_row *row, const struct result *r)
{
	enum verdict want = wanted(row->control, r->requirement);
	bool bad = r->verdict == VERDICT_FAIL || r->verdict == VERDICT_WARN || r->verdict == VERDICT_ERROR;
	const char *why = r->reason ? r->reason : r->observed;

	if (r->verdict == want || (want == VERDICT_PASS && !bad))
		return;
	surprise(p, row,
	         (struct surprise){
	                 .scenario = r->scenario,
	                 .requirement = arena_text(p->a, r->requirement),
	                 .path = r->file,
	                 .line = r->line,
	                 .text = arena_printf(p->a, "should %s, but the verdict is %s%s%s%s%s",
	                                      want == VERDICT_PASS ? "not fail or warn" : verdict_text(want),
	                                      verdict_text(r->verdict), r->step ? " at step " : "",
	                                      r->step ? r->step : "", why ? ": " : "", why ? why : ""),
	         });
}

static long place_of(const struct catalogue *c, const char *id)
{
	const struct requirement *r = catalogue_find(c, id);

	return r ? (long)(r - c->v) : -1;
}

/* The worse of the two; any is worse than none. */
static signed char worse(signed char have, enum verdict v)
{
	static const int weight[VERDICT_COUNT] = {[VERDICT_SKIP] = 0, [VERDICT_PASS] = 1,  [VERDICT_INFO] = 2,
	                                          [VERDICT_WARN] = 3, [VERDICT_ERROR] = 4, [VERDICT_FAIL] = 5};

	return have < 0 || weight[v] > weight[have] ? (signed char)v : have;
}

static bool decided(signed char verdict)
{
	return verdict >= 0 && verdict != VERDICT_SKIP && verdict != VERDICT_ERROR;
}

/*
 * A control has to make something happen: its scenario must not be skipped, and what it names must be among the results. (A
 * permitted variation may well leave all of it to be skipped: what one profile asks for is off in another.)
 */
static void look_for_nothing(struct proof *p, struct proof_row *row, const struct trial *t)
{
	const struct catalogue *c = &p->suite->catalogue;
	const char *skip = t->plan.nscenarios ? t->plan.scenarios[0].skip : "it was not planned";

	for (size_t i = 0; i < c->n && !skip; i++)
		if (row->verdicts[i] < 0 && control_names(row->control, &c->v[i]))
			surprise(p, row,
			         (struct surprise){.scenario = row->scenario->id,
			                           .requirement = c->v[i].id,
			                           .text = "is named, but the scenario gave no result for it"});
	if (skip)
		surprise(p, row,
		         (struct surprise){
		                 .scenario = row->scenario->id,
		                 .text = arena_printf(p->a, "judged nothing, the scenario was skipped: %s", skip)});
}

static void keep_skips(struct proof *p, struct proof_row *row, const struct trial *t)
{
	row->skips = arena_array(p->a, t->plan.nscenarios, sizeof *row->skips);
	for (size_t i = 0; i < t->plan.nscenarios; i++)
		row->skips[i] = arena_text(p->a, t->plan.scenarios[i].skip);
}

void proof_judged(void *self, size_t index, const struct trial *t)
{
	struct proof *p = self;
	struct proof_row *row = &p->v[index];

	row->verdicts = arena_array(p->a, p->suite->catalogue.n, sizeof *row->verdicts);
	memset(row->verdicts, -1, p->suite->catalogue.n);
	for (size_t i = 0; i < t->results.n; i++) {
		const struct result *r = &t->results.v[i];
		long at = place_of(&p->suite->catalogue, r->requirement);
		if (at >= 0)
			row->verdicts[at] = worse(row->verdicts[at], r->verdict);
		compare(p, row, r);
	}
	if (t->run.codes_spent > t->plan.codes)
		surprise(p, row,
		         (struct surprise){.text = arena_printf(p->a, "spent %d codes where the plan says %d",
		                                                t->run.codes_spent, t->plan.codes)});
	if (row->control)
		look_for_nothing(p, row, t);
	else
		keep_skips(p, row, t);
}

/* --- what it proves -------------------------------------------------------------------------------------------------- */

bool scenario_judges(const struct scenario *s, const struct requirement *r)
{
	for (size_t k = 0; k < s->nsteps; k++)
		for (size_t e = 0; e < s->steps[k].nexpects; e++)
			if (s->steps[k].expects[e].requirement == r)
				return true;
	return false;
}

static bool judged(const struct suite *s, const struct requirement *r)
{
	for (size_t i = 0; i < s->n; i++)
		if (scenario_judges(&s->scenarios[i], r))
			return true;
	return false;
}

bool proof_proves(const struct proof *p, const struct proof_row *row, size_t i)
{
	return row->control && !row->control->permit && row->nsurprises == 0 &&
	       control_names(row->control, &p->suite->catalogue.v[i]);
}

bool proof_permits(const struct proof_row *row, size_t i)
{
	return row->control && row->control->permit && row->nsurprises == 0 && row->verdicts &&
	       decided(row->verdicts[i]);
}

enum proof_state proof_state(const struct proof *p, size_t i)
{
	if (!judged(p->suite, &p->suite->catalogue.v[i]))
		return PROOF_NOT_JUDGED;
	for (size_t k = 0; k < p->n; k++)
		if (proof_proves(p, &p->v[k], i))
			return PROOF_PROVEN;
	return PROOF_UNPROVEN;
}

struct proof_totals proof_totals(const struct proof *p)
{
	struct proof_totals t = {0};

	for (size_t i = 0; i < p->n; i++) {
		const struct control *c = p->v[i].control;
		bool good = p->v[i].nsurprises == 0;
		t.healthy += !c;
		t.healthy_good += !c && good;
		t.breaks += c && !c->permit;
		t.breaks_good += c && !c->permit && good;
		t.permits += c && c->permit;
		t.permits_good += c && c->permit && good;
	}
	for (size_t i = 0; i < p->suite->catalogue.n; i++) {
		enum proof_state state = proof_state(p, i);
		t.proven += state == PROOF_PROVEN;
		t.unproven += state == PROOF_UNPROVEN;
		t.not_judged += state == PROOF_NOT_JUDGED;
	}
	t.proven_all = t.healthy_good == t.healthy && t.breaks_good == t.breaks && t.permits_good == t.permits &&
	               (p->selected || t.unproven == 0) && (p->selected || p->foreign || t.not_judged == 0);
	return t;
}

/* --- on the terminal ------------------------------------------------------------------------------------------------- */

static void print_surprises(const struct proof_row *row)
{
	for (size_t i = 0; i < row->nsurprises; i++) {
		const struct surprise *s = &row->surprises[i];
		if (s->path)
			printf("%s:%u: ", s->path, s->line);
		printf("%s: %s%s%s%s\n", row->trial.name, s->requirement ? "'" : "",
		       s->requirement ? s->requirement : "", s->requirement ? "' " : "", s->text);
	}
}

static void print_requirement(const struct proof *p, size_t i, bool quiet)
{
	const char *id = p->suite->catalogue.v[i].id, *before = " ";
	enum proof_state state = proof_state(p, i);

	if (state == PROOF_UNPROVEN)
		printf("%-34s UNPROVEN: no control%s makes it fail or warn\n", id,
		       p->selected ? " of the selected scenarios" : "");
	if (state == PROOF_NOT_JUDGED && !p->selected && !p->foreign)
		printf("%-34s NOT JUDGED: no scenario looks at it\n", id);
	if (state != PROOF_PROVEN || quiet)
		return;
	printf("%-34s", id);
	for (size_t k = 0; k < p->n; k++) {
		if (!proof_proves(p, &p->v[k], i))
			continue;
		printf("%s%s", before, p->v[k].trial.name);
		before = ", ";
	}
	printf("\n");
}

void proof_print(const struct proof *p, bool quiet)
{
	struct proof_totals t = proof_totals(p);

	for (size_t i = 0; i < p->n; i++)
		print_surprises(&p->v[i]);
	for (size_t i = 0; i < p->suite->catalogue.n; i++)
		print_requirement(p, i, quiet);
	if (quiet)
		return;
	printf("\nhealthy reference brand: nothing fails or warns in %zu of %zu profiles\n"
	       "faults: %zu of %zu controls fail exactly what they name\n"
	       "permitted variations: %zu of %zu pass\n"
	       "requirements: %zu proven, %zu unproven, %zu not judged\n",
	       t.healthy_good, t.healthy, t.breaks_good, t.breaks, t.permits_good, t.permits, t.proven, t.unproven,
	       t.not_judged);
}
