#include "checks/check.h"
#include "checks/tls_facts.h"

/* The versions of TLS that the server agrees on: RFC 9325 §3.1.1. A scenario tries them one by one, a step for each. */

#define VERSIONS 4

struct versions {
	const struct exchange *x[VERSIONS]; /* oldest first; NULL: not tried */
	enum tls_end end[VERSIONS];
};

static const char *const names[VERSIONS] = {"TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};

/* Of several rounds the one that says most counts: what was agreed on once is offered. */
static void gather(const struct subject *s, struct versions *ret)
{
	*ret = (struct versions){0};
	for (size_t i = 0; i < s->nsiblings; i++) {
		const struct subject *o = s->siblings[i];
		enum handshake_version v = o->step ? o->step->handshake.version : HANDSHAKE_ANY;
		if (v == HANDSHAKE_ANY || o->step->handshake.weak_ciphers || !o->x)
			continue;
		size_t k = (size_t)v - HANDSHAKE_TLS_1_0;
		enum tls_end end = tls_end(o->x);
		if (ret->x[k] && ret->end[k] <= end)
			continue;
		ret->x[k] = o->x;
		ret->end[k] = end;
	}
}

/* "TLS 1.0 refused: …; TLS 1.1 …" */
static const char *all_text(struct subject *s, const struct versions *v, size_t from, size_t to)
{
	const char *text = "";

	for (size_t k = from; k < to; k++)
		text = arena_printf(s->a, "%s%s%s %s", text, k > from ? "; " : "", names[k], tls_end_text(s, v->x[k]));
	return text;
}

static bool said_no(enum tls_end end)
{
	return end == TLS_REFUSED || end == TLS_CLOSED;
}

static void judge_old(struct subject *s, struct finding *f, const struct versions *v)
{
	for (size_t k = 0; k < 2; k++) {
		if (said_no(v->end[k]))
			continue;
		/* Some firewalls drop what they do not like. That looks like a refusal and is none that can be seen. */
		if (v->end[k] == TLS_SILENT)
			skip(s, f,
			     "%s was not answered at all, so nobody said that it is refused; the newer versions were",
			     names[k]);
		else
			cannot(s, f, "whether %s is refused is not known: %s", names[k], tls_end_text(s, v->x[k]));
		return;
	}
	pass(s, f, "%s", all_text(s, v, 0, VERSIONS));
}

CHECK(tls_version_min, "tls.version-min")
{
	static const char expected[] = "TLS 1.2 or 1.3 agreed on, TLS 1.0 and 1.1 refused";
	struct versions v;

	gather(s, &v);
	for (size_t k = 0; k < VERSIONS; k++) {
		if (v.x[k])
			continue;
		skip(s, f, "no handshake with %s alone was tried here", names[k]);
		return;
	}
	bool old = v.end[0] == TLS_COMPLETED || v.end[1] == TLS_COMPLETED;
	bool modern = v.end[2] == TLS_COMPLETED || v.end[3] == TLS_COMPLETED;
	if (old) {
		violated(s, f, expected, "%s", all_text(s, &v, 0, modern ? 2 : VERSIONS));
		detail(f, NULL, "handshake", NULL);
	} else if (modern) {
		judge_old(s, f, &v);
	} else if (said_no(v.end[2]) && said_no(v.end[3])) {
		violated(s, f, expected, "%s", all_text(s, &v, 0, VERSIONS));
		detail(f, NULL, "handshake", NULL);
	} else {
		cannot(s, f, "no version could be agreed on: %s", all_text(s, &v, 2, VERSIONS));
	}
}
