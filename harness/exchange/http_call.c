#include <curl/curl.h>

#include "exchange/exchange.h"
#include "exchange/transfer.h"

/* Plain http is for this machine alone. */
static bool is_loopback(const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL;
	bool loopback = false;

	if (u && !curl_url_set(u, CURLUPART_URL, url, 0) && !curl_url_get(u, CURLUPART_HOST, &host, 0)) {
		struct sv name = sv_of(host);
		loopback =
		        sv_eq_nocase(name, SV("localhost")) || sv_eq(name, SV("[::1]")) || sv_eq(name, SV("127.0.0.1"));
	}
	curl_free(host);
	curl_url_cleanup(u);
	return loopback;
}

void http_call(struct arena *a, const struct http_request *q, struct http_response *ret)
{
	struct transfer_input in = {.method = q->method,
	                            .url = q->url,
	                            .headers = q->headers,
	                            .body = q->body,
	                            .ca_file = q->ca_file,
	                            .timeout_ms = q->timeout_ms,
	                            .allow_http = is_loopback(q->url)};
	struct exchange x = {0};
	struct err e = {0};

	*ret = (struct http_response){0};
	if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
		ret->trouble = "libcurl cannot be set up";
		return;
	}
	struct transfer *t = transfer_new(&in, &e);
	if (t) {
		transfer_start(t);
		transfer_result(t, curl_easy_perform(transfer_handle(t)), a, &x);
		transfer_response(&x, ret);
		ret->exchange = NULL;
	} else {
		ret->trouble = arena_text(a, e.text);
	}
	transfer_free(t);
	curl_global_cleanup();
}
