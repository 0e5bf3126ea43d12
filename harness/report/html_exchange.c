/* An exchange: request and response side by side, its id_token taken apart, and where its time went. */
#include <string.h>

#include "core/limits.h"
#include "report/html_write.h"
#include "report/render.h"

const struct shown_exchange *html_exchange_of(const struct html *h, const char *id)
{
	for (size_t i = 0; id && i < h->r->nexchanges; i++)
		if (h->r->exchanges[i].id && strcmp(h->r->exchanges[i].id, id) == 0)
			return &h->r->exchanges[i];
	return NULL;
}

static bool is_handshake(const struct shown_exchange *x)
{
	return x->kind && strcmp(x->kind, "handshake") == 0;
}

/* Of what is no HTTP request. */
static const char *kind_line(const struct shown_exchange *x)
{
	static const struct {
		const char *kind, *line;
	} kinds[] = {
	        {"handshake", "a TLS handshake"},
	        {"handover", "a token was handed over"},
	        {"logout", "the consumer logs out"},
	        {"authorize", "a login"},
	};

	for (size_t i = 0; x->kind && i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(x->kind, kinds[i].kind) == 0)
			return kinds[i].line;
	return "nothing was sent";
}

/* How it ended: a handshake says it in its first line, and what was handed over has no status. */
static const char *came(struct html *h, const struct shown_exchange *x)
{
	if (is_handshake(x) && x->way && x->way[0])
		return render_headline(h->a, x->way[0]);
	if (x->status && x->request && x->request[0])
		return arena_printf(h->a, "%d", x->status);
	return render_headline(h->a, x->outcome ? x->outcome : "no answer");
}

/* "x1: POST /oauth/token HTTP/1.1 → 200" */
char *html_exchange_title(struct html *h, const struct shown_exchange *x)
{
	enum { LINE = 120 };
	const char *line = x->request && x->request[0] ? render_line(h->a, x->request[0]) : kind_line(x);
	size_t n = strlen(line) > LINE ? LINE : strlen(line);

	/* at a character's edge */
	while (n < strlen(line) && n && ((unsigned char)line[n] & 0xc0) == 0x80)
		n--;
	return arena_printf(h->a, "Exchange %s: %.*s%s → %s%s", render_headline(h->a, x->id), (int)n, line,
	                    line[n] ? "…" : "", came(h, x),
	                    x->total_us > 0 ? arena_printf(h->a, ", %s", html_duration(h, x->total_us)) : "");
}

/* --- timings ------------------------------------------------------------------------------------------------- */

#define BAR_WIDTH 400
#define BAR_HEIGHT 12

struct phase {
	const char *name, *class, *color; /* colour for a page without its style */
	int64_t from, to;
};

/* The phases that took place, in order. What a kept connection did without is left out. */
static size_t phases(const struct shown_exchange *x, struct phase ret[5])
{
	const struct phase all[] = {
	        {"name lookup", "dns", "#6b4fbb", 0, x->dns_us},
	        {"connect", "connect", "#0b6e99", 0, x->connect_us},
	        {"TLS", "tls", "#1f7a3d", 0, x->tls_us},
	        {"first byte", "wait", "#b35900", 0, x->first_byte_us},
	        {is_handshake(x) ? "TLS handshake" : "rest of the reply", "rest", "#666666", 0,
	         is_handshake(x) && x->tls_us ? 0 : x->total_us},
	};
	size_t n = 0;
	int64_t at = 0;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i].to <= at || (all[i].to > x->total_us && x->total_us > 0))
			continue;
		ret[n] = all[i];
		ret[n++].from = at;
		at = all[i].to;
	}
	return n;
}

static void timing(struct html *h, const struct shown_exchange *x)
{
	struct phase p[5];
	size_t n = phases(x, p);
	char *text = arena_text(h->a, "");

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		text = arena_printf(h->a, "%s%s %s, ", text, p[i].name, html_duration(h, p[i].to - p[i].from));
	text = arena_printf(h->a, "%stotal %s", text, html_duration(h, p[n - 1].to));
	html_open(h, "div", "timing");
	html_open(h, "svg", NULL);
	html_attribute(h, "width", arena_printf(h->a, "%d", BAR_WIDTH));
	html_attribute(h, "height", arena_printf(h->a, "%d", BAR_HEIGHT));
	html_attribute(h, "viewBox", arena_printf(h->a, "0 0 %d %d", BAR_WIDTH, BAR_HEIGHT));
	html_attribute(h, "preserveAspectRatio", "none");
	html_attribute(h, "role", "img");
	html_attribute(h, "aria-label", arena_printf(h->a, "Time: %s", text));
	for (size_t i = 0; i < n; i++) {
		long long from = p[i].from * BAR_WIDTH / p[n - 1].to, to = p[i].to * BAR_WIDTH / p[n - 1].to;
		html_open(h, "rect", p[i].class);
		html_attribute(h, "x", arena_printf(h->a, "%lld", from));
		html_attribute(h, "width", arena_printf(h->a, "%lld", to > from ? to - from : 1));
		html_attribute(h, "height", arena_printf(h->a, "%d", BAR_HEIGHT));
		html_attribute(h, "fill", p[i].color);
		html_close(h);
	}
	html_close(h);
	html_open(h, "p", "legend");
	for (size_t i = 0; i < n; i++) {
		html_element(h, "span", arena_printf(h->a, "key %s", p[i].class), p[i].name);
		html_text(h, arena_printf(h->a, " %s, ", html_duration(h, p[i].to - p[i].from)));
	}
	html_text(h, arena_printf(h->a, "total %s", html_duration(h, p[n - 1].to)));
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

/* --- messages ------------------------------------------------------------------------------------------------ */

static void message(struct html *h, const char *label, const char **lines, const char *body)
{
	html_open(h, "div", "box");
	html_element(h, "p", "label", label);
	html_open(h, "pre", NULL);
	/* a first line feed is dropped by HTML: none of ours may be lost */
	html_text(h, "\n");
	for (size_t i = 0; lines && lines[i]; i++) {
		html_text(h, render_line(h->a, lines[i]));
		html_text(h, "\n");
	}
	if (body && *body) {
		if (lines && lines[0])
			html_text(h, "\n");
		html_text(h, render_block(h->a, body));
	}
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

/* A URL with a parameter a line. */
static char *url_lines(struct html *h, const char *url)
{
	const char *line = render_line(h->a, url);
	char *text = arena_alloc(h->a, 2 * strlen(line) + 1), *p = text;

	for (; *line; line++) {
		if (*line == '?' || *line == '&')
			*p++ = '\n';
		*p++ = *line;
	}
	*p = '\0';
	return text;
}

/* What came before the request, and what a handshake showed. */
static void way(struct html *h, const struct shown_exchange *x)
{
	if (!x->asked && !(x->way && x->way[0]))
		return;
	html_open(h, "div", "pair");
	html_text(h, "\n");
	if (x->asked)
		message(h, "Authorization request", NULL, url_lines(h, x->asked));
	if (x->way && x->way[0])
		message(h, is_handshake(x) ? "What the server showed" : "On the way through the login", x->way, NULL);
	html_close(h);
	html_text(h, "\n");
}

void html_exchange(struct html *h, const struct shown_exchange *x, bool whole)
{
	if (x->trouble)
		html_element(h, "p", "trouble", render_line(h->a, x->trouble));
	timing(h, x);
	way(h, x);
	html_open(h, "div", "pair");
	html_text(h, "\n");
	if (x->request && x->request[0])
		message(h, "Request", x->request, whole ? x->request_body : NULL);
	if (x->response && x->response[0])
		message(h, "Response", x->response, whole ? x->response_body : NULL);
	else if (whole && x->response_body && *x->response_body)
		message(h, "Token", NULL, x->response_body);
	html_close(h);
	if (!whole && ((x->request_body && *x->request_body) || (x->response_body && *x->response_body)))
		html_element(h, "p", "note", "Bodies are shown with failures, and in results.json.");
	const char *protocol = render_headline(h->a, x->http_version), *tls = render_headline(h->a, x->tls_version);
	if (*protocol || *tls)
		html_element(h, "p", "note",
		             arena_printf(h->a, "%s%s%s", protocol, *protocol && *tls ? " over " : "", tls));
	html_text(h, "\n");
}

static void decoded_part(struct html *h, const char *label, const char *text)
{
	html_open(h, "div", "box");
	html_element(h, "p", "label", label);
	html_open(h, "pre", NULL);
	html_text(h, "\n");
	html_text(h, render_block(h->a, text));
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

void html_decoded(struct html *h, const struct shown_exchange *x, const struct result *r)
{
	if (!x->jose_header && !x->claims)
		return;
	html_details(h, arena_printf(h->a, "The id_token of exchange %s, decoded, beside what was expected",
	                             render_headline(h->a, x->id)));
	html_open(h, "div", "pair");
	html_text(h, "\n");
	html_open(h, "div", NULL);
	html_open(h, "div", "box want");
	html_element(h, "p", "label", "Expected");
	html_element(h, "p", NULL, render_line(h->a, r->expected));
	html_close(h);
	html_text(h, "\n");
	if (x->jose_header)
		decoded_part(h, "Header", x->jose_header);
	html_close(h);
	html_text(h, "\n");
	if (x->claims)
		decoded_part(h, "Claims", x->claims);
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

void html_exchanges(struct html *h)
{
	size_t n = h->r->nexchanges, shown = n > LIMIT_HTML_LISTED ? LIMIT_HTML_LISTED : n;

	if (!n)
		return;
	html_open(h, "section", NULL);
	html_heading(h, 2, "exchanges", "Exchanges");
	html_element(h, "p", NULL, "Everything that was sent, with the heads of what came back.");
	html_text(h, "\n");
	html_details(h, outcome_plural(h->a, n, "exchange", "exchanges"));
	for (size_t i = 0; i < shown; i++) {
		const struct shown_exchange *x = &h->r->exchanges[i];
		html_open(h, "details", NULL);
		html_attribute(h, "id", arena_printf(h->a, "exchange-%zu", i + 1));
		html_element(h, "summary", NULL, html_exchange_title(h, x));
		html_text(h, "\n");
		html_element(h, "p", "note", arena_printf(h->a, "Kind: %s", render_headline(h->a, x->kind)));
		html_exchange(h, x, false);
		html_close(h);
		html_text(h, "\n");
	}
	html_close(h);
	if (shown < n)
		html_element(h, "p", NULL,
		             arena_printf(h->a, "%zu further exchanges stand in results.json.", n - shown));
	html_close(h);
	html_text(h, "\n");
}
