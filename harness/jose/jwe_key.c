#include "jose/jwe_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/limits.h"

static const struct jwe_alg algs[] = {
        {"RSA-OAEP-256", {"SHA256", "SHA256"}},
        {"RSA-OAEP", {"SHA1", "SHA1"}},
        {"RSA1_5", {NULL, NULL}},
};

const struct jwe_alg *jwe_alg_of(struct sv name)
{
	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
		if (sv_eq(name, sv_of(algs[i].name)))
			return &algs[i];
	return NULL;
}

bool jwe_name_like(struct sv name, struct sv other)
{
	for (size_t i = 0; i < name.n && name.n == other.n; i++) {
		struct sv x = {name.p + i, 1}, y = {other.p + i, 1};
		bool dashes = (*x.p == '-' || *x.p == '_') && (*y.p == '-' || *y.p == '_');
		if (!dashes && !sv_eq_nocase(x, y))
			return false;
	}
	return name.n == other.n;
}

const struct jwe_alg *jwe_alg_like(struct sv name)
{
	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
		if (jwe_name_like(name, sv_of(algs[i].name)))
			return &algs[i];
	return NULL;
}

bool jwe_alg_prepare(EVP_PKEY_CTX *ctx, const struct jwe_padding *padding)
{
	if (!padding->hash)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, padding->hash, NULL) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, padding->mask_hash, NULL) == 1;
}

/* Instead of OpenSSL's own, which would ask at the terminal for the passphrase of an encrypted key. */
static int no_passphrase(char *buffer, int size, int writing, void *unused)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)unused;
	return -1;
}

EVP_PKEY *jwe_key_read(struct sv pem)
{
	bio_auto *bio = pem.n <= LIMIT_INPUT_FILE ? BIO_new_mem_buf(ossl_bytes(pem), (int)pem.n) : NULL;
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

	ERR_clear_error();
	if (key && (!EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_get_bits(key) > LIMIT_RSA_BITS)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

struct sv jwe_key_open(struct arena *a, EVP_PKEY *key, const struct jwe_padding *padding, struct sv encrypted)
{
	pkey_ctx_auto *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	size_t n = (size_t)EVP_PKEY_get_size(key);
	unsigned char *out = arena_alloc(a, n);

	/* A decryption of any other length is not defined. */
	bool opened = encrypted.n == n && ctx && EVP_PKEY_decrypt_init(ctx) == 1 && jwe_alg_prepare(ctx, padding) &&
	              EVP_PKEY_decrypt(ctx, out, &n, ossl_bytes(encrypted), encrypted.n) == 1;
	ERR_clear_error();
	return opened ? (struct sv){(const char *)out, n} : SV_NONE;
}
