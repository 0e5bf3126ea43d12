#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"
#include "checks/sent.h"

/* Line breaks in parameters: RFC 9112 §11.1. What stands behind one must never come back as a header field. */

/* A header field of the reply that is the line of the value, or NULL. */
static const char *came_back(struct subject *s, struct sv line)
{
	const struct message *m = &s->x->response;
	struct sv rest = line, name;

	if (!sv_cut(&rest, ':', &name) || !rest.p || sv_trim(name).n == 0)
		return NULL;
	const char *header = arena_sv(s->a, sv_trim(name));
	for (size_t i = 0; i < message_header_count(m, header); i++)
		if (sv_starts(message_header(m, header, i), sv_trim(rest)))
			return header;
	return NULL;
}

/* The lines of a value behind its first CR or LF. *broken is set when there is one. */
static const char *injected_by(struct subject *s, struct sv value, bool *broken)
{
	const char *header;
	size_t from = 0;

	for (size_t i = 0; i <= value.n; i++) {
		if (i < value.n && value.p[i] != '\r' && value.p[i] != '\n')
			continue;
		if (from > 0 && (header = came_back(s, (struct sv){value.p + from, i - from})))
			return header;
		*broken = *broken || i < value.n;
		from = i + 1;
	}
	return NULL;
}

CHECK(req_param_crlf, "req.param.crlf")
{
	static const char marker[] = "X-Injected";
	const char *header = NULL;
	struct sent_field *fields;
	bool broken = false;

	if (!reply_answered(s, f))
		return;
	size_t n = sent_fields(s, &fields);
	for (size_t i = 0; i < n && !header; i++)
		header = injected_by(s, fields[i].value, &broken);
	/* Line breaks that were encoded twice are none to us. */
	if (!header && message_header_count(&s->x->response, marker) > 0)
		header = marker;
	if (header) {
		violated(s, f, "no header field of the reply that a parameter made",
		         "the reply has the header field %s, which stood behind a line break in a parameter", header);
		detail(f, NULL, arena_printf(s->a, "header %s", header), NULL);
	} else if (s->x->head_cut) {
		cannot(s, f, "nothing was seen, but the head of the reply is longer than what was kept");
	} else if (!broken) {
		skip(s, f, "no parameter of this request has a line break");
	} else {
		pass(s, f, "no header field of the reply comes from a parameter");
	}
}
