/* Which exchanges a run needs: sharing, order, codes, what does not apply. */
#include <string.h>

#include "plan/plan.h"
#include "testing.h"

static struct expect claims[] = {{.subject = MATCH_CLAIM}}, denial[] = {{.subject = MATCH_DENIED}};
static struct step ordinary_step[] = {
        {.redeem = {.ordinary = true}, .spec = "{\"code\":\"valid\"}", .expects = claims, .nexpects = 1}};
static struct step paused_step[] = {
        {.redeem = {.ordinary = true}, .spec = "{}", .wait_ms = 3000, .expects = claims, .nexpects = 1}};
static struct step expired_step[] = {
        {.redeem = {.code = CODE_EXPIRED}, .spec = "{\"code\":\"expired\"}", .expects = denial, .nexpects = 1}};
static struct step replay_steps[] = {
        {.redeem = {.ordinary = true}, .spec = "{\"code\":\"valid\"}"},
        {.redeem = {.code = CODE_TEXT, .code_text = "{used}"},
         .spec = "{\"code\":\"{used}\"}",
         .wait_ms = 2500,
         .follows = true,
         .expects = denial,
         .nexpects = 1},
};

static struct scenario scenario(const char *id, struct step *steps, size_t n)
{
	return (struct scenario){.suite = "s", .id = id, .steps = steps, .nsteps = n};
}

static const struct target full = {.code_lifetime_s = 10,
                                   .code_margin_s = 5,
                                   .keys = {.jwks_uri = "https://x/jwks"},
                                   .limits = {.connections = 8}};

START_TEST(observers_share_one_exchange)
{
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("a", ordinary_step, 1), scenario("b", ordinary_step, 1),
	                       scenario("c", ordinary_step, 1)};
	struct suite s = {.scenarios = v, .n = 3};
	struct plan p;

	plan_make(a, &s, &full, &p);
	ck_assert_uint_eq(p.n, 2);
	ck_assert_str_eq(p.exchanges[0].key, PLAN_ORDINARY);
	ck_assert_str_eq(p.exchanges[0].id, "x1");
	ck_assert_str_eq(p.exchanges[1].key, PLAN_JWKS);
	ck_assert_int_eq(p.codes, 1);
	ck_assert_int_eq(p.wait_s, 0);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_eq(p.scenarios[i].exchanges[0], 0);
}
END_TEST

START_TEST(an_expired_code_waits_and_brings_its_proof)
{
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("expired", expired_step, 1)};
	struct suite s = {.scenarios = v, .n = 1};
	struct plan p;

	plan_make(a, &s, &full, &p);
	ck_assert_uint_eq(p.n, 3);
	ck_assert_str_eq(p.exchanges[0].key, PLAN_ORDINARY);
	ck_assert_str_eq(p.exchanges[1].key, "expired/1");
	ck_assert_ptr_eq(p.exchanges[1].owner, &v[0]);
	ck_assert_uint_eq(p.scenarios[0].exchanges[0], 1);
	ck_assert_int_eq(p.codes, 2);
	ck_assert_int_eq(p.wait_s, 15);
}
END_TEST

START_TEST(steps_follow_each_other_and_are_not_shared)
{
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("a", ordinary_step, 1), scenario("paused", paused_step, 1),
	                       scenario("replay", replay_steps, 2)};
	struct suite s = {.scenarios = v, .n = 3};
	struct plan p;

	plan_make(a, &s, &full, &p);
	ck_assert_uint_eq(p.n, 5);
	ck_assert_str_eq(p.exchanges[1].key, "paused/1");
	ck_assert_str_eq(p.exchanges[2].key, "replay/1");
	ck_assert_str_eq(p.exchanges[3].key, "replay/2");
	ck_assert_int_eq(p.exchanges[2].after, -1);
	ck_assert_int_eq(p.exchanges[3].after, 2);
	ck_assert_int_eq(p.exchanges[3].wait_ms, 2500);
	ck_assert_str_eq(p.exchanges[3].spec, "{\"code\":\"{used}\"}");
	/* The replayed code is no new one. */
	ck_assert_int_eq(p.codes, 3);
	ck_assert_int_eq(p.wait_s, 3);
}
END_TEST

/* A race, a second try with its code, a look at its token, and a login on the side. */
static struct expect successes[] = {{.subject = MATCH_SUCCESSES}}, clean[] = {{.subject = MATCH_CLEAN}};
static struct step race_steps[] = {
        {.name = "race", .redeem = {.times = 3}, .spec = "{race}", .expects = successes, .nexpects = 1},
        {.name = "again", .redeem = {.code = CODE_TEXT}, .spec = "{again}", .follows = true, .wait_ms = 1000},
        {.kind = STEP_USERINFO, .userinfo.access_token = "{token}", .spec = "{userinfo}", .follows = true},
        {.redeem = {.ordinary = true}, .spec = "{}"},
};

START_TEST(rounds_of_bursts)
{
	static const struct {
		const char *key, *spec, *kind;
		long after;
		int codes, round, member, times;
		size_t burst;
	} want[] = {
	        {PLAN_ORDINARY, PLAN_ORDINARY_SPEC, "token", -1, 1, 1, 1, 1, 0},
	        {"r/race/1/1", "{race}", "token", -1, 1, 1, 1, 3, 1},
	        {"r/race/1/2", "{race}", "token", -1, 0, 1, 2, 3, 1},
	        {"r/race/1/3", "{race}", "token", -1, 0, 1, 3, 3, 1},
	        {"r/again/1", "{again}", "token", 3, 0, 1, 1, 1, 4},
	        {"r/3/1", "{userinfo}", "userinfo", 4, 0, 1, 1, 1, 5},
	        {"r/4/1", "{}", "token", -1, 1, 1, 1, 1, 6},
	        {"r/race/2/1", "{race}", "token", -1, 1, 2, 1, 3, 7},
	        {"r/race/2/2", "{race}", "token", -1, 0, 2, 2, 3, 7},
	        {"r/race/2/3", "{race}", "token", -1, 0, 2, 3, 3, 7},
	        {"r/again/2", "{again}", "token", 9, 0, 2, 1, 1, 10},
	        {"r/3/2", "{userinfo}", "userinfo", 10, 0, 2, 1, 1, 11},
	        {"r/4/2", "{}", "token", -1, 1, 2, 1, 1, 12},
	        {PLAN_JWKS, "{\"fetch\":\"jwks\"}", "jwks", -1, 0, 1, 1, 1, 13},
	};
	static const size_t firsts[] = {1, 4, 5, 6, 7, 10, 11, 12};
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("r", race_steps, 4)};
	struct suite s = {.scenarios = v, .n = 1};
	struct plan p;

	v[0].rounds = 2;
	plan_make(a, &s, &full, &p);
	ck_assert_uint_eq(p.n, sizeof want / sizeof *want);
	for (size_t i = 0; i < p.n; i++) {
		const struct planned *x = &p.exchanges[i];
		ck_assert_str_eq(x->key, want[i].key);
		ck_assert_str_eq(x->spec, want[i].spec);
		ck_assert_str_eq(x->kind, want[i].kind);
		ck_assert_msg(x->after == want[i].after && x->codes == want[i].codes && x->round == want[i].round &&
		                      x->member == want[i].member && x->times == want[i].times &&
		                      x->burst == want[i].burst,
		              "%s: after %ld, %d codes, round %d, member %d of %d, burst %zu", x->key, x->after,
		              x->codes, x->round, x->member, x->times, x->burst);
	}
	ck_assert_int_eq(p.scenarios[0].rounds, 2);
	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
		ck_assert_uint_eq(p.scenarios[0].exchanges[i], firsts[i]);
	ck_assert_int_eq(p.codes, 5);
	/* Rounds overlap. */
	ck_assert_int_eq(p.wait_s, 1);
}
END_TEST

/* One round or one request is not numbered, and steps that nothing joins begin at once. */
START_TEST(independent_steps)
{
	static struct step steps[] = {
	        {.redeem = {.ordinary = true}, .spec = "{}"},
	        {.name = "two", .redeem = {.ordinary = true}, .spec = "{}", .expects = clean, .nexpects = 1},
	};
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("several", steps, 2), scenario("rounds", ordinary_step, 1)};
	struct suite s = {.scenarios = v, .n = 2};
	struct plan p;

	v[1].rounds = 2;
	plan_make(a, &s, &full, &p);
	ck_assert_uint_eq(p.n, 6);
	/* `clean` wants the proof, too. */
	ck_assert_str_eq(p.exchanges[0].key, PLAN_ORDINARY);
	ck_assert_str_eq(p.exchanges[1].key, "several/1");
	ck_assert_str_eq(p.exchanges[2].key, "several/two");
	ck_assert_int_eq(p.exchanges[2].after, -1);
	ck_assert_str_eq(p.exchanges[3].key, "rounds/1/1");
	ck_assert_str_eq(p.exchanges[4].key, "rounds/1/2");
	ck_assert_int_eq(p.scenarios[0].rounds, 1);
	ck_assert_int_eq(p.codes, 5);
}
END_TEST

/* What asks for the proof of an ordinary success: a refusal by any of these words, in any step. */
START_TEST(refusals_bring_their_proof)
{
	static const struct {
		struct expect expect;
		bool proof;
	} rows[] = {
	        {{.subject = MATCH_DENIED}, true},
	        {{.subject = MATCH_CLEAN}, true},
	        {{.subject = MATCH_SUCCESSES}, true},
	        {{.subject = MATCH_STATUS}, false},
	        {{.check = true, .subject = MATCH_DENIED}, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arena_auto *a = arena_new();
		struct expect e[] = {rows[i].expect};
		struct step steps[] = {{.redeem = {.code = CODE_UNKNOWN}, .spec = "{}"},
		                       {.redeem = {.code = CODE_UNKNOWN}, .spec = "{}", .expects = e, .nexpects = 1}};
		struct scenario v[] = {scenario("s", steps, 2)};
		struct suite s = {.scenarios = v, .n = 1};
		struct plan p;
		plan_make(a, &s, &full, &p);
		ck_assert_uint_eq(p.n, rows[i].proof ? 4 : 3);
		ck_assert_int_eq(p.codes, rows[i].proof);
	}
}
END_TEST

START_TEST(a_burst_needs_connections)
{
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("r", race_steps, 4)};
	struct suite s = {.scenarios = v, .n = 1};
	struct target few = full;
	struct plan p;

	few.limits.connections = 3;
	plan_make(a, &s, &few, &p);
	ck_assert_ptr_null(p.scenarios[0].skip);
	few.limits.connections = 2;
	plan_make(a, &s, &few, &p);
	ck_assert_uint_eq(p.n, 0);
	ck_assert_str_eq(p.scenarios[0].skip,
	                 "it sends 3 requests at once, and the target file's 'limits.connections' allows 2");
}
END_TEST

START_TEST(what_the_target_cannot_is_skipped_with_the_reason)
{
	static const char *needs[] = {"userinfo_endpoint", NULL};
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("expired", expired_step, 1), scenario("ui", ordinary_step, 1)};
	struct suite s = {.scenarios = v, .n = 2};
	struct target bare = {.keys = {.public_key = "x"}};
	struct plan p;

	v[1].needs = needs;
	plan_make(a, &s, &bare, &p);
	ck_assert_uint_eq(p.n, 0);
	assert_contains(p.scenarios[0].skip, "codes.lifetime");
	assert_contains(p.scenarios[1].skip, "userinfo_endpoint");
}
END_TEST

START_TEST(the_same_input_gives_the_same_plan)
{
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("expired", expired_step, 1), scenario("replay", replay_steps, 2)};
	struct suite s = {.scenarios = v, .n = 2};
	struct plan p, q;

	plan_make(a, &s, &full, &p);
	plan_make(a, &s, &full, &q);
	ck_assert_uint_eq(p.n, q.n);
	for (size_t i = 0; i < p.n; i++) {
		ck_assert_str_eq(p.exchanges[i].key, q.exchanges[i].key);
		ck_assert_str_eq(p.exchanges[i].spec, q.exchanges[i].spec);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plan");
	TCase *t = tcase_create("all");

	tcase_add_test(t, observers_share_one_exchange);
	tcase_add_test(t, an_expired_code_waits_and_brings_its_proof);
	tcase_add_test(t, steps_follow_each_other_and_are_not_shared);
	tcase_add_test(t, rounds_of_bursts);
	tcase_add_test(t, independent_steps);
	tcase_add_test(t, refusals_bring_their_proof);
	tcase_add_test(t, a_burst_needs_connections);
	tcase_add_test(t, what_the_target_cannot_is_skipped_with_the_reason);
	tcase_add_test(t, the_same_input_gives_the_same_plan);
	suite_add_tcase(s, t);
	return testing_run(s);
}
