#include "exchange/transfer.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/limits.h"
#include "exchange/capture.h"
#include "exchange/handshake.h"
#include "exchange/hold.h"
#include "exchange/jar.h"
#include "exchange/trouble.h"

struct transfer {
	CURL *easy;
	struct curl_slist *headers;
	struct transfer_input in;
	struct capture c;
	struct hold hold; /* without a handle: nothing is held back */
	struct handshake_seen seen;
	int64_t started_ms, started_us;
	bool died;
};

static int before_request(void *self, char *peer, char *local, int peer_port, int local_port)
{
	struct transfer *t = self;

	(void)peer, (void)local, (void)peer_port, (void)local_port;
	t->died = t->in.once && t->c.sent.n > 0;
	return t->died ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static bool has_header(const struct transfer *t, struct sv name)
{
	for (const char **h = t->in.headers; h && *h; h++)
		if (sv_of(*h).n > name.n && (*h)[name.n] == ':' && sv_eq_nocase((struct sv){*h, name.n}, name))
			return true;
	return false;
}

static void add_line(struct transfer *t, const char *line)
{
	struct curl_slist *longer = curl_slist_append(t->headers, line);

	if (!longer)
		mem_exhausted();
	t->headers = longer;
}

/* Our lines, in libcurl's spelling: "Name;" sends an empty value, "Name:" stops libcurl from adding its own. */
static void make_headers(struct transfer *t)
{
	static const char *const own[] = {"Accept", "Accept-Encoding", "Content-Type",
	                                  "Expect", "User-Agent",      "Transfer-Encoding"};

	for (const char **h = t->in.headers; h && *h; h++) {
		struct sv line = sv_trim(sv_of(*h));
		if (!sv_ends(line, SV(":"))) {
			add_line(t, *h);
			continue;
		}
		char *empty = mem_alloc(line.n + 1);
		memcpy(empty, line.p, line.n - 1);
		empty[line.n - 1] = ';';
		add_line(t, empty);
		free(empty);
	}
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (!has_header(t, sv_of(own[i]))) {
			char line[32] = "";
			memcpy(line, own[i], strlen(own[i]));
			line[strlen(own[i])] = ':';
			add_line(t, line);
		}
}

static bool frames_itself(const struct transfer *t)
{
	return has_header(t, SV("Content-Length")) || has_header(t, SV("Transfer-Encoding")) ||
	       has_header(t, SV("Connection"));
}

static bool wants_body(const struct transfer_input *in)
{
	return in->body.n || !strcmp(in->method, "POST") || !strcmp(in->method, "PUT") || !strcmp(in->method, "PATCH");
}

static CURLcode set_request(struct transfer *t)
{
	CURL *easy = t->easy;
	CURLcode r = CURLE_OK;

	make_headers(t);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_URL, t->in.url);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_HTTPHEADER, t->headers);
	if (t->in.hold && t->in.body.n) {
		r = r ? r : hold_attach(&t->hold, easy, t->in.body);
	} else if (wants_body(&t->in)) {
		r = r ? r : curl_easy_setopt(easy, CURLOPT_POSTFIELDS, t->in.body.n ? t->in.body.p : "");
		r = r ? r : curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->in.body.n);
	}
	r = r ? r : curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, t->in.method);
	/* Lengths that a scenario made up leave a connection on which nobody knows where the next request begins. */
	if (t->in.new_connection || t->in.http != SEND_HTTP_ANY || frames_itself(t)) {
		r = r ? r : curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
		r = r ? r : curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	}
	/* Only our own line goes out, if there is one. This makes libcurl decode what comes: a server may also compress for who
	 * did not ask (RFC 9110 §12.5.3). */
	r = r ? r : curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	if (t->in.jar)
		r = r ? r : jar_attach(t->in.jar, easy, t->in.url, t->in.set_cookie);
	return r;
}

static const char *protocols(const struct transfer_input *in)
{
	return in->plain_http ? "http" : in->allow_http ? "https,http" : "https";
}

static CURLcode set_rules(struct transfer *t)
{
	CURL *easy = t->easy;
	int64_t connect_ms = t->in.timeout_ms < LIMIT_CONNECT_MS ? t->in.timeout_ms : LIMIT_CONNECT_MS;
	int64_t timeout_ms = t->in.timeout_ms * (t->hold.easy ? 2 : 1);
	CURLcode r = CURLE_OK;

	r = r ? r : curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols(&t->in));
	r = r ? r : curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_PROXY, "");
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (t->in.ca_file)
		r = r ? r : curl_easy_setopt(easy, CURLOPT_CAINFO, t->in.ca_file);
	r = r ? r
	      : curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	                         t->in.http == SEND_HTTP_1_1 ? (long)CURL_HTTP_VERSION_1_1
	                                                     : (long)CURL_HTTP_VERSION_2TLS);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_PREREQDATA, t);
	if (t->in.handshake)
		r = r ? r : handshake_attach(&t->seen, easy, t->in.handshake);
	return r;
}

struct transfer *transfer_new(const struct transfer_input *in, struct err *e)
{
	struct transfer *t = mem_alloc(sizeof *t);
	CURLcode r;

	t->in = *in;
	if (t->in.timeout_ms <= 0)
		t->in.timeout_ms = LIMIT_TIMEOUT_MS;
	if (t->in.plain_http && t->in.timeout_ms > LIMIT_CLEAR_TEXT_MS)
		t->in.timeout_ms = LIMIT_CLEAR_TEXT_MS;
	t->easy = curl_easy_init();
	if (!t->easy)
		mem_exhausted();
	if ((r = set_request(t)) || (r = set_rules(t)) || (r = capture_attach(&t->c, t->easy, t->in.method))) {
		err_trouble(e, "libcurl refuses the request to '%s': %s", in->url, curl_easy_strerror(r));
		transfer_free(t);
		return NULL;
	}
	return t;
}

CURL *transfer_handle(struct transfer *t)
{
	return t->easy;
}

void transfer_start(struct transfer *t)
{
	t->started_ms = clock_unix_ms();
	t->started_us = clock_mono_us();
}

bool transfer_died(const struct transfer *t)
{
	return t->died;
}

bool transfer_waits(const struct transfer *t)
{
	return !t->hold.easy || t->hold.waits;
}

void transfer_release(struct transfer *t)
{
	int64_t held_ms = (clock_mono_us() - t->started_us) / 1000;

	if (!t->hold.easy || t->hold.released)
		return;
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)(held_ms + t->in.timeout_ms));
	hold_release(&t->hold);
}

void transfer_give_up(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, 1L);
}

void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	capture_release(&t->c);
	handshake_release(&t->seen);
	free(t);
}

static void split_head(struct arena *a, struct sv head, struct message *m)
{
	struct sv line;

	head = arena_svdup(a, head);
	while (head.n && sv_cut(&head, '\n', &line)) {
		if (sv_ends(line, SV("\r")))
			line.n--;
		if (line.n == 0)
			break;
		m->lines = arena_grow(a, m->lines, m->nlines, sizeof *m->lines);
		m->lines[m->nlines++] = line;
	}
}

static int64_t time_of(CURL *easy, CURLINFO what)
{
	curl_off_t us = 0;

	return curl_easy_getinfo(easy, what, &us) == CURLE_OK ? (int64_t)us : 0;
}

static struct tls_facts *remembered(struct tls_memory *m, long port)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].port == port)
			return &m->v[i];
	m->v = arena_grow(m->arena, m->v, m->n, sizeof *m->v);
	m->v[m->n] = (struct tls_facts){.port = port};
	return &m->v[m->n++];
}

static void take_tls(struct transfer *t, struct arena *a, struct exchange *x)
{
	long port = 0;

	if (t->c.tls_version[0]) {
		x->tls_version = arena_text(a, t->c.tls_version);
		x->tls_cipher = arena_text(a, t->c.tls_cipher);
	}
	if (!t->in.tls || !t->c.sent.n || strncmp(t->in.url, "https:", 6) != 0 ||
	    curl_easy_getinfo(t->easy, CURLINFO_LOCAL_PORT, &port))
		return;
	struct tls_facts *known = remembered(t->in.tls, port);
	if (x->tls_version) {
		known->version = arena_text(t->in.tls->arena, x->tls_version);
		known->cipher = arena_text(t->in.tls->arena, x->tls_cipher);
	}
	x->tls_version = known->version;
	x->tls_cipher = known->cipher;
}

static void take_facts(struct transfer *t, struct arena *a, struct exchange *x)
{
	long version = 0, port = 0, connects = 0;
	char *ip = NULL;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &ip);
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_PORT, &port);
	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
	x->http_version = version == CURL_HTTP_VERSION_1_0   ? "HTTP/1.0"
	                  : version == CURL_HTTP_VERSION_1_1 ? "HTTP/1.1"
	                  : version == CURL_HTTP_VERSION_2_0 ? "HTTP/2"
	                  : strcmp(t->c.alpn, "h2") == 0     ? "HTTP/2" /* selected, and then nothing came in it */
	                                                     : NULL;
	if (ip && *ip)
		x->peer = arena_printf(a, strchr(ip, ':') ? "[%s]:%ld" : "%s:%ld", ip, port);
	take_tls(t, a, x);
	x->timing = (struct timing){.started_ms = t->started_ms, .ended_ms = clock_unix_ms()};
	if (t->in.hold) {
		x->timing.released_us = t->hold.released_us;
		x->timing.answered_us = t->c.answered_us;
	}
	if (connects) {
		x->timing.dns_us = time_of(t->easy, CURLINFO_NAMELOOKUP_TIME_T);
		x->timing.connect_us = time_of(t->easy, CURLINFO_CONNECT_TIME_T);
		x->timing.tls_us = time_of(t->easy, CURLINFO_APPCONNECT_TIME_T);
	}
	x->timing.first_byte_us = time_of(t->easy, CURLINFO_STARTTRANSFER_TIME_T);
	x->timing.total_us = time_of(t->easy, CURLINFO_TOTAL_TIME_T);
}

/* Bytes behind the body are the server's mistake, and yet the reply is whole. */
static const char *excess_text(struct arena *a, const struct transfer *t)
{
	return arena_printf(a, "%zu bytes came behind the end of the reply's body", t->c.excess);
}

static const char *trouble_of(const struct transfer *t, CURLcode code, struct arena *a)
{
	return trouble_text(a, t->easy, code,
	                    &(struct trouble_facts){.url = t->in.url,
	                                            .ca_file = t->in.ca_file,
	                                            .detail = t->c.error,
	                                            .answered = t->c.head_done,
	                                            .tls_begun = t->c.tls_begun,
	                                            .sent = t->c.sent.n > 0,
	                                            .endless_head = t->c.stop == CAPTURE_HEAD_ENDLESS,
	                                            .died = t->died,
	                                            .http2 = strcmp(t->c.alpn, "h2") == 0,
	                                            .body_bytes = t->c.body.n});
}

static void take_response(struct transfer *t, CURLcode code, struct arena *a, struct exchange *x)
{
	bool ours = t->c.stop == CAPTURE_BODY_FULL || t->c.stop == CAPTURE_NO_BODY;

	x->status = t->c.status;
	split_head(a, buf_sv(&t->c.head), &x->response);
	x->response.body = arena_svdup(a, buf_sv(&t->c.body));
	x->head_cut = t->c.head_cut;
	x->body_cut = t->c.stop == CAPTURE_BODY_FULL;
	x->broken_off = code != CURLE_OK && !ours;
	if (x->broken_off)
		x->trouble = trouble_of(t, code, a);
	else if (t->c.excess)
		x->trouble = excess_text(a, t);
}

void transfer_result(struct transfer *t, CURLcode code, struct arena *a, struct exchange *x)
{
	x->method = t->in.method;
	x->url = t->in.url;
	take_facts(t, a, x);
	if (t->in.handshake) {
		const struct handshake_end end = {t->easy, code, t->c.tls_begun, t->c.error};
		handshake_result(&t->seen, &end, x);
		if (code != CURLE_OK)
			x->trouble = trouble_of(t, code, a);
		return;
	}
	split_head(a, buf_sv(&t->c.sent), &x->request);
	if (t->c.sent.n)
		x->request.body = arena_svdup(a, t->in.body);
	x->outcome = t->c.head_done ? EXCHANGE_ANSWERED : EXCHANGE_NO_ANSWER;
	if (t->c.head_done)
		take_response(t, code, a, x);
	else
		x->trouble = trouble_of(t, code, a);
}

void transfer_response(const struct exchange *x, struct http_response *ret)
{
	*ret = (struct http_response){
	        .status = x->status, .body = x->response.body, .trouble = x->trouble, .exchange = x};
	if (x->body_cut)
		ret->trouble = "the reply is larger than is read";
	if (x->body_cut || x->broken_off || x->outcome != EXCHANGE_ANSWERED)
		ret->status = 0;
}
