#include "jose/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "jose/ossl.h"

#define RSA_BITS 2048 /* RFC 9325 §4.5 */
#define EC_BITS 224
#define DNS_MAX 253 /* of a host name: RFC 1035 §2.3.4, without the dot at its end */

static void names_freep(GENERAL_NAMES **p)
{
	GENERAL_NAMES_free(*p);
}

static void access_freep(AUTHORITY_INFO_ACCESS **p)
{
	AUTHORITY_INFO_ACCESS_free(*p);
}

/* NULL when it is no certificate, or more than one. */
static X509 *parse(struct sv der)
{
	const unsigned char *p = ossl_bytes(der), *end = p + der.n;
	X509 *x = der.n > 0 && der.n <= LIMIT_CERTIFICATE ? d2i_X509(NULL, &p, (long)der.n) : NULL;

	if (x && p != end) {
		X509_free(x);
		x = NULL;
	}
	ERR_clear_error();
	return x;
}

static const char *name_text(struct arena *a, const X509_NAME *name)
{
	bio_auto *out = BIO_new(BIO_s_mem());
	char *p = NULL;

	if (!out || X509_NAME_print_ex(out, name, 0, (XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) & ~XN_FLAG_SPC_EQ) < 0)
		return "";
	long n = BIO_get_mem_data(out, &p);
	return text_excerpt(a, (struct sv){p, n > 0 ? (size_t)n : 0}, LIMIT_OBSERVED);
}

static bool read_time(const ASN1_TIME *t, int64_t *ret)
{
	ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	bool good = zero && ASN1_TIME_check(t) == 1 && ASN1_TIME_diff(&days, &seconds, zero, t) == 1;

	ASN1_TIME_free(zero);
	*ret = (int64_t)days * 86400 + seconds;
	return good;
}

static void read_key(struct arena *a, X509 *x, struct certificate *ret)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	const char *name = key ? EVP_PKEY_get0_type_name(key) : NULL;

	ret->key = name ? arena_text(a, name) : "unknown";
	ret->bits = key ? EVP_PKEY_get_bits(key) : 0;
	if (ret->bits < 0)
		ret->bits = 0;
}

static void read_signature(struct arena *a, X509 *x, struct certificate *ret)
{
	int nid = X509_get_signature_nid(x), hash = NID_undef;
	const char *name = nid != NID_undef ? OBJ_nid2ln(nid) : NULL;

	ret->signature = name ? arena_text(a, name) : "unknown";
	/* RSASSA-PSS has its hash among its parameters. */
	if (X509_get_signature_info(x, &hash, NULL, NULL, NULL) == 1 && hash != NID_undef)
		ret->hash = arena_text(a, OBJ_nid2sn(hash));
}

static const char *ip_text(struct arena *a, const ASN1_OCTET_STRING *ip)
{
	char text[INET6_ADDRSTRLEN];
	int n = ASN1_STRING_length(ip);

	if ((n != 4 && n != 16) ||
	    !inet_ntop(n == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(ip), text, sizeof text))
		return "an address that is none";
	return arena_text(a, text);
}

static void read_names(struct arena *a, X509 *x, struct certificate *ret)
{
	__attribute__((cleanup(names_freep))) GENERAL_NAMES *all =
	        X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	int n = all ? sk_GENERAL_NAME_num(all) : 0;
	size_t dns = 0, ip = 0;

	ret->dns = arena_array(a, LIMIT_CERTIFICATE_NAMES + 1, sizeof *ret->dns);
	ret->ip = arena_array(a, LIMIT_CERTIFICATE_NAMES + 1, sizeof *ret->ip);
	for (int i = 0; i < n; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
		if (name->type != GEN_DNS && name->type != GEN_IPADD)
			continue;
		if (ret->names++ >= LIMIT_CERTIFICATE_NAMES)
			continue;
		if (name->type == GEN_IPADD) {
			ret->ip[ip++] = ip_text(a, name->d.iPAddress);
			continue;
		}
		struct sv text = {(const char *)ASN1_STRING_get0_data(name->d.dNSName),
		                  (size_t)ASN1_STRING_length(name->d.dNSName)};
		ret->dns[dns++] = text_excerpt(a, text, DNS_MAX + 20);
	}
}

static bool names_issuer(X509 *x)
{
	__attribute__((cleanup(access_freep))) AUTHORITY_INFO_ACCESS *all =
	        X509_get_ext_d2i(x, NID_info_access, NULL, NULL);

	for (int i = 0; all && i < sk_ACCESS_DESCRIPTION_num(all); i++)
		if (OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(all, i)->method) == NID_ad_ca_issuers)
			return true;
	return false;
}

int certificate_read(struct arena *a, struct sv der, struct certificate *ret, struct err *e)
{
	x509_auto *x = parse(der);

	*ret = (struct certificate){0};
	if (!x)
		return err_input(e, "%zu bytes are no X.509 certificate", der.n);
	if (!read_time(X509_get0_notBefore(x), &ret->not_before) ||
	    !read_time(X509_get0_notAfter(x), &ret->not_after)) {
		ERR_clear_error();
		return err_input(e, "the period of validity of the certificate cannot be read");
	}
	ret->subject = name_text(a, X509_get_subject_name(x));
	ret->issuer = name_text(a, X509_get_issuer_name(x));
	ret->own_issuer = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
	ret->names_issuer = names_issuer(x);
	read_key(a, x, ret);
	read_signature(a, x, ret);
	read_names(a, x, ret);
	ERR_clear_error();
	return 0;
}

bool certificate_is_for(struct sv der, const char *host)
{
	x509_auto *x = parse(der);
	unsigned char address[16];
	char name[DNS_MAX + 1];
	size_t n = strlen(host);
	bool good;

	if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
		host++;
		n -= 2;
	} else if (n > 1 && host[n - 1] == '.') {
		n--; /* the root's dot is no part of what certificates name */
	}
	if (!x || n == 0 || n > DNS_MAX)
		return false;
	memcpy(name, host, n);
	name[n] = '\0';
	if (inet_pton(AF_INET, name, address) == 1)
		good = X509_check_ip(x, address, 4, 0) == 1;
	else if (inet_pton(AF_INET6, name, address) == 1)
		good = X509_check_ip(x, address, 16, 0) == 1;
	else
		good = X509_check_host(x, name, n,
		                       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
		                       NULL) == 1;
	ERR_clear_error();
	return good;
}

bool certificate_key_is_weak(const struct certificate *c)
{
	if (strcmp(c->key, "RSA") == 0 || strcmp(c->key, "RSA-PSS") == 0 || strcmp(c->key, "DSA") == 0)
		return c->bits < RSA_BITS;
	return strcmp(c->key, "EC") == 0 && c->bits > 0 && c->bits < EC_BITS;
}

bool certificate_hash_is_weak(const struct certificate *c)
{
	static const char *const weak[] = {"MD2", "MD4", "MD5", "MDC2", "SHA1", "RIPEMD160"};

	for (size_t i = 0; c->hash && i < sizeof weak / sizeof *weak; i++)
		if (strcmp(c->hash, weak[i]) == 0)
			return true;
	return false;
}

enum chain_trouble certificate_trouble(int64_t verify_error)
{
	switch (verify_error) {
	case X509_V_OK:
		return CHAIN_TRUSTED;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return CHAIN_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return CHAIN_NOT_YET;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return CHAIN_WEAK;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return CHAIN_SELF_SIGNED;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_UNTRUSTED:
		return CHAIN_OTHER_ROOT;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return CHAIN_NO_ISSUER;
	default:
		return CHAIN_OTHER;
	}
}
