/* Which kind of code a step asks its source for, and the proof that goes with it. */

#include "exchange/pkce.h"
#include "rig.h"

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

/* RFC 7636 Appendix B */
START_TEST(test_challenge)
{
	arena_auto *a = arena_new();
	struct err e = {0};

	ck_assert_str_eq(pkce_challenge(a, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", &e),
	                 "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}
END_TEST

static const struct {
	enum target_pkce target;
	struct redeem redeem;
	size_t length; /* of the verifier; 0: no challenge */
} rows[] = {
        {PKCE_NONE, {0}, 0},
        {PKCE_S256, {0}, 43},
        {PKCE_BOTH, {0}, 43},
        {PKCE_BOTH, {.verifier_length = 128}, 128},
        {PKCE_BOTH, {.verifier_length = 65, .pkce = SEND_PKCE_S256}, 65},
        {PKCE_BOTH, {.pkce = SEND_PKCE_NONE}, 0},
        {PKCE_NONE, {.pkce = SEND_PKCE_NONE}, 0},
        {PKCE_NONE, {.second_consumer = true}, 0},
        {PKCE_S256, {.encoded_client = true}, 43},
};

START_TEST(test_wish)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct redeem redeem = rows[_i].redeem;
	struct err e = {0};

	r->target.pkce = rows[_i].target;
	r->target.encoded_client = (struct client_credentials){"enc", "%"};
	rig_step(r, redeem);
	rig_step(r, redeem);
	rig_drive(r, 1);
	for (size_t i = 0; i < 2; i++) {
		const struct code_wish *wish = &r->wishes[i];
		const char *verifier = rig_x(r, i)->code.code_verifier;
		struct sv body = loopback_at(r->server, i)->body;
		ck_assert_int_eq(wish->second_consumer, redeem.second_consumer);
		ck_assert_int_eq(wish->encoded_client, redeem.encoded_client);
		ck_assert_int_eq(wish->without_challenge, redeem.pkce == SEND_PKCE_NONE);
		if (rows[_i].length == 0) {
			ck_assert_ptr_null(wish->code_challenge);
			ck_assert_ptr_null(verifier);
			ck_assert_int_lt(sv_find(body, SV("code_verifier")), 0);
			continue;
		}
		ck_assert_uint_eq(strlen(verifier), rows[_i].length);
		ck_assert_str_eq(wish->code_challenge, pkce_challenge(r->a, verifier, &e));
		ck_assert(sv_ends(body, sv_of(arena_printf(r->a, "&code_verifier=%s", verifier))));
	}
	if (rows[_i].length)
		ck_assert_str_ne(rig_x(r, 0)->code.code_verifier, rig_x(r, 1)->code.code_verifier);
	rig_free(r);
}
END_TEST

/* A source that made its own challenge gives the verifier, and that is what is sent. */
START_TEST(test_own_verifier)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.pkce = PKCE_S256;
	r->facts.code_verifier = "its-own";
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_str_eq(rig_x(r, 0)->code.code_verifier, "its-own");
	ck_assert(sv_ends(loopback_at(r->server, 0)->body, SV("&code_verifier=its-own")));
	rig_free(r);
}
END_TEST

/* A code with a challenge is not what was asked for: nothing could be learned from it. */
START_TEST(test_unwanted_verifier)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->facts.code_verifier = "its-own";
	rig_step(r, (struct redeem){.pkce = SEND_PKCE_NONE});
	rig_alone(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_CODE);
	ck_assert_str_eq(rig_x(r, 0)->trouble,
	                 "the code source 'rig' gave a code with a code_verifier, and one without PKCE was asked for");
	ck_assert_int_eq(rig_x(r, 1)->status, 200);
	rig_free(r);
}
END_TEST

/* An unknown code comes with a verifier, too, or a brand would refuse it for want of one. */
START_TEST(test_unknown)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.pkce = PKCE_BOTH;
	rig_step(r, (struct redeem){.code = CODE_UNKNOWN});
	rig_step(r, (struct redeem){.code = CODE_UNKNOWN, .pkce = SEND_PKCE_NONE});
	rig_drive(r, 1);
	ck_assert_uint_eq(strlen(rig_x(r, 0)->code.code_verifier), 43);
	ck_assert_int_ge(sv_find(loopback_at(r->server, 0)->body, SV("&code_verifier=")), 0);
	ck_assert_int_lt(sv_find(loopback_at(r->server, 1)->body, SV("code_verifier")), 0);
	ck_assert_int_eq(r->asked, 0);
	rig_free(r);
}
END_TEST

/* The values that come with the code are there for templates, of which none spends a code that it cannot use. */
START_TEST(test_templates)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct err e = {0};

	r->target.pkce = PKCE_BOTH;
	rig_alone(r, (struct redeem){.body = "{code_verifier} {code_challenge}"});
	rig_alone(r, (struct redeem){.body = "{code_verifier}", .pkce = SEND_PKCE_NONE});
	rig_drive(r, 1);
	const char *verifier = rig_x(r, 0)->code.code_verifier;
	assert_sv_eq(loopback_at(r->server, 0)->body,
	             sv_of(arena_printf(r->a, "%s %s", verifier, pkce_challenge(r->a, verifier, &e))));
	ck_assert_int_eq(rig_x(r, 1)->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(rig_x(r, 1)->trouble, "'{code_verifier}' has no value here");
	ck_assert_int_eq(r->run.codes_spent, 1);
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("wishes");
	TCase *c = tcase_create("wishes");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_challenge);
	tcase_add_loop_test(c, test_wish, 0, sizeof rows / sizeof *rows);
	tcase_add_test(c, test_own_verifier);
	tcase_add_test(c, test_unwanted_verifier);
	tcase_add_test(c, test_unknown);
	tcase_add_test(c, test_templates);
	suite_add_tcase(s, c);
	return testing_run(s);
}
