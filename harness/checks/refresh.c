#include "checks/refresh.h"

#include <string.h>

#include "checks/reply.h"
#include "checks/sent.h"
#include "checks/tokens.h"

/* --- chains of refreshes ------------------------------------------------------------------------------------------- */

static bool is_token_request(const struct subject *s)
{
	return s->x && s->x->kind && strcmp(s->x->kind, "token") == 0;
}

struct sv refresh_sent(struct subject *s)
{
	return is_token_request(s) ? sent_value(s, "refresh_token") : SV_NONE;
}

struct sv refresh_received(struct subject *s)
{
	const json_t *token = is_token_request(s) ? json_object_get(subject_raw_json(s)->value, "refresh_token") : NULL;

	return json_string_length(token) > 0 ? (struct sv){json_string_value(token), json_string_length(token)}
	                                     : SV_NONE;
}

struct subject *refresh_source(struct subject *s)
{
	struct sv sent = refresh_sent(s);

	for (size_t i = 0; sent.p && i < s->nsiblings && s->siblings[i] != s; i++)
		if (sv_eq(sent, refresh_received(s->siblings[i])))
			return s->siblings[i];
	return NULL;
}

struct subject *refresh_login(struct subject *s)
{
	struct subject *o = refresh_source(s);

	while (o && refresh_sent(o).p)
		o = refresh_source(o);
	return o;
}

/* --- renew.refresh-grant ------------------------------------------------------------------------------------------- */

/* Scenarios say whose credentials a step shows: nothing said is the target's own client. */
static bool is_of_other_client(const struct subject *s)
{
	const char *id = s->step ? s->step->redeem.client_id : NULL;

	return id && strcmp(id, "{client_id}") != 0;
}

static bool is_granted(struct subject *s)
{
	struct finding unseen = {0};

	return is_token_request(s) && subject_granted(s, &unseen);
}

/* "status 400, error invalid_grant" */
static const char *refusal_text(struct subject *s)
{
	const json_t *error = json_object_get(subject_raw_json(s)->value, "error");

	return json_is_string(error) ? arena_printf(s->a, "status %d, error %s", s->x->status, shown(s, error))
	                             : arena_printf(s->a, "status %d", s->x->status);
}

/* Some refresh of the run by the right client was granted: a refusal of another is about the client. */
static bool own_client_can_refresh(struct subject *s)
{
	for (size_t i = 0; i < s->nall; i++)
		if (refresh_sent(s->all[i]).p && !is_of_other_client(s->all[i]) && is_granted(s->all[i]))
			return true;
	for (size_t i = 0; i < s->nsiblings; i++)
		if (refresh_sent(s->siblings[i]).p && !is_of_other_client(s->siblings[i]) && is_granted(s->siblings[i]))
			return true;
	return false;
}

static void judge_other_client(struct subject *s, struct finding *f)
{
	struct tokens_found found;

	if (tokens_find(s, &found)) {
		violated(s, f, "a refusal: the refresh token is another client's", "status %d, and %s in the reply",
		         s->x->status, found.what);
		detail(f, NULL, found.where, NULL);
	} else if (found.unseen) {
		cannot(s, f, "no token was seen, but not all of the reply was: %s", found.unseen);
	} else if (own_client_can_refresh(s)) {
		pass(s, f, "another client is refused: %s", refusal_text(s));
	} else {
		skip(s, f, "the right client cannot refresh either, so this refusal says nothing");
	}
}

/* The exchange before s that used the same refresh token with success. */
static struct subject *used_before(struct subject *s)
{
	struct sv sent = refresh_sent(s);

	for (size_t i = 0; i < s->nsiblings && s->siblings[i] != s; i++) {
		struct subject *o = s->siblings[i];
		if (!is_of_other_client(o) && sv_eq(sent, refresh_sent(o)) && is_granted(o))
			return o;
	}
	return NULL;
}

static bool is_rotated(struct subject *first)
{
	struct sv received = refresh_received(first);

	return received.p && !sv_eq(received, refresh_sent(first));
}

/* A refresh token that was exchanged for a new one. */
static void judge_reuse(struct subject *s, struct subject *first, struct finding *f)
{
	struct tokens_found found;

	if (!is_rotated(first)) {
		skip(s, f, "refresh tokens are not rotated, which is permitted for clients with a secret");
	} else if (tokens_find(s, &found)) {
		violated(s, f, "a refusal: the refresh token was replaced by a new one",
		         "%s brought a new refresh token, and the old one still works", first->x->id);
		detail(f, "reusable", found.where, NULL);
	} else if (found.unseen) {
		cannot(s, f, "no token was seen, but not all of the reply was: %s", found.unseen);
	} else {
		pass(s, f, "a refresh token that was replaced is refused: %s", refusal_text(s));
	}
}

static void judge_first_use(struct subject *s, struct finding *f)
{
	struct tokens_found found;

	if (!tokens_find(s, &found) && found.unseen) {
		cannot(s, f, "no token was seen, but not all of the reply was: %s", found.unseen);
	} else if (!found.what || s->x->status != 200) {
		violated(s, f, "status 200 and a new access token for the client that owns the refresh token", "%s%s",
		         refusal_text(s), found.what ? arena_printf(s->a, ", and %s", found.what) : "");
		detail(f, NULL, "status",
		       "accept grant_type=refresh_token from the client that the refresh token was issued to");
	} else {
		struct sv received = refresh_received(s);
		pass(s, f, "%s",
		     !received.p || !is_rotated(s) ? "new tokens; the refresh token stays the same"
		                                   : "new tokens, and a new refresh token");
	}
}

/* One refresh token in requests that left at the same instant: how many new ones came of it. */
static void judge_burst(struct subject *s, struct finding *f)
{
	struct sv *families = arena_array(s->a, s->nburst, sizeof *families);
	size_t granted = 0, answered = 0, n = 0;

	for (size_t i = 0; i < s->nburst; i++) {
		struct subject *o = s->burst[i];
		struct finding unseen = {0};
		bool tokens = subject_granted(o, &unseen), known = false;
		answered += tokens || unseen.kind == FINDING_NONE;
		granted += tokens;
		struct sv received = tokens ? refresh_received(o) : SV_NONE;
		for (size_t k = 0; k < n; k++)
			known = known || sv_eq(families[k], received);
		if (received.p && !known && !sv_eq(received, refresh_sent(o)))
			families[n++] = received;
	}
	if (answered < 2) {
		cannot(s, f, "only %zu of %zu requests sent at once got an answer that could be judged", answered,
		       s->nburst);
	} else if (granted == 0) {
		skip(s, f, "none of %zu requests got tokens: this says nothing of what happens when one does",
		     answered);
	} else if (n > 1) {
		violated(s, f, "one new refresh token at most: the first use takes the old one",
		         "%zu of %zu requests at once got tokens, and %zu different refresh tokens", granted, answered,
		         n);
		detail(f, "race", "the replies of the burst", NULL);
	} else {
		pass(s, f, "%zu of %zu requests at once got tokens, and %zu new refresh token%s", granted, answered, n,
		     n == 1 ? "" : "s");
	}
}

CHECK(renew_refresh_grant, "renew.refresh-grant")
{
	struct subject *first;

	if (s->nburst > 1) {
		if (s->burst[0] == s)
			judge_burst(s, f);
		else
			skip(s, f, "what was sent at once is judged together, at %s",
			     s->burst[0]->x ? s->burst[0]->x->id : "the first");
		return;
	}
	if (!reply_answered(s, f))
		return;
	if (!refresh_source(s))
		skip(s, f, "no refresh token of this scenario was sent");
	else if (is_of_other_client(s))
		judge_other_client(s, f);
	else if ((first = used_before(s)))
		judge_reuse(s, first, f);
	else
		judge_first_use(s, f);
}
