#include "jose/jwe_content.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdint.h>
#include <string.h>

#include "jose/jwe_key.h"
#include "jose/verify.h"

static const struct jwe_enc encs[] = {
        {"A128CBC-HS256", "AES-128-CBC", 32, 16, 16, ALG_HS256},
        {"A192CBC-HS384", "AES-192-CBC", 48, 16, 24, ALG_HS384},
        {"A256CBC-HS512", "AES-256-CBC", 64, 16, 32, ALG_HS512},
        {"A128GCM", "AES-128-GCM", 16, 12, 16, ALG_NONE},
        {"A192GCM", "AES-192-GCM", 24, 12, 16, ALG_NONE},
        {"A256GCM", "AES-256-GCM", 32, 12, 16, ALG_NONE},
};

const struct jwe_enc *jwe_enc_of(struct sv name)
{
	for (size_t i = 0; i < sizeof encs / sizeof *encs; i++)
		if (sv_eq(name, sv_of(encs[i].name)))
			return &encs[i];
	return NULL;
}

const struct jwe_enc *jwe_enc_like(struct sv name)
{
	for (size_t i = 0; i < sizeof encs / sizeof *encs; i++)
		if (jwe_name_like(name, sv_of(encs[i].name)))
			return &encs[i];
	return NULL;
}

/* The cipher's key: all of it, or the half behind the HMAC's (RFC 7518 §5.2.2.1). */
static struct sv cipher_key(const struct jwe_enc *enc, struct sv key)
{
	return enc->mac == ALG_NONE ? key : (struct sv){key.p + key.n / 2, key.n / 2};
}

/* Input's length is an int to OpenSSL. */
static bool is_small(struct sv s)
{
	return s.n < INT32_MAX / 2;
}

static EVP_CIPHER_CTX *start(const struct jwe_enc *enc, struct sv key, struct sv iv, bool encrypt)
{
	cipher_auto *cipher = EVP_CIPHER_fetch(NULL, enc->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	if (cipher && ctx &&
	    EVP_CipherInit_ex2(ctx, cipher, ossl_bytes(cipher_key(enc, key)), ossl_bytes(iv), encrypt, NULL) == 1)
		return ctx;
	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	return NULL;
}

/* One pass over text; out has room for a block more than that. */
static bool update(EVP_CIPHER_CTX *ctx, const struct jwe_enc *enc, struct sv aad, struct sv text, unsigned char *out,
                   int *n)
{
	int unused = 0;

	if (enc->mac == ALG_NONE && aad.n > 0 && EVP_CipherUpdate(ctx, NULL, &unused, ossl_bytes(aad), (int)aad.n) != 1)
		return false;
	return EVP_CipherUpdate(ctx, out, n, ossl_bytes(text), (int)text.n) == 1;
}

/* The tag of AES-CBC: AAD, IV, ciphertext and the AAD's length in bits, cut to half (RFC 7518 §5.2.2.1). */
static struct sv mac(struct arena *a, const struct jwe_enc *enc, struct sv key, struct sv aad,
                     const struct jwe_sealed *s)
{
	size_t n = aad.n + s->iv.n + s->ciphertext.n;
	char *input = arena_alloc(a, n + 8), *p = input;
	const struct sv pieces[] = {aad, s->iv, s->ciphertext};

	for (size_t i = 0; i < 3; i++)
		if (pieces[i].n) {
			memcpy(p, pieces[i].p, pieces[i].n);
			p += pieces[i].n;
		}
	for (int i = 0; i < 8; i++)
		p[i] = (char)((uint64_t)aad.n * 8 >> (56 - 8 * i) & 0xff);
	struct sv whole = verify_hmac(a, enc->mac, (struct sv){key.p, key.n / 2}, (struct sv){input, n + 8});
	return whole.p ? (struct sv){whole.p, enc->tag} : SV_NONE;
}

bool jwe_seal(struct arena *a, const struct jwe_enc *enc, struct sv key, struct sv aad, struct sv plaintext,
              struct jwe_sealed *s)
{
	if (key.n != enc->key || s->iv.n != enc->iv || !is_small(plaintext) || !is_small(aad))
		return false;
	cipher_ctx_auto *ctx = start(enc, key, s->iv, true);
	unsigned char *out = arena_alloc(a, plaintext.n + 32), *tag = arena_alloc(a, enc->tag);
	int n = 0, rest = 0;
	if (!ctx || !update(ctx, enc, aad, plaintext, out, &n) || EVP_CipherFinal_ex(ctx, out + n, &rest) != 1) {
		ERR_clear_error();
		return false;
	}
	s->ciphertext = (struct sv){(const char *)out, (size_t)(n + rest)};
	if (enc->mac != ALG_NONE) {
		s->tag = mac(a, enc, key, aad, s);
		return s->tag.p != NULL;
	}
	s->tag = (struct sv){(const char *)tag, enc->tag};
	return EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)enc->tag, tag) == 1;
}

static bool right_tag(struct arena *a, const struct jwe_enc *enc, struct sv key, struct sv aad,
                      const struct jwe_sealed *s)
{
	struct sv own = mac(a, enc, key, aad, s);

	return own.p && own.n == s->tag.n && CRYPTO_memcmp(own.p, s->tag.p, own.n) == 0;
}

bool jwe_open(struct arena *a, const struct jwe_enc *enc, struct sv key, struct sv aad, const struct jwe_sealed *s,
              struct sv *ret)
{
	if (key.n != enc->key || s->iv.n != enc->iv || s->tag.n != enc->tag || !is_small(s->ciphertext) ||
	    !is_small(aad))
		return false;
	if (enc->mac != ALG_NONE && !right_tag(a, enc, key, aad, s))
		return false;
	cipher_ctx_auto *ctx = start(enc, key, s->iv, false);
	unsigned char *out = arena_alloc(a, s->ciphertext.n + 32), tag[32];
	int n = 0, rest = 0;
	memcpy(tag, s->tag.p, s->tag.n);
	bool opened =
	        ctx && update(ctx, enc, aad, s->ciphertext, out, &n) &&
	        (enc->mac != ALG_NONE || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)enc->tag, tag) == 1) &&
	        EVP_CipherFinal_ex(ctx, out + n, &rest) == 1;
	ERR_clear_error();
	if (opened)
		*ret = (struct sv){(const char *)out, (size_t)(n + rest)};
	return opened;
}
