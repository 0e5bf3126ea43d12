#include "core/limits.h"
#include "loading.h"

/* What good/steps/steps.yaml becomes: rounds, bursts, the order of steps, and what all of them share. */

static struct arena *a;
static struct diags d;
static struct suite suite;
static const struct scenario *sc;

static void load(void)
{
	a = arena_new();
	d = (struct diags){0};
	loading_suite(a, loading_path(a, "good/steps/steps.yaml"), &d, &suite);
	ck_assert_str_eq(loading_rendered(a, &d, ""), "");
	ck_assert_uint_eq(suite.n, 1);
	sc = &suite.scenarios[0];
	ck_assert_int_eq(sc->rounds, 5);
	ck_assert_uint_eq(sc->nsteps, 6);
}

static void unload(void)
{
	suite_release(&suite);
	diags_release(&d);
	arena_free(a);
}

START_TEST(names_and_order)
{
	static const struct {
		const char *name, *spec;
		bool follows;
		int64_t wait_ms;
	} rows[] = {
	        {"burst", "{\"at\":\"once\",\"times\":8}", false, 0},
	        {"again", "{\"code\":\"{used|swapcase|cut:1}\"}", true, 0},
	        {NULL, "{\"client\":\"encoded\",\"consumer\":\"second\",\"pkce\":\"S256\",\"verifier_length\":128}",
	         false, 0},
	        {NULL, NULL, true, 0},
	        {NULL, "{\"userinfo\":{\"access_token\":\"{token}\"}}", true, 0},
	        {"challenge", NULL, false, 0},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ck_assert_pstr_eq(sc->steps[i].name, rows[i].name);
		ck_assert_msg(sc->steps[i].follows == rows[i].follows, "step %zu: %d", i, sc->steps[i].follows);
		ck_assert_int_eq(sc->steps[i].wait_ms, rows[i].wait_ms);
		if (rows[i].spec)
			ck_assert_str_eq(sc->steps[i].spec, rows[i].spec);
		ck_assert(!sc->steps[i].redeem.ordinary);
	}
}
END_TEST

START_TEST(what_is_sent)
{
	const struct redeem *burst = &sc->steps[0].redeem, *other = &sc->steps[2].redeem, *r = &sc->steps[3].redeem;

	ck_assert_int_eq(burst->times, 8);
	ck_assert_int_eq(burst->code, CODE_VALID);
	ck_assert_int_eq(burst->pkce, SEND_PKCE_TARGET);
	ck_assert(!burst->second_consumer && !burst->encoded_client && !burst->verifier_length);
	ck_assert(other->second_consumer && other->encoded_client && !other->times);
	ck_assert_int_eq(other->pkce, SEND_PKCE_S256);
	ck_assert_int_eq(other->verifier_length, 128);
	ck_assert_int_eq(r->pkce, SEND_PKCE_NONE);
	ck_assert_str_eq(r->client_secret, "{second_client_secret|change-last}");
	ck_assert_uint_eq(r->header_add.n, 3);
	ck_assert_str_eq(r->header_add.v[0].name, "Authorization");
	ck_assert_str_eq(r->header_add.v[1].name, "Authorization");
	ck_assert_str_eq(r->header_add.v[1].value, "{repeat:a:b:3}");
	ck_assert_str_eq(r->header_add.v[2].value, "{{");
	ck_assert_int_eq(sc->steps[3].kind, STEP_REDEEM);
	ck_assert_str_eq(sc->steps[4].userinfo.access_token, "{token}");
}
END_TEST

/* Own judgements first, then the scenario's, wherever `expect` stands in the file; the step's own `error` wins. */
START_TEST(what_all_steps_share)
{
	static const size_t own[] = {1, 2, 0, 0, 2, 0};

	for (size_t i = 0; i < sc->nsteps; i++) {
		const struct step *step = &sc->steps[i];
		const struct expect *common = step->expects + own[i];
		ck_assert_uint_eq(step->nexpects, own[i] + 2);
		ck_assert(common[0].check);
		ck_assert_str_eq(common[0].requirement->id, "token.status-200");
		ck_assert_int_eq(common[1].subject, MATCH_STATUS);
		ck_assert_int_eq(common[1].tests[0].op, OP_MIN);
		ck_assert_int_eq(json_integer_value(common[1].tests[0].operand), 400);
		ck_assert_str_eq(step->errors[0], "invalid_grant");
		ck_assert_pstr_eq(step->errors[1], i ? NULL : "invalid_request");
	}
	ck_assert_ptr_null(sc->steps[0].errors[2]);
	ck_assert_int_eq(sc->steps[0].expects[0].subject, MATCH_SUCCESSES);
	ck_assert_int_eq(sc->steps[0].expects[0].tests[0].op, OP_MAX);
	ck_assert_int_eq(sc->steps[1].expects[1].subject, MATCH_CLEAN);
	ck_assert_uint_eq(sc->steps[1].expects[1].ntests, 0);
	ck_assert_ptr_eq(sc->steps[4].expects[0].requirement, sc->steps[4].expects[1].requirement);
}
END_TEST

START_TEST(nothing_said)
{
	struct diags none = {0};
	struct suite small;

	loading_suite(a, loading_path(a, "good/input.yaml"), &none, &small);
	ck_assert_int_eq(small.scenarios[0].rounds, 1);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_ptr_null(small.scenarios[0].steps[i].errors);
		ck_assert_ptr_null(small.scenarios[0].steps[i].name);
		ck_assert(small.scenarios[0].steps[i].follows == (i == 1));
	}
	suite_release(&small);
	diags_release(&none);
}
END_TEST

/* As many steps as there can be, and one more. */
START_TEST(many_steps)
{
	char *folder = testing_folder(a), *path = arena_printf(a, "%s/many.yaml", folder);
	const char *text = "scenario: many\ntitle: A\nwhy: B\nexpect: [{check: token.status-200}]\nsteps:\n";
	struct diags said = {0};
	struct suite many;

	for (int i = 0; i < LIMIT_STEPS; i++)
		text = arena_printf(a, "%s  - {redeem: {code: unknown}}\n", text);
	testing_write(path, sv_of(text));
	loading_suite(a, path, &said, &many);
	ck_assert_str_eq(loading_rendered(a, &said, ""), "");
	ck_assert_uint_eq(many.scenarios[0].nsteps, LIMIT_STEPS);
	suite_release(&many);
	testing_write(path, sv_of(arena_printf(a, "%s  - {redeem: {}}\n", text)));
	loading_suite(a, path, &said, &many);
	assert_contains(loading_rendered(a, &said, ""), "'steps' must be 1 to 64 steps, not 65");
	suite_release(&many);
	diags_release(&said);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("steps");
	TCase *good = tcase_create("good");

	tcase_add_checked_fixture(good, load, unload);
	tcase_add_test(good, names_and_order);
	tcase_add_test(good, what_is_sent);
	tcase_add_test(good, what_all_steps_share);
	tcase_add_test(good, nothing_said);
	tcase_add_test(good, many_steps);
	suite_add_tcase(s, good);
	return testing_run(s);
}
