/* What people paste: a token with whatever was copied along with it, a token response, or a whole reply. */
#include <stdlib.h>
#include <string.h>

#include "checks/parsed.h"
#include "commands/inspect.h"
#include "core/limits.h"
#include "core/text.h"

static void note(struct inspect_input *in, const char *text)
{
	if (in->nnotes < sizeof in->notes / sizeof *in->notes)
		in->notes[in->nnotes++] = text;
}

static struct sv behind(struct sv s, size_t n)
{
	return (struct sv){s.p + n, s.n - n};
}

static bool starts_nocase(struct sv s, struct sv prefix)
{
	return s.n >= prefix.n && sv_eq_nocase((struct sv){s.p, prefix.n}, prefix);
}

/* --- around a token ------------------------------------------------------------------------------------------ */

/* `"id_token": `, `id_token=`, `&id_token=` in a URL, in whatever quotes. Gives how long that is, or 0. */
static size_t name_length(struct sv s)
{
	static const char name[] = "id_token";
	size_t i = 0;

	while (i < s.n && s.p[i] && strchr("\"'{&?#", s.p[i]))
		i++;
	if (!starts_nocase(behind(s, i), sv_of(name)))
		return 0;
	for (i += sizeof name - 1; i < s.n && s.p[i] && strchr("\"' \t", s.p[i]);)
		i++;
	if (i == s.n || (s.p[i] != ':' && s.p[i] != '='))
		return 0;
	return i + 1;
}

/* In a URL or form, other fields stand behind it. */
static struct sv until_next_field(struct sv s)
{
	long at = sv_find_char(s, '&');

	return at < 0 ? s : (struct sv){s.p, (size_t)at};
}

static bool is_quoted(struct sv s)
{
	return s.n >= 2 && s.p[0] == s.p[s.n - 1] && strchr("\"'`", s.p[0]);
}

/* Takes one layer off; false when there is none. */
static bool unwrap(struct inspect_input *in, struct sv *s)
{
	static const struct {
		const char *prefix, *note;
	} prefixes[] = {
	        {"\xef\xbb\xbf", "a byte order mark in front was left out"},
	        {"Authorization:", "'Authorization:' in front was left out"},
	        {"Bearer ", "'Bearer' in front was left out: an id_token is not sent that way"},
	};
	struct sv trimmed = sv_trim(*s);
	size_t n;

	if (trimmed.n != s->n) {
		/* a line feed at the end is how every file ends */
		if (trimmed.p != s->p || s->n - trimmed.n > 2)
			note(in, "blanks around it were left out");
		*s = trimmed;
		return true;
	}
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (!starts_nocase(*s, sv_of(prefixes[i].prefix)))
			continue;
		note(in, prefixes[i].note);
		*s = sv_trim(behind(*s, strlen(prefixes[i].prefix)));
		return true;
	}
	if (s->n && s->p[0] != '{' && (n = name_length(*s))) {
		note(in, "'id_token' in front was left out");
		*s = sv_trim(until_next_field(behind(*s, n)));
		return true;
	}
	if (is_quoted(*s) || (s->n > 2 && sv_ends(*s, SV(",")) && is_quoted((struct sv){s->p, s->n - 1}))) {
		note(in, "quotation marks around it were left out");
		*s = (struct sv){s->p + 1, s->n - (sv_ends(*s, SV(",")) ? 3 : 2)};
		return true;
	}
	return false;
}

static bool is_token_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-_+/=. \t\r\n", c));
}

/* Near enough to a token to say what is wrong with it. */
static bool is_like_token(struct sv s)
{
	if (s.n < 16 || sv_find_char(s, '.') < 0)
		return sv_starts(s, SV("eyJ"));
	for (size_t i = 0; i < s.n; i++)
		if (!is_token_char(s.p[i]))
			return sv_starts(s, SV("eyJ"));
	return true;
}

static size_t count_parts(struct sv s)
{
	size_t n = 1;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '.';
	return n;
}

/* --- a reply ------------------------------------------------------------------------------------------------- */

/* Status line and header fields up to the empty line. */
static void read_head(struct arena *a, struct sv text, struct inspect_input *in)
{
	struct sv rest = text, line, word;

	in->head = true;
	in->status = 0;
	while (sv_cut(&rest, '\n', &line)) {
		if (sv_ends(line, SV("\r")))
			line.n--;
		if (line.n == 0)
			break;
		if (in->nlines == LIMIT_HEAD_LINES)
			continue;
		in->lines = arena_grow(a, in->lines, in->nlines, sizeof *in->lines);
		in->lines[in->nlines++] = line;
	}
	in->body = rest.p ? rest : SV("");
	line = in->lines[0];
	if (sv_cut(&line, ' ', &word) && sv_cut(&line, ' ', &word) && word.n == 3)
		in->status = (int)strtol(arena_sv(a, word), NULL, 10);
}

static bool has(const json_t *body, const char *name)
{
	return json_object_get(body, name) != NULL;
}

/* Tokens that are written as JSON: what jose.compact knows to say something about. */
static bool is_json_token(const json_t *value)
{
	bool serialized = (has(value, "payload") || has(value, "ciphertext")) &&
	                  (has(value, "signatures") || has(value, "signature") || has(value, "protected"));

	return serialized || (has(value, "iss") && has(value, "sub")) || (has(value, "exp") && has(value, "iat"));
}

static int read_json(struct arena *a, struct inspect_input *in, struct sv text, struct err *e)
{
	struct parsed p = {0};
	int status = 0;

	parsed_fill(a, text, &p);
	const char *error = json_string_value(json_object_get(p.value, "error"));
	if (is_json_token(p.value) && !has(p.value, "id_token")) {
		in->token = text;
	} else if (error && !in->head && !has(p.value, "id_token") && !has(p.value, "access_token")) {
		status = err_input(e,
		                   "this is a refusal (error '%s'), not a token response: there is no token to inspect",
		                   text_excerpt(a, sv_of(error), 60));
	} else {
		in->response = true;
		in->body = text;
	}
	json_decref(p.value);
	return status;
}

int inspect_read(struct arena *a, struct sv text, struct inspect_input *ret, struct err *e)
{
	struct sv s = text;

	*ret = (struct inspect_input){.status = 200};
	if (starts_nocase(sv_trim(s), SV("HTTP/"))) {
		read_head(a, sv_trim(s), ret);
		ret->response = true;
		return 0;
	}
	while (unwrap(ret, &s))
		;
	if (s.n == 0)
		return err_input(e, "there is nothing to inspect: the input is empty");
	if (s.p[0] == '{' || s.p[0] == '[') {
		/* notes are about a token */
		ret->nnotes = 0;
		return read_json(a, ret, sv_starts(sv_trim(text), SV("\xef\xbb\xbf")) ? sv_trim(text) : s, e);
	}
	if (!is_like_token(s))
		return err_input(e,
		                 "this is no token: a signed one is three pieces of base64url with dots between them "
		                 "('eyJ…'), and a token response is a JSON object");
	ret->token = s;
	ret->encrypted = count_parts(s) == 5;
	return 0;
}
