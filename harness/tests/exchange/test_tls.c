/* Nothing is sent to a server whose certificate does not hold. */

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"

/* A TLS server in a thread: one connection at a time, the same reply to each request on it. */
struct tls_server {
	SSL_CTX *context;
	X509 *certificate;
	int listener, port;
	pthread_t thread;
	size_t connections, requests;
};

static X509 *make_certificate(EVP_PKEY *key, const char *alternative, long ends_s)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);
	X509V3_CTX context;

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -7200);
	X509_gmtime_adj(X509_getm_notAfter(x), ends_s);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1", -1, -1, 0);
	X509_set_issuer_name(x, name);
	X509_set_pubkey(x, key);
	X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, NID_subject_alt_name, alternative);
	ck_assert_ptr_nonnull(e);
	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
	ck_assert_int_gt(X509_sign(x, key, EVP_sha256()), 0);
	return x;
}

static void serve_one(struct tls_server *s, int fd)
{
	static const char reply[] = RIG_OK;
	SSL *ssl = SSL_new(s->context);
	char piece[4096];

	SSL_set_fd(ssl, fd);
	s->connections++;
	if (SSL_accept(ssl) == 1)
		for (int n; (n = SSL_read(ssl, piece, sizeof piece)) > 0;) {
			s->requests++; /* they are small enough to come as one record each */
			SSL_write(ssl, reply, (int)sizeof reply - 1);
		}
	SSL_free(ssl);
	close(fd);
}

static void *serve(void *self)
{
	struct tls_server *s = self;
	sigset_t pipe_signal;
	int fd;

	/* In this thread alone: the client's protection is what is tested. */
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
	while ((fd = accept(s->listener, NULL, NULL)) >= 0)
		serve_one(s, fd);
	return NULL;
}

static void server_start(struct tls_server *s, const char *alternative, long ends_s, int newest)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	EVP_PKEY *key = EVP_EC_gen("P-256");

	*s = (struct tls_server){.context = SSL_CTX_new(TLS_server_method())};
	s->certificate = make_certificate(key, alternative, ends_s);
	SSL_CTX_set_security_level(s->context, 0);
	ck_assert_int_eq(SSL_CTX_use_certificate(s->context, s->certificate), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey(s->context, key), 1);
	SSL_CTX_set_min_proto_version(s->context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(s->context, newest);
	EVP_PKEY_free(key);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(s->listener, (struct sockaddr *)&at, n), 0);
	ck_assert_int_eq(listen(s->listener, 16), 0);
	ck_assert_int_eq(getsockname(s->listener, (struct sockaddr *)&at, &n), 0);
	s->port = ntohs(at.sin_port);
	ck_assert_int_eq(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_stop(struct tls_server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
	SSL_CTX_free(s->context);
	X509_free(s->certificate);
}

static const char *write_certificate(struct arena *a, const struct tls_server *s)
{
	const char *path = arena_printf(a, "%s/ca.pem", testing_folder(a));
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(PEM_write_X509(f, s->certificate), 1);
	fclose(f);
	return path;
}

/* Two exchanges with the server, trusting its certificate or not. */
static struct rig *exchange_with(const struct tls_server *s, bool trusting)
{
	static struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	r->target.allow_http = false;
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", s->port);
	if (trusting)
		r->target.tls.ca_file = write_certificate(r->a, s);
	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){0});
	rig_drive(r, 1);
	return r;
}

START_TEST(test_trusted)
{
	struct tls_server s;

	server_start(&s, "IP:127.0.0.1", 3600, TLS1_3_VERSION);
	struct rig *r = exchange_with(&s, true);
	for (size_t i = 0; i < 2; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_msg(x->status == 200, "%s", x->trouble);
		ck_assert_str_eq(x->tls_version, "TLSv1.3"); /* known on the kept connection, too */
		ck_assert_str_eq(x->tls_cipher, "TLS_AES_256_GCM_SHA384");
	}
	ck_assert_int_gt(rig_x(r, 0)->timing.tls_us, 0);
	ck_assert_int_eq(rig_x(r, 1)->timing.tls_us, 0);
	server_stop(&s);
	ck_assert_uint_eq(s.connections, 1);
	ck_assert_uint_eq(s.requests, 2);
	rig_free(r);
}
END_TEST

static const struct {
	const char *alternative;
	long ends_s;
	int newest;
	bool trusting;
	const char *trouble;
} refused[] = {
        {"IP:127.0.0.1", 3600, TLS1_3_VERSION, false,
         "the TLS certificate of '%s' was refused: self-signed certificate"},
        {"IP:127.0.0.1", -3600, TLS1_3_VERSION, true,
         "the TLS certificate of '%s' was refused: certificate has expired"},
        {"DNS:other.example", 3600, TLS1_3_VERSION, true,
         "the TLS certificate of '%s' was refused: no alternative certificate subject name matches target host name "
         "'127.0.0.1'"},
        {"IP:127.0.0.1", 3600, TLS1_1_VERSION, true, "the TLS handshake with '%s' failed: "},
};

START_TEST(test_refused)
{
	struct tls_server s;

	server_start(&s, refused[_i].alternative, refused[_i].ends_s, refused[_i].newest);
	struct rig *r = exchange_with(&s, refused[_i].trusting);
	const struct exchange *x = rig_x(r, 0);
	struct sv before = sv_of(refused[_i].trouble), after = before;
	ck_assert(sv_cut(&after, '%', &before));
	const char *text = arena_printf(r->a, "%.*s127.0.0.1:%d%s", SV_ARG(before), s.port, after.p + 1);
	ck_assert_int_eq(x->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(x->trouble, text);
	ck_assert_uint_eq(x->request.nlines, 0);
	server_stop(&s);
	ck_assert_uint_eq(s.requests, 0);
	rig_free(r);
}
END_TEST

START_TEST(test_no_ca_file)
{
	struct tls_server s;
	static struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	server_start(&s, "IP:127.0.0.1", 3600, TLS1_3_VERSION);
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", s.port);
	r->target.tls.ca_file = "/nowhere/ca.pem";
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	assert_contains(rig_x(r, 0)->trouble, "cannot use the CA file '/nowhere/ca.pem'");
	server_stop(&s);
	ck_assert_uint_eq(s.requests, 0);
	rig_free(r);
}
END_TEST

/* A server that waits for an HTTP request where we wait for its part of the handshake. */
START_TEST(test_no_tls)
{
	static struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", loopback_port(r->server));
	r->target.limits.timeout_ms = 500;
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	assert_contains(rig_x(r, 0)->trouble, "time-out after ");
	assert_contains(rig_x(r, 0)->trouble, "the TLS handshake with '127.0.0.1:");
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tls");
	TCase *c = tcase_create("tls");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_trusted);
	tcase_add_loop_test(c, test_refused, 0, sizeof refused / sizeof refused[0]);
	tcase_add_test(c, test_no_ca_file);
	tcase_add_test(c, test_no_tls);
	suite_add_tcase(s, c);
	return testing_run(s);
}
