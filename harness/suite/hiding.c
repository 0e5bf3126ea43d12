#include "suite/hiding.h"

#include <ctype.h>
#include <string.h>

#include "suite/tables.h"

static bool is_harmless(struct sv name)
{
	static const char *const secret[] = {"secret",        "control_token", "code",      "list",
	                                     "code_verifier", "command",       "public_key"};
	static const struct key *const tables[] = {target_keys,      client_keys, keys_keys,  codes_keys,
	                                           listed_code_keys, tls_keys,    limits_keys};

	for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
		if (sv_eq(name, sv_of(secret[i])))
			return false;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct key *k = tables[i]; k->name; k++)
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
	size_t i = 0, quote = text.n && strchr("'\"", text.p[0]) && text.p[0] ? 1 : 0;

	for (i = quote; i < text.n && (isalnum((unsigned char)text.p[i]) || strchr("_-", text.p[i])) && text.p[i];)
		i++;
	*name = (struct sv){text.p + quote, i - quote};
	if (i == quote || (quote && (i >= text.n || text.p[i++] != text.p[0])))
		return 0;
	while (i < text.n && text.p[i] == ' ')
		i++;
	if (i >= text.n || text.p[i] != ':')
		return 0;
	return i + 1 == text.n || strchr(" \t\r\n", text.p[i + 1]) ? i : 0;
}

void hide_lines(struct source *s)
{
	bool hidden = false;

	for (size_t line = 0; line < s->nlines; line++) {
		size_t from = s->lines[line], to = line + 1 < s->nlines ? s->lines[line + 1] : s->text.n;
		bool first = true;
		hide_userinfo(s, from, to);
		while (from < to && strchr(" \t-{[", s->text.p[from]) && s->text.p[from])
			from++;
		for (size_t i = from; i < to; first = false) {
			struct sv name, rest = {s->text.p + i, to - i};
			size_t length = key_at(rest, &name);
			bool harmless = length && is_harmless(name);
			if (harmless && first)
				hidden = false;
			if (hidden || (length && !harmless)) {
				for (i += hidden ? 0 : length + 1; i < to && s->text.p[i] == ' ';)
					i++;
				source_hide(s, i, to);
				hidden = true;
				break;
			}
			/* to the next word */
			i += length ? length : 1;
			while (i < to && !strchr(" \t{,[", s->text.p[i - 1]))
				i++;
		}
	}
}

static void hide_node(struct source *s, const struct node *n, bool harmless)
{
	for (size_t i = 0; (n->keys || n->v) && i < n->n; i++)
		hide_node(s, &n->v[i], n->keys ? is_harmless(n->keys[i].text) : harmless);
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
	hide_node(s, root, true);
}
