#ifndef BRANDCERT_EXCHANGE_HANDSHAKE_H
#define BRANDCERT_EXCHANGE_HANDSHAKE_H

#include <curl/curl.h>

#include "core/arena.h"
#include "evidence/evidence.h"
#include "suite/suite.h"

/*
 * A TLS handshake that is looked at, and after which nothing is sent (RFC 8446, RFC 5246). The certificate is verified as
 * ever, and where it does not hold, the handshake ends there. TLS below 1.2 and weak suites are offered here and nowhere
 * else: no byte of HTTP goes over such a connection.
 */
struct handshake_seen {
	const struct handshake *wish;
	struct arena *arena;
	struct tls tls;
	const char *version, *cipher; /* as far as it got when the certificate was looked at; NULL: not so far */
};

/* Makes the handle's transfer this handshake. *s must outlive the handle and what libcurl does when it is removed. */
CURLcode handshake_attach(struct handshake_seen *s, CURL *easy, const struct handshake *wish);
struct handshake_end {
	CURL *easy;
	CURLcode code;
	bool begun;         /* a byte of the handshake was sent: what our own side refuses to offer is no answer */
	const char *detail; /* libcurl's error text */
};
/* What it showed, once libcurl has ended it: sets outcome and tls of x, and the version, if that is known. Good as long as
 * *s is. */
void handshake_result(struct handshake_seen *s, const struct handshake_end *end, struct exchange *x);
void handshake_release(struct handshake_seen *s);

#endif
