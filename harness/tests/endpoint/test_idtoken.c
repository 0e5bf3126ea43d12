#include "ask.h"
#include "seen.h"

/* The id_token of a brand without faults. */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

START_TEST(healthy_token_is_as_documented)
{
	static const char *const claims[] = {"iss",          "aud",
	                                     "azp",          "sub",
	                                     "iat",          "exp",
	                                     "auth_time",    "nonce",
	                                     "jti",          "at_hash",
	                                     "given_name",   "family_name",
	                                     "email",        "email_verified",
	                                     "gender",       "preferred_username",
	                                     "phone_number", "phone_number_verified",
	                                     "locale",       "acr",
	                                     "amr",          "lp_sdes"};
	struct seen s;

	seen_init(&s, &rig, NULL);
	const char *issuer = rig.t->issuer, *client = rig.t->client.id.p;
	json_auto_t *wanted = json_pack(
	        "{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:s, s:b, s:s, s:[s], s:s}", "iss", issuer, "aud", client, "azp",
	        client, "sub", "u-9c1f7b52e0a84d6f", "iat", 1800000000, "exp", 1800003600, "auth_time", 1800000000,
	        "nonce", "the-nonce", "email_verified", 1, "phone_number", "+14255551212", "amr", "pwd", "acr", "loa1");
	const char *name;
	json_t *value;

	ck_assert_int_eq(s.diagnosis.reason, JWS_VERIFIED);
	ck_assert_uint_eq(json_object_size(s.claims), sizeof claims / sizeof *claims);
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
		ck_assert_msg(json_object_get(s.claims, claims[i]) != NULL, "no %s", claims[i]);
	json_object_foreach(wanted, name, value)
	        ck_assert_msg(json_equal(value, json_object_get(s.claims, name)), "%s is not as wanted", name);
	assert_contains(arena_sv(rig.a, s.jws.payload), "\"balance\":-400.99,");
	ck_assert_str_eq(json_string_value(json_object_get(s.header, "typ")), "JWT");
	ck_assert_uint_eq(json_object_size(s.header), 3);
	ck_assert_uint_eq(json_object_size(s.body), 6);
	ck_assert_str_eq(json_string_value(json_object_get(s.body, "token_type")), "Bearer");
	ck_assert_int_eq(json_integer_value(json_object_get(s.body, "expires_in")), 3600);
	seen_release(&s);
}
END_TEST

/* OpenID Connect Core §3.1.3.6, with the hash that alg names */
START_TEST(at_hash_fits)
{
	static const struct {
		const char *faults, *hash;
	} rows[] = {{NULL, "SHA256"},
	            {"[{\"sign\": \"rs384\"}]", "SHA384"},
	            {"[{\"sign\": \"rs512\"}]", "SHA512"},
	            {"[{\"sign\": \"rs512-as-rs256\"}]", "SHA256"},
	            {"[{\"sign\": \"es256\"}]", "SHA256"},
	            {"[{\"sign\": \"none\"}]", "SHA256"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s;
		struct sv digest;
		struct err e = {0};

		seen_init(&s, &rig, rows[i].faults);
		struct sv token = sv_of(json_string_value(json_object_get(s.body, "access_token")));
		ck_assert_int_eq(jose_hash(rig.a, rows[i].hash, token, &digest, &e), 0);
		digest.n /= 2;
		ck_assert_str_eq(json_string_value(json_object_get(s.claims, "at_hash")),
		                 base64_encode(rig.a, BASE64_URL, digest));
		seen_release(&s);
	}
}
END_TEST

START_TEST(users_differ_and_keep_their_sub)
{
	const char *subs[3];

	for (int i = 0; i < 3; i++) {
		struct reply reply = rig_redeem(&rig, rig_code(&rig, i == 1 ? "{\"user\": \"B\"}" : NULL));
		const char *token = rig_member(&rig, &reply, "id_token");
		const char *bearer = arena_printf(rig.a, "Bearer %s", rig_member(&rig, &reply, "access_token"));
		struct reply info = rig_get(&rig, "GET", "/userinfo", bearer);
		struct jws jws;

		jws_split(rig.a, sv_of(token), &jws);
		json_auto_t *claims = seen_object(jws.payload);
		subs[i] = arena_text(rig.a, json_string_value(json_object_get(claims, "sub")));
		ck_assert_ptr_null(json_object_get(claims, "nonce"));
		ck_assert_str_eq(subs[i], rig_member(&rig, &info, "sub"));
	}
	ck_assert_str_eq(subs[0], subs[2]);
	ck_assert_str_ne(subs[0], subs[1]);
}
END_TEST

START_TEST(token_is_for_the_client_that_redeems)
{
	const struct ask ask = {.basic = "$e:$E"};
	struct reply reply = ask_send(&rig, &ask, rig_code(&rig, "{\"client\": \"encoded\"}"));
	struct jws jws;

	jws_split(rig.a, sv_of(rig_member(&rig, &reply, "id_token")), &jws);
	json_auto_t *claims = seen_object(jws.payload);
	ck_assert_str_eq(json_string_value(json_object_get(claims, "aud")), rig.t->encoded.id.p);
	ck_assert_str_eq(json_string_value(json_object_get(claims, "azp")), rig.t->encoded.id.p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("idtoken");
	TCase *t = tcase_create("healthy");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, healthy_token_is_as_documented);
	tcase_add_test(t, at_hash_fits);
	tcase_add_test(t, token_is_for_the_client_that_redeems);
	tcase_add_test(t, users_differ_and_keep_their_sub);
	suite_add_tcase(s, t);
	return testing_run(s);
}
