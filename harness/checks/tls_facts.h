#ifndef BRANDCERT_CHECKS_TLS_FACTS_H
#define BRANDCERT_CHECKS_TLS_FACTS_H

#include "checks/check.h"
#include "jose/certificate.h"

/* What the checks of TLS and of HTTP versions share. */

/* The parts of an http or https URL. Borrowed from it; nothing is decoded. */
struct tls_url {
	bool https;
	struct sv host; /* of an IPv6 address with its brackets */
	int port;       /* the scheme's where the URL has none */
};
/* False when it is no such URL. */
bool tls_url(const char *url, struct tls_url *ret);
/* 127.0.0.0/8, ::1 or localhost. */
bool tls_is_loopback(struct sv host);

/* How a handshake ended. */
enum tls_end {
	TLS_COMPLETED, /* whether the certificate is trusted is another matter */
	TLS_REFUSED,   /* the server said no with an alert (RFC 8446 §6) */
	TLS_CLOSED,    /* the server said nothing and closed the connection */
	TLS_SILENT,    /* it took the connection and did not answer in time */
	TLS_OURS,      /* our own side gave up, or there was no connection: nothing is known of the server */
};
enum tls_end tls_end(const struct exchange *x);
/* What is known of that end, for a sentence: "refused: tlsv1 alert protocol version". */
const char *tls_end_text(struct subject *s, const struct exchange *x);

/* The certificates that came with a handshake, the leaf first; n is at least 1. */
struct tls_chain {
	const struct tls *tls;
	struct certificate *v;
	size_t n;
	enum chain_trouble trouble;
};
/*
 * False with f set when there is none. Owner: tls.version-min where the handshake failed for the version. With
 * `verified` it has to have been looked at, too, how the chain leads to a root.
 */
bool tls_chain(struct subject *s, bool verified, struct tls_chain *ret, struct finding *f);
/* "the leaf 'CN=brand.example'", "certificate 2 of the chain, 'CN=Acme CA'" */
const char *tls_certificate_name(struct subject *s, const struct tls_chain *c, size_t i);

#endif
