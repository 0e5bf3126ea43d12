/* Tokens that no brand sends by accident: nothing may crash, run away or verify. */
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "crafted.h"

static void diagnose_bytes(struct bench *b, struct sv token, struct jws *jws)
{
	jws_split(b->a, token, jws);
	jws_diagnose(b->a, jws, &b->c, &b->d);
	ck_assert_ptr_nonnull(b->d.sentence);
	ck_assert_ptr_nonnull(b->d.fix);
	ck_assert_int_ne(b->d.reason, JWS_VERIFIED);
	ck_assert_int_ne(b->d.reason, JWS_VERIFIED_OTHER_KID);
	ck_assert_uint_lt(strlen(b->d.sentence), 2000);
}

START_TEST(odd_tokens)
{
	static const struct {
		struct sv token;
		size_t parts;
		enum jws_reason reason;
	} rows[] = {
	        {SV(""), 0, JWS_UNKNOWN_ALG},
	        {SV_NONE, 0, JWS_UNKNOWN_ALG},
	        {SV("."), 2, JWS_UNKNOWN_ALG},
	        {SV(".."), 3, JWS_UNKNOWN_ALG},
	        {SV("..."), 4, JWS_UNKNOWN_ALG},
	        {SV("...."), 5, JWS_UNKNOWN_ALG},
	        {SV("......"), JWS_PARTS_MAX, JWS_UNKNOWN_ALG},
	        {SV("a"), 1, JWS_UNKNOWN_ALG},
	        {SV("\0.\0.\0"), 3, JWS_UNKNOWN_ALG},
	        {SV("\xff\xfe\x00.x.y"), 3, JWS_UNKNOWN_ALG},
	        {SV("eyJhbGciOiJSUzI1NiJ9"), 1, JWS_EMPTY_SIGNATURE},
	        {SV("eyJhbGciOiJSUzI1NiJ9."), 2, JWS_EMPTY_SIGNATURE},
	        {SV("eyJhbGciOiJSUzI1NiJ9.."), 3, JWS_EMPTY_SIGNATURE},
	        {SV("eyJhbGciOiJSUzI1NiJ9..A"), 3, JWS_NOT_VERIFIED},
	        {SV("eyJhbGciOiJSUzI1NiJ9..AA"), 3, JWS_TRUNCATED},
	        {SV("eyJhbGciOiJSUzI1NiJ9..AA.AA"), 4, JWS_TRUNCATED},
	        {SV("eyJhbGciOiJub25lIn0.."), 3, JWS_UNSECURED},
	        {SV("{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJSUzI1NiJ9\",\"signature\":\"AAAA\"}"), 1,
	         JWS_UNKNOWN_ALG},
	};
	bench_auto b = bench_new();
	struct jws jws;

	bench_register(&b, signing_key_jwk(b.a, crafted.rsa, "k1", NULL), NULL);
	diagnose_bytes(&b, rows[_i].token, &jws);
	ck_assert_uint_eq(jws.parts, rows[_i].parts);
	ck_assert_msg(b.d.reason == rows[_i].reason, "row %d: %d %s", _i, b.d.reason, b.d.sentence);
}
END_TEST

START_TEST(parts_are_told_apart)
{
	arena_auto *a = arena_new();
	struct jws jws;

	jws_split(a, SV("eyJ9=.e+A.e\nA"), &jws);
	ck_assert_int_eq(jws.fault[0], BASE64_PADDING);
	ck_assert_uint_eq(jws.fault_at[0], 4);
	ck_assert_int_eq(jws.fault[1], BASE64_OTHER_ALPHABET);
	ck_assert_int_eq(jws.fault[2], BASE64_LINE_BREAK);
	assert_sv_eq(jws.header, SV("{\"}"));
	assert_sv_eq(jws.raw[2], SV("e\nA"));
	assert_sv_eq(jws_signing_input(&jws), SV("eyJ9=.e+A"));
	jws_split(a, SV("!.e31.eR"), &jws);
	ck_assert_int_eq(jws.fault[0], BASE64_FOREIGN);
	assert_sv_eq(jws.header, SV_NONE);
	ck_assert_int_eq(jws.fault[1], BASE64_TRAILING_BITS);
	assert_sv_eq(jws.payload, SV("{}"));
	assert_sv_eq(jws.signature, SV("y"));
	jws_split(a, SV("abc"), &jws);
	assert_sv_eq(jws_signing_input(&jws), SV_NONE);
	assert_sv_eq(jws.payload, SV_NONE);
}
END_TEST

START_TEST(no_compact_form)
{
	bench_auto b = bench_new();
	struct jws jws;

	bench_register(&b, NULL);
	diagnose_bytes(&b, SV(""), &jws);
	assert_contains(b.d.sentence, "the token is empty");
	diagnose_bytes(&b, SV("{\"protected\":\"eyJhbGciOiJSUzI1NiJ9\"}"), &jws);
	assert_contains(b.d.sentence, "the token is a JSON text, not the compact serialization");
}
END_TEST

START_TEST(many_dots)
{
	bench_auto b = bench_new();
	struct jws jws;
	char *dots = arena_alloc(b.a, 10000);

	memset(dots, '.', 10000);
	bench_register(&b, NULL);
	diagnose_bytes(&b, (struct sv){dots, 10000}, &jws);
	ck_assert_uint_eq(jws.parts, JWS_PARTS_MAX);
}
END_TEST

/* A header of one megabyte whose kid is nearly all of it, signed by another key. */
START_TEST(huge_header)
{
	bench_auto b = bench_new();
	struct jws jws;
	char *kid = arena_alloc(b.a, 1000001);

	memset(kid, 'k', 1000000);
	bench_register(&b, signing_key_jwk(b.a, crafted.rsa, "k1", NULL), NULL);
	const char *token = crafted_token(&b, arena_printf(b.a, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", kid),
	                                  crafted.other, ALG_RS256);
	diagnose_bytes(&b, sv_of(token), &jws);
	ck_assert_int_eq(b.d.reason, JWS_OTHER_KEY);
	assert_contains(b.d.sentence, "(1000000 bytes in all)");
}
END_TEST

/* Arrays in arrays, far deeper than any parser's stack should follow, as header, as JWKS and as pasted key. */
START_TEST(deep_json)
{
	bench_auto b = bench_new();
	struct jws jws;
	struct jwks keys;
	struct err e = {0};
	struct buf deep = {.cap = BUF_OWN};

	buf_add_text(&deep, "{\"alg\":\"RS256\",\"keys\":");
	for (int i = 0; i < 200000; i++)
		buf_add_char(&deep, '[');
	bench_register(&b, NULL);
	diagnose_bytes(&b, sv_of(arena_printf(b.a, "%s.e30.AAAA", base64_encode(b.a, BASE64_URL, buf_sv(&deep)))),
	               &jws);
	ck_assert_int_eq(b.d.reason, JWS_UNKNOWN_ALG);
	ck_assert_int_eq(jwks_parse(b.a, buf_sv(&deep), &keys, &e), -1);
	ck_assert_int_eq(jwks_parse_key(b.a, buf_sv(&deep), &keys, &e), -1);
	buf_release(&deep);
}
END_TEST

/* As many keys as are looked at, of the largest size, all of them wrong: bounded work. */
START_TEST(many_large_keys)
{
	bench_auto b = bench_new();
	struct jws jws;
	struct buf set = {.cap = BUF_OWN};
	struct err e = {0};
	char *bytes = arena_alloc(b.a, 2048);

	memset(bytes, 0xff, 2048);
	const char *n = base64_encode(b.a, BASE64_URL, (struct sv){bytes, 2048});
	buf_add_text(&set, "{\"keys\":[");
	for (int i = 0; i < 64; i++)
		buf_addf(&set, "%s{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}", i ? "," : "", n);
	buf_add_text(&set, "]}");
	ck_assert_int_eq(jwks_parse(b.a, buf_sv(&set), &b.keys, &e), 0);
	ck_assert_ptr_nonnull(b.keys.v[63].key);
	b.c.keys = &b.keys;
	bytes[0] = 1;
	const char *token = crafted_join(&b, "{\"alg\":\"RS256\"}", "{}", (struct sv){bytes, 2048});
	diagnose_bytes(&b, sv_of(token), &jws);
	ck_assert_int_eq(b.d.reason, JWS_OTHER_KEY);
	buf_release(&set);
}
END_TEST

/* Signatures as numbers at the edges: 0, 1, n - 1 and beyond n. */
START_TEST(signatures_at_the_edges)
{
	bench_auto b = bench_new();
	struct jws jws;
	char *bytes = arena_alloc(b.a, 256);

	bench_register(&b, signing_key_jwk(b.a, crafted.rsa, NULL, NULL), NULL);
	for (int i = 0; i < 3; i++) {
		memset(bytes, i == 2 ? 0xff : 0, 256);
		if (i == 1)
			bytes[255] = 1;
		static const char *const headers[] = {"{\"alg\":\"RS256\"}", "{\"alg\":\"PS256\"}"};
		for (int h = 0; h < 2; h++) {
			const char *token = crafted_join(&b, headers[h], "{}", (struct sv){bytes, 256});
			diagnose_bytes(&b, sv_of(token), &jws);
			ck_assert_int_eq(b.d.reason, JWS_OTHER_KEY);
		}
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: hostile tokens");
	TCase *t = tcase_create("hostile");

	crafted_make();
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, odd_tokens, 0, 18);
	tcase_add_test(t, parts_are_told_apart);
	tcase_add_test(t, no_compact_form);
	tcase_add_test(t, many_dots);
	tcase_add_test(t, huge_header);
	tcase_add_test(t, deep_json);
	tcase_add_test(t, many_large_keys);
	tcase_add_test(t, signatures_at_the_edges);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
