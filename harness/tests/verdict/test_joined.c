/* Results of several runs made into one. */
#include "verdict/joined.h"

#include <string.h>

#include "testing.h"
#include "verdict/made.h"

static struct joined_run run(struct arena *a, const char *name, int64_t started_ms, const char *line)
{
	struct joined_run r = {name, made_results(a, line)};

	r.results.started_ms = started_ms;
	r.results.ended_ms = started_ms + 1000;
	r.results.codes = 2;
	r.results.codes_planned = 3;
	return r;
}

static struct results join(struct arena *a, struct joined_run *v, size_t n)
{
	struct results r;
	struct err e = {0};

	if (results_join(a, v, n, &r, &e) < 0)
		ck_abort_msg("%s", e.text);
	return r;
}

START_TEST(which_results_stay)
{
	static const struct {
		const char *runs[3]; /* they start one after the other */
		const char *want;
	} rows[] = {
	        /* shards, in the order of a whole run */
	        {{"c/r.one=pass c/r.two=warn", "b/r.one=fail", "a/r.one=pass"},
	         "a/r.one=pass b/r.one=fail c/r.one=pass c/r.two=warn"},
	        /* the later run wins, also when it knows less */
	        {{"a/r.one=fail b/r.one=pass", "a/r.one=pass", NULL}, "a/r.one=pass b/r.one=pass"},
	        {{"a/r.one=pass", "a/r.one=error", NULL}, "a/r.one=error"},
	        {{"a/r.one=fail", "a/r.one=pass", "a/r.one=warn"}, "a/r.one=warn"},
	        /* a scenario as a whole */
	        {{"a/r.one=fail a/r.two=pass", "a/r.two=warn", NULL}, "a/r.two=warn"},
	        /* one run comes out as it is */
	        {{"b/r.two=pass b/r.one=fail a/r.one=pass", NULL, NULL}, "b/r.two=pass b/r.one=fail a/r.one=pass"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arena_auto *a = arena_new();
		struct joined_run v[3], backwards[3];
		size_t n = 0;
		for (; n < 3 && rows[i].runs[n]; n++)
			v[n] = run(a, "f", (int64_t)(n + 1) * 10000, rows[i].runs[n]);
		for (size_t k = 0; k < n; k++)
			backwards[k] = v[n - 1 - k];
		struct results r = join(a, v, n), again = join(a, backwards, n);
		ck_assert_str_eq(made_line(a, &r), rows[i].want);
		ck_assert_str_eq(made_line(a, &again), rows[i].want);
		ck_assert_int_eq(r.codes, 2 * (int)n);
		ck_assert_int_eq(r.codes_planned, 3 * (int)n);
		ck_assert_int_eq(r.started_ms, 10000);
		ck_assert_int_eq(r.ended_ms, (int64_t)n * 10000 + 1000);
		size_t counted = 0;
		for (enum verdict k = 0; k < VERDICT_COUNT; k++)
			counted += r.count[k];
		ck_assert_uint_eq(counted, r.n);
	}
}
END_TEST

START_TEST(exchanges_stay_apart)
{
	arena_auto *a = arena_new();
	struct joined_run v[] = {run(a, "f", 1000, "a/r.one=fail b/r.one=pass"), run(a, "g", 2000, "b/r.one=pass")};
	struct shown_exchange first[] = {{.id = "x1", .key = "jwks"},
	                                 {.id = "x2", .key = "a/1"},
	                                 {.id = "x3", .key = "b/1/2"},
	                                 {.id = "x4", .key = "ordinary"}};
	struct shown_exchange second[] = {{.id = "x1", .key = "jwks"}, {.id = "x2", .key = "b/1"}};

	v[0].results.exchanges = first;
	v[0].results.nexchanges = 4;
	v[1].results.exchanges = second;
	v[1].results.nexchanges = 2;
	v[0].results.v[0].exchange = "x2";
	v[0].results.v[1].exchange = "x3";
	v[1].results.v[0].exchange = "x2";
	struct results r = join(a, v, 2);
	static const char *const want[] = {"r1-x1", "r1-x2", "r1-x4", "r2-x1", "r2-x2"};
	ck_assert_uint_eq(r.nexchanges, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_str_eq(r.exchanges[i].id, want[i]);
	ck_assert_str_eq(made_find(&r, "a", "r.one")->exchange, "r1-x2");
	ck_assert_str_eq(made_find(&r, "b", "r.one")->exchange, "r2-x2");
	/* what was given is as it was */
	ck_assert_str_eq(first[0].id, "x1");
	ck_assert_str_eq(v[0].results.v[0].exchange, "x2");
}
END_TEST

START_TEST(digests_stay_where_they_are_the_same)
{
	arena_auto *a = arena_new();
	struct joined_run v[] = {run(a, "f", 1000, "a/r.one=pass"), run(a, "g", 2000, "b/r.one=pass")};

	v[0].results.evidence_sha256 = "e1";
	v[1].results.evidence_sha256 = "e2";
	struct results r = join(a, v, 2);
	ck_assert_str_eq(r.suite_digest, "d");
	ck_assert_ptr_null(r.evidence_sha256);
	v[1].results.suite_digest = "another";
	v[1].results.evidence_sha256 = "e1";
	r = join(a, v, 2);
	ck_assert_ptr_null(r.suite_digest);
	ck_assert_str_eq(r.evidence_sha256, "e1");
}
END_TEST

START_TEST(stale_entries_are_said_once)
{
	arena_auto *a = arena_new();
	struct joined_run v[] = {run(a, "f", 1000, "a/r.one=pass"), run(a, "g", 2000, "b/r.one=pass"),
	                         run(a, "h", 500, "a/r.one=pass")};
	struct stale same[] = {{"r.one", NULL, "p"}, {"r.one", "a", "q"}}, other[] = {{"r.two", NULL, "p"}};

	v[0].results.stale = v[1].results.stale = same;
	v[0].results.nstale = 1;
	v[1].results.nstale = 2;
	v[2].results.stale = other; /* nothing is left of that run */
	v[2].results.nstale = 1;
	struct results r = join(a, v, 3);
	ck_assert_uint_eq(r.nstale, 2);
	ck_assert_int_eq(results_exit(&r), 1);
}
END_TEST

START_TEST(only_one_target_and_profile)
{
	arena_auto *a = arena_new();
	struct results r;

	for (int i = 0; i < 2; i++) {
		struct joined_run v[] = {run(a, "old.json", 1000, "a/r.one=pass"),
		                         run(a, "new.json", 2000, "b/r.one=pass")};
		struct err e = {0};
		if (i == 0)
			v[1].results.target = "other";
		else
			v[1].results.profile = NULL;
		ck_assert_int_eq(results_join(a, v, 2, &r, &e), -1);
		ck_assert_int_eq(e.kind, ERR_INPUT);
		assert_contains(e.text, "'old.json'");
		assert_contains(e.text, "'new.json'");
		assert_contains(e.text, i == 0 ? "only runs against one target" : "only results of one profile");
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("joined");
	TCase *c = tcase_create("joined");

	tcase_add_test(c, which_results_stay);
	tcase_add_test(c, exchanges_stay_apart);
	tcase_add_test(c, digests_stay_where_they_are_the_same);
	tcase_add_test(c, stale_entries_are_said_once);
	tcase_add_test(c, only_one_target_and_profile);
	suite_add_tcase(s, c);
	return testing_run(s);
}
