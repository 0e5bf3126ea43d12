#ifndef BRANDCERT_TESTS_EXCHANGE_TLS_SERVER_H
#define BRANDCERT_TESTS_EXCHANGE_TLS_SERVER_H

#include <openssl/ssl.h>
#include <pthread.h>
#include <stddef.h>

/* A TLS server in a thread: one connection at a time, the same reply to each request on it. */
struct tls_server {
	SSL_CTX *context;
	X509 *certificate; /* self-signed */
	int listener, port;
	pthread_t thread;
	size_t connections, requests;
	const char *alpn;  /* what it selects */
	const char *reply; /* to each request */
};

struct tls_server_options {
	const char *alternative; /* subjectAltName; NULL: "IP:127.0.0.1" */
	long ends_s;             /* of the certificate, from now; 0: an hour */
	int oldest, newest;      /* protocol versions; 0: TLS 1.0, TLS 1.3 */
	const char *ciphers;     /* before TLS 1.3; NULL: OpenSSL's */
	int rsa_bits;            /* 0: the key is on P-256 */
	const char *alpn;        /* NULL: none is selected */
	int copies;              /* of the certificate that are sent beside it */
	const char *reply;       /* NULL: 200 with {} */
};

void tls_server_start(struct tls_server *s, const struct tls_server_options *o);
void tls_server_stop(struct tls_server *s);

#endif
