#include "exchange/prepare.h"

#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/version.h"
#include "exchange/template.h"

#define FORM_TYPE "application/x-www-form-urlencoded"
#define USER_AGENT "brandcert/" BRANDCERT_VERSION

struct pair {
	struct sv name, value;
};

/* Form fields or headers, in the order in which they are sent. */
struct pairs {
	struct pair *v;
	size_t n;
};

/* What one call works with. */
struct making {
	struct arena *a;
	const struct target *target;
	const struct redeem *redeem;
	const struct code *code; /* never NULL; without code.p none is sent */
	struct template_values values;
	struct err *e;
};

static void append(struct arena *a, struct pairs *list, struct sv name, struct sv value)
{
	list->v = arena_grow(a, list->v, list->n, sizeof *list->v);
	list->v[list->n++] = (struct pair){name, value};
}

static bool same_name(struct sv a, struct sv b, bool ignore_case)
{
	return ignore_case ? sv_eq_nocase(a, b) : sv_eq(a, b);
}

static void replace_or_append(struct arena *a, struct pairs *list, struct pair p, bool ignore_case)
{
	for (size_t i = 0; i < list->n; i++)
		if (same_name(list->v[i].name, p.name, ignore_case)) {
			list->v[i] = p;
			return;
		}
	append(a, list, p.name, p.value);
}

static void take_out(struct pairs *list, const char *const *names, bool ignore_case)
{
	for (; names && *names; names++) {
		size_t kept = 0;
		for (size_t i = 0; i < list->n; i++)
			if (!same_name(list->v[i].name, sv_of(*names), ignore_case))
				list->v[kept++] = list->v[i];
		list->n = kept;
	}
}

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
	return 0;
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
	struct pair p;

	append(m->a, form, SV("grant_type"), SV("authorization_code"));
	if (m->code->code.p)
		append(m->a, form, SV("code"), m->code->code);
	append(m->a, form, SV("redirect_uri"), sv_of(m->values.redirect_uri));
	if (m->code->code_verifier)
		append(m->a, form, SV("code_verifier"), sv_of(m->code->code_verifier));
	if (sends_post(m)) {
		if (client(m, &id, &secret) < 0)
			return -1;
		append(m->a, form, SV("client_id"), id);
		append(m->a, form, SV("client_secret"), secret);
	}
	take_out(form, r->form_remove, false);
	for (size_t i = 0; i < r->form_set.n; i++) {
		if (filled(m, &r->form_set.v[i], &p) < 0)
			return -1;
		replace_or_append(m->a, form, p, false);
	}
	for (size_t i = 0; i < r->form_add.n; i++) {
		if (filled(m, &r->form_add.v[i], &p) < 0)
			return -1;
		append(m->a, form, p.name, p.value);
	}
	return 0;
}

static int make_body(struct making *m, struct sv *ret)
{
	struct pairs form = {0};
	struct buf out = {.cap = (size_t)LIMIT_SENT_BODY + 1};

	if (m->redeem->body)
		return template_fill(m->a, &m->values, m->redeem->body, ret, m->e);
	if (make_form(m, &form) < 0)
		return -1;
	for (size_t i = 0; i < form.n; i++) {
		if (i)
			buf_add_char(&out, '&');
		form_encode(&out, form.v[i].name);
		buf_add_char(&out, '=');
		form_encode(&out, form.v[i].value);
	}
	*ret = arena_svdup(m->a, buf_sv(&out));
	buf_release(&out);
	if (ret->n > LIMIT_SENT_BODY)
		return err_input(m->e, "the request body is larger than %d bytes", LIMIT_SENT_BODY);
	return 0;
}

/* Both halves are form-encoded first, so that a ':' or a letter beyond ASCII survives: RFC 6749 §2.3.1. */
static int basic_credentials(struct making *m, struct sv *ret)
{
	struct sv id, secret;

	if (client(m, &id, &secret) < 0)
		return -1;
	const char *pair = arena_printf(m->a, "%s:%s", form_encoded(m->a, id), form_encoded(m->a, secret));
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
		append(m->a, &list, SV("Authorization"), p.value);
	}
	append(m->a, &list, SV("Accept"), SV("application/json"));
	if (!r->content_type)
		append(m->a, &list, SV("Content-Type"), SV(FORM_TYPE));
	else if (r->content_type[0])
		append(m->a, &list, SV("Content-Type"), sv_of(r->content_type));
	append(m->a, &list, SV("User-Agent"), SV(USER_AGENT));
	for (const char **name = r->header_remove; name && *name; name++)
		if (sv_eq_nocase(sv_of(*name), SV("Host")) || sv_eq_nocase(sv_of(*name), SV("Content-Length")))
			return err_input(m->e, "the header '%s' cannot be left out, only set", *name);
	take_out(&list, r->header_remove, true);
	for (size_t i = 0; i < r->header_set.n; i++) {
		if (filled(m, &r->header_set.v[i], &p) < 0)
			return -1;
		replace_or_append(m->a, &list, p, true);
	}
	for (size_t i = 0; i < r->header_add.n; i++) {
		if (filled(m, &r->header_add.v[i], &p) < 0)
			return -1;
		append(m->a, &list, p.name, p.value);
	}
	return make_lines(m, &list, ret);
}

static int make_url(struct making *m, const char **ret)
{
	const char *endpoint = m->target->token_endpoint;
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

/* OpenID Connect Core 1.0 §5.3.1, RFC 6750 §2.1 */
static int prepare_userinfo(struct making *m, const char *access_token, struct prepared *ret)
{
	struct pairs list = {0};
	struct sv token;

	if (!m->target->userinfo_endpoint)
		return err_input(m->e, "the target file does not say 'userinfo_endpoint'");
	if (template_fill(m->a, &m->values, access_token, &token, m->e) < 0)
		return -1;
	struct buf bearer = {.cap = BUF_OWN};
	buf_add_text(&bearer, "Bearer ");
	buf_add_sv(&bearer, token);
	append(m->a, &list, SV("Authorization"), arena_svdup(m->a, buf_sv(&bearer)));
	buf_release(&bearer);
	append(m->a, &list, SV("Accept"), SV("application/json"));
	append(m->a, &list, SV("User-Agent"), SV(USER_AGENT));
	*ret = (struct prepared){.method = "GET", .url = m->target->userinfo_endpoint};
	return make_lines(m, &list, &ret->headers);
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
	bool sends_code = in->code && !in->userinfo && in->redeem->code != CODE_NONE;
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
	if (in->userinfo)
		return prepare_userinfo(&m, in->userinfo, ret);
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

void prepare_jwks(struct arena *a, const struct target *target, struct prepared *ret)
{
	const char **headers = arena_array(a, 3, sizeof *headers);

	headers[0] = "Accept: application/jwk-set+json, application/json";
	headers[1] = "User-Agent: " USER_AGENT;
	*ret = (struct prepared){.method = "GET", .url = target->keys.jwks_uri, .headers = headers};
}
