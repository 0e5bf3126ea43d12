#include <string.h>

#include "core/buf.h"
#include "core/form.h"
#include "sample_reply.h"

/* Exchanges of the browser: an authorization request with its way through the login, and a token that is handed over. */

#define PAGE                                                                                                   \
	"{'Content-Type':'text/html; charset=utf-8','X-Frame-Options':'DENY','Referrer-Policy':'no-referrer'," \
	"'Content-Security-Policy':'default-src none; frame-ancestors none'}"

static const char asked[] =
        "{'response_type':'code','client_id':'lp-client','redirect_uri':'https://window.example/chat',"
        "'scope':'openid','state':'" SAMPLE_STATE "','nonce':'n-0S6_WzA2Mj-of-the-login'}";
static const char hops[] =
        "[['GET',200," PAGE ",'<form>'],['POST',303,{'Location':'/consent'},''],['GET',200," PAGE ",'<form>']]";

static char *authorize_url(struct arena *a, const json_t *parameters)
{
	struct buf b = {.cap = BUF_OWN};
	const char *name;
	json_t *value;

	buf_add_text(&b, "https://login.example/authorize");
	json_object_foreach(sample_unconst(parameters), name, value)
	{
		if (!json_is_string(value))
			continue;
		struct sv text = {json_string_value(value), json_string_length(value)};
		buf_add_text(&b, sv_find_char(buf_sv(&b), '?') < 0 ? "?" : "&");
		buf_add_text(&b, arena_printf(a, "%s=%s", name, form_encoded(a, text)));
	}
	char *ret = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return ret;
}

static void fill_hop(struct sample *m, const json_t *from, struct hop *ret)
{
	const char *name;
	json_t *value;

	*ret = (struct hop){.method = arena_text(m->a, json_string_value(json_array_get(from, 0))),
	                    .url = "https://login.example/page?request=1",
	                    .status = (int)json_integer_value(json_array_get(from, 1))};
	ret->response.lines = arena_array(m->a, 20, sizeof(struct sv));
	ret->response.lines[ret->response.nlines++] = sv_of(arena_printf(m->a, "HTTP/1.1 %d X", ret->status));
	json_object_foreach(json_array_get(from, 2), name, value) ret->response.lines[ret->response.nlines++] =
	        sv_of(arena_printf(m->a, "%s: %s", name, json_string_value(value)));
	ret->response.body = sv_of(arena_text(m->a, json_string_value(json_array_get(from, 3))));
}

static void make_way(struct sample *m, const struct sample_edits *d)
{
	json_auto_t *parameters = sample_json(asked), *usual = sample_json(hops);
	const json_t *way = json_object_get(d->all, "hops") ? json_object_get(d->all, "hops") : usual;

	json_object_update(parameters, json_object_get(d->all, "asked"));
	m->x.authorize_url = authorize_url(m->a, parameters);
	m->x.url = "https://login.example/consent?request=1";
	m->x.nhops = json_array_size(way);
	m->x.hops = arena_array(m->a, m->x.nhops + 1, sizeof *m->x.hops);
	for (size_t i = 0; i < m->x.nhops; i++)
		fill_hop(m, json_array_get(way, i), &m->x.hops[i]);
	if (m->x.nhops == 0)
		m->x.method = "GET";
	m->step.kind = STEP_AUTHORIZE;
	m->step.authorize.ordinary = !json_object_get(d->all, "asked");
	if (json_object_get(json_object_get(d->all, "asked"), "state")) {
		m->step.authorize.set.v = arena_array(m->a, 1, sizeof(struct field));
		m->step.authorize.set.v[0] = (struct field){"state", ""};
		m->step.authorize.set.n = 1;
	}
}

void sample_way(struct sample *m, const struct sample_edits *d, struct sv token)
{
	const char *kind = json_string_value(json_object_get(d->all, "kind"));
	struct message *r = &m->x.response;

	if (!kind || (strcmp(kind, "handover") != 0 && strcmp(kind, "authorize") != 0))
		return;
	m->x.kind = arena_text(m->a, kind);
	m->x.code.code = NULL;
	m->run.authorization_endpoint = "https://login.example/authorize";
	m->run.authorization_redirect_uri = "https://window.example/chat";
	m->run.connector = json_is_true(json_object_get(d->all, "openid")) ? "openid" : "oauth2-rfc";
	m->s.unproven = arena_text(m->a, json_string_value(json_object_get(d->all, "unproven")));
	if (strcmp(kind, "handover") == 0) {
		m->x.method = "TOKEN";
		m->x.url = "";
		r->lines[0] = SV("TOKEN");
		r->nlines = 1;
		r->body = token;
		m->step.kind = STEP_TOKEN;
		return;
	}
	make_way(m, d);
	const char *location = json_string_value(json_object_get(d->all, "location"));
	if (!location)
		location = "https://window.example/chat?code=SplxlOBeZQQYbYS6WxSbIA&state=" SAMPLE_STATE
		           "&iss=https%3A%2F%2Fbrand.example";
	if (*location) {
		if (!json_object_get(d->all, "status"))
			m->x.status = 303;
		struct sv text = sample_replaced(m->a, sv_of(location), "{token}", arena_sv(m->a, token));
		r->lines[r->nlines++] = sv_of(arena_printf(m->a, "Location: %.*s", SV_ARG(text)));
	}
	if (!json_object_get(d->all, "raw_body"))
		r->body = SV("");
}
