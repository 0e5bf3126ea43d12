/*
 * One mistake of a brand fails one requirement: the whole suite against the reference brand with one fault at a time.
 * `prove` runs a control against its own scenario alone; here all the others look on.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "checks/check.h"
#include "commands/ran.h"
#include "commands/trial.h"
#include "core/buf.h"
#include "core/text.h"
#include "endpoint/faults.h"
#include "isolation.h"
#include "testing.h"

static void load_whole_suite(struct arena *a, struct suite *ret)
{
	const char *paths[] = {ran_file(a, "suites"), NULL};
	const char **ids = arena_array(a, checks_count + 1, sizeof *ids);
	struct diags d = {0};

	for (size_t i = 0; i < checks_count; i++)
		ids[i] = checks[i].id;
	struct suite_options so = {.catalogue = ran_file(a, "suites/requirements.yaml"),
	                           .paths = paths,
	                           .checks = ids,
	                           .fault_problem = fault_problem};
	suite_load(a, &so, &d, ret);
	ck_assert_msg(d.errors == 0, "%s", d.n ? d.v[0].text : "");
	diags_release(&d);
}

static bool has_word(const char *words, const char *word)
{
	for (struct sv rest = sv_of(words ? words : ""), one; sv_cut(&rest, ' ', &one);)
		if (one.n && sv_eq(one, sv_of(word)))
			return true;
	return false;
}

struct watch {
	const struct suite *suite;
	struct buf wrong; /* everything that is not as the table says: one run shows all */
};

static const struct result *first(const struct results *r, const char *requirement, enum verdict v)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].verdict == v && strcmp(r->v[i].requirement, requirement) == 0)
			return &r->v[i];
	return NULL;
}

/* The requirements with this verdict must be those in `words`. */
static void compare(struct watch *w, const struct trial *t, enum verdict v, const char *words)
{
	const struct catalogue *c = &w->suite->catalogue;

	for (size_t i = 0; i < c->n; i++) {
		const struct result *r = first(&t->results, c->v[i].id, v);
		if ((r != NULL) == has_word(words, c->v[i].id))
			continue;
		buf_addf(&w->wrong, "%s: '%s' should %s%s%s%s%s%s\n", t->name, c->v[i].id, r ? "not " : "",
		         verdict_text(v), r ? ", but does in scenario " : "", r ? r->scenario : "",
		         r && r->step ? "/" : "", r && r->step ? r->step : "");
		if (r)
			buf_addf(&w->wrong, "    %s\n", r->reason ? r->reason : r->observed);
	}
}

/* What was not asked is not known, and that has to be said. */
static void compare_unasked(struct watch *w, const struct trial *t)
{
	for (size_t i = 0; i < t->results.n; i++) {
		const struct result *r = &t->results.v[i];
		bool said = r->verdict == VERDICT_PASS || r->verdict == VERDICT_INFO;
		if (said && strncmp(r->requirement, "tls.", 4) != 0 && strncmp(r->scenario, "handed-over", 11) != 0)
			buf_addf(&w->wrong, "%s: '%s' is %s in scenario %s, and nothing was asked\n", t->name,
			         r->requirement, verdict_text(r->verdict), r->scenario);
	}
}

static void judged(void *self, size_t index, const struct trial *t)
{
	const struct isolated *row = &isolated[index];
	struct watch *w = self;

	compare(w, t, VERDICT_FAIL, row->fails);
	compare(w, t, VERDICT_WARN, row->warns);
	if (row->rest == REST_JUDGED)
		compare(w, t, VERDICT_ERROR, "");
	if (row->rest == REST_UNASKED)
		compare_unasked(w, t);
	if (row->fails && results_exit(&t->results) != 1)
		buf_addf(&w->wrong, "%s: exit status %d, not 1\n", t->name, results_exit(&t->results));
	for (size_t i = 0; i < t->results.n; i++) {
		const struct result *r = &t->results.v[i];
		if ((r->verdict == VERDICT_ERROR || r->verdict == VERDICT_SKIP) && !(r->reason && *r->reason))
			buf_addf(&w->wrong, "%s: '%s' is %s in scenario %s without a reason\n", t->name, r->requirement,
			         verdict_text(r->verdict), r->scenario);
	}
	if (t->run.codes_spent > t->plan.codes || (index == 0 && t->run.codes_spent != t->plan.codes))
		buf_addf(&w->wrong, "%s: %d codes spent, %d planned\n", t->name, t->run.codes_spent, t->plan.codes);
	if (t->results.codes != t->run.codes_spent)
		buf_addf(&w->wrong, "%s: %d codes spent, the results say %d\n", t->name, t->run.codes_spent,
		         t->results.codes);
}

START_TEST(one_mistake_fails_one_requirement)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	struct target base;
	struct diags d = {0};
	struct suite suite;
	struct err e = {0};
	json_t **faults = arena_array(a, nisolated, sizeof *faults);
	struct trial *trials = arena_array(a, nisolated, sizeof *trials),
	             **v = arena_array(a, nisolated, sizeof(struct trial *));

	load_whole_suite(a, &suite);
	target_load(a, arena_printf(a, "%s/target.yaml", b.state), &d, &base);
	ck_assert_msg(d.errors == 0, "%s", d.n ? d.v[0].text : "");
	diags_release(&d);
	for (size_t i = 0; i < nisolated; i++) {
		faults[i] = json_loads(isolated[i].faults, 0, NULL);
		ck_assert_msg(faults[i] != NULL, "not JSON: %s", isolated[i].faults);
		trials[i] = (struct trial){
		        .name = isolated[i].faults,
		        .faults = faults[i],
		        .profile = isolated[i].profile,
		        .suite = suite,
		};
		v[i] = &trials[i];
	}
	struct watch w = {.suite = &suite, .wrong = {.cap = BUF_OWN}};
	struct engine_options eo = {.jobs = 16};
	struct trials ts = {.v = v, .n = nisolated, .base = &base, .engine = &eo, .judged = judged, .self = &w};
	int status = trials_drive(&ts, &e);
	brand_stop(&b);
	suite_release(&suite);
	for (size_t i = 0; i < nisolated; i++)
		json_decref(faults[i]);
	ck_assert_msg(status == 0, "%s", e.text);
	/* Check bounds the length of its own messages. */
	fputs(w.wrong.n ? w.wrong.p : "", stdout);
	fflush(stdout);
	ck_assert_msg(w.wrong.n == 0, "not as the table says: see above");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: isolation");
	TCase *t = tcase_create("all");

	/* whole runs: a bound against hanging, not a measure */
	tcase_set_timeout(t, 900);
	tcase_add_test(t, one_mistake_fails_one_requirement);
	suite_add_tcase(s, t);
	return testing_run(s);
}
