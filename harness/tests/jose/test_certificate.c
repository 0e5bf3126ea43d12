/* What is read of X.509 certificates. */
#include "jose/certificate.h"

#include <openssl/x509_vfy.h>
#include <string.h>

#include "core/limits.h"
#include "papers.h"
#include "testing.h"

static struct certificate read_paper(struct arena *a, const struct paper *p)
{
	struct certificate c;
	struct err e = {0};

	ck_assert_msg(certificate_read(a, paper_make(a, p), &c, &e) == 0, "%s", e.text);
	return c;
}

START_TEST(facts)
{
	arena_auto *a = arena_new();
	const struct paper p = {.subject = "login.brand.example",
	                        .begins = 1234567890,
	                        .ends = 4102444800,
	                        .names = "DNS:brand.example,IP:192.0.2.1,DNS:*.brand.example,IP:2001:db8::1,URI:x:y",
	                        .names_issuer = true};
	struct certificate c = read_paper(a, &p);

	ck_assert_str_eq(c.subject, "CN=login.brand.example");
	ck_assert_str_eq(c.issuer, "CN=Acme CA");
	ck_assert_int_eq(c.not_before, 1234567890);
	ck_assert_int_eq(c.not_after, 4102444800);
	ck_assert_str_eq(c.key, "EC");
	ck_assert_int_eq(c.bits, 256);
	ck_assert_str_eq(c.signature, "ecdsa-with-SHA256");
	ck_assert_str_eq(c.hash, "SHA256");
	ck_assert_uint_eq(c.names, 4);
	ck_assert_str_eq(c.dns[0], "brand.example");
	ck_assert_str_eq(c.dns[1], "*.brand.example");
	ck_assert_ptr_null(c.dns[2]);
	ck_assert_str_eq(c.ip[0], "192.0.2.1");
	ck_assert_str_eq(c.ip[1], "2001:db8::1");
	ck_assert_ptr_null(c.ip[2]);
	ck_assert(c.names_issuer);
	ck_assert(!c.own_issuer);
	c = read_paper(a, &(struct paper){.subject = "Zoë\n", .issuer = "Zoë\n"});
	ck_assert_str_eq(c.subject, "CN=Zoë\\0A");
	ck_assert(c.own_issuer);
	ck_assert(!c.names_issuer);
	ck_assert_uint_eq(c.names, 0);
}
END_TEST

static const struct {
	const char *key, *hash;
	bool weak_key, weak_hash;
} strengths[] = {
        {"RSA-2048", "SHA256", false, false}, {"RSA-2048", "SHA1", false, true},   {"RSA-2048", "MD5", false, true},
        {"RSA-1024", "SHA512", true, false},  {"P-256", "SHA384", false, false},   {"P-224", "SHA256", false, false},
        {"P-192", "SHA256", true, false},     {"P-521", "SHA3-256", false, false}, {"ED25519", NULL, false, false},
};

START_TEST(strength)
{
	arena_auto *a = arena_new();
	struct certificate c = read_paper(a, &(struct paper){.key = strengths[_i].key, .hash = strengths[_i].hash});

	ck_assert_msg(certificate_key_is_weak(&c) == strengths[_i].weak_key, "%s %d", c.key, c.bits);
	ck_assert_msg(certificate_hash_is_weak(&c) == strengths[_i].weak_hash, "%s", c.hash ? c.hash : "-");
}
END_TEST

static const struct {
	const char *names, *host;
	bool good;
} hosts[] = {
        {"DNS:brand.example", "brand.example", true},
        {"DNS:brand.example", "BRAND.example", true},
        {"DNS:brand.example", "brand.example.", true},
        {"DNS:brand.example", "www.brand.example", false},
        {"DNS:brand.example", "rand.example", false},
        {"DNS:other.example,DNS:brand.example", "brand.example", true},
        {"DNS:*.brand.example", "www.brand.example", true},
        {"DNS:*.brand.example", "brand.example", false},
        {"DNS:*.brand.example", "a.b.brand.example", false},
        {"DNS:w*.brand.example", "www.brand.example", false},
        {"DNS:*w.brand.example", "www.brand.example", false},
        {"DNS:www.*.example", "www.brand.example", false},
        {NULL, "brand.example", false}, /* the common name */
        {"IP:192.0.2.1", "brand.example", false},
        {"DNS:other.example", "brand.example", false},
        {"IP:192.0.2.1", "192.0.2.1", true},
        {"IP:192.0.2.2", "192.0.2.1", false},
        {"DNS:192.0.2.1", "192.0.2.1", false},
        {"IP:2001:db8::1", "[2001:db8:0::1]", true},
        {"IP:2001:db8::1", "[2001:db8::2]", false},
        {"DNS:brand.example", "", false},
        {"DNS:brand.example", ".", false},
        {"DNS:brand.example", "[]", false},
};

START_TEST(host)
{
	arena_auto *a = arena_new();
	struct sv der = paper_make(a, &(struct paper){.names = hosts[_i].names});

	ck_assert_msg(certificate_is_for(der, hosts[_i].host) == hosts[_i].good, "%s for '%s'",
	              hosts[_i].names ? hosts[_i].names : "no names", hosts[_i].host);
}
END_TEST

/* Whatever comes, nothing is read beyond it, and a name does not end where a NUL stands. */
START_TEST(hostile)
{
	arena_auto *a = arena_new();
	struct sv der = paper_make(a, &(struct paper){.names = "DNS:brand.exampleX.attacker.example"});
	char *bytes = arena_sv(a, der), *name = memmem(bytes, der.n, "brand.exampleX", 14);
	struct certificate c;
	struct err e = {0};

	ck_assert_ptr_nonnull(name);
	name[13] = '\0';
	ck_assert(!certificate_is_for((struct sv){bytes, der.n}, "brand.example"));
	ck_assert_int_eq(certificate_read(a, (struct sv){bytes, der.n}, &c, &e), 0);
	ck_assert_str_eq(c.dns[0], "brand.example\\x00.attacker.example");
	for (size_t n = 0; n < der.n; n++) {
		e = (struct err){0};
		ck_assert_int_eq(certificate_read(a, arena_svdup(a, (struct sv){der.p, n}), &c, &e), -1);
		ck_assert(!certificate_is_for((struct sv){der.p, n}, "brand.example"));
	}
	e = (struct err){0};
	ck_assert_int_eq(certificate_read(a, arena_svdup(a, (struct sv){der.p, der.n + 1}), &c, &e), -1);
	assert_contains(e.text, "no X.509 certificate");
	char *large = arena_alloc(a, LIMIT_CERTIFICATE + 1);
	memcpy(large, der.p, der.n);
	ck_assert_int_eq(certificate_read(a, (struct sv){large, LIMIT_CERTIFICATE + 1}, &c, &e), -1);
	ck_assert_int_eq(certificate_read(a, SV_NONE, &c, &e), -1);
}
END_TEST

START_TEST(many_names)
{
	arena_auto *a = arena_new();
	const char *names = "DNS:n0.example";

	for (int i = 1; i < LIMIT_CERTIFICATE_NAMES + 5; i++)
		names = arena_printf(a, "%s,DNS:n%d.example", names, i);
	struct certificate c = read_paper(a, &(struct paper){.names = names});
	ck_assert_uint_eq(c.names, LIMIT_CERTIFICATE_NAMES + 5);
	ck_assert_str_eq(c.dns[LIMIT_CERTIFICATE_NAMES - 1],
	                 arena_printf(a, "n%d.example", LIMIT_CERTIFICATE_NAMES - 1));
	ck_assert_ptr_null(c.dns[LIMIT_CERTIFICATE_NAMES]);
	ck_assert(certificate_is_for(paper_make(a, &(struct paper){.names = names}),
	                             arena_printf(a, "n%d.example", LIMIT_CERTIFICATE_NAMES + 4)));
}
END_TEST

static const struct {
	int error;
	enum chain_trouble trouble;
} troubles[] = {
        {X509_V_OK, CHAIN_TRUSTED},
        {X509_V_ERR_CERT_HAS_EXPIRED, CHAIN_EXPIRED},
        {X509_V_ERR_CERT_NOT_YET_VALID, CHAIN_NOT_YET},
        {X509_V_ERR_EE_KEY_TOO_SMALL, CHAIN_WEAK},
        {X509_V_ERR_CA_KEY_TOO_SMALL, CHAIN_WEAK},
        {X509_V_ERR_CA_MD_TOO_WEAK, CHAIN_WEAK},
        {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CHAIN_SELF_SIGNED},
        {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CHAIN_OTHER_ROOT},
        {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CHAIN_NO_ISSUER},
        {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CHAIN_NO_ISSUER},
        {X509_V_ERR_CERT_SIGNATURE_FAILURE, CHAIN_OTHER},
        {X509_V_ERR_INVALID_CA, CHAIN_OTHER},
        {-1, CHAIN_OTHER},
};

START_TEST(trouble)
{
	ck_assert_int_eq(certificate_trouble(troubles[_i].error), troubles[_i].trouble);
}
END_TEST

#define COUNT(rows) (int)(sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
	Suite *s = suite_create("jose: certificates");
	TCase *t = tcase_create("all");

	tcase_add_test(t, facts);
	tcase_add_loop_test(t, strength, 0, COUNT(strengths));
	tcase_add_loop_test(t, host, 0, COUNT(hosts));
	tcase_add_test(t, hostile);
	tcase_add_test(t, many_names);
	tcase_add_loop_test(t, trouble, 0, COUNT(troubles));
	suite_add_tcase(s, t);
	return testing_run(s);
}
