#include <string.h>

#include "checks/az_way.h"
#include "checks/charset.h"
#include "checks/check.h"
#include "checks/reply.h"
#include "core/form.h"

/* What the way through the login shows to others: RFC 9700 §4.2.4, §4.16, RFC 6749 §10.13. */

/* --- pages --------------------------------------------------------------------------------------------------------- */

static bool is_page(const struct az_reply *r)
{
	struct sv value = message_header(r->response, "Content-Type", 0), type;

	return r->status == 200 && value.p && sv_cut(&value, ';', &type) &&
	       sv_eq_nocase(sv_trim(type), SV("text/html"));
}

/* A source of frame-ancestors that lets every site in (Content Security Policy Level 3, §6.4.2). */
static bool is_anybody(struct sv source)
{
	return sv_eq(source, SV("*")) || sv_eq_nocase(source, SV("https:")) || sv_eq_nocase(source, SV("http:"));
}

/* One policy: -1 says nothing of framing, 0 lets everybody frame, 1 does not. */
static int policy_frames(struct sv policy)
{
	for (struct sv directive; sv_cut(&policy, ';', &directive);) {
		struct sv rest = sv_trim(directive), word;
		if (!sv_cut(&rest, ' ', &word) || !sv_eq_nocase(word, SV("frame-ancestors")))
			continue;
		while (sv_cut(&rest, ' ', &word))
			if (is_anybody(sv_trim(word)))
				return 0;
		return 1;
	}
	return -1;
}

/* A frame-ancestors directive replaces X-Frame-Options; of several policies all count. */
static bool is_framed_by_anybody(const struct az_reply *r)
{
	static const char csp[] = "Content-Security-Policy", xfo[] = "X-Frame-Options";
	bool said = false;

	for (size_t i = 0; i < message_header_count(r->response, csp); i++) {
		struct sv rest = message_header(r->response, csp, i), policy;
		while (sv_cut(&rest, ',', &policy)) {
			int frames = policy_frames(policy);
			if (frames == 1)
				return false;
			said |= frames == 0;
		}
	}
	for (size_t i = 0; !said && i < message_header_count(r->response, xfo); i++) {
		struct sv rest = message_header(r->response, xfo, i), word;
		while (sv_cut(&rest, ',', &word))
			if (sv_eq_nocase(sv_trim(word), SV("DENY")) || sv_eq_nocase(sv_trim(word), SV("SAMEORIGIN")))
				return false;
	}
	return true;
}

static bool has_policy(const struct az_reply *r)
{
	static const char *const elements[] = {"name=\"referrer\"", "name='referrer'", "name=referrer"};

	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (sv_find(r->response->body, sv_of(elements[i])) >= 0)
			return true;
	return false;
}

/* What of its address a page gives away to others; NULL: it says that it gives nothing. */
static const char *referrer_fault(struct subject *s, const struct az_reply *r)
{
	static const char name[] = "Referrer-Policy";
	struct sv last = SV_NONE;

	for (size_t i = 0; i < message_header_count(r->response, name); i++) {
		struct sv rest = message_header(r->response, name, i), word;
		while (sv_cut(&rest, ',', &word))
			last = sv_trim(word);
	}
	if (!last.p)
		return has_policy(r) ? NULL : "has no Referrer-Policy";
	if (!sv_eq_nocase(last, SV("unsafe-url")) && !sv_eq_nocase(last, SV("no-referrer-when-downgrade")))
		return NULL;
	return arena_printf(s->a, "has Referrer-Policy %.*s, which sends its whole address to other sites",
	                    SV_ARG(last));
}

/* --- the redirect -------------------------------------------------------------------------------------------------- */

/* user@host.tld and nothing else. */
static bool is_email(struct sv value)
{
	long at = sv_find_char(value, '@');

	return at > 0 && sv_find_char((struct sv){value.p + at, value.n - (size_t)at}, '.') > 1 &&
	       charset_outside(value, charset_is_nqchar) < 0;
}

/* What of the consumer, or of the client, is in a list of parameters. */
static const char *told(struct subject *s, struct sv list)
{
	static const char *const personal[] = {
	        "email",      "phone_number", "phone",     "given_name", "family_name",        "name",
	        "first_name", "last_name",    "firstname", "lastname",   "preferred_username", "username"};

	for (struct sv pair; sv_cut(&list, '&', &pair);) {
		struct sv rest = pair, name, value;
		if (!sv_cut(&rest, '=', &name) || !form_decode(s->a, rest, &value) || value.n == 0 ||
		    sv_eq(name, SV("state")))
			continue;
		if (sv_eq(name, SV("client_secret")) || sv_eq(name, SV("password")))
			return arena_printf(s->a, "the parameter %.*s", SV_ARG(name));
		for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
			if (sv_eq_nocase(name, sv_of(personal[i])))
				return arena_printf(s->a, "the parameter %s, which is about the consumer", personal[i]);
		if (is_email(value))
			return arena_printf(s->a, "an email address in the parameter %.*s", SV_ARG(name));
		if (s->run->client_secret && strlen(s->run->client_secret) >= 8 &&
		    sv_find(value, sv_of(s->run->client_secret)) >= 0)
			return arena_printf(s->a, "the client secret in the parameter %.*s", SV_ARG(name));
	}
	return NULL;
}

static bool is_loopback(struct sv url)
{
	struct sv host = az_host(url);

	return sv_eq(host, SV("127.0.0.1")) || sv_eq(host, SV("[::1]")) || sv_eq_nocase(host, SV("localhost"));
}

static bool judge_redirect(struct subject *s, struct finding *f, const struct redirect *r)
{
	static const char expected[] = "a redirect over https without secrets or personal data";
	const char *what = told(s, r->query);
	bool https = r->location.n > 8 && sv_eq_nocase((struct sv){r->location.p, 8}, SV("https://"));

	what = what ? what : told(s, r->fragment);
	if (what)
		violated(s, f, expected, "the redirect has %s", what);
	else if (!https && !is_loopback(r->location))
		violated(s, f, expected, "the redirect does not lead to an https address");
	else
		return true;
	detail(f, NULL, "header Location",
	       what ? "leave it out: browsers, their history and every script of the window can read it" : NULL);
	return false;
}

CHECK(az_no_leak, "az.no-leak")
{
	const char *referrer = NULL, *leaking = NULL;
	struct az_reply *v;
	struct redirect r;
	size_t n, pages = 0;

	if (!az_response(s, &r, f) || !judge_redirect(s, f, &r))
		return;
	n = az_replies(s, &v);
	for (size_t i = 0; i < n; i++) {
		if (!is_page(&v[i]))
			continue;
		pages++;
		struct sv base = az_base(sv_of(v[i].url));
		if (is_framed_by_anybody(&v[i])) {
			violated(s, f, "pages of the login that no other site can put into a frame",
			         "the page %.*s can be framed by any site", SV_ARG(base));
			detail(f, NULL, "header Content-Security-Policy", NULL);
			return;
		}
		const char *fault = referrer_fault(s, &v[i]);
		if (fault && !referrer) {
			referrer = fault;
			leaking = arena_sv(s->a, base);
		}
	}
	if (referrer) {
		violated(s, f, "pages of the login with a Referrer-Policy", "the page %s %s", leaking, referrer);
		detail(f, "referrer", "header Referrer-Policy", NULL);
	} else if (pages == 0) {
		skip(s, f, "nothing is wrong with the redirect, and no page was shown on the way to it");
	} else {
		pass(s, f, "%zu page%s that cannot be framed, and a redirect without secrets or personal data", pages,
		     pages == 1 ? "" : "s");
	}
}
