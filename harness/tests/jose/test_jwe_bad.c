/* Encrypted tokens that do not open, or not as their header says: found out, and said what. */
#include <openssl/pem.h>
#include <string.h>

#include "core/base64.h"
#include "jose/jwe_content.h"
#include "jose/jwe_key.h"
#include "sealed.h"

/* How a token differs from a good one. */
struct bad {
	const char *name;
	struct {
		const char *alg, *enc, *alg_written, *enc_written;
		bool other, small, compressed;
	} wish;
	const char *header;         /* JSON that takes the header's place, whatever the tag says */
	struct jwe_padding padding; /* what the content key is really encrypted with */
	enum { AAD_RIGHT, AAD_DECODED, AAD_NONE, HALVES_SWAPPED, KEY_SHORT } content;
	int part; /* 1 … 5: replaced by `text`, or cut by that many bytes, or changed in its last */
	const char *text;
	int cut;
	enum jwe_reason reason;
	const char *problem, *fix; /* words; NULL fix: none */
	bool readable;             /* the plaintext is there all the same */
};

static const struct bad bads[] = {
        {.name = "other key",
         .wish.other = true,
         .reason = JWE_OTHER_KEY,
         .problem = "encrypted to another key, or damaged",
         .fix = "the public key that LivePerson gave"},
        {.name = "kid",
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"kid\":\"old\"}",
         .wish.other = true,
         .reason = JWE_OTHER_KEY,
         .problem = "the header's kid is 'old'",
         .fix = "the public key"},
        {.name = "key of another size",
         .wish.small = true,
         .reason = JWE_OTHER_KEY,
         .problem = "128 bytes, as a key of 1024 bits makes it, and the registered one has 2048 bits",
         .fix = "the public key"},
        {.name = "key cut",
         .part = 2,
         .cut = 1,
         .reason = JWE_OTHER_KEY,
         .problem = "255 bytes, and the registered key makes 256",
         .fix = "leading zero"},
        {.name = "key empty", .part = 2, .text = "", .reason = JWE_OTHER_KEY, .problem = "encrypted key is empty"},
        {.name = "tag changed",
         .part = 5,
         .reason = JWE_BAD_TAG,
         .problem = "content key opens with the registered key",
         .fix = "as the library wrote it"},
        {.name = "content changed",
         .part = 4,
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut after encryption",
         .fix = "as the library wrote it"},
        {.name = "CBC content changed",
         .wish.enc = "A128CBC-HS256",
         .part = 4,
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut",
         .fix = "as the library wrote it"},
        {.name = "CBC tag changed",
         .wish.enc = "A192CBC-HS384",
         .part = 5,
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut",
         .fix = "as the library wrote it"},
        {.name = "CBC content cut",
         .wish.enc = "A256CBC-HS512",
         .part = 4,
         .cut = 16,
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut",
         .fix = "as the library wrote it"},
        {.name = "content empty",
         .part = 4,
         .text = "",
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut",
         .fix = "as the library wrote it"},
        {.name = "IV changed", .part = 3, .reason = JWE_BAD_TAG, .problem = "altered or cut", .fix = "as the library"},
        {.name = "IV of 16 bytes",
         .part = 3,
         .text = "AAAAAAAAAAAAAAAAAAAAAA",
         .reason = JWE_BAD_TAG,
         .problem = "initialization vector has 16 bytes, and A256GCM needs 12",
         .fix = "12 bytes"},
        {.name = "tag cut",
         .part = 5,
         .cut = 4,
         .reason = JWE_BAD_TAG,
         .problem = "authentication tag has 12 bytes, and A256GCM needs 16",
         .fix = "16 bytes"},
        {.name = "tag empty",
         .part = 5,
         .text = "",
         .reason = JWE_BAD_TAG,
         .problem = "has 0 bytes",
         .fix = "16 bytes"},
        {.name = "header changed",
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}",
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut",
         .fix = "as the library wrote it"},
        {.name = "RSA1_5, another key",
         .wish = {.alg = "RSA1_5", .other = true},
         .reason = JWE_OTHER_KEY,
         .problem = "another key",
         .fix = "the public key"},
        {.name = "content key short",
         .content = KEY_SHORT,
         .reason = JWE_BAD_TAG,
         .problem = "content key inside the encrypted key has 16 bytes, and A256GCM needs 32",
         .fix = "32 bytes"},

        {.name = "Java's mask",
         .padding = {"SHA256", "SHA1"},
         .reason = JWE_MISMADE,
         .problem = "SHA-1 in its mask (MGF1)",
         .fix = "RSA-OAEP-256, or set hash and mask",
         .readable = true},
        {.name = "SHA-1",
         .padding = {"SHA1", "SHA1"},
         .reason = JWE_MISMADE,
         .problem = "with RSA-OAEP with SHA-1, and alg says RSA-OAEP-256",
         .fix = "RSA-OAEP-256",
         .readable = true},
        {.name = "SHA-512",
         .padding = {"SHA512", "SHA512"},
         .reason = JWE_MISMADE,
         .problem = "SHA-512",
         .fix = "by the name",
         .readable = true},
        {.name = "PKCS1 under OAEP",
         .wish.alg = "RSA1_5",
         .wish.alg_written = "RSA-OAEP-256",
         .reason = JWE_MISMADE,
         .problem = "RSAES-PKCS1-v1_5",
         .fix = "RSA-OAEP-256",
         .readable = true},
        {.name = "AAD decoded",
         .content = AAD_DECODED,
         .reason = JWE_MISMADE,
         .problem = "decoded header as additional",
         .fix = "the encoded header",
         .readable = true},
        {.name = "AAD left out",
         .content = AAD_NONE,
         .reason = JWE_MISMADE,
         .problem = "without additional authenticated",
         .fix = "the encoded header",
         .readable = true},
        {.name = "halves swapped",
         .wish.enc = "A128CBC-HS256",
         .content = HALVES_SWAPPED,
         .reason = JWE_MISMADE,
         .problem = "halves of the content key are swapped",
         .fix = "first half",
         .readable = true},

        {.name = "underscores", .wish.alg_written = "RSA_OAEP_256", .reason = JWE_DECRYPTED, .readable = true},
        {.name = "lower case",
         .wish.alg_written = "rsa-oaep-256",
         .wish.enc_written = "a256gcm",
         .reason = JWE_DECRYPTED,
         .readable = true},
        {.name = "unknown alg",
         .wish.alg_written = "ECDH-ES",
         .reason = JWE_UNKNOWN_ALG,
         .problem = "alg is 'ECDH-ES'"},
        {.name = "alg that only begins so",
         .wish.alg_written = "RSA-OAEP-25",
         .reason = JWE_UNKNOWN_ALG,
         .problem = "'RSA-OAEP-25'"},
        {.name = "unknown enc",
         .wish.enc_written = "AES-256-GCM",
         .reason = JWE_UNKNOWN_ENC,
         .problem = "enc is 'AES-256-GCM'"},
        {.name = "compressed", .wish.compressed = true, .reason = JWE_COMPRESSED, .problem = "zip is 'DEF'"},
        {.name = "compressed and changed",
         .wish.compressed = true,
         .part = 5,
         .reason = JWE_BAD_TAG,
         .problem = "altered or cut",
         .fix = "as the library"},
        {.name = "crit",
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"crit\":[\"exp\"]}",
         .reason = JWE_CRITICAL,
         .problem = "crit"},
        {.name = "no alg", .header = "{\"enc\":\"A256GCM\"}", .reason = JWE_BAD_HEADER, .problem = "no alg"},
        {.name = "no enc", .header = "{\"alg\":\"RSA-OAEP-256\"}", .reason = JWE_BAD_HEADER, .problem = "no enc"},
        {.name = "enc a number",
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":1}",
         .reason = JWE_BAD_HEADER,
         .problem = "not text as enc"},
        {.name = "alg twice",
         .header = "{\"alg\":\"RSA-OAEP-256\",\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
         .reason = JWE_BAD_HEADER,
         .problem = "duplicate"},
        {.name = "a list", .header = "[1]", .reason = JWE_BAD_HEADER, .problem = "no object"},
        {.name = "NUL",
         .header = "{\"alg\":\"RSA-OAEP-256\\u0000\",\"enc\":\"A256GCM\"}",
         .reason = JWE_BAD_HEADER,
         .problem = "not JSON"},
        {.name = "not JSON", .header = "alg", .reason = JWE_BAD_HEADER, .problem = "not JSON"},
        {.name = "padding",
         .part = 3,
         .text = "AAAAAAAAAAAAAAAAAAAAAA==",
         .reason = JWE_BAD_BASE64,
         .problem = "the initialization vector has padding"},
        {.name = "line break", .part = 4, .text = "AAAA\nAAAA", .reason = JWE_BAD_BASE64, .problem = "the ciphertext"},
        {.name = "not base64", .part = 1, .text = "*", .reason = JWE_BAD_BASE64, .problem = "the header"},
};

/* The same header and key encryption, made by hand. */
static const char *by_hand(struct arena *a, const struct bad *bad, const struct jwe_wish *w)
{
	static char cek[64] = "a content key, of which as many bytes are taken as are needed...";
	const struct jwe_enc *enc = jwe_enc_of(sv_of(w->enc));
	const struct jwe_padding usual = {"SHA256", "SHA256"}, *padding = bad->padding.hash ? &bad->padding : &usual;
	const char *header = base64_encode(a, BASE64_URL, sv_of("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}"));
	struct jwe_sealed content = {.iv = {cek, enc->iv}};
	struct sv key = {cek, enc->key}, aad = sv_of(header);
	unsigned char wrapped[256];
	size_t n = sizeof wrapped;
	struct bio_st *bio;

	if (enc->mac != ALG_NONE)
		header = base64_encode(a, BASE64_URL, sv_of("{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128CBC-HS256\"}"));
	aad = bad->content == AAD_DECODED ? sealed_bytes(a, header) : bad->content == AAD_NONE ? SV("") : sv_of(header);
	struct sv sealing = key;
	if (bad->content == HALVES_SWAPPED) {
		char *swapped = arena_sv(a, key);
		memcpy(swapped, cek + 16, 16);
		memcpy(swapped + 16, cek, 16);
		sealing.p = swapped;
	}
	ck_assert(jwe_seal(a, enc, sealing, aad, w->plaintext, &content));
	bio = BIO_new_mem_buf(sealed.public_pem, -1);
	EVP_PKEY *recipient = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, recipient, NULL);
	ck_assert_int_eq(EVP_PKEY_encrypt_init(ctx), 1);
	ck_assert(jwe_alg_prepare(ctx, padding));
	ck_assert_int_eq(EVP_PKEY_encrypt(ctx, wrapped, &n, (const unsigned char *)key.p,
	                                  bad->content == KEY_SHORT ? 16 : key.n),
	                 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(recipient);
	BIO_free(bio);
	return arena_printf(a, "%s.%s.%s.%s.%s", header,
	                    base64_encode(a, BASE64_URL, (struct sv){(const char *)wrapped, n}),
	                    base64_encode(a, BASE64_URL, content.iv), base64_encode(a, BASE64_URL, content.ciphertext),
	                    base64_encode(a, BASE64_URL, content.tag));
}

static const char *make_bad(struct arena *a, const struct bad *bad)
{
	struct jwe_wish w = sealed_wish();
	const char *token;

	w.alg = bad->wish.alg ? bad->wish.alg : w.alg;
	w.enc = bad->wish.enc ? bad->wish.enc : w.enc;
	w.alg_written = bad->wish.alg_written;
	w.enc_written = bad->wish.enc_written;
	w.compressed = bad->wish.compressed;
	w.public_pem = sv_of(bad->wish.other   ? sealed.other_public
	                     : bad->wish.small ? sealed.small_public
	                                       : sealed.public_pem);
	token = bad->padding.hash || bad->content ? by_hand(a, bad, &w) : sealed_encrypt(a, &w);
	if (bad->header)
		token = sealed_with_part(a, token, 1, base64_encode(a, BASE64_URL, sv_of(bad->header)), 0);
	return bad->part ? sealed_with_part(a, token, bad->part, bad->text, bad->cut) : token;
}

START_TEST(bad_token)
{
	arena_auto *a = arena_new();
	const struct bad *bad = &bads[_i];
	struct jwe jwe;

	jwe_decrypt(a, sv_of(make_bad(a, bad)), sv_of(sealed.private_pem), &jwe);
	const char *all = arena_printf(a, "%s: reason %d, problem '%s', fix '%s'", bad->name, (int)jwe.reason,
	                               jwe.problem ? jwe.problem : "-", jwe.fix ? jwe.fix : "-");
	ck_assert_msg(jwe.reason == bad->reason, "want %d; %s", (int)bad->reason, all);
	ck_assert_msg(!jwe.problem == !bad->problem && (!jwe.problem || strstr(jwe.problem, bad->problem)), "%s", all);
	ck_assert_msg(!jwe.fix == !bad->fix && (!jwe.fix || strstr(jwe.fix, bad->fix)), "%s", all);
	ck_assert_msg(!jwe.plaintext.p == !bad->readable, "plaintext; %s", all);
	if (bad->readable)
		assert_sv_eq(jwe.plaintext, SV(SEALED_INSIDE));
	jwe_release(&jwe);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: encrypted tokens that do not open");
	TCase *t = tcase_create("bad");

	sealed_make();
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, bad_token, 0, (int)(sizeof bads / sizeof *bads));
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sealed_free();
	return status;
}
