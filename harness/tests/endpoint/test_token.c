#include "ask.h"

#include "core/limits.h"
#include "endpoint/params.h"

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

/* --- request → status and error -------------------------------------------------------------------------------- */

#define FORM ASK_FORM
#define GRANT ASK_GRANT
#define GOOD ASK_GOOD
#define S256 "{\"code_challenge\": \"" RIG_CHALLENGE "\", \"code_challenge_method\": \"S256\"}"
#define SHORT \
	"{\"code_challenge\": \"-bAHi131ltLqGQEMABu9AJ5lHeLFfo-341XzHrnT9zk\", \"code_challenge_method\": \"S256\"}" /* of "short" */
#define PLAIN "{\"code_challenge\": \"" RIG_VERIFIER "\"}"

#define ROW(n, f, b, s, e, ...)                                                                 \
	{                                                                                       \
		.name = n, .ask = {.form = f, .basic = b, __VA_ARGS__}, .status = s, .error = e \
	}

/* error NULL: tokens are issued. */
static const struct {
	const char *name;
	struct ask ask;
	int status;
	const char *error;
} requests[] = {
        ROW("as LivePerson sends it", NULL, NULL, 200, NULL),
        ROW("client_secret_post", GOOD "&client_id=$I&client_secret=$S", "", 200, NULL),
        ROW("client_id again in the body", GOOD "&client_id=$I", NULL, 200, NULL),
        ROW("code first", "code=$C&redirect_uri=$U&grant_type=authorization_code", NULL, 200, NULL),
        ROW("redirect_uri raw", GRANT "&code=$C&redirect_uri=https://liveperson.net", NULL, 200, NULL),
        ROW("unknown parameter", GOOD "&lp_conformance=1", NULL, 200, NULL),
        ROW("unknown parameter without value", GOOD "&x", NULL, 200, NULL),
        ROW("empty scope", GOOD "&scope=", NULL, 200, NULL),
        ROW("empty pairs", "&&" GOOD "&", NULL, 200, NULL),
        ROW("empty code_verifier", GOOD "&code_verifier=", NULL, 200, NULL),
        ROW("charset", NULL, NULL, 200, NULL, .type = "Application/X-WWW-Form-Urlencoded ;charset=UTF-8"),
        ROW("query is ignored", NULL, NULL, 200, NULL, .query = "code=x&grant_type=password"),
        ROW("basic in lower case", NULL, NULL, 200, NULL, .header = "basic $"),

        ROW("no authentication", NULL, "", 401, "invalid_client"),
        ROW("client_id alone", GOOD "&client_id=$I", "", 401, "invalid_client"),
        ROW("client_secret alone", GOOD "&client_secret=$S", "", 401, "invalid_client"),
        ROW("client with a secret that needs encoding", NULL, "$e:$E", 200, NULL, .code = "{\"client\": \"encoded\"}"),
        ROW("the same in the body", GOOD "&client_id=$e&client_secret=$E", "", 200, NULL,
            .code = "{\"client\": \"encoded\"}"),

        ROW("wrong secret", NULL, "$I:$Sx", 401, "invalid_client"),
        ROW("secret cut", NULL, "$I:A", 401, "invalid_client"),
        ROW("empty secret", NULL, "$I:", 401, "invalid_client"),
        ROW("no colon", NULL, "$I", 401, "invalid_client"),
        ROW("empty credentials", NULL, ":", 401, "invalid_client"),
        ROW("unknown client", NULL, "$Ix:$S", 401, "invalid_client"),
        ROW("client in other letter case", NULL, "CLIENT-x:$S", 401, "invalid_client"),
        ROW("secret of the other client", NULL, "$I:$s", 401, "invalid_client"),
        ROW("wrong secret in the body", GOOD "&client_id=$I&client_secret=x", "", 401, "invalid_client"),
        ROW("basic with a lone %", NULL, "$I:%4", 401, "invalid_client"),
        ROW("basic with invalid UTF-8", NULL, "$I:%ff", 401, "invalid_client"),
        ROW("bad base64", NULL, NULL, 401, "invalid_client", .header = "Basic !!!!"),
        ROW("unpadded base64", NULL, NULL, 401, "invalid_client", .header = "Basic YTpi Yw"),
        ROW("Bearer", NULL, NULL, 401, "invalid_client", .header = "Bearer $"),
        ROW("scheme alone", NULL, NULL, 401, "invalid_client", .header = "Basic"),
        ROW("Basic and the same in the body", GOOD "&client_id=$I&client_secret=$S", NULL, 400, "invalid_request"),
        ROW("Basic and a wrong secret in the body", GOOD "&client_secret=x", NULL, 400, "invalid_request"),
        ROW("Basic and another client_id", GOOD "&client_id=$i", NULL, 400, "invalid_request"),
        ROW("credentials in the query", NULL, "", 401, "invalid_client", .query = "client_id=$I&client_secret=$S"),

        ROW("GET", NULL, NULL, 405, "invalid_request", .method = "GET", .query = GOOD),
        ROW("PUT", NULL, NULL, 405, "invalid_request", .method = "PUT"),
        ROW("post", NULL, NULL, 405, "invalid_request", .method = "post"),
        ROW("JSON", "{}", NULL, 400, "invalid_request", .type = "application/json"),
        ROW("form sent as text", NULL, NULL, 400, "invalid_request", .type = "text/plain"),
        ROW("multipart", NULL, NULL, 400, "invalid_request", .type = "multipart/form-data; boundary=x"),
        ROW("no Content-Type", NULL, NULL, 400, "invalid_request", .type = ""),
        ROW("longer type", NULL, NULL, 400, "invalid_request", .type = FORM "x"),

        ROW("empty body", "", NULL, 400, "invalid_request"),
        ROW("all in the query", "", NULL, 400, "invalid_request", .query = GOOD),
        ROW("no grant_type", "code=$C&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("empty grant_type", "grant_type=&code=$C&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("no code", GRANT "&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("empty code", GRANT "&code=&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("no redirect_uri", GRANT "&code=$C", NULL, 400, "invalid_request"),
        ROW("empty redirect_uri", GRANT "&code=$C&redirect_uri=", NULL, 400, "invalid_request"),
        ROW("CODE", GRANT "&CODE=$C&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("Grant_Type", "Grant_Type=authorization_code&code=$C&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("AUTHORIZATION_CODE", "grant_type=AUTHORIZATION_CODE&code=$C&redirect_uri=$U", NULL, 400,
            "unsupported_grant_type"),
        ROW("password", "grant_type=password&code=$C&redirect_uri=$U", NULL, 400, "unsupported_grant_type"),
        ROW("grant_type with a NUL", GRANT "%00&code=$C&redirect_uri=$U", NULL, 400, "unsupported_grant_type"),
        ROW("grant_type twice", GOOD "&" GRANT, NULL, 400, "invalid_request"),
        ROW("code twice", GOOD "&code=x", NULL, 400, "invalid_request"),
        ROW("code twice, once empty", GOOD "&code=", NULL, 400, "invalid_request"),
        ROW("code twice, once encoded", GOOD "&%63ode=x", NULL, 400, "invalid_request"),
        ROW("redirect_uri twice", GOOD "&redirect_uri=$U", NULL, 400, "invalid_request"),
        ROW("unknown parameter twice", GOOD "&x=1&x=2", NULL, 400, "invalid_request"),
        ROW("lone %", GOOD "&x=%", NULL, 400, "invalid_request"),
        ROW("%zz", GOOD "&x=%zz", NULL, 400, "invalid_request"),
        ROW("overlong UTF-8", GOOD "&x=%c0%af", NULL, 400, "invalid_request"),
        ROW("invalid UTF-8 in a name", GOOD "&%ff=1", NULL, 400, "invalid_request"),
        ROW("raw byte that is not UTF-8", GOOD "&x=\xff", NULL, 400, "invalid_request"),
        ROW("large parameter", GOOD "&x=$L", NULL, 400, "invalid_request"),
        ROW("large name", GOOD "&$L=x", NULL, 400, "invalid_request"),

        ROW("unknown code", GRANT "&code=x&redirect_uri=$U", NULL, 400, "invalid_grant"),
        ROW("code and a blank", GRANT "&code=$C+&redirect_uri=$U", NULL, 400, "invalid_grant"),
        ROW("code and a NUL", GRANT "&code=$C%00&redirect_uri=$U", NULL, 400, "invalid_grant"),
        ROW("code and CRLF", GRANT "&code=$C%0d%0aX:+1&redirect_uri=$U", NULL, 400, "invalid_grant"),
        ROW("code of another client", NULL, "$i:$s", 400, "invalid_grant"),
        ROW("code of the encoded client", NULL, NULL, 400, "invalid_grant", .code = "{\"client\": \"encoded\"}"),
        ROW("other redirect_uri", GRANT "&code=$C&redirect_uri=https://attacker.example/", NULL, 400, "invalid_grant"),
        ROW("slash behind redirect_uri", GRANT "&code=$C&redirect_uri=$U/", NULL, 400, "invalid_grant"),
        ROW("redirect_uri in capitals", GRANT "&code=$C&redirect_uri=https://Liveperson.net", NULL, 400,
            "invalid_grant"),
        ROW("redirect_uri of the code", GRANT "&code=$C&redirect_uri=https://a.example/?b", NULL, 200, NULL,
            .code = "{\"redirect_uri\": \"https://a.example/?b\"}"),
        ROW("default for a code with its own", NULL, NULL, 400, "invalid_grant",
            .code = "{\"redirect_uri\": \"https://a.example/?b\"}"),

        ROW("S256", GOOD "&code_verifier=$V", NULL, 200, NULL, .code = S256),
        ROW("S256, wrong verifier", GOOD "&code_verifier=$Vx", NULL, 400, "invalid_grant", .code = S256),
        ROW("S256, no verifier", NULL, NULL, 400, "invalid_grant", .code = S256),
        ROW("S256, empty verifier", GOOD "&code_verifier=", NULL, 400, "invalid_grant", .code = S256),
        ROW("S256, the challenge as verifier", GOOD "&code_verifier=$B", NULL, 400, "invalid_grant", .code = S256),
        ROW("S256, downgraded", GOOD "&code_verifier=$B&code_challenge_method=plain", NULL, 400, "invalid_grant",
            .code = S256),
        ROW("plain", GOOD "&code_verifier=$V", NULL, 200, NULL, .code = PLAIN),
        ROW("plain, wrong verifier", GOOD "&code_verifier=$B", NULL, 400, "invalid_grant", .code = PLAIN),
        ROW("verifier too short for RFC 7636", GOOD "&code_verifier=short", NULL, 400, "invalid_grant", .code = SHORT),
        ROW("verifier of other characters", GOOD "&code_verifier=$V%20", NULL, 400, "invalid_grant", .code = S256),
        ROW("verifier for a code without challenge", GOOD "&code_verifier=$V", NULL, 400, "invalid_grant"),
};

static struct reply send(int i, const char *code)
{
	return ask_send(&rig, &requests[i].ask, code);
}

START_TEST(request_gets_its_answer)
{
	const char *code = rig_code(&rig, requests[_i].ask.code), *error;
	struct reply reply = send(_i, code);

	ck_assert_msg(reply.status == requests[_i].status, "%s: status %d, %.*s", requests[_i].name, reply.status,
	              SV_ARG(reply.body));
	assert_sv_eq(rig_reply_header(&reply, "Content-Type"), SV("application/json"));
	assert_sv_eq(rig_reply_header(&reply, "Cache-Control"), SV("no-store"));
	assert_sv_eq(rig_reply_header(&reply, "Pragma"), SV("no-cache"));
	error = rig_member(&rig, &reply, "error");
	if (!requests[_i].error) {
		ck_assert_ptr_null(error);
		ck_assert_ptr_nonnull(rig_member(&rig, &reply, "id_token"));
		return;
	}
	ck_assert_str_eq(error, requests[_i].error);
	ck_assert_ptr_nonnull(rig_member(&rig, &reply, "error_description"));
	ck_assert_ptr_null(rig_member(&rig, &reply, "access_token"));
	ck_assert_int_eq(rig_reply_header(&reply, "WWW-Authenticate").p != NULL, reply.status == 401);
	ck_assert_int_eq(rig_reply_header(&reply, "Allow").p != NULL, reply.status == 405);
	/* nothing of the request comes back */
	ck_assert_int_lt(sv_find(reply.body, sv_of(code)), 0);
	ck_assert_int_lt(sv_find(reply.body, rig.t->client.secret), 0);
}
END_TEST

/* Without this a brand that refuses everything would look right. */
START_TEST(refused_request_leaves_the_code_alone)
{
	const char *code = rig_code(&rig, requests[_i].ask.code);
	struct reply reply;

	if (!requests[_i].error || requests[_i].ask.code)
		return;
	send(_i, code);
	reply = rig_redeem(&rig, code);
	ck_assert_msg(reply.status == 200, "%s: %.*s", requests[_i].name, SV_ARG(reply.body));
}
END_TEST

START_TEST(two_headers_of_a_kind_are_refused)
{
	static const char *const names[] = {"Authorization", "Content-Type"};
	const char *basic = rig_basic(&rig, rig.t->client.id.p, rig.t->client.secret.p);

	for (size_t i = 0; i < 2; i++) {
		struct request q = {.method = SV("POST"),
		                    .path = sv_of(arena_printf(rig.a, "/brands/%s/token", rig.t->name)),
		                    .body = sv_of(ask_filled(&rig, GOOD, rig_code(&rig, NULL)))};
		rig_header(&q, "Authorization", basic);
		rig_header(&q, "Content-Type", FORM);
		rig_header(&q, names[i], i ? FORM : basic);
		struct reply reply = rig_send(&rig, &q);
		ck_assert_int_eq(reply.status, 400);
		ck_assert_str_eq(rig_member(&rig, &reply, "error"), "invalid_request");
	}
}
END_TEST

START_TEST(number_of_parameters_is_bounded)
{
	const struct faults none = {0};
	struct buf b = {.cap = BUF_OWN};
	struct params p;

	for (int i = 0; i < LIMIT_PARAMETERS; i++)
		buf_addf(&b, "&p%d=1", i);
	ck_assert_ptr_null(params_parse(rig.a, &none, buf_sv(&b), &p));
	for (int i = 0; i < 10000 - LIMIT_PARAMETERS; i++)
		buf_addf(&b, "&q%d=1", i);
	ck_assert_str_eq(params_parse(rig.a, &none, buf_sv(&b), &p), "there are too many parameters");
	buf_release(&b);
}
END_TEST

#define LIFETIME_MS (BRAND_CODE_LIFETIME_S * 1000)

/* --- the life of a code ---------------------------------------------------------------------------------------- */

START_TEST(code_is_good_until_its_lifetime_is_over)
{
	static const struct {
		int64_t after_ms;
		int status;
	} ages[] = {{0, 200}, {LIFETIME_MS - 1, 200}, {LIFETIME_MS, 400}, {600000, 400}};

	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
		const char *code = rig_code(&rig, NULL);
		rig.now_ms += ages[i].after_ms;
		struct reply reply = rig_redeem(&rig, code);
		ck_assert_int_eq(reply.status, ages[i].status);
		if (reply.status == 400)
			ck_assert_str_eq(rig_member(&rig, &reply, "error"), "invalid_grant");
	}
}
END_TEST

static int userinfo_status(const char *token)
{
	return rig_get(&rig, "GET", "/userinfo", arena_printf(rig.a, "Bearer %s", token)).status;
}

START_TEST(second_use_is_refused_and_revokes)
{
	const char *code = rig_code(&rig, NULL);
	struct reply first = rig_redeem(&rig, code);
	const char *token = rig_member(&rig, &first, "access_token");

	ck_assert_int_eq(userinfo_status(token), 200);
	for (int i = 0; i < 3; i++) {
		struct reply again = rig_redeem(&rig, code);
		ck_assert_int_eq(again.status, 400);
		ck_assert_str_eq(rig_member(&rig, &again, "error"), "invalid_grant");
		ck_assert_int_eq(userinfo_status(token), 401);
	}
}
END_TEST

START_TEST(code_belongs_to_its_tenant)
{
	const char *code = rig_code(&rig, NULL);
	struct tenant *first = rig.t;

	rig.t = rig_tenant(&rig, NULL);
	ck_assert_int_eq(rig_redeem(&rig, code).status, 400);
	rig.t = first;
	ck_assert_int_eq(rig_redeem(&rig, code).status, 200);
}
END_TEST

START_TEST(oldest_code_is_forgotten_when_there_are_too_many)
{
	const char *oldest = rig_code(&rig, NULL), *second = rig_code(&rig, NULL);
	struct grants *g = rig.t->grants;
	struct reply reply = rig_redeem(&rig, oldest);
	const char *token = rig_member(&rig, &reply, "access_token");

	for (int i = 0; i < LIMIT_TENANT_CODES - 1; i++) {
		struct grant wish = {.code = sv_of(arena_printf(rig.a, "code-%d", i)),
		                     .client = &rig.t->client,
		                     .user = user_of("A"),
		                     .redirect_uri = BRAND_REDIRECT_URI};
		grants_add(g, &wish);
	}
	ck_assert_ptr_null(grants_by_code(g, sv_of(oldest)));
	ck_assert_ptr_null(grants_by_token(g, sv_of(token)));
	ck_assert_ptr_nonnull(grants_by_code(g, sv_of(second)));
	ck_assert_ptr_nonnull(grants_by_code(g, SV("code-0")));
}
END_TEST

START_TEST(codes_and_tokens_are_long_and_never_repeat)
{
	json_auto_t *seen = json_object();

	for (int i = 0; i < 50; i++) {
		const char *code = rig_code(&rig, NULL);
		struct reply reply = rig_redeem(&rig, code);
		const char *token = rig_member(&rig, &reply, "access_token");
		ck_assert_uint_ge(strlen(code), 43);
		ck_assert_uint_ge(strlen(token), 43);
		ck_assert_ptr_nonnull(strpbrk(code, "/+="));
		json_object_set_new(seen, code, json_true());
		json_object_set_new(seen, token, json_true());
	}
	ck_assert_uint_eq(json_object_size(seen), 100);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("token");
	TCase *t = tcase_create("requests"), *c = tcase_create("codes");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, request_gets_its_answer, 0, sizeof requests / sizeof *requests);
	tcase_add_loop_test(t, refused_request_leaves_the_code_alone, 0, sizeof requests / sizeof *requests);
	tcase_add_test(t, two_headers_of_a_kind_are_refused);
	tcase_add_test(t, number_of_parameters_is_bounded);
	suite_add_tcase(s, t);
	tcase_add_unchecked_fixture(c, set_up, tear_down);
	tcase_add_test(c, code_is_good_until_its_lifetime_is_over);
	tcase_add_test(c, second_use_is_refused_and_revokes);
	tcase_add_test(c, code_belongs_to_its_tenant);
	tcase_add_test(c, oldest_code_is_forgotten_when_there_are_too_many);
	tcase_add_test(c, codes_and_tokens_are_long_and_never_repeat);
	suite_add_tcase(s, c);
	return testing_run(s);
}
