#include "codes/landing.h"

#include <string.h>

#include "codes/origin.h"
#include "core/buf.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/redirect.h"
#include "exchange/random.h"

#define STATE_BYTES 32 /* 43 characters */
#define NONCE_BYTES 48 /* 64 */
#define SHOWN_ERROR 60

static void add(struct buf *url, const char *name, const char *value)
{
	bool first = !strchr(url->p, '?');

	if (first || url->p[url->n - 1] != '?')
		buf_add_char(url, first ? '?' : '&');
	form_encode(url, sv_of(name));
	buf_add_char(url, '=');
	form_encode(url, sv_of(value));
}

/* What LivePerson asks for in the implicit flow of each connector, unless the brand has only the other. */
static const char *response_type(const struct target *t, enum wanted wanted)
{
	const struct authorization *a = &t->authorization;

	if (wanted == WANTED_CODE)
		return "code";
	if (t->connector == CONNECTOR_OPENID)
		return a->token || !a->id_token ? "token" : "id_token";
	return a->id_token || !a->token ? "id_token" : "token";
}

static bool asks_for_id_token(const struct authorization *a)
{
	struct sv word;

	for (struct sv rest = sv_of(a->scope); sv_cut(&rest, ' ', &word);)
		if (sv_eq(word, SV("openid")))
			return true;
	return false;
}

int landing_make(struct arena *a, const struct supplying *s, const struct code_wish *wish, const char *redirect_uri,
                 struct landing *ret, struct err *e)
{
	const struct target *t = s->target;
	const struct authorization *to = &t->authorization;
	struct buf url = {.cap = LIMIT_TEMPLATE};

	*ret = (struct landing){.wanted = s->wanted,
	                        .redirect_uri = redirect_uri       ? redirect_uri
	                                        : to->redirect_uri ? to->redirect_uri
	                                                           : t->redirect_uri,
	                        .state = random_text(a, STATE_BYTES, e),
	                        .nonce = random_text(a, NONCE_BYTES, e),
	                        .openid = s->wanted == WANTED_TOKEN || asks_for_id_token(to)};
	if (!ret->state || !ret->nonce)
		return -1;
	ret->code_redirect_uri = t->connector == CONNECTOR_OPENID ? t->redirect_uri : ret->redirect_uri;
	buf_add_text(&url, to->endpoint);
	add(&url, "response_type", response_type(t, s->wanted));
	add(&url, "client_id", wish->encoded_client ? t->encoded_client.id : t->client.id);
	add(&url, "redirect_uri", ret->redirect_uri);
	if (to->scope && *to->scope)
		add(&url, "scope", to->scope);
	add(&url, "state", ret->state);
	add(&url, "nonce", ret->nonce);
	if (wish->code_challenge) {
		add(&url, "code_challenge", wish->code_challenge);
		add(&url, "code_challenge_method", "S256");
	}
	for (size_t i = 0; i < to->parameters.n; i++)
		add(&url, to->parameters.v[i].name, to->parameters.v[i].value);
	ret->url = arena_sv(a, buf_sv(&url));
	buf_release(&url);
	return 0;
}

static struct sv parameter(struct arena *a, const struct redirect *r, const char *name)
{
	return redirect_parameter(a, r, REDIRECT_ANYWHERE, name, 0);
}

bool landing_is_answer(struct arena *a, struct sv url)
{
	static const char *const names[] = {"code", "id_token", "token", "access_token", "error"};
	struct redirect r;

	redirect_split(url, &r);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (parameter(a, &r, names[i]).p)
			return true;
	return false;
}

/* Three or five parts: a JWS or a JWE (RFC 7515 §7.1, RFC 7516 §7.1). */
static bool is_jose(struct sv text)
{
	size_t dots = 0;

	for (size_t i = 0; i < text.n; i++)
		dots += text.p[i] == '.';
	return dots == 2 || dots == 4;
}

/* LivePerson's window takes the JWT under any of these names; one that holds something else is told as it is. */
static struct sv find_token(struct arena *a, const struct redirect *r)
{
	static const char *const names[] = {"id_token", "token", "code"};
	struct sv any = SV_NONE;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sv value = parameter(a, r, names[i]);
		if (is_jose(value))
			return value;
		if (!any.n && strcmp(names[i], "code") != 0)
			any = value;
	}
	return any;
}

int landing_take(struct arena *a, const struct landing *l, struct sv url, struct code *ret, struct err *e)
{
	struct redirect r;

	redirect_split(url, &r);
	if (!url_leads_to(url, l->redirect_uri))
		return err_trouble(e, "'%s' is not the redirect_uri '%s'", url_shown(a, url),
		                   text_excerpt(a, sv_of(l->redirect_uri), 200));
	struct sv error = parameter(a, &r, "error"), state = parameter(a, &r, "state");
	if (error.p)
		return err_trouble(e, "the authorization endpoint answered with error '%s'",
		                   text_excerpt(a, error, SHOWN_ERROR));
	if (!state.p)
		return err_trouble(e, "the redirect to the client has no 'state', and one was sent");
	if (!sv_eq(state, sv_of(l->state)))
		return err_trouble(e, "the redirect to the client has another 'state' than was sent");
	bool code = l->wanted == WANTED_CODE;
	struct sv value = code ? parameter(a, &r, "code") : find_token(a, &r);
	if (!value.p)
		return err_trouble(e, "the redirect to the client has no %s",
		                   code ? "'code'" : "'id_token' or 'token'");
	*ret = (struct code){.code = value, .nonce = l->openid ? l->nonce : NULL};
	if (code)
		ret->redirect_uri = l->code_redirect_uri;
	return wanted_check(l->wanted, value, "the redirect to the client has", e);
}
