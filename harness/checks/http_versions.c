#include <string.h>

#include "checks/check.h"
#include "checks/parsed.h"
#include "checks/reply.h"

/*
 * The same answer over HTTP/1.1 and HTTP/2: RFC 9113 §3.2. Judged at the request over HTTP/1.1, beside which the
 * scenario sent one that offered both.
 */

static struct subject *over_http_2(struct subject *s)
{
	for (size_t i = 0; i < s->nsiblings; i++)
		if (s->siblings[i]->step && s->siblings[i]->step->redeem.http == SEND_HTTP_2 && s->siblings[i]->x)
			return s->siblings[i];
	return NULL;
}

/* A member of the one body that the other lacks, or NULL. */
static const char *only_in(const json_t *body, const json_t *other)
{
	const char *name;
	const json_t *value;

	/* Some providers give a consumer's refresh token once only. */
	parsed_each(body, name,
	            value) if (!json_object_get(other, name) && strcmp(name, "refresh_token") != 0) return name;
	return NULL;
}

static void compare(struct subject *s, struct subject *other, struct finding *f)
{
	static const char expected[] = "the same status and members as over HTTP/1.1";

	if (s->x->status != other->x->status) {
		violated(s, f, expected, "status %d over HTTP/1.1 and %d over HTTP/2", s->x->status, other->x->status);
		detail(f, NULL, "status", NULL);
		return;
	}
	const json_t *one = subject_raw_json(s)->value, *two = subject_raw_json(other)->value;
	const char *lost = only_in(one, two), *added = lost ? NULL : only_in(two, one);
	if (lost || added) {
		violated(s, f, expected, "the member %s comes over %s alone", lost ? lost : added,
		         lost ? "HTTP/1.1" : "HTTP/2");
		detail(f, NULL, "body", NULL);
		return;
	}
	pass(s, f, "over both status %d and %s", s->x->status, one ? shown(s, one) : "a body that is no JSON");
}

CHECK(http_versions, "http.versions")
{
	struct subject *other = over_http_2(s);

	if (!reply_answered(s, f))
		return;
	if (!other || other == s) {
		skip(s, f, "no request that offers HTTP/2 was sent beside this one");
		return;
	}
	const struct exchange *x = other->x;
	bool selected = x->http_version && strcmp(x->http_version, "HTTP/2") == 0;
	if (x->outcome == EXCHANGE_NO_ANSWER && selected) {
		violated(s, f, "an answer over HTTP/2, which the server chose", "none came, though HTTP/1.1 works: %s",
		         x->trouble ? x->trouble : "the connection ended");
		detail(f, NULL, "connection",
		       "mend HTTP/2, or take h2 out of the protocols that the server selects in ALPN (RFC 7301)");
	} else if (x->outcome != EXCHANGE_ANSWERED) {
		cannot(s, f, "nothing is known of HTTP/2: %s", x->trouble ? x->trouble : "there was no answer");
	} else if (!selected) {
		pass(s, f, "the server does not select HTTP/2 where it is offered, and answers over %s",
		     x->http_version ? x->http_version : "HTTP/1.1");
	} else if (reply_answered(other, f)) {
		compare(s, other, f);
	}
}
