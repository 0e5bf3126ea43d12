#include "crafted.h"

#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "jose/ecdsa.h"
#include "jose/sign_key.h"

struct crafted_keys crafted;

static struct signing_key *sure(struct signing_key *k, const struct err *e)
{
	/* outside of any test, where Check cannot report */
	if (!k) {
		fprintf(stderr, "%s\n", e->text);
		exit(EXIT_FAILURE);
	}
	return k;
}

void crafted_make(void)
{
	struct err e = {0};

	crafted.rsa = sure(signing_key_rsa(2048, 65537, &e), &e);
	crafted.other = sure(signing_key_rsa(2048, 65537, &e), &e);
	crafted.rsa1024 = sure(signing_key_rsa(1024, 65537, &e), &e);
	crafted.cubed = sure(signing_key_rsa(2048, 3, &e), &e);
	crafted.p256 = sure(signing_key_ec("P-256", &e), &e);
	crafted.other_p256 = sure(signing_key_ec("P-256", &e), &e);
	crafted.p384 = sure(signing_key_ec("P-384", &e), &e);
	crafted.p521 = sure(signing_key_ec("P-521", &e), &e);
}

void crafted_free(void)
{
	signing_key_free(crafted.rsa);
	signing_key_free(crafted.other);
	signing_key_free(crafted.rsa1024);
	signing_key_free(crafted.cubed);
	signing_key_free(crafted.p256);
	signing_key_free(crafted.other_p256);
	signing_key_free(crafted.p384);
	signing_key_free(crafted.p521);
}

struct bench bench_new(void)
{
	return (struct bench){.a = arena_new()};
}

void bench_release(struct bench *b)
{
	jwks_release(&b->keys);
	arena_free(b->a);
}

void bench_register(struct bench *b, ...)
{
	struct buf json = {.cap = BUF_OWN};
	struct err e = {0};
	va_list args;
	const char *jwk;

	buf_add_text(&json, "{\"keys\":[");
	va_start(args, b);
	for (bool first = true; (jwk = va_arg(args, const char *)); first = false)
		buf_addf(&json, "%s%s", first ? "" : ",", jwk);
	va_end(args);
	buf_add_text(&json, "]}");
	ck_assert_msg(jwks_parse(b->a, buf_sv(&json), &b->keys, &e) == 0, "%s", e.text);
	buf_release(&json);
	b->c.keys = &b->keys;
}

void bench_paste(struct bench *b, const char *text)
{
	struct err e = {0};

	ck_assert_msg(jwks_parse_key(b->a, sv_of(text), &b->keys, &e) == 0, "%s", e.text);
	b->c.keys = &b->keys;
	b->c.public_key_text = sv_of(text);
}

void bench_diagnose(struct bench *b, const char *token)
{
	struct jws jws;

	jws_split(b->a, sv_of(token), &jws);
	jws_diagnose(b->a, &jws, &b->c, &b->d);
	ck_assert_ptr_nonnull(b->d.sentence);
	ck_assert(strlen(b->d.sentence) > 20 && b->d.sentence[strlen(b->d.sentence) - 1] != '.');
	ck_assert_msg((b->d.reason == JWS_VERIFIED) == (b->d.fix == NULL), "fix of '%s'", b->d.sentence);
}

void bench_judge(struct bench *b, const struct crafted_case *c)
{
	bench_diagnose(b, c->make(b));
	ck_assert_msg(b->d.reason == c->reason, "%s: reason %d, want %d: %s", c->name, b->d.reason, c->reason,
	              b->d.sentence);
	for (size_t w = 0; w < 3 && c->words[w]; w++)
		assert_contains(b->d.sentence, c->words[w]);
	if (c->fix)
		assert_contains(b->d.fix, c->fix);
}

const char *crafted_input(struct bench *b, const char *header, const char *payload)
{
	return arena_printf(b->a, "%s.%s", base64_encode(b->a, BASE64_URL, sv_of(header)),
	                    base64_encode(b->a, BASE64_URL, sv_of(payload)));
}

const char *crafted_join(struct bench *b, const char *header, const char *payload, struct sv signature)
{
	return arena_printf(b->a, "%s.%s", crafted_input(b, header, payload),
	                    base64_encode(b->a, BASE64_URL, signature));
}

struct sv crafted_sign(struct bench *b, const struct signing_key *k, enum jose_alg alg, const char *input)
{
	struct sv signature;
	struct err e = {0};

	ck_assert_msg(signing_sign(b->a, k, alg, sv_of(input), &signature, &e) == 0, "%s", e.text);
	return signature;
}

const char *crafted_token(struct bench *b, const char *header, const struct signing_key *k, enum jose_alg alg)
{
	return crafted_join(b, header, CRAFTED_PAYLOAD,
	                    crafted_sign(b, k, alg, crafted_input(b, header, CRAFTED_PAYLOAD)));
}

const char *crafted_hmac_token(struct bench *b, const char *header, struct sv key, enum jose_alg alg)
{
	struct sv mac;
	struct err e = {0};

	ck_assert_msg(signing_hmac(b->a, key, alg, sv_of(crafted_input(b, header, CRAFTED_PAYLOAD)), &mac, &e) == 0,
	              "%s", e.text);
	return crafted_join(b, header, CRAFTED_PAYLOAD, mac);
}

static struct sv sign_raw(struct bench *b, const struct signing_key *k, int padding, struct sv content)
{
	pkey_ctx_auto *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	size_t n = (size_t)EVP_PKEY_get_size(k->pkey);
	unsigned char *out = arena_alloc(b->a, n);

	ck_assert_int_eq(EVP_PKEY_sign_init(ctx), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(ctx, padding), 1);
	ck_assert_int_eq(EVP_PKEY_sign(ctx, out, &n, ossl_bytes(content), content.n), 1);
	return (struct sv){(const char *)out, n};
}

struct sv crafted_raw_pkcs1(struct bench *b, const struct signing_key *k, struct sv content)
{
	return sign_raw(b, k, RSA_PKCS1_PADDING, content);
}

struct sv crafted_raw(struct bench *b, const struct signing_key *k, struct sv message)
{
	return sign_raw(b, k, RSA_NO_PADDING, message);
}

struct sv crafted_pss(struct bench *b, const struct signing_key *k, const char *input, const char *const hashes[2],
                      int salt)
{
	md_ctx_auto *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *inner;
	size_t n = (size_t)EVP_PKEY_get_size(k->pkey);
	unsigned char *out = arena_alloc(b->a, n);

	ck_assert_int_eq(EVP_DigestSignInit_ex(ctx, &inner, hashes[0], NULL, NULL, k->pkey, NULL), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, salt == -2 ? RSA_PSS_SALTLEN_MAX : salt), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_mgf1_md_name(inner, hashes[1], NULL), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, out, &n, (const unsigned char *)input, strlen(input)), 1);
	return (struct sv){(const char *)out, n};
}

struct sv crafted_ecdsa(struct bench *b, const struct signing_key *k, const char *hash, const char *input)
{
	md_ctx_auto *ctx = EVP_MD_CTX_new();
	unsigned char out[256];
	size_t n = sizeof(out);
	struct sv raw;

	ck_assert_int_eq(EVP_DigestSignInit_ex(ctx, NULL, hash, NULL, NULL, k->pkey, NULL), 1);
	ck_assert_int_eq(EVP_DigestSign(ctx, out, &n, (const unsigned char *)input, strlen(input)), 1);
	ck_assert_int_eq(ecdsa_to_raw(b->a, (struct sv){(const char *)out, n}, jose_curve_of_key(k->pkey)->width, &raw),
	                 0);
	return raw;
}

struct sv crafted_der(struct bench *b, struct sv raw)
{
	struct sv der;

	ck_assert_int_eq(ecdsa_to_der(b->a, raw, raw.n / 2, &der), 0);
	return der;
}

struct sv crafted_flip(struct bench *b, struct sv signature, size_t bit)
{
	char *out = arena_alloc(b->a, signature.n);

	memcpy(out, signature.p, signature.n);
	out[bit / 8] = (char)(out[bit / 8] ^ (0x80 >> bit % 8));
	return (struct sv){out, signature.n};
}
