/* The kinds of steps beside `redeem`: what they share, take and wait for. */
#include <string.h>

#include "plan/plan.h"
#include "testing.h"

static struct expect claims[] = {{.subject = MATCH_CLAIM}};

#define STEP(which, ...)                                                                     \
	{                                                                                    \
		.kind = (which), .spec = "{}", .expects = claims, .nexpects = 1, __VA_ARGS__ \
	}

static struct scenario scenario(const char *id, struct step *steps, size_t n)
{
	return (struct scenario){.suite = "s", .id = id, .steps = steps, .nsteps = n};
}

static const struct target bare = {
        .limits = {.connections = 8}, .code_margin_s = 5, .authorization = {.endpoint = "x", .code = true}};

/* One step by itself: twice, so that what is shared shows. */
static const struct {
	struct step step;
	const char *key, *spec, *kind; /* key NULL: one of its own each */
	int codes, tokens, logins;
} alone[] = {
        {STEP(STEP_AUTHORIZE, .authorize = {.ordinary = true}), "authorize", "{\"authorize\":{}}", "authorize", 0, 0,
         1},
        {STEP(STEP_AUTHORIZE, .authorize = {.ordinary = true, .response_type = "id_token"}), "authorize-id_token",
         "{\"authorize\":{\"response_type\":\"id_token\"}}", "authorize", 0, 0, 1},
        {STEP(STEP_AUTHORIZE, .authorize = {.ordinary = true, .response_type = "token"}), "authorize-token",
         "{\"authorize\":{\"response_type\":\"token\"}}", "authorize", 0, 0, 1},
        {STEP(STEP_AUTHORIZE, .authorize = {.session = SESSION_DENY}), NULL, NULL, "authorize", 0, 0, 2},
        {STEP(STEP_AUTHORIZE, .authorize = {.session = SESSION_NONE}), NULL, NULL, "authorize", 0, 0, 0},
        {STEP(STEP_AUTHORIZE, .authorize = {.session = SESSION_KEPT}), NULL, NULL, "authorize", 0, 0, 0},
        {STEP(STEP_AUTHORIZE, .authorize = {.second_consumer = true}), NULL, NULL, "authorize", 0, 0, 2},
        {STEP(STEP_AUTHORIZE, .authorize = {.ordinary = true}, .wait_ms = 1), NULL, NULL, "authorize", 0, 0, 2},
        {STEP(STEP_TOKEN), "handover", "{\"token\":{}}", "handover", 0, 1, 0},
        {STEP(STEP_TOKEN, .second_consumer = true), NULL, NULL, "handover", 0, 2, 0},
        {STEP(STEP_HANDSHAKE), "handshake", "{\"handshake\":{}}", "handshake", 0, 0, 0},
        {STEP(STEP_HANDSHAKE, .handshake = {.version = HANDSHAKE_TLS_1_1}), NULL, NULL, "handshake", 0, 0, 0},
        {STEP(STEP_HANDSHAKE, .handshake = {.weak_ciphers = true}), NULL, NULL, "handshake", 0, 0, 0},
        {STEP(STEP_FETCH, .fetch = FETCHED_DISCOVERY), PLAN_DISCOVERY, "{\"fetch\":\"discovery\"}", "discovery", 0, 0,
         0},
        {STEP(STEP_FETCH, .fetch = FETCHED_JWKS), PLAN_JWKS, "{\"fetch\":\"jwks\"}", "jwks", 0, 0, 0},
        {STEP(STEP_USERINFO), NULL, NULL, "userinfo", 0, 0, 0},
        {STEP(STEP_LOGOUT), NULL, NULL, "logout", 0, 0, 0},
        {STEP(STEP_REDEEM, .redeem = {.ordinary = true}), PLAN_ORDINARY, PLAN_ORDINARY_SPEC, "token", 1, 0, 0},
        {STEP(STEP_REDEEM, .redeem = {.plain_http = true, .code = CODE_UNKNOWN}), NULL, NULL, "token", 0, 0, 0},
};

START_TEST(one_step)
{
	arena_auto *a = arena_new();
	struct step step = alone[_i].step;
	struct scenario v[] = {scenario("a", &step, 1), scenario("b", &step, 1)};
	struct suite s = {.scenarios = v, .n = 2};
	struct plan p;

	plan_make(a, &s, &bare, &p);
	ck_assert_uint_eq(p.n, alone[_i].key ? 1 : 2);
	ck_assert_str_eq(p.exchanges[0].key, alone[_i].key ? alone[_i].key : "a/1");
	ck_assert_str_eq(p.exchanges[0].spec, alone[_i].spec ? alone[_i].spec : "{}");
	ck_assert_str_eq(p.exchanges[0].kind, alone[_i].kind);
	ck_assert_ptr_eq(p.exchanges[0].owner, alone[_i].key ? NULL : &v[0]);
	ck_assert_ptr_nonnull(p.exchanges[0].step);
	ck_assert_int_eq(p.exchanges[0].step->kind, step.kind);
	ck_assert_int_eq(p.exchanges[0].step->fetch, step.fetch);
	ck_assert_pstr_eq(p.exchanges[0].step->authorize.response_type, step.authorize.response_type);
	ck_assert_int_eq(p.exchanges[0].last, step.kind == STEP_LOGOUT);
	ck_assert_uint_eq(p.scenarios[1].exchanges[0], alone[_i].key ? 0 : 1);
	ck_assert_int_eq(p.codes, alone[_i].codes);
	ck_assert_int_eq(p.tokens, alone[_i].tokens);
	ck_assert_int_eq(p.logins, alone[_i].logins);
	ck_assert_int_eq(p.scenarios[0].codes, 0);
}
END_TEST

/* In company or in rounds, only documents are shared. */
START_TEST(several_steps)
{
	static const char *const keys[] = {"s/1/1", "s/2/1", "s/3/1", PLAN_JWKS, "s/1/2", "s/2/2", "s/3/2"};
	struct step steps[] = {
	        STEP(STEP_AUTHORIZE, .authorize = {.ordinary = true}),
	        STEP(STEP_TOKEN),
	        STEP(STEP_HANDSHAKE),
	        STEP(STEP_FETCH, .fetch = FETCHED_JWKS),
	};
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("s", steps, 4)};
	struct suite s = {.scenarios = v, .n = 1};
	struct target t = bare;
	struct plan p;

	t.keys.jwks_uri = "https://x/jwks";
	v[0].rounds = 2;
	plan_make(a, &s, &t, &p);
	ck_assert_uint_eq(p.n, sizeof keys / sizeof *keys);
	for (size_t i = 0; i < p.n; i++)
		ck_assert_str_eq(p.exchanges[i].key, keys[i]);
	ck_assert_uint_eq(p.scenarios[0].exchanges[3], 3);
	ck_assert_uint_eq(p.scenarios[0].exchanges[7], 3);
	ck_assert_int_eq(p.tokens, 2);
	ck_assert_int_eq(p.logins, 2);
}
END_TEST

/* Documents that nobody asked for come last and have no step. */
START_TEST(documents_beside)
{
	static const char *needs[] = {"pkce", NULL};
	struct step step = STEP(STEP_HANDSHAKE);
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("s", &step, 1)};
	struct suite s = {.scenarios = v, .n = 1};
	struct target t = bare;
	struct plan p;

	t.keys.jwks_uri = "https://x/jwks";
	t.discovery = true;
	plan_make(a, &s, &t, &p);
	ck_assert_uint_eq(p.n, 3);
	ck_assert_str_eq(p.exchanges[1].key, PLAN_JWKS);
	ck_assert_str_eq(p.exchanges[2].key, PLAN_DISCOVERY);
	ck_assert_ptr_null(p.exchanges[1].step);
	ck_assert_ptr_null(p.exchanges[2].step);
	/* … and not at all when nothing applies. */
	v[0].needs = needs;
	plan_make(a, &s, &t, &p);
	ck_assert_uint_eq(p.n, 0);
}
END_TEST

/* A code of an authorization response is not one of the source; all of a scenario that logs out comes last. */
START_TEST(a_chain_with_a_logout)
{
	struct step steps[] = {
	        STEP(STEP_AUTHORIZE, .authorize = {.ordinary = true}),
	        STEP(STEP_REDEEM, .redeem = {.code = CODE_TEXT}, .follows = true),
	        STEP(STEP_LOGOUT, .follows = true),
	        STEP(STEP_AUTHORIZE, .authorize = {.session = SESSION_KEPT}, .follows = true, .wait_ms = 2000),
	        STEP(STEP_FETCH, .fetch = FETCHED_JWKS),
	};
	struct step other = STEP(STEP_REDEEM, .redeem = {.code = CODE_UNKNOWN});
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("chain", steps, 5), scenario("other", &other, 1)};
	struct suite s = {.scenarios = v, .n = 2};
	struct plan p;

	plan_make(a, &s, &bare, &p);
	ck_assert_uint_eq(p.n, 6);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(p.exchanges[i].after, (long)i - 1);
		ck_assert(p.exchanges[i].last);
	}
	ck_assert(!p.exchanges[4].last && !p.exchanges[5].last);
	ck_assert_int_eq(p.codes, 0);
	ck_assert_int_eq(p.logins, 1);
	ck_assert_int_eq(p.wait_s, 2);
}
END_TEST

/* Each code or token that comes through the login is one, too. */
START_TEST(logins_of_sources)
{
	struct step steps[] = {
	        STEP(STEP_REDEEM),
	        STEP(STEP_REDEEM, .redeem = {.times = 3}),
	        STEP(STEP_REDEEM, .redeem = {.code = CODE_NONE}),
	        STEP(STEP_TOKEN),
	};
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("s", steps, 4)};
	struct suite s = {.scenarios = v, .n = 1};
	struct target t = bare;
	struct plan p;

	t.codes.from = FROM_AUTHORIZE;
	plan_make(a, &s, &t, &p);
	ck_assert_int_eq(p.codes, 2);
	ck_assert_int_eq(p.scenarios[0].codes, 2);
	ck_assert_int_eq(p.logins, 2);
	t.tokens.from = FROM_AUTHORIZE;
	plan_make(a, &s, &t, &p);
	ck_assert_int_eq(p.tokens, 1);
	ck_assert_int_eq(p.logins, 3);
}
END_TEST

START_TEST(an_expired_code_that_is_given)
{
	struct step step = STEP(STEP_REDEEM, .redeem = {.code = CODE_EXPIRED});
	arena_auto *a = arena_new();
	struct scenario v[] = {scenario("s", &step, 1)};
	struct suite s = {.scenarios = v, .n = 1};
	struct target t = bare;
	struct plan p;

	plan_make(a, &s, &t, &p);
	assert_contains(p.scenarios[0].skip, "neither 'codes.lifetime' nor 'codes.expired_code'");
	t.code_lifetime_s = 10;
	plan_make(a, &s, &t, &p);
	ck_assert_ptr_null(p.scenarios[0].skip);
	ck_assert_int_eq(p.codes, 1);
	ck_assert_int_eq(p.scenarios[0].codes, 1);
	ck_assert_int_eq(p.wait_s, 15);
	/* With or without a lifetime. */
	t.expired_code = "old";
	for (int i = 0; i < 2; i++) {
		plan_make(a, &s, &t, &p);
		ck_assert_ptr_null(p.scenarios[0].skip);
		ck_assert_int_eq(p.codes, 0);
		ck_assert_int_eq(p.wait_s, 0);
		t.code_lifetime_s = 0;
	}
}
END_TEST

/* A brand that has no response type `code` is not asked for one. */
START_TEST(no_codes_there)
{
	arena_auto *a = arena_new();
	struct step step = {.kind = STEP_AUTHORIZE, .spec = "{}"};
	struct scenario one = {.id = "one", .steps = &step, .nsteps = 1};
	struct suite s = {.scenarios = &one, .n = 1};
	struct target t = bare;
	struct plan p;

	t.authorization.code = false;
	plan_make(a, &s, &t, &p);
	ck_assert_str_eq(p.scenarios[0].skip, "the target file does not say 'authorization.response_types: [code]', "
	                                      "which this scenario needs");
	step.authorize.response_type = "id_token";
	plan_make(a, &s, &t, &p);
	ck_assert_ptr_null(p.scenarios[0].skip);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("plan of flows");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, one_step, 0, sizeof alone / sizeof *alone);
	tcase_add_test(t, several_steps);
	tcase_add_test(t, documents_beside);
	tcase_add_test(t, a_chain_with_a_logout);
	tcase_add_test(t, logins_of_sources);
	tcase_add_test(t, an_expired_code_that_is_given);
	tcase_add_test(t, no_codes_there);
	suite_add_tcase(s, t);
	return testing_run(s);
}
