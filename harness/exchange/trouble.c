#include "exchange/trouble.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"

const char *trouble_host(struct arena *a, const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL, *port = NULL;
	const char *text = url;

	if (u && !curl_url_set(u, CURLUPART_URL, url, 0) && !curl_url_get(u, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT))
		text = arena_printf(a, "%s:%s", host, port);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
	return text;
}

static double seconds(CURL *easy, CURLINFO what)
{
	curl_off_t us = 0;

	return curl_easy_getinfo(easy, what, &us) == CURLE_OK ? (double)us / 1e6 : 0;
}

static const char *time_out(struct arena *a, CURL *easy, const struct trouble_facts *f, const char *host)
{
	double total = seconds(easy, CURLINFO_TOTAL_TIME_T);

	if (f->answered)
		return arena_printf(a,
		                    "time-out after %.1f s: the reply of '%s' had begun but did not end, %zu bytes of "
		                    "its body had come",
		                    total, host, f->body_bytes);
	if (f->sent)
		return arena_printf(a, "time-out after %.1f s: '%s' took the request and sent no %s", total, host,
		                    seconds(easy, CURLINFO_STARTTRANSFER_TIME_T) > 0 ? "whole response head" : "reply");
	if (f->tls_begun)
		return arena_printf(a, "time-out after %.1f s: the TLS handshake with '%s' did not end", total, host);
	if (seconds(easy, CURLINFO_NAMELOOKUP_TIME_T) <= 0)
		return arena_printf(a, "time-out after %.1f s: the name of '%s' was not resolved", total, host);
	if (seconds(easy, CURLINFO_CONNECT_TIME_T) <= 0)
		return arena_printf(a, "time-out after %.1f s: no connection to '%s'", total, host);
	return arena_printf(a, "time-out after %.1f s: the request to '%s' could not be sent", total, host);
}

/* libcurl's own words, one line, without its lead where ours says the same. */
static const char *cause(struct arena *a, CURLcode code, const struct trouble_facts *f)
{
	static const char *const leads[] = {"SSL certificate problem: ", "SSL: ", "OpenSSL SSL_connect: "};
	const char *text = f->detail && *f->detail ? f->detail : curl_easy_strerror(code);

	for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
		if (strncmp(text, leads[i], strlen(leads[i])) == 0) {
			text += strlen(leads[i]);
			break;
		}
	return text_visible(a, sv_trim(sv_of(text)));
}

static const char *system_cause(struct arena *a, CURL *easy, CURLcode code, const struct trouble_facts *f)
{
	long number = 0;

	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
	return number ? strerror((int)number) : cause(a, code, f);
}

static const char *broken_off(struct arena *a, CURL *easy, CURLcode code, const struct trouble_facts *f)
{
	curl_off_t length = -1;

	if (code == CURLE_BAD_CONTENT_ENCODING)
		return arena_printf(a, "the reply's body is not coded as its 'Content-Encoding' says: %s",
		                    cause(a, code, f));
	curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (length >= 0)
		return arena_printf(a, "the reply broke off: %zu of %lld bytes of its body came", f->body_bytes,
		                    (long long)length);
	return arena_printf(a, "the reply broke off after %zu bytes of its body: %s", f->body_bytes, cause(a, code, f));
}

const char *trouble_text(struct arena *a, CURL *easy, CURLcode code, const struct trouble_facts *f)
{
	const char *host = text_visible(a, sv_of(trouble_host(a, f->url)));

	if (f->died)
		return arena_printf(
		        a,
		        "'%s' closed a kept connection as the request was sent on it, and nobody knows whether "
		        "it was read",
		        host);
	if (f->endless_head)
		return arena_printf(a, "'%s' sent a response head above %d bytes without its end", host,
		                    LIMIT_HEAD_READ);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return time_out(a, easy, f, host);
	if (f->answered)
		return broken_off(a, easy, code, f);
	if (f->http2 && f->sent)
		return arena_printf(a, "'%s' selected HTTP/2 in the TLS handshake and then did not speak it: %s", host,
		                    cause(a, code, f));
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return arena_printf(a, "the name of '%s' cannot be resolved", host);
	case CURLE_COULDNT_CONNECT:
		return arena_printf(a, "cannot connect to '%s': %s", host, system_cause(a, easy, code, f));
	case CURLE_PEER_FAILED_VERIFICATION:
		return arena_printf(a, "the TLS certificate of '%s' was refused: %s", host, cause(a, code, f));
	case CURLE_SSL_CONNECT_ERROR:
		return arena_printf(a, "the TLS handshake with '%s' failed: %s", host, cause(a, code, f));
	case CURLE_SSL_CACERT_BADFILE:
		return arena_printf(a, "cannot use the CA file '%s': %s", f->ca_file ? f->ca_file : "of the system",
		                    cause(a, code, f));
	case CURLE_OK: /* libcurl is content with what came */
		return arena_printf(a, "'%s' closed the connection inside the response head", host);
	case CURLE_GOT_NOTHING:
		return arena_printf(a, "'%s' closed the connection without a reply", host);
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		return arena_printf(a, "the connection to '%s' broke before a reply came: %s", host,
		                    system_cause(a, easy, code, f));
	case CURLE_UNSUPPORTED_PROTOCOL:
		if (!f->sent)
			return arena_printf(a, "'%s' was not called: only https is allowed, but see allow_http",
			                    text_visible(a, sv_of(f->url)));
		__attribute__((fallthrough)); /* HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
		return arena_printf(a, "what '%s' sent is not an HTTP reply: %s", host, cause(a, code, f));
	case CURLE_URL_MALFORMAT:
		return arena_printf(a, "'%s' is not a URL that can be called", text_visible(a, sv_of(f->url)));
	default:
		return arena_printf(a, "the exchange with '%s' failed: %s", host, cause(a, code, f));
	}
}
