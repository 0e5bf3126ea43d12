/* JWK Sets and single JWKs: what is taken, what is refused and why. */
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "core/limits.h"
#include "crafted.h"

#define EC_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define EC_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
/* a modulus of 512 bits, and others like it */
#define N512 "uLTmUuRNp_I3DZ4mDicTZVCko6bQf1wMMy-LEiQIP9IrkC-JEegYGPjJnV1dmDGVdQTZDpRd4uj1TueBzHX2Nw"
#define N512_ZERO "ALi05lLkTafyNw2eJg4nE2VQpKOm0H9cDDMvixIkCD_SK5AviRHoGBj4yZ1dXZgxlXUE2Q6UXeLo9U7ngcx19jc"
#define N512_EVEN "uLTmUuRNp_I3DZ4mDicTZVCko6bQf1wMMy-LEiQIP9IrkC-JEegYGPjJnV1dmDGVdQTZDpRd4uj1TueBzHX2Ng"
#define N511 "eLTmUuRNp_I3DZ4mDicTZVCko6bQf1wMMy-LEiQIP9IrkC-JEegYGPjJnV1dmDGVdQTZDpRd4uj1TueBzHX2Nw"
#define EC_X_ZERO "AH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF"
#define EC_X_WIDE "AX_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF"

static const struct {
	const char *name, *jwk, *problem; /* NULL: it can be used */
	enum jwk_type type;
} rows[] = {
        {"EC", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}", NULL, JWK_EC},
        {"leading zero in x", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X_ZERO "\",\"y\":\"" EC_Y "\"}", NULL,
         JWK_EC},
        {"not on the curve", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_X "\"}",
         "not a point of the curve P-256", JWK_EC},
        {"infinity", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}", "not a point of the curve P-256",
         JWK_EC},
        {"too wide", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X_WIDE "\",\"y\":\"" EC_Y "\"}", "not a point",
         JWK_EC},
        {"P-384's name", "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
         "not a point of the curve P-384", JWK_EC},
        {"curve", "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
         "curve 'secp256k1' is not one of", JWK_EC},
        {"curve and NUL", "{\"kty\":\"EC\",\"crv\":\"P-256\\u0000\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}",
         "curve 'P-256\\x00'", JWK_EC},
        {"no curve", "{\"kty\":\"EC\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}", "'crv' is missing", JWK_EC},
        {"no y", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\"}", "member 'y' is missing", JWK_EC},
        {"RSA 512", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"AQAB\"}", NULL, JWK_RSA},
        {"leading zero in n", "{\"kty\":\"RSA\",\"n\":\"" N512_ZERO "\",\"e\":\"AQAB\"}", NULL, JWK_RSA},
        {"leading zero in e", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"AAEAAQ\"}", NULL, JWK_RSA},
        {"RSA 511", "{\"kty\":\"RSA\",\"n\":\"" N511 "\",\"e\":\"AQAB\"}",
         "its modulus has 511 bits, and keys of fewer than 512", JWK_RSA},
        {"empty n", "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}", "its modulus has 0 bits", JWK_RSA},
        {"empty e", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"\"}", "exponent is not an odd number between 3",
         JWK_RSA},
        {"e = 1", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"AQ\"}", "exponent is not an odd number between 3",
         JWK_RSA},
        {"e even", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"AQAA\"}", "exponent is not an odd number between 3",
         JWK_RSA},
        {"e = n", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"" N512 "\"}", "exponent is not an odd number between 3",
         JWK_RSA},
        {"n even", "{\"kty\":\"RSA\",\"n\":\"" N512_EVEN "\",\"e\":\"AQAB\"}", "its modulus is even", JWK_RSA},
        {"padded n", "{\"kty\":\"RSA\",\"n\":\"" N512 "==\",\"e\":\"AQAB\"}",
         "'n' is not base64url: it has padding (=) at character 87", JWK_RSA},
        {"standard n", "{\"kty\":\"RSA\",\"n\":\"+" N512 "\",\"e\":\"AQAB\"}",
         "uses the other base64 alphabet at character 1", JWK_RSA},
        {"line break in n", "{\"kty\":\"RSA\",\"n\":\"\\n" N512 "\",\"e\":\"AQAB\"}", "has a line break at character 1",
         JWK_RSA},
        {"NUL in n", "{\"kty\":\"RSA\",\"n\":\"" N512 "\\u0000\",\"e\":\"AQAB\"}",
         "has a character that base64 does not use", JWK_RSA},
        {"e as number", "{\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":65537}", "member 'e' is not a string", JWK_RSA},
        {"no n", "{\"kty\":\"RSA\",\"e\":\"AQAB\"}", "member 'n' is missing", JWK_RSA},
        {"key_ops", "{\"kty\":\"RSA\",\"key_ops\":[\"encrypt\"],\"n\":\"" N512 "\",\"e\":\"AQAB\"}",
         "key_ops do not list 'verify'", JWK_RSA},
        {"key_ops verify", "{\"kty\":\"RSA\",\"key_ops\":[\"verify\"],\"n\":\"" N512 "\",\"e\":\"AQAB\"}", NULL,
         JWK_RSA},
        {"oct", "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "a symmetric key, which must never be published", JWK_OCT},
        {"OKP", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
         "its kty 'OKP' is neither RSA nor EC", JWK_OTHER},
        {"kty in lower case", "{\"kty\":\"rsa\",\"n\":\"" N512 "\",\"e\":\"AQAB\"}", "its kty 'rsa' is neither",
         JWK_OTHER},
        {"kty and NUL", "{\"kty\":\"RSA\\u0000\",\"n\":\"" N512 "\",\"e\":\"AQAB\"}", "its kty 'RSA\\x00' is neither",
         JWK_OTHER},
        {"no kty", "{}", "'kty' is missing", JWK_OTHER},
        {"kty twice", "{\"kty\":\"oct\",\"kty\":\"RSA\",\"n\":\"" N512 "\",\"e\":\"AQAB\"}", NULL, JWK_RSA},
};

START_TEST(single_keys)
{
	arena_auto *a = arena_new();
	struct jwk key = {0};
	struct err e = {0};

	ck_assert_int_eq(jwk_parse(a, sv_of(rows[_i].jwk), &key, &e), 0);
	ck_assert_msg((key.problem == NULL) == (rows[_i].problem == NULL), "%s: %s", rows[_i].name,
	              key.problem ? key.problem : "no problem");
	ck_assert((key.key == NULL) == (key.problem != NULL));
	if (rows[_i].problem)
		assert_contains(key.problem, rows[_i].problem);
	ck_assert_int_eq(key.type, rows[_i].type);
	jwk_release(&key);
}
END_TEST

START_TEST(facts_of_keys)
{
	static const struct {
		struct signing_key **key;
		enum jwk_type type;
		int bits;
		const char *exponent, *curve;
	} facts[] = {
	        {&crafted.rsa, JWK_RSA, 2048, "65537", NULL}, {&crafted.rsa1024, JWK_RSA, 1024, "65537", NULL},
	        {&crafted.cubed, JWK_RSA, 2048, "3", NULL},   {&crafted.p256, JWK_EC, 256, NULL, "P-256"},
	        {&crafted.p384, JWK_EC, 384, NULL, "P-384"},  {&crafted.p521, JWK_EC, 521, NULL, "P-521"},
	};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct jwk key;
		struct err e = {0};
		const char *json = signing_key_jwk(a, *facts[i].key, "a kid", "an alg");
		ck_assert_int_eq(jwk_parse(a, sv_of(json), &key, &e), 0);
		ck_assert_int_eq(key.type, facts[i].type);
		ck_assert_int_eq(key.bits, facts[i].bits);
		ck_assert_pstr_eq(key.exponent, facts[i].exponent);
		ck_assert_pstr_eq(key.curve, facts[i].curve);
		ck_assert_str_eq(key.kid, "a kid");
		ck_assert_str_eq(key.alg, "an alg");
		ck_assert_str_eq(key.use, "sig");
		ck_assert(!key.private_parts);
		jwk_release(&key);
	}
}
END_TEST

START_TEST(private_parts_are_noted)
{
	static const char *const members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
	arena_auto *a = arena_new();
	struct jwk key;
	struct err e = {0};
	const char *json = signing_key_jwk(a, crafted.rsa, NULL, NULL);

	json = arena_printf(a, "{\"%s\":\"c2VjcmV0\",%s", members[_i], json + 1);
	ck_assert_int_eq(jwk_parse(a, sv_of(json), &key, &e), 0);
	ck_assert(key.private_parts);
	ck_assert_ptr_nonnull(key.key);
	jwk_release(&key);
}
END_TEST

START_TEST(large_moduli_are_refused)
{
	static const struct {
		size_t bytes, exponent_bytes;
		const char *problem;
	} sizes[] = {
	        {2048, 3, NULL},
	        {2049, 3, "its modulus has 16392 bits, and keys of more than 16384"},
	        {100000, 3, "its modulus has 800000 bits"},
	        {512, 9, "its public exponent has 72 bits, and with a modulus of more than 3072"},
	        {512, 8, NULL},
	        {384, 9, NULL},
	        {64, 60000, "its public exponent is not an odd number between 3 and the modulus"},
	};
	arena_auto *a = arena_new();
	char *bytes = arena_alloc(a, 100000);
	struct jwk key;
	struct err e = {0};

	memset(bytes, 0xff, 100000);
	const char *n = base64_encode(a, BASE64_URL, (struct sv){bytes, sizes[_i].bytes});
	const char *exponent = base64_encode(a, BASE64_URL, (struct sv){bytes, sizes[_i].exponent_bytes});
	const char *json = arena_printf(a, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", n, exponent);
	ck_assert_int_eq(jwk_parse(a, sv_of(json), &key, &e), 0);
	ck_assert_int_eq(key.bits, (int)sizes[_i].bytes * 8);
	if (sizes[_i].problem)
		assert_contains(key.problem, sizes[_i].problem);
	else
		ck_assert_msg(key.key != NULL, "%s", key.problem);
	jwk_release(&key);
}
END_TEST

START_TEST(key_sets)
{
	static const struct {
		const char *json;
		int n; /* -1: refused */
		const char *text;
	} sets[] = {
	        {"{\"keys\":[]}", 0, NULL},
	        {"{\"keys\":[1,null,\"x\",[],{}]}", 5, "not a JSON object"},
	        {"{\"keys\":{}}", -1, "an array 'keys' is needed"},
	        {"{}", -1, "an array 'keys' is needed"},
	        {"[]", -1, "an array 'keys' is needed"},
	        {"", -1, "not JSON"},
	        {"{\"keys\":[", -1, "not JSON: it cannot be read beyond line 1"},
	        {"\xef\xbb\xbf{\"keys\":[]}", -1, "not JSON"},
	        {"<html>", -1, "not JSON"},
	        {"{\"keys\":[{\"d\":\"c2VjcmV0\", oops", -1, "not JSON"},
	};
	arena_auto *a = arena_new();
	struct jwks keys = {0};
	struct err e = {0};
	int done = jwks_parse(a, sv_of(sets[_i].json), &keys, &e);

	ck_assert_int_eq(done, sets[_i].n < 0 ? -1 : 0);
	ck_assert_int_eq(e.kind, sets[_i].n < 0 ? ERR_INPUT : ERR_NONE);
	ck_assert_int_eq((int)keys.n, sets[_i].n < 0 ? 0 : sets[_i].n);
	if (sets[_i].n < 0)
		assert_contains(e.text, sets[_i].text);
	assert_lacks(e.text, "c2VjcmV0");
	if (sets[_i].n > 0)
		assert_contains(keys.v[0].problem, sets[_i].text);
	jwks_release(&keys);
}
END_TEST

START_TEST(many_keys_are_cut)
{
	arena_auto *a = arena_new();
	struct buf json = {.cap = BUF_OWN};
	struct jwks keys;
	struct err e = {0};

	buf_add_text(&json, "{\"keys\":[{}");
	for (int i = 1; i < LIMIT_KEYS + 10; i++)
		buf_add_text(&json, ",{}");
	buf_add_text(&json, "]}");
	ck_assert_int_eq(jwks_parse(a, buf_sv(&json), &keys, &e), 0);
	ck_assert_uint_eq(keys.n, LIMIT_KEYS);
	ck_assert_uint_eq(keys.dropped, 10);
	jwks_release(&keys);
	buf_release(&json);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: JWK");
	TCase *t = tcase_create("parsing");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, single_keys, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, facts_of_keys);
	tcase_add_loop_test(t, private_parts_are_noted, 0, 8);
	tcase_add_loop_test(t, large_moduli_are_refused, 0, 7);
	tcase_add_loop_test(t, key_sets, 0, 10);
	tcase_add_test(t, many_keys_are_cut);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
