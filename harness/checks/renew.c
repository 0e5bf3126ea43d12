#include <string.h>

#include "checks/across.h"
#include "checks/check.h"
#include "checks/refresh.h"
#include "checks/reply.h"
#include "checks/times.h"
#include "evidence/redirect.h"

/* One consumer's tokens, one after the other; and what is left when the consumer has logged out. */

static bool is_kind(const struct subject *s, const char *kind)
{
	return s->x && s->x->kind && strcmp(s->x->kind, kind) == 0;
}

/* The login of the same consumer before s in its scenario, or NULL. */
static struct subject *login_before(struct subject *s)
{
	struct subject *found = NULL;

	for (size_t i = 0; i < s->nsiblings && s->siblings[i] != s; i++) {
		struct subject *o = s->siblings[i];
		bool same = o->step && s->step && o->step->redeem.second_consumer == s->step->redeem.second_consumer;
		if (is_kind(o, "token") && same && !refresh_sent(o).p)
			found = o;
	}
	return found;
}

/* --- renew.later-exp ----------------------------------------------------------------------------------------------- */

/* A claim of both; false with f set. */
static bool read_times(struct subject *first, struct subject *second, const char *claim, double ret[2],
                       struct finding *f)
{
	return subject_time(first, claim, &ret[0], f) && subject_time(second, claim, &ret[1], f);
}

CHECK(renew_later_exp, "renew.later-exp")
{
	static const char *const claims[] = {"iat", "exp"};
	static const char expected[] = "a new token, with later iat and exp than the one before";
	struct subject *first = login_before(s);
	double times[2];

	if (!first) {
		skip(s, f, "two logins of one consumer are needed to compare");
		return;
	}
	struct sv one = subject_id_token(first, f), other = one.p ? subject_id_token(s, f) : SV_NONE;
	if (!other.p)
		return;
	double apart = (double)(s->x->timing.started_ms - first->x->timing.ended_ms) / 1000;
	if (apart < 1) {
		skip(s, f, "the two exchanges are less than a second apart");
		return;
	}
	if (sv_eq(one, other)) {
		violated(s, f, expected, "the same id_token again, %.1f s after %s", apart, first->x->id);
		detail(f, NULL, "body /id_token", NULL);
		return;
	}
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		if (!read_times(first, s, claims[i], times, f))
			return;
		if (times[1] > times[0])
			continue;
		violated(s, f, expected, "%s is %s in %s, and %s in the token that came %.1f s later", claims[i],
		         times_date(s->a, times[0]), first->x->id, times_date(s->a, times[1]), apart);
		/* Minted anew, up to the end of a session that is not over yet: only after that end has a token to be later. */
		bool same_end = strcmp(claims[i], "exp") == 0 && times[1] == times[0];
		detail(f, same_end ? "same-exp" : NULL, arena_printf(s->a, "claim %s", claims[i]), NULL);
		return;
	}
	pass(s, f, "a new token, with later iat and exp");
}

/* --- renew.same-identity ------------------------------------------------------------------------------------------- */

static bool has_member(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), value))
			return true;
	return !json_is_array(list) && list && json_equal(list, value);
}

static bool holds_all(const json_t *list, const json_t *of)
{
	for (size_t i = 0; i < json_array_size(of); i++)
		if (!has_member(list, json_array_get(of, i)))
			return false;
	return json_is_array(of) || !of || has_member(list, of);
}

/* Claims of two tokens, aud in any order, and a string like a list of one. */
static bool is_same(const char *name, const json_t *one, const json_t *other)
{
	if (strcmp(name, "aud") == 0)
		return !one == !other && holds_all(one, other) && holds_all(other, one);
	if (json_is_number(one) && json_is_number(other))
		return json_number_value(one) == json_number_value(other);
	return one == other || (one && other && json_equal(one, other));
}

/* The consumer has another sub from login to login anyway, anywhere in the run. */
static bool sub_is_unstable(struct subject *s)
{
	const json_t *seen = NULL;
	size_t n;
	struct subject **logins = across_granted(s, s->all, s->nall, &n);

	for (size_t i = 0; i < n; i++) {
		struct finding unused = {0};
		const json_t *sub = json_object_get(subject_claims(logins[i], &unused), "sub");
		bool same = logins[i]->step && s->step &&
		            logins[i]->step->redeem.second_consumer == s->step->redeem.second_consumer;
		if (!sub || !same)
			continue;
		if (seen && !json_equal(seen, sub))
			return true;
		seen = sub;
	}
	return false;
}

static void judge_identity(struct subject *s, struct subject *first, bool refresh, struct finding *f)
{
	static const char *const names[] = {"iss", "sub", "aud", "auth_time"};
	const json_t *was = subject_claims(first, f), *is = was ? subject_claims(s, f) : NULL;

	if (!is)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const json_t *one = json_object_get(was, names[i]), *other = json_object_get(is, names[i]);
		bool auth_time = strcmp(names[i], "auth_time") == 0;
		/* Two codes are two logins, and a renewed token need not say when the login was. */
		if (is_same(names[i], one, other) || (auth_time && (!refresh || !other || !one)))
			continue;
		if (strcmp(names[i], "sub") == 0 && (!refresh || sub_is_unstable(s))) {
			skip_owned(s, f, "idtoken.sub.stable");
			return;
		}
		violated(s, f, arena_printf(s->a, "%s as in the token before: %s", names[i], shown(s, one)),
		         "%s is %s, and was %s in %s", names[i], shown(s, other), shown(s, one), first->x->id);
		detail(f, NULL, arena_printf(s->a, "claim %s", names[i]), NULL);
		return;
	}
	pass(s, f, "%s", refresh ? "iss, sub, aud and auth_time as at the login" : "iss, sub and aud as before");
}

CHECK(renew_same_identity, "renew.same-identity")
{
	bool refresh = refresh_sent(s).p != NULL;
	struct subject *first = refresh ? refresh_login(s) : login_before(s);

	if (!reply_answered(s, f))
		return;
	if (!first)
		skip(s, f,
		     refresh ? "no refresh token of this scenario was sent"
		             : "two logins of one consumer are needed to compare");
	else if (refresh && !subject_granted(s, &(struct finding){0}))
		skip_owned(s, f, "renew.refresh-grant");
	else if (refresh && !json_object_get(subject_raw_json(s)->value, "id_token"))
		skip(s, f, "the reply has no id_token, which may be left out here");
	else
		judge_identity(s, first, refresh, f);
}

/* --- renew.logged-out ---------------------------------------------------------------------------------------------- */

/* What stands before the query: the way through a login may lead to other places with parameters of their own. */
static struct sv without_query(struct sv url)
{
	long at = sv_find_char(url, '?');

	return at < 0 ? url : (struct sv){url.p, (size_t)at};
}

/* The parameter with which the authorization response brings a code or a token to the client, or NULL. */
static const char *brings(struct subject *s)
{
	static const char *const names[] = {"code", "id_token", "access_token", "token"};
	struct redirect r;

	if (!s->x || !s->x->authorize_url || !redirect_of(s->x, &r) ||
	    !sv_eq(r.base, without_query(url_parameter(s->a, s->x->authorize_url, "redirect_uri", 0))))
		return NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, names[i], 0).n > 0)
			return names[i];
	return NULL;
}

/* The logout before s; *asked is the authorization request without a login that stands right before it, or NULL. */
static struct subject *logout_before(struct subject *s, struct subject **asked)
{
	struct subject *logout = NULL, *last = NULL;

	*asked = NULL;
	for (size_t i = 0; i < s->nsiblings && s->siblings[i] != s; i++) {
		struct subject *o = s->siblings[i];
		if (is_kind(o, "logout")) {
			logout = o;
			*asked = last;
		} else if (is_kind(o, "authorize") && o->step && o->step->authorize.session == SESSION_KEPT) {
			last = o;
		}
	}
	return logout;
}

static const char *answer_text(struct subject *s)
{
	struct redirect r;
	struct sv error = redirect_of(s->x, &r) ? redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "error", 0) : SV_NONE;

	return error.n ? arena_printf(s->a, "error %.*s", (int)(error.n < 60 ? error.n : 60), error.p)
	               : arena_printf(s->a, "status %d", s->x->status);
}

static void judge_asking(struct subject *s, struct subject *asked, struct finding *f)
{
	const char *what = brings(s);

	if (what) {
		violated(s, f, "an error such as login_required, and nothing else, once the consumer has logged out",
		         "%s in the authorization response to a browser whose consumer has logged out", what);
		detail(f, NULL, "header Location", NULL);
	} else if (s->x->status >= 500) {
		cannot(s, f, "the authorization endpoint answered with status %d", s->x->status);
	} else if (!asked || !brings(asked)) {
		skip(s, f, "asking without a login brought no code before the logout either");
	} else {
		pass(s, f, "no code after the logout: %s", answer_text(s));
	}
}

/* A code was redeemed before the logout: a refusal behind it is about the logout. */
static bool codes_work(struct subject *s, const struct subject *logout)
{
	struct finding unused = {0};

	for (size_t i = 0; i < s->nsiblings && s->siblings[i] != logout; i++)
		if (is_kind(s->siblings[i], "token") && subject_granted(s->siblings[i], &unused))
			return true;
	return false;
}

static void judge_old_code(struct subject *s, const struct subject *logout, struct finding *f)
{
	struct finding unseen = {0};

	if (subject_granted(s, &unseen)) {
		violated(s, f, "a refusal: the consumer has logged out since the code was made",
		         "status %d and tokens for a code that was made before the logout", s->x->status);
		detail(f, "old-code", "status", NULL);
	} else if (unseen.kind == FINDING_ERROR) {
		*f = unseen;
	} else if (s->x->status >= 500) {
		skip(s, f, "status %d is no refusal, and brings no token either", s->x->status);
	} else if (!codes_work(s, logout)) {
		skip(s, f, "no code was redeemed before the logout, so this refusal says nothing");
	} else {
		pass(s, f, "a code from before the logout is refused: status %d", s->x->status);
	}
}

CHECK(renew_logged_out, "renew.logged-out")
{
	struct subject *asked, *logout = logout_before(s, &asked);

	if (!reply_answered(s, f))
		return;
	if (!logout || !logout->x)
		skip(s, f, "nobody was logged out before this");
	else if (logout->x->outcome != EXCHANGE_ANSWERED || logout->x->status >= 400)
		cannot(s, f, "the consumer could not be logged out: %s",
		       logout->x->trouble ? logout->x->trouble : arena_printf(s->a, "status %d", logout->x->status));
	else if (is_kind(s, "authorize"))
		judge_asking(s, asked, f);
	else
		judge_old_code(s, logout, f);
}
