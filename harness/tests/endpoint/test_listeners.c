#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include "endpoint/faults.h"
#include "visit.h"

/* Tenants with a mode of `tls`: what a client sees on their port, and which ports there are. */

static struct process brand;

static void set_up(void)
{
	process_start(&brand, NULL);
}

static void tear_down(void)
{
	process_release(&brand);
}

/* "127.0.0.1:PORT" of an https URL */
static char *place_in(struct arena *a, const char *url)
{
	const char *host = url + strlen("https://");

	return arena_sv(a, (struct sv){host, strcspn(host, "/")});
}

static char *place(const char *url)
{
	return place_in(brand.a, url);
}

/* --- handshakes ------------------------------------------------------------------------------------------------ */

/* How a client comes; all zero: as most do. */
struct client {
	int version, level; /* of TLS alone; OpenSSL's security level */
	const char *suites; /* alone, with TLS 1.2 at most */
};

/* Goes on whatever is wrong, so that the rest is seen, too. */
static int go_on(int fine, X509_STORE_CTX *store)
{
	(void)fine, (void)store;
	return 1;
}

static long days(const ASN1_TIME *t)
{
	int whole, seconds;

	ck_assert(ASN1_TIME_diff(&whole, &seconds, NULL, t) == 1);
	double exact = whole + seconds / 86400.0;
	return (long)(exact < 0 ? exact - 0.5 : exact + 0.5);
}

static const char *certificate_seen(SSL *ssl)
{
	X509 *x = SSL_get0_peer_certificate(ssl);

	if (!x)
		return "no certificate";
	EVP_PKEY *key = X509_get0_pubkey(x);
	return arena_printf(brand.a, "%s %d %s, sent %d, %ld to %ld", EVP_PKEY_get0_type_name(key),
	                    EVP_PKEY_get_bits(key), OBJ_nid2ln(X509_get_signature_nid(x)),
	                    sk_X509_num(SSL_get_peer_cert_chain(ssl)), days(X509_get0_notBefore(x)),
	                    days(X509_get0_notAfter(x)));
}

/* One line about a handshake. */
static const char *seen(char *at, const struct client *as)
{
	static const unsigned char protocols[] = "\x02h2\x08http/1.1";
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	const unsigned char *chosen;
	unsigned size;
	SSL *ssl = NULL;
	const char *line = "no handshake";

	ck_assert(SSL_CTX_load_verify_locations(ctx, process_fact(&brand, "ca_file"), NULL) == 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, go_on);
	SSL_CTX_set_security_level(ctx, as->level);
	SSL_CTX_set_min_proto_version(ctx, as->version ? as->version : TLS1_2_VERSION);
	SSL_CTX_set_max_proto_version(ctx, as->suites ? TLS1_2_VERSION : as->version);
	ck_assert(!as->suites || SSL_CTX_set_cipher_list(ctx, as->suites) == 1);
	SSL_CTX_set_alpn_protos(ctx, protocols, sizeof protocols - 1);
	BIO *bio = BIO_new_ssl_connect(ctx);
	BIO_set_conn_hostname(bio, at);
	BIO_get_ssl(bio, &ssl);
	ck_assert(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.1") == 1);
	if (BIO_do_handshake(bio) == 1) {
		SSL_get0_alpn_selected(ssl, &chosen, &size);
		line = arena_printf(brand.a, "%s, %s %.*s%s%s, %s",
		                    X509_verify_cert_error_string(SSL_get_verify_result(ssl)), SSL_get_version(ssl),
		                    (int)size, size ? (const char *)chosen : "", as->suites ? " " : "",
		                    as->suites ? SSL_get_cipher(ssl) : "", certificate_seen(ssl));
	}
	BIO_free_all(bio);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	return line;
}

#define EC "EC 256 ecdsa-with-SHA256"
#define HEALTHY "ok, TLSv1.3 http/1.1, " EC ", sent 1, 0 to 90"
#define AES "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"

static const struct handshake {
	const char *mode;
	struct client as;
	const char *seen, *healthy; /* on the tenant's port, on the main port; both in the words of seen() */
} handshakes[] = {
        {"expired-certificate",
         {.level = 2},
         "certificate has expired, TLSv1.3 http/1.1, " EC ", sent 1, -90 to -1",
         HEALTHY},
        {"not-yet-valid",
         {.level = 2},
         "certificate is not yet valid, TLSv1.3 http/1.1, " EC ", sent 1, 1 to 90",
         HEALTHY},
        {"expires-soon", {.level = 2}, "ok, TLSv1.3 http/1.1, " EC ", sent 1, -83 to 7", HEALTHY},
        {"wrong-host", {.level = 2}, "IP address mismatch, TLSv1.3 http/1.1, " EC ", sent 1, 0 to 90", HEALTHY},
        {"common-name-only", {.level = 2}, "IP address mismatch, TLSv1.3 http/1.1, " EC ", sent 1, 0 to 90", HEALTHY},
        {"self-signed", {.level = 2}, "self-signed certificate, TLSv1.3 http/1.1, " EC ", sent 1, 0 to 90", HEALTHY},
        {"untrusted",
         {.level = 2},
         "self-signed certificate in certificate chain, TLSv1.3 http/1.1, " EC ", sent 2, 0 to 90",
         HEALTHY},
        {"missing-intermediate",
         {.level = 2},
         "unable to verify the first certificate, TLSv1.3 http/1.1, " EC ", sent 1, 0 to 90",
         HEALTHY},
        {"intermediate", {.level = 2}, "ok, TLSv1.3 http/1.1, " EC ", sent 2, 0 to 90", HEALTHY},
        {"expired-intermediate",
         {.level = 2},
         "certificate has expired, TLSv1.3 http/1.1, " EC ", sent 2, 0 to 90",
         HEALTHY},
        {"weak-key",
         {.level = 2},
         "EE certificate key too weak, TLSv1.3 http/1.1, RSA 1024 ecdsa-with-SHA256, sent 1, 0 to 90",
         HEALTHY},
        {"weak-key", {.suites = "aNULL:@SECLEVEL=0"}, "no handshake", "no handshake"},
        {"sha1-signature",
         {.level = 2},
         "CA signature digest algorithm too weak, TLSv1.3 http/1.1, EC 256 ecdsa-with-SHA1, sent 1, 0 to 90",
         HEALTHY},
        {"sha1-signature", {.suites = "eNULL:@SECLEVEL=0"}, "no handshake", "no handshake"},
        {"ec-p256", {.level = 2}, HEALTHY, HEALTHY},
        {"rsa-2048", {.level = 2}, "ok, TLSv1.3 http/1.1, RSA 2048 ecdsa-with-SHA256, sent 1, 0 to 90", HEALTHY},
        {"tls-1.0", {.version = TLS1_VERSION}, "ok, TLSv1 http/1.1, " EC ", sent 1, 0 to 90", "no handshake"},
        {"tls-1.0", {.version = TLS1_1_VERSION}, "ok, TLSv1.1 http/1.1, " EC ", sent 1, 0 to 90", "no handshake"},
        {"tls-1.0", {.level = 2}, HEALTHY, HEALTHY},
        {"only-tls-1.1", {.version = TLS1_1_VERSION}, "ok, TLSv1.1 http/1.1, " EC ", sent 1, 0 to 90", "no handshake"},
        {"only-tls-1.1", {.version = TLS1_VERSION}, "no handshake", "no handshake"},
        {"only-tls-1.1", {.level = 2}, "no handshake", HEALTHY},
        {"only-tls-1.2", {.level = 2}, "ok, TLSv1.2 http/1.1, " EC ", sent 1, 0 to 90", HEALTHY},
        {"only-tls-1.3", {.level = 2}, HEALTHY, HEALTHY},
        {"only-tls-1.3", {.version = TLS1_2_VERSION}, "no handshake", "ok, TLSv1.2 http/1.1, " EC ", sent 1, 0 to 90"},
        {"weak-ciphers",
         {.suites = "AECDH-AES128-SHA:@SECLEVEL=0"},
         "ok, TLSv1.2 http/1.1 AECDH-AES128-SHA, no certificate",
         "no handshake"},
        {"weak-ciphers",
         {.suites = "ADH-AES128-GCM-SHA256:@SECLEVEL=0"},
         "ok, TLSv1.2 http/1.1 ADH-AES128-GCM-SHA256, no certificate",
         "no handshake"},
        {"weak-ciphers",
         {.suites = "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"},
         "ok, TLSv1.2 http/1.1 ECDHE-ECDSA-NULL-SHA, " EC ", sent 1, 0 to 90",
         "no handshake"},
        {"weak-ciphers", {.level = 2}, HEALTHY, HEALTHY},
        {"plain-http", {.level = 2}, HEALTHY, HEALTHY},
        {"plain-http-redirect", {.level = 2}, HEALTHY, HEALTHY},
        {"alpn-h2-broken", {.level = 2}, "ok, TLSv1.3 h2, " EC ", sent 1, 0 to 90", HEALTHY},
        {"alpn-none", {.level = 2}, "ok, TLSv1.3 , " EC ", sent 1, 0 to 90", HEALTHY},
};
#define HANDSHAKES (sizeof handshakes / sizeof *handshakes)

static json_t *tenant(const char *mode)
{
	return visit_tenant(&brand, arena_printf(brand.a, "[{\"tls\": \"%s\"}]", mode));
}

START_TEST(handshake_is_as_the_mode_says)
{
	const struct handshake *h = &handshakes[_i];
	json_auto_t *facts = tenant(h->mode);

	ck_assert_str_eq(seen(place(visit_fact(&brand, facts, "issuer")), &h->as), h->seen);
	ck_assert_str_eq(seen(place(process_fact(&brand, "issuer")), &h->as), h->healthy);
	visit_remove(&brand, facts);
}
END_TEST

#define NAME_OF_MODE(id, group, name, text) name,

START_TEST(every_mode_is_tested)
{
	static const char *const modes[] = {FAULTS_TLS(NAME_OF_MODE)};

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		size_t j = 0;
		while (j < HANDSHAKES && strcmp(handshakes[j].mode, modes[i]) != 0)
			j++;
		ck_assert_msg(j < HANDSHAKES, "no test for '%s'", modes[i]);
	}
}
END_TEST

/* --- ports ----------------------------------------------------------------------------------------------------- */

START_TEST(tenants_of_a_mode_share_a_port_until_the_last_is_gone)
{
	json_auto_t *first = tenant("ec-p256"), *second = tenant("ec-p256"), *other = tenant("intermediate");
	const char *url = visit_fact(&brand, first, "jwks_uri");
	const struct visit one = {.url = url}, two = {.url = visit_fact(&brand, second, "jwks_uri")};

	ck_assert_str_eq(place(url), place(two.url));
	ck_assert_str_ne(place(url), place(visit_fact(&brand, other, "issuer")));
	ck_assert_str_ne(place(url), place(process_fact(&brand, "issuer")));
	visit_remove(&brand, first);
	ck_assert_int_eq(visit(&brand, &one).status, 404);
	ck_assert_int_eq(visit(&brand, &two).status, 200);
	visit_remove(&brand, second);
	ck_assert_int_eq(visit(&brand, &two).code, CURLE_COULDNT_CONNECT);
	json_auto_t *again = tenant("ec-p256");
	const struct visit three = {.url = visit_fact(&brand, again, "jwks_uri")};
	ck_assert_int_eq(visit(&brand, &three).status, 200);
	visit_remove(&brand, again);
	visit_remove(&brand, other);
}
END_TEST

START_TEST(everything_is_on_the_port_but_the_control_api)
{
	static const char *const endpoints[] = {"token_endpoint", "jwks_uri", "userinfo_endpoint", "issuer"};
	json_auto_t *facts = tenant("intermediate");
	const char *at = place(visit_fact(&brand, facts, "issuer")),
	           *control = visit_fact(&brand, facts, "control_url");
	struct visit v = {.url = arena_printf(brand.a, "https://%s/control/tenants", at), .body = "{}"};

	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
		ck_assert_str_eq(place(visit_fact(&brand, facts, endpoints[i])), at);
	ck_assert_str_eq(place(control), place(process_fact(&brand, "issuer")));
	v.headers[0] = arena_printf(brand.a, "Authorization: Bearer %s", process_file(&brand, "control-token"));
	ck_assert_int_eq(visit(&brand, &v).status, 404);
	v = visit_redemption(&brand, facts);
	ck_assert_int_eq(visit(&brand, &v).status, 200);
	visit_remove(&brand, facts);
}
END_TEST

START_TEST(default_tenant_can_have_a_port_of_its_own)
{
	struct process p;

	process_start(&p, "[{\"tls\": \"only-tls-1.2\"}]");
	const struct visit v = {.url = arena_printf(p.a, "%s/jwks", process_fact(&p, "issuer"))};
	ck_assert_str_ne(place_in(p.a, process_fact(&p, "issuer")), place_in(p.a, process_fact(&p, "control_url")));
	ck_assert_int_eq(visit(&p, &v).status, 200);
	process_release(&p);
}
END_TEST

/* --- clear text ------------------------------------------------------------------------------------------------ */

static const char *clear(const char *url)
{
	return arena_printf(brand.a, "http://%s", url + strlen("https://"));
}

START_TEST(clear_text_is_answered_like_the_rest)
{
	json_auto_t *facts = tenant("plain-http");
	struct visit v = visit_redemption(&brand, facts);

	v.url = clear(v.url);
	struct visited done = visit(&brand, &v);
	ck_assert_int_eq(done.status, 200);
	assert_contains(done.body, "\"access_token\"");
	assert_lacks(done.head, "Strict-Transport-Security"); /* RFC 6797 §7.2 */
	v = visit_redemption(&brand, facts);
	done = visit(&brand, &v);
	ck_assert_int_eq(done.status, 200);
	assert_contains(done.head, "Strict-Transport-Security");
	visit_remove(&brand, facts);
}
END_TEST

START_TEST(clear_text_is_redirected)
{
	json_auto_t *facts = tenant("plain-http-redirect");
	struct visit v = visit_redemption(&brand, facts);
	const char *url = v.url;

	v.url = arena_printf(brand.a, "%s?x=%%201", clear(url));
	struct visited done = visit(&brand, &v);
	ck_assert_int_eq(done.status, 301);
	assert_contains(done.head, arena_printf(brand.a, "\r\nLocation: %s?x=%%201\r\n", url));
	ck_assert_str_eq(done.body, "");
	v.url = url;
	ck_assert_int_eq(visit(&brand, &v).status, 200);
	visit_remove(&brand, facts);
}
END_TEST

START_TEST(elsewhere_clear_text_is_no_request)
{
	json_auto_t *facts = tenant("ec-p256");
	const char *urls[] = {visit_fact(&brand, facts, "jwks_uri"), process_fact(&brand, "token_endpoint")};

	for (size_t i = 0; i < 2; i++) {
		const struct visit v = {.url = clear(urls[i])};
		struct visited done = visit(&brand, &v);
		ck_assert_int_ne(done.code, CURLE_OK);
		ck_assert_str_eq(done.head, "");
	}
	visit_remove(&brand, facts);
}
END_TEST

/* One that has not said yet what it speaks, and one that leaves without a word. */
START_TEST(silent_connections_hold_nobody_up)
{
	json_auto_t *facts = tenant("plain-http");
	const char *url = visit_fact(&brand, facts, "jwks_uri");
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct visit v = {.url = url}, in_clear = {.url = clear(url)};
	int silent[2];

	at.sin_port = htons((uint16_t)strtol(strchr(place(url), ':') + 1, NULL, 10));
	for (size_t i = 0; i < 2; i++) {
		silent[i] = socket(AF_INET, SOCK_STREAM, 0);
		ck_assert_int_eq(connect(silent[i], (struct sockaddr *)&at, sizeof at), 0);
	}
	close(silent[0]);
	ck_assert_int_eq(visit(&brand, &v).status, 200);
	ck_assert_int_eq(visit(&brand, &in_clear).status, 200);
	visit_remove(&brand, facts);
	char byte;
	ck_assert_int_le(recv(silent[1], &byte, 1, 0), 0); /* closed with its port */
	close(silent[1]);
}
END_TEST

/* --- bytes ----------------------------------------------------------------------------------------------------- */

START_TEST(h2_is_selected_and_http_1_1_is_spoken)
{
	static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
	static const unsigned char h2[] = "\x02h2";
	json_auto_t *facts = tenant("alpn-h2-broken");
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	char reply[16] = "";

	SSL_CTX_set_alpn_protos(ctx, h2, sizeof h2 - 1);
	BIO *bio = BIO_new_ssl_connect(ctx);
	BIO_set_conn_hostname(bio, place(visit_fact(&brand, facts, "issuer")));
	ck_assert(BIO_write(bio, preface, sizeof preface - 1) > 0);
	ck_assert_int_gt(BIO_read(bio, reply, sizeof reply - 1), 0);
	assert_contains(reply, "HTTP/1.1 ");
	BIO_free_all(bio);
	SSL_CTX_free(ctx);
	ERR_clear_error();
	visit_remove(&brand, facts);
}
END_TEST

#define WHOLE "\"scope\":\"openid profile email phone\""

static const struct {
	const char *mode, *encodings;
	CURLcode code;
	const char *head; /* somewhere in it */
	bool whole;       /* the body is the JSON */
} framings[] = {
        {"content-length-too-long", NULL, CURLE_PARTIAL_FILE, "Connection: close\r\n", true},
        {"content-length-too-short", NULL, CURLE_OK, "Content-Length: ", true},
        {"truncated-chunks", NULL, CURLE_PARTIAL_FILE, "Transfer-Encoding: chunked\r\n", false},
        {"broken-gzip", "gzip", CURLE_BAD_CONTENT_ENCODING, "Content-Encoding: gzip\r\n", false},
        {"broken-gzip", NULL, CURLE_OK, "Content-Encoding: gzip\r\n", true},
        {"gzip", "gzip", CURLE_OK, "Content-Encoding: gzip\r\n", true},
        {"gzip", "deflate, gzip", CURLE_OK, "Content-Encoding: gzip\r\n", true},
        {"gzip", "deflate", CURLE_OK, "Vary: Accept-Encoding\r\n", true},
        {"gzip", NULL, CURLE_OK, "Vary: Accept-Encoding\r\n", true},
        {"gzip-unasked", "gzip", CURLE_OK, "Content-Encoding: gzip\r\n", true},
        {"gzip-unasked", NULL, CURLE_OK, "Content-Encoding: gzip\r\n", true}, /* stored: legible, but not JSON */
};

/* What libcurl makes of it. */
START_TEST(framing_is_as_the_mode_says)
{
	const char *mode = framings[_i].mode;
	json_auto_t *facts = visit_tenant(&brand, arena_printf(brand.a, "[{\"framing\": \"%s\"}]", mode));
	struct visit v = visit_redemption(&brand, facts);

	v.encodings = framings[_i].encodings;
	struct visited done = visit(&brand, &v);
	ck_assert_msg(done.code == framings[_i].code, "%s", curl_easy_strerror(done.code));
	ck_assert_int_eq(done.status, 200);
	assert_contains(done.head, framings[_i].head);
	if (framings[_i].whole && !(strcmp(mode, "gzip-unasked") == 0 && !v.encodings))
		assert_contains(done.body, WHOLE);
	else
		ck_assert(*done.body != '{' || !strstr(done.body, WHOLE));
	v = (struct visit){.url = visit_fact(&brand, facts, "jwks_uri")};
	ck_assert_int_eq(visit(&brand, &v).status, 200);
	visit_remove(&brand, facts);
}
END_TEST

/* The reply comes late, and meanwhile others are served. */
START_TEST(slow_replies_hold_nobody_up)
{
	json_auto_t *facts = visit_tenant(&brand, "[\"slow\"]");
	const struct visit quick = {.url = visit_fact(&brand, facts, "jwks_uri")};
	const struct visit v[2] = {visit_redemption(&brand, facts), quick};
	struct buf head[2] = {{.cap = BUF_OWN}, {.cap = BUF_OWN}}, body[2] = {{.cap = BUF_OWN}, {.cap = BUF_OWN}};
	struct curl_slist *headers = curl_slist_append(NULL, v[0].headers[0]);
	CURLM *multi = curl_multi_init();
	CURL *c[2], *order[2] = {NULL, NULL};
	size_t ended = 0;
	int running, left;
	curl_off_t took = 0;

	for (size_t i = 0; i < 2; i++) {
		c[i] = visit_prepare(&brand, &v[i], i ? NULL : headers, &head[i], &body[i]);
		curl_multi_add_handle(multi, c[i]);
	}
	do {
		ck_assert_int_eq(curl_multi_perform(multi, &running), CURLM_OK);
		for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) && ended < 2;) {
			ck_assert_int_eq(m->data.result, CURLE_OK);
			order[ended++] = m->easy_handle;
		}
		if (running)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	} while (running || ended < 2);
	ck_assert_ptr_eq(order[0], c[1]);
	ck_assert_ptr_eq(order[1], c[0]);
	assert_contains(body[0].p, WHOLE);
	curl_easy_getinfo(c[0], CURLINFO_STARTTRANSFER_TIME_T, &took);
	ck_assert_int_ge(took, 3500000);
	for (size_t i = 0; i < 2; i++) {
		curl_multi_remove_handle(multi, c[i]);
		curl_easy_cleanup(c[i]);
		buf_release(&head[i]);
		buf_release(&body[i]);
	}
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
	visit_remove(&brand, facts);
}
END_TEST

/* A port that is closed, and a process that ends, while a reply is still held. */
START_TEST(held_replies_do_not_outlive_their_port)
{
	struct process p;

	process_start(&p, "[\"very-slow\", {\"tls\": \"ec-p256\"}]");
	const char *url = process_fact(&p, "token_endpoint");
	const struct visit v = {.url = url, .body = "x=1"};
	struct buf head = {.cap = BUF_OWN}, body = {.cap = BUF_OWN};
	CURL *c = visit_prepare(&p, &v, NULL, &head, &body);
	CURLM *multi = curl_multi_init();
	long sent = 0;
	int running = 1;

	curl_multi_add_handle(multi, c);
	while (running && !sent) {
		ck_assert_int_eq(curl_multi_perform(multi, &running), CURLM_OK);
		curl_easy_getinfo(c, CURLINFO_REQUEST_SIZE, &sent);
		if (!sent)
			curl_multi_poll(multi, NULL, 0, 100, NULL);
	}
	close(p.in);
	p.in = -1;
	ck_assert_int_eq(process_wait(&p), 0);
	ck_assert_str_eq(process_read(&p, p.error, false), "");
	curl_multi_remove_handle(multi, c);
	curl_easy_cleanup(c);
	curl_multi_cleanup(multi);
	buf_release(&head);
	buf_release(&body);
	process_release(&p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("listeners");
	/* brands of their own come first: the one that the rest shares is started in this process */
	TCase *own = tcase_create("own"), *t = tcase_create("listeners");

	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	tcase_set_timeout(own, 120);
	tcase_add_test(own, default_tenant_can_have_a_port_of_its_own);
	tcase_add_test(own, held_replies_do_not_outlive_their_port);
	suite_add_tcase(s, own);
	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, handshake_is_as_the_mode_says, 0, HANDSHAKES);
	tcase_add_test(t, every_mode_is_tested);
	tcase_add_test(t, tenants_of_a_mode_share_a_port_until_the_last_is_gone);
	tcase_add_test(t, everything_is_on_the_port_but_the_control_api);
	tcase_add_test(t, clear_text_is_answered_like_the_rest);
	tcase_add_test(t, clear_text_is_redirected);
	tcase_add_test(t, elsewhere_clear_text_is_no_request);
	tcase_add_test(t, silent_connections_hold_nobody_up);
	tcase_add_test(t, h2_is_selected_and_http_1_1_is_spoken);
	tcase_add_loop_test(t, framing_is_as_the_mode_says, 0, sizeof framings / sizeof *framings);
	tcase_add_test(t, slow_replies_hold_nobody_up);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	curl_global_cleanup();
	return status;
}
