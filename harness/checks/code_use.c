#include <string.h>

#include "checks/check.h"
#include "checks/reply.h"
#include "checks/tokens.h"

/*
 * One code in several requests, one after the other: RFC 6749 §4.1.2, §10.5. What a second request is worth is decided by
 * whether an earlier one bought something: a code that a brand gave nothing for is not used up.
 */

static bool is_kind(const struct subject *s, const char *kind)
{
	return s->x && s->x->kind && strcmp(s->x->kind, kind) == 0;
}

static bool same_code(const struct subject *a, const struct subject *b)
{
	const char *one = a->x->code.code, *other = b->x->code.code;

	return one && other && strcmp(one, other) == 0;
}

/* The request before s in its scenario that bought tokens with the same code, or NULL. *sent: how many there were. */
static struct subject *bought_before(struct subject *s, size_t *sent)
{
	*sent = 0;
	for (size_t i = 0; i < s->nsiblings && s->siblings[i] != s; i++) {
		if (!is_kind(s->siblings[i], "token") || !same_code(s->siblings[i], s))
			continue;
		(*sent)++;
		if (subject_granted(s->siblings[i], &(struct finding){0}))
			return s->siblings[i];
	}
	return NULL;
}

static void judge_second_use(struct subject *s, struct finding *f)
{
	struct tokens_found found;
	size_t sent;

	if (!reply_answered(s, f))
		return;
	struct subject *first = bought_before(s, &sent);
	if (!first) {
		skip(s, f, "%s",
		     sent ? "the code had bought no token before this request" : "this is the first use of the code");
		return;
	}
	double later = (double)(s->x->timing.started_ms - first->x->timing.ended_ms) / 1000;
	if (tokens_find(s, &found)) {
		violated(s, f, "a refusal with no token in it: the code had bought one before",
		         "status %d, and %s in the reply, %.1f s after %s had bought a token with the same code",
		         s->x->status, found.what, later > 0 ? later : 0, first->x->id);
		detail(f, NULL, found.where, NULL);
	} else if (found.unseen) {
		cannot(s, f, "no token was seen, but not all of the reply was: %s", found.unseen);
	} else {
		pass(s, f, "status %d and no token anywhere in the reply, %.1f s after the first use", s->x->status,
		     later > 0 ? later : 0);
	}
}

CHECK(req_code_reuse, "req.code.reuse")
{
	judge_second_use(s, f);
}

/* A moment after requests that left at the same instant; how many of those bought something is for `successes`. */
CHECK(req_code_concurrent, "req.code.concurrent")
{
	judge_second_use(s, f);
}

/* --- what the first use had bought --------------------------------------------------------------------------------- */

static bool same_token(const struct subject *a, const struct subject *b)
{
	struct sv one = message_header(&a->x->request, "Authorization", 0);

	return one.p && sv_eq(one, message_header(&b->x->request, "Authorization", 0));
}

static bool is_success(const struct subject *s)
{
	return s->x->status >= 200 && s->x->status < 300;
}

/* The userinfo request before s that showed the same token, and the second use of a code between the two. */
static void find_story(struct subject *s, struct subject **before, struct subject **replay)
{
	size_t sent;

	*before = *replay = NULL;
	for (size_t i = 0; i < s->nsiblings && s->siblings[i] != s; i++) {
		struct subject *other = s->siblings[i];
		if (is_kind(other, "userinfo") && same_token(other, s))
			*before = other;
		else if (*before && is_kind(other, "token") && bought_before(other, &sent))
			*replay = other;
	}
}

CHECK(req_code_reuse_revokes, "req.code.reuse-revokes")
{
	struct subject *before, *replay;

	if (!reply_answered(s, f))
		return;
	find_story(s, &before, &replay);
	if (!before || !replay) {
		skip(s, f, "the code was not used twice between two looks at its access token");
		return;
	}
	if (!reply_answered(before, f) || !reply_answered(replay, f))
		return;
	if (!is_success(before)) {
		skip(s, f, "the access token did not open userinfo before the second use either (status %d)",
		     before->x->status);
	} else if (subject_granted(replay, &(struct finding){0})) {
		skip_owned(s, f, "req.code.reuse");
	} else if (is_success(s)) {
		violated(s, f, "status 401: the token that the code had bought is revoked",
		         "userinfo still answers it with status %d after the second use of the code", s->x->status);
		detail(f, NULL, "status", NULL);
	} else if (s->x->status >= 500) {
		cannot(s, f, "userinfo answered with status %d", s->x->status);
	} else {
		pass(s, f, "userinfo: status %d before the second use, %d after it", before->x->status, s->x->status);
	}
}
