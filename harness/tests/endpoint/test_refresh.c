#include "window.h"

#include "core/limits.h"

/* Refresh tokens (RFC 6749 §6, OpenID Connect Core §12), and what a consumer's second token has of the first. */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

static void use_tenant(const char *fault)
{
	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, fault ? arena_printf(rig.a, "[\"%s\"]", fault) : NULL);
}

static const char *basic(const struct client *c)
{
	return rig_basic(&rig, c->id.p, c->secret.p);
}

static struct reply redeemed(void)
{
	struct reply reply = rig_redeem(&rig, rig_code(&rig, "{\"nonce\": \"n\", \"user\": \"B\"}"));

	ck_assert_int_eq(reply.status, 200);
	return reply;
}

static struct reply refresh(const char *token)
{
	return rig_token(&rig, basic(&rig.t->client),
	                 arena_printf(rig.a, "grant_type=refresh_token&refresh_token=%s", token));
}

static const char *refresh_token(const struct reply *reply)
{
	return rig_member(&rig, reply, "refresh_token");
}

static const char *claim(const struct reply *reply, const char *name)
{
	const char *token = rig_member(&rig, reply, "id_token");

	ck_assert_ptr_nonnull(token);
	return window_claim(&rig, sv_of(token), name);
}

static int userinfo(const struct reply *reply)
{
	return rig_get(&rig, "GET", "/userinfo",
	               arena_printf(rig.a, "Bearer %s", rig_member(&rig, reply, "access_token")))
	        .status;
}

static void assert_refused(const struct reply *reply, const char *error)
{
	ck_assert_msg(reply->status == 400, "%.*s", SV_ARG(reply->body));
	ck_assert_str_eq(rig_member(&rig, reply, "error"), error);
}

START_TEST(refresh_keeps_the_identity)
{
	static const char *const kept[] = {"iss", "sub", "aud", "azp", "auth_time", "email"};

	use_tenant(NULL);
	struct reply first = redeemed();
	rig.now_ms += 5000;
	struct reply second = refresh(refresh_token(&first));
	ck_assert_msg(second.status == 200, "%.*s", SV_ARG(second.body));
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		ck_assert_str_eq(claim(&second, kept[i]), claim(&first, kept[i]));
	ck_assert_str_eq(claim(&first, "nonce"), "\"n\"");
	ck_assert_ptr_null(claim(&second, "nonce"));
	ck_assert_str_eq(claim(&second, "iat"), "1800000005");
	ck_assert_str_ne(claim(&second, "jti"), claim(&first, "jti"));
	ck_assert_str_ne(claim(&second, "at_hash"), claim(&first, "at_hash"));
	ck_assert_str_ne(refresh_token(&second), refresh_token(&first));
	ck_assert_uint_ge(strlen(refresh_token(&second)), 43);
	ck_assert_int_eq(userinfo(&second), 200);
	ck_assert_int_eq(refresh(refresh_token(&second)).status, 200);
}
END_TEST

START_TEST(malformed_refresh_is_refused)
{
	static const struct {
		const char *form, *error;
	} rows[] = {
	        {"grant_type=refresh_token", "invalid_request"},
	        {"grant_type=refresh_token&refresh_token=", "invalid_request"},
	        {"grant_type=refresh_token&refresh_token=x", "invalid_grant"},
	        {"grant_type=refresh_token&refresh_token=x&refresh_token=x", "invalid_request"},
	        {"grant_type=Refresh_Token&refresh_token=x", "unsupported_grant_type"},
	};

	use_tenant(NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = rig_token(&rig, basic(&rig.t->client), rows[i].form);
		assert_refused(&reply, rows[i].error);
	}
	struct reply first = redeemed();
	ck_assert_int_eq(
	        rig_token(&rig, NULL,
	                  arena_printf(rig.a, "grant_type=refresh_token&refresh_token=%s", refresh_token(&first)))
	                .status,
	        401);
	/* neither that nor another client's try has used it up */
	struct reply other =
	        rig_token(&rig, basic(&rig.t->second),
	                  arena_printf(rig.a, "grant_type=refresh_token&refresh_token=%s", refresh_token(&first)));
	assert_refused(&other, "invalid_grant");
	ck_assert_int_eq(refresh(refresh_token(&first)).status, 200);
}
END_TEST

START_TEST(reuse_of_a_rotated_token_ends_the_family)
{
	use_tenant(NULL);
	struct reply first = redeemed(), other = redeemed(), second = refresh(refresh_token(&first));

	struct reply again = refresh(refresh_token(&first)), third = refresh(refresh_token(&second));
	assert_refused(&again, "invalid_grant");
	assert_refused(&third, "invalid_grant");
	ck_assert_int_eq(userinfo(&second), 401);
	ck_assert_int_eq(refresh(refresh_token(&other)).status, 200); /* another code's */
}
END_TEST

START_TEST(replayed_code_ends_its_refresh_token)
{
	use_tenant(NULL);
	const char *code = rig_code(&rig, NULL);
	struct reply first = rig_redeem(&rig, code);

	ck_assert_int_eq(rig_redeem(&rig, code).status, 400);
	struct reply reply = refresh(refresh_token(&first));
	assert_refused(&reply, "invalid_grant");
}
END_TEST

START_TEST(logout_ends_refresh_tokens)
{
	use_tenant(NULL);
	struct reply first = redeemed();
	const char *path = arena_printf(rig.a, "/control/tenants/%s/logout", rig.t->name);

	ck_assert_int_eq(rig_control(&rig, "POST", path, "{\"user\": \"A\"}").status, 204);
	struct reply second = refresh(refresh_token(&first));
	ck_assert_int_eq(second.status, 200);
	ck_assert_int_eq(rig_control(&rig, "POST", path, "{\"user\": \"B\"}").status, 204);
	struct reply third = refresh(refresh_token(&second));
	assert_refused(&third, "invalid_grant");
}
END_TEST

START_TEST(number_of_refresh_tokens_is_bounded)
{
	use_tenant("refresh-reusable");
	struct reply first = redeemed(), reply = first;

	for (int i = 1; i < LIMIT_GRANT_REFRESH_TOKENS; i++)
		reply = refresh(refresh_token(&reply));
	ck_assert_int_eq(refresh(refresh_token(&first)).status, 200);
	reply = refresh(refresh_token(&first)); /* the one too many */
	assert_refused(&reply, "invalid_grant");
}
END_TEST

/* --- switches -------------------------------------------------------------------------------------------------- */

static bool none_is_issued(void)
{
	struct reply first = redeemed(), reply = refresh("x");

	return !refresh_token(&first) && strcmp(rig_member(&rig, &reply, "error"), "unsupported_grant_type") == 0;
}

static bool other_client_may(void)
{
	struct reply first = redeemed();
	const char *form = arena_printf(rig.a, "grant_type=refresh_token&refresh_token=%s", refresh_token(&first));

	return rig_token(&rig, basic(&rig.t->encoded), form).status == 200;
}

static bool is_not_rotated(void)
{
	struct reply first = redeemed(), second = refresh(refresh_token(&first));

	return !refresh_token(&second) && refresh(refresh_token(&first)).status == 200;
}

static bool old_goes_on(void)
{
	struct reply first = redeemed(), second = refresh(refresh_token(&first));

	return refresh(refresh_token(&first)).status == 200 && refresh_token(&second) &&
	       refresh(refresh_token(&second)).status == 200;
}

/* Two requests that both arrive before either is answered. */
static bool two_at_once_succeed(void)
{
	struct reply first = redeemed(), waiting[2], given[2];
	const char *authorization = basic(&rig.t->client);
	struct request q = {
	        .method = SV("POST"),
	        .path = sv_of(arena_printf(rig.a, "/brands/%s/token", rig.t->name)),
	        .body = sv_of(arena_printf(rig.a, "grant_type=refresh_token&refresh_token=%s", refresh_token(&first)))};

	rig_header(&q, "Content-Type", "application/x-www-form-urlencoded");
	rig_header(&q, "Authorization", authorization);
	for (int i = 0; i < 2; i++)
		brand_answer(rig.b, rig.a, &q, rig.now_ms, &waiting[i]);
	if (!waiting[0].again_after_ms || !waiting[1].again_after_ms)
		return false;
	for (int i = 0; i < 2; i++)
		brand_answer_again(rig.b, rig.a, &q, rig.now_ms + 1, &given[i]);
	ck_assert_int_eq(refresh(refresh_token(&first)).status, 400);
	return refresh(refresh_token(&given[0])).status == 200 && refresh(refresh_token(&given[1])).status == 200;
}

/* A claim of the first token, and whether another one has it otherwise. */
static bool refresh_changes(const char *name)
{
	struct reply first = redeemed();

	rig.now_ms += 2000;
	struct reply second = refresh(refresh_token(&first));
	return strcmp(claim(&first, name), claim(&second, name)) != 0;
}

static bool sub_changes(void)
{
	return refresh_changes("sub");
}

static bool aud_changes(void)
{
	return refresh_changes("aud");
}

static bool auth_time_changes(void)
{
	return refresh_changes("auth_time");
}

static bool times_are_frozen(void)
{
	struct reply first = redeemed(), other = rig_redeem(&rig, rig_code(&rig, NULL));

	rig.now_ms += 2000;
	struct reply second = redeemed();
	ck_assert_str_ne(claim(&first, "jti"), claim(&second, "jti"));
	ck_assert_str_ne(claim(&first, "sub"), claim(&other, "sub"));
	return strcmp(claim(&first, "iat"), claim(&second, "iat")) == 0 &&
	       strcmp(claim(&first, "exp"), claim(&second, "exp")) == 0;
}

static bool second_has_another_aud(void)
{
	struct reply first = redeemed(), second = redeemed();

	ck_assert_str_eq(claim(&first, "aud"), arena_printf(rig.a, "\"%s\"", rig.t->client.id.p));
	ck_assert_str_eq(claim(&second, "azp"), claim(&first, "azp"));
	return strcmp(claim(&first, "aud"), claim(&second, "aud")) != 0;
}

static bool second_has_another_auth_time(void)
{
	struct reply first = redeemed(), second = redeemed();

	ck_assert_str_eq(claim(&first, "auth_time"), "1800000000");
	return strcmp(claim(&second, "auth_time"), "1799999940") == 0;
}

static const struct {
	const char *fault;
	bool (*shows)(void);
} stories[] = {
        {"no-refresh-tokens", none_is_issued},
        {"refresh-any-client", other_client_may},
        {"refresh-not-rotated", is_not_rotated},
        {"refresh-reusable", old_goes_on},
        {"refresh-not-atomic", two_at_once_succeed},
        {"refresh-other-sub", sub_changes},
        {"refresh-other-aud", aud_changes},
        {"refresh-new-auth-time", auth_time_changes},
        {"frozen-times", times_are_frozen},
        {"renewed-other-aud", second_has_another_aud},
        {"renewed-other-auth-time", second_has_another_auth_time},
};
#define STORIES (sizeof stories / sizeof *stories)

START_TEST(switch_changes_the_story)
{
	use_tenant(stories[_i].fault);
	ck_assert_msg(stories[_i].shows(), "%s does not show", stories[_i].fault);
	use_tenant(NULL);
	ck_assert_msg(!stories[_i].shows(), "the healthy brand shows %s", stories[_i].fault);
}
END_TEST

#define NAME_OF_SWITCH(id, name, text) name,
static const char *const all[] = {FAULTS_REFRESH(NAME_OF_SWITCH) FAULTS_RENEW(NAME_OF_SWITCH)};

START_TEST(every_switch_is_tested)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t at = 0;
		while (at < STORIES && strcmp(stories[at].fault, all[i]) != 0)
			at++;
		ck_assert_msg(at < STORIES, "no test for '%s'", all[i]);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("refresh");
	TCase *t = tcase_create("healthy"), *b = tcase_create("switches");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_add_test(t, refresh_keeps_the_identity);
	tcase_add_test(t, malformed_refresh_is_refused);
	tcase_add_test(t, reuse_of_a_rotated_token_ends_the_family);
	tcase_add_test(t, replayed_code_ends_its_refresh_token);
	tcase_add_test(t, logout_ends_refresh_tokens);
	tcase_add_test(t, number_of_refresh_tokens_is_bounded);
	suite_add_tcase(s, t);
	tcase_add_unchecked_fixture(b, set_up, tear_down);
	tcase_add_loop_test(b, switch_changes_the_story, 0, STORIES);
	tcase_add_test(b, every_switch_is_tested);
	suite_add_tcase(s, b);
	return testing_run(s);
}
