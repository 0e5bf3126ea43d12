#include "papers.h"

#include <check.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

#define JANUARY_2026 1767225600
#define JANUARY_2028 1830297600

static EVP_PKEY *make_key(const char *kind)
{
	if (!kind)
		return EVP_EC_gen("P-256");
	if (strcmp(kind, "RSA-1024") == 0)
		return EVP_RSA_gen(1024);
	if (strcmp(kind, "RSA-2048") == 0)
		return EVP_RSA_gen(2048);
	if (strcmp(kind, "ED25519") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	return EVP_EC_gen(kind);
}

static void set_name(X509_NAME *name, const char *text)
{
	ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0),
	                 1);
}

static void extend(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	ck_assert_msg(e != NULL, "OpenSSL cannot read '%s'", value);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

struct sv paper_make(struct arena *a, const struct paper *p)
{
	EVP_PKEY *key = make_key(p->key);
	const char *hash = p->hash ? p->hash : "SHA256";
	bool pure = p->key && strcmp(p->key, "ED25519") == 0;
	unsigned char *der = NULL;
	X509 *x = X509_new();

	ck_assert_ptr_nonnull(key);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	ASN1_TIME_set(X509_getm_notBefore(x), p->begins || p->ends ? (time_t)p->begins : JANUARY_2026);
	ASN1_TIME_set(X509_getm_notAfter(x), p->begins || p->ends ? (time_t)p->ends : JANUARY_2028);
	set_name(X509_get_subject_name(x), p->subject ? p->subject : "brand.example");
	set_name(X509_get_issuer_name(x), p->issuer ? p->issuer : "Acme CA");
	ck_assert_int_eq(X509_set_pubkey(x, key), 1);
	if (p->names)
		extend(x, NID_subject_alt_name, p->names);
	if (p->names_issuer)
		extend(x, NID_info_access, "caIssuers;URI:http://ca.brand.example/ca.cer");
	ck_assert_int_gt(X509_sign(x, key, pure ? NULL : EVP_get_digestbyname(hash)), 0);
	int n = i2d_X509(x, &der);
	ck_assert_int_gt(n, 0);
	struct sv ret = arena_svdup(a, (struct sv){(const char *)der, (size_t)n});
	OPENSSL_free(der);
	X509_free(x);
	EVP_PKEY_free(key);
	return ret;
}
