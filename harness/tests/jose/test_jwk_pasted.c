/* A public key in every form that people paste, and what must not be taken. */
#include <openssl/pem.h>
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "crafted.h"
#include "jose/sign_key.h"

static const char *bio_text(struct bench *b, BIO *bio)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);
	const char *text = arena_sv(b->a, (struct sv){p, (size_t)n});

	BIO_free(bio);
	return text;
}

static const char *base64(struct bench *b, const unsigned char *der, int n)
{
	ck_assert_int_gt(n, 0);
	return base64_encode(b->a, BASE64_STANDARD, (struct sv){(const char *)der, (size_t)n});
}

static const char *line(struct bench *b)
{
	return signing_key_line(b->a, crafted.rsa);
}

static const char *line_with_blanks_around(struct bench *b)
{
	return arena_printf(b->a, "\n  %s\r\n", line(b));
}

static const char *pem(struct bench *b)
{
	return signing_key_pem(b->a, crafted.rsa);
}

static const char *pem_by_openssl(struct bench *b)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_PUBKEY(bio, crafted.rsa->pkey);
	const char *text = bio_text(b, bio);
	ck_assert_str_eq(text, pem(b));
	return text;
}

/* Every n-th line break of text replaced. */
static const char *replaced(struct bench *b, const char *text, const char *with)
{
	struct buf out = {.cap = BUF_OWN};

	for (; *text; text++) {
		if (*text == '\n')
			buf_add_text(&out, with);
		else
			buf_add_char(&out, *text);
	}
	const char *copy = arena_sv(b->a, buf_sv(&out));
	buf_release(&out);
	return copy;
}

static const char *pem_crlf(struct bench *b)
{
	return replaced(b, pem(b), "\r\n");
}

static const char *pem_on_one_line(struct bench *b)
{
	return replaced(b, pem(b), " ");
}

static const char *pem_with_text_before(struct bench *b)
{
	return arena_printf(b->a, "\xef\xbb\xbf# our key\n%s# end\n", pem(b));
}

static const char *pem_escaped(struct bench *b)
{
	return replaced(b, pem(b), "\\n");
}

static const char *pem_without_end(struct bench *b)
{
	const char *text = pem(b);

	return arena_printf(b->a, "%.*s", 200, text);
}

static const char *pem_without_header_end(struct bench *b)
{
	(void)b;
	return "-----BEGIN PUBLIC KEY";
}

static const char *body_of_pem(struct bench *b)
{
	const char *text = pem(b), *begin = strchr(text, '\n') + 1, *end = strstr(text, "-----END");

	return arena_printf(b->a, "%.*s", (int)(end - begin), begin);
}

static const char *pkcs1_line(struct bench *b)
{
	unsigned char *der = NULL;
	int n = i2d_PublicKey(crafted.rsa->pkey, &der);
	const char *text = base64(b, der, n);

	OPENSSL_free(der);
	return text;
}

static const char *pkcs1_pem(struct bench *b)
{
	return arena_printf(b->a, "-----BEGIN RSA PUBLIC KEY-----\n%s\n-----END RSA PUBLIC KEY-----\n", pkcs1_line(b));
}

static const char *certificate_line(struct bench *b)
{
	X509 *x = X509_new();
	unsigned char *der = NULL;

	X509_set_pubkey(x, crafted.rsa->pkey);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	ck_assert_int_gt(X509_sign(x, crafted.rsa->pkey, EVP_sha256()), 0);
	int n = i2d_X509(x, &der);
	const char *text = base64(b, der, n);
	OPENSSL_free(der);
	X509_free(x);
	return text;
}

static const char *certificate_pem(struct bench *b)
{
	return arena_printf(b->a, "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n", certificate_line(b));
}

static const char *ec_line(struct bench *b)
{
	return signing_key_line(b->a, crafted.p256);
}

static const char *ed25519_line(struct bench *b)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	const char *text = base64(b, der, n);

	OPENSSL_free(der);
	EVP_PKEY_free(key);
	return text;
}

static const char *jwk(struct bench *b)
{
	return signing_key_jwk(b->a, crafted.rsa, "k1", NULL);
}

static const char *jwk_set(struct bench *b)
{
	return arena_printf(b->a, " {\"keys\":[%s]} ", jwk(b));
}

static const char *private_jwk(struct bench *b)
{
	return arena_printf(b->a, "{\"d\":\"c2VjcmV0\",%s", jwk(b) + 1);
}

static const char *private_jwk_set(struct bench *b)
{
	return arena_printf(b->a, "{\"keys\":[%s,%s]}", jwk(b), private_jwk(b));
}

static const char *private_traditional(struct bench *b)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_PrivateKey_traditional(bio, crafted.rsa->pkey, NULL, NULL, 0, NULL, NULL);
	return bio_text(b, bio);
}

static const char *private_pkcs8(struct bench *b)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_PKCS8PrivateKey(bio, crafted.rsa->pkey, NULL, NULL, 0, NULL, NULL);
	return bio_text(b, bio);
}

static const char *private_beside_public(struct bench *b)
{
	return arena_printf(b->a, "%s%s", pem(b), private_pkcs8(b));
}

static const char *der_base64(struct bench *b, int (*write)(BIO *, const EVP_PKEY *), const struct signing_key *k)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;

	write(bio, k->pkey);
	long n = BIO_get_mem_data(bio, &p);
	const char *text = base64(b, (const unsigned char *)p, (int)n);
	BIO_free(bio);
	return text;
}

static int write_pkcs8(BIO *bio, const EVP_PKEY *key)
{
	return i2d_PKCS8PrivateKey_bio(bio, key, NULL, NULL, 0, NULL, NULL);
}

static int write_encrypted(BIO *bio, const EVP_PKEY *key)
{
	return i2d_PKCS8PrivateKey_bio(bio, key, EVP_aes_128_cbc(), "password", 8, NULL, NULL);
}

static const char *private_line(struct bench *b)
{
	return der_base64(b, i2d_PrivateKey_bio, crafted.rsa);
}

static const char *private_ec_line(struct bench *b)
{
	return der_base64(b, i2d_PrivateKey_bio, crafted.p256);
}

static const char *private_pkcs8_line(struct bench *b)
{
	return der_base64(b, write_pkcs8, crafted.rsa);
}

static const char *private_encrypted_line(struct bench *b)
{
	return der_base64(b, write_encrypted, crafted.rsa);
}

static const char *cut_line(struct bench *b)
{
	return arena_printf(b->a, "%.*s", 200, line(b));
}

static const char *line_and_more(struct bench *b)
{
	struct sv der;

	ck_assert_int_eq(base64_decode(b->a, BASE64_STANDARD, sv_of(line(b)), &der, NULL), BASE64_OK);
	char *more = arena_alloc(b->a, der.n + 3);
	memcpy(more, der.p, der.n);
	return base64_encode(b->a, BASE64_STANDARD, (struct sv){more, der.n + 3});
}

static const char *base64url_line(struct bench *b)
{
	return arena_printf(b->a, "_-%s", line(b));
}

static const char *request(struct bench *b)
{
	(void)b;
	return "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
}

static const char *url(struct bench *b)
{
	(void)b;
	return "https://brand.example/jwks";
}

static const char *nothing(struct bench *b)
{
	(void)b;
	return " \n";
}

static const char *broken_json(struct bench *b)
{
	(void)b;
	return "{\"kty\":\"RSA\",\"d\":\"c2VjcmV0\"";
}

enum { REFUSED = -1 };

static const struct {
	const char *name;
	const char *(*make)(struct bench *);
	int form;
	const char *text; /* of the refusal, or of the key's problem */
} rows[] = {
        {"line", line, JWKS_SPKI_LINE, NULL},
        {"line, blanks around", line_with_blanks_around, JWKS_SPKI_LINE, NULL},
        {"PEM", pem, JWKS_SPKI_PEM, NULL},
        {"PEM by OpenSSL", pem_by_openssl, JWKS_SPKI_PEM, NULL},
        {"PEM, CR LF", pem_crlf, JWKS_SPKI_PEM, NULL},
        {"PEM on one line", pem_on_one_line, JWKS_SPKI_PEM, NULL},
        {"PEM, text before", pem_with_text_before, JWKS_SPKI_PEM, NULL},
        {"PEM's body", body_of_pem, JWKS_SPKI_LINES, NULL},
        {"PKCS#1", pkcs1_line, JWKS_PKCS1, NULL},
        {"PKCS#1, PEM", pkcs1_pem, JWKS_PKCS1, NULL},
        {"certificate", certificate_line, JWKS_CERTIFICATE, NULL},
        {"certificate, PEM", certificate_pem, JWKS_CERTIFICATE, NULL},
        {"EC", ec_line, JWKS_SPKI_LINE, NULL},
        {"JWK", jwk, JWKS_DOCUMENT, NULL},
        {"JWK Set", jwk_set, JWKS_DOCUMENT, NULL},
        {"Ed25519", ed25519_line, JWKS_SPKI_LINE, "it is a key for 'ED25519'"},
        {"PEM, escaped", pem_escaped, REFUSED, "it has the two characters \\n"},
        {"PEM, no end", pem_without_end, REFUSED, "footer '-----END …-----' is missing"},
        {"PEM, header cut", pem_without_header_end, REFUSED, "header '-----BEGIN …-----' is not complete"},
        {"private JWK", private_jwk, REFUSED, "this is a private key"},
        {"private JWK Set", private_jwk_set, REFUSED, "this is a private key"},
        {"private, traditional", private_traditional, REFUSED, "this is a private key"},
        {"private, PKCS#8", private_pkcs8, REFUSED, "this is a private key"},
        {"private beside public", private_beside_public, REFUSED, "this is a private key"},
        {"private, line", private_line, REFUSED, "this is a private key"},
        {"private, EC line", private_ec_line, REFUSED, "this is a private key"},
        {"private, PKCS#8 line", private_pkcs8_line, REFUSED, "this is a private key"},
        {"private, encrypted line", private_encrypted_line, REFUSED, "this is a private key"},
        {"cut", cut_line, REFUSED, "they are neither a SubjectPublicKeyInfo"},
        {"with more behind", line_and_more, REFUSED, "they are neither a SubjectPublicKeyInfo"},
        {"base64url", base64url_line, REFUSED, "uses the other base64 alphabet at character 1"},
        {"request", request, REFUSED, "holds 'CERTIFICATE REQUEST', not a public key"},
        {"URL", url, REFUSED, "neither PEM nor JSON, and as base64 it has a character"},
        {"nothing", nothing, REFUSED, "the public key is empty"},
        {"broken JSON", broken_json, REFUSED, "not JSON"},
};

START_TEST(forms)
{
	bench_auto b = bench_new();
	struct err e = {0};
	const char *text = rows[_i].make(&b);
	int done = jwks_parse_key(b.a, sv_of(text), &b.keys, &e);

	ck_assert_msg((done < 0) == (rows[_i].form == REFUSED), "%s: %s", rows[_i].name, e.text);
	if (done < 0) {
		ck_assert_int_eq(e.kind, ERR_INPUT);
		assert_contains(e.text, rows[_i].text);
		/* nothing of what was given is shown */
		assert_lacks(e.text, "MII");
		assert_lacks(e.text, "c2VjcmV0");
		return;
	}
	ck_assert_msg((int)b.keys.form == rows[_i].form, "%s: form %d", rows[_i].name, b.keys.form);
	ck_assert_uint_eq(b.keys.n, 1);
	if (rows[_i].text) {
		assert_contains(b.keys.v[0].problem, rows[_i].text);
		return;
	}
	/* it is the right key: a token verifies with it */
	b.c.keys = &b.keys;
	bool ec = b.keys.v[0].type == JWK_EC;
	bench_diagnose(&b, crafted_token(&b, ec ? "{\"alg\":\"ES256\"}" : "{\"alg\":\"RS256\"}",
	                                 ec ? crafted.p256 : crafted.rsa, ec ? ALG_ES256 : ALG_RS256));
	ck_assert_int_eq(b.d.reason, JWS_VERIFIED);
}
END_TEST

/* A NUL does not end the text: what stands behind it counts. */
START_TEST(nul_does_not_cut)
{
	bench_auto b = bench_new();
	struct err e = {0};
	struct sv text = sv_of(arena_printf(b.a, "%sx%s", line(&b), "tail"));
	char *bytes = arena_alloc(b.a, text.n);

	memcpy(bytes, text.p, text.n);
	bytes[text.n - 5] = '\0';
	ck_assert_int_eq(jwks_parse_key(b.a, (struct sv){bytes, text.n}, &b.keys, &e), -1);
	assert_contains(e.text, "has a character that base64 does not use");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: pasted keys");
	TCase *t = tcase_create("forms");

	crafted_make();
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, forms, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, nul_does_not_cut);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
