/* Expected failures and stale entries in JUnit, TAP and on the console: real readers, totals that add up, nothing injected. */
#include <string.h>

#include "sample.h"
#include "tests/testing.h"

static const char hostile[] = "]]> <b> # SKIP \\ \"\x1b[31m\nnot ok 99 - injected\nBail out!";

/* Every failure is accepted; with `stale`, two entries are out of date. */
static struct results *sample(struct arena *a, const char *reason, bool stale)
{
	struct results *r = sample_results(a, SAMPLE_ALL);

	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].verdict == VERDICT_FAIL)
			r->v[i].accepted = reason;
		/* what has nothing to do with it must not decide here */
		if (r->v[i].verdict == VERDICT_ERROR)
			r->v[i].verdict = VERDICT_PASS;
	}
	if (stale) {
		r->stale = arena_array(a, 2, sizeof *r->stale);
		r->stale[0] = (struct stale){"token.pragma", NULL, arena_printf(a, "no longer fails %s", reason)};
		r->stale[1] = (struct stale){"token.scope", "valid-code", "expired on 2026-11-20"};
		r->nstale = 2;
	}
	results_count(r);
	return r;
}

static const char *const reasons[] = {"ACME-12, mended in May", hostile};

static const char *text_at(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

START_TEST(junit_skips_what_is_expected_and_fails_what_is_stale)
{
	for (int stale = 0; stale < 2; stale++) {
		arena_auto *a = arena_new();
		struct results *r = sample(a, reasons[_i], stale);
		char *path = sample_file(a, "junit.xml", sample_report(a, report_junit, r, (struct report_options){0}));
		int status;
		char *said = consumer(a, &status, "xmllint --noout --nonet '%s'", path);
		ck_assert_msg(status == 0, "%s", said);
		json_auto_t *read = consumer_json(a, "/usr/bin/python3 '%s/harness/tests/report/read_junit.py' '%s'",
		                                  testing_root(), path);
		const json_t *totals = json_object_get(read, "totals"), *cases = json_object_get(read, "cases");
		ck_assert(json_equal(totals, json_object_get(read, "added")));
		ck_assert_int_eq(json_integer_value(json_object_get(totals, "failures")), stale ? 2 : 0);
		ck_assert_int_eq(json_integer_value(json_object_get(totals, "skipped")), 3);
		const json_t *result = json_array_get(json_object_get(json_array_get(cases, 1), "results"), 0);
		ck_assert_str_eq(text_at(result, "kind"), "skipped");
		assert_contains(text_at(result, "message"), "expected failure: ");
		if (!stale)
			continue;
		const json_t *last = json_array_get(cases, json_array_size(cases) - 1);
		ck_assert_str_eq(text_at(last, "classname"), "expected failures");
		ck_assert_str_eq(text_at(last, "name"), "token.scope valid-code");
		result = json_array_get(json_object_get(last, "results"), 0);
		ck_assert_str_eq(text_at(result, "kind"), "failure");
		ck_assert_str_eq(text_at(result, "message"), "token.scope in valid-code: expired on 2026-11-20");
	}
}
END_TEST

START_TEST(tap_marks_them_as_todo)
{
	for (int stale = 0; stale < 2; stale++) {
		for (int version = 13; version <= 14; version++) {
			arena_auto *a = arena_new();
			struct results *r = sample(a, reasons[_i], stale);
			char *text = sample_report(a, report_tap, r, (struct report_options){.tap_version = version});
			char *path = sample_file(a, "results.tap", text);
			json_auto_t *read = consumer_json(a, "node '%s/harness/tests/report/read_tap.mjs' '%s' %d",
			                                  testing_root(), path, version);
			assert_contains(text, " # TODO ");
			ck_assert_msg(json_is_true(json_object_get(read, "ok")) == !stale, "%s", text);
			int status;
			if (version == 14)
				continue;
			char *said = consumer(a, &status, "prove --verbose --exec cat '%s'", path);
			assert_lacks(said, "Parse errors");
			ck_assert_int_eq(status, stale);
			if (stale)
				assert_contains(said, "Failed 2/13 subtests");
		}
	}
}
END_TEST

START_TEST(the_console_has_a_heading_for_them)
{
	arena_auto *a = arena_new();
	struct results *r = sample(a, reasons[0], false);
	char *text = sample_report(a, report_console, r, (struct report_options){0});

	assert_lacks(text, "\nFAIL ");
	assert_contains(text, "Expected failures (they do not fail the run):\n"
	                      "  idtoken.sub.valid in missing-sub, valid-code\n"
	                      "     Reason     ACME-12, mended in May\n"
	                      "     Observed   the number 12\n");
	assert_contains(text, "\nConformant but for 1 expected failure (liveperson profile): ");

	r = sample(a, reasons[0], true);
	text = sample_report(a, report_console, r, (struct report_options){0});
	assert_contains(text, "Out of date in the file of expected failures (this fails the run):\n"
	                      "  token.pragma: no longer fails");
	assert_contains(text, "\nFAILED (liveperson profile): 2 expected failures are out of date; ");

	/* the same requirement, accepted in one scenario only */
	r = sample(a, reasons[0], false);
	r->v[1].accepted = NULL;
	results_count(r);
	text = sample_report(a, report_console, r, (struct report_options){0});
	assert_contains(text, "FAIL idtoken.sub.valid");
	assert_contains(text, "Scenario   missing-sub\n");
	assert_contains(text, "idtoken.sub.valid in valid-code\n");
	assert_contains(text, "\nNOT conformant (liveperson profile): 1 requirement failed");

	text = sample_report(a, report_console, sample(a, hostile, true), (struct report_options){0});
	assert_lacks(text, "\x1b");
	assert_lacks(text, "\nnot ok");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accepted");
	TCase *c = tcase_create("accepted");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, junit_skips_what_is_expected_and_fails_what_is_stale, 0, 2);
	tcase_add_loop_test(c, tap_marks_them_as_todo, 0, 2);
	tcase_add_test(c, the_console_has_a_heading_for_them);
	suite_add_tcase(s, c);
	return testing_run(s);
}
