/* What changed between two runs: every pair of verdicts, and what a gate makes of it. */
#include "verdict/comparison.h"

#include <string.h>

#include "testing.h"
#include "verdict/made.h"

/* One row a verdict of the old run, one column a verdict of the new one, "-": absent. */
static const char *const verdicts[] = {"-", "pass", "info", "warn", "fail", "skip", "error"};
static const char *const table[7][7] = {
        /* -      pass      info      warn      fail     skip        error */
        {NULL, "new", "new", "new", "broke", "new", "unjudged"},
        {"gone", "same", "same", "worse", "broke", "unjudged", "unjudged"},
        {"gone", "same", "same", "worse", "broke", "unjudged", "unjudged"},
        {"gone", "better", "better", "same", "broke", "unjudged", "unjudged"},
        {"gone", "mended", "mended", "mended", "same", "unjudged", "unjudged"},
        {"gone", "judged", "judged", "judged", "broke", "same", "unjudged"},
        {"gone", "judged", "judged", "judged", "broke", "same", "same"},
};

static struct results one(struct arena *a, const char *verdict)
{
	return made_results(a, *verdict == '-' ? "" : arena_printf(a, "a/r.one=%s", verdict));
}

START_TEST(every_pair)
{
	for (size_t i = 0; i < 7; i++) {
		for (size_t k = 0; k < 7; k++) {
			arena_auto *a = arena_new();
			struct results was = one(a, verdicts[i]), is = one(a, verdicts[k]);
			struct comparison c;
			comparison_make(a, &was, &is, &c);
			ck_assert_uint_eq(c.n, table[i][k] != NULL);
			if (!table[i][k])
				continue;
			const char *kind = change_text(c.v[0].kind);
			ck_assert_msg(strcmp(kind, table[i][k]) == 0, "%s to %s is '%s', not '%s'", verdicts[i],
			              verdicts[k], kind, table[i][k]);
			int want = strcmp(kind, "broke") == 0                                           ? 1
			           : strcmp(kind, "unjudged") == 0 && strcmp(verdicts[k], "error") == 0 ? 3
			                                                                                : 0;
			ck_assert_msg(comparison_exit(&c) == want, "%s to %s exits %d", verdicts[i], verdicts[k],
			              comparison_exit(&c));
			ck_assert_uint_eq(c.count[c.v[0].kind], 1);
		}
	}
}
END_TEST

START_TEST(an_accepted_failure_is_no_regression)
{
	arena_auto *a = arena_new();
	struct results was = one(a, "pass"), is = one(a, "fail");
	struct comparison c;

	is.v[0].accepted = "ticket";
	comparison_make(a, &was, &is, &c);
	ck_assert_int_eq(c.v[0].kind, CHANGE_EXPECTED);
	ck_assert_int_eq(comparison_exit(&c), 0);
	/* one that is accepted no more failed before, too: the run says so, not the comparison */
	comparison_make(a, &is, &is, &c);
	ck_assert_int_eq(c.v[0].kind, CHANGE_SAME);
	ck_assert_uint_eq(c.failing, 1);
}
END_TEST

START_TEST(what_broke_comes_before_what_is_lost)
{
	arena_auto *a = arena_new();
	struct results was = made_results(a, "a/r.one=pass a/r.two=pass b/r.one=warn c/r.one=fail");
	struct results is = made_results(a, "c/r.one=fail b/r.one=warn a/r.two=error a/r.one=fail");
	struct comparison c;

	comparison_make(a, &was, &is, &c);
	ck_assert_uint_eq(c.n, 4);
	ck_assert_int_eq(c.v[0].kind, CHANGE_BROKE);
	ck_assert_int_eq(c.v[1].kind, CHANGE_UNJUDGED);
	ck_assert_int_eq(comparison_exit(&c), 1);
	ck_assert_uint_eq(c.failing, 1);
	ck_assert_uint_eq(c.warning, 1);
}
END_TEST

/* The worst counts. */
START_TEST(twins_are_one)
{
	arena_auto *a = arena_new();
	struct results was = made_results(a, "a/r.one=pass a/r.one=warn"),
	               is = made_results(a, "a/r.one=fail a/r.one=pass");
	struct comparison c;

	comparison_make(a, &was, &is, &c);
	ck_assert_uint_eq(c.n, 1);
	ck_assert_int_eq(c.v[0].was->verdict, VERDICT_WARN);
	ck_assert_int_eq(c.v[0].is->verdict, VERDICT_FAIL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("comparison");
	TCase *c = tcase_create("comparison");

	tcase_add_test(c, every_pair);
	tcase_add_test(c, an_accepted_failure_is_no_regression);
	tcase_add_test(c, what_broke_comes_before_what_is_lost);
	tcase_add_test(c, twins_are_one);
	suite_add_tcase(s, c);
	return testing_run(s);
}
