#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "endpoint/faults.h"
#include "jose/jwk.h"
#include "jose/sign_key.h"
#include "rig.h"

/* Faults of userinfo, discovery and the JWK Set; each is judged with the fault and without. */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

/* --- userinfo -------------------------------------------------------------------------------------------------- */

enum shown { NO_TOKEN, BAD_TOKEN, ACCESS_TOKEN, ID_TOKEN, OTHER_ID_TOKEN };

struct outcome {
	int status;
	const char *challenge; /* somewhere in WWW-Authenticate; NULL: there is none */
	const char *body;      /* somewhere in it */
};

static const char *token_of(enum shown shown, const char *id_token_faults)
{
	if (shown == BAD_TOKEN)
		return "bad";
	if (shown == OTHER_ID_TOKEN) { /* correct but for its signature */
		struct tenant *t = rig.t;
		rig.t = rig_tenant(&rig, id_token_faults);
		struct reply other = rig_redeem(&rig, rig_code(&rig, NULL));
		rig.t = t;
		return rig_member(&rig, &other, "id_token");
	}
	struct reply issued = rig_redeem(&rig, rig_code(&rig, NULL));
	return rig_member(&rig, &issued, shown == ACCESS_TOKEN ? "access_token" : "id_token");
}

static struct reply ask(const char *method, enum shown shown)
{
	const char *token = shown == NO_TOKEN ? NULL : token_of(shown, "[{\"sign\": \"flip-bit\"}]");

	return rig_get(&rig, method, "/userinfo", token ? arena_printf(rig.a, "Bearer %s", token) : NULL);
}

static void judge(const struct reply *reply, const struct outcome *want, const char *what)
{
	struct sv challenge = rig_reply_header(reply, "WWW-Authenticate");

	ck_assert_msg(reply->status == want->status, "%s: %d", what, reply->status);
	ck_assert_msg(!want->challenge == !challenge.p, "%s: %.*s", what, SV_ARG(challenge));
	if (want->challenge)
		assert_contains(arena_sv(rig.a, challenge), want->challenge);
	assert_contains(arena_sv(rig.a, reply->body), want->body);
}

#define REALM "Bearer realm=\"userinfo\""
#define BAD "error=\"invalid_token\""
#define RIGHT                                                 \
	{                                                     \
		200, NULL, "{\"sub\":\"u-9c1f7b52e0a84d6f\"," \
	}
#define REFUSED                           \
	{                                 \
		401, BAD, "invalid_token" \
	}

static const struct {
	const char *fault, *method;
	enum shown shown;
	struct outcome broken, healthy;
} asks[] = {
        {"userinfo-get-only", "POST", ACCESS_TOKEN, {405, NULL, ""}, RIGHT},
        {"userinfo-get-only", "GET", ACCESS_TOKEN, RIGHT, RIGHT},
        {"userinfo-any-token", "GET", NO_TOKEN, {200, NULL, "{}"}, {401, REALM, ""}},
        {"userinfo-any-token", "POST", BAD_TOKEN, {200, NULL, "{}"}, REFUSED},
        {"userinfo-any-token", "GET", ACCESS_TOKEN, RIGHT, RIGHT},
        {"userinfo-no-challenge", "GET", NO_TOKEN, {401, NULL, ""}, {401, REALM, ""}},
        {"userinfo-no-challenge", "GET", BAD_TOKEN, {401, NULL, "invalid_token"}, REFUSED},
        {"userinfo-no-challenge", "GET", ACCESS_TOKEN, RIGHT, RIGHT},
        {"userinfo-400", "GET", BAD_TOKEN, {400, BAD, "invalid_token"}, REFUSED},
        {"userinfo-400", "GET", NO_TOKEN, {400, REALM, ""}, {401, REALM, ""}},
        {"userinfo-400", "POST", ACCESS_TOKEN, RIGHT, RIGHT},
        {"userinfo-other-sub", "GET", ACCESS_TOKEN, {200, NULL, "{\"sub\":\"C-58213907\","}, RIGHT},
        {"userinfo-other-sub", "GET", BAD_TOKEN, REFUSED, REFUSED},
        {"userinfo-accepts-id-token", "GET", ID_TOKEN, RIGHT, REFUSED},
        {"userinfo-accepts-id-token", "POST", OTHER_ID_TOKEN, REFUSED, REFUSED},
        {"userinfo-accepts-id-token", "GET", BAD_TOKEN, REFUSED, REFUSED},
        {"userinfo-accepts-id-token", "GET", NO_TOKEN, {401, REALM, ""}, {401, REALM, ""}},
        {"userinfo-accepts-id-token", "GET", ACCESS_TOKEN, RIGHT, RIGHT},
};
#define ASKS (sizeof asks / sizeof *asks)

START_TEST(userinfo_switch_changes_the_answer)
{
	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, arena_printf(rig.a, "[\"%s\"]", asks[_i].fault));
	struct reply broken = ask(asks[_i].method, asks[_i].shown);
	judge(&broken, &asks[_i].broken, asks[_i].fault);
	rig.t = rig_tenant(&rig, NULL);
	struct reply healthy = ask(asks[_i].method, asks[_i].shown);
	judge(&healthy, &asks[_i].healthy, "healthy");
}
END_TEST

#define NAME_OF_SWITCH(id, name, text) name,

static bool differ(const struct outcome *x, const struct outcome *y)
{
	return x->status != y->status || !x->challenge != !y->challenge || strcmp(x->body, y->body) != 0;
}

START_TEST(every_userinfo_switch_is_tested)
{
	static const char *const all[] = {FAULTS_USERINFO(NAME_OF_SWITCH)};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t j = 0;
		while (j < ASKS && (strcmp(asks[j].fault, all[i]) != 0 || !differ(&asks[j].broken, &asks[j].healthy)))
			j++;
		ck_assert_msg(j < ASKS, "no test for '%s'", all[i]);
	}
}
END_TEST

/* --- documents ------------------------------------------------------------------------------------------------- */

static const struct {
	const char *faults, *path;
	const char *has, *lacks; /* its wire; and the other way round without the faults */
} documents[] = {
        {"[{\"userinfo\": {\"body\": {\"set\": {\"sub\": \"{sub}x\"}}}}]", "/userinfo",
         "\"sub\":\"u-9c1f7b52e0a84d6fx\"", "\"sub\":\"u-9c1f7b52e0a84d6f\""},
        {"[{\"userinfo\": {\"header\": {\"set\": {\"Content-Type\": \"text/html\"}}}}]", "/userinfo",
         "Content-Type: text/html\r\n", "Content-Type: application/json\r\n"},
        {"[{\"userinfo\": {\"body\": {\"duplicate\": {\"sub\": \"x\"}}}}]", "/userinfo", "{\"sub\":\"x\",\"sub\":\"u-",
         NULL},
        {"[{\"discovery\": {\"status\": 404}}]", "/.well-known/openid-configuration", "HTTP/1.1 404 ", "HTTP/1.1 200 "},
        {"[{\"discovery\": {\"body\": {\"set\": {\"issuer\": \"{issuer}/\"}}}}]", "/.well-known/openid-configuration",
         "/\",\"authorization_endpoint\"", NULL},
        {"[{\"discovery\": {\"body\": {\"remove\": [\"jwks_uri\"]}, \"pretty\": true}}]",
         "/.well-known/openid-configuration", "{\n  \"issuer\"", "\"jwks_uri\""},
        {"[{\"discovery\": {\"raw\": \"<html>\"}}]", "/.well-known/openid-configuration", "\r\n\r\n<html>",
         "\"issuer\""},
        {"[\"no-refresh-tokens\"]", "/.well-known/openid-configuration", "\"implicit\"]", "\"refresh_token\""},
        {"[\"connector-openid\"]", "/.well-known/openid-configuration", "[\"code\",\"id_token\",\"token\"]", NULL},
        {"[\"az-silent-iss\"]", "/.well-known/openid-configuration", "HTTP/1.1 200 ",
         "\"authorization_response_iss_parameter_supported\""},
        {"[{\"sign\": \"ps256\"}]", "/.well-known/openid-configuration", "[\"RS256\",\"PS256\"]", NULL},
        {"[{\"jwks_reply\": {\"header\": {\"remove\": [\"Cache-Control\"]}}}]", "/jwks", "{\"keys\":[",
         "Cache-Control"},
        {"[{\"jwks_reply\": {\"prefix\": \"x\"}}]", "/jwks", "\r\n\r\nx{\"keys\":[", NULL},
        {"[{\"jwks_reply\": {\"body\": {\"set\": {\"keys\": []}}}}]", "/jwks", "{\"keys\":[]}", "\"n\":\""},

        {"[{\"jwks\": \"private-key\"}]", "/jwks", ",\"d\":\"", NULL},
        {"[{\"jwks\": \"symmetric\"}]", "/jwks", "{\"kty\":\"oct\",\"use\":\"sig\",\"alg\":\"HS256\",", NULL},
        {"[{\"jwks\": \"padded\"}]", "/jwks", "==\",\"e\":\"AQAB\"", NULL},
        {"[{\"jwks\": \"leading-zero\"}]", "/jwks", "\"n\":\"A", NULL},
        {"[{\"jwks\": \"encryption-use\"}]", "/jwks", "\"use\":\"enc\"", "\"use\":\"sig\""},
        {"[{\"jwks\": \"wrong-alg\"}]", "/jwks", "\"alg\":\"ES256\"", "\"alg\":\"RS256\""},
        {"[{\"jwks\": \"no-kty\"}]", "/jwks", "{\"keys\":[{\"use\"", "\"kty\""},
        {"[{\"jwks\": \"not-object\"}]", "/jwks", "\r\n\r\n[{\"kty\":\"RSA\"", "{\"keys\""},
};

static const char *fetched(const char *faults, const char *path)
{
	struct buf out = {.cap = BUF_OWN};

	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, faults);
	const char *bearer = arena_printf(rig.a, "Bearer %s", token_of(ACCESS_TOKEN, NULL));
	struct reply reply = rig_get(&rig, "GET", path, bearer);
	reply_write(&reply, false, false, &out);
	const char *text = arena_sv(rig.a, buf_sv(&out));
	buf_release(&out);
	return text;
}

START_TEST(document_is_changed)
{
	const char *broken = fetched(documents[_i].faults, documents[_i].path);
	const char *healthy = fetched(NULL, documents[_i].path);

	assert_contains(broken, documents[_i].has);
	if (documents[_i].lacks) {
		assert_lacks(broken, documents[_i].lacks);
		assert_contains(healthy, documents[_i].lacks);
	} else
		assert_lacks(healthy, documents[_i].has);
}
END_TEST

/* --- keys ------------------------------------------------------------------------------------------------------ */

static void keys_of(const char *faults, struct jwks *ret)
{
	struct err e = {0};

	rig.t = rig_tenant(&rig, faults);
	ck_assert_int_eq(jwks_parse(rig.a, rig_get(&rig, "GET", "/jwks", NULL).body, ret, &e), 0);
}

START_TEST(two_keys_share_a_kid)
{
	struct jwks keys, healthy;

	keys_of("[{\"jwks\": \"duplicate-kid\"}]", &keys);
	keys_of(NULL, &healthy);
	ck_assert_uint_eq(healthy.n, 1);
	ck_assert_uint_eq(keys.n, 2);
	ck_assert_str_eq(keys.v[0].kid, healthy.v[0].kid);
	ck_assert_str_eq(keys.v[1].kid, healthy.v[0].kid);
	ck_assert_int_eq(EVP_PKEY_eq(keys.v[0].key, healthy.v[0].key), 1);
	ck_assert_int_eq(EVP_PKEY_eq(keys.v[1].key, healthy.v[0].key), 0);
	jwks_release(&keys);
	jwks_release(&healthy);
}
END_TEST

/* The exponent that is published belongs to the key. */
START_TEST(private_exponent_is_the_right_one)
{
	static const char *const modes[] = {"[{\"jwks\": \"private-key\"}]", NULL};

	for (size_t i = 0; i < 2; i++) {
		struct jwks keys;
		keys_of(modes[i], &keys);
		ck_assert_int_eq(keys.v[0].private_parts, modes[i] != NULL);
		jwks_release(&keys);
	}
	json_auto_t *set = json_loads(strstr(fetched(modes[0], "/jwks"), "{\"keys\""), 0, NULL);
	struct sv d = sv_of(json_string_value(json_object_get(json_array_get(json_object_get(set, "keys"), 0), "d"))),
	          bytes;
	ck_assert_int_eq(base64_decode(rig.a, BASE64_URL, d, &bytes, NULL), BASE64_OK);
	BIGNUM *number = BN_bin2bn((const unsigned char *)bytes.p, (int)bytes.n, NULL), *right = NULL;
	struct err e = {0};
	const struct signing_key *key = keys_get(brand_keys(rig.b), KEY_RIGHT, &e);
	ck_assert_int_eq(EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_D, &right), 1);
	ck_assert_int_eq(BN_cmp(number, right), 0);
	BN_free(number);
	BN_free(right);
}
END_TEST

/* --- discovery ------------------------------------------------------------------------------------------------- */

START_TEST(discovery_says_what_the_brand_does)
{
	json_auto_t *document = json_loads(strstr(fetched(NULL, "/.well-known/openid-configuration"), "{"), 0, NULL);
	static const struct {
		const char *name, *value;
	} members[] = {
	        {"response_types_supported", "[\"code\",\"id_token\"]"},
	        {"response_modes_supported", "[\"query\",\"fragment\"]"},
	        {"grant_types_supported", "[\"authorization_code\",\"implicit\",\"refresh_token\"]"},
	        {"subject_types_supported", "[\"public\"]"},
	        {"id_token_signing_alg_values_supported", "[\"RS256\"]"},
	        {"token_endpoint_auth_methods_supported", "[\"client_secret_basic\",\"client_secret_post\"]"},
	        {"code_challenge_methods_supported", "[\"S256\",\"plain\"]"},
	        {"authorization_response_iss_parameter_supported", "true"},
	        {"request_uri_parameter_supported", "false"},
	        {"request_parameter_supported", "false"},
	        {"claims_parameter_supported", "false"},
	};

	ck_assert_ptr_nonnull(document);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const json_t *value = json_object_get(document, members[i].name);
		char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
		ck_assert_msg(text && strcmp(text, members[i].value) == 0, "%s: %s", members[i].name,
		              text ? text : "-");
		free(text);
	}
	static const char *const endpoints[] = {"authorization_endpoint", "token_endpoint", "userinfo_endpoint",
	                                        "jwks_uri"};
	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
		struct sv url = sv_of(json_string_value(json_object_get(document, endpoints[i])));
		ck_assert_msg(sv_starts(url, sv_of(arena_printf(rig.a, "%s/", rig.t->issuer))), "%s", endpoints[i]);
		struct request q = {
		        .method = SV("GET"),
		        .path = {url.p + strlen("https://127.0.0.1:1"), url.n - strlen("https://127.0.0.1:1")}};
		ck_assert_msg(rig_send(&rig, &q).status != 404, "nothing is at %s", endpoints[i]);
	}
}
END_TEST

/* What it says of claims is what userinfo gives. */
START_TEST(claims_are_those_of_userinfo)
{
	json_auto_t *document = json_loads(strstr(fetched(NULL, "/.well-known/openid-configuration"), "{"), 0, NULL);
	json_auto_t *info = json_loads(strstr(fetched(NULL, "/userinfo"), "{"), 0, NULL);
	const json_t *claims = json_object_get(document, "claims_supported");

	ck_assert_uint_gt(json_object_size(info), 5);
	for (size_t i = 0; i < json_array_size(claims); i++) {
		const char *name = json_string_value(json_array_get(claims, i));
		ck_assert_msg(json_object_get(info, name) != NULL, "%s", name);
	}
	ck_assert_uint_eq(json_array_size(claims), json_object_size(info));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("userinfo");
	TCase *t = tcase_create("userinfo");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60); /* making RSA keys under valgrind */
	tcase_add_loop_test(t, userinfo_switch_changes_the_answer, 0, ASKS);
	tcase_add_test(t, every_userinfo_switch_is_tested);
	tcase_add_loop_test(t, document_is_changed, 0, sizeof documents / sizeof *documents);
	tcase_add_test(t, two_keys_share_a_kid);
	tcase_add_test(t, private_exponent_is_the_right_one);
	tcase_add_test(t, discovery_says_what_the_brand_does);
	tcase_add_test(t, claims_are_those_of_userinfo);
	suite_add_tcase(s, t);
	return testing_run(s);
}
