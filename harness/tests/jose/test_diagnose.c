/* What is said of a token before and beside the mathematics: header, kid, which keys there are. */
#include <string.h>

#include "core/base64.h"
#include "crafted.h"

#define RS "{\"alg\":\"RS256\",\"kid\":\"k1\"}"

static const char *jwk(struct bench *b, const struct signing_key *k, const char *kid)
{
	return signing_key_jwk(b->a, k, kid, NULL);
}

/* The JWK with its use replaced. */
static const char *with_use(struct bench *b, const struct signing_key *k, const char *kid, const char *use)
{
	const char *text = jwk(b, k, kid), *at = strstr(text, "\"use\":\"sig\"");

	ck_assert_ptr_nonnull(at);
	return arena_printf(b->a, "%.*s\"use\":\"%s\"%s", (int)(at - text), text, use, at + strlen("\"use\":\"sig\""));
}

static void usual(struct bench *b)
{
	bench_register(b, jwk(b, crafted.rsa, "k1"), NULL);
	b->c.client_secret = SV("some secret");
}

static const char *correct(struct bench *b)
{
	usual(b);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *none(struct bench *b)
{
	usual(b);
	return crafted_join(b, "{\"alg\":\"none\"}", CRAFTED_PAYLOAD, SV_NONE);
}

static const char *none_mixed_case(struct bench *b)
{
	usual(b);
	return crafted_join(b, "{\"alg\":\"nOnE\"}", CRAFTED_PAYLOAD, SV_NONE);
}

static const char *none_signed(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"none\"}", crafted.rsa, ALG_RS256);
}

static const char *none_with_nul(struct bench *b)
{
	usual(b);
	return crafted_join(b, "{\"alg\":\"none\\u0000\"}", CRAFTED_PAYLOAD, SV_NONE);
}

static const char *empty_signature(struct bench *b)
{
	usual(b);
	return crafted_join(b, RS, CRAFTED_PAYLOAD, SV_NONE);
}

static const char *two_parts(struct bench *b)
{
	usual(b);
	return crafted_input(b, RS, CRAFTED_PAYLOAD);
}

static const char *undecodable(struct bench *b)
{
	usual(b);
	return arena_printf(b->a, "%s.%s", crafted_input(b, RS, CRAFTED_PAYLOAD), "c2ln!bmF0dXJl");
}

static const char *lower_case_alg(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"rs256\"}", crafted.rsa, ALG_RS256);
}

static const char *alg_with_nul(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"RS256\\u0000\"}", crafted.rsa, ALG_RS256);
}

static const char *no_alg(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"kid\":\"k1\"}", crafted.other, ALG_RS256);
}

static const char *alg_is_number(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":256}", crafted.rsa, ALG_RS256);
}

static const char *no_json(struct bench *b)
{
	usual(b);
	return crafted_token(b, "hello", crafted.rsa, ALG_RS256);
}

static const char *encrypted(struct bench *b)
{
	usual(b);
	return arena_printf(b->a, "%s.a.b.c.d",
	                    base64_encode(b->a, BASE64_URL, SV("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}")));
}

static const char *other_kid(struct bench *b)
{
	bench_register(b, jwk(b, crafted.other, "k1"), jwk(b, crafted.rsa, "k2"), NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *unknown_kid(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"RS256\",\"kid\":\"k9\"}", crafted.rsa, ALG_RS256);
}

static const char *kid_with_nul(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"RS256\",\"kid\":\"k1\\u0000x\"}", crafted.rsa, ALG_RS256);
}

static const char *same_kid_twice(struct bench *b)
{
	bench_register(b, jwk(b, crafted.other, "k1"), jwk(b, crafted.rsa, "k1"), NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *no_kid(struct bench *b)
{
	bench_register(b, jwk(b, crafted.other, NULL), jwk(b, crafted.rsa, NULL), NULL);
	return crafted_token(b, "{\"alg\":\"RS256\"}", crafted.rsa, ALG_RS256);
}

static const char *pasted(struct bench *b)
{
	bench_paste(b, signing_key_line(b->a, crafted.rsa));
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *other_key_unknown_kid(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"RS256\",\"kid\":\"new\"}", crafted.other, ALG_RS256);
}

static const char *use_enc(struct bench *b)
{
	bench_register(b, with_use(b, crafted.rsa, "k1", "enc"), jwk(b, crafted.other, "k2"), NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *use_enc_alone_and_wrong(struct bench *b)
{
	bench_register(b, with_use(b, crafted.rsa, "k1", "enc"), NULL);
	return crafted_token(b, RS, crafted.other, ALG_RS256);
}

static const char *no_keys(struct bench *b)
{
	bench_register(b, NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *no_jwks(struct bench *b)
{
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *unusable_key(struct bench *b)
{
	bench_register(b, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"AQAB==\",\"e\":\"AQAB\"}", NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *unusable_beside_wrong(struct bench *b)
{
	bench_register(b, "{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"AQAB==\",\"e\":\"AQAB\"}",
	               jwk(b, crafted.other, "k2"), NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *ec_key_only(struct bench *b)
{
	bench_register(b, jwk(b, crafted.p256, "k1"), NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *rsa_key_for_encryption(struct bench *b)
{
	bench_register(b, with_use(b, crafted.other, "k1", "enc"), jwk(b, crafted.p256, "k2"), NULL);
	return crafted_token(b, RS, crafted.rsa, ALG_RS256);
}

static const char *weak_key(struct bench *b)
{
	bench_register(b, jwk(b, crafted.rsa1024, "k1"), NULL);
	return crafted_token(b, RS, crafted.rsa1024, ALG_RS256);
}

static const char *exponent_3(struct bench *b)
{
	bench_register(b, jwk(b, crafted.cubed, "k1"), NULL);
	return crafted_token(b, RS, crafted.cubed, ALG_RS256);
}

static const char *duplicate_alg(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"none\",\"alg\":\"RS256\"}", crafted.rsa, ALG_RS256);
}

static const char *hostile_names(struct bench *b)
{
	usual(b);
	return crafted_token(b, "{\"alg\":\"RS256\",\"kid\":\"\\u001b[31m\\u202e]]>\"}", crafted.other, ALG_RS256);
}

static const struct {
	struct crafted_case c;
	enum jose_alg alg;
} rows[] = {
        {{"correct", correct, JWS_VERIFIED, {"verifies with the registered key 'k1' (RS256)"}, NULL}, ALG_RS256},
        {{"none", none, JWS_UNSECURED, {"unsecured: its header says alg 'none'"}, "sign with the private key"},
         ALG_NONE},
        {{"nOnE", none_mixed_case, JWS_UNSECURED, {"says alg 'nOnE'"}, "remove whatever lets alg none"}, ALG_NONE},
        {{"none, signed", none_signed, JWS_UNSECURED, {"nothing vouches for what its third part holds"}, "sign"},
         ALG_NONE},
        {{"none and NUL", none_with_nul, JWS_UNKNOWN_ALG, {"alg 'none\\x00' is no signature algorithm"}, "RS256"},
         ALG_UNKNOWN},
        {{"empty",
          empty_signature,
          JWS_EMPTY_SIGNATURE,
          {"says RS256, but the third part, the signature, is empty"},
          "sign"},
         ALG_RS256},
        {{"two parts", two_parts, JWS_EMPTY_SIGNATURE, {"says RS256, but the token has no third part"}, "sign"},
         ALG_RS256},
        {{"undecodable",
          undecodable,
          JWS_NOT_VERIFIED,
          {"third part holds no signature", "has a character that base64 does not use"},
          "base64url"},
         ALG_RS256},
        {{"rs256",
          lower_case_alg,
          JWS_UNKNOWN_ALG,
          {"alg 'rs256' is no signature algorithm", "a correct RS256 one by the registered key 'k1'"},
          "spells it"},
         ALG_UNKNOWN},
        {{"RS256 and NUL", alg_with_nul, JWS_UNKNOWN_ALG, {"alg 'RS256\\x00' is no"}, "spells it"}, ALG_UNKNOWN},
        {{"no alg", no_alg, JWS_UNKNOWN_ALG, {"the header has no member alg"}, "RS256"}, ALG_UNKNOWN},
        {{"alg 256", alg_is_number, JWS_UNKNOWN_ALG, {"alg is not a string", "a correct RS256 one"}, "RS256"},
         ALG_UNKNOWN},
        {{"no JSON", no_json, JWS_UNKNOWN_ALG, {"the header is not a JSON object"}, "RS256"}, ALG_UNKNOWN},
        {{"JWE", encrypted, JWS_UNKNOWN_ALG, {"encrypted (five parts, alg 'RSA-OAEP-256')"}, "three parts"},
         ALG_UNKNOWN},
        {{"other kid",
          other_kid,
          JWS_VERIFIED_OTHER_KID,
          {"verifies with the registered key 'k2' (RS256), but the token's kid 'k1' names another"},
          "write the kid"},
         ALG_RS256},
        {{"unknown kid", unknown_kid, JWS_VERIFIED, {"although the token's kid 'k9' names none"}, NULL}, ALG_RS256},
        {{"kid and NUL", kid_with_nul, JWS_VERIFIED, {"the token's kid 'k1\\x00x' names none"}, NULL}, ALG_RS256},
        {{"same kid twice", same_kid_twice, JWS_VERIFIED, {"verifies with the registered key 'k1'"}, NULL}, ALG_RS256},
        {{"no kid", no_kid, JWS_VERIFIED, {"the registered key number 2"}, NULL}, ALG_RS256},
        {{"pasted", pasted, JWS_VERIFIED, {"verifies with the registered key (RS256)"}, NULL}, ALG_RS256},
        {{"rotated",
          other_key_unknown_kid,
          JWS_OTHER_KEY,
          {"'k1' did not make", "the token's kid 'new' names none"},
          "register"},
         ALG_RS256},
        {{"use enc", use_enc, JWS_KEY_USE, {"its use is 'enc', not 'sig'"}, "use 'sig'"}, ALG_RS256},
        {{"use enc alone",
          use_enc_alone_and_wrong,
          JWS_NO_KEY,
          {"none of the registered keys can be used", "its use is 'enc'"},
          "register"},
         ALG_RS256},
        {{"no keys", no_keys, JWS_NO_KEY, {"there is no registered key"}, "register"}, ALG_RS256},
        {{"no JWKS", no_jwks, JWS_NO_KEY, {"there is no registered key"}, "register"}, ALG_RS256},
        {{"unusable",
          unusable_key,
          JWS_NO_KEY,
          {"'k1' (its member 'n' is not base64url: it has padding (=) at character 5)"},
          "can be used"},
         ALG_RS256},
        {{"unusable beside",
          unusable_beside_wrong,
          JWS_NOT_VERIFIED,
          {"any registered key that can be tried", "'k1' (its member 'n' is not base64url"},
          "check that"},
         ALG_RS256},
        {{"RSA key for encryption",
          rsa_key_for_encryption,
          JWS_KEY_TYPE,
          {"RS256, which needs an RSA key", "'k2' is EC P-256"},
          "register an RSA key"},
         ALG_RS256},
        {{"EC key only",
          ec_key_only,
          JWS_KEY_TYPE,
          {"RS256, which needs an RSA key", "'k1' is EC P-256"},
          "register an RSA key"},
         ALG_RS256},
        {{"1024 bits", weak_key, JWS_VERIFIED, {"verifies"}, NULL}, ALG_RS256},
        {{"e = 3", exponent_3, JWS_VERIFIED, {"verifies"}, NULL}, ALG_RS256},
        {{"alg twice", duplicate_alg, JWS_VERIFIED, {"verifies"}, NULL}, ALG_RS256},
        {{"hostile kid", hostile_names, JWS_OTHER_KEY, {"\\x1b[31m\\xe2\\x80\\xae]]>"}, "register"}, ALG_RS256},
};

START_TEST(reasons)
{
	bench_auto b = bench_new();

	bench_judge(&b, &rows[_i].c);
	ck_assert_int_eq(b.d.alg, rows[_i].alg);
	if (b.d.reason == JWS_VERIFIED || b.d.reason == JWS_VERIFIED_OTHER_KID)
		ck_assert(b.d.key >= b.keys.v && b.d.key < b.keys.v + b.keys.n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: diagnosis");
	TCase *t = tcase_create("reasons");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reasons, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
