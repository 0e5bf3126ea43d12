#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "tests/testing.h"

static const char *text_at(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

/* xmllint judges the XML, junitparser reads it. */
static json_t *read_junit(struct arena *a, const char *xml)
{
	int status;
	char *path = sample_file(a, "junit.xml", xml);
	char *said = consumer(a, &status, "xmllint --noout --nonet '%s'", path);

	if (status != 0)
		ck_abort_msg("xmllint exits with %d: %s", status, said);
	return consumer_json(a, "/usr/bin/python3 '%s/harness/tests/report/read_junit.py' '%s'", testing_root(), path);
}

START_TEST(the_totals_are_those_of_the_cases)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, (enum sample)_i);
	json_auto_t *read = read_junit(a, sample_report(a, report_junit, r, (struct report_options){0}));
	const json_t *added = json_object_get(read, "added"), *suites = json_object_get(read, "suites");

	ck_assert_int_eq(json_equal(json_object_get(read, "totals"), added), 1);
	for (size_t i = 0; i < json_array_size(suites); i++) {
		const json_t *suite = json_array_get(suites, i);
		ck_assert_int_eq(json_equal(json_object_get(suite, "totals"), json_object_get(suite, "added")), 1);
	}
	ck_assert_uint_eq((size_t)json_integer_value(json_object_get(added, "tests")), r->n);
	ck_assert_uint_eq((size_t)json_integer_value(json_object_get(added, "failures")), r->count[VERDICT_FAIL]);
	ck_assert_uint_eq((size_t)json_integer_value(json_object_get(added, "errors")), r->count[VERDICT_ERROR]);
	ck_assert_uint_eq((size_t)json_integer_value(json_object_get(added, "skipped")), r->count[VERDICT_SKIP]);
}
END_TEST

/* Jenkins keeps one case of a name, GitLab drops the second. */
START_TEST(names_are_unique_in_their_class)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, (enum sample)_i);
	json_auto_t *read = read_junit(a, sample_report(a, report_junit, r, (struct report_options){0}));
	const json_t *cases = json_object_get(read, "cases");

	for (size_t i = 0; i < json_array_size(cases); i++) {
		const json_t *x = json_array_get(cases, i);
		ck_assert_uint_le(json_array_size(json_object_get(x, "results")), 1);
		ck_assert_ptr_nonnull(strchr(text_at(x, "classname"), '.'));
		for (size_t k = 0; k < i; k++) {
			const json_t *y = json_array_get(cases, k);
			ck_assert(strcmp(text_at(x, "classname"), text_at(y, "classname")) ||
			          strcmp(text_at(x, "name"), text_at(y, "name")));
		}
	}
}
END_TEST

START_TEST(a_failure_says_it_all)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_ALL);
	json_auto_t *read = read_junit(a, sample_report(a, report_junit, r, (struct report_options){0}));
	const json_t *x = json_array_get(json_object_get(read, "cases"), 1);
	const json_t *failure = json_array_get(json_object_get(x, "results"), 0);

	ck_assert_str_eq(text_at(x, "classname"), "token-endpoint.missing-sub");
	ck_assert_str_eq(text_at(x, "name"), "idtoken.sub.valid The response is what it has to be");
	ck_assert_str_eq(text_at(x, "file"), "suites/token-endpoint/scenario.yaml");
	ck_assert_str_eq(text_at(x, "line"), "7");
	ck_assert_str_eq(text_at(x, "time"), "1.234");
	ck_assert_str_eq(text_at(failure, "kind"), "failure");
	ck_assert_str_eq(text_at(failure, "type"), "must");
	ck_assert_str_eq(text_at(failure, "message"),
	                 "idtoken.sub.valid: expected a string of at most 255 characters, observed the number 12");
	ck_assert_str_eq(text_at(failure, "text"),
	                 "idtoken.sub.valid: expected a string of at most 255 characters, observed the number 12\n"
	                 "Required:   The response is what it has to be. (must)\n"
	                 "Source:     RFC 6749 §5.1; OpenID Connect Core §3.1.3.3\n"
	                 "Expected:   a string of at most 255 characters\n"
	                 "Observed:   the number 12\n"
	                 "Fix:        Send sub as a string.\n"
	                 "Exchange:   x1, body /id_token\n"
	                 "Scenario:   suites/token-endpoint/scenario.yaml:7\n"
	                 "Reproduce:  brandcert run --target FILE --only missing-sub");
}
END_TEST

START_TEST(each_verdict_has_its_element)
{
	static const struct {
		const char *kind, *type, *message;
	} want[] = {
	        {NULL, NULL, NULL},
	        {"failure", "must", "idtoken.sub.valid: expected "},
	        {NULL, NULL, NULL},
	        {"failure", "must", "idtoken.sub.valid: expected "},
	        {NULL, NULL, NULL},
	        {"out", NULL, "token.cache-control: expected a string"},
	        {"out", NULL, "token.scope: expected a string"},
	        {"skipped", NULL, "req.code.expired: the target file says nothing of a lifetime"},
	        {"error", "error", "tls.version: no answer: connection refused"},
	        {NULL, NULL, NULL},
	        {"error", "error", "tls.name: no answer: connection refused"},
	};
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_ALL);
	json_auto_t *read = read_junit(a, sample_report(a, report_junit, r, (struct report_options){0}));
	const json_t *x = json_array_get(json_object_get(read, "cases"), (size_t)_i);
	const json_t *result = json_array_get(json_object_get(x, "results"), 0);

	ck_assert_uint_eq(json_array_size(json_object_get(read, "cases")), sizeof want / sizeof *want);
	if (!want[_i].kind || !strcmp(want[_i].kind, "out")) {
		ck_assert_ptr_null(result);
	} else {
		ck_assert_str_eq(text_at(result, "kind"), want[_i].kind);
		ck_assert_pstr_eq(text_at(result, "type"), want[_i].type);
		assert_contains(text_at(result, "message"), want[_i].message);
		assert_contains(text_at(result, "text"), text_at(result, "message"));
	}
	if (want[_i].kind && !strcmp(want[_i].kind, "out"))
		assert_contains(text_at(x, "out"), want[_i].message);
	else
		ck_assert_ptr_null(text_at(x, "out"));
	/* unique within the class, also where a requirement is judged twice */
	if (_i == 4)
		ck_assert_str_eq(text_at(x, "name"), "idtoken.sub.valid The response is what it has to be (2)");
}
END_TEST

START_TEST(suites_carry_the_facts_of_the_run)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_ALL);
	json_auto_t *read = read_junit(a, sample_report(a, report_junit, r, (struct report_options){0}));
	const json_t *suites = json_object_get(read, "suites"), *first = json_array_get(suites, 0);
	const json_t *properties = json_object_get(first, "properties");

	ck_assert_uint_eq(json_array_size(suites), 2);
	ck_assert_str_eq(text_at(first, "name"), "token-endpoint");
	ck_assert_str_eq(text_at(json_array_get(suites, 1), "name"), "transport");
	ck_assert_str_eq(text_at(first, "timestamp"), "2026-11-21T12:00:00");
	ck_assert_str_ne(text_at(first, "hostname"), "");
	ck_assert_uint_eq(json_object_size(properties), 5);
	ck_assert_str_eq(text_at(properties, "target"), "acme");
	ck_assert_str_eq(text_at(properties, "profile"), "liveperson");
	ck_assert_str_eq(text_at(properties, "version"), "brandcert 0.1.0");
	ck_assert_str_eq(text_at(properties, "suite digest"), "sha256:0123456789abcdef");
	ck_assert_str_eq(text_at(properties, "token endpoint"), "https://acme.test:8443");
}
END_TEST

START_TEST(times_have_three_decimals_and_a_dot)
{
	static const struct {
		int64_t ms;
		const char *want;
	} times[] = {{0, "0.000"},    {-5, "0.000"},     {7, "0.007"},
	             {1234, "1.234"}, {60000, "60.000"}, {123456789, "123456.789"}};
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, SAMPLE_GOOD);

	sample_comma_locale(a);
	r->n = 1;
	r->v[0].time_ms = times[_i].ms;
	char *xml = sample_report(a, report_junit, r, (struct report_options){0});
	setlocale(LC_NUMERIC, "C");
	assert_contains(xml, arena_printf(a, "line=\"7\" time=\"%s\"", times[_i].want));
	assert_contains(xml, arena_printf(a, "skipped=\"0\" time=\"%s\"", times[_i].want));
}
END_TEST

START_TEST(hostile_text_stays_text)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_HOSTILE);
	char *xml = sample_report(a, report_junit, r, (struct report_options){0});

	assert_lacks(xml, "\x1b");
	assert_lacks(xml, "<script>");
	assert_lacks(xml, "<![CDATA[");
	assert_lacks(xml, "\xef\xbf\xbe");
	assert_contains(xml, "\\x1b[31mred");
	ck_assert_uint_lt(strlen(xml), 2 * 1024 * 1024);
}
END_TEST

/* Written for nobody: results always have these, but a report must not die of a harness that forgot one. */
START_TEST(missing_texts_do_no_harm)
{
	arena_auto *a = arena_new();
	struct result v[VERDICT_COUNT] = {0};
	struct results r = {.v = v, .n = VERDICT_COUNT};

	for (enum verdict i = 0; i < VERDICT_COUNT; i++)
		v[i].verdict = i;
	json_auto_t *read = read_junit(a, sample_report(a, report_junit, &r, (struct report_options){0}));
	ck_assert_uint_eq(json_array_size(json_object_get(read, "cases")), VERDICT_COUNT);
}
END_TEST

START_TEST(a_report_too_large_is_an_error)
{
	arena_auto *a = arena_new();
	report_fn *const writers[] = {report_junit, report_tap,      report_json,
	                              report_html,  report_markdown, report_console};
	const struct report_options o = {0};
	struct buf out = {.cap = 100};
	struct err e = {0};

	ck_assert_int_eq(writers[_i](sample_results(a, SAMPLE_ALL), &o, &out, &e), -1);
	ck_assert_int_eq(e.kind, ERR_TROUBLE);
	assert_contains(e.text, "larger than 100 bytes");
	buf_release(&out);
}
END_TEST

START_TEST(the_formats_are_listed)
{
	static const char *const want[][2] = {{"junit", "reports/junit.xml"},
	                                      {"tap", "reports/results.tap"},
	                                      {"json", "reports/results.json"},
	                                      {"html", "reports/report.html"},
	                                      {"markdown", "reports/summary.md"}};

	for (size_t i = 0; i < 5; i++) {
		ck_assert_str_eq(report_formats[i].name, want[i][0]);
		ck_assert_str_eq(report_formats[i].default_file, want[i][1]);
		ck_assert(report_formats[i].write != NULL);
	}
	ck_assert_ptr_null(report_formats[5].name);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("junit");
	TCase *c = tcase_create("junit");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, the_totals_are_those_of_the_cases, 0, SAMPLES);
	tcase_add_loop_test(c, names_are_unique_in_their_class, 0, SAMPLES);
	tcase_add_test(c, a_failure_says_it_all);
	tcase_add_loop_test(c, each_verdict_has_its_element, 0, 11);
	tcase_add_test(c, suites_carry_the_facts_of_the_run);
	tcase_add_loop_test(c, times_have_three_decimals_and_a_dot, 0, 6);
	tcase_add_test(c, hostile_text_stays_text);
	tcase_add_test(c, missing_texts_do_no_harm);
	tcase_add_loop_test(c, a_report_too_large_is_an_error, 0, 6);
	tcase_add_test(c, the_formats_are_listed);
	suite_add_tcase(s, c);
	return testing_run(s);
}
