#include <stdlib.h>
#include <string.h>

#include "report/wrap.h"
#include "sample.h"
#include "tests/testing.h"

static char *console(struct arena *a, const struct results *r, struct report_options o)
{
	return sample_report(a, report_console, r, o);
}

START_TEST(a_run_is_told_whole)
{
	arena_auto *a = arena_new();
	static const char want[] = "brandcert 0.1.0: target acme, liveperson profile\n"
	                           "https://user@acme.test:8443/oauth/token?x=1\n"
	                           "\n"
	                           "passed   warn   fail   skip  error   suite\n"
	                           "     4      1      2      1      0   token-endpoint\n"
	                           "     1      0      0      0      2   transport\n"
	                           "     5      1      2      1      2   all\n"
	                           "\n"
	                           "FAIL idtoken.sub.valid  The response is what it has to be.\n"
	                           "     Source     RFC 6749 §5.1; OpenID Connect Core §3.1.3.3\n"
	                           "     Required   must in the liveperson profile\n"
	                           "     Expected   a string of at most 255 characters\n"
	                           "     Observed   the number 12\n"
	                           "     Fix        Send sub as a string.\n"
	                           "     Scenarios  missing-sub, valid-code\n"
	                           "     Exchange   x1, body /id_token\n"
	                           "     Again      brandcert run --target FILE --only missing-sub\n"
	                           "\n"
	                           "WARN token.cache-control  The response is what it has to be.\n"
	                           "     Expected   a string of at most 255 characters\n"
	                           "     Observed   the number 12\n"
	                           "     Fix        Send sub as a string.\n"
	                           "     Scenario   valid-code\n"
	                           "\n"
	                           "Could not be judged (ERROR):\n"
	                           "     2  no answer: connection refused (handshake)\n"
	                           "\n"
	                           "Skipped (SKIP):\n"
	                           "     1  the target file says nothing of a lifetime (expired-code)\n"
	                           "\n"
	                           "2 codes spent. Worth knowing: 1 info, see --verbose.\n"
	                           "\n"
	                           "NOT conformant (liveperson profile): 1 requirement failed, 4 hold, 1 warning, 2 "
	                           "could not be judged.\n";

	ck_assert_str_eq(console(a, sample_results(a, SAMPLE_ALL), (struct report_options){0}), want);
}
END_TEST

static const struct {
	enum sample sample;
	const char *last;
} endings[] = {
        {SAMPLE_GOOD, "Conformant (liveperson profile): 4 requirements hold, 1 warning."},
        {SAMPLE_EMPTY, "No verdict (liveperson profile): nothing was judged."},
        {SAMPLE_UNREACHABLE, "No verdict (liveperson profile): no answer: connection refused."},
        {SAMPLE_SKIPPED, "No verdict (liveperson profile): everything was skipped."},
};

START_TEST(the_last_line_says_what_it_means)
{
	arena_auto *a = arena_new();
	char *text = console(a, sample_results(a, endings[_i].sample), (struct report_options){0});

	ck_assert(sv_ends(sv_of(text), sv_of(arena_printf(a, "\n\n%s\n", endings[_i].last))));
}
END_TEST

/* The sentence agrees with the exit status, whatever mixture of verdicts there is. */
START_TEST(the_sentence_agrees_with_the_exit_status)
{
	arena_auto *a = arena_new();
	struct result v[VERDICT_COUNT];
	struct results r = {.v = v, .profile = "strict", .target = "acme", .tool = "brandcert"};

	for (enum verdict i = 0; i < VERDICT_COUNT; i++)
		if (_i >> i & 1)
			v[r.n++] = (struct result){.suite = "s",
			                           .scenario = "c",
			                           .requirement = verdict_text(i),
			                           .verdict = i,
			                           .reason = "because"};
	results_count(&r);
	char *text = console(a, &r, (struct report_options){0});
	int status = results_exit(&r);
	assert_contains(text, status == 0 ? "\nConformant (" : status == 1 ? "\nNOT conformant (" : "\nNo verdict (");
}
END_TEST

/* Every report names the step that decided. */
START_TEST(the_step_is_named)
{
	arena_auto *a = arena_new();
	struct result v[] = {
	        {.suite = "s",
	         .scenario = "near-miss",
	         .requirement = "r1",
	         .step = "trailing-slash",
	         .verdict = VERDICT_FAIL,
	         .expected = "a refusal",
	         .observed = "status 200"},
	        {.suite = "s",
	         .scenario = "other",
	         .requirement = "r1",
	         .verdict = VERDICT_FAIL,
	         .expected = "a refusal",
	         .observed = "status 200"},
	};
	struct results r = {.v = v, .n = 2, .profile = "strict"};
	static int (*const writers[])(const struct results *, const struct report_options *, struct buf *,
	                              struct err *) = {report_console, report_junit, report_tap};

	results_count(&r);
	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		struct buf out = {.cap = BUF_OWN};
		struct err e = {0};
		ck_assert_int_eq(writers[i](&r, &(struct report_options){0}, &out, &e), 0);
		assert_contains(arena_sv(a, buf_sv(&out)), "trailing-slash: status 200");
		buf_release(&out);
	}
	assert_contains(console(a, &r, (struct report_options){0}), "status 200 (in other)");
}
END_TEST

START_TEST(one_requirement_can_be_partly_judged)
{
	arena_auto *a = arena_new();
	struct result v[] = {
	        {.suite = "s", .scenario = "a", .requirement = "r1", .verdict = VERDICT_PASS},
	        {.suite = "s", .scenario = "b", .requirement = "r1", .verdict = VERDICT_ERROR, .reason = "no code"},
	        {.suite = "s", .scenario = "a", .requirement = "r2", .verdict = VERDICT_PASS},
	        {.suite = "s", .scenario = "b", .requirement = "r2", .verdict = VERDICT_SKIP, .reason = "x"},
	        {.suite = "s", .scenario = "b", .requirement = "r3", .verdict = VERDICT_PASS},
	};
	struct results r = {.v = v, .n = 5, .profile = "strict", .codes = 1};

	results_count(&r);
	char *text = console(a, &r, (struct report_options){0});
	assert_contains(text, "\n1 code spent.\n");
	assert_contains(text, "No verdict (strict profile): 1 requirement could not be judged; 2 requirements hold.\n");
}
END_TEST

START_TEST(different_observations_are_told_apart)
{
	arena_auto *a = arena_new();
	struct results *r = sample_results(a, SAMPLE_ALL);

	r->v[3].observed = "nothing at all";
	char *text = console(a, r, (struct report_options){0});
	assert_contains(text, "Observed   the number 12\n     Observed   nothing at all (in valid-code)\n");
	ck_assert_ptr_null(strstr(strstr(text, "FAIL") + 1, "FAIL"));
}
END_TEST

static char *without_color(struct arena *a, const char *text)
{
	char *plain = arena_text(a, text), *to = plain;

	for (const char *p = text; *p;) {
		if (*p == '\x1b')
			p += strcspn(p, "m") + 1;
		else
			*to++ = *p++;
	}
	*to = '\0';
	return plain;
}

START_TEST(color_adds_nothing_but_color)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, (enum sample)_i);
	char *plain = console(a, r, (struct report_options){0});
	char *colored = console(a, r, (struct report_options){.color = true});

	assert_lacks(plain, "\x1b");
	assert_contains(colored, "\x1b[");
	ck_assert_str_eq(without_color(a, colored), plain);
}
END_TEST

START_TEST(lines_fit_the_width)
{
	static const unsigned widths[] = {0, 60, 100, 200};
	arena_auto *a = arena_new();
	unsigned width = widths[_i] ? widths[_i] : 80;
	char *text = console(a, sample_results(a, SAMPLE_HOSTILE), (struct report_options){.width = widths[_i]});
	char *last = text;

	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (end[1]) /* the last line is one whatever its length */
			ck_assert_msg(wrap_columns(line) <= width, "%zu columns: '%s'", wrap_columns(line), line);
		last = line;
	}
	assert_contains(last, "NOT conformant");
}
END_TEST

START_TEST(infos_are_for_those_who_ask)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, SAMPLE_GOOD);

	assert_lacks(console(a, r, (struct report_options){0}), "INFO token.scope");
	assert_contains(console(a, r, (struct report_options){.verbose = true}), "INFO token.scope");
}
END_TEST

static const struct {
	const char *have, *want;
} wraps[] = {
        {"", "\n"},
        {"one two", "one two\n"},
        {"0123456789", "0123456789\n"},
        {"0123456789 x", "0123456789\n  x\n"},
        {"0123456789abcdefgh", "0123456789\n  abcdefgh\n"},
        {"0123456789abcdefghij", "0123456789\n  abcdefgh\n  ij\n"},
        {"one two three   four", "one two\n  three\n  four\n"},
        {"éééééééééé é", "éééééééééé\n  é\n"},
        {"ééééééééééé", "éééééééééé\n  é\n"},
        {"\x1b[31m0123456789\x1b[0m x", "\x1b[31m0123456789\x1b[0m\n  x\n"},
        {"ends with   ", "ends with\n"},
};

START_TEST(words_are_kept_whole)
{
	struct buf out = {.cap = 1000};
	struct wrap w = {.out = &out, .width = 10};

	wrap_line(&w, "  ", wraps[_i].have);
	ck_assert_str_eq(out.p, wraps[_i].want);
	buf_release(&out);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("console");
	TCase *c = tcase_create("console");

	tcase_set_timeout(c, 120);
	tcase_add_test(c, the_step_is_named);
	tcase_add_test(c, a_run_is_told_whole);
	tcase_add_loop_test(c, the_last_line_says_what_it_means, 0, sizeof endings / sizeof *endings);
	tcase_add_loop_test(c, the_sentence_agrees_with_the_exit_status, 0, 1 << VERDICT_COUNT);
	tcase_add_test(c, one_requirement_can_be_partly_judged);
	tcase_add_test(c, different_observations_are_told_apart);
	tcase_add_loop_test(c, color_adds_nothing_but_color, 0, SAMPLES);
	tcase_add_loop_test(c, lines_fit_the_width, 0, 4);
	tcase_add_test(c, infos_are_for_those_who_ask);
	tcase_add_loop_test(c, words_are_kept_whole, 0, sizeof wraps / sizeof *wraps);
	suite_add_tcase(s, c);
	return testing_run(s);
}
