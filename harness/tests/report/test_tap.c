#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "tests/testing.h"

static char *tap(struct arena *a, enum sample which, int version)
{
	return sample_report(a, report_tap, sample_results(a, which), (struct report_options){.tap_version = version});
}

/* What npm's tap-parser makes of it; strict but for subtests, whose parents carry no YAML. */
static json_t *read_tap(struct arena *a, const char *text, int version)
{
	return consumer_json(a, "node '%s/harness/tests/report/read_tap.mjs' '%s' %d", testing_root(),
	                     sample_file(a, "results.tap", text), version);
}

static long number_at(const json_t *object, const char *name)
{
	return (long)json_integer_value(json_object_get(object, name));
}

static const char *text_at(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* prove is Debian's TAP::Harness. */
static const struct {
	enum sample sample;
	int version, status;
	const char *says;
} proofs[] = {
        {SAMPLE_GOOD, 13, 0, "Result: PASS"},
        {SAMPLE_ALL, 13, 1, "Failed 4/11 subtests"},
        {SAMPLE_HOSTILE, 13, 1, "Failed 4/11 subtests"},
        {SAMPLE_SKIPPED, 13, 0, "Result: PASS"},
        {SAMPLE_EMPTY, 13, 255, "Bailout called.  Further testing stopped:  nothing was judged"},
        {SAMPLE_UNREACHABLE, 13, 255, "Bailout called.  Further testing stopped:  no answer: connection refused"},
};

START_TEST(prove_sees_what_we_mean)
{
	arena_auto *a = arena_new();
	int status;
	char *path = sample_file(a, "results.tap", tap(a, proofs[_i].sample, proofs[_i].version));
	char *said = consumer(a, &status, "prove --verbose --exec cat '%s'", path);

	ck_assert_msg(status == proofs[_i].status, "prove exits with %d, not %d: %s", status, proofs[_i].status, said);
	assert_contains(said, proofs[_i].says);
	assert_lacks(said, "Parse errors");
}
END_TEST

static const struct {
	enum sample sample;
	long ok, pass, fail, skip;
	const char *bailout;
} readings[] = {
        {SAMPLE_ALL, 0, 7, 4, 1, NULL},
        {SAMPLE_GOOD, 1, 6, 0, 1, NULL},
        {SAMPLE_EMPTY, 0, 0, 1, 0, "nothing was judged"},
        {SAMPLE_UNREACHABLE, 0, 1, 2, 1, "no answer: connection refused"},
        {SAMPLE_SKIPPED, 1, 1, 0, 1, NULL},
        {SAMPLE_HOSTILE, 0, 7, 4, 1, NULL},
};

START_TEST(tap_parser_counts_the_same)
{
	arena_auto *a = arena_new();
	json_auto_t *read = read_tap(a, tap(a, readings[_i].sample, 13), 13);

	ck_assert_int_eq(json_is_true(json_object_get(read, "ok")), readings[_i].ok);
	ck_assert_int_eq(number_at(read, "pass"), readings[_i].pass);
	ck_assert_int_eq(number_at(read, "fail"), readings[_i].fail);
	ck_assert_int_eq(number_at(read, "skip"), readings[_i].skip);
	ck_assert_int_eq(number_at(read, "todo"), 0);
	ck_assert_int_eq(number_at(read, "plan"), readings[_i].pass + readings[_i].fail);
	ck_assert_pstr_eq(text_at(read, "bailout"), readings[_i].bailout);
	ck_assert_uint_eq(json_array_size(json_object_get(read, "failures")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(read, "extra")), 0);
}
END_TEST

START_TEST(a_failure_carries_its_diagnosis)
{
	arena_auto *a = arena_new();
	json_auto_t *read = read_tap(a, tap(a, SAMPLE_ALL, 13), 13);
	const json_t *point = json_array_get(json_object_get(read, "points"), 1);
	const json_t *diag = json_object_get(point, "diag"), *at = json_object_get(diag, "at");

	ck_assert(json_is_false(json_object_get(point, "ok")));
	ck_assert_str_eq(text_at(point, "name"), "missing-sub idtoken.sub.valid The response is what it has to be");
	ck_assert_str_eq(text_at(diag, "message"),
	                 "idtoken.sub.valid: expected a string of at most 255 characters, observed the number 12");
	ck_assert_str_eq(text_at(diag, "severity"), "fail");
	ck_assert_str_eq(text_at(diag, "level"), "must");
	ck_assert_str_eq(text_at(diag, "requirement"), "idtoken.sub.valid The response is what it has to be");
	ck_assert_str_eq(text_at(diag, "source"), "RFC 6749 §5.1; OpenID Connect Core §3.1.3.3");
	ck_assert_str_eq(text_at(diag, "expected"), "a string of at most 255 characters");
	ck_assert_str_eq(text_at(diag, "actual"), "the number 12");
	ck_assert_str_eq(text_at(diag, "fix"), "Send sub as a string.");
	ck_assert_str_eq(text_at(diag, "exchange"), "x1, body /id_token");
	ck_assert_str_eq(text_at(diag, "reproduce"), "brandcert run --target FILE --only missing-sub");
	ck_assert_str_eq(text_at(at, "file"), "suites/token-endpoint/scenario.yaml");
	ck_assert_str_eq(text_at(at, "line"), "7");
}
END_TEST

START_TEST(each_verdict_has_its_line)
{
	arena_auto *a = arena_new();
	char *text = tap(a, SAMPLE_ALL, 13);
	json_auto_t *read = read_tap(a, text, 13);
	const json_t *points = json_object_get(read, "points");

	ck_assert(sv_starts(sv_of(text), SV("TAP version 13\n1..11\n")));
	ck_assert(json_is_true(json_object_get(json_array_get(points, 5), "ok")));
	assert_contains(text,
	                "\n# warn: token.cache-control: expected a string of at most 255 characters, observed the "
	                "number 12\n");
	assert_contains(text, "\n# info: token.scope: ");
	ck_assert_str_eq(text_at(json_array_get(points, 7), "skip"), "the target file says nothing of a lifetime");
	const json_t *error = json_object_get(json_array_get(points, 8), "diag");
	ck_assert_str_eq(text_at(error, "severity"), "error");
	ck_assert_str_eq(text_at(error, "reason"), "no answer: connection refused");
	ck_assert(json_is_null(json_object_get(json_array_get(points, 0), "diag")));
	assert_lacks(text, "Bail out!");
}
END_TEST

/* Every description, directive and scalar of the hostile sample comes out of the parser as the text that went in. */
START_TEST(hostile_text_stays_text)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_HOSTILE);
	char *text = sample_report(a, report_tap, r, (struct report_options){0});
	json_auto_t *read = read_tap(a, text, 13);
	const json_t *points = json_object_get(read, "points");

	ck_assert_uint_eq(json_array_size(points), r->n);
	for (size_t i = 0; i < r->n; i++) {
		const json_t *point = json_array_get(points, i);
		bool ok = r->v[i].verdict != VERDICT_FAIL && r->v[i].verdict != VERDICT_ERROR;
		ck_assert_int_eq(json_is_true(json_object_get(point, "ok")), ok);
		ck_assert_int_eq(number_at(point, "id"), (long)i + 1);
		ck_assert(json_is_false(json_object_get(point, "todo")));
		ck_assert_int_eq(json_is_string(json_object_get(point, "skip")), r->v[i].verdict == VERDICT_SKIP);
		ck_assert_int_eq(json_is_object(json_object_get(point, "diag")), !ok);
	}
	assert_lacks(text, "\x1b");
	assert_lacks(text, "\nnot ok 99");
	assert_lacks(text, "\nBail out!");
}
END_TEST

START_TEST(scalars_come_back_as_they_were)
{
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, SAMPLE_ALL);
	static const char observed[] = "\"a\" \\n # x: 'y' \\\\ {b} é 😀 \\x1b ~ yes";

	r->v[1].observed = observed;
	r->v[1].title = "a # SKIP b \\# c \\\\ d # TODO";
	json_auto_t *read = read_tap(a, sample_report(a, report_tap, r, (struct report_options){0}), 13);
	const json_t *point = json_array_get(json_object_get(read, "points"), 1);
	ck_assert_str_eq(text_at(json_object_get(point, "diag"), "actual"), observed);
	ck_assert_str_eq(text_at(point, "name"), "missing-sub idtoken.sub.valid a # SKIP b \\# c \\\\ d # TODO");
	ck_assert(json_is_false(json_object_get(point, "skip")));
}
END_TEST

START_TEST(version_14_has_a_subtest_for_each_scenario)
{
	arena_auto *a = arena_new();
	char *text = tap(a, SAMPLE_ALL, 14);
	json_auto_t *read = read_tap(a, text, 14);
	static const char *const parents[] = {"missing-sub A title of a scenario", "valid-code A title of a scenario",
	                                      "expired-code A title of a scenario", "handshake A title of a scenario"};
	const json_t *points = json_object_get(read, "points"), *x;
	size_t i, children = 0, roots = 0;

	ck_assert(sv_starts(sv_of(text),
	                    SV("TAP version 14\n1..4\n# Subtest: missing-sub A title of a scenario\n    1..2\n")));
	ck_assert_int_eq(number_at(read, "version"), 14);
	ck_assert_int_eq(number_at(read, "plan"), 4);
	ck_assert_int_eq(number_at(read, "fail"), 3);
	ck_assert_uint_eq(json_array_size(json_object_get(read, "failures")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(read, "extra")), 0);
	for (i = 0; i < json_array_size(points); i++) {
		x = json_array_get(points, i);
		if (json_array_size(json_object_get(x, "parents"))) {
			children++;
			if (json_is_false(json_object_get(x, "ok")))
				ck_assert_str_eq(text_at(json_object_get(json_object_get(x, "diag"), "at"), "line"),
				                 "7");
		} else {
			ck_assert_uint_lt(roots, 4);
			ck_assert_str_eq(text_at(x, "name"), parents[roots]);
			ck_assert_int_eq(json_is_true(json_object_get(x, "ok")), roots == 2);
			roots++;
		}
	}
	ck_assert_uint_eq(children, 11);
	ck_assert_uint_eq(roots, 4);
}
END_TEST

START_TEST(version_14_is_readable_whatever_is_in_it)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, (enum sample)_i);
	json_auto_t *read = read_tap(a, tap(a, (enum sample)_i, 14), 14);

	ck_assert_uint_eq(json_array_size(json_object_get(read, "failures")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(read, "extra")), 0);
	ck_assert_int_eq(json_is_true(json_object_get(read, "ok")),
	                 r->n > 0 && r->count[VERDICT_FAIL] + r->count[VERDICT_ERROR] == 0);
}
END_TEST

START_TEST(missing_texts_do_no_harm)
{
	arena_auto *a = arena_new();
	struct result v[VERDICT_COUNT] = {0};
	struct results r = {.v = v, .n = VERDICT_COUNT};
	int version = _i ? 14 : 13;

	for (enum verdict i = 0; i < VERDICT_COUNT; i++)
		v[i].verdict = i;
	char *text = sample_report(a, report_tap, &r, (struct report_options){.tap_version = version});
	json_auto_t *read = read_tap(a, text, version);
	ck_assert_uint_eq(json_array_size(json_object_get(read, "failures")), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tap");
	TCase *c = tcase_create("tap");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, prove_sees_what_we_mean, 0, sizeof proofs / sizeof *proofs);
	tcase_add_loop_test(c, tap_parser_counts_the_same, 0, sizeof readings / sizeof *readings);
	tcase_add_test(c, a_failure_carries_its_diagnosis);
	tcase_add_test(c, each_verdict_has_its_line);
	tcase_add_test(c, hostile_text_stays_text);
	tcase_add_test(c, scalars_come_back_as_they_were);
	tcase_add_test(c, version_14_has_a_subtest_for_each_scenario);
	tcase_add_loop_test(c, version_14_is_readable_whatever_is_in_it, 0, SAMPLES);
	tcase_add_loop_test(c, missing_texts_do_no_harm, 0, 2);
	suite_add_tcase(s, c);
	return testing_run(s);
}
