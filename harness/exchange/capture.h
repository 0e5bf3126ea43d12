#ifndef BRANDCERT_EXCHANGE_CAPTURE_H
#define BRANDCERT_EXCHANGE_CAPTURE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"

/* Why we ended a transfer ourselves: libcurl then reports a failed callback. */
enum capture_stop {
	CAPTURE_GOES_ON,
	CAPTURE_BODY_FULL, /* more than LIMIT_BODY came */
	CAPTURE_NO_BODY,   /* the reply to HEAD is its head */
	CAPTURE_HEAD_ENDLESS,
};

/* The bytes that go and come on one transfer, bounded, as libcurl's callbacks see them. */
struct capture {
	const char *method;
	struct buf sent; /* the request's head, with its line ends */
	struct buf head; /* of the response: the final one, whole lines; interim heads and trailers are dropped */
	size_t head_lines, head_bytes;
	int status;
	int64_t answered_us; /* unix: when the first line of the head came; 0: it has not */
	bool head_open, head_done, head_cut;
	struct buf body;
	enum capture_stop stop;
	bool tls_begun;
	char tls_version[32], tls_cipher[64]; /* "" when this transfer made no TLS connection */
	char alpn[16]; /* what the server selected then; "": nothing, or no connection was made */
	size_t excess; /* bytes behind the end of the body, as far as libcurl read them with it */
	char error[CURL_ERROR_SIZE];
};

/* Hangs c, which is zero, into the handle's callbacks. method and c must outlive the handle. */
CURLcode capture_attach(struct capture *c, CURL *easy, const char *method);
void capture_release(struct capture *c);

#endif
