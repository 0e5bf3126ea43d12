#include "checks/userinfo.h"

#include <string.h>

#include "checks/challenge.h"
#include "checks/document.h"
#include "checks/reply.h"
#include "checks/sent.h"

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

static bool is_kind(const struct subject *s, const char *kind)
{
	return s->x && s->x->kind && strcmp(s->x->kind, kind) == 0;
}

/* --- what belongs together ----------------------------------------------------------------------------------------- */

struct subject *userinfo_login(struct subject *s)
{
	struct sv token = sent_credentials(s->x, "Bearer");

	for (size_t i = 0; token.n > 0 && i < s->nsiblings; i++) {
		struct finding unused = {0};
		struct subject *o = s->siblings[i];
		if (is_kind(o, "token") &&
		    sv_eq(token, text_of(json_object_get(subject_body(o, &unused), "access_token"))))
			return o;
	}
	return NULL;
}

const json_t *userinfo_claims(struct subject *s, struct finding *f)
{
	if (!reply_answered(s, f))
		return NULL;
	const json_t *claims = s->x->status == 200 ? subject_raw_json(s)->value : NULL;
	if (json_is_object(claims) && json_string_length(json_object_get(claims, "sub")) > 0)
		return claims;
	skip_owned(s, f, "ui.ok");
	return NULL;
}

/* --- ui.ok --------------------------------------------------------------------------------------------------------- */

static const char ok_expected[] = "status 200, Content-Type application/json and a JSON object with sub";

/* A JWT: legal where it was agreed (OpenID Connect Core §5.3.2), and nothing of that kind can be agreed with LivePerson. */
static bool is_signed(struct subject *s)
{
	struct sv type = reply_media_type(s->x);

	return sv_eq_nocase(type, SV("application/jwt"));
}

static void judge_claims(struct subject *s, struct finding *f)
{
	const json_t *claims = subject_raw_json(s)->value, *sub = json_object_get(claims, "sub");
	const char *problem;

	if ((problem = document_problem(s))) {
		violated(s, f, ok_expected, "%s", problem);
		detail(f, NULL, "body", NULL);
	} else if (!json_is_object(claims)) {
		violated(s, f, ok_expected, "the body is %s", shown(s, claims));
		detail(f, NULL, "body", NULL);
	} else if (!document_is_json(s, &problem)) {
		violated(s, f, ok_expected, "%s", problem);
		detail(f, NULL, "header Content-Type", NULL);
	} else if (json_string_length(sub) == 0) {
		violated(s, f, ok_expected, sub ? "sub is %s" : "there is no sub%s", sub ? shown(s, sub) : "");
		detail(f, NULL, sub ? "body /sub" : "body",
		       json_is_number(sub) ? "put the number into quotation marks: ids are strings" : NULL);
	} else {
		pass(s, f, "%zu claims", json_object_size(claims));
	}
}

CHECK(ui_ok, "ui.ok")
{
	if (!reply_answered(s, f))
		return;
	if (!userinfo_login(s)) {
		skip(s, f, "the access token that was shown is none of this scenario's");
	} else if (s->x->status != 200) {
		violated(s, f, ok_expected, "status %d", s->x->status);
		detail(f, NULL, "status", NULL);
	} else if (s->x->broken_off || s->x->body_cut) {
		cannot(s, f, "not all of the reply is there: %s",
		       s->x->trouble ? s->x->trouble : "it is longer than what was kept");
	} else if (is_signed(s)) {
		violated(s, f, ok_expected, "the claims come as a JWT (application/jwt), which was not agreed");
		detail(f, "jwt", "header Content-Type", NULL);
	} else {
		judge_claims(s, f);
	}
}

/* --- ui.sub-match -------------------------------------------------------------------------------------------------- */

/* The sub of the id_token that came with the access token; NULL with f set. */
static const json_t *sub_of_login(struct subject *s, struct finding *f)
{
	struct subject *login = userinfo_login(s);

	if (!login) {
		skip(s, f, "the access token that was shown is none of this scenario's");
		return NULL;
	}
	const json_t *claims = subject_claims(login, f);
	if (!claims)
		return NULL;
	if (json_string_length(json_object_get(claims, "sub")) > 0)
		return json_object_get(claims, "sub");
	skip_owned(s, f, "idtoken.sub.valid");
	return NULL;
}

CHECK(ui_sub_match, "ui.sub-match")
{
	const json_t *claims = userinfo_claims(s, f);
	const json_t *sub = json_object_get(claims, "sub"), *want = claims ? sub_of_login(s, f) : NULL;

	if (!want)
		return;
	if (sv_eq(text_of(sub), text_of(want))) {
		pass(s, f, "the sub of the id_token");
		return;
	}
	violated(s, f, arena_printf(s->a, "the sub of the id_token, %s", shown(s, want)), "sub is %s", shown(s, sub));
	detail(f, NULL, "body /sub", NULL);
}

/* --- ui.methods ---------------------------------------------------------------------------------------------------- */

/* The GET that showed the same token, or NULL. */
static struct subject *get_before(struct subject *s)
{
	struct sv token = sent_credentials(s->x, "Bearer");

	for (size_t i = 0; token.n > 0 && i < s->nsiblings; i++) {
		struct subject *o = s->siblings[i];
		if (is_kind(o, "userinfo") && o != s && strcmp(o->x->method, "GET") == 0 &&
		    sv_eq(token, sent_credentials(o->x, "Bearer")))
			return o;
	}
	return NULL;
}

/* The first standard claim that the two replies do not have in common, or NULL. */
static const char *different_claim(const json_t *one, const json_t *other)
{
	if (!userinfo_same(json_object_get(one, "sub"), json_object_get(other, "sub")))
		return "sub";
	for (const struct standard_claim *c = standard_claims; c->name; c++)
		if (!userinfo_same(json_object_get(one, c->name), json_object_get(other, c->name)))
			return c->name;
	return NULL;
}

CHECK(ui_methods, "ui.methods")
{
	static const char expected[] = "the same claims by GET and by POST";
	struct subject *get = get_before(s);
	const json_t *want, *have;
	struct finding unread = {0};

	if (!reply_answered(s, f))
		return;
	if (!get) {
		skip(s, f, "there is no GET with the same token to compare with");
		return;
	}
	if (!(want = userinfo_claims(get, f)))
		return;
	if (s->x->status != 200) {
		violated(s, f, expected, "POST is answered with status %d", s->x->status);
		detail(f, NULL, "status", NULL);
	} else if (!(have = userinfo_claims(s, &unread))) {
		violated(s, f, expected, "POST is answered with status 200, but without claims");
		detail(f, NULL, "body", NULL);
	} else if (different_claim(want, have)) {
		const char *name = different_claim(want, have);
		violated(s, f, expected, "%s is %s by GET, and %s by POST", name, shown(s, json_object_get(want, name)),
		         shown(s, json_object_get(have, name)));
		detail(f, NULL, arena_printf(s->a, "body /%s", name), NULL);
	} else {
		pass(s, f, "the same claims by GET and by POST");
	}
}

/* --- ui.invalid-token ---------------------------------------------------------------------------------------------- */

/* A good token is honoured: otherwise a refusal says nothing. */
static bool good_token_works(struct subject *s, struct finding *f)
{
	for (size_t i = 0; i < s->nsiblings; i++) {
		struct finding unused = {0};
		struct subject *o = s->siblings[i];
		if (!is_kind(o, "userinfo") || !userinfo_login(o))
			continue;
		if (!reply_answered(o, f))
			return false;
		if (userinfo_claims(o, &unused) || (o->x->status == 200 && is_signed(o)))
			return true;
		skip_owned(s, f, "ui.ok");
		return false;
	}
	skip(s, f, "no good access token was shown beside this one, so its refusal would say nothing");
	return false;
}

/* The value of a parameter of the Bearer challenge, without its quotes. */
static struct sv challenge_error(struct subject *s)
{
	struct sv value = reply_header(s, "WWW-Authenticate");
	long at;

	for (; (at = sv_find(value, SV("error"))) >= 0;
	     value = (struct sv){value.p + at + 5, value.n - (size_t)at - 5}) {
		struct sv rest = sv_trim((struct sv){value.p + at + 5, value.n - (size_t)at - 5});
		if (rest.n == 0 || rest.p[0] != '=')
			continue;
		rest = sv_trim((struct sv){rest.p + 1, rest.n - 1});
		bool quoted = rest.n > 0 && rest.p[0] == '"';
		size_t from = quoted ? 1 : 0, i = from;
		while (i < rest.n && (quoted ? rest.p[i] != '"' : !strchr(", \t", rest.p[i] ? rest.p[i] : ' ')))
			i++;
		return (struct sv){rest.p + from, i - from};
	}
	return SV_NONE;
}

static bool has_bearer_challenge(struct subject *s)
{
	const char *problem;
	size_t n;
	const struct challenge *c = challenges_read(s, &n, &problem);

	for (size_t i = 0; i < n; i++)
		if (sv_eq_nocase(c[i].scheme, SV("Bearer")))
			return true;
	return false;
}

static void judge_refusal(struct subject *s, bool shown_token, struct finding *f)
{
	static const char expected[] = "status 401 with WWW-Authenticate: Bearer";
	struct sv header = reply_header(s, "WWW-Authenticate"), error = challenge_error(s);
	int status = s->x->status;

	if (status != 401) {
		violated(s, f, expected, "%s is answered with status %d", shown_token ? "a bad token" : "no token",
		         status);
		detail(f, !shown_token && status == 400 ? "no-token-400" : NULL, "status", NULL);
	} else if (!has_bearer_challenge(s)) {
		violated(s, f, expected, header.p ? "WWW-Authenticate: %.*s" : "there is no WWW-Authenticate%.*s",
		         SV_ARG(header));
		detail(f, NULL, "header WWW-Authenticate", NULL);
	} else if (shown_token && !sv_eq(error, SV("invalid_token"))) {
		violated(s, f, "error=\"invalid_token\" in the challenge",
		         error.p ? "error is '%.*s'" : "there is no error%.*s", SV_ARG(error));
		detail(f, "error", "header WWW-Authenticate", NULL);
	} else {
		pass(s, f, "status 401 with a Bearer challenge");
	}
}

CHECK(ui_invalid_token, "ui.invalid-token")
{
	struct sv token = sent_credentials(s->x, "Bearer");

	if (!reply_answered(s, f))
		return;
	if (userinfo_login(s)) /* a brand whose access token is the id_token itself */
		skip(s, f, "this is a good access token of this login");
	else if (good_token_works(s, f))
		judge_refusal(s, token.n > 0, f);
}
