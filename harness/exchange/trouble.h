#ifndef BRANDCERT_EXCHANGE_TROUBLE_H
#define BRANDCERT_EXCHANGE_TROUBLE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

struct trouble_facts {
	const char *url, *ca_file;
	const char *detail; /* libcurl's error buffer, may be empty */
	bool tls_begun;     /* the connection stood, and the TLS handshake had begun */
	bool sent;          /* the request's head went out */
	bool answered;      /* a whole response head came */
	bool endless_head;  /* we gave up on a head without end */
	bool http2;         /* the server selected HTTP/2 in this connection's handshake */
	bool died;          /* a kept connection died under the request */
	size_t body_bytes;
};

/* Why there is no whole answer, in one clause for a person: what failed, where, and the cause. Arena memory. */
const char *trouble_text(struct arena *a, CURL *easy, CURLcode code, const struct trouble_facts *f);

/* "host:port" of a URL, or the URL itself when it is none. */
const char *trouble_host(struct arena *a, const char *url);

#endif
