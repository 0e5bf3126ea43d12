#include "checks/az_way.h"

#include <string.h>

#include "checks/refusal.h"
#include "checks/reply.h"

size_t az_replies(struct subject *s, struct az_reply **ret)
{
	const struct exchange *x = s->x;
	struct az_reply *v = arena_array(s->a, x->nhops + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < x->nhops; i++)
		v[n++] = (struct az_reply){x->hops[i].method, x->hops[i].url, x->hops[i].status, &x->hops[i].response};
	if (x->outcome == EXCHANGE_ANSWERED)
		v[n++] = (struct az_reply){x->method, x->url, x->status, &x->response};
	*ret = v;
	return n;
}

struct sv az_location(const struct az_reply *r, size_t n)
{
	return r->status >= 300 && r->status <= 399 ? message_header(r->response, "Location", n) : SV_NONE;
}

bool az_is_request(struct subject *s, struct finding *f)
{
	if (strcmp(s->x->kind, "authorize") == 0)
		return true;
	skip(s, f, "this is no authorization request");
	return false;
}

struct sv az_asked(struct subject *s, const char *name)
{
	return s->x->authorize_url ? url_parameter(s->a, s->x->authorize_url, name, 0) : SV_NONE;
}

bool az_asks_openid(struct subject *s)
{
	for (struct sv rest = az_asked(s, "scope"), word; sv_cut(&rest, ' ', &word);)
		if (sv_eq(word, SV("openid")))
			return true;
	return false;
}

struct sv az_redirect_uri(struct subject *s)
{
	struct sv asked = az_asked(s, "redirect_uri");

	return asked.p ? asked : sv_of(run_value(s->run, "window_uri"));
}

/* --- URLs ---------------------------------------------------------------------------------------------------------- */

struct sv az_base(struct sv url)
{
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] == '?' || url.p[i] == '#')
			return (struct sv){url.p, i};
	return url;
}

struct parts {
	struct sv scheme, user, host, port, path;
};

static struct parts parts_of(struct sv url)
{
	struct sv base = az_base(url);
	struct parts p = {.path = base};
	long colon = sv_find(base, SV("://")), at = -1;

	if (colon < 0)
		return p;
	p.scheme = (struct sv){base.p, (size_t)colon};
	struct sv rest = {base.p + colon + 3, base.n - (size_t)colon - 3};
	long slash = sv_find_char(rest, '/');
	p.path = slash < 0 ? SV("") : (struct sv){rest.p + slash, rest.n - (size_t)slash};
	p.host = slash < 0 ? rest : (struct sv){rest.p, (size_t)slash};
	for (size_t i = 0; i < p.host.n; i++)
		at = p.host.p[i] == '@' ? (long)i : at;
	if (at >= 0) {
		p.user = (struct sv){p.host.p, (size_t)at + 1};
		p.host = (struct sv){p.host.p + at + 1, p.host.n - (size_t)at - 1};
	}
	for (size_t i = p.host.n; i > 0 && p.host.p[i - 1] != ']'; i--) {
		if (p.host.p[i - 1] != ':')
			continue;
		p.port = (struct sv){p.host.p + i, p.host.n - i};
		p.host.n = i - 1;
		break;
	}
	return p;
}

struct sv az_host(struct sv url)
{
	return parts_of(url).host;
}

static struct sv port_of(const struct parts *p)
{
	if (p->port.n > 0)
		return p->port;
	return sv_eq_nocase(p->scheme, SV("https"))  ? SV("443")
	       : sv_eq_nocase(p->scheme, SV("http")) ? SV("80")
	                                             : SV("");
}

static struct sv path_of(const struct parts *p)
{
	return p->path.n > 0 ? p->path : SV("/");
}

bool az_same_place(struct sv x, struct sv y)
{
	const struct parts a = parts_of(x), b = parts_of(y);

	return sv_eq_nocase(a.scheme, b.scheme) && sv_eq_nocase(a.host, b.host) && sv_eq(a.user, b.user) &&
	       sv_eq(port_of(&a), port_of(&b)) && sv_eq(path_of(&a), path_of(&b));
}

/* --- the end of the way -------------------------------------------------------------------------------------------- */

bool az_came_back(struct subject *s, struct redirect *ret)
{
	return redirect_of(s->x, ret) && az_same_place(ret->location, az_redirect_uri(s));
}

const char *az_owner(struct subject *s)
{
	struct sv type = az_asked(s, "response_type");

	if (refusal_judged_by(s, "az.error.redirect"))
		return "az.error.redirect";
	if (sv_eq(type, SV("id_token")))
		return "az.rt.id-token";
	return sv_eq(type, SV("token")) ? "az.rt.token" : "az.code.response";
}

bool az_response(struct subject *s, struct redirect *ret, struct finding *f)
{
	if (!reply_answered(s, f))
		return false;
	if (az_came_back(s, ret))
		return true;
	skip_owned(s, f, az_owner(s));
	return false;
}

bool az_form_sent(struct subject *s)
{
	struct az_reply *v;
	size_t n = az_replies(s, &v);

	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].method, "POST") == 0)
			return true;
	return false;
}

bool az_login_failed(struct subject *s, struct finding *f)
{
	bool page = s->x->status < 300 || (s->x->status >= 400 && s->x->status < 500);

	if (!s->unproven || !page || !az_form_sent(s))
		return false;
	cannot(s, f,
	       "the login ended at a page with status %d after its forms were sent: see whether the target file "
	       "describes them right",
	       s->x->status);
	return true;
}

const char *az_end(struct subject *s)
{
	const struct exchange *x = s->x;
	struct redirect r;

	if (redirect_of(x, &r)) {
		struct sv base = az_base(r.location);
		return arena_printf(s->a, "status %d with a redirect to %.*s", x->status, SV_ARG(base));
	}
	if (x->status >= 300 && x->status <= 399)
		return arena_printf(s->a, "status %d with %zu Location headers", x->status,
		                    message_header_count(&x->response, "Location"));
	struct az_reply *v;
	size_t n = az_replies(s, &v);
	return n ? arena_printf(s->a, "a page with status %d", v[n - 1].status) : "no reply";
}
