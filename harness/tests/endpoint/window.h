#ifndef BRANDCERT_TESTS_ENDPOINT_WINDOW_H
#define BRANDCERT_TESTS_ENDPOINT_WINDOW_H

#include "core/text.h"
#include "rig.h"

/* The external window's browser, without sockets: it keeps cookies, and fills the two forms. */

#define WINDOW_URI "https://window.brand.example/chat/external.html"
#define WINDOW_PAGES 8

struct window {
	struct rig *r;
	const char *browser, *session; /* cookies; NULL: none yet */
	const char *user;              /* who logs in: "A" or "B" */
	const char *action;            /* on the consent page: allow or deny */
	unsigned logins, consents;     /* pages that were seen */
};

static inline struct window window_of(struct rig *r)
{
	return (struct window){.r = r, .user = "A", .action = "allow"};
}

/* $I the client, $W the window's URI, form-encoded. */
static inline const char *window_filled(struct rig *r, const char *format)
{
	struct buf out = {.cap = BUF_OWN};

	buf_add_text(&out, "");
	for (; *format; format++) {
		if (*format == '$' && (format[1] == 'I' || format[1] == 'W'))
			form_encode(&out, *++format == 'I' ? r->t->client.id : sv_of(r->t->window_uri));
		else
			buf_add_char(&out, *format);
	}
	const char *text = arena_sv(r->a, buf_sv(&out));
	buf_release(&out);
	return text;
}

#define WINDOW_BASE "client_id=$I&redirect_uri=$W&scope=openid"
#define WINDOW_CODE WINDOW_BASE "&response_type=code&state=xyz&nonce=n-0S6"
#define WINDOW_ID_TOKEN WINDOW_BASE "&response_type=id_token&state=xyz&nonce=n-0S6"

static inline void window_keep(struct window *w, const struct reply *reply)
{
	for (size_t i = 0; i < reply->nheaders; i++) {
		struct sv rest = reply->headers[i].value, name, value;
		if (!sv_eq_nocase(reply->headers[i].name, SV("set-cookie")))
			continue;
		sv_cut(&rest, '=', &name);
		sv_cut(&rest, ';', &value);
		*(sv_eq(name, SV("session")) ? &w->session : &w->browser) = arena_sv(w->r->a, value);
	}
}

static inline struct reply window_send(struct window *w, const char *method, const char *path, const char *text)
{
	bool post = strcmp(method, "POST") == 0;
	struct request q = {.method = sv_of(method),
	                    .path = sv_of(arena_printf(w->r->a, "/brands/%s%s", w->r->t->name, path)),
	                    .query = post ? SV_NONE : sv_of(text),
	                    .body = post ? sv_of(text) : SV("")};

	if (post)
		rig_header(&q, "Content-Type", "application/x-www-form-urlencoded");
	if (w->browser)
		rig_header(&q, "Cookie", arena_printf(w->r->a, "other=1; browser=%s", w->browser));
	if (w->session)
		rig_header(&q, "Cookie", arena_printf(w->r->a, "session=%s", w->session));
	struct reply reply = rig_send(w->r, &q);
	window_keep(w, &reply);
	return reply;
}

/* What stands behind `before` in the body, up to the next quote. */
static inline const char *window_attribute(struct window *w, const struct reply *reply, const char *before)
{
	long at = sv_find(reply->body, sv_of(before));

	ck_assert_msg(at >= 0, "no %s in: %.*s", before, SV_ARG(reply->body));
	struct sv rest = {reply->body.p + at + strlen(before), reply->body.n - (size_t)at - strlen(before)}, value;
	sv_cut(&rest, '"', &value);
	return arena_sv(w->r->a, value);
}

static inline const char *window_login_form(struct window *w, const char *request)
{
	const struct user *u = user_of(w->user);

	return arena_printf(w->r->a, "request=%s&username=%s&password=%s&action=login", request, w->user,
	                    form_encoded(w->r->a, sv_of(w->r->t->passwords[user_number(u)])));
}

static inline bool window_shows(const struct reply *reply, const char *form)
{
	char mark[64];

	snprintf(mark, sizeof mark, "<form id=\"%s\"", form);
	return sv_find(reply->body, sv_of(mark)) >= 0;
}

/* Goes on until there is neither a form nor a redirect inside the brand. */
static inline struct reply window_follow(struct window *w, struct reply reply)
{
	for (int i = 0; i < WINDOW_PAGES; i++) {
		struct sv location = rig_reply_header(&reply, "Location"), path;
		if (window_shows(&reply, "login")) {
			w->logins++;
			reply = window_send(
			        w, "POST", "/login",
			        window_login_form(w, window_attribute(w, &reply, "name=\"request\" value=\"")));
		} else if (window_shows(&reply, "consent")) {
			w->consents++;
			const char *id = window_attribute(w, &reply, "name=\"request\" value=\"");
			reply = window_send(w, "POST", "/consent",
			                    arena_printf(w->r->a, "request=%s&action=%s", id, w->action));
		} else if (sv_starts(location, SV("/brands/"))) {
			sv_cut(&location, '?', &path);
			size_t skip = strlen("/brands/") + strlen(w->r->t->name);
			reply = window_send(w, "GET", arena_sv(w->r->a, (struct sv){path.p + skip, path.n - skip}),
			                    arena_sv(w->r->a, location));
		} else {
			return reply;
		}
	}
	ck_abort_msg("the login goes in circles");
}

static inline struct reply window_ask(struct window *w, const char *format)
{
	return window_send(w, "GET", "/authorize", window_filled(w->r, format));
}

static inline struct reply window_go(struct window *w, const char *format)
{
	return window_follow(w, window_ask(w, format));
}

/* The address of a redirect, up to the mark; "" when the reply is none. */
static inline const char *window_target(struct rig *r, const struct reply *reply, char mark)
{
	struct sv rest = rig_reply_header(reply, "Location"), target = SV("");

	sv_cut(&rest, mark, &target);
	return arena_sv(r->a, target);
}

/* The last such parameter behind the mark ('?' or '#') of a redirect, decoded; SV_NONE: there is none. *count: how
 * many there are. */
static inline struct sv window_params(struct rig *r, const struct reply *reply, char mark, const char *name, int *count)
{
	struct sv rest = rig_reply_header(reply, "Location"), skipped, found = SV_NONE, pair;

	*count = 0;
	sv_cut(&rest, mark, &skipped);
	if (mark == '?') {
		struct sv whole = rest;
		sv_cut(&whole, '#', &rest);
	}
	while (sv_cut(&rest, '&', &pair)) {
		struct sv value = pair, word;
		sv_cut(&value, '=', &word);
		if (!sv_eq(word, sv_of(name)))
			continue;
		ck_assert(form_decode(r->a, value, &found));
		++*count;
	}
	return found;
}

static inline struct sv window_param(struct rig *r, const struct reply *reply, char mark, const char *name)
{
	int count;

	return window_params(r, reply, mark, name, &count);
}

static inline struct reply window_redeem(struct rig *r, struct sv code, const char *redirect_uri)
{
	return rig_token(r, rig_basic(r, r->t->client.id.p, r->t->client.secret.p),
	                 arena_printf(r->a, "grant_type=authorization_code&code=%s&redirect_uri=%s",
	                              form_encoded(r->a, code), form_encoded(r->a, sv_of(redirect_uri))));
}

/* A claim of a signed token, as compact JSON; NULL: there is none. */
static inline const char *window_claim(struct rig *r, struct sv token, const char *name)
{
	struct sv rest = token, part, text;

	sv_cut(&rest, '.', &part);
	sv_cut(&rest, '.', &part);
	ck_assert_int_eq(base64_decode(r->a, BASE64_URL, part, &text, NULL), BASE64_OK);
	json_auto_t *claims = json_loadb(text.p, text.n, 0, NULL);
	ck_assert_ptr_nonnull(claims);
	const json_t *value = json_object_get(claims, name);
	return value ? json_text(r->a, value) : NULL;
}

#endif
