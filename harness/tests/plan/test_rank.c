/* Whose codes come first where they are short. */
#include <string.h>

#include "plan/plan.h"
#include "testing.h"

#define MUST(...)                                    \
	{                                            \
		.level = { LEVEL_MUST, __VA_ARGS__ } \
	}

/* Musts of the profile liveperson a to f, then a should, which strict weighs as a must. */
static const struct requirement musts[] = {MUST(0), MUST(0), MUST(0), MUST(0), MUST(0), MUST(0)};
static const struct requirement should = {.level = {LEVEL_SHOULD, LEVEL_MUST}};

#define SKIPPED -1

/* A scenario in short: the letters of what it judges ('s': the should), and how many codes it takes in a round. */
struct brief {
	const char *judges;
	int codes;
	size_t rank;
	int rounds; /* SKIPPED: it does not apply to the target */
};

static const struct target target = {.limits = {.connections = 8}};

static void make(struct arena *a, const struct brief *b, struct scenario *ret)
{
	static const char *needs[] = {"pkce", NULL};
	size_t n = strlen(b->judges), nsteps = b->codes ? (size_t)b->codes : 1;
	struct step *steps = arena_array(a, nsteps, sizeof *steps);
	struct expect *expects = arena_array(a, n, sizeof *expects);

	for (size_t i = 0; i < n; i++)
		expects[i].requirement = b->judges[i] == 's' ? &should : &musts[b->judges[i] - 'a'];
	for (size_t i = 0; i < nsteps; i++)
		steps[i] = (struct step){.redeem = {.code = b->codes ? CODE_VALID : CODE_NONE},
		                         .spec = "{}",
		                         .expects = expects,
		                         .nexpects = n};
	*ret = (struct scenario){.suite = "s",
	                         .id = arena_printf(a, "s%p", (const void *)b),
	                         .steps = steps,
	                         .nsteps = nsteps,
	                         .needs = b->rounds == SKIPPED ? needs : NULL,
	                         .rounds = b->rounds};
}

static const struct brief rows[][6] = {
        /* Without codes first, in the suite's order; then what is new for a code. */
        {{"a", 1, 3, 0}, {"", 0, 0, 0}, {"bc", 1, 4, 0}, {"d", 0, 1, 0}, {"bcef", 1, 2, 0}},
        /* What was judged before counts no more, ties go by the suite. */
        {{"ab", 1, 0, 0}, {"ab", 1, 2, 0}, {"bc", 1, 1, 0}, {"a", 1, 3, 0}},
        /* 3 for 2 codes is more than 1 for 1, and 2 for 2 is not. */
        {{"a", 1, 1, 0}, {"bcd", 2, 0, 0}, {"ef", 2, 2, 0}},
        /* 2 of 3 is less than 3 of 4: no rounding. */
        {{"ab", 3, 1, 0}, {"cde", 4, 0, 0}},
        /* One without a code takes its musts away from those with one. */
        {{"abc", 1, 2, 0}, {"d", 1, 1, 0}, {"abc", 0, 0, 0}},
        /* The same on several steps is one; a should is none. */
        {{"s", 1, 1, 0}, {"a", 1, 0, 0}, {"ssss", 1, 2, 0}},
        /* What is skipped judges nothing, takes nothing, and is last. */
        {{"abcdef", 0, 3, SKIPPED}, {"a", 1, 1, 0}, {"abc", 1, 0, 0}, {"abcdef", 1, 4, SKIPPED}, {"", 1, 2, 0}},
        /* Five rounds take five codes. */
        {{"a", 1, 0, 0}, {"bc", 1, 1, 5}},
};

START_TEST(in_order)
{
	arena_auto *a = arena_new();
	struct scenario v[6];
	struct suite s = {.scenarios = v};
	struct plan p;

	for (const struct brief *b = rows[_i]; s.n < 6 && b->judges; b++)
		make(a, b, &v[s.n++]);
	plan_make(a, &s, &target, &p);
	for (size_t i = 0; i < s.n; i++) {
		ck_assert_msg(p.scenarios[i].rank == rows[_i][i].rank, "scenario %zu has rank %zu, not %zu", i,
		              p.scenarios[i].rank, rows[_i][i].rank);
		ck_assert_int_eq(p.scenarios[i].codes, rows[_i][i].rounds == SKIPPED ? 0 : rows[_i][i].codes);
	}
}
END_TEST

/* The musts are those of the target's profile. */
START_TEST(by_profile)
{
	static const struct brief briefs[] = {{"ab", 1, 0, 0}, {"s", 1, 0, 0}};
	arena_auto *a = arena_new();
	struct scenario v[2];
	struct suite s = {.scenarios = v, .n = 2};
	struct target strict = target;
	struct plan p;

	make(a, &briefs[0], &v[0]);
	make(a, &briefs[1], &v[1]);
	plan_make(a, &s, &strict, &p);
	ck_assert_uint_eq(p.scenarios[0].rank, 0);
	strict.profile = PROFILE_STRICT;
	plan_make(a, &s, &strict, &p);
	ck_assert_uint_eq(p.scenarios[0].rank, 1);
	ck_assert_uint_eq(p.scenarios[1].rank, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rank");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, in_order, 0, sizeof rows / sizeof *rows);
	tcase_add_test(t, by_profile);
	suite_add_tcase(s, t);
	return testing_run(s);
}
