#include "rig.h"

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

/* --- userinfo, keys, discovery --------------------------------------------------------------------------------- */

START_TEST(userinfo_wants_a_good_token)
{
	struct reply issued = rig_redeem(&rig, rig_code(&rig, "{\"user\": \"B\"}"));
	const char *token = rig_member(&rig, &issued, "access_token");
	const char *bearer = arena_printf(rig.a, "Bearer %s", token);
	const struct {
		const char *method, *authorization;
		int status;
		const char *challenge;
	} rows[] = {
	        {"GET", bearer, 200, NULL},
	        {"POST", bearer, 200, NULL},
	        {"HEAD", bearer, 200, NULL},
	        {"GET", arena_printf(rig.a, "bearer  %s", token), 200, NULL},
	        {"DELETE", bearer, 405, NULL},
	        {"GET", NULL, 401, "Bearer realm=\"userinfo\""},
	        {"GET", "Bearer", 401, "Bearer realm=\"userinfo\", error=\"invalid_token\""},
	        {"GET", arena_printf(rig.a, "%sx", bearer), 401, "error=\"invalid_token\""},
	        {"GET", arena_printf(rig.a, "Bearer %s", rig_member(&rig, &issued, "id_token")), 401, "invalid_token"},
	        {"GET", arena_printf(rig.a, "Basic %s", token), 401, "invalid_token"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct reply reply = rig_get(&rig, rows[i].method, "/userinfo", rows[i].authorization);
		ck_assert_int_eq(reply.status, rows[i].status);
		if (rows[i].challenge)
			assert_contains(rig_reply_header(&reply, "WWW-Authenticate").p, rows[i].challenge);
		if (!rows[i].authorization) /* no error code for a request without a token: RFC 6750 §3.1 */
			assert_sv_eq(rig_reply_header(&reply, "WWW-Authenticate"), sv_of(rows[i].challenge));
		if (reply.status == 200)
			ck_assert_str_eq(rig_member(&rig, &reply, "email"), "erik.lind@example.org");
	}
	rig.now_ms += (int64_t)BRAND_TOKEN_LIFETIME_S * 1000;
	ck_assert_int_eq(rig_get(&rig, "GET", "/userinfo", bearer).status, 401);
}
END_TEST

START_TEST(discovery_names_this_tenant)
{
	struct reply reply = rig_get(&rig, "GET", "/.well-known/openid-configuration", NULL);

	ck_assert_int_eq(reply.status, 200);
	ck_assert_str_eq(rig_member(&rig, &reply, "issuer"), "https://127.0.0.1:1/brands/t1");
	ck_assert_str_eq(rig_member(&rig, &reply, "token_endpoint"), "https://127.0.0.1:1/brands/t1/token");
	ck_assert_str_eq(rig_member(&rig, &reply, "jwks_uri"), "https://127.0.0.1:1/brands/t1/jwks");
	ck_assert_int_eq(rig_get(&rig, "POST", "/.well-known/openid-configuration", NULL).status, 405);
	ck_assert_int_eq(rig_get(&rig, "POST", "/jwks", NULL).status, 405);
	ck_assert_int_eq(rig_get(&rig, "GET", "/jwk", NULL).status, 404);
}
END_TEST

START_TEST(other_paths_lead_nowhere)
{
	static const char *const paths[] = {"/",
	                                    "/brands",
	                                    "/brands/",
	                                    "/brands/t1",
	                                    "/brands/t01/token",
	                                    "/brands/t2/token",
	                                    "/brands/t/token",
	                                    "/brands//token",
	                                    "/brands/t1x/token",
	                                    "/brands/t18446744073709551617/token",
	                                    "/brands/t0/token",
	                                    "/controlled",
	                                    "/brands/t1/token/",
	                                    "/brands/t1//token"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct request q = {.method = SV("GET"), .path = sv_of(paths[i])};
		ck_assert_msg(rig_send(&rig, &q).status == 404, "%s", paths[i]);
	}
}
END_TEST

/* --- control API ----------------------------------------------------------------------------------------------- */

static const struct {
	const char *method, *path, *body;
	int status;
	const char *error;
} controls[] = {
        {"POST", "/control/tenants", "", 201, NULL},
        {"POST", "/control/tenants", "{\"faults\": null, \"code_lifetime\": null}", 201, NULL},
        {"POST", "/control/tenants", "{\"faults\": [{\"sign\": \"none\"}], \"code_lifetime\": 5}", 201, NULL},
        {"POST", "/control/tenants", "{\"faults\": [{\"sign\": \"nome\"}]}", 400,
         "unknown value of 'sign' 'nome', did you mean 'none'?"},
        {"POST", "/control/tenants", "{\"faults\": \"none\"}", 400, "faults are a list"},
        {"POST", "/control/tenants", "{\"fault\": []}", 400, "unknown member 'fault', did you mean 'faults'?"},
        {"POST", "/control/tenants", "{\"code_lifetime\": 0}", 400,
         "'code_lifetime' wants a whole number of seconds from 1 to 3600"},
        {"POST", "/control/tenants", "{\"code_lifetime\": \"2\"}", 400, "'code_lifetime' wants a whole number"},
        {"POST", "/control/tenants", "[]", 400, "the body has to be a JSON object"},
        {"POST", "/control/tenants", "{", 400, "the body is not JSON"},
        {"POST", "/control/tenants", "{\"faults\": [], \"faults\": []}", 400, "the body is not JSON"},
        {"GET", "/control/tenants", "", 405, "invalid_request"},
        {"GET", "/control", "", 404, "there is nothing here"},
        {"POST", "/control/tenants/", "", 404, "there is nothing here"},
        {"POST", "/control/tenants/t1/codes/", "", 404, "there is nothing here"},
        {"POST", "/control/tenants/t99/codes", "", 404, "there is nothing here"},
        {"POST", "/control/tenants/t1/code", "", 404, "there is nothing here"},
        {"GET", "/control/tenants/t1/codes", "", 405, "invalid_request"},
        {"GET", "/control/tenants/t1", "", 405, "invalid_request"},
        {"DELETE", "/control/tenants/t99", "", 404, "there is nothing here"},
        {"POST", "/control/tenants/t1/codes", "{\"user\": \"C\"}", 400, "'user' is A or B"},
        {"POST", "/control/tenants/t1/codes", "{\"client\": \"encoded\", \"user\": \"B\"}", 201, NULL},
        {"POST", "/control/tenants/t1/codes", "{\"client\": \"second\"}", 400, "'client' is encoded, or left out"},
        {"POST", "/control/tenants/t1/codes", "{\"user\": 1}", 400, "'user' wants a string"},
        {"POST", "/control/tenants/t1/codes", "{\"nonce\": \"a\\u0000b\"}", 400, "'nonce' wants a string"},
        {"POST", "/control/tenants/t1/codes", "{\"nonce\": \"\"}", 400, "'nonce' wants a string of 1 to 2048 bytes"},
        {"POST", "/control/tenants/t1/codes", "{\"redirect_url\": \"x\"}", 400,
         "unknown member 'redirect_url', did you mean 'redirect_uri'?"},
        {"POST", "/control/tenants/t1/codes", "{\"code_challenge\": \"short\"}", 400,
         "'code_challenge' wants 43 to 128"},
        {"POST", "/control/tenants/t1/codes", "{\"code_challenge_method\": \"S256\"}", 400, "needs a 'code_challenge'"},
        {"POST", "/control/tenants/t1/codes",
         "{\"code_challenge\": \"" RIG_CHALLENGE "\", \"code_challenge_method\": \"s256\"}", 400,
         "'code_challenge_method' is S256 or plain"},
};

START_TEST(control_request_gets_its_answer)
{
	struct reply reply = rig_control(&rig, controls[_i].method, controls[_i].path, controls[_i].body);

	ck_assert_msg(reply.status == controls[_i].status, "%s: %d %.*s", controls[_i].body, reply.status,
	              SV_ARG(reply.body));
	if (controls[_i].error)
		assert_contains(rig_member(&rig, &reply, "error"), controls[_i].error);
}
END_TEST

START_TEST(control_wants_its_token)
{
	static const char *const wrong[] = {NULL,     "Bearer", "Bearer x", "Bearer " RIG_TOKEN "x", "Basic " RIG_TOKEN,
	                                    RIG_TOKEN};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct request q = {.method = SV("POST"), .path = SV("/control/tenants")};
		if (wrong[i])
			rig_header(&q, "Authorization", wrong[i]);
		struct reply reply = rig_send(&rig, &q);
		ck_assert_int_eq(reply.status, 401);
		assert_contains(rig_reply_header(&reply, "WWW-Authenticate").p, "Bearer");
	}
}
END_TEST

/* The fault that gives the first client such a secret, and leaves the others alone. */
START_TEST(special_secret)
{
	struct reply made = rig_control(&rig, "POST", "/control/tenants", "{\"faults\": [\"special-client-secret\"]}");

	ck_assert_int_eq(made.status, 201);
	assert_contains(rig_member(&rig, &made, "client_secret"), ":+/%= &\xc3\xa9\"");
	ck_assert_str_ne(rig_member(&rig, &made, "client_secret"), rig_member(&rig, &made, "encoded_client_secret"));
	ck_assert_ptr_null(strpbrk(rig_member(&rig, &made, "client_id"), ":+/%= &"));
	ck_assert_ptr_null(strpbrk(rig_member(&rig, &made, "second_client_secret"), ":+/%= &"));
}
END_TEST

START_TEST(tenant_comes_and_goes)
{
	struct reply made = rig_control(&rig, "POST", "/control/tenants", "{\"code_lifetime\": 7}");
	const char *name = rig_member(&rig, &made, "tenant");
	const char *own = arena_printf(rig.a, "/control/tenants/%s", name);

	ck_assert_int_eq(made.status, 201);
	ck_assert_str_eq(rig_member(&rig, &made, "control_url"), arena_printf(rig.a, "https://127.0.0.1:1%s", own));
	ck_assert_str_eq(rig_member(&rig, &made, "redirect_uri"), "https://liveperson.net");
	ck_assert_ptr_null(strpbrk(rig_member(&rig, &made, "client_secret"), ":+/%= &"));
	ck_assert_ptr_null(strpbrk(rig_member(&rig, &made, "second_client_secret"), ":+/%= &"));
	assert_contains(rig_member(&rig, &made, "encoded_client_secret"), ":+/%= &\xc3\xa9\"");
	ck_assert_str_ne(rig_member(&rig, &made, "second_client_id"), rig_member(&rig, &made, "client_id"));
	ck_assert_str_ne(rig_member(&rig, &made, "second_client_id"), rig_member(&rig, &made, "encoded_client_id"));
	ck_assert_ptr_null(rig_member(&rig, &made, "decryption_key"));
	struct reply code = rig_control(&rig, "POST", arena_printf(rig.a, "%s/codes", own), "{\"nonce\": \"n\"}");
	json_auto_t *facts = rig_json(&code);
	ck_assert_int_eq(json_integer_value(json_object_get(facts, "expires_in")), 7);
	ck_assert_str_eq(json_string_value(json_object_get(facts, "nonce")), "n");
	ck_assert_int_eq(rig_control(&rig, "DELETE", own, "").status, 204);
	ck_assert_int_eq(rig_control(&rig, "DELETE", own, "").status, 404);
	ck_assert_ptr_null(brand_tenant(rig.b, sv_of(name)));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("provider");
	TCase *p = tcase_create("provider"), *c = tcase_create("control");

	tcase_add_unchecked_fixture(p, set_up, tear_down);
	tcase_add_test(p, userinfo_wants_a_good_token);
	tcase_add_test(p, discovery_names_this_tenant);
	tcase_add_test(p, other_paths_lead_nowhere);
	suite_add_tcase(s, p);
	tcase_add_unchecked_fixture(c, set_up, tear_down);
	tcase_add_loop_test(c, control_request_gets_its_answer, 0, sizeof controls / sizeof *controls);
	tcase_add_test(c, control_wants_its_token);
	tcase_add_test(c, tenant_comes_and_goes);
	tcase_add_test(c, special_secret);
	suite_add_tcase(s, c);
	return testing_run(s);
}
