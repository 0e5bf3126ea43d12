#include "tests/exchange/tls_server.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/testing.h"

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
	SSL *ssl = SSL_new(s->context);
	char piece[4096];

	SSL_set_fd(ssl, fd);
	s->connections++;
	if (SSL_accept(ssl) == 1)
		for (int n; (n = SSL_read(ssl, piece, sizeof piece)) > 0;) {
			s->requests++; /* they are small enough to come as one record each */
			SSL_write(ssl, s->reply, (int)strlen(s->reply));
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

static int select_alpn(SSL *ssl, const unsigned char **out, unsigned char *n, const unsigned char *in, unsigned length,
                       void *self)
{
	const struct tls_server *s = self;
	size_t wanted = strlen(s->alpn);

	(void)ssl;
	for (unsigned i = 0; i < length; i += 1u + in[i])
		if (in[i] == wanted && memcmp(in + i + 1, s->alpn, wanted) == 0) {
			*out = in + i + 1;
			*n = in[i];
			return SSL_TLSEXT_ERR_OK;
		}
	return SSL_TLSEXT_ERR_NOACK;
}

static void make_context(struct tls_server *s, const struct tls_server_options *o)
{
	EVP_PKEY *key = o->rsa_bits ? EVP_RSA_gen((size_t)o->rsa_bits) : EVP_EC_gen("P-256");

	s->context = SSL_CTX_new(TLS_server_method());
	s->certificate =
	        make_certificate(key, o->alternative ? o->alternative : "IP:127.0.0.1", o->ends_s ? o->ends_s : 3600);
	SSL_CTX_set_security_level(s->context, 0);
	ck_assert_int_eq(SSL_CTX_use_certificate(s->context, s->certificate), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey(s->context, key), 1);
	for (int i = 0; i < o->copies; i++)
		ck_assert_int_eq(SSL_CTX_add1_chain_cert(s->context, s->certificate), 1);
	SSL_CTX_set_min_proto_version(s->context, o->oldest ? o->oldest : TLS1_VERSION);
	SSL_CTX_set_max_proto_version(s->context, o->newest ? o->newest : TLS1_3_VERSION);
	if (o->ciphers)
		ck_assert_int_eq(SSL_CTX_set_cipher_list(s->context, o->ciphers), 1);
	if (o->alpn)
		SSL_CTX_set_alpn_select_cb(s->context, select_alpn, s);
	EVP_PKEY_free(key);
}

void tls_server_start(struct tls_server *s, const struct tls_server_options *o)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	*s = (struct tls_server){.alpn = o->alpn,
	                         .reply = o->reply ? o->reply
	                                           : "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	                                             "Content-Length: 2\r\n\r\n{}"};
	make_context(s, o);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(s->listener, (struct sockaddr *)&at, n), 0);
	ck_assert_int_eq(listen(s->listener, 16), 0);
	ck_assert_int_eq(getsockname(s->listener, (struct sockaddr *)&at, &n), 0);
	s->port = ntohs(at.sin_port);
	ck_assert_int_eq(pthread_create(&s->thread, NULL, serve, s), 0);
}

void tls_server_stop(struct tls_server *s)
{
	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
	SSL_CTX_free(s->context);
	X509_free(s->certificate);
}
