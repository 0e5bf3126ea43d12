#include "suite/hiding.h"

#include <ctype.h>
#include <string.h>

#include "suite/tables.h"

static bool is_harmless(struct sv name)
{
	static const char *const secret[] = {"secret",  "control_token", "code",       "list",   "code_verifier",
	                                     "command", "public_key",    "cookies",    "fields", "headers",
	                                     "body",    "expired_code",  "parameters", "token"};
	static const struct key *const tables[] = {target_keys, client_keys,      credentials_keys,  keys_keys,
	                                           codes_keys,  listed_code_keys, tls_keys,          limits_keys,
	                                           tokens_keys, logout_keys,      listed_token_keys, authorization_keys,
	                                           login_keys,  login_form_keys,  field_keys,        NULL};

	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		if (sv_eq(name, sv_of(secret[i])))
			return false;
	for (const struct key *const *table = tables; *table; table++)
		for (const struct key *k = *table; k->name; k++)
			if (sv_eq(name, sv_of(k->name)))
				return true;
	return false;
}

/* A password in a URL: https://user:password@host */
static void hide_userinfo(struct source *s, size_t from, size_t to)
{
	struct sv text = {s->text.p + from, to - from};
	long scheme = sv_find(text, SV("://"));
	size_t begin = scheme < 0 ? 0 : (size_t)scheme + 3, end = text.n;

	while (end > begin && text.p[end - 1] != '@')
		end--;
	if (end > begin)
		source_hide(s, from + begin, from + end - 1);
}

/* Length of the key that text begins with, up to its colon: a word, perhaps in quotes; 0: none. */
static size_t key_at(struct sv text, struct sv *name)
{
	size_t quote = text.n && (text.p[0] == '"' || text.p[0] == '\''), i = quote;

	while (i < text.n && (isalnum((unsigned char)text.p[i]) || text.p[i] == '_' || text.p[i] == '-'))
		i++;
	*name = (struct sv){text.p + quote, i - quote};
	if (i == quote || (quote && (i >= text.n || text.p[i++] != text.p[0])))
		return 0;
	while (i < text.n && text.p[i] == ' ')
		i++;
	if (i >= text.n || text.p[i] != ':')
		return 0;
	return quote || i + 1 == text.n || strchr(" \t\r\n", text.p[i + 1]) ? i : 0;
}

/* What is hidden at the end of a line: the value of a key that stands this far from the left. */
struct hidden {
	bool on;
	size_t indent;
};

static void hide_line(struct source *s, size_t from, size_t to, struct hidden *h)
{
	size_t i = from, indent;

	while (i < to && s->text.p[i] == ' ')
		i++;
	indent = i - from;
	while (i < to && strchr("\t -{[", s->text.p[i]) && s->text.p[i])
		i++;
	for (bool first = true; i < to; first = false) {
		struct sv name;
		size_t length = key_at((struct sv){s->text.p + i, to - i}, &name);
		bool harmless = length && is_harmless(name);
		if (first && harmless && indent <= h->indent)
			h->on = false;
		if (h->on || (length && !harmless)) {
			for (i += h->on ? 0 : length + 1; i < to && s->text.p[i] == ' ';)
				i++;
			source_hide(s, i, to);
			h->indent = h->on ? h->indent : indent;
			h->on = true;
			return;
		}
		/* to the next word */
		i += length ? length : 1;
		while (i < to && !strchr(" \t{,[", s->text.p[i - 1]))
			i++;
	}
}

void hide_lines(struct source *s)
{
	struct hidden h = {0};

	for (size_t line = 0; line < s->nlines; line++) {
		size_t from = s->lines[line], to = line + 1 < s->nlines ? s->lines[line + 1] : s->text.n;
		hide_userinfo(s, from, to);
		hide_line(s, from, to, &h);
	}
}

/* Below these any key may stand: none of them is known to be harmless. */
static bool is_open(struct sv name)
{
	return sv_eq(name, SV("fields")) || sv_eq(name, SV("headers")) || sv_eq(name, SV("parameters"));
}

static void hide_node(struct source *s, const struct node *n, bool harmless, bool open)
{
	for (size_t i = 0; (n->keys || n->v) && i < n->n; i++) {
		struct sv name = n->keys ? n->keys[i].text : SV_NONE;
		hide_node(s, &n->v[i], n->keys ? !open && is_harmless(name) : harmless, open || is_open(name));
	}
	if (n->keys || n->v || n->end <= n->at)
		return;
	if (harmless)
		hide_userinfo(s, n->at, n->end);
	else
		source_hide(s, n->at, n->end);
}

void hide_values(struct source *s, const struct node *root)
{
	s->masked = NULL;
	hide_node(s, root, true, false);
}
