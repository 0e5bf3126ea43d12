#include "exchange/prepare.h"

#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/version.h"
#include "exchange/pairs.h"
#include "exchange/random.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define MADE_UP_SECRET 32
#define USER_AGENT "brandcert/" BRANDCERT_VERSION

/* What one call works with. */
struct making {
	struct arena *a;
	const struct target *target;
	const struct redeem *redeem;
	const struct code *code; /* never NULL; without code.p none is sent */
	struct template_values values;
	struct err *e;
};

static int filled(struct making *m, const struct field *f, struct pair *ret)
{
	ret->name = sv_of(f->name);
	return template_fill(m->a, &m->values, f->value, &ret->value, m->e);
}

/* RFC 9110 §5.6.2 */
static bool is_token(struct sv s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool alnum = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!alnum && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
			return false;
	}
	return s.n > 0;
}

/* Nobody's secret, as long as a real one: what goes out in clear text. */
static int made_up_secret(struct making *m, struct sv *ret)
{
	struct buf out = {.cap = MADE_UP_SECRET};
	int result = random_characters(&out, MADE_UP_SECRET, m->e);

	*ret = arena_svdup(m->a, buf_sv(&out));
	buf_release(&out);
	return result;
}

static int client(struct making *m, struct sv *id, struct sv *secret)
{
	const char *wanted[2] = {m->redeem->client_id, m->redeem->client_secret};
	const char *given[2] = {m->values.client->id, m->values.client->secret};
	struct sv *ret[2] = {id, secret};

	for (int i = 0; i < 2; i++) {
		if (!wanted[i])
			*ret[i] = given[i] ? sv_of(given[i]) : SV("");
		else if (template_fill(m->a, &m->values, wanted[i], ret[i], m->e) < 0)
			return -1;
	}
	return m->redeem->plain_http ? made_up_secret(m, secret) : 0;
}

static bool sends_basic(const struct making *m)
{
	enum send_auth how = m->redeem->authentication;

	return how == SEND_AUTH_BASIC || how == SEND_AUTH_BOTH ||
	       (how == SEND_AUTH_TARGET && m->target->client.authentication == CLIENT_SECRET_BASIC);
}

static bool sends_post(const struct making *m)
{
	enum send_auth how = m->redeem->authentication;

	return how == SEND_AUTH_POST || how == SEND_AUTH_BOTH ||
	       (how == SEND_AUTH_TARGET && m->target->client.authentication == CLIENT_SECRET_POST);
}

/* RFC 6749 §4.1.3, §2.3.1 and RFC 7636 §4.5, then what the scenario changes: remove, set, add. */
static int make_form(struct making *m, struct pairs *form)
{
	const struct redeem *r = m->redeem;
	struct sv id, secret;

	pairs_add(m->a, form, SV("grant_type"), SV("authorization_code"));
	if (m->code->code.p)
		pairs_add(m->a, form, SV("code"), m->code->code);
	pairs_add(m->a, form, SV("redirect_uri"), sv_of(m->values.redirect_uri));
	if (m->code->code_verifier)
		pairs_add(m->a, form, SV("code_verifier"), sv_of(m->code->code_verifier));
	if (sends_post(m)) {
		if (client(m, &id, &secret) < 0)
			return -1;
		pairs_add(m->a, form, SV("client_id"), id);
		pairs_add(m->a, form, SV("client_secret"), secret);
	}
	return pairs_change(m->a, form,
	                    &(struct pairs_changes){.remove = r->form_remove, .set = &r->form_set, .add = &r->form_add},
	                    &m->values, m->e);
}

static int make_body(struct making *m, struct sv *ret)
{
	struct pairs form = {0};
	struct buf out = {.cap = (size_t)LIMIT_SENT_BODY + 1};

	if (m->redeem->body)
		return template_fill(m->a, &m->values, m->redeem->body, ret, m->e);
	if (make_form(m, &form) < 0)
		return -1;
	pairs_form(&form, &out);
	*ret = arena_svdup(m->a, buf_sv(&out));
	buf_release(&out);
	if (ret->n > LIMIT_SENT_BODY)
		return err_input(m->e, "the request body is larger than %d bytes", LIMIT_SENT_BODY);
	return 0;
}

/*
 * Both halves are form-encoded first, so that a ':' or a letter beyond ASCII survives: RFC 6749 §2.3.1. Most providers do
 * not undo that, and a target file may say so; the client with a secret that needs it shows whether it is true.
 */
static int basic_credentials(struct making *m, struct sv *ret)
{
	struct sv id, secret;

	if (client(m, &id, &secret) < 0)
		return -1;
	enum send_basic how = m->redeem->basic_encoding;
	bool raw = how == SEND_BASIC_TARGET ? m->target->client.raw_basic && !m->redeem->encoded_client
	                                    : how == SEND_BASIC_RAW;
	const char *pair = raw ? arena_printf(m->a, "%s:%s", arena_sv(m->a, id), arena_sv(m->a, secret))
	                       : arena_printf(m->a, "%s:%s", form_encoded(m->a, id), form_encoded(m->a, secret));
	*ret = sv_of(arena_printf(m->a, "Basic %s", base64_encode(m->a, BASE64_STANDARD, sv_of(pair))));
	return 0;
}

static int check_header(struct making *m, struct pair p)
{
	if (!is_token(p.name))
		return err_input(m->e, "'%.*s' is not a header name", SV_ARG(p.name));
	if (sv_find_char(p.value, '\r') >= 0 || sv_find_char(p.value, '\n') >= 0 || sv_find_char(p.value, '\0') >= 0)
		return err_input(m->e,
		                 "the value of the header '%.*s' has a line break or a NUL in it, which would "
		                 "make another request of this one",
		                 SV_ARG(p.name));
	return 0;
}

static int make_lines(struct making *m, const struct pairs *list, const char ***ret)
{
	const char **lines = arena_array(m->a, list->n + 1, sizeof *lines);

	for (size_t i = 0; i < list->n; i++) {
		const struct pair *p = &list->v[i];
		if (check_header(m, *p) < 0)
			return -1;
		lines[i] = arena_printf(m->a, "%s: %s", arena_sv(m->a, p->name), arena_sv(m->a, p->value));
	}
	*ret = lines;
	return 0;
}

static int make_headers(struct making *m, const char ***ret)
{
	const struct redeem *r = m->redeem;
	struct pairs list = {0};
	struct pair p;

	if (sends_basic(m)) {
		if (basic_credentials(m, &p.value) < 0)
			return -1;
		pairs_add(m->a, &list, SV("Authorization"), p.value);
	}
	pairs_add(m->a, &list, SV("Accept"), SV("application/json"));
	if (!r->content_type)
		pairs_add(m->a, &list, SV("Content-Type"), SV(FORM_TYPE));
	else if (r->content_type[0])
		pairs_add(m->a, &list, SV("Content-Type"), sv_of(r->content_type));
	pairs_add(m->a, &list, SV("User-Agent"), SV(USER_AGENT));
	for (const char **name = r->header_remove; name && *name; name++)
		if (sv_eq_nocase(sv_of(*name), SV("Host")) || sv_eq_nocase(sv_of(*name), SV("Content-Length")))
			return err_input(m->e, "the header '%s' cannot be left out, only set", *name);
	const struct pairs_changes changes = {
	        .remove = r->header_remove, .set = &r->header_set, .add = &r->header_add, .ignore_case = true};
	if (pairs_change(m->a, &list, &changes, &m->values, m->e) < 0)
		return -1;
	return make_lines(m, &list, ret);
}

/* The same in clear text: at port 80, unless the endpoint has one of its own other than 443. */
static const char *plain_url(struct arena *a, const char *url)
{
	static const char secure[] = "https://";
	struct sv rest = sv_of(url);

	if (!sv_starts(rest, sv_of(secure)))
		return url;
	rest = (struct sv){rest.p + sizeof secure - 1, rest.n - (sizeof secure - 1)};
	struct sv authority = {rest.p, strcspn(rest.p, "/?#")};
	struct sv path = {rest.p + authority.n, rest.n - authority.n};
	if (sv_ends(authority, SV(":443")))
		authority.n -= strlen(":443");
	return arena_printf(a, "http://%.*s%.*s", SV_ARG(authority), SV_ARG(path));
}

static int make_url(struct making *m, const char **ret)
{
	const char *endpoint =
	        m->redeem->plain_http ? plain_url(m->a, m->target->token_endpoint) : m->target->token_endpoint;
	const struct fields *query = &m->redeem->query;
	struct buf out = {.cap = BUF_OWN};
	char separator = strchr(endpoint, '?') ? '&' : '?';
	struct pair p;

	buf_add_text(&out, endpoint);
	for (size_t i = 0; i < query->n; i++) {
		if (filled(m, &query->v[i], &p) < 0) {
			buf_release(&out);
			return -1;
		}
		buf_addf(&out, "%c%s=%s", separator, url_encoded(m->a, p.name), url_encoded(m->a, p.value));
		separator = '&';
	}
	*ret = arena_sv(m->a, buf_sv(&out));
	buf_release(&out);
	return 0;
}

/* RFC 6750 §2.1 */
static int bearer(struct making *m, const char *access_token, struct sv *ret)
{
	struct sv token;
	struct buf text = {.cap = BUF_OWN};

	if (template_fill(m->a, &m->values, access_token, &token, m->e) < 0)
		return -1;
	buf_add_text(&text, "Bearer ");
	buf_add_sv(&text, token);
	*ret = arena_svdup(m->a, buf_sv(&text));
	buf_release(&text);
	return 0;
}

/* OpenID Connect Core 1.0 §5.3.1 */
static int prepare_userinfo(struct making *m, const struct userinfo *u, struct prepared *ret)
{
	bool post = u->method == USERINFO_POST;
	struct pairs list = {0};
	struct sv credentials;

	if (!m->target->userinfo_endpoint)
		return err_input(m->e, "the target file does not say 'userinfo_endpoint'");
	if (u->access_token) {
		if (bearer(m, u->access_token, &credentials) < 0)
			return -1;
		pairs_add(m->a, &list, SV("Authorization"), credentials);
	}
	pairs_add(m->a, &list, SV("Accept"), SV("application/json"));
	if (post)
		pairs_add(m->a, &list, SV("Content-Type"), SV(FORM_TYPE));
	pairs_add(m->a, &list, SV("User-Agent"), SV(USER_AGENT));
	*ret = (struct prepared){.method = post ? "POST" : "GET", .url = m->target->userinfo_endpoint};
	return make_lines(m, &list, &ret->headers);
}

static bool is_userinfo(const struct prepare_input *in)
{
	return in->step && in->step->kind == STEP_USERINFO;
}

/* Whoever sends a step. */
static struct client_credentials sender(const struct prepare_input *in)
{
	if (in->redeem && in->redeem->encoded_client)
		return in->target->encoded_client;
	return (struct client_credentials){in->target->client.id, in->target->client.secret};
}

int exchange_prepare(struct arena *a, const struct prepare_input *in, struct prepared *ret, struct err *e)
{
	bool sends_code = in->code && !is_userinfo(in) && in->redeem->code != CODE_NONE;
	struct code code = sends_code ? *in->code : (struct code){0};
	const struct client_credentials client = sender(in);
	const char *own_uri = in->code ? in->code->redirect_uri : NULL;
	struct making m = {.a = a, .target = in->target, .redeem = in->redeem, .code = &code, .e = e};
	struct prepared made = {.method = "POST"};

	m.values = (struct template_values){.target = in->target,
	                                    .client = &client,
	                                    .code_verifier = code.code_verifier,
	                                    .stand_in = in->stand_in,
	                                    .redirect_uri = own_uri ? own_uri : in->target->redirect_uri,
	                                    .saved = in->saved,
	                                    .saved_self = in->saved_self};
	if (is_userinfo(in))
		return prepare_userinfo(&m, &in->step->userinfo, ret);
	if (in->redeem->method)
		made.method = in->redeem->method;
	if (in->redeem->code == CODE_TEXT && !in->code &&
	    template_fill(a, &m.values, in->redeem->code_text, &code.code, e) < 0)
		return -1;
	m.values.code = code.code;
	if (!is_token(sv_of(made.method)))
		return err_input(e, "'%s' is not an HTTP method", made.method);
	if (make_url(&m, &made.url) < 0 || make_headers(&m, &made.headers) < 0 || make_body(&m, &made.body) < 0)
		return -1;
	*ret = made;
	return 0;
}

/* OpenID Connect Discovery 1.0 §4 */
static const char *discovery_url(struct arena *a, const char *issuer)
{
	struct sv base = sv_of(issuer);

	while (sv_ends(base, SV("/")))
		base.n--;
	return arena_printf(a, "%.*s/.well-known/openid-configuration", SV_ARG(base));
}

void prepare_fetch(struct arena *a, const struct target *target, enum fetched what, struct prepared *ret)
{
	const char **headers = arena_array(a, 3, sizeof *headers);
	bool jwks = what == FETCHED_JWKS;

	headers[0] = jwks ? "Accept: application/jwk-set+json, application/json" : "Accept: application/json";
	headers[1] = "User-Agent: " USER_AGENT;
	*ret = (struct prepared){.method = "GET",
	                         .url = jwks ? target->keys.jwks_uri : discovery_url(a, target->issuer),
	                         .headers = headers};
}
