/*
 * One mistake of a brand fails one requirement: the whole suite, in the liveperson profile, against the reference brand with
 * one fault at a time. `prove` runs a control against its own scenario alone; here all the others look on.
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
#include "testing.h"

/* What has to fail and what may warn beside it, blank-separated. All else must not. */
static const struct row {
	const char *faults, *fails, *warns;
} rows[] = {
        /* nothing is wrong */
        {"[]", "", ""},

        /* client authentication */
        {"[\"skip-client-authentication\"]", "req.auth.none", ""},
        {"[\"accept-wrong-secret\"]", "req.auth.wrong-secret", ""},
        {"[\"accept-query-parameters\"]", "req.auth.query-credentials", ""},
        {"[\"basic-not-form-decoded\"]", "", "req.auth.basic-formencoded"},

        /* requests */
        {"[\"accept-get\"]", "req.method.post-only", ""},
        {"[\"default-grant-type\"]", "req.param.missing-required", ""},
        {"[\"accept-last-duplicate\"]", "req.param.duplicate", ""},
        {"[\"crash-on-quote\"]", "req.param.injection", "err.no-internals"},

        /* codes */
        {"[\"accept-any-code\"]", "req.code.unknown", ""},
        {"[\"accept-used-code\"]", "req.code.reuse", ""},
        {"[\"redeem-is-not-atomic\"]", "req.code.concurrent", ""},
        {"[\"keep-token-on-replay\"]", "", "req.code.reuse-revokes"},
        {"[\"accept-other-client\"]", "req.code.other-client", ""},
        {"[\"ignore-code-case\"]", "req.code.exact-match", ""},
        {"[\"short-codes\"]", "req.code.unguessable", ""},
        {"[\"accept-expired-code\"]", "req.code.expired", ""},

        /* redirect_uri and PKCE */
        {"[\"ignore-redirect-uri\"]", "req.redirect-uri.mismatch", ""},
        {"[\"redirect-uri-prefix\"]", "req.redirect-uri.near-miss", ""},
        {"[\"optional-verifier\"]", "req.pkce.missing-verifier", ""},
        {"[\"accept-plain\"]", "req.pkce.plain-downgrade", ""},

        /* consumers and errors */
        {"[\"constant-sub\"]", "idtoken.sub.distinct", ""},
        {"[\"random-sub\"]", "idtoken.sub.stable", ""},
        {"[\"telling-errors\"]", "", "err.no-oracle"},
        {"[{\"error\": {\"status\": 500}}]", "err.never-5xx", ""},
        {"[\"ignore-basic\"]", "token.status-200", ""},
        {"[\"decode-code-twice\"]", "req.code.special-chars", ""},
        {"[\"padded-challenge\"]", "req.pkce.s256-ok", ""},
        {"[\"constant-access-token\"]", "token.access-token.unguessable", ""},
        {"[\"last-user\"]", "idtoken.sub.no-cross-talk", ""},
        {"[\"sequential-codes\"]", "req.code.unguessable", ""},
        /* without a header tried, a warning */
        {"[\"no-www-authenticate\"]", "err.www-authenticate", "err.www-authenticate"},
        {"[\"400-for-bad-client\"]", "", "err.invalid-client-401"},
        {"[{\"error\": {\"header\": {\"remove\": [\"Content-Type\"]}}}]", "err.content-type", ""},
        {"[{\"error\": {\"raw\": \"\"}}]", "err.json-shape", ""},

        /* tokens */
        {"[{\"response\": {\"status\": 201}}]", "token.status-200", ""},
        {"[{\"response\": {\"header\": {\"remove\": [\"Cache-Control\"]}}}]", "token.cache-control", ""},
        {"[{\"sign\": \"other-key\"}]", "jose.signature", ""},
        {"[{\"sign\": \"none\"}]", "jose.alg-not-none", ""},
        {"[{\"id_token\": {\"set\": {\"aud\": \"other-client\"}}}]", "idtoken.aud.contains-client", ""},
        {"[{\"id_token\": {\"remove\": [\"sub\"]}}]", "idtoken.sub.valid", ""},
};

#define ROWS (sizeof rows / sizeof *rows)

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
	for (struct sv rest = sv_of(words), one; sv_cut(&rest, ' ', &one);)
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

static void judged(void *self, size_t index, const struct trial *t)
{
	struct watch *w = self;

	compare(w, t, VERDICT_FAIL, rows[index].fails);
	compare(w, t, VERDICT_WARN, rows[index].warns);
	compare(w, t, VERDICT_ERROR, "");
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
	json_t *faults[ROWS];
	struct trial *trials = arena_array(a, ROWS, sizeof *trials), **v = arena_array(a, ROWS, sizeof(struct trial *));

	load_whole_suite(a, &suite);
	target_load(a, arena_printf(a, "%s/target.yaml", b.state), &d, &base);
	ck_assert_msg(d.errors == 0, "%s", d.n ? d.v[0].text : "");
	diags_release(&d);
	for (size_t i = 0; i < ROWS; i++) {
		faults[i] = json_loads(rows[i].faults, 0, NULL);
		ck_assert_msg(faults[i] != NULL, "not JSON: %s", rows[i].faults);
		trials[i] = (struct trial){
		        .name = rows[i].faults,
		        .faults = faults[i],
		        .profile = PROFILE_LIVEPERSON,
		        .suite = suite,
		};
		v[i] = &trials[i];
	}
	struct watch w = {.suite = &suite, .wrong = {.cap = BUF_OWN}};
	struct engine_options eo = {.jobs = 16};
	struct trials ts = {.v = v, .n = ROWS, .base = &base, .engine = &eo, .judged = judged, .self = &w};
	int status = trials_drive(&ts, &e);
	brand_stop(&b);
	suite_release(&suite);
	for (size_t i = 0; i < ROWS; i++)
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
