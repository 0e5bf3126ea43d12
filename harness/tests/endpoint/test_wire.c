#include "process.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "core/base64.h"
#include "core/form.h"
#include "core/limits.h"

/* The server's connections: what a client may do to them, byte for byte. */

static struct process brand;

static void set_up(void)
{
	process_start(&brand, NULL);
}

static void tear_down(void)
{
	process_release(&brand);
}

#define HOST "Host: 127.0.0.1\r\n"
#define GET_LAST "GET /nothing HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
#define GET_JWKS "GET /brands/t1/jwks HTTP/1.1\r\n" HOST "\r\n"

struct wire {
	SSL_CTX *ctx;
	BIO *bio;
};

/* version 0: whatever is best. alpn: length-prefixed names, or NULL. False when the handshake fails. */
static bool wire_open(struct wire *w, int version, const char *alpn)
{
	const char *host = process_fact(&brand, "issuer") + strlen("https://");
	char *port = arena_sv(brand.a, (struct sv){host, strcspn(host, "/")});
	SSL *ssl = NULL;

	w->ctx = SSL_CTX_new(TLS_client_method());
	ck_assert(SSL_CTX_load_verify_locations(w->ctx, process_fact(&brand, "ca_file"), NULL) == 1);
	SSL_CTX_set_verify(w->ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_security_level(w->ctx, 0); /* so that old versions are refused by the other side */
	SSL_CTX_set_options(w->ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
	if (version) {
		SSL_CTX_set_min_proto_version(w->ctx, version);
		SSL_CTX_set_max_proto_version(w->ctx, version);
	}
	if (alpn)
		SSL_CTX_set_alpn_protos(w->ctx, (const unsigned char *)alpn, (unsigned)strlen(alpn));
	w->bio = BIO_new_ssl_connect(w->ctx);
	BIO_set_conn_hostname(w->bio, port);
	BIO_get_ssl(w->bio, &ssl);
	ck_assert(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), "127.0.0.1") == 1);
	return BIO_do_handshake(w->bio) == 1;
}

static void wire_close(struct wire *w)
{
	BIO_free_all(w->bio);
	SSL_CTX_free(w->ctx);
	ERR_clear_error();
}

static void wire_send(struct wire *w, struct sv bytes)
{
	while (bytes.n) {
		int n = BIO_write(w->bio, bytes.p, (int)bytes.n);
		ck_assert_int_gt(n, 0);
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
}

/* Reads until the text is in what came, or until the end. Arena memory. */
static char *wire_read(struct wire *w, const char *until)
{
	struct buf b = {.cap = BUF_OWN};
	char piece[4096];
	int n;

	buf_add_text(&b, "");
	while ((!until || !strstr(b.p, until)) && (n = BIO_read(w->bio, piece, sizeof piece)) > 0)
		buf_add(&b, piece, (size_t)n);
	char *text = arena_sv(brand.a, buf_sv(&b));
	buf_release(&b);
	return text;
}

static size_t count(const char *text, const char *needle)
{
	size_t n = 0;

	while ((text = strstr(text, needle))) {
		text++;
		n++;
	}
	return n;
}

/* A JSON body sent to the control API, and the JSON of the reply; a new reference. */
static json_t *control(const char *path, const char *body)
{
	struct wire w;

	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, sv_of(arena_printf(brand.a,
	                                 "POST %s HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n"
	                                 "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
	                                 path, process_file(&brand, "control-token"), strlen(body), body)));
	const char *text = wire_read(&w, NULL), *start = strstr(text, "\r\n\r\n");
	wire_close(&w);
	assert_contains(text, "HTTP/1.1 201 ");
	return json_loads(start + 4, 0, NULL);
}

/* The bytes of a request that redeems a fresh code of a fresh tenant with these faults. */
static struct sv redemption(const char *faults)
{
	json_auto_t *facts = control("/control/tenants", arena_printf(brand.a, "{\"faults\": %s}", faults));
	const char *name = json_string_value(json_object_get(facts, "tenant"));
	json_auto_t *issued = control(arena_printf(brand.a, "/control/tenants/%s/codes", name), "{}");
	const char *pair = arena_printf(brand.a, "%s:%s", json_string_value(json_object_get(facts, "client_id")),
	                                json_string_value(json_object_get(facts, "client_secret")));

	const char *code = form_encoded(brand.a, sv_of(json_string_value(json_object_get(issued, "code"))));
	const char *body = arena_printf(
	        brand.a, "grant_type=authorization_code&redirect_uri=https://liveperson.net&code=%s", code);
	return sv_of(arena_printf(brand.a,
	                          "POST /brands/%s/token HTTP/1.1\r\n" HOST "Authorization: Basic %s\r\nContent-Type: "
	                          "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
	                          name, base64_encode(brand.a, BASE64_STANDARD, sv_of(pair)), strlen(body), body));
}

START_TEST(tls_is_1_2_or_later)
{
	static const struct {
		int version;
		bool good;
	} versions[] = {{TLS1_VERSION, false}, {TLS1_1_VERSION, false}, {TLS1_2_VERSION, true}, {TLS1_3_VERSION, true}};

	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		struct wire w;
		ck_assert_int_eq(wire_open(&w, versions[i].version, NULL), versions[i].good);
		wire_close(&w);
	}
}
END_TEST

START_TEST(alpn_is_http_1_1_or_nothing)
{
	static const struct {
		const char *offered;
		bool good;
	} rows[] = {{"\x08http/1.1", true}, {"\x02h2\x08http/1.1", true}, {"\x02h2", false}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const unsigned char *chosen = NULL;
		unsigned size = 0;
		struct wire w;
		SSL *ssl;

		ck_assert_int_eq(wire_open(&w, 0, rows[i].offered), rows[i].good);
		BIO_get_ssl(w.bio, &ssl);
		SSL_get0_alpn_selected(ssl, &chosen, &size);
		if (rows[i].good)
			assert_sv_eq(((struct sv){(const char *)chosen, size}), SV("http/1.1"));
		wire_close(&w);
	}
}
END_TEST

START_TEST(requests_in_one_piece_are_answered_in_order)
{
	struct wire w;

	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, SV(GET_JWKS "GET /nothing HTTP/1.1\r\n" HOST "\r\n"
	                          "GET /brands/t1/jwks HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n" GET_JWKS));
	const char *text = wire_read(&w, NULL);
	ck_assert_uint_eq(count(text, "HTTP/1.1 "), 3); /* the one behind Connection: close is not answered */
	ck_assert_uint_eq(count(text, "\r\nConnection: close\r\n"), 1);
	ck_assert_ptr_nonnull(strstr(text, "404 Not Found"));
	ck_assert(strstr(text, "200 OK") < strstr(text, "404 Not Found"));
	wire_close(&w);
}
END_TEST

START_TEST(request_in_many_pieces_is_answered)
{
	struct sv text = SV(GET_JWKS);
	struct wire w;

	ck_assert(wire_open(&w, 0, NULL));
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < text.n; i++)
			wire_send(&w, (struct sv){text.p + i, 1});
		assert_contains(wire_read(&w, "]}"), "HTTP/1.1 200 OK\r\n");
	}
	wire_close(&w);
}
END_TEST

START_TEST(client_that_expects_100_gets_it)
{
	struct wire w;

	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w,
	          SV("POST /brands/t1/token HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"));
	ck_assert_str_eq(wire_read(&w, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
	wire_send(&w, SV("a=b"));
	assert_contains(wire_read(&w, "}"), "HTTP/1.1 400 Bad Request\r\n");
	wire_close(&w);
}
END_TEST

#define NOT_ATOMIC "[\"redeem-is-not-atomic\"]"

/* redeem-is-not-atomic: the reply comes later, but before that to the next request of the connection. */
START_TEST(reply_that_is_put_off_keeps_its_place)
{
	const char *redeem = redemption(NOT_ATOMIC).p;
	struct wire w;

	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, sv_of(arena_printf(brand.a, "%s%s%s%s", redeem, redeem, GET_JWKS, GET_LAST)));
	const char *text = wire_read(&w, NULL);
	ck_assert_uint_eq(count(text, "HTTP/1.1 "), 4);
	ck_assert_ptr_eq(strstr(text, "HTTP/1.1 200 OK"), text);
	ck_assert_uint_eq(count(text, "\"id_token\""), 1); /* one after the other, the code is good once */
	ck_assert(strstr(text, "\"id_token\"") < strstr(text, "invalid_grant"));
	ck_assert(strstr(text, "invalid_grant") < strstr(text, "\"keys\""));
	ck_assert(strstr(text, "\"keys\"") < strstr(text, "404 Not Found"));
	wire_close(&w);
}
END_TEST

START_TEST(clients_that_do_not_wait_for_a_reply_put_off_leave_the_brand_alive)
{
	struct wire w;

	for (int i = 0; i < 20; i++) {
		ck_assert(wire_open(&w, 0, NULL));
		wire_send(&w, redemption(NOT_ATOMIC));
		wire_close(&w);
	}
	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, SV(GET_JWKS));
	assert_contains(wire_read(&w, "]}"), "200 OK");
	wire_close(&w);
}
END_TEST

/* All but the last byte of each goes out first. Whether they meet within the gap is up to the machine: again until they do. */
START_TEST(requests_that_meet_in_the_gap_both_succeed)
{
	enum { CLIENTS = 4, TRIES = 200 };
	size_t most = 0;

	for (int i = 0; i < TRIES && most < 2; i++) {
		struct sv text = redemption(NOT_ATOMIC);
		struct wire w[CLIENTS];
		size_t won = 0;
		for (int k = 0; k < CLIENTS; k++) {
			ck_assert(wire_open(&w[k], 0, NULL));
			wire_send(&w[k], (struct sv){text.p, text.n - 1});
		}
		for (int k = 0; k < CLIENTS; k++)
			wire_send(&w[k], (struct sv){text.p + text.n - 1, 1});
		for (int k = 0; k < CLIENTS; k++) {
			won += strstr(wire_read(&w[k], "}"), "200 OK") != NULL;
			wire_close(&w[k]);
		}
		ck_assert_uint_ge(won, 1);
		most = won > most ? won : most;
	}
	ck_assert_uint_ge(most, 2);
}
END_TEST

#define TEXT(literal)                              \
	{                                          \
		"" literal "", sizeof(literal) - 1 \
	}

static const struct {
	struct sv text;
	const char *status;
} refused[] = {
        {TEXT("NONSENSE\r\n\r\n"), "HTTP/1.1 400 "},
        {TEXT("\0\0\0\0"), "HTTP/1.1 400 "},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "HTTP/1.1 411 "},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999\r\n\r\n"), "HTTP/1.1 413 "},
        {TEXT("GET / HTTP/3.0\r\n" HOST "\r\n"), "HTTP/1.1 505 "},
};

START_TEST(what_is_no_request_is_answered_once_and_closed)
{
	struct sv text = refused[_i].text;
	struct wire w;

	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, text);
	const char *reply = wire_read(&w, NULL);
	ck_assert_ptr_eq(strstr(reply, refused[_i].status), reply);
	ck_assert_uint_eq(count(reply, "\r\nDate: "), 1);
	assert_contains(reply, "\r\nConnection: close\r\n");
	assert_contains(reply, "\r\nContent-Type: application/json\r\n");
	wire_close(&w);
}
END_TEST

/* The reply must reach a client that is still sending, instead of being lost to a reset. */
START_TEST(refusal_of_a_large_body_arrives)
{
	char *body = arena_alloc(brand.a, 4 * 1024 * 1024);
	struct wire w;

	memset(body, 'a', 4 * 1024 * 1024);
	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, SV("POST /brands/t1/token HTTP/1.1\r\n" HOST "Content-Length: 4194304\r\n\r\n"));
	wire_send(&w, (struct sv){body, 4 * 1024 * 1024});
	assert_contains(wire_read(&w, NULL), "HTTP/1.1 413 Content Too Large\r\n");
	wire_close(&w);
}
END_TEST

/* A client that sends and does not read: its replies wait in bounded memory, and all arrive when it reads at last. */
START_TEST(client_that_does_not_read_has_to_wait)
{
	enum { REQUESTS = 6000 };
	struct buf all = {.cap = BUF_OWN};
	struct wire w;
	size_t n = 0;

	for (int i = 0; i < REQUESTS - 1; i++)
		buf_add_text(&all, GET_JWKS);
	buf_add_text(&all, "GET /brands/t1/jwks HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, buf_sv(&all));
	n = count(wire_read(&w, NULL), "HTTP/1.1 200 OK\r\n");
	ck_assert_uint_eq(n, REQUESTS);
	buf_release(&all);
	wire_close(&w);
}
END_TEST

START_TEST(clients_that_go_away_leave_the_brand_alive)
{
	struct wire w;

	for (int i = 0; i < 20; i++) {
		struct wire gone;
		ck_assert(wire_open(&gone, 0, NULL));
		if (i % 2)
			wire_send(&gone, SV("POST /brands/t1/token HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc"));
		wire_close(&gone);
	}
	ck_assert(wire_open(&w, 0, NULL));
	wire_send(&w, SV("HEAD /brands/t1/jwks HTTP/1.1\r\n" HOST "\r\n" GET_JWKS));
	const char *text = wire_read(&w, "]}");
	ck_assert_uint_eq(count(text, "HTTP/1.1 200 OK\r\n"), 2);
	ck_assert_uint_eq(count(text, "\"keys\""), 1);
	wire_close(&w);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("wire");
	TCase *t = tcase_create("wire");

	signal(SIGPIPE, SIG_IGN);
	tcase_set_timeout(t, 120);
	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_add_test(t, tls_is_1_2_or_later);
	tcase_add_test(t, alpn_is_http_1_1_or_nothing);
	tcase_add_test(t, requests_in_one_piece_are_answered_in_order);
	tcase_add_test(t, request_in_many_pieces_is_answered);
	tcase_add_test(t, client_that_expects_100_gets_it);
	tcase_add_test(t, reply_that_is_put_off_keeps_its_place);
	tcase_add_test(t, clients_that_do_not_wait_for_a_reply_put_off_leave_the_brand_alive);
	tcase_add_test(t, requests_that_meet_in_the_gap_both_succeed);
	tcase_add_loop_test(t, what_is_no_request_is_answered_once_and_closed, 0, sizeof refused / sizeof *refused);
	tcase_add_test(t, refusal_of_a_large_body_arrives);
	tcase_add_test(t, client_that_does_not_read_has_to_wait);
	tcase_add_test(t, clients_that_go_away_leave_the_brand_alive);
	suite_add_tcase(s, t);
	return testing_run(s);
}
