/* Why an ECDSA signature fails: each way told apart, in words. */
#include <string.h>

#include "core/base64.h"
#include "crafted.h"

#define H(alg) "{\"alg\":\"" alg "\",\"kid\":\"k1\"}"

static const char *input(struct bench *b, const char *header)
{
	return crafted_input(b, header, CRAFTED_PAYLOAD);
}

static const char *correct(struct bench *b)
{
	return crafted_token(b, H("ES256"), crafted.p256, ALG_ES256);
}

static const char *der(struct bench *b)
{
	struct sv raw = crafted_sign(b, crafted.p256, ALG_ES256, input(b, H("ES256")));

	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD, crafted_der(b, raw));
}

static const char *wrong_der(struct bench *b)
{
	struct sv raw = crafted_sign(b, crafted.other_p256, ALG_ES256, input(b, H("ES256")));

	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD, crafted_der(b, raw));
}

static const char *other_key(struct bench *b)
{
	return crafted_token(b, H("ES256"), crafted.other_p256, ALG_ES256);
}

static const char *altered(struct bench *b)
{
	struct sv raw = crafted_sign(b, crafted.p256, ALG_ES256, input(b, H("ES256")));

	return crafted_join(b, H("ES256"), "{\"sub\":\"somebody else\"}", raw);
}

static const char *claim_added(struct bench *b)
{
	const char *was = "{\"sub\":\"u\"}", *is = "{\"sub\":\"u\",\"role\":\"vip\"}";

	return crafted_join(b, H("ES256"), is,
	                    crafted_sign(b, crafted.p256, ALG_ES256, crafted_input(b, H("ES256"), was)));
}

static const char *flipped(struct bench *b)
{
	struct sv raw = crafted_sign(b, crafted.p256, ALG_ES256, input(b, H("ES256")));

	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD, crafted_flip(b, raw, 300));
}

static const char *shorter(struct bench *b)
{
	struct sv raw = crafted_sign(b, crafted.p256, ALG_ES256, input(b, H("ES256")));

	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD, (struct sv){raw.p, raw.n - 3});
}

static const char *longer(struct bench *b)
{
	struct sv raw = crafted_sign(b, crafted.p256, ALG_ES256, input(b, H("ES256")));

	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD,
	                    sv_of(arena_printf(b->a, "%s..", base64_encode(b->a, BASE64_STANDARD, raw))));
}

static const char *zeros(struct bench *b)
{
	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD, (struct sv){arena_alloc(b->a, 64), 64});
}

static const char *ones(struct bench *b)
{
	char *bytes = arena_alloc(b->a, 64);

	memset(bytes, 0xff, 64);
	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD, (struct sv){bytes, 64});
}

static const char *decoded_input(struct bench *b)
{
	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD,
	                    crafted_sign(b, crafted.p256, ALG_ES256, H("ES256") "." CRAFTED_PAYLOAD));
}

static const char *re_encoded(struct bench *b)
{
	const char *token = correct(b), *dot = strchr(token, '.');

	return arena_printf(b->a, "%.*s\n%s", (int)(dot - token) + 8, token, dot + 8);
}

static const char *other_hash(struct bench *b)
{
	return crafted_join(b, H("ES256"), CRAFTED_PAYLOAD,
	                    crafted_ecdsa(b, crafted.p256, "SHA384", input(b, H("ES256"))));
}

static const char *es256_as_rs256(struct bench *b)
{
	return crafted_token(b, H("RS256"), crafted.p256, ALG_ES256);
}

static const char *es384_as_es256(struct bench *b)
{
	return crafted_token(b, H("ES256"), crafted.p384, ALG_ES384);
}

enum registered { P256, P384, P521, RSA, P256_AND_RSA, P256_AND_P384, BOTH_P256 };

static const struct {
	enum registered keys;
	struct crafted_case c;
} rows[] = {
        {P256, {"correct", correct, JWS_VERIFIED, {"verifies with the registered key 'k1' (ES256)"}, NULL}},
        {P256,
         {"DER",
          der,
          JWS_DER,
          {"'k1' signed this very content", "of DER instead of the 64 bytes of R and S"},
          "R and S side by side"}},
        {P256,
         {"DER by another key",
          wrong_der,
          JWS_SIGNATURE_LENGTH,
          {"bytes of DER where ES256 has 64", "does not verify either"},
          "32 bytes each"}},
        {P256,
         {"other key",
          other_key,
          JWS_NOT_VERIFIED,
          {"does not verify with the registered key 'k1'", "it was made by another key, over other content, or damaged",
           "ECDSA does not show which"},
          "check that"}},
        {P256,
         {"altered",
          altered,
          JWS_NOT_VERIFIED,
          {"it was made by another key, over other content, or damaged"},
          "check that"}},
        {P256,
         {"claim added",
          claim_added,
          JWS_CONTENT_ALTERED,
          {"'k1' made this signature, but over the token without the claim 'role', which was added after signing"},
          "exactly as it was signed"}},
        {P256, {"one bit", flipped, JWS_ONE_BIT, {"one bit of the signature is flipped (byte 38, bit 5)"}, "damages"}},
        {P256,
         {"shorter", shorter, JWS_SIGNATURE_LENGTH, {"61 bytes where ES256 has 64 bytes of R and S"}, "32 bytes each"}},
        {P256, {"longer", longer, JWS_SIGNATURE_LENGTH, {"90 bytes where ES256 has 64"}, "32 bytes each"}},
        {P256, {"zeros", zeros, JWS_NOT_VERIFIED, {"does not verify"}, "check that"}},
        {P256, {"ones", ones, JWS_NOT_VERIFIED, {"does not verify"}, "check that"}},
        {P256,
         {"decoded",
          decoded_input,
          JWS_DECODED_INPUT,
          {"'k1' made this signature, but over the decoded header and payload"},
          "two encoded parts"}},
        {P256, {"re-encoded", re_encoded, JWS_CONTENT_ALTERED, {"encoding was changed after signing"}, "re-encoding"}},
        {P256,
         {"other hash", other_hash, JWS_OTHER_HASH, {"with SHA-384 where ES256 means SHA-256"}, "sign with SHA-256"}},
        {P256_AND_RSA,
         {"ES256 as RS256",
          es256_as_rs256,
          JWS_OTHER_ALG,
          {"ECDSA with the curve P-256 and SHA-256, while the header says RS256"},
          "algorithm that is used"}},
        {P256,
         {"ES256 as RS256, no RSA key",
          es256_as_rs256,
          JWS_OTHER_ALG,
          {"ECDSA with the curve P-256"},
          "algorithm that is used"}},
        {P384,
         {"ES384 as ES256",
          es384_as_es256,
          JWS_OTHER_ALG,
          {"ECDSA with the curve P-384 and SHA-384, while the header says ES256"},
          "algorithm that is used"}},
        {P384,
         {"P-384 registered",
          correct,
          JWS_KEY_TYPE,
          {"the header says ES256, which needs an EC key on P-256", "is EC P-384"},
          "register an EC key on P-256"}},
        {RSA,
         {"RSA registered",
          correct,
          JWS_KEY_TYPE,
          {"which needs an EC key on P-256", "'k1' is RSA"},
          "register an EC key on P-256"}},
        {BOTH_P256, {"two keys", altered, JWS_NOT_VERIFIED, {"does not verify with any registered key"}, "check that"}},
        {P256_AND_P384, {"ES384 length", es384_as_es256, JWS_OTHER_ALG, {"P-384"}, "algorithm that is used"}},
};

static void register_keys(struct bench *b, enum registered keys)
{
	const char *p256 = signing_key_jwk(b->a, crafted.p256, "k1", "ES256");
	const char *p384 = signing_key_jwk(b->a, crafted.p384, keys == P384 ? "k1" : "k2", "ES384");
	const char *rsa = signing_key_jwk(b->a, crafted.rsa, keys == RSA ? "k1" : "k2", NULL);

	switch (keys) {
	case P256:
		bench_register(b, p256, NULL);
		break;
	case P384:
		bench_register(b, p384, NULL);
		break;
	case P521:
		bench_register(b, signing_key_jwk(b->a, crafted.p521, "k1", NULL), NULL);
		break;
	case RSA:
		bench_register(b, rsa, NULL);
		break;
	case P256_AND_RSA:
		bench_register(b, rsa, p256, NULL);
		break;
	case P256_AND_P384:
		bench_register(b, p256, p384, NULL);
		break;
	case BOTH_P256:
		bench_register(b, signing_key_jwk(b->a, crafted.other_p256, "k2", NULL), p256, NULL);
		break;
	}
}

START_TEST(reasons)
{
	bench_auto b = bench_new();

	register_keys(&b, rows[_i].keys);
	bench_judge(&b, &rows[_i].c);
}
END_TEST

/* P-521 has 66-byte coordinates whose first byte is 0 or 1: every signature must come out 132 bytes. */
START_TEST(p521_keeps_its_width)
{
	bench_auto b = bench_new();

	register_keys(&b, P521);
	for (int i = 0; i < 20; i++) {
		struct sv raw = crafted_sign(&b, crafted.p521, ALG_ES512, input(&b, H("ES512")));
		ck_assert_uint_eq(raw.n, 132);
		bench_diagnose(&b, crafted_join(&b, H("ES512"), CRAFTED_PAYLOAD, raw));
		ck_assert_int_eq(b.d.reason, JWS_VERIFIED);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: diagnosis of ECDSA signatures");
	TCase *t = tcase_create("reasons");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reasons, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, p521_keeps_its_width);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
