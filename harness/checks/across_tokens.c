#include <string.h>

#include "checks/across.h"
#include "checks/capacity.h"
#include "checks/check.h"
#include "checks/tokens.h"

/* What must differ from token to token, over the whole run. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* --- jti: RFC 7519 §4.1.7 ------------------------------------------------------------------------------------------ */

struct jtis {
	struct subject **who;
	struct sv *v;
	size_t n, tokens;
};

/* False when one of them is no jti at all: f is then set. */
static bool read_jtis(struct subject *s, struct jtis *ret, struct finding *f)
{
	size_t n;
	struct subject **granted = across_granted(s, s->all, s->nall, &n);

	*ret = (struct jtis){.who = arena_array(s->a, n, sizeof *ret->who), .v = arena_array(s->a, n, sizeof *ret->v)};
	for (size_t i = 0; i < n; i++) {
		struct finding unused = {0};
		const json_t *claims = subject_claims(granted[i], &unused), *jti = json_object_get(claims, "jti");
		ret->tokens += claims != NULL;
		if (!jti)
			continue;
		if (json_string_length(jti) == 0) {
			violated(s, f, "jti: a string that no other token has", "jti is %s in the id_token of %s",
			         shown(s, jti), granted[i]->x->id);
			detail(f, NULL, "claim jti",
			       json_is_number(jti) ? "put the number into quotation marks" : NULL);
			return false;
		}
		ret->who[ret->n] = granted[i];
		ret->v[ret->n++] = text_of(jti);
	}
	return true;
}

CHECK(idtoken_jti, "idtoken.jti")
{
	struct jtis all;

	if (!read_jtis(s, &all, f))
		return;
	for (size_t i = 0; i < all.n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (!sv_eq(all.v[k], all.v[i]))
				continue;
			violated(s, f, "jti: a string that no other token has", "the id_tokens of %s have the same jti",
			         across_pair(all.who[k], all.who[i]));
			detail(f, NULL, "claim jti", NULL);
			return;
		}
	}
	if (all.n == 0)
		skip(s, f, all.tokens ? "there is no jti: it is optional" : "no id_token of the run could be read");
	else if (all.n == 1)
		skip(s, f, "only one id_token with jti: two are needed to compare");
	else
		pass(s, f, "%zu id_tokens, no jti twice", all.n);
}

/* --- access tokens: RFC 6749 §10.3, §10.10 ------------------------------------------------------------------------- */

struct access_tokens {
	struct subject **who;
	struct sv *v;
	size_t n;
};

static void read_access_tokens(struct subject *s, struct access_tokens *ret)
{
	size_t n;
	struct subject **granted = across_granted(s, s->all, s->nall, &n);

	*ret = (struct access_tokens){.who = arena_array(s->a, n, sizeof *ret->who),
	                              .v = arena_array(s->a, n, sizeof *ret->v)};
	for (size_t i = 0; i < n; i++) {
		struct finding unused = {0};
		const json_t *token = json_object_get(subject_body(granted[i], &unused), "access_token");
		if (json_string_length(token) == 0)
			continue;
		ret->who[ret->n] = granted[i];
		ret->v[ret->n++] = text_of(token);
	}
}

/* Nobody at LivePerson uses the token where there is no userinfo endpoint. */
static const char *weight_of(const struct subject *s, bool uuid)
{
	return !s->run->userinfo_endpoint ? "no-userinfo" : uuid ? "uuid" : NULL;
}

CHECK(token_access_token_unguessable, "token.access-token.unguessable")
{
	static const char expected[] = "access tokens that differ from each other and hold 128 random bits";
	struct access_tokens all;
	struct capacity c;

	read_access_tokens(s, &all);
	if (all.n < 2) {
		skip(s, f, "%s: two are needed to compare", all.n ? "only one access_token" : "no access_token");
		return;
	}
	for (size_t i = 0; i < all.n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (!sv_eq(all.v[k], all.v[i]))
				continue;
			violated(s, f, expected, "%s got the same access_token", across_pair(all.who[k], all.who[i]));
			detail(f, weight_of(s, false), "body /access_token", NULL);
			return;
		}
	}
	if (tokens_jwt(s->a, all.v[0]).p) {
		pass(s, f, "%zu access tokens, all different, signed or encrypted each", all.n);
		return;
	}
	capacity_estimate(all.v, all.n, &c);
	if (c.bits >= CAPACITY_WANTED) {
		pass(s, f, "%zu access tokens, all different, of up to %zu characters", all.n, c.length);
		return;
	}
	violated(s, f, expected, "%zu varying characters (%s) hold %.0f bits at most", c.varying, c.alphabet, c.bits);
	detail(f, weight_of(s, c.uuid), "body /access_token", NULL);
}
