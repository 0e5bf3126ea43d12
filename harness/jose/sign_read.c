#include "jose/sign_read.h"

#include <jansson.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "jose/sign_key.h"

#define RSA_BITS_MIN 2048 /* RFC 7518 §3.3 */

/* OpenSSL asks for a passphrase at the terminal unless somebody else answers. */
static int no_passphrase(char *text, int size, int writing, void *self)
{
	(void)text, (void)size, (void)writing, (void)self;
	return -1;
}

static int refuse(struct sv pem, EVP_PKEY *key, struct err *e)
{
	if (!key && sv_find(pem, SV("ENCRYPTED")) >= 0)
		return err_input(
		        e,
		        "the private key is protected by a passphrase: write it without one, readable for you alone");
	if (!key && sv_find(pem, SV("PUBLIC KEY")) >= 0)
		return err_input(e, "this is a public key: signing needs the private one");
	if (!key && sv_find(pem, SV("CERTIFICATE")) >= 0)
		return err_input(e, "this is a certificate: signing needs the private key");
	if (!key)
		return err_input(e, "this is no private key in PEM");
	if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) < RSA_BITS_MIN)
		return err_input(e, "the RSA key has %d bits: signing needs %d or more", EVP_PKEY_get_bits(key),
		                 RSA_BITS_MIN);
	if (!EVP_PKEY_is_a(key, "RSA") && !(EVP_PKEY_is_a(key, "EC") && jose_curve_of_key(key)))
		return err_input(e, "the key is neither RSA nor EC on P-256, P-384 or P-521");
	return 0;
}

struct signing_key *signing_key_read(struct sv pem, struct err *e)
{
	bio_auto *in = pem.n <= INT32_MAX ? BIO_new_mem_buf(ossl_bytes(pem), (int)pem.n) : NULL;
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;

	(void)ossl_error();
	if (refuse(pem, key, e) < 0) {
		EVP_PKEY_free(key);
		return NULL;
	}
	struct signing_key *k = mem_alloc(sizeof *k);
	k->pkey = key;
	return k;
}

enum jose_alg signing_key_alg(const struct signing_key *k)
{
	const struct jose_curve *curve = EVP_PKEY_is_a(k->pkey, "EC") ? jose_curve_of_key(k->pkey) : NULL;

	if (!curve)
		return ALG_RS256;
	return curve->bits == 256 ? ALG_ES256 : curve->bits == 384 ? ALG_ES384 : ALG_ES512;
}

char *signing_key_thumbprint(struct arena *a, const struct signing_key *k)
{
	static const char *const members[] = {"crv", "e", "kty", "n", "x", "y"}; /* §3.2, sorted as §3.3 wants */
	json_auto_t *jwk = json_loads(signing_key_jwk(a, k, NULL, jose_alg_text(signing_key_alg(k))), 0, NULL);
	json_auto_t *needed = json_object();
	struct err e = {0};
	struct sv digest;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (json_object_get(jwk, members[i]))
			json_object_set(needed, members[i], json_object_get(jwk, members[i]));
	char *text = json_dumps(needed, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text || jose_hash(a, "SHA256", sv_of(text), &digest, &e) < 0)
		mem_exhausted();
	free(text);
	return base64_encode(a, BASE64_URL, digest);
}
