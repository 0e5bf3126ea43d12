#include <stdlib.h>

#include "codes/browser.h"
#include "codes/landing.h"
#include "codes/origin.h"
#include "evidence/redirect.h"

/* Codes and tokens from the authorization endpoint itself: a consumer logs in for each. */

#define PARALLEL 2

struct authorizing {
	struct landing landing;
	struct browse browse;
	struct browsing *browsing;
};

static void authorize_start(void *self, struct fetch *f)
{
	const struct supplying *s = self;
	struct authorizing *own = arena_alloc(f->arena, sizeof *own);

	if (landing_make(f->arena, s, &f->wish, NULL, &own->landing, &f->e) < 0) {
		f->state = FETCH_FAILED;
		return;
	}
	own->browse = (struct browse){
	        .url = own->landing.url, .redirect_uri = own->landing.redirect_uri, .session = SESSION_LOGIN};
	f->own = own;
	own->browsing = browse_start(f, s->target, &own->browse, f->wish.second_consumer);
}

/* The way has ended with this reply. */
static void take(struct fetch *f, const struct authorizing *own, const struct http_response *r)
{
	const char *where = url_shown(f->arena, sv_of(f->http.url));
	struct redirect to;
	struct err e = {0};

	if (browse_ended_in_form(own->browsing)) {
		fetch_fail(
		        f,
		        "the authorization endpoint answers with a form that a script posts (response_mode=form_post), "
		        "where LivePerson takes a redirect");
		return;
	}
	if (!redirect_of(r->exchange, &to)) {
		fetch_fail(f, "the login ended at '%s' with status %d, and no redirect to the redirect_uri", where,
		           r->status);
		return;
	}
	if (!url_leads_to(to.location, own->landing.redirect_uri)) {
		fetch_fail(f,
		           "the login leads from '%s' to '%s', which is neither the redirect_uri nor on a host of the "
		           "endpoint's own or of 'authorization.hosts'",
		           where, url_shown(f->arena, to.location));
		return;
	}
	if (landing_take(f->arena, &own->landing, to.location, &f->code, &e) < 0)
		fetch_fail(f, "%s", e.text);
}

static void authorize_on_http(void *self, struct fetch *f, const struct http_response *r)
{
	struct authorizing *own = f->own;

	(void)self;
	browse_on_http(f, own->browsing, r);
	if (f->state == FETCH_DONE)
		take(f, own, r);
}

int authorize_open(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "authorize",
	        .start = authorize_start,
	        .on_http = authorize_on_http,
	        .supply = supply_endless,
	        .release = free,
	};

	if (!s->target->authorization.endpoint)
		return err_input(e, "'from: authorize' needs 'authorization' in the target file");
	*ret = (struct code_source){.ops = &ops, .self = supplying_copy(s), .parallel = PARALLEL};
	return 0;
}
