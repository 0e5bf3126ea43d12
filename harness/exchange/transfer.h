#ifndef BRANDCERT_EXCHANGE_TRANSFER_H
#define BRANDCERT_EXCHANGE_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "evidence/evidence.h"
#include "exchange/code_source.h"
#include "suite/suite.h"

/*
 * One HTTP request on one libcurl handle, with every rule that holds for all of them:
 * - TLS 1.2 or later, certificate and host name always verified; ca_file is trusted beside the system's CA folder;
 * - no redirects, proxies (whatever the environment says: a certifier talks to the target itself), netrc, HSTS or Alt-Svc,
 *   and no cookies but in a jar that is given; the URL goes out as written;
 * - content codings are removed, also where none was asked for; Accept-Encoding is sent by who has it among the headers;
 * - head, body and time are bounded. A head or body above its cap is cut, not refused.
 */
struct transfer;

/* libcurl tells of TLS once, while a connection is made; kept here by local port for exchanges that follow on it. */
struct tls_facts {
	long port;
	const char *version, *cipher;
};
struct tls_memory {
	struct arena *arena;
	struct tls_facts *v;
	size_t n;
};

/* Everything that is pointed to must outlive the transfer. */
struct transfer_input {
	const char *method, *url;
	const char **headers; /* NULL-terminated "Name: value" lines, sent in this order and no others but Host and
	                       * Content-Length; may be NULL */
	struct sv body;
	const char *ca_file; /* NULL: the system's CAs only */
	int64_t timeout_ms;  /* in all; 0: LIMIT_TIMEOUT_MS */
	bool allow_http;
	bool new_connection; /* neither takes an idle connection nor leaves one */
	/* Never on the wire a second time. libcurl repeats a request when a kept connection turns out to be dead; if the
	 * server had read it, a code good for once would be spent and the repetition refused: see transfer_died. */
	bool once;
	/* All but the last byte of the body is sent; that waits for transfer_release, and so does the time for the reply: until
	 * then as much time again. Where there is no body, nothing waits. */
	bool hold;
	struct tls_memory *tls; /* of those that share connections; NULL: none */
	enum send_http http;    /* other than SEND_HTTP_ANY: on a connection of its own */
	bool plain_http;        /* a request in clear text where everything else wants TLS: `url` is http */
	CURLSH *jar;            /* cookies: see jar.h; NULL: none */
	const char *set_cookie; /* put into the jar before, for the host of `url`; may be NULL */
	/* No request: a TLS handshake with the host of `url`. NULL: a request. */
	const struct handshake *handshake;
};

/* NULL and e when libcurl refuses. */
struct transfer *transfer_new(const struct transfer_input *in, struct err *e);
CURL *transfer_handle(struct transfer *t); /* for curl_multi_add_handle; CURLINFO_PRIVATE is the caller's */
void transfer_start(struct transfer *t);   /* call right before the handle is handed over: takes the time */
/* How it went, once libcurl has said so: sets all of x but id, key, spec, kind and code. Memory is the arena's, and of a
 * handshake the transfer's, too. */
void transfer_result(struct transfer *t, CURLcode code, struct arena *a, struct exchange *x);
/* The same as a source or a command wants it: status 0 and the trouble unless the whole reply came. */
void transfer_response(const struct exchange *x, struct http_response *ret);
/* True when a kept connection died under a `once` request before a byte of the reply had come. Who can vouch for a
 * repetition (a fresh code) may send it anew. */
bool transfer_died(const struct transfer *t);
/* True when there is nothing more to do before the release of what `hold` holds back. */
bool transfer_waits(const struct transfer *t);
/* The last byte leaves with the next curl_multi_perform, and from now on runs the time for the reply. */
void transfer_release(struct transfer *t);
/* Ends with the next curl_multi_perform as having taken too long. */
void transfer_give_up(struct transfer *t);
void transfer_free(struct transfer *t); /* NULL is allowed */

#endif
