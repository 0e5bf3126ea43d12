#include <string.h>

#include "checks/az_way.h"
#include "checks/charset.h"
#include "checks/check.h"
#include "checks/reply.h"
#include "core/form.h"

/* Where the browser may be sent: RFC 6749 §3.1.2.3, §4.1.2.1, OpenID Connect Core §3.1.2.1, RFC 9700 §4.1.3, §4.12. */

/* A reply on the way that sends the browser where it must not go. */
struct astray {
	size_t at; /* which reply, from 0 */
	struct sv location;
};

static bool same_host(struct sv x, struct sv y)
{
	struct sv host = az_host(x);

	return host.n > 0 && sv_eq_nocase(host, az_host(y));
}

static bool is_registered(const struct subject *s, struct sv url)
{
	return az_same_place(url, sv_of(run_value(s->run, "window_uri"))) ||
	       (s->run->redirect_uri && az_same_place(url, sv_of(s->run->redirect_uri)));
}

/* The text behind the mark, where an exact comparison would have found a fragment that is registered for nobody. */
static struct sv fragment_of(struct sv url)
{
	long hash = sv_find_char(url, '#');

	return hash < 0 ? SV("") : (struct sv){url.p + hash + 1, url.n - (size_t)hash - 1};
}

/* The altered address itself, its host, or an unregistered place on the host of the registered one. */
static bool leads_astray(struct subject *s, struct sv location, struct sv asked)
{
	struct sv window = sv_of(run_value(s->run, "window_uri")), fragment = fragment_of(asked);
	struct sv endpoint = sv_of(s->run->authorization_endpoint);

	if (az_same_place(location, asked) && az_same_place(asked, window))
		return fragment.n > 0 && sv_find(fragment_of(location), fragment) >= 0;
	if (az_same_place(location, asked))
		return true;
	if (same_host(location, endpoint) || is_registered(s, location))
		return false;
	return same_host(location, asked) || same_host(location, window);
}

static bool find_astray(struct subject *s, struct sv asked, struct astray *ret)
{
	struct az_reply *v;
	size_t n = az_replies(s, &v);

	for (size_t i = 0; i < n; i++) {
		struct sv location;
		for (size_t k = 0; (location = az_location(&v[i], k)).p; k++) {
			if (!leads_astray(s, location, asked))
				continue;
			*ret = (struct astray){i, location};
			return true;
		}
	}
	return false;
}

static bool is_code_char(char c)
{
	return charset_is_alnum(c) || (c && strchr("-._~+/%", c));
}

#define CODE_SHORTEST 16

/* "code=…" or name="code" value="…" with a value that is long enough for one. */
static bool holds_code(struct sv body)
{
	static const char *const before[] = {"code=", "name=\"code\" value=\"", "name='code' value='"};

	for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
		struct sv rest = body, word = sv_of(before[k]);
		for (long at; (at = sv_find(rest, word)) >= 0;) {
			size_t i = (size_t)at + word.n, n = 0;
			bool whole = at == 0 || !(charset_is_alnum(rest.p[at - 1]) || strchr("_-", rest.p[at - 1]));
			while (i + n < rest.n && is_code_char(rest.p[i + n]))
				n++;
			if (whole && n >= CODE_SHORTEST)
				return true;
			rest = (struct sv){rest.p + i, rest.n - i};
		}
	}
	return false;
}

/* A page that sends the browser on by itself, to that address and with a code. */
static bool page_hands_over(struct subject *s, struct sv asked)
{
	struct az_reply *v;
	size_t n = az_replies(s, &v);
	struct sv host = az_host(asked);

	for (size_t i = 0; i < n; i++)
		if (host.n > 0 && sv_find(v[i].response->body, host) >= 0 && holds_code(v[i].response->body))
			return true;
	return false;
}

/* The registered address was used in the altered one's place, with a code or a token. */
static bool used_registered(struct subject *s)
{
	static const char *const names[] = {"code", "id_token", "token", "access_token"};
	struct redirect r;

	if (!redirect_of(s->x, &r))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, names[i], 0).n > 0)
			return true;
	return false;
}

static struct sv without_query(struct sv url)
{
	long mark = sv_find_char(url, '?');

	return mark < 0 ? url : (struct sv){url.p, (size_t)mark};
}

/* The altered address differs from the registered one in its query alone. */
static bool differs_in_query(struct subject *s, struct sv asked)
{
	struct sv window = sv_of(run_value(s->run, "window_uri"));

	return sv_find_char(asked, '#') < 0 && !sv_eq(asked, window) &&
	       sv_eq(without_query(asked), without_query(window));
}

static bool is_openid_connector(const struct subject *s)
{
	return s->run->connector && strcmp(s->run->connector, "openid") == 0;
}

/*
 * The way came to its end. A page that is not the login's is such an end, too, although the browser found nothing to fill in:
 * but only before anything was filled in, since later it may be the login that went wrong.
 */
static bool way_ended(struct subject *s, struct finding *f)
{
	struct az_reply *v;
	size_t n = az_replies(s, &v);

	if (reply_unproven(s, f))
		return false;
	return (n > 0 && v[n - 1].status == 200 && !az_form_sent(s)) || reply_answered(s, f);
}

static const char only_registered[] = "an error page, and no redirect to an address that is not registered";

static void judge_missing(struct subject *s, struct finding *f)
{
	struct redirect r;

	if (!redirect_of(s->x, &r) || same_host(r.location, sv_of(s->run->authorization_endpoint))) {
		pass(s, f, "%s: nothing was sent to any redirect_uri", az_end(s));
	} else if (!is_registered(s, r.location)) {
		violated(s, f, only_registered, "without redirect_uri: %s", az_end(s));
		detail(f, NULL, "header Location", NULL);
	} else if (used_registered(s) && az_asks_openid(s)) {
		violated(s, f, "an error page, since OpenID Connect requires redirect_uri", "without redirect_uri: %s",
		         az_end(s));
		detail(f, "missing", "header Location", NULL);
	} else {
		pass(s, f, "%s, which is registered", az_end(s));
	}
}

/* The browser went to the registered place with what was asked for, although another address was asked for. */
static void judge_used(struct subject *s, struct finding *f, struct sv asked)
{
	if (!differs_in_query(s, asked)) {
		violated(s, f, only_registered, "asked for %.*s: %s with what was asked for", SV_ARG(asked), az_end(s));
		detail(f, "ignored", "header Location",
		       "refuse a redirect_uri that is not registered, and do not replace it silently");
	} else if (is_openid_connector(s)) {
		skip(s, f, "connector openid: the query of its redirect_uri may vary");
	} else {
		violated(s, f, only_registered, "asked for %.*s, with another query than registered: %s", SV_ARG(asked),
		         az_end(s));
		detail(f, "query", "header Location", NULL);
	}
}

CHECK(az_redirect_registered_only, "az.redirect.registered-only")
{
	struct sv asked = az_asked(s, "redirect_uri");
	struct astray way;

	if (!az_is_request(s, f))
		return;
	if (asked.p && sv_eq(asked, sv_of(run_value(s->run, "window_uri")))) {
		skip(s, f, "the redirect_uri was not altered");
	} else if (asked.p && find_astray(s, asked, &way)) {
		struct sv base = az_base(way.location);
		violated(s, f, only_registered, "asked for %.*s, reply %zu of the way redirects to %.*s", SV_ARG(asked),
		         way.at + 1, SV_ARG(base));
		detail(f, NULL, "header Location", NULL);
	} else if (asked.p && page_hands_over(s, asked)) {
		violated(s, f, only_registered, "asked for %.*s, and a page with that address holds a code",
		         SV_ARG(asked));
		detail(f, NULL, "body", "issue no code before the redirect_uri has been compared");
	} else if (!way_ended(s, f)) {
		return;
	} else if (!asked.p) {
		judge_missing(s, f);
	} else if (used_registered(s)) {
		judge_used(s, f, asked);
	} else {
		pass(s, f, "%s, and nothing was sent to the altered address", az_end(s));
	}
}

CHECK(az_client_unknown, "az.client.unknown-no-redirect")
{
	static const char expected[] = "an error page, and no redirect to the redirect_uri";
	struct sv id = az_asked(s, "client_id"), uri = az_redirect_uri(s);
	struct az_reply *v;
	size_t n = az_replies(s, &v);

	if (!az_is_request(s, f))
		return;
	for (size_t i = 0; i < n; i++) {
		struct sv location;
		for (size_t k = 0; (location = az_location(&v[i], k)).p; k++) {
			if (!az_same_place(location, uri))
				continue;
			violated(s, f, expected,
			         "%s: reply %zu of the way redirects to the redirect_uri with status %d",
			         id.p ? "with an unknown client_id" : "without client_id", i + 1, v[i].status);
			detail(f, NULL, "header Location", NULL);
			return;
		}
	}
	if (way_ended(s, f))
		pass(s, f, "%s, and nothing was sent to the redirect_uri", az_end(s));
}

/* --- the redirect itself ------------------------------------------------------------------------------------------- */

static bool has_pair(struct sv query, struct sv pair)
{
	for (struct sv rest = query, one; sv_cut(&rest, '&', &one);)
		if (sv_eq(one, pair))
			return true;
	return false;
}

static struct sv name_of(struct sv pair)
{
	long equals = sv_find_char(pair, '=');

	return equals < 0 ? pair : (struct sv){pair.p, (size_t)equals};
}

/* The same name and value, but for how they are encoded. */
static bool has_value(struct subject *s, const struct redirect *r, struct sv pair)
{
	struct sv name = name_of(pair), key, value = SV("");
	struct sv raw = {pair.p + name.n + (pair.n > name.n), pair.n - name.n - (pair.n > name.n)};

	if (!form_decode(s->a, name, &key) || !form_decode(s->a, raw, &value))
		return false;
	return sv_eq(redirect_parameter(s->a, r, REDIRECT_QUERY, arena_sv(s->a, key), 0), value);
}

CHECK(az_redirect_query_kept, "az.redirect.query-kept")
{
	static const char expected[] = "the redirect_uri's own parameters as they were, and the response's behind them";
	struct sv uri = az_redirect_uri(s), own = without_query(uri);
	const char *lost = NULL, *rewritten = NULL;
	struct redirect r;

	if (!az_response(s, &r, f))
		return;
	if (own.n == uri.n) {
		skip(s, f, "the redirect_uri has no query of its own");
		return;
	}
	for (struct sv rest = {uri.p + own.n + 1, uri.n - own.n - 1}, pair; sv_cut(&rest, '&', &pair);) {
		if (pair.n == 0 || has_pair(r.query, pair))
			continue;
		const char *name = arena_sv(s->a, name_of(pair));
		if (has_value(s, &r, pair))
			rewritten = name;
		else
			lost = lost ? lost : name;
	}
	if (lost) {
		violated(s, f, expected, "the parameter '%s' of the redirect_uri is not in the redirect as it was",
		         lost);
		detail(f, NULL, "header Location",
		       sv_find_char(r.query, '?') >= 0
		               ? "there is a second '?': append with '&' when the URI already has a "
		                 "query"
		               : NULL);
	} else if (rewritten) {
		violated(s, f, expected, "the parameter '%s' of the redirect_uri was encoded anew", rewritten);
		detail(f, "rewritten", "header Location", NULL);
	} else {
		pass(s, f, "all parameters of the redirect_uri are in the redirect");
	}
}

CHECK(az_no_307, "az.no-307")
{
	struct redirect r;

	if (!az_response(s, &r, f))
		return;
	if (!az_form_sent(s)) {
		skip(s, f, "no form was sent on the way: there is nothing that a redirect could repeat");
	} else if (strcmp(s->x->method, "POST") == 0 && (s->x->status == 307 || s->x->status == 308)) {
		violated(s, f, "status 303 or 302 for the redirect that answers a form",
		         "status %d: the browser sends the form again, to the redirect_uri", s->x->status);
		detail(f, NULL, "status", NULL);
	} else {
		pass(s, f, "status %d in answer to %s", s->x->status, s->x->method);
	}
}

/* --- at the token endpoint ----------------------------------------------------------------------------------------- */

/* Judged on the redemption of a code that an authorization request brought. */
CHECK(az_redirect_same_at_token, "az.redirect.same-at-token")
{
	bool openid = is_openid_connector(s), liveperson = s->profile == PROFILE_LIVEPERSON;
	const char *uri = s->x->code.redirect_uri ? s->x->code.redirect_uri : "no redirect_uri";

	if (s->unproven && !s->unproven_unknown) {
		(void)reply_unproven(s, f);
		return;
	}
	bool granted = subject_granted(s, f);
	if (f->kind != FINDING_NONE)
		return;
	if (granted && openid && !liveperson) {
		violated(s, f, "the same redirect_uri at both endpoints",
		         "a code for another redirect_uri is redeemed with %s", uri);
		detail(f, "two-addresses", "status", NULL);
	} else if (!granted && (liveperson || !openid)) {
		violated(s, f,
		         openid ? "tokens for the redirect_uri that is configured for the token endpoint"
		                : "tokens for the redirect_uri of the authorization request",
		         "status %d for %s", s->x->status, uri);
		detail(f, NULL, "status", NULL);
	} else {
		pass(s, f, "%s: %s", uri, granted ? "tokens were issued" : "refused, since it is another than before");
	}
}
