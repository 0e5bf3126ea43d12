#include "commands/step_words.h"

#include <string.h>

#include "core/text.h"

#define SHOWN 60

struct words {
	struct arena *a;
	char *text;
};

static void add(struct words *w, const char *more)
{
	w->text = arena_printf(w->a, "%s%s%s", w->text, *w->text ? ", " : "", more);
}

static const char *quoted(struct words *w, const char *value)
{
	return arena_printf(w->a, "'%s'", text_excerpt(w->a, sv_of(value), SHOWN));
}

static void add_fields(struct words *w, const struct fields *f, const char *format)
{
	for (size_t i = 0; i < f->n; i++)
		add(w, arena_printf(w->a, "%s %s %s", format, f->v[i].name, quoted(w, f->v[i].value)));
}

static void add_removed(struct words *w, const char **names, const char *what)
{
	for (; names && *names; names++)
		add(w, arena_printf(w->a, "without the %s %s", what, *names));
}

static const char *code_words(struct words *w, const struct redeem *r)
{
	static const char *const kinds[] = {
	        [CODE_VALID] = "a fresh code",
	        [CODE_EXPIRED] = "a code past its lifetime",
	        [CODE_UNKNOWN] = "a code that was never issued",
	        [CODE_NONE] = "no code",
	};

	if (r->code == CODE_TEXT)
		return arena_printf(w->a, "the code %s", quoted(w, r->code_text));
	return kinds[r->code];
}

static void add_client(struct words *w, const struct redeem *r)
{
	static const char *const ways[] = {
	        [SEND_AUTH_BASIC] = "credentials in the Authorization header",
	        [SEND_AUTH_POST] = "credentials in the form",
	        [SEND_AUTH_BOTH] = "credentials both in the header and in the form",
	        [SEND_AUTH_NONE] = "no credentials",
	};

	if (r->second_consumer)
		add(w, "of the second test consumer");
	if (r->encoded_client)
		add(w, "as the client whose secret needs encoding");
	if (r->pkce == SEND_PKCE_S256)
		add(w, "from a request with a PKCE challenge");
	if (r->pkce == SEND_PKCE_NONE)
		add(w, "from a request without a PKCE challenge");
	if (r->verifier_length)
		add(w, arena_printf(w->a, "a code_verifier of %d characters", r->verifier_length));
	if (r->authentication != SEND_AUTH_TARGET)
		add(w, ways[r->authentication]);
	if (r->basic_encoding != SEND_BASIC_TARGET)
		add(w, r->basic_encoding == SEND_BASIC_RAW ? "id and secret as they are in Basic"
		                                           : "id and secret form-encoded in Basic");
	if (r->client_id)
		add(w, arena_printf(w->a, "as client %s", quoted(w, r->client_id)));
	if (r->client_secret)
		add(w, arena_printf(w->a, "with the secret %s", quoted(w, r->client_secret)));
}

static void add_redeem(struct words *w, const struct redeem *r)
{
	add(w, code_words(w, r));
	if (r->ordinary && r->code == CODE_VALID)
		add(w, "exactly as LivePerson sends it");
	add_client(w, r);
	if (r->plain_http)
		add(w, "in clear text over http");
	if (r->http != SEND_HTTP_ANY)
		add(w, r->http == SEND_HTTP_2 ? "over HTTP/2" : "over HTTP/1.1 alone");
	if (r->method)
		add(w, arena_printf(w->a, "method %s", r->method));
	if (r->content_type)
		add(w, *r->content_type ? arena_printf(w->a, "Content-Type %s", r->content_type) : "no Content-Type");
	add_fields(w, &r->form_set, "with the parameter");
	add_fields(w, &r->form_add, "with once more the parameter");
	add_removed(w, r->form_remove, "parameter");
	add_fields(w, &r->query, "with in the URL");
	add_fields(w, &r->header_set, "with the header");
	add_fields(w, &r->header_add, "with once more the header");
	add_removed(w, r->header_remove, "header");
	if (r->body)
		add(w, arena_printf(w->a, "with the body %s", quoted(w, r->body)));
	if (r->times > 1)
		add(w, arena_printf(w->a, "%d times at the same instant", r->times));
}

static void add_userinfo(struct words *w, const struct userinfo *u)
{
	add(w, u->access_token ? arena_printf(w->a, "asks the userinfo endpoint with the access token %s",
	                                      quoted(w, u->access_token))
	                       : "asks the userinfo endpoint without an access token");
	if (u->method == USERINFO_POST)
		add(w, "method POST");
}

static void add_authorize(struct words *w, const struct authorize *az)
{
	const char *wanted = !az->response_type ? "a code" : *az->response_type == 't' ? "a token" : "an id_token";
	const char *who = az->second_consumer ? "second test consumer" : "consumer";

	switch (az->session) {
	case SESSION_LOGIN:
		add(w, arena_printf(w->a, "sends the %s through the login for %s", who, wanted));
		break;
	case SESSION_DENY:
		add(w, arena_printf(w->a, "sends the consumer through the login for %s, and has the consumer refuse",
		                    wanted));
		break;
	case SESSION_NONE:
		add(w,
		    arena_printf(w->a, "asks the authorization endpoint for %s, as a browser without cookies", wanted));
		break;
	case SESSION_KEPT:
		add(w,
		    arena_printf(w->a, "asks the authorization endpoint for %s, in the session that was begun before",
		                 wanted));
		break;
	}
	if (az->ordinary)
		add(w, "exactly as LivePerson does");
	add_fields(w, &az->set, "with the parameter");
	add_fields(w, &az->add, "with once more the parameter");
	add_removed(w, az->remove, "parameter");
}

static void add_handshake(struct words *w, const struct handshake *h)
{
	static const char *const versions[] = {
	        [HANDSHAKE_TLS_1_0] = "TLS 1.0",
	        [HANDSHAKE_TLS_1_1] = "TLS 1.1",
	        [HANDSHAKE_TLS_1_2] = "TLS 1.2",
	        [HANDSHAKE_TLS_1_3] = "TLS 1.3",
	};

	add(w, "makes a TLS handshake with the token endpoint");
	if (h->version != HANDSHAKE_ANY)
		add(w, arena_printf(w->a, "with nothing but %s on offer", versions[h->version]));
	if (h->weak_ciphers)
		add(w, "with nothing but weak cipher suites on offer");
}

char *step_words(struct arena *a, const struct step *s)
{
	struct words w = {.a = a, .text = arena_text(a, "")};
	const char *of_whom = s->second_consumer ? "second test consumer" : "consumer";

	switch (s->kind) {
	case STEP_REDEEM:
		add_redeem(&w, &s->redeem);
		break;
	case STEP_USERINFO:
		add_userinfo(&w, &s->userinfo);
		break;
	case STEP_AUTHORIZE:
		add_authorize(&w, &s->authorize);
		break;
	case STEP_TOKEN:
		add(&w, arena_printf(a, "takes a token of the %s as a page or an app hands it over", of_whom));
		break;
	case STEP_FETCH:
		add(&w, s->fetch == FETCHED_JWKS ? "downloads the JWKS" : "downloads the discovery document");
		break;
	case STEP_HANDSHAKE:
		add_handshake(&w, &s->handshake);
		break;
	case STEP_LOGOUT:
		add(&w, arena_printf(a, "logs the %s out", of_whom));
		break;
	case STEP_KIND_COUNT:
		break;
	}
	if (s->wait_ms)
		add(&w, arena_printf(a, "%g s after the step before", (double)s->wait_ms / 1000));
	return w.text;
}
