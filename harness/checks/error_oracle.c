#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/refusal.h"
#include "checks/reply.h"
#include "checks/sent.h"
#include "core/buf.h"

/*
 * Whether refusals of one kind can be told apart: RFC 6749 §10.10. Times are not compared: over a network and on shared
 * machines they differ for other reasons.
 */

/* --- what differs by construction ---------------------------------------------------------------------------------- */

static bool in_run(char c)
{
	return charset_is_alnum(c) || c == '-' || c == '_' || c == ':' || c == '.';
}

/* Times, numbers of requests and trace ids: they differ from reply to reply and tell nothing. */
static bool differs_anyway(struct sv run)
{
	size_t digits = 0;

	for (size_t i = 0; i < run.n; i++)
		digits += charset_is_digit(run.p[i]);
	return digits >= 6 || (digits > 0 && run.n >= 16);
}

/* A value that the request carried, at text: its length, or 0. */
static size_t sent_at(struct sv text, const struct sent_field *fields, size_t n)
{
	size_t longest = 0;

	for (size_t i = 0; i < n; i++)
		if (fields[i].value.n >= 4 && fields[i].value.n > longest && sv_starts(text, fields[i].value))
			longest = fields[i].value.n;
	return longest;
}

/* The text with * in place of that. */
static struct sv constant_part(struct subject *s, struct sv text)
{
	struct buf b = {.cap = BUF_OWN};
	struct sent_field *fields;
	size_t n = sent_fields(s, &fields), used;

	buf_add_text(&b, "");
	for (size_t i = 0; text.p && i < text.n; i += used) {
		struct sv rest = {text.p + i, text.n - i}, run = rest;
		for (run.n = 0; run.n < rest.n && in_run(rest.p[run.n]);)
			run.n++;
		used = sent_at(rest, fields, n);
		if (used == 0 && run.n > 0 && differs_anyway(run))
			used = run.n;
		if (used > 0) {
			buf_add_char(&b, '*');
			continue;
		}
		used = run.n > 0 ? run.n : 1;
		buf_add(&b, rest.p, used);
	}
	struct sv ret = arena_svdup(s->a, buf_sv(&b));
	buf_release(&b);
	return ret;
}

/* --- comparing ----------------------------------------------------------------------------------------------------- */

struct group {
	struct subject *v[2]; /* the first, and the first that differs */
	const char *have[2];  /* what they answered, where they differ */
	const char *where;
	const char *owner; /* of a refusal that was passed over, or NULL */
	const char *unseen;
	size_t n;
};

static const char *text_shown(struct subject *s, const char *member)
{
	return shown(s, json_object_get(subject_raw_json(s)->value, member));
}

/* True when the two can be told apart. */
static bool differ(struct subject *x, struct subject *y, struct group *g)
{
	static const char *const members[] = {"error", "error_description"};

	if (x->x->status != y->x->status) {
		g->where = "status";
		g->have[0] = arena_printf(x->a, "status %d", x->x->status);
		g->have[1] = arena_printf(x->a, "status %d", y->x->status);
		return true;
	}
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const json_t *a = json_object_get(subject_raw_json(x)->value, members[i]);
		const json_t *b = json_object_get(subject_raw_json(y)->value, members[i]);
		struct sv have = {json_string_value(a), json_string_length(a)};
		struct sv other = {json_string_value(b), json_string_length(b)};
		if (!have.p == !other.p && sv_eq(constant_part(x, have), constant_part(y, other)))
			continue;
		g->where = arena_printf(x->a, "body /%s", members[i]);
		g->have[0] = arena_printf(x->a, "%s %s", members[i], text_shown(x, members[i]));
		g->have[1] = arena_printf(x->a, "%s %s", members[i], text_shown(y, members[i]));
		return true;
	}
	return false;
}

static void add(struct group *g, struct subject *o)
{
	struct finding f = {0};
	const json_t *error = refusal_error(o, &f);

	if (!error) {
		g->owner = f.owner ? f.owner : g->owner;
		g->unseen = f.kind == FINDING_ERROR ? f.reason : g->unseen;
		return;
	}
	struct sv have = {json_string_value(error), json_string_length(error)};
	if (!refusal_expects(o, arena_sv(o->a, have))) {
		g->owner = "err.code-mapping";
		return;
	}
	if (g->n++ == 0)
		g->v[0] = o;
	else if (!g->v[1] && differ(g->v[0], o, g))
		g->v[1] = o;
}

CHECK(err_no_oracle, "err.no-oracle")
{
	const char *best = refusal_best(s);
	struct group g = {0};

	if (!best) {
		skip(s, f, "which requests are refused for the same reason is not known");
		return;
	}
	for (size_t i = 0; i < s->nsiblings; i++) {
		const char *other = refusal_best(s->siblings[i]);
		if (other && strcmp(other, best) == 0)
			add(&g, s->siblings[i]);
	}
	if (g.v[1]) {
		violated(s, f, arena_printf(s->a, "the same answer to all that is refused with %s", best),
		         "%s gets %s, %s gets %s", refusal_name(g.v[0]), g.have[0], refusal_name(g.v[1]), g.have[1]);
		detail(f, NULL, g.where, NULL);
	} else if (g.unseen) {
		cannot(s, f, "not all refusals could be compared: %s", g.unseen);
	} else if (g.n >= 2) {
		pass(s, f, "%zu refusals with the same status, error and description", g.n);
	} else if (g.owner) {
		skip_owned(s, f, g.owner);
	} else {
		skip(s, f, "two refusals for the same reason are needed");
	}
}
