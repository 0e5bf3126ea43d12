#include <string.h>

#include "core/text.h"
#include "suite/expect.h"
#include "suite/redeem.h"
#include "suite/tables.h"
#include "suite/target_supply.h"
#include "suite/url.h"

void target_secret(struct source *s, struct target *t, const char *text)
{
	size_t n = 0;

	while (t->secrets && t->secrets[n])
		n++;
	const char **more = arena_array(s->a, n + 2, sizeof *more);
	for (size_t i = 0; i < n; i++)
		more[i] = t->secrets[i];
	more[n] = text;
	t->secrets = more;
}

/* Whatever a header of a hook holds is taken for a secret, and so is what stands behind a scheme like Bearer. */
static void keep_secret(struct source *s, struct target *t, const char *value)
{
	const char *blank = strchr(value, ' ');

	target_secret(s, t, value);
	if (blank && blank[1])
		target_secret(s, t, blank + 1);
}

bool hook_read_headers(struct source *s, const struct key *k, const struct node *value, struct target *t,
                       const char ***ret)
{
	size_t before = s->mistakes, n = 0;

	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	const char **lines = arena_array(s->a, value->n + 1, sizeof *lines);
	for (size_t i = 0; i < value->n; i++) {
		const struct node *name = &value->keys[i];
		struct key header = {.name = name->text.p};
		const char *text;
		if (name->kind != NODE_SCALAR || !(text = string_of(s, &header, &value->v[i], true)))
			continue;
		if (!is_http_token(name->text.p))
			source_error(s, name->at, "this is not the name of a header");
		else if (strpbrk(text, "\r\n"))
			source_error(s, value->v[i].at, "a header's value has no line break in it");
		lines[n++] = arena_printf(s->a, "%s: %s", name->text.p, text);
		if (*text)
			keep_secret(s, t, text);
	}
	*ret = lines;
	return s->mistakes == before;
}

bool hook_read_take(struct source *s, const struct key *k, const struct node *value, struct supply *ret)
{
	const char *text = string_of(s, k, value, false);

	if (!text)
		return false;
	if (!strcmp(text, "text")) {
		ret->http.take = TAKE_TEXT;
	} else if (!strncmp(text, "body /", 6) && is_pointer(text + 5)) {
		ret->http.take = TAKE_BODY;
		ret->http.what = text + 5;
	} else if (!strncmp(text, "header ", 7) && is_http_token(text + 7)) {
		ret->http.take = TAKE_HEADER;
		ret->http.what = text + 7;
	} else if (!strncmp(text, "redirect ", 9) && text[9]) {
		ret->http.take = TAKE_REDIRECT;
		ret->http.what = text + 9;
	} else {
		source_error(s, value->at,
		             "'take' must be 'body /JSON/pointer', 'header Name', 'redirect parameter' or 'text'");
		return false;
	}
	return true;
}

static const char *const body_names[] = {"client_id",      "redirect_uri",         "nonce", "state", "consumer",
                                         "code_challenge", "code_challenge_method"};
static const char *const body_filters[] = {"form", "json"};

static bool is_one_of(struct sv word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sv_eq(word, sv_of(words[i])))
			return true;
	return false;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A brace that begins no name is only a brace: bodies are mostly JSON. */
void hook_check_body(struct source *s, const struct node *n, const char *body)
{
	for (const char *p = strchr(body, '{'); p; p = strchr(p + 1, '{')) {
		size_t length = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_|");
		struct sv rest = {p + 1, length}, word;
		if (!length || p[length + 1] != '}')
			continue;
		for (bool first = true; sv_cut(&rest, '|', &word); first = false) {
			const char *const *words = first ? body_names : body_filters;
			size_t count = first ? COUNT(body_names) : COUNT(body_filters);
			if (is_one_of(word, words, count))
				continue;
			source_error(s, n->at, "'{%.*s}' in 'body': there is no %s '%.*s'%s", (int)length, p + 1,
			             first ? "name" : "filter", SV_ARG(word), did_you_mean(s->a, word, words, count));
			break;
		}
	}
}

const char *listen_problem(const char *text)
{
	const char *problem = url_problem(text, true);

	if (problem)
		return problem;
	if (strncmp(text, "http://", 7) != 0)
		return "it is not 'http://' on a loopback host: the browser of this machine is sent there";
	const char *host = text + 7, *end = host + strcspn(host, "/?"), *colon = NULL;
	for (const char *p = host; p < end; p++)
		colon = *p == ':' ? p : *p == ']' ? NULL : colon;
	return colon ? NULL : "it has no port";
}
