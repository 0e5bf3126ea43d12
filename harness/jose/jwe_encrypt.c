#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "jose/jwe.h"
#include "jose/jwe_content.h"
#include "jose/jwe_key.h"
#include "jose/key_text.h"

/* Making encrypted tokens: what the reference brand and the tests need. */

static struct sv random_bytes(struct arena *a, size_t n)
{
	unsigned char *bytes = arena_alloc(a, n);

	if (RAND_bytes(bytes, (int)n) != 1)
		mem_exhausted();
	return (struct sv){(const char *)bytes, n};
}

static EVP_PKEY *read_public(struct sv pem)
{
	bio_auto *bio = BIO_new_mem_buf(ossl_bytes(pem), (int)pem.n);

	return bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
}

/* The encrypted key; -1 and e when the recipient's key cannot be used. */
static int wrap(struct arena *a, const struct jwe_wish *w, struct sv cek, struct sv *ret, struct err *e)
{
	const struct jwe_alg *alg = jwe_alg_of(sv_of(w->alg));
	pkey_auto *key = read_public(w->public_pem);
	pkey_ctx_auto *ctx = key ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
	size_t n = 0;

	if (!alg)
		return err_trouble(e, "no key encryption '%s': RSA-OAEP-256, RSA-OAEP and RSA1_5 are known", w->alg);
	if (!ctx || EVP_PKEY_encrypt_init(ctx) != 1 || !jwe_alg_prepare(ctx, &alg->padding) ||
	    EVP_PKEY_encrypt(ctx, NULL, &n, ossl_bytes(cek), cek.n) != 1)
		return err_trouble(e, "OpenSSL cannot encrypt to the recipient's key: %s", ossl_error());
	unsigned char *out = arena_alloc(a, n);
	if (EVP_PKEY_encrypt(ctx, out, &n, ossl_bytes(cek), cek.n) != 1)
		return err_trouble(e, "OpenSSL cannot encrypt to the recipient's key: %s", ossl_error());
	*ret = (struct sv){(const char *)out, n};
	return 0;
}

static const char *header_text(struct arena *a, const struct jwe_wish *w)
{
	json_auto_t *header = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "alg", w->alg_written ? w->alg_written : w->alg,
	                                "enc", w->enc_written ? w->enc_written : w->enc, "cty", w->cty, "kid", w->kid,
	                                "zip", w->compressed ? "DEF" : NULL);
	char *text = header ? json_dumps(header, JSON_COMPACT) : NULL;
	char *copy = arena_text(a, text);

	free(text);
	return copy;
}

/* DEFLATE (RFC 1951) as one stored block: what every inflater takes, and no compressor is needed. */
static struct sv deflated(struct arena *a, struct sv text)
{
	char *out = arena_alloc(a, text.n + 5);

	out[0] = 1;
	out[1] = (char)(text.n & 0xff);
	out[2] = (char)(text.n >> 8 & 0xff);
	out[3] = (char)~out[1];
	out[4] = (char)~out[2];
	if (text.n)
		memcpy(out + 5, text.p, text.n);
	return (struct sv){out, text.n + 5};
}

char *jwe_encrypt(struct arena *a, const struct jwe_wish *w, struct err *e)
{
	const struct jwe_enc *enc = jwe_enc_of(sv_of(w->enc));
	const char *header = header_text(a, w), *parts[4];
	struct sv encrypted_key = SV_NONE, plaintext = w->plaintext;

	if (!enc) {
		err_trouble(e, "no content encryption '%s': those of RFC 7518 §5.1 are known", w->enc);
		return NULL;
	}
	if (!header || (w->compressed && plaintext.n > 0xffff)) {
		err_trouble(e, header ? "more than 65535 bytes to compress" : "the header is not UTF-8");
		return NULL;
	}
	if (w->compressed)
		plaintext = deflated(a, plaintext);
	struct sv cek = random_bytes(a, enc->key);
	struct jwe_sealed sealed = {.iv = random_bytes(a, enc->iv)};
	if (wrap(a, w, cek, &encrypted_key, e) < 0)
		return NULL;
	header = base64_encode(a, BASE64_URL, sv_of(header));
	if (!jwe_seal(a, enc, cek, sv_of(header), plaintext, &sealed)) {
		err_trouble(e, "OpenSSL cannot encrypt with %s: %s", enc->name, ossl_error());
		return NULL;
	}
	parts[0] = base64_encode(a, BASE64_URL, encrypted_key);
	parts[1] = base64_encode(a, BASE64_URL, sealed.iv);
	parts[2] = base64_encode(a, BASE64_URL, sealed.ciphertext);
	parts[3] = base64_encode(a, BASE64_URL, sealed.tag);
	return arena_printf(a, "%s.%s.%s.%s.%s", header, parts[0], parts[1], parts[2], parts[3]);
}

int jwe_make_key(struct arena *a, int bits, const char **private_pem, const char **public_pem, struct err *e)
{
	pkey_auto *key = EVP_RSA_gen((unsigned)bits);
	bio_auto *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	if (!key || !bio || PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1)
		return err_trouble(e, "OpenSSL cannot make an RSA key: %s", ossl_error());
	long n = BIO_get_mem_data(bio, &text);
	*private_pem = arena_sv(a, (struct sv){text, (size_t)n});
	*public_pem = key_pem(a, key);
	return 0;
}
