/* Signing, and that a correct token is never called anything else. */
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "crafted.h"
#include "jose/ecdsa.h"

static struct signing_key *key_for(enum jose_alg alg)
{
	return alg == ALG_ES256   ? crafted.p256
	       : alg == ALG_ES384 ? crafted.p384
	       : alg == ALG_ES512 ? crafted.p521
	                          : crafted.rsa;
}

/* Random payloads of random size: each alone with its key, and among all keys. */
START_TEST(correct_tokens_verify)
{
	enum jose_alg alg = ALG_RS256 + (enum jose_alg)_i;
	bench_auto alone = bench_new();
	bench_auto among = bench_new();
	const char *header = arena_printf(alone.a, "{\"alg\":\"%s\"}", jose_alg_text(alg));

	bench_register(&alone, signing_key_jwk(alone.a, key_for(alg), NULL, NULL), NULL);
	bench_register(&among, signing_key_jwk(among.a, crafted.other, "1", NULL),
	               signing_key_jwk(among.a, crafted.other_p256, "2", NULL),
	               signing_key_jwk(among.a, crafted.rsa, "3", NULL),
	               signing_key_jwk(among.a, crafted.p256, "4", NULL),
	               signing_key_jwk(among.a, crafted.p384, "5", NULL),
	               signing_key_jwk(among.a, crafted.p521, "6", NULL), NULL);
	for (size_t i = 0; i < 50; i++) {
		const char *payload = jose_random_text(alone.a, i * 7);
		struct err e = {0};
		const char *token = signing_compact(alone.a, key_for(alg), alg, header, payload, &e);
		ck_assert_msg(token != NULL, "%s", e.text);
		bench_diagnose(&alone, token);
		ck_assert_msg(alone.d.reason == JWS_VERIFIED, "%s", alone.d.sentence);
		ck_assert_ptr_eq(alone.d.key, &alone.keys.v[0]);
		ck_assert_int_eq(alone.d.alg, alg);
		bench_diagnose(&among, token);
		ck_assert_msg(among.d.reason == JWS_VERIFIED, "%s", among.d.sentence);
	}
}
END_TEST

/* Binary payloads, as raw bytes with NUL. */
START_TEST(payloads_are_bytes)
{
	bench_auto b = bench_new();
	char bytes[256];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	bench_register(&b, signing_key_jwk(b.a, crafted.rsa, NULL, NULL), NULL);
	const char *input = arena_printf(b.a, "%s.%s", base64_encode(b.a, BASE64_URL, SV("{\"alg\":\"RS256\"}")),
	                                 base64_encode(b.a, BASE64_URL, (struct sv){bytes, sizeof(bytes)}));
	struct sv signature = crafted_sign(&b, crafted.rsa, ALG_RS256, input);
	const char *token = arena_printf(b.a, "%s.%s", input, base64_encode(b.a, BASE64_URL, signature));
	bench_diagnose(&b, token);
	ck_assert_int_eq(b.d.reason, JWS_VERIFIED);
	struct jws jws;
	jws_split(b.a, sv_of(token), &jws);
	struct sv want = {bytes, sizeof(bytes)};
	assert_sv_eq(jws.payload, want);
}
END_TEST

START_TEST(keys_that_do_not_fit)
{
	static const struct {
		struct signing_key **key;
		enum jose_alg alg;
	} rows[] = {
	        {&crafted.rsa, ALG_ES256},  {&crafted.p256, ALG_RS256}, {&crafted.p256, ALG_ES384},
	        {&crafted.p384, ALG_ES256}, {&crafted.rsa, ALG_HS256},  {&crafted.rsa, ALG_NONE},
	};
	arena_auto *a = arena_new();
	struct sv signature = SV("untouched");
	struct err e = {0};

	ck_assert_int_eq(signing_sign(a, *rows[_i].key, rows[_i].alg, SV("x"), &signature, &e), -1);
	ck_assert_int_eq(e.kind, ERR_TROUBLE);
	assert_contains(e.text, "the signing key is not of the kind that");
	assert_sv_eq(signature, SV("untouched"));
	ck_assert_ptr_null(signing_compact(a, *rows[_i].key, rows[_i].alg, "{}", "{}", &e));
}
END_TEST

START_TEST(keys_that_cannot_be)
{
	struct err e = {0};

	ck_assert_ptr_null(signing_key_rsa(100, 65537, &e));
	assert_contains(e.text, "OpenSSL cannot make an RSA key");
	e = (struct err){0};
	ck_assert_ptr_null(signing_key_ec("P-257", &e));
	assert_contains(e.text, "no curve 'P-257'");
}
END_TEST

/* RFC 7518 §6.2.1.2: a coordinate is as wide as the curve, whatever it begins with. One in 256 begins with a zero byte. */
START_TEST(coordinates_keep_their_width)
{
	arena_auto *a = arena_new();
	bool seen_x = false, seen_y = false;

	for (int i = 0; i < 20000 && !(seen_x && seen_y); i++) {
		struct err e = {0};
		struct jwk jwk;
		struct signing_key *k = signing_key_ec("P-256", &e);
		const char *json = signing_key_jwk(a, k, NULL, NULL);
		const char *x = strstr(json, "\"x\":\"") + 5, *y = strstr(json, "\"y\":\"") + 5;
		ck_assert_uint_eq(strcspn(x, "\""), 43);
		ck_assert_uint_eq(strcspn(y, "\""), 43);
		seen_x |= x[0] == 'A' && x[1] >= 'A' && x[1] <= 'P';
		seen_y |= y[0] == 'A' && y[1] >= 'A' && y[1] <= 'P';
		ck_assert_int_eq(jwk_parse(a, sv_of(json), &jwk, &e), 0);
		ck_assert_ptr_nonnull(jwk.key);
		jwk_release(&jwk);
		signing_key_free(k);
	}
	ck_assert(seen_x && seen_y);
}
END_TEST

START_TEST(hashes)
{
	/* FIPS 180-4's "abc" */
	arena_auto *a = arena_new();
	struct sv digest;
	struct err e = {0};

	ck_assert_str_eq(jose_sha256_hex(a, SV("abc")),
	                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_int_eq(jose_hash(a, "SHA384", SV("abc"), &digest, &e), 0);
	ck_assert_str_eq(base64_encode(a, BASE64_STANDARD, digest),
	                 "ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn");
	ck_assert_int_eq(jose_hash(a, "SHA-nothing", SV("abc"), &digest, &e), -1);
	assert_contains(e.text, "no hash 'SHA-nothing'");
}
END_TEST

START_TEST(random_texts_differ)
{
	arena_auto *a = arena_new();

	ck_assert_str_ne(jose_random_text(a, 16), jose_random_text(a, 16));
	ck_assert_uint_eq(strlen(jose_random_text(a, 32)), 43);
	ck_assert_str_eq(jose_random_text(a, 0), "");
}
END_TEST

/* RFC 7515 §4.1.1: names are compared exactly. */
START_TEST(names_of_algorithms)
{
	for (enum jose_alg alg = 0; alg < ALG_UNKNOWN; alg++)
		ck_assert_int_eq(jose_alg_of(sv_of(jose_alg_text(alg))), alg);
	ck_assert_int_eq(jose_alg_of(SV("rs256")), ALG_UNKNOWN);
	ck_assert_int_eq(jose_alg_of(SV("None")), ALG_UNKNOWN);
	ck_assert_int_eq(jose_alg_of((struct sv){"RS256\0", 6}), ALG_UNKNOWN);
	ck_assert_int_eq(jose_alg_of(SV_NONE), ALG_UNKNOWN);
	ck_assert_ptr_null(jose_alg_hash(ALG_NONE));
	ck_assert_str_eq(jose_alg_hash(ALG_ES512), "SHA512");
}
END_TEST

START_TEST(ecdsa_forms)
{
	arena_auto *a = arena_new();
	struct sv der, raw = SV("0123456789abcdefghijklmnopqrstuv\0\0\0\0\0\0\0\0ijklmnopqrstuv0123456789"), back;

	ck_assert_uint_eq(raw.n, 64);
	ck_assert_int_eq(ecdsa_to_der(a, raw, 32, &der), 0);
	ck_assert_int_eq(ecdsa_to_raw(a, der, 32, &back), 0);
	assert_sv_eq(back, raw);
	ck_assert_int_eq(ecdsa_to_der(a, raw, 33, &der), -1);
	ck_assert_int_eq(ecdsa_to_raw(a, der, 16, &back), -1);
	ck_assert_int_eq(ecdsa_to_raw(a, (struct sv){der.p, der.n - 1}, 32, &back), -1);
	ck_assert_int_eq(ecdsa_to_raw(a, SV(""), 32, &back), -1);
	/* something behind it; a negative number */
	ck_assert_int_eq(ecdsa_to_raw(a, SV("\x30\x06\x02\x01\x01\x02\x01\x01\x00"), 32, &back), -1);
	ck_assert_int_eq(ecdsa_to_raw(a, SV("\x30\x06\x02\x01\xff\x02\x01\x01"), 32, &back), -1);
	ck_assert_int_eq(ecdsa_to_raw(a, SV("\x30\x06\x02\x01\x01\x02\x01\x01"), 32, &back), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: signing");
	TCase *t = tcase_create("signing");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, correct_tokens_verify, 0, ALG_UNKNOWN - ALG_RS256);
	tcase_add_test(t, payloads_are_bytes);
	tcase_add_loop_test(t, keys_that_do_not_fit, 0, 6);
	tcase_add_test(t, keys_that_cannot_be);
	tcase_add_test(t, coordinates_keep_their_width);
	tcase_add_test(t, hashes);
	tcase_add_test(t, random_texts_differ);
	tcase_add_test(t, names_of_algorithms);
	tcase_add_test(t, ecdsa_forms);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
