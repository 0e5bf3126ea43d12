#include "commands/step_words.h"

#include <string.h>

#include "core/text.h"

#define SHOWN 60

struct words {
	struct arena *a;
	char *text;
};

static void add(struct words *w, const char *more)
{
	w->text = arena_printf(w->a, "%s%s%s", w->text, *w->text ? ", " : "", more);
}

static const char *quoted(struct words *w, const char *value)
{
	return arena_printf(w->a, "'%s'", text_excerpt(w->a, sv_of(value), SHOWN));
}

static void add_fields(struct words *w, const struct fields *f, const char *format)
{
	for (size_t i = 0; i < f->n; i++)
		add(w, arena_printf(w->a, "%s %s %s", format, f->v[i].name, quoted(w, f->v[i].value)));
}

static void add_removed(struct words *w, const char **names, const char *what)
{
	for (; names && *names; names++)
		add(w, arena_printf(w->a, "without the %s %s", what, *names));
}

static const char *code_words(struct words *w, const struct redeem *r)
{
	static const char *const kinds[] = {
	        [CODE_VALID] = "a fresh code",
	        [CODE_EXPIRED] = "a code past its lifetime",
	        [CODE_UNKNOWN] = "a code that was never issued",
	        [CODE_NONE] = "no code",
	};

	if (r->code == CODE_TEXT)
		return arena_printf(w->a, "the code %s", quoted(w, r->code_text));
	return kinds[r->code];
}

static void add_client(struct words *w, const struct redeem *r)
{
	static const char *const ways[] = {
	        [SEND_AUTH_BASIC] = "credentials in the Authorization header",
	        [SEND_AUTH_POST] = "credentials in the form",
	        [SEND_AUTH_BOTH] = "credentials both in the header and in the form",
	        [SEND_AUTH_NONE] = "no credentials",
	};

	if (r->second_consumer)
		add(w, "of the second test consumer");
	if (r->encoded_client)
		add(w, "as the client whose secret needs encoding");
	if (r->pkce == SEND_PKCE_S256)
		add(w, "from a request with a PKCE challenge");
	if (r->pkce == SEND_PKCE_NONE)
		add(w, "from a request without a PKCE challenge");
	if (r->verifier_length)
		add(w, arena_printf(w->a, "a code_verifier of %d characters", r->verifier_length));
	if (r->authentication != SEND_AUTH_TARGET)
		add(w, ways[r->authentication]);
	if (r->client_id)
		add(w, arena_printf(w->a, "as client %s", quoted(w, r->client_id)));
	if (r->client_secret)
		add(w, arena_printf(w->a, "with the secret %s", quoted(w, r->client_secret)));
}

char *step_words(struct arena *a, const struct step *s)
{
	const struct redeem *r = &s->redeem;
	struct words w = {.a = a, .text = arena_text(a, "")};

	if (s->userinfo) {
		add(&w,
		    arena_printf(a, "asks the userinfo endpoint with the access token %s", quoted(&w, s->userinfo)));
	} else {
		add(&w, code_words(&w, r));
		if (r->ordinary && r->code == CODE_VALID)
			add(&w, "exactly as LivePerson sends it");
		add_client(&w, r);
		if (r->method)
			add(&w, arena_printf(a, "method %s", r->method));
		if (r->content_type)
			add(&w,
			    *r->content_type ? arena_printf(a, "Content-Type %s", r->content_type) : "no Content-Type");
		add_fields(&w, &r->form_set, "with the parameter");
		add_fields(&w, &r->form_add, "with once more the parameter");
		add_removed(&w, r->form_remove, "parameter");
		add_fields(&w, &r->query, "with in the URL");
		add_fields(&w, &r->header_set, "with the header");
		add_fields(&w, &r->header_add, "with once more the header");
		add_removed(&w, r->header_remove, "header");
		if (r->body)
			add(&w, arena_printf(a, "with the body %s", quoted(&w, r->body)));
		if (r->times > 1)
			add(&w, arena_printf(a, "%d times at the same instant", r->times));
	}
	if (s->wait_ms)
		add(&w, arena_printf(a, "%g s after the step before", (double)s->wait_ms / 1000));
	return w.text;
}
