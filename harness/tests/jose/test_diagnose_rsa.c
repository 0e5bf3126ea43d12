/* Why an RSA signature fails although the content is right: each way told apart, in words. */
#include <string.h>

#include "crafted.h"

#define H(alg) "{\"alg\":\"" alg "\",\"kid\":\"k1\"}"

static struct sv good(struct bench *b, const char *header, enum jose_alg alg)
{
	return crafted_sign(b, crafted.rsa, alg, crafted_input(b, header, CRAFTED_PAYLOAD));
}

static const char *other_key(struct bench *b)
{
	return crafted_token(b, H("RS256"), crafted.other, ALG_RS256);
}

static const char *other_key_pss(struct bench *b)
{
	return crafted_token(b, H("PS256"), crafted.other, ALG_PS256);
}

static const char *rs512_as_rs256(struct bench *b)
{
	return crafted_token(b, H("RS256"), crafted.rsa, ALG_RS512);
}

static const char *sha1(struct bench *b)
{
	/* DigestInfo of SHA-1, RFC 8017 §9.2 note 1 */
	static const char prefix[] = "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
	struct sv digest;
	struct err e = {0};
	const char *input = crafted_input(b, H("RS256"), CRAFTED_PAYLOAD);
	char info[35];

	ck_assert_int_eq(jose_hash(b->a, "SHA1", sv_of(input), &digest, &e), 0);
	memcpy(info, prefix, 15);
	memcpy(info + 15, digest.p, 20);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD,
	                    crafted_raw_pkcs1(b, crafted.rsa, (struct sv){info, sizeof(info)}));
}

static const char *ps512_as_ps256(struct bench *b)
{
	return crafted_token(b, H("PS256"), crafted.rsa, ALG_PS512);
}

static const char *ps256_as_rs256(struct bench *b)
{
	return crafted_token(b, H("RS256"), crafted.rsa, ALG_PS256);
}

static const char *ps384_as_rs256(struct bench *b)
{
	return crafted_token(b, H("RS256"), crafted.rsa, ALG_PS384);
}

static const char *rs256_as_ps256(struct bench *b)
{
	return crafted_token(b, H("PS256"), crafted.rsa, ALG_RS256);
}

static const char *rs512_as_ps256(struct bench *b)
{
	return crafted_token(b, H("PS256"), crafted.rsa, ALG_RS512);
}

static const char *with_pss(struct bench *b, const char *header, const char *hash, const char *mask, int salt)
{
	const char *const hashes[2] = {hash, mask};

	return crafted_join(b, header, CRAFTED_PAYLOAD,
	                    crafted_pss(b, crafted.rsa, crafted_input(b, header, CRAFTED_PAYLOAD), hashes, salt));
}

static const char *pss_java_defaults(struct bench *b)
{
	return with_pss(b, H("PS256"), "SHA256", "SHA1", 20);
}

static const char *pss_longest_salt(struct bench *b)
{
	return with_pss(b, H("PS256"), "SHA256", "SHA256", -2);
}

static const char *pss_no_salt(struct bench *b)
{
	return with_pss(b, H("PS384"), "SHA384", "SHA384", 0);
}

static const char *pss_mask(struct bench *b)
{
	return with_pss(b, H("PS512"), "SHA512", "SHA1", 64);
}

static const char *pss_sha1(struct bench *b)
{
	return with_pss(b, H("RS256"), "SHA1", "SHA1", 20);
}

static const char *pss_longest_salt_altered(struct bench *b)
{
	const char *const hashes[2] = {"SHA256", "SHA256"};

	return crafted_join(b, H("PS256"), "{\"sub\":\"somebody else\"}",
	                    crafted_pss(b, crafted.rsa, crafted_input(b, H("PS256"), CRAFTED_PAYLOAD), hashes, -2));
}

static const char *bare_digest(struct bench *b)
{
	struct sv digest;
	struct err e = {0};

	ck_assert_int_eq(jose_hash(b->a, "SHA256", sv_of(crafted_input(b, H("RS256"), CRAFTED_PAYLOAD)), &digest, &e),
	                 0);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_raw_pkcs1(b, crafted.rsa, digest));
}

static const char *no_digest_info(struct bench *b)
{
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_raw_pkcs1(b, crafted.rsa, SV("hello")));
}

/* A DigestInfo for SHA-256 that holds 31 bytes. */
static const char *short_digest(struct bench *b)
{
	static const char info[] = "\x30\x30\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x1f"
	                           "0123456789abcdef0123456789abcde";

	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD,
	                    crafted_raw_pkcs1(b, crafted.rsa, (struct sv){info, sizeof(info) - 1}));
}

/* 00 01, seven FF, 00: one too few to be the padding of RFC 8017 §9.2, and to prove anything. */
static const char *short_padding(struct bench *b)
{
	char *message = arena_alloc(b->a, 256);

	message[1] = 1;
	memset(message + 2, 0xff, 7);
	memset(message + 10, 'x', 246);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_raw(b, crafted.rsa, (struct sv){message, 256}));
}

static const char *least_padding(struct bench *b)
{
	char *message = arena_alloc(b->a, 256);

	message[1] = 1;
	memset(message + 2, 0xff, 8);
	memset(message + 11, 'x', 245);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_raw(b, crafted.rsa, (struct sv){message, 256}));
}

/* A DigestInfo without the NULL parameters that RFC 8017 A.2.4 has in it. */
static const char *no_null(struct bench *b)
{
	static const char prefix[] = "\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20";
	struct sv digest;
	struct err e = {0};
	char info[49];

	ck_assert_int_eq(jose_hash(b->a, "SHA256", sv_of(crafted_input(b, H("RS256"), CRAFTED_PAYLOAD)), &digest, &e),
	                 0);
	memcpy(info, prefix, 17);
	memcpy(info + 17, digest.p, 32);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD,
	                    crafted_raw_pkcs1(b, crafted.rsa, (struct sv){info, sizeof(info)}));
}

static const char *first_bit(struct bench *b)
{
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, crafted_flip(b, good(b, H("RS256"), ALG_RS256), 7));
}

static const char *middle_bit(struct bench *b)
{
	return crafted_join(b, H("PS384"), CRAFTED_PAYLOAD, crafted_flip(b, good(b, H("PS384"), ALG_PS384), 1000));
}

static const char *last_bit(struct bench *b)
{
	return crafted_join(b, H("RS512"), CRAFTED_PAYLOAD, crafted_flip(b, good(b, H("RS512"), ALG_RS512), 2047));
}

static const char *two_bits(struct bench *b)
{
	struct sv s = crafted_flip(b, crafted_flip(b, good(b, H("RS256"), ALG_RS256), 99), 1500);

	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, s);
}

static const char *truncated(struct bench *b)
{
	struct sv s = good(b, H("RS256"), ALG_RS256);

	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, (struct sv){s.p, s.n - 16});
}

static const char *by_smaller_key(struct bench *b)
{
	return crafted_token(b, H("RS256"), crafted.rsa1024, ALG_RS256);
}

static const char *longer(struct bench *b)
{
	struct sv s = good(b, H("RS256"), ALG_RS256);
	char *more = arena_alloc(b->a, s.n + 3);

	memcpy(more, s.p, s.n);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, (struct sv){more, s.n + 3});
}

static const char *sign_byte(struct bench *b)
{
	struct sv s = good(b, H("RS256"), ALG_RS256);
	char *more = arena_alloc(b->a, s.n + 1);

	memcpy(more + 1, s.p, s.n);
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, (struct sv){more, s.n + 1});
}

static const char *much_longer(struct bench *b)
{
	return crafted_join(b, H("RS256"), CRAFTED_PAYLOAD, (struct sv){arena_alloc(b->a, 300), 300});
}

/* Payloads are tried until the signature begins with a zero byte, which is then dropped. */
static const char *zero_dropped(struct bench *b)
{
	for (int i = 0; i < 20000; i++) {
		const char *payload = arena_printf(b->a, "{\"sub\":\"%d\"}", i);
		struct sv s = crafted_sign(b, crafted.rsa, ALG_RS256, crafted_input(b, H("RS256"), payload));
		if (s.p[0] == 0 && s.p[1] != 0)
			return crafted_join(b, H("RS256"), payload, (struct sv){s.p + 1, s.n - 1});
	}
	ck_abort_msg("no signature begins with a zero byte");
	return NULL;
}

static const char *zero_dropped_pss(struct bench *b)
{
	for (int i = 0; i < 20000; i++) {
		struct sv s = good(b, H("PS256"), ALG_PS256);
		if (s.p[0] == 0 && s.p[1] != 0)
			return crafted_join(b, H("PS256"), CRAFTED_PAYLOAD, (struct sv){s.p + 1, s.n - 1});
	}
	ck_abort_msg("no signature begins with a zero byte");
	return NULL;
}

static const char *rs256_as_es256(struct bench *b)
{
	return crafted_token(b, H("ES256"), crafted.rsa, ALG_RS256);
}

static const char *hs_header_rs_signature(struct bench *b)
{
	return crafted_token(b, H("HS256"), crafted.rsa, ALG_RS256);
}

static const struct crafted_case rows[] = {
        {"other key", other_key, JWS_OTHER_KEY, {"the registered key 'k1' did not make this signature"}, "register"},
        {"other key, PSS", other_key_pss, JWS_OTHER_KEY, {"'k1' did not make this signature"}, "register"},
        {"RS512 as RS256",
         rs512_as_rs256,
         JWS_OTHER_HASH,
         {"'k1' signed this very content", "with SHA-512 where RS256 means SHA-256"},
         "sign with SHA-256"},
        {"SHA-1", sha1, JWS_OTHER_HASH, {"with SHA-1 where RS256 means SHA-256"}, "sign with SHA-256"},
        {"PS512 as PS256",
         ps512_as_ps256,
         JWS_OTHER_HASH,
         {"with SHA-512 where PS256 means SHA-256"},
         "sign with SHA-256"},
        {"PS256 as RS256",
         ps256_as_rs256,
         JWS_PSS,
         {"'k1' signed this very content",
          "by RSASSA-PSS with SHA-256 where RS256 means RSASSA-PKCS1-v1_5 with SHA-256"},
         "RSASSA-PKCS1-v1_5"},
        {"PS384 as RS256", ps384_as_rs256, JWS_PSS, {"by RSASSA-PSS with SHA-384 where RS256"}, "RSASSA-PKCS1-v1_5"},
        {"SHA-1 PSS as RS256", pss_sha1, JWS_PSS, {"by RSASSA-PSS with SHA-1 where RS256"}, "RSASSA-PKCS1-v1_5"},
        {"RS256 as PS256",
         rs256_as_ps256,
         JWS_PKCS1,
         {"by RSASSA-PKCS1-v1_5 with SHA-256 where PS256 means RSASSA-PSS"},
         "sign with RSASSA-PSS"},
        {"RS512 as PS256",
         rs512_as_ps256,
         JWS_PKCS1,
         {"by RSASSA-PKCS1-v1_5 with SHA-512 where PS256 means"},
         "sign with RSASSA-PSS"},
        {"PSS as Java has it",
         pss_java_defaults,
         JWS_PSS_PARAMETERS,
         {"not as PS256 asks", "a salt of 20 bytes instead of 32", "MGF1 with SHA-1 instead of SHA-256"},
         "RFC 7518 §3.5"},
        {"PSS, longest salt",
         pss_longest_salt,
         JWS_PSS_PARAMETERS,
         {"a salt of 222 bytes instead of 32"},
         "RFC 7518 §3.5"},
        {"PSS, no salt", pss_no_salt, JWS_PSS_PARAMETERS, {"a salt of 0 bytes instead of 48"}, "RFC 7518 §3.5"},
        {"PSS, mask", pss_mask, JWS_PSS_PARAMETERS, {"(with MGF1 with SHA-1 instead of SHA-512)"}, "RFC 7518 §3.5"},
        {"PSS, longest salt, altered",
         pss_longest_salt_altered,
         JWS_NOT_VERIFIED,
         {"it was made by another key, over other content, or damaged", "does not show which"},
         "check that"},
        {"bare digest",
         bare_digest,
         JWS_BAD_DIGEST_INFO,
         {"'k1' signed the bare SHA-256 digest of this content"},
         "signing function"},
        {"no DigestInfo",
         no_digest_info,
         JWS_BAD_DIGEST_INFO,
         {"'k1' made this signature", "is no DigestInfo"},
         "signing function"},
        {"DigestInfo, short", short_digest, JWS_BAD_DIGEST_INFO, {"is no DigestInfo"}, "signing function"},
        {"short padding", short_padding, JWS_OTHER_KEY, {"did not make this signature"}, "register"},
        {"least padding",
         least_padding,
         JWS_BAD_DIGEST_INFO,
         {"'k1' made this signature", "is no DigestInfo"},
         "signing"},
        {"DigestInfo without NULL",
         no_null,
         JWS_BAD_DIGEST_INFO,
         {"not encoded as RFC 8017 §9.2 asks"},
         "let the library"},
        {"bit 7",
         first_bit,
         JWS_ONE_BIT,
         {"one bit of the signature is flipped (byte 1, bit 8)", "verifies with the registered key 'k1'"},
         "damages"},
        {"bit 1000", middle_bit, JWS_ONE_BIT, {"(byte 126, bit 1)"}, "damages"},
        {"bit 2047", last_bit, JWS_ONE_BIT, {"(byte 256, bit 8)"}, "damages"},
        {"two bits", two_bits, JWS_OTHER_KEY, {"did not make this signature"}, "register"},
        {"truncated",
         truncated,
         JWS_TRUNCATED,
         {"240 bytes where the registered key 'k1' makes 256: it is too short"},
         "what cuts the token"},
        {"smaller key",
         by_smaller_key,
         JWS_TRUNCATED,
         {"128 bytes", "or made with another kind of key", "1024-bit RSA key"},
         "what cuts the token"},
        {"three bytes more",
         longer,
         JWS_SIGNATURE_LENGTH,
         {"surplus bytes (3) stand behind a correct signature"},
         "nothing else"},
        {"sign byte",
         sign_byte,
         JWS_SIGNATURE_LENGTH,
         {"surplus bytes (1) stand before a correct signature"},
         "nothing else"},
        {"300 bytes",
         much_longer,
         JWS_SIGNATURE_LENGTH,
         {"300 bytes where", "makes 256: it is too long"},
         "added to the signature"},
        {"zero dropped",
         zero_dropped,
         JWS_TRUNCATED,
         {"leading zero bytes that were dropped: it has 255 instead of 256"},
         "leading zeros"},
        {"zero dropped, PSS",
         zero_dropped_pss,
         JWS_TRUNCATED,
         {"leading zero bytes that were dropped: it has 255 instead of 256"},
         "leading zeros"},
        {"RS256 as ES256",
         rs256_as_es256,
         JWS_OTHER_ALG,
         {"'k1' signed this very content, but by RS256", "the header says ES256"},
         "algorithm that is used"},
        {"RS256 as HS256",
         hs_header_rs_signature,
         JWS_OTHER_ALG,
         {"the header says HS256, but the signature is a correct RS256 one"},
         "algorithm that is used"},
};

START_TEST(reasons)
{
	bench_auto b = bench_new();

	bench_register(&b, signing_key_jwk(b.a, crafted.rsa, "k1", NULL), NULL);
	bench_judge(&b, &rows[_i]);
}
END_TEST

/* The same, beside keys that have nothing to do with it: no answer may change but the one that counts them. */
START_TEST(reasons_beside_other_keys)
{
	bench_auto b = bench_new();

	bench_register(&b, signing_key_jwk(b.a, crafted.p256, "ec", "ES256"),
	               signing_key_jwk(b.a, crafted.cubed, "e3", NULL), signing_key_jwk(b.a, crafted.rsa, "k1", NULL),
	               NULL);
	if (rows[_i].reason == JWS_OTHER_KEY) {
		bench_diagnose(&b, rows[_i].make(&b));
		ck_assert_int_eq(b.d.reason, JWS_OTHER_KEY);
		assert_contains(b.d.sentence, "none of the 2 registered RSA keys made this signature");
	} else {
		bench_judge(&b, &rows[_i]);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: diagnosis of RSA signatures");
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
