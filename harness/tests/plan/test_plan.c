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
         .expects = denial,
         .nexpects = 1},
};

static struct scenario scenario(const char *id, struct step *steps, size_t n)
{
	return (struct scenario){.suite = "s", .id = id, .steps = steps, .nsteps = n};
}

static const struct target full = {.codes = {.lifetime_s = 10, .margin_s = 5}, .keys = {.jwks_uri = "https://x/jwks"}};

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
	tcase_add_test(t, what_the_target_cannot_is_skipped_with_the_reason);
	tcase_add_test(t, the_same_input_gives_the_same_plan);
	suite_add_tcase(s, t);
	return testing_run(s);
}
