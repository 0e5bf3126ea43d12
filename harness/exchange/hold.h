#ifndef BRANDCERT_EXCHANGE_HOLD_H
#define BRANDCERT_EXCHANGE_HOLD_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/sv.h"

/*
 * A request body that is sent but for its last byte, which leaves when it is released: so that several requests are whole
 * in the same instant.
 */
struct hold {
	CURL *easy;
	struct sv body; /* at least one byte */
	size_t given;
	bool waits; /* libcurl has sent all before the last byte, and asked for it */
	bool released;
	int64_t released_us; /* unix: when libcurl took the last byte, to send it at once; 0: it has not */
};

/* Makes *h the handle's request body; method and headers stay the caller's. *h must outlive the handle. */
CURLcode hold_attach(struct hold *h, CURL *easy, struct sv body);
/* Lets the last byte go: it leaves with the next curl_multi_perform. */
void hold_release(struct hold *h);

#endif
