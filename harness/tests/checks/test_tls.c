/* TLS: tls.*. Handshakes with certificates that are made here. */
#include <openssl/x509_vfy.h>
#include <string.h>

#include "checks/tls_facts.h"
#include "papers.h"
#include "sample.h"

#define DAY 86400LL

struct hands {
	struct sample m;
	struct tls tls;
	struct sv chain[4];
};

static void shake(struct hands *h, const struct paper *papers, size_t n, int error)
{
	sample_make(&h->m, NULL);
	h->m.x.kind = "handshake";
	h->m.x.method = "HANDSHAKE";
	h->m.x.status = 0;
	h->m.x.tls_version = "TLSv1.3";
	h->m.x.tls_cipher = "TLS_AES_256_GCM_SHA384";
	h->m.step.kind = STEP_HANDSHAKE;
	h->tls = (struct tls){.completed = true,
	                      .verified = true,
	                      .verify_error = error,
	                      .verify_text = X509_verify_cert_error_string(error),
	                      .chain = h->chain,
	                      .nchain = n};
	for (size_t i = 0; i < n; i++)
		h->chain[i] = paper_make(h->m.a, &papers[i]);
	h->m.x.tls = &h->tls;
}

static void judge(struct hands *h, const struct sample_row *row)
{
	sample_judge_made(&h->m, row);
	sample_release(&h->m);
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

#define LEAF                                                           \
	{                                                              \
		.issuer = "Acme Issuing", .names = "DNS:brand.example" \
	}
#define ISSUING                                                  \
	{                                                        \
		.subject = "Acme Issuing", .issuer = "Acme Root" \
	}
#define ENDED .begins = SAMPLE_NOW - 400 * DAY, .ends = SAMPLE_NOW - DAY
#define TO_COME .begins = SAMPLE_NOW + 2 * DAY, .ends = SAMPLE_NOW + 100 * DAY
#define LEAF_THAT(...)                                                              \
	{                                                                           \
		.issuer = "Acme Issuing", .names = "DNS:brand.example", __VA_ARGS__ \
	}

static const struct {
	struct sample_row row;
	int error;
	size_t n;
	struct paper papers[4];
} certificates[] = {
        {P("tls.chain", NULL, "2 certificates, from 'CN=brand.example' to a trusted root"), 0, 2, {LEAF, ISSUING}},
        {P("tls.hostname", NULL, "is for 'brand.example'"), 0, 2, {LEAF, ISSUING}},
        {P("tls.cert-dates", NULL, "2028-01-01"), 0, 2, {LEAF, ISSUING}},
        {P("tls.weak-crypto", NULL, "EC key of 256 bits, signed with ecdsa-with-SHA256"), 0, 2, {LEAF, ISSUING}},
        {P("tls.weak-crypto", NULL, "RSA key of 2048 bits"), 0, 1, {LEAF_THAT(.key = "RSA-2048")}},
        {P("tls.weak-crypto", NULL, "ED25519"), 0, 1, {LEAF_THAT(.key = "ED25519")}},

        /* the way to a root */
        {V("tls.chain", NULL, NULL, "signed by itself", "public CA"),
         X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
         1,
         {{.issuer = "brand.example"}}},
        {V("tls.chain", NULL, NULL, "'CN=Acme Root', a root that is not trusted", "private roots"),
         X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
         3,
         {LEAF, ISSUING, {.subject = "Acme Root", .issuer = "Acme Root"}}},
        {V("tls.chain", NULL, NULL, "one certificate was sent; 'CN=Acme Issuing', which issued 'CN=brand.example'",
           "install the full chain file"),
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         1,
         {LEAF}},
        {V("tls.chain", NULL, NULL, "'CN=Acme Root', which issued 'CN=Acme Issuing'", "nobody but you"),
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         2,
         {LEAF, ISSUING}},
        {V("tls.chain", NULL, NULL, "'CN=Acme Root', which issued", "install the full chain file"),
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         3,
         {LEAF, {.subject = "stray"}, {.subject = "Acme Issuing", .issuer = "Acme Root", .names_issuer = true}}},
        {V("tls.chain", NULL, NULL, "'CN=Acme Root', which issued 'CN=Acme Issuing'", "nobody but you"),
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         3,
         {LEAF, ISSUING, {.subject = "stray"}}},
        /* names that go round in a circle */
        {V("tls.chain", NULL, NULL, "3 certificates were sent", "nobody but you"),
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         3,
         {LEAF, {.subject = "Acme Issuing", .issuer = "b"}, {.subject = "b", .issuer = "Acme Issuing"}}},
        {V("tls.chain", NULL, NULL, "invalid CA certificate", NULL), X509_V_ERR_INVALID_CA, 2, {LEAF, ISSUING}},
        {S("tls.chain", NULL, "tls.cert-dates", NULL), X509_V_ERR_CERT_HAS_EXPIRED, 1, {LEAF_THAT(ENDED)}},
        {S("tls.chain", NULL, "tls.cert-dates", NULL), X509_V_ERR_CERT_NOT_YET_VALID, 1, {LEAF_THAT(TO_COME)}},
        {E("tls.chain", NULL, "no certificate that was sent is at fault"), X509_V_ERR_CERT_HAS_EXPIRED, 1, {LEAF}},
        {S("tls.chain", NULL, "tls.weak-crypto", NULL), X509_V_ERR_EE_KEY_TOO_SMALL, 1, {LEAF_THAT(.key = "RSA-1024")}},
        {S("tls.chain", NULL, "tls.weak-crypto", NULL), X509_V_ERR_CA_MD_TOO_WEAK, 1, {LEAF_THAT(.hash = "SHA1")}},
        {E("tls.chain", NULL, "no certificate that was sent is at fault"), X509_V_ERR_CA_KEY_TOO_SMALL, 1, {LEAF}},
        {E("tls.weak-crypto", NULL, "no certificate that was sent is at fault"),
         X509_V_ERR_CA_KEY_TOO_SMALL,
         1,
         {LEAF}},

        /* names */
        {V("tls.hostname", NULL, NULL, "it has www.brand.example, 192.0.2.1", NULL),
         0,
         1,
         {{.names = "IP:192.0.2.1,DNS:www.brand.example"}}},
        {V("tls.hostname", NULL, NULL, "a common name does not count", NULL), 0, 1, {{.names = NULL}}},
        {P("tls.hostname", NULL, NULL), X509_V_ERR_CERT_HAS_EXPIRED, 1, {LEAF_THAT(ENDED)}},
        {P("tls.hostname", NULL, NULL), 0, 1, {{.names = "DNS:*.example,DNS:brand.example"}}},

        /* dates */
        {V("tls.cert-dates", NULL, NULL, "the leaf 'CN=brand.example' expired at 2027-01-14T08:00:00Z, 24 h ago", NULL),
         X509_V_ERR_CERT_HAS_EXPIRED,
         2,
         {LEAF_THAT(ENDED), ISSUING}},
        {V("tls.cert-dates", NULL, NULL, "is not valid before 2027-01-17T08:00:00Z", "once it is valid"),
         X509_V_ERR_CERT_NOT_YET_VALID,
         1,
         {LEAF_THAT(TO_COME)}},
        {V("tls.cert-dates", NULL, NULL, "certificate 2 of the chain, 'CN=Acme Issuing', expired", NULL),
         X509_V_ERR_CERT_HAS_EXPIRED,
         2,
         {LEAF, {.subject = "Acme Issuing", ENDED}}},
        {V("tls.cert-dates", NULL, NULL, "expired", NULL),
         X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
         1,
         {LEAF_THAT(ENDED)}},
        {V("tls.cert-dates", NULL, "unneeded", "certificate 3 of the chain", NULL),
         0,
         3,
         {LEAF, ISSUING, {.subject = "Old Root", ENDED}}},
        {V("tls.cert-dates", NULL, NULL, "the leaf", NULL), 0, 1, {LEAF_THAT(ENDED)}},
        {P("tls.cert-dates", NULL, "another 0 s"), 0, 1, {LEAF_THAT(.begins = SAMPLE_NOW, .ends = SAMPLE_NOW)}},
        {V("tls.cert-dates", NULL, "soon", "expires at 2027-01-22T08:00:00Z, in 7 days", NULL),
         0,
         1,
         {LEAF_THAT(.begins = SAMPLE_NOW - 83 * DAY, .ends = SAMPLE_NOW + 7 * DAY)}},
        {P("tls.cert-dates", NULL, "another 15 days"),
         0,
         1,
         {LEAF_THAT(.begins = SAMPLE_NOW - 75 * DAY, .ends = SAMPLE_NOW + 15 * DAY)}},
        /* six days in all */
        {P("tls.cert-dates", NULL, "another 3 days"),
         0,
         1,
         {LEAF_THAT(.begins = SAMPLE_NOW - 3 * DAY, .ends = SAMPLE_NOW + 3 * DAY)}},
        {V("tls.cert-dates", NULL, "soon", "in 24 h", NULL),
         0,
         1,
         {LEAF_THAT(.begins = SAMPLE_NOW - 5 * DAY, .ends = SAMPLE_NOW + DAY)}},
        {E("tls.cert-dates", NULL, "no certificate that was sent is at fault"),
         X509_V_ERR_CERT_NOT_YET_VALID,
         2,
         {LEAF, ISSUING}},

        /* strength */
        {V("tls.weak-crypto", NULL, NULL, "the leaf 'CN=brand.example' has a key of 1024 bits (RSA)", NULL),
         X509_V_ERR_EE_KEY_TOO_SMALL,
         2,
         {LEAF_THAT(.key = "RSA-1024"), ISSUING}},
        {V("tls.weak-crypto", NULL, NULL, "is signed with sha1WithRSAEncryption", NULL),
         0,
         1,
         {LEAF_THAT(.key = "RSA-2048", .hash = "SHA1")}},
        {P("tls.weak-crypto", NULL, NULL), 0, 2, {LEAF, {.subject = "unneeded", .hash = "SHA1"}}},
        {V("tls.weak-crypto", NULL, NULL, "certificate 2 of the chain", NULL),
         X509_V_ERR_CA_MD_TOO_WEAK,
         2,
         {LEAF, {.subject = "Acme Issuing", .hash = "SHA1"}}},
        /* a signature of its own says nothing */
        {P("tls.weak-crypto", NULL, NULL),
         X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
         1,
         {{.issuer = "brand.example", .hash = "SHA1"}}},
};

START_TEST(certificate)
{
	struct hands h;

	shake(&h, certificates[_i].papers, certificates[_i].n, certificates[_i].error);
	judge(&h, &certificates[_i].row);
}
END_TEST

static const char *const of_certificates[] = {"tls.chain", "tls.hostname", "tls.cert-dates", "tls.weak-crypto"};

/* A handshake that did not get as far as a certificate, and one that is not there. */
START_TEST(no_certificate)
{
	struct sample_row row = {.check = of_certificates[_i], .kind = FINDING_SKIP, .name = "tls.version-min"};
	struct hands h;

	shake(&h, NULL, 0, 0);
	h.tls = (struct tls){.alert = "tlsv1 alert protocol version"};
	judge(&h, &row);

	row.name = NULL;
	row.kind = FINDING_ERROR;
	row.says = "handshake failure";
	shake(&h, NULL, 0, 0);
	h.tls = (struct tls){.alert = "sslv3 alert handshake failure"};
	judge(&h, &row);

	row.says = "connection refused";
	shake(&h, NULL, 0, 0);
	h.m.x.outcome = EXCHANGE_NO_ANSWER;
	h.m.x.trouble = "connection refused";
	h.m.x.tls = NULL;
	judge(&h, &row);

	row.says = "cannot be read";
	shake(&h, NULL, 0, 0);
	h.chain[0] = SV("\x30\x03zzz");
	h.tls.nchain = 1;
	judge(&h, &row);

	row.kind = FINDING_SKIP;
	row.says = "only a handshake does";
	shake(&h, NULL, 0, 0);
	h.m.x.tls = NULL;
	judge(&h, &row);
}
END_TEST

/* Refused later, by a server that wants a certificate from us: what it showed can be judged. */
START_TEST(client_certificate_wanted)
{
	static const struct paper leaf = LEAF;
	const struct sample_row row = {.check = of_certificates[_i], .kind = FINDING_PASS};
	struct hands h;

	shake(&h, &leaf, 1, 0);
	h.tls.completed = false;
	h.tls.alert = "tlsv13 alert certificate required";
	judge(&h, &row);
}
END_TEST

START_TEST(chain_not_verified)
{
	static const struct paper leaf = LEAF;
	static const struct sample_row row = E("tls.chain", NULL, "before the chain was verified");
	struct hands h;

	shake(&h, &leaf, 1, 0);
	h.tls.verified = h.tls.completed = false;
	h.tls.alert = "sslv3 alert handshake failure";
	judge(&h, &row);
}
END_TEST

/* --- versions ----------------------------------------------------------------------------------------------------- */

#define AGREED "agreed"
#define ALERT "tlsv1 alert protocol version"
#define GONE "unexpected eof while reading"
#define OURS "no protocols available"
#define SILENT "time-out after 10.0 s: the TLS handshake with 'brand.example:443' did not end"
#define REFUSED "cannot connect to 'brand.example:443': Connection refused"

/* How a pinned handshake ended, by one of the words above. */
static void end_with(struct hands *h, const char *how)
{
	shake(h, NULL, 0, 0);
	if (strcmp(how, AGREED) == 0)
		return;
	h->tls = (struct tls){.alert = how};
	h->m.x.tls_version = h->m.x.tls_cipher = NULL;
	if (strcmp(how, SILENT) != 0 && strcmp(how, REFUSED) != 0)
		return;
	h->m.x.outcome = EXCHANGE_NO_ANSWER;
	h->m.x.tls = NULL;
	h->m.x.trouble = how;
	h->m.x.timing.connect_us = strcmp(how, SILENT) == 0 ? 1000 : 0;
}

static const struct {
	struct sample_row row;
	const char *ends[4]; /* of 1.0 to 1.3 */
} versions[] = {
        {P("tls.version-min", NULL, "TLS 1.0 refused: " ALERT), {ALERT, ALERT, AGREED, AGREED}},
        {P("tls.version-min", NULL, "TLS 1.2 refused"), {ALERT, ALERT, ALERT, AGREED}},
        {P("tls.version-min", NULL, "TLS 1.3 refused"), {ALERT, ALERT, AGREED, ALERT}},
        {P("tls.version-min", NULL, "by closing the connection"), {GONE, GONE, AGREED, AGREED}},
        {P("tls.version-min", NULL, NULL),
         {"Connection reset by peer", "sslv3 alert handshake failure", AGREED, AGREED}},
        {V("tls.version-min", NULL, NULL, "TLS 1.0 agreed on", NULL), {AGREED, ALERT, AGREED, AGREED}},
        {V("tls.version-min", NULL, NULL, "TLS 1.1 agreed on", NULL), {ALERT, AGREED, AGREED, AGREED}},
        {V("tls.version-min", NULL, NULL, "TLS 1.3 refused", NULL), {ALERT, AGREED, ALERT, ALERT}},
        {V("tls.version-min", NULL, NULL, "TLS 1.2 refused", NULL), {ALERT, ALERT, ALERT, ALERT}},
        {V("tls.version-min", NULL, NULL, "TLS 1.1 agreed on", NULL), {OURS, AGREED, AGREED, AGREED}},
        {E("tls.version-min", NULL, "whether TLS 1.0 is refused is not known"), {OURS, ALERT, AGREED, AGREED}},
        {E("tls.version-min", NULL, "whether TLS 1.1 is refused"), {ALERT, "unsupported protocol", AGREED, AGREED}},
        {E("tls.version-min", NULL, "no version could be agreed on"), {ALERT, ALERT, OURS, ALERT}},
        {E("tls.version-min", NULL, "no version could be agreed on"), {ALERT, ALERT, SILENT, SILENT}},
        {E("tls.version-min", NULL, "Connection refused"), {REFUSED, REFUSED, AGREED, AGREED}},
        {E("tls.version-min", NULL, NULL), {REFUSED, REFUSED, REFUSED, REFUSED}},
        {S("tls.version-min", NULL, NULL, "TLS 1.0 was not answered"), {SILENT, ALERT, AGREED, AGREED}},
};

START_TEST(version)
{
	struct subject *all[4];
	struct hands h[4];

	for (int i = 0; i < 4; i++) {
		end_with(&h[i], versions[_i].ends[i]);
		h[i].m.step.handshake.version = (enum handshake_version)(HANDSHAKE_TLS_1_0 + i);
		all[i] = &h[i].m.s;
	}
	h[2].m.s.siblings = all;
	h[2].m.s.nsiblings = 4;
	sample_judge_made(&h[2].m, &versions[_i].row);
	h[2].m.s.nsiblings = 3;
	sample_judge_made(&h[2].m, &(struct sample_row)S("tls.version-min", NULL, NULL, "with TLS 1.3 alone"));
	for (int i = 0; i < 4; i++)
		sample_release(&h[i].m);
}
END_TEST

static const struct {
	struct sample_row row;
	const char *end;
} suites[] = {
        {V("tls.weak-crypto", NULL, NULL, "agreed on TLS_AES_256_GCM_SHA384 with TLSv1.3", "aNULL"), AGREED},
        {P("tls.weak-crypto", NULL, "refused: sslv3 alert handshake failure"), "sslv3 alert handshake failure"},
        {P("tls.weak-crypto", NULL, "closing"), GONE},
        {E("tls.weak-crypto", NULL, "no ciphers available"), "no ciphers available"},
        {E("tls.weak-crypto", NULL, "not answered"), SILENT},
        {E("tls.weak-crypto", NULL, "Connection refused"), REFUSED},
};

START_TEST(suite_of_ciphers)
{
	struct hands h;

	end_with(&h, suites[_i].end);
	h.m.step.handshake.weak_ciphers = true;
	judge(&h, &suites[_i].row);
}
END_TEST

/* --- the endpoint ------------------------------------------------------------------------------------------------- */

static const struct {
	struct sample_row row;
	const char *endpoint, *published;
} ports[] = {
        {P("tls.port-443", NULL, "port 443"), "https://brand.example/token", NULL},
        {P("tls.port-443", NULL, NULL), "https://brand.example:443/token", NULL},
        {V("tls.port-443", NULL, NULL, "port 8443", NULL), "https://brand.example:8443/token", NULL},
        {V("tls.port-443", NULL, NULL, "port 8443", NULL), "https://[2001:db8::1]:8443", NULL},
        {P("tls.port-443", NULL, NULL), "https://[2001:db8::1]?a=b:9", NULL},
        {P("tls.port-443", NULL, "brand.example"), "https://127.0.0.1:8443/token", "https://brand.example/token"},
        {V("tls.port-443", NULL, NULL, "port 8443", NULL), "https://brand.example", "https://brand.example:8443/"},
        {S("tls.port-443", NULL, NULL, "published_token_endpoint"), "https://127.0.0.1:8443/token", NULL},
        {S("tls.port-443", NULL, NULL, "on this machine"), "https://localhost:443/token", NULL},
        {S("tls.port-443", NULL, NULL, "on this machine"), "https://[::1]:8443/token", NULL},
        {P("tls.port-443", NULL, NULL), "https://127.brand.example/token", NULL},
        {S("tls.port-443", NULL, "tls.https-only", NULL), "http://brand.example/token", NULL},
        {E("tls.port-443", NULL, "no URL"), "https://brand.example:x/", NULL},
        {E("tls.port-443", NULL, "no URL"), "https://[brand.example/", NULL},
        {E("tls.port-443", NULL, "no URL"), "https:///token", NULL},

        {P("tls.https-only", NULL, "answered over https"), "https://brand.example/token", NULL},
        {V("tls.https-only", NULL, NULL, "http://brand.example/token", "https URL"), "http://brand.example/token",
         NULL},
        {E("tls.https-only", NULL, "no http or https URL"), "brand.example", NULL},
};

START_TEST(port)
{
	sample_auto m;

	sample_make(&m, NULL);
	m.run.token_endpoint = ports[_i].endpoint;
	m.run.published_token_endpoint = ports[_i].published;
	sample_judge_made(&m, &ports[_i].row);
}
END_TEST

#define OAUTH(words) "{'status':401,'raw_body':'{\\\"error\\\":\\\"" words "\\\"}'}"

static const struct sample_row clear_rows[] = {
        V("tls.https-only", OAUTH("invalid_client"), NULL, "status 401 and the error invalid_client", NULL),
        V("tls.https-only", OAUTH("invalid_grant"), NULL, "invalid_grant", NULL),
        V("tls.https-only", NULL, NULL, "the member access_token", NULL),
        V("tls.https-only", "{'status':500,'raw_body':'{\\\"id_token\\\":null}'}", NULL, "the member id_token", NULL),
        P("tls.https-only", OAUTH("invalid_request"), "status 401 in clear text"),
        P("tls.https-only", OAUTH("Unauthorized"), NULL),
        P("tls.https-only", "{'status':404,'raw_body':'<h1>Not Found</h1>'}", "404"),
        P("tls.https-only", "{'status':200,'raw_body':'<h1>Welcome</h1>'}", "200"),
        P("tls.https-only", "{'status':200,'raw_body':'{}'}", NULL),
        P("tls.https-only", "{'status':308,'raw_body':''}", "308"),
        P("tls.https-only", "{'status':301,'raw_body':'{\\\"error\\\":\\\"invalid_client\\\"}'}", NULL),
        P("tls.https-only", "{'status':429,'raw_body':''}", NULL),
        P("tls.https-only", "{'outcome':'none','trouble':'cannot connect'}", "cannot connect"),
        E("tls.https-only", "{'status':400,'raw_body':'{\\\"err','broken_off':true}", "not all of the reply"),
        V("tls.https-only", "{'status':400,'raw_body':'{\\\"error\\\":\\\"invalid_client\\\"}','broken_off':true}",
          NULL, NULL, NULL),
};

START_TEST(clear_text)
{
	struct sample m[2];

	sample_make(&m[0], clear_rows[_i].edits);
	sample_make(&m[1], NULL);
	m[0].step.redeem.plain_http = true;
	m[0].x.url = "http://brand.example:80/token";
	sample_join(m, 2);
	sample_judge_made(&m[0], &clear_rows[_i]);
	if (clear_rows[_i].kind == FINDING_PASS && m[0].x.outcome == EXCHANGE_NO_ANSWER) {
		/* Nor does anything else answer. */
		static const struct sample_row unknown =
		        E("tls.https-only", "{'outcome':'none'}", "none over TLS either: cannot connect");
		m[1].x.outcome = EXCHANGE_NO_ANSWER;
		sample_judge_made(&m[0], &unknown);
	}
	sample_release(&m[0]);
	sample_release(&m[1]);
}
END_TEST

#define COUNT(rows) (int)(sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
	Suite *s = suite_create("checks: TLS");
	TCase *t = tcase_create("all");

	sample_keys_make();
	tcase_add_loop_test(t, certificate, 0, COUNT(certificates));
	tcase_add_loop_test(t, no_certificate, 0, COUNT(of_certificates));
	tcase_add_loop_test(t, client_certificate_wanted, 0, COUNT(of_certificates));
	tcase_add_test(t, chain_not_verified);
	tcase_add_loop_test(t, version, 0, COUNT(versions));
	tcase_add_loop_test(t, suite_of_ciphers, 0, COUNT(suites));
	tcase_add_loop_test(t, port, 0, COUNT(ports));
	tcase_add_loop_test(t, clear_text, 0, COUNT(clear_rows));
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
