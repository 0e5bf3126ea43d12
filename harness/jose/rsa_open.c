#include "jose/rsa_open.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <string.h>

/* The bytes of padding that cannot be chance. */
#define PROOF_BYTES 8

/* s^e mod n as k bytes, or SV_NONE. */
static struct sv public_operation(struct arena *a, const struct jwk *key, struct sv signature)
{
	pkey_ctx_auto *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->key, NULL);
	size_t n = (size_t)EVP_PKEY_get_size(key->key), room = n;
	unsigned char *out = arena_alloc(a, n);

	bool good = ctx && signature.n == n && EVP_PKEY_verify_recover_init(ctx) == 1 &&
	            EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
	            EVP_PKEY_verify_recover(ctx, out, &n, ossl_bytes(signature), signature.n) == 1 && n == room;
	ERR_clear_error();
	return good ? (struct sv){(const char *)out, n} : SV_NONE;
}

/* Reads content as DigestInfo: the name of its hash and the digest. */
static void read_digest_info(struct arena *a, struct rsa_opened *o)
{
	const unsigned char *p = ossl_bytes(o->content);
	x509_sig_auto *info = d2i_X509_SIG(NULL, &p, (long)o->content.n);
	const X509_ALGOR *algorithm;
	const ASN1_OCTET_STRING *digest;
	const ASN1_OBJECT *oid;

	ERR_clear_error();
	if (!info || p != ossl_bytes(o->content) + o->content.n)
		return;
	X509_SIG_get0(info, &algorithm, &digest);
	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	int nid = OBJ_obj2nid(oid);
	md_auto *md = nid == NID_undef ? NULL : EVP_MD_fetch(NULL, OBJ_nid2sn(nid), NULL);
	ERR_clear_error();
	if (!md || EVP_MD_get_type(md) != nid || EVP_MD_get_size(md) != ASN1_STRING_length(digest))
		return;
	o->hash = OBJ_nid2sn(nid);
	o->digest = arena_svdup(
	        a, (struct sv){(const char *)ASN1_STRING_get0_data(digest), (size_t)ASN1_STRING_length(digest)});
}

/* EMSA-PKCS1-v1_5, RFC 8017 §9.2: 00 01 FF … FF 00 T with at least eight FF. */
static bool read_pkcs1(struct arena *a, struct sv message, struct rsa_opened *o)
{
	size_t i = 2;

	if (message.n < 11 || message.p[0] != 0 || message.p[1] != 1)
		return false;
	while (i < message.n && (unsigned char)message.p[i] == 0xff)
		i++;
	if (i < 2 + PROOF_BYTES || i >= message.n || message.p[i] != 0)
		return false;
	*o = (struct rsa_opened){.padding = RSA_PADDING_PKCS1, .proven = true};
	o->content = (struct sv){message.p + i + 1, message.n - i - 1};
	read_digest_info(a, o);
	return true;
}

/* XORs the mask of RFC 8017 B.2.1 onto out. */
static bool unmask(struct arena *a, const char *hash, struct sv seed, struct sv masked, unsigned char *out)
{
	char *input = arena_alloc(a, seed.n + 4);

	memcpy(input, seed.p, seed.n);
	for (size_t done = 0, counter = 0; done < masked.n; counter++) {
		input[seed.n] = 0;
		input[seed.n + 1] = 0;
		input[seed.n + 2] = (char)(counter >> 8);
		input[seed.n + 3] = (char)counter;
		struct sv mask = ossl_digest(a, hash, (struct sv){input, seed.n + 4});
		if (!mask.n)
			return false;
		for (size_t i = 0; i < mask.n && done < masked.n; i++, done++)
			out[done] = (unsigned char)(masked.p[done] ^ mask.p[i]);
	}
	return true;
}

/* EMSA-PSS, RFC 8017 §9.1.2, up to where the content comes in. `message` has ceil(bits / 8) bytes. */
static bool read_pss(struct arena *a, struct sv message, size_t bits, struct rsa_opened *o)
{
	size_t hash_n = ossl_digest(a, o->hash, SV("")).n, spare = 8 * message.n - bits;

	if (!hash_n || message.n < hash_n + 2)
		return false;
	struct sv masked = {message.p, message.n - hash_n - 1}, h = {message.p + masked.n, hash_n};
	if ((unsigned char)masked.p[0] >> (8 - spare) && spare)
		return false;
	unsigned char *data = arena_alloc(a, masked.n);
	if (!unmask(a, o->mask_hash, h, masked, data))
		return false;
	data[0] &= (unsigned char)(0xff >> spare);
	size_t zeros = 0;
	while (zeros < masked.n && data[zeros] == 0)
		zeros++;
	if (zeros == masked.n || data[zeros] != 1)
		return false;
	o->padding = RSA_PADDING_PSS;
	o->digest = h;
	o->salt = (struct sv){(const char *)data + zeros + 1, masked.n - zeros - 1};
	o->longest_salt = zeros == 0;
	o->proven = zeros >= PROOF_BYTES;
	return true;
}

static size_t read_all_pss(struct arena *a, struct sv message, size_t bits, struct rsa_opened ret[RSA_OPENED_MAX])
{
	static const char *const hashes[] = {"SHA256", "SHA384", "SHA512", "SHA1", "SHA224"};
	static const char *const masks[] = {NULL, "SHA1",
	                                    "SHA256"}; /* NULL: as the hash, which RFC 7518 §3.5 asks for */
	size_t n = 0;

	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		for (size_t j = 0; j < sizeof(masks) / sizeof(masks[0]); j++) {
			struct rsa_opened o = {.hash = hashes[i], .mask_hash = masks[j] ? masks[j] : hashes[i]};
			if ((masks[j] && strcmp(masks[j], hashes[i]) == 0) || !read_pss(a, message, bits, &o))
				continue;
			ret[n] = o;
			if (o.proven && n) {
				ret[n] = ret[0];
				ret[0] = o;
			}
			n++;
		}
	return n;
}

size_t rsa_open(struct arena *a, const struct jwk *key, struct sv signature, struct rsa_opened ret[RSA_OPENED_MAX])
{
	struct sv message = public_operation(a, key, signature);
	size_t bits = (size_t)key->bits - 1;

	if (!message.p)
		return 0;
	if (read_pkcs1(a, message, &ret[0]))
		return 1;
	if ((unsigned char)message.p[message.n - 1] != 0xbc)
		return 0;
	if (message.n > (bits + 7) / 8) {
		if (message.p[0])
			return 0;
		message = (struct sv){message.p + 1, message.n - 1};
	}
	return read_all_pss(a, message, bits, ret);
}

bool rsa_opened_over(struct arena *a, const struct rsa_opened *o, struct sv digest)
{
	if (!o->hash || !digest.n)
		return false;
	if (o->padding == RSA_PADDING_PKCS1)
		return sv_eq(o->digest, digest);
	char *input = arena_alloc(a, 8 + digest.n + o->salt.n);
	memcpy(input + 8, digest.p, digest.n);
	if (o->salt.n)
		memcpy(input + 8 + digest.n, o->salt.p, o->salt.n);
	return sv_eq(o->digest, ossl_digest(a, o->hash, (struct sv){input, 8 + digest.n + o->salt.n}));
}
