#include "codes/browser.h"

#include <string.h>

#include "codes/form.h"
#include "codes/origin.h"
#include "codes/sources.h"
#include "core/limits.h"
#include "core/text.h"
#include "core/version.h"
#include "evidence/redirect.h"

#define ACCEPT "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded"

struct browsing {
	const struct target *target;
	const struct login *login; /* NULL: nobody logs in */
	const char *key;           /* where it stands in the target file */
	const char *redirect_uri;
	int requests;
	size_t next;                   /* the form of login that is filled in next */
	const struct login_form *sent; /* the one that was filled in last, or NULL */
	bool form_post;
};

/* Asks for the next request. `page`: the one whose form is sent, NULL: none. */
static void ask(struct fetch *f, struct browsing *b, struct http_request q, const char *page)
{
	const char **headers = arena_array(f->arena, 6, sizeof *headers);
	size_t n = 0;

	if (b->requests++ == LIMIT_HOPS) {
		fetch_fail(f, "the login takes more than %d requests; the last led to '%s'", LIMIT_HOPS,
		           url_shown(f->arena, sv_of(q.url)));
		return;
	}
	headers[n++] = ACCEPT;
	headers[n++] = "User-Agent: brandcert/" BRANDCERT_VERSION;
	if (q.body.p)
		headers[n++] = FORM_TYPE;
	/* What frameworks look at to tell a form of their own from another's. */
	if (page && q.body.p) {
		const char *origin = url_origin(f->arena, page), *to = url_origin(f->arena, q.url);
		bool same = origin && to && strcmp(origin, to) == 0;
		const char *host = strstr(page, "://") + 3;
		const char *written =
		        arena_sv(f->arena, (struct sv){page, (size_t)(host - page) + strcspn(host, "/?")});
		headers[n++] = arena_printf(f->arena, "Origin: %s", written);
		headers[n++] = same ? arena_printf(f->arena, "Referer: %s", page)
		                    : arena_printf(f->arena, "Referer: %s/", written);
	}
	q.ca_file = b->target->tls.ca_file;
	q.headers = headers;
	q.timeout_ms = b->target->limits.timeout_ms;
	q.cookies = true;
	f->http = q;
	f->state = FETCH_HTTP;
}

struct browsing *browse_start(struct fetch *f, const struct target *t, const struct browse *browse, bool second)
{
	struct browsing *b = arena_alloc(f->arena, sizeof *b);
	const struct authorization *a = &t->authorization;

	*b = (struct browsing){.target = t, .redirect_uri = browse->redirect_uri};
	if (browse->session == SESSION_LOGIN) {
		b->login = second ? &a->second_login : &a->login;
		b->key = second ? "authorization.second_login" : "authorization.login";
	} else if (browse->session == SESSION_DENY) {
		b->login = &a->deny;
		b->key = "authorization.deny";
	}
	ask(f, b,
	    (struct http_request){
	            .method = "GET", .url = browse->url, .set_cookie = b->login ? b->login->cookies : NULL},
	    NULL);
	return b;
}

bool browse_ended_in_form(const struct browsing *b)
{
	return b->form_post;
}

/* --- redirects --------------------------------------------------------------------------------------------- */

/* False: the way ends here. */
static bool follow(struct fetch *f, struct browsing *b, const struct http_response *r)
{
	struct redirect to;
	int status = r->status;
	bool kept = status == 307 || status == 308;

	if ((!kept && status != 301 && status != 302 && status != 303) || !redirect_of(r->exchange, &to) ||
	    url_leads_to(to.location, b->redirect_uri))
		return false;
	const char *url = url_resolve(f->arena, f->http.url, to.location);
	if (!url || url_leads_to(sv_of(url), b->redirect_uri) || !url_is_own(b->target, url))
		return false;
	struct http_request q = {.method = "GET", .url = url};
	if (kept) {
		q.method = f->http.method;
		q.body = f->http.body;
	}
	ask(f, b, q, NULL);
	return true;
}

/* --- pages ------------------------------------------------------------------------------------------------- */

/* The parameter of a Content-Type, or NULL. False: it is no page. */
static bool is_page(struct arena *a, const struct exchange *x, const char **charset)
{
	struct sv rest = message_header(&x->response, "Content-Type", 0), piece;

	*charset = NULL;
	if (!rest.p || !sv_cut(&rest, ';', &piece))
		return false;
	piece = sv_trim(piece);
	if (!sv_eq_nocase(piece, SV("text/html")) && !sv_eq_nocase(piece, SV("application/xhtml+xml")))
		return false;
	while (sv_cut(&rest, ';', &piece)) {
		piece = sv_trim(piece);
		if (piece.n <= 8 || !sv_eq_nocase((struct sv){piece.p, 8}, SV("charset=")))
			continue;
		piece = (struct sv){piece.p + 8, piece.n - 8};
		while (piece.n && *piece.p == '"')
			piece = (struct sv){piece.p + 1, piece.n - 1};
		while (sv_ends(piece, SV("\"")))
			piece.n--;
		*charset = arena_sv(a, piece);
	}
	return true;
}

/* The form that is to be filled in now: the next of the login, beyond those that are optional. */
static const struct form *find_next(struct browsing *b, const struct page *page)
{
	for (size_t i = b->next; i < b->login->n; i++) {
		const struct form *form = page_find(page, &b->login->forms[i]);
		if (form) {
			b->sent = &b->login->forms[i];
			b->next = i + 1;
			return form;
		}
		if (!b->login->forms[i].optional)
			return NULL;
	}
	return NULL;
}

static void no_form(struct fetch *f, const struct browsing *b, const struct page *page)
{
	struct arena *a = f->arena;
	const char *where = url_shown(a, sv_of(f->http.url));
	const char *rest = page->refreshes ? "; it leads elsewhere by meta refresh, which is not followed" : "";
	const char *forms = page_forms_text(a, page);

	if (b->sent && page_find(page, b->sent))
		fetch_fail(f, "the login was refused: the page '%s' with the %s came again after it was sent", where,
		           form_wanted_text(a, b->sent));
	else if (b->next == b->login->n && b->login->n)
		fetch_fail(f, "the login came to the page '%s' after the last form of '%s'; %s%s", where, b->key, forms,
		           rest);
	else if (!b->login->n)
		fetch_fail(f, "the login came to the page '%s', and '%s' has no 'forms'; %s%s", where, b->key, forms,
		           rest);
	else
		fetch_fail(f, "the login page '%s' has no %s; %s%s", where,
		           form_wanted_text(a, &b->login->forms[b->next]), forms, rest);
}

static const char *action_url(struct fetch *f, const struct page *page, const char *action)
{
	const char *base = page->base ? url_resolve(f->arena, f->http.url, sv_of(page->base)) : NULL;

	/* An empty one is the page itself, whatever its <base>. */
	return url_resolve(f->arena, base && *action && url_origin(f->arena, base) ? base : f->http.url, sv_of(action));
}

static void submit(struct fetch *f, struct browsing *b, const struct page *page, const struct form *form)
{
	struct submission s;

	form_fill(f->arena, form, b->sent, &s);
	const char *what = form_wanted_text(f->arena, b->sent), *url = action_url(f, page, s.action);
	if (s.refused) {
		fetch_fail(f, "the %s cannot be sent: %s", what, s.refused);
		return;
	}
	if (!url || !url_is_own(b->target, url)) {
		fetch_fail(f,
		           "the %s would be sent to '%s', which is neither the authorization endpoint's host nor in "
		           "'authorization.hosts'",
		           what, url_shown(f->arena, sv_of(url ? url : s.action)));
		return;
	}
	struct http_request q = {.method = s.method, .url = url};
	if (*s.method == 'P')
		q.body = s.body;
	else
		q.url = arena_printf(f->arena, "%.*s?%s", (int)strcspn(url, "?"), url, s.body.p);
	ask(f, b, q, f->http.url);
}

/* The answer in a form that a script would post to the redirect_uri. */
static bool posts_answer(struct fetch *f, const struct browsing *b, const struct page *page)
{
	for (size_t i = 0; i < page->n; i++) {
		const char *action = page->v[i].action ? page->v[i].action : "";
		const char *url = action_url(f, page, action);
		if (form_is_hidden(&page->v[i]) && (url_leads_to(sv_of(action), b->redirect_uri) ||
		                                    (url && url_leads_to(sv_of(url), b->redirect_uri))))
			return true;
	}
	return false;
}

/* False: the way ends here. */
static bool go_on(struct fetch *f, struct browsing *b, const struct http_response *r)
{
	bool ordinary = r->status == 200 || r->status == 401 || r->status == 403;
	const char *charset;
	struct page page;

	if (!is_page(f->arena, r->exchange, &charset))
		return false;
	page_read(f->arena, r->body, charset, &page);
	b->form_post = posts_answer(f, b, &page);
	if (b->form_post || !b->login)
		return false;
	const struct form *form = ordinary ? find_next(b, &page) : NULL;
	if (form)
		submit(f, b, &page, form);
	else if (r->status / 100 == 2 || (b->sent && page_find(&page, b->sent)))
		no_form(f, b, &page);
	else
		return false;
	return true;
}

/* A consent that was given before is not asked for again, and nobody said no: what came back is no answer to that. */
static bool nothing_denied(struct fetch *f, const struct browsing *b, const struct http_response *r)
{
	struct redirect to;

	if (b->login != &b->target->authorization.deny || b->next == b->login->n || !redirect_of(r->exchange, &to) ||
	    !url_leads_to(to.location, b->redirect_uri) ||
	    redirect_parameter(f->arena, &to, REDIRECT_ANYWHERE, "error", 0).p)
		return false;
	fetch_fail(f, "the browser was sent back before the %s of '%s' came: nobody could say no",
	           form_wanted_text(f->arena, &b->login->forms[b->next]), b->key);
	return true;
}

void browse_on_http(struct fetch *f, struct browsing *b, const struct http_response *r)
{
	if (r->status == 0)
		fetch_fail(f, "no answer from '%s': %s", url_shown(f->arena, sv_of(f->http.url)),
		           r->trouble ? r->trouble : "nobody knows why");
	else if (!nothing_denied(f, b, r) && !(r->status / 100 == 3 ? follow(f, b, r) : go_on(f, b, r)))
		f->state = FETCH_DONE;
}

/* --- as a source ------------------------------------------------------------------------------------------- */

static void browser_start(void *self, struct fetch *f)
{
	f->own = browse_start(f, self, f->wish.browse, f->wish.second_consumer);
}

static void browser_on_http(void *self, struct fetch *f, const struct http_response *r)
{
	(void)self;
	browse_on_http(f, f->own, r);
}

void browser_open(const struct target *t, struct code_source *ret)
{
	static const struct code_source_ops ops = {
	        .name = "browser",
	        .start = browser_start,
	        .on_http = browser_on_http,
	        .supply = supply_endless,
	};

	/* It only reads the target, whatever `self` would allow. */
	*ret = (struct code_source){.ops = &ops, .self = (void *)(uintptr_t)t, .parallel = 2};
}
