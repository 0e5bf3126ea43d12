#include "checks/leaks.h"

#include <string.h>

#include "checks/parsed.h"
#include "core/base64.h"
#include "core/limits.h"

struct needle {
	const char *what;
	struct sv text;
};

struct hunt {
	struct subject *s;
	struct needle needles[4];
	int n;
	struct leak *found;
};

static void add_needle(struct hunt *h, const char *what, struct sv text)
{
	if (text.n >= LEAKS_SHORTEST && !sv_eq(text, sv_of(h->s->run->client_id)))
		h->needles[h->n++] = (struct needle){what, text};
}

/* The credentials of the Authorization header that was sent. */
static struct sv basic_credentials(const struct exchange *x)
{
	struct sv value = message_header(&x->request, "Authorization", 0), scheme;

	if (!value.p || !sv_cut(&value, ' ', &scheme) || !sv_eq_nocase(scheme, SV("Basic")))
		return SV_NONE;
	return sv_trim(value);
}

/* --- decoding ------------------------------------------------------------------------------------------------------ */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX wherever it stands; what is not that stays as it is. SV_NONE when nothing changed. */
static struct sv percent_decoded(struct arena *a, struct sv s)
{
	char *out;
	size_t n = 0;

	if (sv_find_char(s, '%') < 0)
		return SV_NONE;
	out = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' && i + 2 < s.n && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
			out[n++] = (char)(hex(s.p[i + 1]) << 4 | hex(s.p[i + 2]));
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct sv){out, n};
}

/* A character reference of HTML at s: its length, or 0. Named ones as far as escaping functions make them. */
static size_t html_reference(struct sv s, char *ret)
{
	static const struct {
		const char *text;
		char c;
	} names[] = {
	        {"&amp;", '&'},   {"&lt;", '<'},  {"&gt;", '>'},   {"&quot;", '"'},
	        {"&apos;", '\''}, {"&sol;", '/'}, {"&plus;", '+'}, {"&equals;", '='},
	};
	unsigned code = 0;
	size_t i = 2;

	for (size_t k = 0; k < sizeof names / sizeof *names; k++)
		if (sv_starts(s, sv_of(names[k].text))) {
			*ret = names[k].c;
			return strlen(names[k].text);
		}
	if (!sv_starts(s, SV("&#")) || s.n < 4)
		return 0;
	unsigned base = (s.p[2] | 0x20) == 'x' ? 16 : 10;
	for (i += base == 16; i < s.n && code < 0x80 && hex(s.p[i]) >= 0 && hex(s.p[i]) < (int)base; i++)
		code = code * base + (unsigned)hex(s.p[i]);
	*ret = (char)code;
	return code > 0 && code < 0x80 && i < s.n && s.p[i] == ';' ? i + 1 : 0;
}

static struct sv html_decoded(struct arena *a, struct sv s)
{
	char *out, c;
	size_t n = 0, used;

	if (sv_find_char(s, '&') < 0)
		return SV_NONE;
	out = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i += used) {
		used = s.p[i] == '&' ? html_reference((struct sv){s.p + i, s.n - i}, &c) : 0;
		out[n++] = used ? c : s.p[i];
		used = used ? used : 1;
	}
	return (struct sv){out, n};
}

/* --- searching ----------------------------------------------------------------------------------------------------- */

static bool search_plain(struct hunt *h, struct sv text, const char *where)
{
	for (int i = 0; text.p && i < h->n; i++)
		if (sv_find(text, h->needles[i].text) >= 0) {
			*h->found = (struct leak){h->needles[i].what, where};
			return true;
		}
	return false;
}

static bool search(struct hunt *h, struct sv text, const char *where)
{
	return search_plain(h, text, where) || search_plain(h, percent_decoded(h->s->a, text), where) ||
	       search_plain(h, html_decoded(h->s->a, text), where);
}

/* Strings and names of JSON, which takes every escape of JSON away. */
static bool search_json(struct hunt *h, const json_t *value, const char *where, int level)
{
	const char *key;
	const json_t *child;

	if (level > LIMIT_JSON_DEPTH)
		return false;
	if (json_is_string(value))
		return search(h, (struct sv){json_string_value(value), json_string_length(value)}, where);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (search_json(h, json_array_get(value, i), where, level + 1))
			return true;
	parsed_each(value, key, child)
	{
		const char *here = level > 1 ? where : arena_printf(h->s->a, "%s%s", where, key);
		if (search_plain(h, sv_of(key), where) || search_json(h, child, here, level + 1))
			return true;
	}
	return false;
}

int leaks_find(struct subject *s, struct leak *ret)
{
	struct hunt h = {.s = s, .found = ret};
	const struct message *m = &s->x->response;
	struct sv name;

	*ret = (struct leak){0};
	add_needle(&h, "the client secret", sv_of(s->run->client_secret));
	add_needle(&h, "the code", sv_of(s->x->code.code));
	add_needle(&h, "the code verifier", sv_of(s->x->code.code_verifier));
	add_needle(&h, "the Basic credentials", basic_credentials(s->x));
	if (h.n == 0)
		return 0;
	if (search_json(&h, subject_raw_json(s)->value, "body /", 1) || search(&h, m->body, "body") ||
	    search_json(&h, subject_raw_payload(s)->value, "claim ", 1))
		return h.n;
	for (size_t i = 0; i < m->nlines; i++) {
		struct sv line = m->lines[i];
		if (!sv_cut(&line, ':', &name) || i == 0)
			name = SV("line");
		if (search(&h, m->lines[i], arena_printf(s->a, "header %.*s", SV_ARG(name))))
			return h.n;
	}
	return h.n;
}

void leaks_judge(struct subject *s, const char *expected, struct finding *f)
{
	struct leak leak;
	int n = leaks_find(s, &leak);

	if (leak.what) {
		violated(s, f, expected, "the reply repeats %s", leak.what);
		detail(f, NULL, leak.where, NULL);
	} else if (s->x->body_cut || s->x->head_cut) {
		cannot(s, f, "nothing was seen, but the reply is longer than what was kept");
	} else if (n == 0) {
		skip(s, f, "secret and code are too short to be looked for: under %d bytes they occur by chance",
		     LEAKS_SHORTEST);
	} else {
		pass(s, f, "none of the %d values that were sent came back", n);
	}
}
