/* A registered RSA key signed, but something else than the token carries: found out, and said what. */
#include <string.h>

#include "core/base64.h"
#include "crafted.h"

#define H(alg) "{\"alg\":\"" alg "\",\"kid\":\"k1\"}"

static struct sv good(struct bench *b, const char *header, enum jose_alg alg)
{
	return crafted_sign(b, crafted.rsa, alg, crafted_input(b, header, CRAFTED_PAYLOAD));
}

static const char *altered_payload(struct bench *b)
{
	return crafted_join(b, H("RS256"), "{\"sub\":\"somebody else\"}", good(b, H("RS256"), ALG_RS256));
}

static const char *altered_header(struct bench *b)
{
	return crafted_join(b, "{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}", CRAFTED_PAYLOAD,
	                    good(b, H("RS256"), ALG_RS256));
}

static const char *altered_alg(struct bench *b)
{
	return crafted_join(b, H("RS384"), CRAFTED_PAYLOAD, good(b, H("RS256"), ALG_RS256));
}

static const char *altered_alg_and_payload(struct bench *b)
{
	return crafted_join(b, H("RS384"), "{\"sub\":\"somebody else\"}", good(b, H("RS256"), ALG_RS256));
}

static const char *replaced_header(struct bench *b)
{
	return crafted_join(b, "{\"alg\":\"RS256\",\"kid\":\"k2\",\"typ\":\"JWT\"}", CRAFTED_PAYLOAD,
	                    good(b, H("RS256"), ALG_RS256));
}

/* Signed over header and payload as they are, sent otherwise. */
static const char *rewritten(struct bench *b, const char *const was[2], const char *const is[2], enum jose_alg alg)
{
	return crafted_join(b, is[0], is[1], crafted_sign(b, crafted.rsa, alg, crafted_input(b, was[0], was[1])));
}

static const char *claim_added(struct bench *b)
{
	return rewritten(b, (const char *[]){H("RS256"), "{\"sub\":\"u\",\"n\":1}"},
	                 (const char *[]){H("RS256"), "{\"sub\":\"u\",\"role\":\"vip\",\"n\":1}"}, ALG_RS256);
}

static const char *claim_added_pss(struct bench *b)
{
	return rewritten(b, (const char *[]){H("PS256"), "{\"sub\": \"u\"}"},
	                 (const char *[]){H("PS256"), "{\"sub\":\"u\",\"role\":\"vip\"}"}, ALG_PS256);
}

static const char *python_json(struct bench *b)
{
	return rewritten(b, (const char *[]){H("RS256"), "{\"sub\": \"u\", \"aud\": [1, 2]}"},
	                 (const char *[]){H("RS256"), "{\"sub\":\"u\",\"aud\":[1,2]}"}, ALG_RS256);
}

static const char *php_json(struct bench *b)
{
	return rewritten(b, (const char *[]){H("RS256"), "{\"iss\":\"https:\\/\\/b\",\"n\":\"\\u00e4\\u20ac\"}"},
	                 (const char *[]){H("RS256"), "{\"iss\":\"https://b\",\"n\":\"\303\244\342\202\254\"}"},
	                 ALG_RS256);
}

static const char *sorted_json(struct bench *b)
{
	return rewritten(b, (const char *[]){"{\"alg\":\"RS256\",\"kid\":\"k1\"}", "{\"aud\":1,\"sub\":2}"},
	                 (const char *[]){"{\"kid\":\"k1\",\"alg\":\"RS256\"}", "{\"sub\":2,\"aud\":1}"}, ALG_RS256);
}

static const char *indented_json(struct bench *b)
{
	return rewritten(b, (const char *[]){"{\n  \"alg\": \"RS256\",\n  \"kid\": \"k1\"\n}", CRAFTED_PAYLOAD},
	                 (const char *[]){H("RS256"), CRAFTED_PAYLOAD}, ALG_RS256);
}

static const char *altered_pss(struct bench *b)
{
	return crafted_join(b, H("PS256"), "{\"sub\":\"somebody else\"}", good(b, H("PS256"), ALG_PS256));
}

static const char *altered_and_pkcs1(struct bench *b)
{
	return crafted_join(b, H("PS256"), "{\"sub\":\"somebody else\"}", good(b, H("PS256"), ALG_RS256));
}

static const char *line_breaks(struct bench *b)
{
	const char *token = crafted_token(b, H("RS256"), crafted.rsa, ALG_RS256), *dot = strchr(token, '.');

	return arena_printf(b->a, "%.*s\r\n%s", (int)(dot - token) + 20, token, dot + 20);
}

static const char *padded_header(struct bench *b)
{
	const char *token = crafted_token(b, H("RS256"), crafted.rsa, ALG_RS256), *dot = strchr(token, '.');

	ck_assert_int_eq((dot - token) % 4, 3);
	return arena_printf(b->a, "%.*s=%s", (int)(dot - token), token, dot);
}

static const char *signed_as_standard_base64(struct bench *b)
{
	const char *input = arena_printf(b->a, "%s.%s", base64_encode(b->a, BASE64_STANDARD, sv_of(H("RS256"))),
	                                 base64_encode(b->a, BASE64_STANDARD, sv_of("{\"sub\":\"1\"}")));

	return crafted_join(b, H("RS256"), "{\"sub\":\"1\"}", crafted_sign(b, crafted.rsa, ALG_RS256, input));
}

static const char *payload_alone(struct bench *b)
{
	const char *input = base64_encode(b->a, BASE64_URL, sv_of(CRAFTED_PAYLOAD));

	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_sign(b, crafted.rsa, ALG_RS256, input));
}

static const char *decoded_input(struct bench *b)
{
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD,
	                    crafted_sign(b, crafted.rsa, ALG_RS256, H("RS256") "." CRAFTED_PAYLOAD));
}

static const char *decoded_input_pss(struct bench *b)
{
	return crafted_join(b, H("PS512"), CRAFTED_PAYLOAD,
	                    crafted_sign(b, crafted.rsa, ALG_PS512, H("PS512") "." CRAFTED_PAYLOAD));
}

static const char *decoded_payload(struct bench *b)
{
	const char *input =
	        arena_printf(b->a, "%s." CRAFTED_PAYLOAD, base64_encode(b->a, BASE64_URL, sv_of(H("RS256"))));

	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_sign(b, crafted.rsa, ALG_RS256, input));
}

static const char *decoded_payload_alone(struct bench *b)
{
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_sign(b, crafted.rsa, ALG_RS256, CRAFTED_PAYLOAD));
}

static const struct crafted_case rows[] = {
        {"payload",
         altered_payload,
         JWS_CONTENT_ALTERED,
         {"'k1' made this signature, but over other content", "SHA-256 digest"},
         "exactly as it was signed"},
        {"header",
         altered_header,
         JWS_CONTENT_ALTERED,
         {"'k1' made this signature, but over the token without the header member 'typ', which was added after "
          "signing"},
         "exactly as it was signed"},
        {"header, by other means",
         replaced_header,
         JWS_CONTENT_ALTERED,
         {"over other content"},
         "exactly as it was signed"},
        {"alg",
         altered_alg,
         JWS_CONTENT_ALTERED,
         {"over a header with alg 'RS256', which was changed after signing"},
         "exactly"},
        {"alg and payload",
         altered_alg_and_payload,
         JWS_CONTENT_ALTERED,
         {"over other content", "by RS256, while the header says RS384", "alg may be what was changed"},
         "exactly"},
        {"claim added",
         claim_added,
         JWS_CONTENT_ALTERED,
         {"over the token without the claim 'role', which was added after signing"},
         "exactly"},
        {"claim added, PSS", claim_added_pss, JWS_CONTENT_ALTERED, {"without the claim 'role'"}, "exactly"},
        {"Python's JSON",
         python_json,
         JWS_CONTENT_ALTERED,
         {"the same claims written as JSON with blanks behind commas and colons", "serialised anew after signing"},
         "exactly"},
        {"PHP's JSON",
         php_json,
         JWS_CONTENT_ALTERED,
         {"the same claims written as JSON with \\/ for / and \\u for what is not ASCII"},
         "exactly"},
        {"sorted",
         sorted_json,
         JWS_CONTENT_ALTERED,
         {"header and claims written as JSON with sorted names"},
         "exactly"},
        {"indented", indented_json, JWS_CONTENT_ALTERED, {"the same header written as JSON indented by 2"}, "exactly"},
        {"payload, PSS",
         altered_pss,
         JWS_CONTENT_ALTERED,
         {"'k1' made this signature, but over other content"},
         "exactly"},
        {"payload, RS under PS",
         altered_and_pkcs1,
         JWS_CONTENT_ALTERED,
         {"by RS256, while the header says PS256"},
         "exactly"},
        {"line breaks",
         line_breaks,
         JWS_CONTENT_ALTERED,
         {"proper base64url", "encoding was changed after signing"},
         "re-encoding"},
        {"padded header",
         padded_header,
         JWS_CONTENT_ALTERED,
         {"proper base64url", "encoding was changed after signing"},
         "re-encoding"},
        {"standard base64", signed_as_standard_base64, JWS_CONTENT_ALTERED, {"padded standard base64"}, "re-encoding"},
        {"payload alone",
         payload_alone,
         JWS_CONTENT_ALTERED,
         {"the encoded payload alone, without the header"},
         "with their dot"},
        {"decoded",
         decoded_input,
         JWS_DECODED_INPUT,
         {"'k1' made this signature, but over the decoded header and payload"},
         "two encoded parts"},
        {"decoded, PSS", decoded_input_pss, JWS_DECODED_INPUT, {"the decoded header and payload"}, "two encoded parts"},
        {"decoded payload",
         decoded_payload,
         JWS_DECODED_INPUT,
         {"the encoded header with the decoded payload"},
         "two encoded parts"},
        {"decoded payload alone",
         decoded_payload_alone,
         JWS_DECODED_INPUT,
         {"the decoded payload alone"},
         "two encoded parts"},
};

START_TEST(reasons)
{
	bench_auto b = bench_new();

	bench_register(&b, signing_key_jwk(b.a, crafted.rsa, "k1", NULL), NULL);
	bench_judge(&b, &rows[_i]);
}
END_TEST

/* The same, beside keys that have nothing to do with it: no answer may change. */
START_TEST(reasons_beside_other_keys)
{
	bench_auto b = bench_new();

	bench_register(&b, signing_key_jwk(b.a, crafted.p256, "ec", "ES256"),
	               signing_key_jwk(b.a, crafted.cubed, "e3", NULL), signing_key_jwk(b.a, crafted.rsa, "k1", NULL),
	               NULL);
	bench_judge(&b, &rows[_i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: diagnosis of what was signed");
	TCase *t = tcase_create("reasons");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reasons, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(t, reasons_beside_other_keys, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
