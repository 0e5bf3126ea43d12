/* The examples of the RFCs, named by RFC and section. */
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "crafted.h"

/* RFC 7515 A.1 to A.3: one payload */
#define RFC7515_PAYLOAD "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define RFC7515_A1_KEY "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
#define RFC7515_A1 \
	"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." RFC7515_PAYLOAD ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define RFC7515_A2_KEY                                                                                       \
	"{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"     \
	"4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"    \
	"bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_" \
	"I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}"
#define RFC7515_A2                                                                                                     \
	"eyJhbGciOiJSUzI1NiJ9." RFC7515_PAYLOAD                                                                        \
	".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_"                              \
	"lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1"  \
	"L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--"                                                                           \
	"xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_" \
	"IoypGlUPQGe77Rw"
#define RFC7515_A3_KEY                                                                             \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define RFC7515_A3                              \
	"eyJhbGciOiJFUzI1NiJ9." RFC7515_PAYLOAD \
	".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define RFC7515_A4_KEY                                                                                        \
	"{\"kty\":\"EC\",\"crv\":\"P-521\","                                                                  \
	"\"x\":\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\"," \
	"\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}"
/* RFC 7520 §4: the payload of all examples, and the keys of §3.1 and §3.3 */
#define RFC7520_PAYLOAD                                                                                                \
	"SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwg" \
	"YW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9m" \
	"ZiB0by4"
#define RFC7520_RSA_KEY                                                                                          \
	"{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\","                           \
	"\"n\":\"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_"       \
	"AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-"                         \
	"oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_" \
	"vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw\",\"e\":\"AQAB\"}"
#define RFC7520_EC_KEY                                                                                        \
	"{\"kty\":\"EC\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"crv\":\"P-521\","       \
	"\"x\":\"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt\"," \
	"\"y\":\"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1\"}"
#define RFC7520_4_1                                                                                                    \
	"eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." RFC7520_PAYLOAD                    \
	".MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-"   \
	"BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9" \
	"UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_"             \
	"fcIe8u9ipH84ogoree7vjbU5y18kDquDg"
#define RFC7520_4_2                                                                                                  \
	"eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." RFC7520_PAYLOAD                  \
	".cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_" \
	"1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_"                      \
	"ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_"                                 \
	"jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw"
#define RFC7520_4_3                                                                                             \
	"eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9." RFC7520_PAYLOAD             \
	".AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_" \
	"sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"

static const struct {
	const char *where, *key, *token, *payload;
	enum jose_alg alg;
} tokens[] = {
        {"RFC 7515 A.2", RFC7515_A2_KEY, RFC7515_A2, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,", ALG_RS256},
        {"RFC 7515 A.3", RFC7515_A3_KEY, RFC7515_A3, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,", ALG_ES256},
        {"RFC 7520 4.1", RFC7520_RSA_KEY, RFC7520_4_1, "It\xe2\x80\x99s a dangerous business, Frodo", ALG_RS256},
        {"RFC 7520 4.2", RFC7520_RSA_KEY, RFC7520_4_2, "It\xe2\x80\x99s a dangerous business, Frodo", ALG_PS384},
        {"RFC 7520 4.3", RFC7520_EC_KEY, RFC7520_4_3, "It\xe2\x80\x99s a dangerous business, Frodo", ALG_ES512},
};

START_TEST(tokens_verify)
{
	bench_auto b = bench_new();
	struct jws jws;

	bench_register(&b, tokens[_i].key, NULL);
	bench_diagnose(&b, tokens[_i].token);
	ck_assert_msg(b.d.reason == JWS_VERIFIED, "%s: %s", tokens[_i].where, b.d.sentence);
	ck_assert_int_eq(b.d.alg, tokens[_i].alg);
	jws_split(b.a, sv_of(tokens[_i].token), &jws);
	ck_assert(sv_starts(jws.payload, sv_of(tokens[_i].payload)));
}
END_TEST

/* The same tokens with one letter of the payload changed must not verify. */
START_TEST(changed_tokens_do_not)
{
	bench_auto b = bench_new();
	char *token = arena_text(b.a, tokens[_i].token);

	bench_register(&b, tokens[_i].key, NULL);
	char *letter = strchr(token, '.') + 10;
	*letter = *letter == 'A' ? 'B' : 'A';
	bench_diagnose(&b, token);
	ck_assert_int_eq(b.d.reason, tokens[_i].alg == ALG_RS256 || tokens[_i].alg == ALG_PS384 ? JWS_CONTENT_ALTERED
	                                                                                        : JWS_NOT_VERIFIED);
}
END_TEST

START_TEST(rfc7515_a1_hmac)
{
	bench_auto b = bench_new();

	bench_register(&b, NULL);
	b.c.client_secret = SV(RFC7515_A1_KEY);
	bench_diagnose(&b, RFC7515_A1);
	ck_assert_int_eq(b.d.reason, JWS_HMAC_CLIENT_SECRET);
	assert_contains(b.d.sentence, "decoded from base64url");
	struct sv key, mac;
	struct err e = {0};
	ck_assert_int_eq(base64_decode(b.a, BASE64_URL, SV(RFC7515_A1_KEY), &key, NULL), BASE64_OK);
	ck_assert_int_eq(signing_hmac(b.a, key, ALG_HS256,
	                              SV("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." RFC7515_PAYLOAD), &mac, &e),
	                 0);
	ck_assert_str_eq(base64_encode(b.a, BASE64_URL, mac), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}
END_TEST

START_TEST(rfc7515_a5_unsecured)
{
	bench_auto b = bench_new();

	bench_register(&b, RFC7515_A2_KEY, NULL);
	bench_diagnose(&b, "eyJhbGciOiJub25lIn0." RFC7515_PAYLOAD ".");
	ck_assert_int_eq(b.d.reason, JWS_UNSECURED);
}
END_TEST

/* RFC 7517 A.1: two public keys, an EC one for encryption and an RSA one without use */
START_TEST(rfc7517_a1_key_set)
{
	static const char set[] =
	        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
	        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\",\"use\":\"enc\",\"kid\":\"1\"},"
	        "{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx"
	        "4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
	        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2"
	        "QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbI"
	        "SD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqb"
	        "w0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}]}";
	arena_auto *a = arena_new();
	struct jwks keys;
	struct err e = {0};

	ck_assert_int_eq(jwks_parse(a, sv_of(set), &keys, &e), 0);
	ck_assert_uint_eq(keys.n, 2);
	ck_assert_int_eq(keys.v[0].type, JWK_EC);
	ck_assert_str_eq(keys.v[0].curve, "P-256");
	ck_assert_str_eq(keys.v[0].use, "enc");
	ck_assert_ptr_nonnull(keys.v[0].key);
	ck_assert_int_eq(keys.v[1].type, JWK_RSA);
	ck_assert_int_eq(keys.v[1].bits, 2048);
	ck_assert_str_eq(keys.v[1].exponent, "65537");
	ck_assert_str_eq(keys.v[1].kid, "2011-04-29");
	ck_assert_str_eq(keys.v[1].alg, "RS256");
	ck_assert_ptr_nonnull(keys.v[1].key);
	jwks_release(&keys);
}
END_TEST

START_TEST(rfc7515_a4_key)
{
	arena_auto *a = arena_new();
	struct jwk key;
	struct err e = {0};

	ck_assert_int_eq(jwk_parse(a, SV(RFC7515_A4_KEY), &key, &e), 0);
	ck_assert_msg(key.key != NULL, "%s", key.problem);
	ck_assert_int_eq(key.bits, 521);
	jwk_release(&key);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: examples of the RFCs");
	TCase *t = tcase_create("examples");

	tcase_set_timeout(t, 60);

	tcase_add_loop_test(t, tokens_verify, 0, sizeof(tokens) / sizeof(tokens[0]));
	tcase_add_loop_test(t, changed_tokens_do_not, 0, sizeof(tokens) / sizeof(tokens[0]));
	tcase_add_test(t, rfc7515_a1_hmac);
	tcase_add_test(t, rfc7515_a5_unsecured);
	tcase_add_test(t, rfc7517_a1_key_set);
	tcase_add_test(t, rfc7515_a4_key);
	suite_add_tcase(s, t);
	return testing_run(s);
}
