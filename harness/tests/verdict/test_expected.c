/* Expected failures: what they accept, and when they are out of date. Verdicts never change. */
#include "verdict/expected.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "suite/load.h"
#include "testing.h"
#include "verdict/made.h"

static struct requirement requirements[] = {{.id = "r.one"}, {.id = "r.two"}, {.id = "r.three"}};
static const struct catalogue catalogue = {.v = requirements, .n = 3};

/* As they stand in a file: "{requirement: r.one, reason: a}" and so on. */
static struct expectations entries(struct arena *a, const char *list)
{
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "expected.yaml"};
	struct expectations x;

	ck_assert(source_open(&s, sv_of(arena_printf(a, "expected_failures: [%s]\n", list))));
	expected_read(&s, &catalogue, &x);
	if (d.errors)
		ck_abort_msg("%s", diag_text(&d.v[0]));
	return x;
}

#define ONE "{requirement: r.one, reason: a}"
#define ONE_IN_A "{requirement: r.one, scenario: a, reason: b}"

START_TEST(what_becomes_of_entries)
{
	static const struct {
		const char *results, *entries;
		bool partial;
		const char *then, *stale; /* stale: what the one stale entry says; NULL: none is */
		int exit;
	} rows[] = {
	        {"a/r.one=fail", "", false, "a/r.one=fail", NULL, 1},
	        {"a/r.one=fail", ONE, false, "a/r.one=fail!", NULL, 0},
	        {"a/r.one=fail b/r.one=fail", ONE, false, "a/r.one=fail! b/r.one=fail!", NULL, 0},
	        {"a/r.one=fail b/r.one=fail", ONE_IN_A, false, "a/r.one=fail! b/r.one=fail", NULL, 1},
	        {"a/r.one=fail b/r.two=fail", ONE, false, "a/r.one=fail! b/r.two=fail", NULL, 1},
	        /* it still fails somewhere */
	        {"a/r.one=fail b/r.one=pass", ONE, false, "a/r.one=fail! b/r.one=pass", NULL, 0},
	        /* no longer fails */
	        {"a/r.one=pass", ONE, false, "a/r.one=pass", "no longer fails: it passes in a; take the entry out", 1},
	        {"a/r.one=info b/r.one=pass", ONE, false, "a/r.one=info b/r.one=pass", "it passes in a and b", 1},
	        {"a/r.one=warn", ONE, false, "a/r.one=warn", "it is a warning at most in a", 1},
	        {"a/r.one=pass b/r.one=fail", ONE_IN_A, false, "a/r.one=pass b/r.one=fail", "it passes in a", 1},
	        {"a/r.one=pass b/r.one=pass c/r.one=pass d/r.one=pass e/r.one=pass f/r.one=pass", ONE, false,
	         "a/r.one=pass b/r.one=pass c/r.one=pass d/r.one=pass e/r.one=pass f/r.one=pass",
	         "it passes in a, b, c, d and 2 more", 1},
	        /* could not be judged: neither stale nor news */
	        {"a/r.one=skip a/r.two=pass", ONE, false, "a/r.one=skip a/r.two=pass", NULL, 0},
	        {"a/r.one=error a/r.two=pass", ONE, false, "a/r.one=error a/r.two=pass", NULL, 3},
	        {"a/r.one=pass b/r.one=error", ONE, false, "a/r.one=pass b/r.one=error", NULL, 3},
	        {"a/r.one=pass b/r.one=skip b/r.two=pass", ONE, false, "a/r.one=pass b/r.one=skip b/r.two=pass", NULL,
	         0},
	        /* a scenario that does not apply says nothing */
	        {"a/r.one=pass b/r.one=skip b/r.two=skip", ONE, false, "a/r.one=pass b/r.one=skip b/r.two=skip",
	         "it passes in a", 1},
	        /* matches nothing */
	        {"a/r.two=pass", ONE, false, "a/r.two=pass", "matches nothing: no scenario judges it here", 1},
	        {"b/r.one=pass", ONE_IN_A, false, "b/r.one=pass", "matches nothing: no scenario 'a' judges it here", 1},
	        {"a/r.two=pass", ONE, true, "a/r.two=pass", NULL, 0},
	        {"a/r.one=pass", ONE, true, "a/r.one=pass", "no longer fails", 1},
	        /* days */
	        {"a/r.one=fail", "{requirement: r.one, reason: a, until: 2026-11-21}", false, "a/r.one=fail!", NULL, 0},
	        {"a/r.one=fail", "{requirement: r.one, reason: why, until: 2026-11-20}", false, "a/r.one=fail",
	         "expired on 2026-11-20 (why): mend it", 1},
	        {"a/r.one=pass", "{requirement: r.one, reason: why, until: 2026-11-20}", false, "a/r.one=pass",
	         "expired on 2026-11-20, and no longer fails", 1},
	        {"a/r.one=skip a/r.two=pass", "{requirement: r.one, reason: why, until: 2026-11-20}", false,
	         "a/r.one=skip a/r.two=pass", "expired on 2026-11-20", 1},
	        {"a/r.one=fail", "{requirement: r.one, scenario: a, reason: a, until: 2026-11-20}, " ONE, false,
	         "a/r.one=fail!", "expired on 2026-11-20", 1},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arena_auto *a = arena_new();
		struct results r = made_results(a, rows[i].results);
		struct expectations x = entries(a, rows[i].entries);
		expected_apply(a, &x, rows[i].partial, &r);
		ck_assert_str_eq(made_line(a, &r), rows[i].then);
		ck_assert_msg(r.nstale == (rows[i].stale != NULL), "row %zu: %zu stale, %s", i, r.nstale,
		              r.nstale ? r.stale[0].problem : "");
		if (rows[i].stale) {
			assert_contains(r.stale[0].problem, rows[i].stale);
			assert_contains(r.stale[0].problem, "(expected.yaml:1)");
			ck_assert_str_eq(r.stale[0].requirement, "r.one");
		}
		ck_assert_msg(results_exit(&r) == rows[i].exit, "row %zu: exit %d", i, results_exit(&r));
	}
}
END_TEST

START_TEST(the_nearer_entry_gives_the_reason)
{
	static const char *const orders[] = {ONE ", " ONE_IN_A, ONE_IN_A ", " ONE};

	for (size_t i = 0; i < 2; i++) {
		arena_auto *a = arena_new();
		struct results r = made_results(a, "a/r.one=fail b/r.one=fail");
		struct expectations x = entries(a, orders[i]);
		expected_apply(a, &x, false, &r);
		ck_assert_str_eq(r.v[0].accepted, "b");
		ck_assert_str_eq(r.v[1].accepted, "a");
		ck_assert_uint_eq(r.nstale, 0);
		ck_assert_uint_eq(r.accepted, 2);
	}
}
END_TEST

/* What a file says now is all that counts. */
START_TEST(what_was_accepted_before_is_dropped)
{
	arena_auto *a = arena_new();
	struct results r = made_results(a, "a/r.one=fail");
	struct expectations none = {0}, x = entries(a, "{requirement: r.two, reason: b}");

	r.v[0].accepted = "from last time";
	expected_apply(a, &x, false, &r);
	ck_assert_ptr_null(r.v[0].accepted);
	ck_assert_uint_eq(r.nstale, 1);
	expected_apply(a, &none, false, &r);
	ck_assert_uint_eq(r.nstale, 0);
	ck_assert_int_eq(results_exit(&r), 1);
}
END_TEST

/* --- written files --------------------------------------------------------------------------------------------------- */

static const char *written(struct arena *a, const struct expectations *x)
{
	struct buf out = {.cap = BUF_OWN};

	expected_write(x, &out);
	const char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

static struct expectations read_again(struct arena *a, const char *text)
{
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "written.yaml"};
	struct expectations x;

	ck_assert(source_open(&s, sv_of(text)));
	expected_read(&s, &catalogue, &x);
	if (d.errors)
		ck_abort_msg("%s%s", text, diag_text(&d.v[0]));
	return x;
}

START_TEST(a_written_file_makes_the_run_pass)
{
	arena_auto *a = arena_new();
	struct results r =
	        made_results(a, "a/r.one=fail b/r.one=fail a/r.two=fail b/r.two=pass c/r.three=fail d/r.three=skip");

	r.v[2].observed = "# \"quoted\": 'both' \\ {a: *b} é\n\ttab";
	struct expectations x = expected_of(a, NULL, &r, "2026-11-21"), again = read_again(a, written(a, &x));
	/* everywhere; in one of two; in the only one */
	ck_assert_uint_eq(again.n, 3);
	ck_assert_ptr_null(again.v[0].scenario);
	ck_assert_str_eq(again.v[1].scenario, "a");
	ck_assert_str_eq(again.v[2].scenario, "c");
	assert_contains(again.v[0].reason, "found on 2026-11-21: the number 12 (replace this by why it is accepted)");
	for (size_t i = 0; i < x.n; i++)
		ck_assert_str_eq(again.v[i].reason, x.v[i].reason);
	expected_apply(a, &again, false, &r);
	ck_assert_int_eq(results_exit(&r), 0);
	ck_assert_uint_eq(r.accepted, 4);
}
END_TEST

/* Written beside an older file: what is still true of that stays, with its reason and day. */
START_TEST(entries_in_use_are_kept)
{
	arena_auto *a = arena_new();
	struct results r = made_results(a, "a/r.one=fail b/r.two=pass a/r.three=fail");
	struct expectations old = entries(a, "{requirement: r.one, reason: ticket, until: 2027-01-31}, "
	                                     "{requirement: r.two, reason: gone}, "
	                                     "{requirement: r.three, reason: late, until: 2026-01-31}");

	expected_apply(a, &old, false, &r);
	struct expectations x = expected_of(a, &old, &r, "2026-11-21"), again = read_again(a, written(a, &x));
	ck_assert_uint_eq(again.n, 2);
	ck_assert_str_eq(again.v[0].reason, "ticket");
	ck_assert_str_eq(again.v[0].until, "2027-01-31");
	ck_assert_str_eq(again.v[1].requirement, "r.three");
	assert_contains(again.v[1].reason, "found on 2026-11-21");
	ck_assert_ptr_null(again.v[1].until);
}
END_TEST

START_TEST(nothing_to_expect_is_a_file_too)
{
	arena_auto *a = arena_new();
	struct results r = made_results(a, "a/r.one=pass");
	struct expectations x = expected_of(a, NULL, &r, "2026-11-21");

	ck_assert_uint_eq(read_again(a, written(a, &x)).n, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("expected");
	TCase *c = tcase_create("expected");

	tcase_add_test(c, what_becomes_of_entries);
	tcase_add_test(c, the_nearer_entry_gives_the_reason);
	tcase_add_test(c, what_was_accepted_before_is_dropped);
	tcase_add_test(c, a_written_file_makes_the_run_pass);
	tcase_add_test(c, entries_in_use_are_kept);
	tcase_add_test(c, nothing_to_expect_is_a_file_too);
	suite_add_tcase(s, c);
	return testing_run(s);
}
