/* Tokens whose key proves nothing: HMAC with a shared or public text, keys that the token carries. */
#include <string.h>

#include "core/base64.h"
#include "crafted.h"

#define RS "{\"alg\":\"RS256\",\"kid\":\"k1\"}"
#define HS "{\"alg\":\"HS256\",\"kid\":\"k1\"}"
#define SECRET "s3cret-s3cret-s3cret"
#define SECRET_BASE64 "bm90IHRleHQ6IP/+/Q==" /* "not text: \xff\xfe\xfd" */
#define SECRET_BASE64URL "bm90IHRleHQ6IP_-_Q"

static const char *jwk(struct bench *b, const struct signing_key *k, const char *kid)
{
	return signing_key_jwk(b->a, k, kid, NULL);
}

static void usual(struct bench *b)
{
	bench_register(b, jwk(b, crafted.rsa, "k1"), NULL);
	b->c.client_secret = SV(SECRET);
}

static const char *hs_client_secret(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, HS, SV(SECRET), ALG_HS256);
}

static const char *hs512_client_secret(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, "{\"alg\":\"HS512\"}", SV(SECRET), ALG_HS512);
}

static const char *hs_client_secret_base64(struct bench *b)
{
	usual(b);
	b->c.client_secret = SV(SECRET_BASE64);
	return crafted_hmac_token(b, HS, SV("not text: \xff\xfe\xfd"), ALG_HS256);
}

static const char *hs_client_secret_base64url(struct bench *b)
{
	usual(b);
	b->c.client_secret = SV(SECRET_BASE64URL);
	return crafted_hmac_token(b, HS, SV("not text: \xff\xfe\xfd"), ALG_HS256);
}

static const char *hs_client_secret_as_rs(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, RS, SV(SECRET), ALG_HS256);
}

static struct sv pem(struct bench *b)
{
	return sv_of(signing_key_pem(b->a, crafted.rsa));
}

static const char *hs_pem(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, HS, pem(b), ALG_HS256);
}

static const char *hs_pem_bare(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, HS, (struct sv){pem(b).p, pem(b).n - 1}, ALG_HS256);
}

static const char *hs_der(struct bench *b)
{
	struct sv der;

	usual(b);
	ck_assert_int_eq(base64_decode(b->a, BASE64_STANDARD, sv_of(signing_key_line(b->a, crafted.rsa)), &der, NULL),
	                 BASE64_OK);
	return crafted_hmac_token(b, HS, der, ALG_HS256);
}

static const char *hs_line(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, HS, sv_of(signing_key_line(b->a, crafted.rsa)), ALG_HS256);
}

static const char *hs_pasted_text(struct bench *b)
{
	const char *text = arena_printf(b->a, " %s ", signing_key_line(b->a, crafted.rsa));

	bench_paste(b, text);
	return crafted_hmac_token(b, HS, sv_of(text), ALG_HS256);
}

static const char *hs_unknown(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, HS, SV("some other secret"), ALG_HS256);
}

static const char *hs_unknown_no_secret(struct bench *b)
{
	bench_register(b, jwk(b, crafted.rsa, "k1"), NULL);
	return crafted_hmac_token(b, HS, SV("some other secret"), ALG_HS256);
}

static const char *hs_size(struct bench *b)
{
	usual(b);
	return crafted_hmac_token(b, HS, SV("some other secret"), ALG_HS512);
}

static const char *embedded_header(struct bench *b, const char *alg, const struct signing_key *k)
{
	return arena_printf(b->a, "{\"alg\":\"%s\",\"kid\":\"k1\",\"jwk\":%s}", alg, jwk(b, k, NULL));
}

static const char *embedded(struct bench *b)
{
	usual(b);
	return crafted_token(b, embedded_header(b, "RS256", crafted.other), crafted.other, ALG_RS256);
}

static const char *embedded_ec(struct bench *b)
{
	usual(b);
	return crafted_token(b, embedded_header(b, "ES256", crafted.p256), crafted.p256, ALG_ES256);
}

static const char *embedded_without_keys(struct bench *b)
{
	bench_register(b, NULL);
	return crafted_token(b, embedded_header(b, "RS256", crafted.other), crafted.other, ALG_RS256);
}

static const char *embedded_but_registered(struct bench *b)
{
	usual(b);
	return crafted_token(b, embedded_header(b, "RS256", crafted.rsa), crafted.rsa, ALG_RS256);
}

static const char *embedded_and_wrong(struct bench *b)
{
	usual(b);
	return crafted_token(b, embedded_header(b, "RS256", crafted.cubed), crafted.other, ALG_RS256);
}

static const char *embedded_certificate(struct bench *b)
{
	usual(b);
	return crafted_token(
	        b, arena_printf(b->a, "{\"alg\":\"RS256\",\"x5c\":[\"%s\"]}", signing_key_line(b->a, crafted.other)),
	        crafted.other, ALG_RS256);
}

static const struct {
	struct crafted_case c;
	enum jose_alg alg;
} rows[] = {
        {{"HS, secret",
          hs_client_secret,
          JWS_HMAC_CLIENT_SECRET,
          {"an HMAC (HS256) keyed with the client secret"},
          "whoever knows the client secret"},
         ALG_HS256},
        {{"HS512, secret",
          hs512_client_secret,
          JWS_HMAC_CLIENT_SECRET,
          {"an HMAC (HS512) keyed with the client secret"},
          "private key"},
         ALG_HS512},
        {{"HS, base64",
          hs_client_secret_base64,
          JWS_HMAC_CLIENT_SECRET,
          {"client secret (decoded from base64)"},
          "private key"},
         ALG_HS256},
        {{"HS, base64url",
          hs_client_secret_base64url,
          JWS_HMAC_CLIENT_SECRET,
          {"client secret (decoded from base64url)"},
          "private key"},
         ALG_HS256},
        {{"HS as RS",
          hs_client_secret_as_rs,
          JWS_HMAC_CLIENT_SECRET,
          {"an HMAC (HS256) keyed with the client secret", "although the header says RS256"},
          "private key"},
         ALG_RS256},
        {{"HS, PEM",
          hs_pem,
          JWS_HMAC_PUBLIC_KEY,
          {"keyed with the PEM text (with its final newline) of the registered key 'k1'"},
          "everybody who has the public key"},
         ALG_HS256},
        {{"HS, PEM bare", hs_pem_bare, JWS_HMAC_PUBLIC_KEY, {"the PEM text (without its final newline)"}, "everybody"},
         ALG_HS256},
        {{"HS, DER", hs_der, JWS_HMAC_PUBLIC_KEY, {"the DER bytes of"}, "everybody"}, ALG_HS256},
        {{"HS, line", hs_line, JWS_HMAC_PUBLIC_KEY, {"the one-line base64 of"}, "everybody"}, ALG_HS256},
        {{"HS, as pasted", hs_pasted_text, JWS_HMAC_PUBLIC_KEY, {"the text of the registered public key"}, "everybody"},
         ALG_HS256},
        {{"HS, unknown",
          hs_unknown,
          JWS_HMAC,
          {"neither the client secret nor any form of a registered public key reproduces it"},
          "not with a shared secret"},
         ALG_HS256},
        {{"HS, no secret", hs_unknown_no_secret, JWS_HMAC, {"the client secret is not known here"}, "shared secret"},
         ALG_HS256},
        {{"HS, size", hs_size, JWS_HMAC, {"64 bytes where that makes 32"}, "shared secret"}, ALG_HS256},
        {{"embedded",
          embedded,
          JWS_EMBEDDED_KEY,
          {"with the key that the token itself carries", "member jwk"},
          "leave keys out"},
         ALG_RS256},
        {{"embedded EC",
          embedded_ec,
          JWS_EMBEDDED_KEY,
          {"with the key that the token itself carries"},
          "leave keys out"},
         ALG_ES256},
        {{"embedded, no keys",
          embedded_without_keys,
          JWS_EMBEDDED_KEY,
          {"but with none of the registered keys"},
          "leave keys out"},
         ALG_RS256},
        {{"embedded, registered", embedded_but_registered, JWS_VERIFIED, {"verifies with the registered key"}, NULL},
         ALG_RS256},
        {{"embedded, wrong", embedded_and_wrong, JWS_OTHER_KEY, {"did not make this signature"}, "register"},
         ALG_RS256},
        {{"embedded x5c", embedded_certificate, JWS_EMBEDDED_KEY, {"member x5c"}, "leave keys out"}, ALG_RS256},
};

START_TEST(reasons)
{
	bench_auto b = bench_new();

	bench_judge(&b, &rows[_i].c);
	ck_assert_int_eq(b.d.alg, rows[_i].alg);
	assert_lacks(b.d.sentence, SECRET);
	assert_lacks(b.d.sentence, SECRET_BASE64);
	assert_lacks(b.d.sentence, SECRET_BASE64URL);
	if (b.d.reason == JWS_VERIFIED || b.d.reason == JWS_VERIFIED_OTHER_KID)
		ck_assert(b.d.key >= b.keys.v && b.d.key < b.keys.v + b.keys.n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: diagnosis of HMAC and embedded keys");
	TCase *t = tcase_create("reasons");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reasons, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
