#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"
#include "checks/tls_facts.h"

/* The token reply as a message of HTTP: RFC 9110, RFC 9112. */

CHECK(http_no_redirect, "http.no-redirect")
{
	struct sv location;

	if (!reply_answered(s, f))
		return;
	if (s->x->status < 300 || s->x->status > 399) {
		pass(s, f, "status %d", s->x->status);
		return;
	}
	location = reply_header(s, "Location");
	if (location.p)
		violated(s, f, "an answer, not a redirect", "status %d, Location: %.*s", s->x->status,
		         SV_ARG(location));
	else
		violated(s, f, "an answer, not a redirect", "status %d", s->x->status);
	detail(f, NULL, "status", NULL);
}

/* --- the end of the body ------------------------------------------------------------------------------------------ */

/* "5 bytes of gzip, as Content-Length says" */
static const char *framing_text(struct subject *s)
{
	struct sv coding = reply_header(s, "Content-Encoding"), length = reply_header(s, "Content-Length");
	const char *how = "";

	if (reply_header(s, "Transfer-Encoding").p)
		how = ", chunked";
	else if (length.p)
		how = arena_printf(s->a, ", Content-Length: %.*s", SV_ARG(length));
	return arena_printf(s->a, "a whole body of %zu bytes%s%s%s", s->x->response.body.n,
	                    coding.p ? " once decoded, Content-Encoding: " : "", coding.p ? arena_sv(s->a, coding) : "",
	                    how);
}

CHECK(http_framing, "http.framing")
{
	static const char expected[] = "a whole body, framed as its header fields say";
	const struct exchange *x = s->x;

	if (!reply_answered(s, f))
		return;
	if (x->body_cut) {
		cannot(s, f, "the body is longer than the %zu bytes that were kept", x->response.body.n);
	} else if (reply_is_misframed(x)) {
		violated(s, f, expected, "%s", x->trouble ? x->trouble : "the connection ended inside the body");
		detail(f, NULL, "body",
		       reply_header(s, "Content-Encoding").p
		               ? "name in Content-Encoding what the body really is, or leave the header out"
		               : NULL);
	} else if (reply_header(s, "Transfer-Encoding").p && reply_header(s, "Content-Length").p) {
		violated(s, f, expected, "there are both Transfer-Encoding and Content-Length");
		detail(f, NULL, "header Content-Length",
		       "send one of them: readers that differ are how requests get mixed up");
	} else {
		pass(s, f, "%s", framing_text(s));
	}
}

/* --- Strict-Transport-Security ------------------------------------------------------------------------------------ */

#define HSTS_MIN_S 86400
#define HSTS_DIGITS 10 /* beyond this all is long enough, and fits */

/* RFC 6797 §6.1: digits, in quotation marks perhaps. -1: neither. */
static long read_age(struct sv value)
{
	long age = 0;

	value = sv_trim(value);
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = (struct sv){value.p + 1, value.n - 2};
	if (value.n == 0)
		return -1;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return -1;
		if (i < HSTS_DIGITS)
			age = age * 10 + (value.p[i] - '0');
	}
	return age;
}

/* The first max-age of the first header, which alone counts (RFC 6797 §8.1), or -1. */
static long max_age(struct sv header)
{
	struct sv directive, name;

	while (sv_cut(&header, ';', &directive))
		if (sv_cut(&directive, '=', &name) && sv_eq_nocase(sv_trim(name), SV("max-age")))
			return directive.p ? read_age(directive) : -1;
	return -1;
}

CHECK(http_hsts, "http.hsts")
{
	static const char expected[] = "Strict-Transport-Security with max-age=86400 or more";
	struct tls_url url;

	if (!reply_answered(s, f))
		return;
	if (tls_url(s->x->url, &url) && !url.https) {
		skip_owned(s, f, "tls.https-only");
		return;
	}
	struct sv value = message_header(&s->x->response, "Strict-Transport-Security", 0);
	long age = value.p ? max_age(value) : -1;
	if (age >= HSTS_MIN_S) {
		pass(s, f, "Strict-Transport-Security: %.*s", SV_ARG(value));
		return;
	}
	if (value.p)
		violated(s, f, expected, "Strict-Transport-Security: %.*s", SV_ARG(value));
	else
		violated(s, f, expected, "there is no Strict-Transport-Security");
	detail(f, NULL, "header Strict-Transport-Security", NULL);
}
