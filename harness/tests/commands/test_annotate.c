#include "commands/annotate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/ran.h"
#include "core/limits.h"
#include "report/report.h"
#include "tests/report/sample.h"
#include "tests/testing.h"

static char *lines(struct arena *a, const struct results *r)
{
	struct buf out = {.cap = BUF_OWN};

	annotate_lines(r, &out);
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

START_TEST(elsewhere_nothing_is_said)
{
	arena_auto *a = arena_new();
	struct annotate_guard guard;

	unsetenv("GITHUB_ACTIONS");
	ck_assert_str_eq(lines(a, sample_results(a, SAMPLE_ALL)), "");
	annotate_guard(a, &guard);
	ck_assert_str_eq(guard.begin, "");
	ck_assert_str_eq(guard.end, "");
}
END_TEST

START_TEST(failures_are_errors_and_warnings_warnings)
{
	arena_auto *a = arena_new();

	setenv("GITHUB_ACTIONS", "true", 1);
	ck_assert_str_eq(lines(a, sample_results(a, SAMPLE_ALL)),
	                 "::error title=idtoken.sub.valid The response is what it has to be,"
	                 "file=suites/token-endpoint/scenario.yaml,line=7::Expected: a string of at most 255 "
	                 "characters%0AObserved: the number 12%0AFix: Send sub as a string.\n"
	                 "::warning title=token.cache-control The response is what it has to be,"
	                 "file=suites/token-endpoint/scenario.yaml,line=7::Expected: a string of at most 255 "
	                 "characters%0AObserved: the number 12%0AFix: Send sub as a string.\n");
}
END_TEST

/* A colon or comma would end a property, a line break the command. */
START_TEST(what_a_target_says_stays_in_its_place)
{
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, SAMPLE_ALL);

	setenv("GITHUB_ACTIONS", "true", 1);
	r->v[1].requirement = "a,b::c%0Ad\n::error::e";
	r->v[1].observed = "x\n::set-output name=y::z\r%0A";
	char *text = lines(a, r);
	assert_contains(text, "::error title=a%2Cb%3A%3Ac%250Ad");
	assert_lacks(text, "\n::set-output");
	assert_lacks(text, "\n::error::e");
	assert_contains(text, "%250A");
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		ck_assert(!strncmp(line, "::error title=", 14) || !strncmp(line, "::warning title=", 16));
}
END_TEST

START_TEST(there_are_not_too_many)
{
	enum { MANY = 50 };
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, SAMPLE_ALL);
	struct result *v = arena_array(a, MANY, sizeof *v);
	size_t n = 0;

	setenv("GITHUB_ACTIONS", "true", 1);
	for (size_t i = 0; i < MANY; i++) {
		v[i] = r->v[1];
		v[i].requirement = arena_printf(a, "r.%zu", i);
	}
	r->v = v;
	r->n = MANY;
	results_count(r);
	for (const char *line = lines(a, r); *line; line = strchr(line, '\n') + 1)
		n++;
	ck_assert_uint_eq(n, LIMIT_ANNOTATIONS);
}
END_TEST

/* The whole way, as a job would go it. */
START_TEST(a_job_gets_its_summary_and_notes)
{
	arena_auto *a = arena_new();
	char *folder = testing_folder(a), *step = arena_printf(a, "%s/step.md", folder);

	testing_write(arena_printf(a, "%s/results.json", folder),
	              sv_of(sample_report(a, report_json, sample_results(a, SAMPLE_ALL), (struct report_options){0})));
	testing_write(step, SV("before\n"));
	setenv("GITHUB_ACTIONS", "true", 1);
	setenv("GITHUB_STEP_SUMMARY", step, 1);
	struct ran x = RAN(a, folder, "brandcert", "report", "results.json");
	ck_assert_int_eq(x.status, 1);
	ck_assert_int_eq(strncmp(x.out, "::stop-commands::", 17), 0);
	char *token = arena_sv(a, (struct sv){x.out + 17, strcspn(x.out + 17, "\n")});
	const char *end = strstr(x.out, arena_printf(a, "\n::%s::\n", token));
	const char *error = strstr(x.out, "\n::error title=");
	const char *verdict = strstr(x.out, "\nNOT conformant");
	ck_assert_uint_eq(strlen(token), 32);
	ck_assert(end && error && verdict && end < error && error < verdict);
	/* the verdict is the last line, still */
	ck_assert_str_eq(strchr(verdict + 1, '\n'), "\n");
	char *summary = testing_read(a, step);
	assert_contains(summary, "before\n## ");
	assert_contains(summary, "`idtoken.sub.valid`");
	/* quiet: the summary is a report, the notes are not */
	x = RAN(a, folder, "brandcert", "report", "--quiet", "results.json");
	ck_assert_str_eq(x.out, "");
	ck_assert_uint_gt(strlen(testing_read(a, step)), strlen(summary) + 100);
	/* what cannot be written is no verdict */
	setenv("GITHUB_STEP_SUMMARY", "/nowhere/step.md", 1);
	x = RAN(a, folder, "brandcert", "report", "--quiet", "results.json");
	ck_assert_int_eq(x.status, 1);
	assert_contains(x.err, "cannot append to the job summary '/nowhere/step.md'");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("annotate");
	TCase *c = tcase_create("annotate");

	tcase_set_timeout(c, 120);
	tcase_add_test(c, elsewhere_nothing_is_said);
	tcase_add_test(c, failures_are_errors_and_warnings_warnings);
	tcase_add_test(c, what_a_target_says_stays_in_its_place);
	tcase_add_test(c, there_are_not_too_many);
	tcase_add_test(c, a_job_gets_its_summary_and_notes);
	suite_add_tcase(s, c);
	return testing_run(s);
}
