/* What is said when codes were short, and where. */
#include "report/shortage.h"

#include <string.h>

#include "sample.h"
#include "tests/testing.h"

#define NONE "no code", "the code list holds no more codes"
#define BEHIND "no code", "the step before had no code: the code list holds no more codes"
#define BESIDE "no code", "the request that it goes with had no code"

static const struct {
	const char *want; /* NULL: nothing is said */
	struct {
		const char *key, *outcome, *trouble;
	} exchanges[8];
} rows[] = {
        {NULL, {{"ordinary", "answered", NULL}, {"pkce/1", "no answer", "no answer: connection refused"}}},
        {NULL, {{NULL, NONE}, {"pkce/1", NULL, "x"}, {"pkce/1", "no code", NULL}}},
        {"1 more code would judge all: refusals (1)", {{"refusals/1", NONE}}},
        {"1 more code would judge all: ordinary (1)", {{"ordinary", NONE}, {"pkce/1", "answered", NULL}}},
        {"4 more codes would judge all: refusals (2), ordinary (1), pkce (1)",
         {{"refusals/first", NONE}, {"ordinary", NONE}, {"pkce/1", NONE}, {"refusals/second", NONE}}},
        /* what only comes behind such a request takes no code of its own */
        {"1 more code would judge all: reuse (1)",
         {{"reuse/first", NONE}, {"reuse/second", BEHIND}, {"reuse/third", BEHIND}}},
        {NULL, {{"reuse/second", BEHIND}}},
        /* a burst takes one for all its members, and one again in each round */
        {"2 more codes would judge all: race (2)",
         {{"race/at-once/1/1", NONE},
          {"race/at-once/1/2", BESIDE},
          {"race/at-once/1/3", BESIDE},
          {"race/at-once/2/1", NONE},
          {"race/at-once/2/2", BESIDE}}},
        {"2 more codes would judge all: race (1), race-2 (1)", {{"race/1", NONE}, {"race-2/1", NONE}}},
        {"1 more code would judge all: \\x1b[31m (1)", {{"\x1b[31m/1", NONE}}},
};

static struct results *short_of_codes(struct arena *a, size_t row)
{
	struct results *r = sample_results(a, SAMPLE_ALL);

	r->exchanges = arena_array(a, 8, sizeof *r->exchanges);
	for (r->nexchanges = 0; r->nexchanges < 8; r->nexchanges++) {
		if (!rows[row].exchanges[r->nexchanges].key && !rows[row].exchanges[r->nexchanges].outcome)
			break;
		r->exchanges[r->nexchanges] =
		        (struct shown_exchange){.id = arena_printf(a, "x%zu", r->nexchanges + 1),
		                                .kind = "token",
		                                .key = rows[row].exchanges[r->nexchanges].key,
		                                .outcome = rows[row].exchanges[r->nexchanges].outcome,
		                                .trouble = rows[row].exchanges[r->nexchanges].trouble};
	}
	return r;
}

START_TEST(codes_are_counted_by_scenario)
{
	arena_auto *a = arena_new();

	ck_assert_pstr_eq(render_shortage(a, short_of_codes(a, (size_t)_i)), rows[_i].want);
}
END_TEST

START_TEST(people_are_told)
{
	static report_fn *const writers[] = {report_console, report_html, report_markdown};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		const struct report_options o = {.width = 200};
		char *with = sample_report(a, writers[i], short_of_codes(a, 4), o),
		     *without = sample_report(a, writers[i], short_of_codes(a, 0), o);
		assert_contains(with, "4 more codes would judge all");
		assert_contains(with, "refusals (2), ordinary (1), pkce (1)");
		assert_lacks(without, "would judge all");
	}
	ck_assert_ptr_null(render_shortage(a, sample_results(a, SAMPLE_EMPTY)));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("shortage");
	TCase *c = tcase_create("shortage");

	tcase_add_loop_test(c, codes_are_counted_by_scenario, 0, sizeof rows / sizeof *rows);
	tcase_add_test(c, people_are_told);
	suite_add_tcase(s, c);
	return testing_run(s);
}
