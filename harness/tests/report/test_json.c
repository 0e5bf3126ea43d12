#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "report/results_file.h"
#include "sample.h"
#include "tests/testing.h"

/* The report, which ajv holds against the schema that we publish. */
static json_t *valid_json(struct arena *a, const struct results *r)
{
	char *text = sample_report(a, report_json, r, (struct report_options){0});
	char *path = sample_file(a, "results.json", text);
	int status;
	char *said = consumer(a, &status,
	                      "node '%s/harness/tests/report/validate.mjs' '%s/suites/schema/results.schema.json' '%s'",
	                      testing_root(), testing_root(), path);
	json_error_t problem;

	if (status != 0)
		ck_abort_msg("the schema does not fit: %s", said);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
	if (!root)
		ck_abort_msg("%s", problem.text);
	return root;
}

static const char *text_at(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

START_TEST(the_schema_fits)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, (enum sample)_i);
	json_auto_t *root = valid_json(a, r);
	const json_t *totals = json_object_get(root, "totals");

	ck_assert_uint_eq(json_array_size(json_object_get(root, "results")), r->n);
	ck_assert_uint_eq(json_array_size(json_object_get(root, "exchanges")), r->nexchanges);
	ck_assert_int_eq(json_integer_value(json_object_get(totals, "results")), (json_int_t)r->n);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		ck_assert_int_eq(json_integer_value(json_object_get(totals, verdict_text(v))), (json_int_t)r->count[v]);
}
END_TEST

START_TEST(everything_is_there)
{
	arena_auto *a = arena_new();
	json_auto_t *root = valid_json(a, sample_results(a, SAMPLE_ALL));
	const json_t *results = json_object_get(root, "results");
	static const char want[] =
	        "{\"suite\":\"token-endpoint\",\"scenario\":\"missing-sub\","
	        "\"scenario_title\":\"A title of a scenario\",\"requirement\":\"idtoken.sub.valid\","
	        "\"title\":\"The response is what it has to "
	        "be.\",\"step\":null,\"verdict\":\"fail\",\"level\":\"must\","
	        "\"source\":[\"RFC 6749 §5.1\",\"OpenID Connect Core §3.1.3.3\"],\"links\":null,\"why\":null,"
	        "\"expected\":\"a string of at most 255 characters\",\"observed\":\"the number 12\","
	        "\"fix\":\"Send sub as a "
	        "string.\",\"reason\":null,\"accepted\":null,\"exchange\":\"x1\",\"where\":\"body /id_token\","
	        "\"file\":\"suites/token-endpoint/scenario.yaml\",\"line\":7,\"time_ms\":1234}";
	static const char run[] =
	        "{\"tool\":\"brandcert 0.1.0\",\"suite_digest\":\"sha256:0123456789abcdef\",\"target\":\"acme\","
	        "\"profile\":\"liveperson\",\"issuer\":\"https://acme.test\","
	        "\"token_endpoint\":\"https://user@acme.test:8443/oauth/"
	        "token?x=1\",\"started\":\"2026-11-21T12:00:00Z\","
	        "\"duration_ms\":1500,\"codes\":2,\"codes_planned\":0,\"evidence_sha256\":null}";
	static const char exchange[] =
	        "{\"id\":\"x1\",\"key\":\"ordinary\",\"kind\":\"token\",\"outcome\":\"answered\",\"trouble\":null,"
	        "\"status\":200,\"started\":\"2026-11-21T12:00:00Z\",\"dns_us\":0,\"connect_us\":0,\"tls_us\":0,"
	        "\"first_byte_us\":1234,\"total_us\":12345,"
	        "\"http_version\":\"HTTP/1.1\",\"tls_version\":null,\"asked\":null,\"way\":null,"
	        "\"request\":{\"head\":[\"HTTP/1.1 200 OK\",\"Set-Cookie: a=[cookie]\"],\"body\":null},"
	        "\"response\":{\"head\":[\"HTTP/1.1 200 OK\",\"Set-Cookie: a=[cookie]\"],"
	        "\"body\":\"{\\\"access_token\\\":\\\"[access_token]\\\"}\\n\"},"
	        "\"id_token\":{\"header\":null,\"claims\":null}}";
	const struct {
		const json_t *have;
		const char *want;
	} rows[] = {{json_array_get(results, 1), want},
	            {json_object_get(root, "run"), run},
	            {json_array_get(json_object_get(root, "exchanges"), 0), exchange}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *have = json_dumps(rows[i].have, JSON_COMPACT);
		ck_assert_str_eq(have, rows[i].want);
		free(have);
	}
	ck_assert_str_eq(text_at(json_array_get(results, 8), "reason"), "no answer: connection refused");
}
END_TEST

START_TEST(text_is_visible_and_whole)
{
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, SAMPLE_ALL);
	char *large = arena_alloc(a, 100 * 1024 + 1);

	memset(large, 'x', 100 * 1024);
	r->v[0].observed = "\x1b[31m \xff \"\\\n\t]]>";
	r->v[1].observed = large;
	json_auto_t *root = valid_json(a, r);
	const json_t *results = json_object_get(root, "results");
	ck_assert_str_eq(text_at(json_array_get(results, 0), "observed"), "\\x1b[31m \\xff \"\\\n\t]]>");
	ck_assert_str_eq(text_at(json_array_get(results, 1), "observed"), large);
}
END_TEST

/* The schema must be able to refuse. */
START_TEST(the_schema_refuses)
{
	static const struct {
		const char *have, *instead;
	} changes[] = {
	        {"\"version\": 2", "\"version\": 3"},          {"\"verdict\": \"fail\"", "\"verdict\": \"failed\""},
	        {"\"codes\": 2", "\"codes\": 2, \"more\": 1"}, {"\"line\": 7", "\"line\": -7"},
	        {"\"time_ms\": 1234", "\"time_ms\": 1.5"},     {"\"reason\": null,", ""},
	        {"\"status\": 200", "\"status\": \"200\""},    {"2026-11-21T12:00:00Z", "2026-11-21"},
	};
	arena_auto *a = arena_new();
	char *text = sample_report(a, report_json, sample_results(a, SAMPLE_ALL), (struct report_options){0});
	const char *at = strstr(text, changes[_i].have);
	int status;

	ck_assert_ptr_nonnull(at);
	char *changed =
	        arena_printf(a, "%.*s%s%s", (int)(at - text), text, changes[_i].instead, at + strlen(changes[_i].have));
	consumer(a, &status, "node '%s/harness/tests/report/validate.mjs' '%s/suites/schema/results.schema.json' '%s'",
	         testing_root(), testing_root(), sample_file(a, "results.json", changed));
	ck_assert_int_eq(status, 1);
}
END_TEST

START_TEST(the_locale_does_not_matter)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_ALL);
	char *before = sample_report(a, report_json, r, (struct report_options){0});

	sample_comma_locale(a);
	ck_assert_str_eq(sample_report(a, report_json, r, (struct report_options){0}), before);
	setlocale(LC_NUMERIC, "C");
}
END_TEST

/* --- reading ------------------------------------------------------------------------------------------------ */

START_TEST(reading_and_writing_again_gives_the_same)
{
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, (enum sample)_i), again;
	struct stale stale = {"token.pragma", NULL, "no longer fails"};
	const char *links[] = {"https://example.com/5.1", "", NULL};
	struct err e = {0};

	if (r->n) {
		r->v[0].links = links;
		r->v[0].step = "trailing-slash";
		r->v[0].why = "because";
		r->v[r->n - 1].accepted = "known";
		r->stale = &stale;
		r->nstale = 1;
		results_count(r);
	}
	if (r->nexchanges) {
		r->exchanges[0].claims = "{\n  \"sub\": \"1\"\n}";
		r->exchanges[0].tls_us = 17;
		r->exchanges[0].status = 0;
	}
	char *text = sample_report(a, report_json, r, (struct report_options){0});
	if (results_read(a, sample_file(a, "results.json", text), &again, &e) < 0)
		ck_abort_msg("%s", e.text);
	ck_assert_str_eq(sample_report(a, report_json, &again, (struct report_options){0}), text);
	ck_assert_uint_eq(again.n, r->n);
	ck_assert_int_eq(results_exit(&again), results_exit(r));
	ck_assert_int_eq(again.ended_ms - again.started_ms, 1500);
}
END_TEST

/* What an earlier brandcert wrote has no `asked` and no `way`, and is written again with them. */
START_TEST(older_files_are_read)
{
	arena_auto *a = arena_new();
	char *text = sample_report(a, report_json, sample_results(a, SAMPLE_ALL), (struct report_options){0});
	const char *from = strstr(text, "\"asked\""), *to = strstr(text, "\"request\": {");
	struct err e = {0};
	struct results r;

	ck_assert(from && to && from < to);
	char *older = arena_printf(a, "%.*s%s", (int)(from - text), text, to);
	assert_lacks(older, "\"way\"");
	ck_assert_msg(results_parse(a, sv_of(older), "old.json", &r, &e) == 0, "%s", e.text);
	ck_assert_ptr_null(r.exchanges[0].way);
	ck_assert_ptr_null(r.exchanges[0].asked);
	ck_assert_str_eq(sample_report(a, report_json, &r, (struct report_options){0}), text);
	int status;
	const char *said = consumer(
	        a, &status, "node '%s/harness/tests/report/validate.mjs' '%s/suites/schema/results.schema.json' '%s'",
	        testing_root(), testing_root(), sample_file(a, "results.json", older));
	ck_assert_msg(status == 0, "%s", said);
}
END_TEST

/* One change each, and what is said of it. */
START_TEST(damage_is_named_with_its_place)
{
	static const struct {
		const char *have, *instead, *said;
	} changes[] = {
	        {"\"version\": 2", "\"version\": 1", "version 1 of the format, this brandcert reads version 2"},
	        {"\"version\": 2,", "", "these are no results of brandcert"},
	        {"\"verdict\": \"fail\"", "\"verdict\": \"failed\"",
	         "'/results/1/verdict' has to be pass, info, warn, fail, skip or error"},
	        {"\"verdict\": \"fail\"", "\"verdict\": \"pass\"", "'/totals' do not add up"},
	        {"\"line\": 7", "\"line\": -7", "'/results/0/line' has to be a whole number"},
	        {"\"line\": 7", "\"line\": 4294967296", "'/results/0/line' has to be a whole number"},
	        {"\"why\": null,", "", "'/results/0/why' is missing"},
	        {"\"why\": null,", "\"why\": null, \"x\": 1,", "'/results/0' has to be without members"},
	        {"\"why\": null,", "\"why\": 1,", "'/results/0/why' has to be a string"},
	        {"\"why\": null,", "\"why\": \"a\\u0000b\",", "is not JSON"},
	        {"\"level\": \"must\"", "\"level\": null", "'/results/0/level' has to be off, may, should or must"},
	        {"\"codes\": 2", "\"codes\": 2.5", "'/run/codes' has to be a whole number"},
	        {"2026-11-21T12:00:00Z", "2026-02-30T12:00:00Z", "'/run/started' has to be a time"},
	        {"\"stale\": []", "\"stale\": {}", "'/stale' has to be a list"},
	        {"\"status\": 200", "\"status\": true", "'/exchanges/0/status' has to be a whole number"},
	        {"\"id_token\": {", "\"id_token\": [{", "this is not JSON"},
	        {"\"run\": {", "\"run\": 1, \"run\": {", "this is not JSON"},
	        {"\"way\": null", "\"way\": \"x\"", "'/exchanges/0/way' has to be a list of strings"},
	        {"\"way\": null,", "\"ways\": null,", "'/exchanges/0' has to be without members"},
	};
	arena_auto *a = arena_new();
	char *text = sample_report(a, report_json, sample_results(a, SAMPLE_ALL), (struct report_options){0});

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		const char *at = strstr(text, changes[i].have);
		struct err e = {0};
		struct results r;
		ck_assert_msg(at, "row %zu has nothing to change", i);
		char *changed = arena_printf(a, "%.*s%s%s", (int)(at - text), text, changes[i].instead,
		                             at + strlen(changes[i].have));
		ck_assert_int_eq(results_parse(a, sv_of(changed), "old.json", &r, &e), -1);
		ck_assert_int_eq(e.kind, ERR_INPUT);
		assert_contains(e.text, "old.json:");
		assert_contains(e.text, changes[i].said);
	}
}
END_TEST

START_TEST(every_cut_is_refused)
{
	arena_auto *a = arena_new();
	char *text = sample_report(a, report_json, sample_results(a, SAMPLE_GOOD), (struct report_options){0});
	struct results r;

	/* behind the last brace stands a line feed */
	for (size_t n = 0; n + 2 < strlen(text); n += 7) {
		struct err e = {0};
		ck_assert_int_eq(results_parse(a, (struct sv){text, n}, "cut.json", &r, &e), -1);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("json");
	TCase *c = tcase_create("json");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, the_schema_fits, 0, SAMPLES);
	tcase_add_test(c, everything_is_there);
	tcase_add_test(c, text_is_visible_and_whole);
	tcase_add_loop_test(c, the_schema_refuses, 0, 8);
	tcase_add_test(c, the_locale_does_not_matter);
	tcase_add_loop_test(c, reading_and_writing_again_gives_the_same, 0, SAMPLES);
	tcase_add_test(c, older_files_are_read);
	tcase_add_test(c, damage_is_named_with_its_place);
	tcase_add_test(c, every_cut_is_refused);
	suite_add_tcase(s, c);
	return testing_run(s);
}
