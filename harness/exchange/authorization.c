#include "exchange/authorization.h"

#include <string.h>

#include "core/limits.h"
#include "evidence/redirect.h"
#include "exchange/pairs.h"
#include "exchange/pkce.h"
#include "exchange/random.h"

#define STATE_BYTES 32 /* 43 characters */
#define NONCE_BYTES 48 /* 64 characters */

const char *authorization_window(const struct target *t)
{
	return t->authorization.redirect_uri ? t->authorization.redirect_uri : t->redirect_uri;
}

static bool asks_for_code(const struct authorize *step)
{
	return !step->response_type || strcmp(step->response_type, "code") == 0;
}

/* What nobody changed. `v` is given state and nonce, *verifier what belongs to the challenge. */
static int add_defaults(struct arena *a, const struct authorization_input *in, struct template_values *v,
                        struct pairs *list, char **verifier, struct err *e)
{
	const struct target *t = in->target;
	const char *scope = t->authorization.scope ? t->authorization.scope : "openid";

	v->state = random_text(a, STATE_BYTES, e);
	v->nonce = random_text(a, NONCE_BYTES, e);
	if (!v->state || !v->nonce)
		return -1;
	pairs_add(a, list, SV("response_type"), sv_of(in->step->response_type ? in->step->response_type : "code"));
	pairs_add(a, list, SV("client_id"), sv_of(t->client.id));
	pairs_add(a, list, SV("redirect_uri"), sv_of(authorization_window(t)));
	if (*scope)
		pairs_add(a, list, SV("scope"), sv_of(scope));
	pairs_add(a, list, SV("state"), sv_of(v->state));
	pairs_add(a, list, SV("nonce"), sv_of(v->nonce));
	if (t->pkce != PKCE_NONE && asks_for_code(in->step)) {
		*verifier = pkce_verifier(a, 0, e);
		const char *challenge = *verifier ? pkce_challenge(a, *verifier, e) : NULL;
		if (!challenge)
			return -1;
		pairs_add(a, list, SV("code_challenge"), sv_of(challenge));
		pairs_add(a, list, SV("code_challenge_method"), SV("S256"));
	}
	for (size_t i = 0; i < t->authorization.parameters.n; i++)
		pairs_add(a, list, sv_of(t->authorization.parameters.v[i].name),
		          sv_of(t->authorization.parameters.v[i].value));
	return 0;
}

static const char *text_of(struct arena *a, struct sv s)
{
	return s.p ? arena_sv(a, s) : NULL;
}

int authorization_make(struct arena *a, const struct authorization_input *in, struct authorization_request *ret,
                       struct err *e)
{
	const struct authorize *step = in->step;
	const char *endpoint = in->target->authorization.endpoint;
	struct template_values v = {.target = in->target,
	                            .redirect_uri = in->target->redirect_uri,
	                            .saved = in->saved,
	                            .saved_self = in->saved_self};
	const struct pairs_changes changes = {.remove = step->remove, .set = &step->set, .add = &step->add};
	struct pairs list = {0};
	struct buf url = {.cap = LIMIT_AUTHORIZE_URL};
	char *verifier = NULL;

	if (!endpoint)
		return err_input(e, "the target file does not say 'authorization'");
	if (add_defaults(a, in, &v, &list, &verifier, e) < 0 || pairs_change(a, &list, &changes, &v, e) < 0)
		return -1;
	buf_add_text(&url, endpoint);
	buf_add_char(&url, strchr(endpoint, '?') ? '&' : '?');
	pairs_form(&list, &url);
	*ret = (struct authorization_request){.url = arena_sv(a, buf_sv(&url))};
	bool full = url.full;
	buf_release(&url);
	if (full)
		return err_input(e, "the authorization request is larger than %d bytes", LIMIT_AUTHORIZE_URL);
	ret->redirect_uri = text_of(a, url_parameter(a, ret->url, "redirect_uri", 0));
	ret->nonce = text_of(a, url_parameter(a, ret->url, "nonce", 0));
	if (url_parameter(a, ret->url, "code_challenge", 0).p)
		ret->code_verifier = verifier;
	return 0;
}

bool authorization_code(struct arena *a, const struct target *t, const struct authorization_request *sent,
                        const struct exchange *x, struct code *ret)
{
	struct redirect r;

	if (!redirect_of(x, &r))
		return false;
	struct sv code = redirect_parameter(a, &r, REDIRECT_ANYWHERE, "code", 0);
	if (!code.n || sv_find_char(code, '\0') >= 0)
		return false;
	*ret = (struct code){.code = code, .nonce = sent->nonce, .code_verifier = sent->code_verifier};
	if (t->connector == CONNECTOR_OPENID)
		ret->redirect_uri = t->redirect_uri;
	else
		ret->redirect_uri = sent->redirect_uri ? sent->redirect_uri : authorization_window(t);
	return true;
}
