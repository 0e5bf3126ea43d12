/* What `prove` makes of the results of its trials, and how it writes that down; nothing is run here. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/markdown.h"
#include "commands/proof.h"
#include "commands/ran.h"
#include "testing.h"

enum { SUB, AUD, STATUS, LEFT, REQUIREMENTS };

static void *copied(struct arena *a, const void *from, size_t size)
{
	return memcpy(arena_alloc(a, size), from, size);
}

/* No faults: an array that lives as long as the program. */
static json_t *no_faults(void)
{
	static json_t *none;

	if (!none)
		none = json_array();
	return none;
}

/* A suite of one scenario that judges the first three of four requirements, with one control for each kind. */
static struct suite *sample_suite(struct arena *a)
{
	static const char *sub[] = {"idtoken.sub.valid", NULL}, *aud[] = {"idtoken.aud.present", NULL};
	const struct requirement requirements[REQUIREMENTS] = {
	        [SUB] = {.id = "idtoken.sub.valid", .title = "sub | is *there*.", .level = {3, 3, 3}},
	        [AUD] = {.id = "idtoken.aud.present", .title = "aud is there.", .level = {2, 3, 3}},
	        [STATUS] = {.id = "token.status-200", .title = "The status is 200.", .level = {3, 3, 3}},
	        [LEFT] = {.id = "token.scope", .title = "scope is a string.", .level = {3, 3, 3}},
	};
	struct requirement *catalogue = copied(a, requirements, sizeof requirements);
	const struct expect expects[] = {{.requirement = &catalogue[SUB]},
	                                 {.requirement = &catalogue[AUD]},
	                                 {.requirement = &catalogue[STATUS]}};
	const struct step step = {.expects = copied(a, expects, sizeof expects), .nexpects = 3};
	const struct control controls[] = {
	        {.name = "no-sub", .faults = no_faults(), .catches = sub, .at = {.path = "lone.yaml", .line = 11}},
	        {.name = "no-aud", .faults = no_faults(), .warns = aud, .at = {.path = "lone.yaml", .line = 12}},
	        {.name = "another-order",
	         .faults = no_faults(),
	         .permit = true,
	         .at = {.path = "lone.yaml", .line = 13}},
	};
	const struct scenario scenario = {.suite = "token-endpoint",
	                                  .id = "lone",
	                                  .title = "A lone scenario",
	                                  .rounds = 1,
	                                  .steps = copied(a, &step, sizeof step),
	                                  .nsteps = 1,
	                                  .controls = copied(a, controls, sizeof controls),
	                                  .ncontrols = 3,
	                                  .at = {.path = "lone.yaml", .line = 1}};
	struct suite *s = arena_alloc(a, sizeof *s);

	*s = (struct suite){.catalogue = {.v = catalogue, .n = REQUIREMENTS},
	                    .scenarios = copied(a, &scenario, sizeof scenario),
	                    .n = 1};
	return s;
}

/* Indices of the trials: three healthy ones, then the controls. */
enum { HEALTHY, STRICT, GOOGLE, NO_SUB, NO_AUD, ANOTHER_ORDER, TRIALS };

/* Verdicts of the three judged requirements as a good run of this trial gives them. */
static const enum verdict good[TRIALS][3] = {
        [NO_SUB] = {VERDICT_FAIL, VERDICT_PASS, VERDICT_PASS},
        [NO_AUD] = {VERDICT_PASS, VERDICT_WARN, VERDICT_PASS},
};

struct feed {
	const enum verdict *verdicts;
	size_t n;
	const char *skip;
	int codes, spent;
};

static void feed(struct arena *a, struct proof *p, size_t index, struct feed f)
{
	struct planned_scenario scenario = {.scenario = p->suite->scenarios, .skip = f.skip, .rounds = 1};
	struct trial t = p->v[index].trial;

	t.plan = (struct plan){.scenarios = &scenario, .nscenarios = 1, .codes = f.codes};
	t.run.codes_spent = f.spent;
	t.results.v = arena_array(a, f.n, sizeof *t.results.v);
	t.results.n = f.n;
	for (size_t i = 0; i < f.n; i++)
		t.results.v[i] = (struct result){.scenario = "lone",
		                                 .file = "lone.yaml",
		                                 .line = 7,
		                                 .requirement = p->suite->catalogue.v[i].id,
		                                 .verdict = f.verdicts[i],
		                                 .observed = "what | came"};
	proof_judged(p, index, &t);
}

/* A proof in which everything went well but for trial `other`, which got *instead. */
static struct proof sample_proof(struct arena *a, size_t other, const struct feed *instead)
{
	struct proof p = proof_make(a, sample_suite(a));

	ck_assert_uint_eq(p.n, TRIALS);
	p.suite_digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	for (size_t i = 0; i < TRIALS; i++)
		feed(a, &p, i,
		     i == other ? *instead : (struct feed){.verdicts = good[i], .n = 3, .codes = 1, .spent = 1});
	return p;
}

START_TEST(what_is_left_out_of_the_suite_is_no_proof)
{
	static const struct {
		bool selected, foreign, proven;
	} rows[] = {{false, false, false}, {true, false, true}, {false, true, false}, {true, true, true}};
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, TRIALS, NULL);

	p.selected = rows[_i].selected;
	p.foreign = rows[_i].foreign;
	struct proof_totals t = proof_totals(&p);
	/* token.status-200 is judged, and nothing makes it fail; token.scope is not judged at all. */
	ck_assert_uint_eq(t.proven, 2);
	ck_assert_uint_eq(t.unproven, 1);
	ck_assert_uint_eq(t.not_judged, 1);
	ck_assert_int_eq(proof_state(&p, STATUS), PROOF_UNPROVEN);
	ck_assert_int_eq(proof_state(&p, LEFT), PROOF_NOT_JUDGED);
	ck_assert_uint_eq(t.healthy_good + t.breaks_good + t.permits_good, TRIALS);
	ck_assert_int_eq(t.proven_all, rows[_i].proven);
}
END_TEST

START_TEST(a_requirement_that_nothing_judges_fails_the_whole_suite)
{
	arena_auto *a = arena_new();
	struct suite s;
	struct proof p = sample_proof(a, TRIALS, NULL);

	/* Without the one that is judged and never fails, one is left that is not judged at all. */
	s = *p.suite;
	s.scenarios->steps->nexpects = STATUS;
	memmove(&s.catalogue.v[STATUS], &s.catalogue.v[LEFT], sizeof *s.catalogue.v);
	s.catalogue.n = LEFT;
	p.suite = &s;
	ck_assert_uint_eq(proof_totals(&p).not_judged, 1);
	ck_assert_uint_eq(proof_totals(&p).unproven, 0);
	ck_assert(!proof_totals(&p).proven_all);
	s.catalogue.n = STATUS;
	ck_assert(proof_totals(&p).proven_all);
}
END_TEST

START_TEST(a_trial_that_is_not_as_named_is_a_surprise)
{
	static const enum verdict sub_fails[] = {VERDICT_FAIL, VERDICT_PASS, VERDICT_PASS},
	                          status_too[] = {VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL},
	                          idle[] = {VERDICT_PASS, VERDICT_PASS, VERDICT_PASS},
	                          skipped[] = {VERDICT_SKIP, VERDICT_SKIP, VERDICT_SKIP},
	                          aud_fails[] = {VERDICT_PASS, VERDICT_FAIL, VERDICT_PASS},
	                          aud_info[] = {VERDICT_PASS, VERDICT_INFO, VERDICT_PASS},
	                          no_verdict[] = {VERDICT_PASS, VERDICT_PASS, VERDICT_ERROR};
	static const struct {
		size_t trial;
		struct feed feed;
		const char *says; /* NULL: it is as it should be */
	} rows[] = {
	        {NO_SUB, {sub_fails, 3, NULL, 0, 0}, NULL},
	        {NO_SUB, {status_too, 3, NULL, 0, 0}, "should not fail or warn, but the verdict is fail: what | came"},
	        {NO_SUB, {idle, 3, NULL, 0, 0}, "should fail, but the verdict is pass"},
	        {NO_SUB, {skipped, 3, NULL, 0, 0}, "should fail, but the verdict is skip"},
	        {NO_SUB, {sub_fails + 1, 0, NULL, 0, 0}, "is named, but the scenario gave no result for it"},
	        {NO_SUB, {skipped, 0, "it needs x", 0, 0}, "judged nothing, the scenario was skipped: it needs x"},
	        {NO_SUB, {sub_fails, 3, NULL, 2, 3}, "spent 3 codes where the plan says 2"},
	        {NO_SUB, {sub_fails, 3, NULL, 3, 2}, NULL},
	        {NO_AUD, {aud_fails, 3, NULL, 0, 0}, "should warn, but the verdict is fail"},
	        {ANOTHER_ORDER, {aud_info, 3, NULL, 0, 0}, NULL},
	        {ANOTHER_ORDER, {skipped, 3, NULL, 0, 0}, NULL},
	        {ANOTHER_ORDER, {skipped, 3, "it needs x", 0, 0}, "judged nothing"},
	        {ANOTHER_ORDER, {aud_fails, 3, NULL, 0, 0}, "should not fail or warn, but the verdict is fail"},
	        {ANOTHER_ORDER, {no_verdict, 3, NULL, 0, 0}, "should not fail or warn, but the verdict is error"},
	        {STRICT, {aud_fails, 3, NULL, 0, 0}, "should not fail or warn, but the verdict is fail"},
	        {STRICT, {skipped, 3, "it needs x", 0, 0}, NULL},
	};
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, rows[_i].trial, &rows[_i].feed);
	const struct proof_row *row = &p.v[rows[_i].trial];

	p.selected = true;
	ck_assert_uint_eq(row->nsurprises, rows[_i].says ? 1 : 0);
	ck_assert_int_eq(proof_totals(&p).proven_all, rows[_i].says == NULL);
	if (!rows[_i].says)
		return;
	assert_contains(row->surprises[0].text, rows[_i].says);
	ck_assert_str_eq(row->surprises[0].path ? row->surprises[0].path : "lone.yaml", "lone.yaml");
	if (row->control)
		ck_assert_uint_eq(row->surprises[0].line, row->control->at.line);
	/* What does more than it names, or less, proves nothing. */
	for (size_t i = 0; i < REQUIREMENTS; i++)
		ck_assert(!proof_proves(&p, row, i) && !proof_permits(row, i));
}
END_TEST

static const char *json_text(struct arena *a, const struct proof *p)
{
	struct buf out = {.cap = BUF_OWN};

	proof_json(p, &out);
	const char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

/* Exit status of the validator. */
static int validated(struct arena *a, const char *json)
{
	const char *file = arena_printf(a, "%s/proof.json", testing_folder(a));

	testing_write(file, sv_of(json));
	return RAN(a, ".", "node", ran_file(a, "harness/tests/report/validate.mjs"),
	           ran_file(a, "suites/schema/proof.json"), file)
	        .status;
}

START_TEST(the_schema_fits)
{
	static const enum verdict all[][3] = {{VERDICT_FAIL, VERDICT_ERROR, VERDICT_INFO},
	                                      {VERDICT_SKIP, VERDICT_WARN, VERDICT_FAIL}};
	static const struct feed feeds[] = {{all[0], 3, NULL, 0, 9}, {all[1], 3, "it needs x", 0, 0}};
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, (size_t)_i % TRIALS, &feeds[_i / TRIALS]);

	ck_assert_int_eq(validated(a, json_text(a, &p)), 0);
}
END_TEST

/* The schema must be able to refuse. */
START_TEST(the_schema_refuses)
{
	static const struct {
		const char *have, *instead;
	} rows[] = {
	        {"\"version\": 1", "\"version\": 2"},
	        {"\"state\": \"proven\"", "\"state\": \"yes\""},
	        {"\"unproven\": 1", "\"unproven\": -1"},
	        {"\"kind\": \"permit\"", "\"kind\": \"allow\""},
	        {"\"selected\": false", "\"selected\": false, \"more\": 1"},
	        {"\"proven\": false", "\"proven\": 0"},
	        {"\"skipped\": [],", ""},
	        {"\"0123456789ab", "\"0123456789xy"},
	};
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, TRIALS, NULL);
	const char *text = json_text(a, &p), *at = strstr(text, rows[_i].have);

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(validated(a, arena_printf(a, "%.*s%s%s", (int)(at - text), text, rows[_i].instead,
	                                           at + strlen(rows[_i].have))),
	                 1);
}
END_TEST

START_TEST(everything_is_in_the_json)
{
	static const char requirement[] =
	        "{\"id\":\"idtoken.aud.present\",\"title\":\"aud is there.\","
	        "\"levels\":{\"liveperson\":\"should\",\"strict\":\"must\",\"google\":\"must\"},\"state\":\"proven\","
	        "\"scenarios\":[\"lone\"],\"proven_by\":[\"lone/no-aud\"],\"permitted\":[\"lone/another-order\"]}";
	static const char trial[] =
	        "{\"name\":\"lone/no-sub\",\"kind\":\"break\",\"scenario\":\"lone\",\"profile\":\"liveperson\","
	        "\"faults\":[],\"catches\":[\"idtoken.sub.valid\"],\"warns\":[],\"as_named\":true,"
	        "\"verdicts\":{\"pass\":2,\"info\":[],\"warn\":[],\"fail\":[\"idtoken.sub.valid\"],\"skip\":0,"
	        "\"error\":[]},\"skipped\":[],\"surprises\":[]}";
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, TRIALS, NULL);
	const char *text = json_text(a, &p);
	json_auto_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	char *have[] = {
	        json_dumps(json_array_get(json_object_get(root, "requirements"), AUD), JSON_COMPACT),
	        json_dumps(json_array_get(json_object_get(root, "trials"), NO_SUB), JSON_COMPACT),
	};

	ck_assert_str_eq(have[0], requirement);
	ck_assert_str_eq(have[1], trial);
	free(have[0]);
	free(have[1]);
}
END_TEST

START_TEST(a_surprise_is_in_the_json)
{
	static const enum verdict idle[] = {VERDICT_PASS, VERDICT_PASS, VERDICT_PASS};
	static const struct feed nothing = {idle, 3, NULL, 0, 0};
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, NO_SUB, &nothing);
	json_auto_t *root = json_loads(json_text(a, &p), JSON_REJECT_DUPLICATES, NULL);
	const json_t *trial = json_array_get(json_object_get(root, "trials"), NO_SUB);
	const json_t *surprise = json_array_get(json_object_get(trial, "surprises"), 0);

	ck_assert(json_is_false(json_object_get(trial, "as_named")));
	ck_assert_str_eq(json_string_value(json_object_get(surprise, "requirement")), "idtoken.sub.valid");
	assert_contains(json_string_value(json_object_get(surprise, "text")), "should fail, but the verdict is pass");
}
END_TEST

START_TEST(the_page_reads)
{
	static const enum verdict status_too[] = {VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL};
	static const struct feed more = {status_too, 3, NULL, 0, 0};
	static const char *const says[] = {
	        "**Not proven.**",
	        "| lone/no-sub | `token.status-200` | should not fail or warn, but the verdict is fail: what \\| ",
	        "| `idtoken.aud.present` | should / must / must | lone: no-aud | lone: 1 |",
	        "| `idtoken.sub.valid` | must | **nothing** | lone: 1 |",
	        "### Not judged by any scenario\n\n- `token.scope` scope is a string.",
	        "| **not as named** no-sub | break | liveperson | `[]` | `idtoken.sub.valid`, `token.status-200` |  |",
	        "| no-aud | break | liveperson | `[]` |  | `idtoken.aud.present` |",
	};
	arena_auto *a = arena_new();
	struct proof p = sample_proof(a, NO_SUB, &more);
	struct buf out = {.cap = BUF_OWN};

	proof_markdown(&p, &out);
	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		assert_contains(out.p, says[i]);
	buf_release(&out);
}
END_TEST

START_TEST(markdown_says_what_is_written)
{
	static const struct {
		const char *text, *escaped, *code;
	} rows[] = {
	        {"plain", "plain", "`plain`"},
	        {"a|b", "a\\|b", "`a\\|b`"},
	        {"token_type", "token_type", "`token_type`"},
	        {"_a_ lp__sdes_", "\\_a\\_ lp\\_\\_sdes\\_", "`_a_ lp__sdes_`"},
	        {"*b* <i> [x](y) ~~z~~ &amp; #1", "\\*b\\* \\<i\\> \\[x\\](y) \\~\\~z\\~\\~ \\&amp; \\#1",
	         "`*b* <i> [x](y) ~~z~~ &amp; #1`"},
	        {"a`b", "a\\`b", "`` a`b ``"},
	        {"a``b", "a\\`\\`b", "``` a``b ```"},
	        {"back\\slash", "back\\\\slash", "`back\\slash`"},
	        {"two\nlines", "two\\\\nlines", "`two\\nlines`"},
	};
	arena_auto *a = arena_new();

	ck_assert_str_eq(markdown_text(a, rows[_i].text), rows[_i].escaped);
	ck_assert_str_eq(markdown_code(a, rows[_i].text, 100), rows[_i].code);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: proof");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, what_is_left_out_of_the_suite_is_no_proof, 0, 4);
	tcase_add_test(t, a_requirement_that_nothing_judges_fails_the_whole_suite);
	tcase_add_loop_test(t, a_trial_that_is_not_as_named_is_a_surprise, 0, 16);
	tcase_add_loop_test(t, the_schema_fits, 0, 2 * TRIALS);
	tcase_add_loop_test(t, the_schema_refuses, 0, 8);
	tcase_add_test(t, everything_is_in_the_json);
	tcase_add_test(t, a_surprise_is_in_the_json);
	tcase_add_test(t, the_page_reads);
	tcase_add_loop_test(t, markdown_says_what_is_written, 0, 9);
	suite_add_tcase(s, t);
	return testing_run(s);
}
