#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codes/hook.h"
#include "codes/sources.h"
#include "core/version.h"
#include "evidence/redirect.h"
#include "exchange/random.h"

/* Codes, tokens and logouts from an endpoint of the brand's staging system that serves no other purpose. */

#define PARALLEL 4
#define USER_AGENT "User-Agent: brandcert/" BRANDCERT_VERSION
#define STATE_BYTES 32 /* 43 characters */
#define NONCE_BYTES 48 /* 64 */

/* Why this hook cannot give what is asked for: its body does not say it. NULL: it can. */
static const char *unsaid(const struct supplying *s, const struct code_wish *wish)
{
	const char *body = s->supply->http.body;

	if (wish->second_consumer && !hook_mentions(body, "consumer"))
		return "the second consumer's, and 'body' does not say '{consumer}'";
	if (wish->encoded_client && !hook_mentions(body, "client_id"))
		return "one for the encoded client, and 'body' does not say '{client_id}'";
	if (wish->code_challenge && !hook_mentions(body, "code_challenge"))
		return "one with a PKCE challenge, and 'body' does not say '{code_challenge}'";
	return NULL;
}

static const char *fill_body(struct fetch *f, const struct supplying *s, const char *nonce)
{
	const struct target *t = s->target;
	const struct code_wish *wish = &f->wish;
	const char *state = random_text(f->arena, STATE_BYTES, &f->e);
	const struct hook_value values[] = {
	        {"client_id", wish->encoded_client ? t->encoded_client.id : t->client.id},
	        {"redirect_uri", t->redirect_uri},
	        {"nonce", nonce},
	        {"state", state},
	        {"consumer", wish->second_consumer ? "second" : "first"},
	        {"code_challenge", wish->code_challenge},
	        {"code_challenge_method", wish->code_challenge ? "S256" : NULL},
	        {0},
	};

	return state ? hook_fill(f->arena, s->supply->http.body, values) : NULL;
}

/* The lines of the target file, and those that it leaves to us. */
static const char **make_headers(struct arena *a, const struct supplying *s)
{
	const char **given = s->supply->http.headers, *body = s->supply->http.body;
	const char first = body ? body[strspn(body, " \n")] : '\0';
	const char *const own[] = {USER_AGENT, "Accept: */*",
	                           first == '{' || first == '[' ? "Content-Type: application/json"
	                                                        : "Content-Type: application/x-www-form-urlencoded"};
	size_t n = 0, add = body ? 3 : 2;

	while (given && given[n])
		n++;
	const char **headers = arena_array(a, n + add + 1, sizeof *headers);
	for (size_t i = 0; i < n; i++)
		headers[i] = given[i];
	for (size_t i = 0; i < add; i++) {
		size_t name = strcspn(own[i], ":") + 1;
		bool said = false;
		for (const char **h = given; h && *h && !said; h++)
			said = strncasecmp(*h, own[i], name) == 0;
		if (!said)
			headers[n++] = own[i];
	}
	return headers;
}

static void hook_start(void *self, struct fetch *f)
{
	const struct supplying *s = self;
	const struct supply *supply = s->supply;
	const char *why = unsaid(s, &f->wish), *body = NULL;
	char *nonce = random_text(f->arena, NONCE_BYTES, &f->e);

	if (why) {
		fetch_fail(f, "the %s hook cannot be asked for what is needed here: %s", wanted_text(s->wanted), why);
		return;
	}
	if (!nonce || (supply->http.body && !(body = fill_body(f, s, nonce)))) {
		f->state = FETCH_FAILED;
		return;
	}
	f->own = hook_mentions(supply->http.body, "nonce") ? nonce : NULL;
	f->http = (struct http_request){.method = supply->http.method ? supply->http.method : "POST",
	                                .url = supply->http.url,
	                                .ca_file = s->target->tls.ca_file,
	                                .headers = make_headers(f->arena, s),
	                                .body = sv_of(body),
	                                .timeout_ms = supply->timeout_ms > 0 ? supply->timeout_ms
	                                                                     : s->target->limits.timeout_ms};
	f->state = FETCH_HTTP;
}

/* SV_NONE and *where: it is not there. */
static struct sv find_value(struct arena *a, const struct supply *s, const struct http_response *r, const char **where)
{
	const char *what = s->http.what;
	struct redirect to;

	switch (s->http.take) {
	case TAKE_HEADER:
		*where = arena_printf(a, "no header '%s'", what);
		return message_header(&r->exchange->response, what, 0);
	case TAKE_REDIRECT:
		*where = arena_printf(a, "no redirect with the parameter '%s'", what);
		return redirect_of(r->exchange, &to) ? redirect_parameter(a, &to, REDIRECT_ANYWHERE, what, 0) : SV_NONE;
	case TAKE_TEXT:
		*where = "an empty body";
		return sv_trim(r->body);
	case TAKE_BODY:
		break;
	}
	if (!what) {
		*where = "an empty body";
		return sv_trim(r->body);
	}
	*where = arena_printf(a, "no string at '%s' of a JSON body", what);
	return hook_pointed(a, r->body, what);
}

static void hook_on_http(void *self, struct fetch *f, const struct http_response *r)
{
	const struct supplying *s = self;
	bool redirects = s->supply->http.take == TAKE_REDIRECT || s->wanted == WANTED_LOGOUT;
	const char *what = wanted_text(s->wanted), *where = NULL;
	struct err e = {0};

	if (r->status == 0) {
		fetch_fail(f, "the %s hook did not answer: %s", what, r->trouble ? r->trouble : "nobody knows why");
		return;
	}
	if (r->status / 100 != 2 && (r->status / 100 != 3 || !redirects)) {
		/* Never its body: that may hold a code. */
		fetch_fail(f, "the %s hook answered with status %d (%s)", what, r->status,
		           hook_media_type(f->arena, r->exchange));
		return;
	}
	f->state = FETCH_DONE;
	if (s->wanted == WANTED_LOGOUT)
		return;
	struct sv value = find_value(f->arena, s->supply, r, &where);
	if (!value.n) {
		fetch_fail(f, "the reply of the %s hook (status %d, %s) has %s", what, r->status,
		           hook_media_type(f->arena, r->exchange), where);
		return;
	}
	f->code = (struct code){.code = arena_svdup(f->arena, value), .nonce = f->own};
	if (wanted_check(s->wanted, value, arena_printf(f->arena, "the reply of the %s hook has", what), &e) < 0)
		fetch_fail(f, "%s", e.text);
}

int http_open(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "http",
	        .start = hook_start,
	        .on_http = hook_on_http,
	        .supply = supply_endless,
	        .release = free,
	};

	if (!s->supply->http.url)
		return err_input(e, "%ss 'from: http' need 'url'", wanted_text(s->wanted));
	*ret = (struct code_source){.ops = &ops, .self = supplying_copy(s), .parallel = PARALLEL};
	return 0;
}
