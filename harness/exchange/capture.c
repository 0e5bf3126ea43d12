#include "exchange/capture.h"

#include <string.h>

#include "core/clock.h"
#include "core/limits.h"

static bool ends_head(struct sv line)
{
	return sv_eq(line, SV("\r\n")) || sv_eq(line, SV("\n"));
}

/* "HTTP/1.1 200 OK": 200; anything else: 0 */
static int status_of(struct sv line)
{
	long blank = sv_find_char(line, ' ');
	int status = 0;

	if (!sv_starts(line, SV("HTTP/")) || blank < 0)
		return 0;
	for (size_t i = (size_t)blank + 1; i < line.n && i < (size_t)blank + 4; i++) {
		if (line.p[i] < '0' || line.p[i] > '9')
			return 0;
		status = status * 10 + line.p[i] - '0';
	}
	return status;
}

static void keep_line(struct capture *c, struct sv line)
{
	if (c->head_cut || c->head_lines == LIMIT_HEAD_LINES || line.n > c->head.cap - c->head.n) {
		c->head_cut = true;
		return;
	}
	buf_add_sv(&c->head, line);
	c->head_lines++;
}

/* Called for each line of each head: interim ones (1xx) are dropped, and so are trailers, which come after the body. */
static size_t on_header(char *p, size_t size, size_t n, void *self)
{
	struct capture *c = self;
	struct sv line = {p, size * n};

	if (c->head_done)
		return line.n;
	if (!c->head_open) {
		buf_clear(&c->head);
		c->head_lines = 0;
		c->head_open = true;
		c->head_cut = false;
		c->status = status_of(line);
		c->answered_us = clock_unix_us();
	}
	c->head_bytes += line.n;
	if (c->head_bytes > LIMIT_HEAD_READ) {
		c->stop = CAPTURE_HEAD_ENDLESS;
		return 0;
	}
	if (!ends_head(line)) {
		keep_line(c, line);
		return line.n;
	}
	c->head_open = false;
	/* 101 is final to libcurl: nobody asked for an upgrade. */
	c->head_done = c->status >= 200 || c->status == 101 || c->status == 0;
	if (c->head_done && strcmp(c->method, "HEAD") == 0) {
		c->stop = CAPTURE_NO_BODY;
		return 0;
	}
	return line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *self)
{
	struct capture *c = self;

	if (buf_add(&c->body, p, size * n))
		return size * n;
	c->stop = CAPTURE_BODY_FULL;
	return 0;
}

/* "SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384" */
static void note_tls(struct capture *c, struct sv text)
{
	const struct sv between = SV(" / ");
	long at = sv_find(text, between);

	if (at <= 0 || (size_t)at >= sizeof c->tls_version)
		return;
	struct sv cipher = {text.p + at + between.n, text.n - (size_t)at - between.n};
	if (cipher.n == 0 || cipher.n >= sizeof c->tls_cipher)
		return;
	memcpy(c->tls_version, text.p, (size_t)at);
	memcpy(c->tls_cipher, cipher.p, cipher.n);
}

/* "ALPN: server accepted h2" */
static void note_alpn(struct capture *c, struct sv text)
{
	if (text.n < sizeof c->alpn)
		memcpy(c->alpn, text.p, text.n);
}

/* "Excess found in a read: excess = 10, size = …" */
static void note_excess(struct capture *c, struct sv text)
{
	const struct sv name = SV("excess = ");
	long at = sv_find(text, name);

	if (at < 0)
		return;
	for (size_t i = (size_t)at + name.n; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++)
		if (c->excess < LIMIT_BODY)
			c->excess = c->excess * 10 + (size_t)(text.p[i] - '0');
}

/* What libcurl has no other way to tell. */
static void note(struct capture *c, struct sv text)
{
	static const struct {
		const char *lead;
		void (*take)(struct capture *c, struct sv text);
	} notes[] = {
	        {"SSL connection using ", note_tls},
	        {"ALPN: server accepted ", note_alpn},
	        {"Excess found", note_excess},
	};

	text = sv_trim(text);
	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
		struct sv lead = sv_of(notes[i].lead);
		if (sv_starts(text, lead))
			notes[i].take(c, (struct sv){text.p + lead.n, text.n - lead.n});
	}
}

static int on_debug(CURL *easy, curl_infotype type, char *p, size_t n, void *self)
{
	struct capture *c = self;

	(void)easy;
	if (type == CURLINFO_TEXT) {
		note(c, (struct sv){p, n});
	} else if (type == CURLINFO_HEADER_OUT) {
		/* A head after a whole one: libcurl repeats the request, what counts is the last. */
		if (sv_ends(buf_sv(&c->sent), SV("\r\n\r\n")))
			buf_clear(&c->sent);
		buf_add(&c->sent, p, n);
	} else if (type == CURLINFO_SSL_DATA_OUT) {
		c->tls_begun = true;
	}
	return 0;
}

CURLcode capture_attach(struct capture *c, CURL *easy, const char *method)
{
	CURLcode r = CURLE_OK;

	c->method = method;
	c->sent.cap = BUF_OWN;
	c->head.cap = LIMIT_HEAD;
	c->body.cap = LIMIT_BODY;
	r = r ? r : curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->error);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_HEADERDATA, c);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_WRITEDATA, c);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_DEBUGDATA, c);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	return r;
}

void capture_release(struct capture *c)
{
	buf_release(&c->sent);
	buf_release(&c->head);
	buf_release(&c->body);
}
