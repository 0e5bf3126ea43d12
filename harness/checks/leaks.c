#include "checks/leaks.h"

#include <string.h>

#include "checks/parsed.h"
#include "checks/sent.h"
#include "core/base64.h"
#include "core/form.h"
#include "core/limits.h"

struct needle {
	const char *what;
	struct sv text;
};

/* Secrets, code and credentials beside the fields of the request. */
#define NEEDLES (16 + 2 * LIMIT_SENT_FIELDS)
/* The beginning of a longer value will do: error texts cut what they repeat. */
#define BEGINNING 64

struct hunt {
	struct subject *s;
	struct needle needles[NEEDLES];
	int n;
	struct leak *found;
};

static void add_needle(struct hunt *h, const char *what, struct sv text)
{
	if (h->n == NEEDLES || text.n < LEAKS_SHORTEST || sv_eq(text, sv_of(h->s->run->client_id)))
		return;
	for (int i = 0; i < h->n; i++)
		if (sv_eq(h->needles[i].text, text))
			return;
	h->needles[h->n++] = (struct needle){what, text};
}

/* --- what was sent ------------------------------------------------------------------------------------------------- */

static bool contains_nocase(struct sv text, struct sv part)
{
	for (size_t i = 0; i + part.n <= text.n; i++)
		if (sv_eq_nocase((struct sv){text.p + i, part.n}, part))
			return true;
	return false;
}

/* Words that an error text may have of its own accord: nothing that the request taught the server. */
static bool is_protocol_word(const struct subject *s, struct sv value)
{
	const char *const words[] = {
	        "authorization_code",      "client_credentials",
	        "refresh_token",           "password",
	        "application/json",        "urn:ietf:params:oauth:grant-type:",
	        "code_verifier",           s->run->redirect_uri,
	        s->run->client_id,         s->run->second_client_id,
	        s->run->encoded_client_id, s->run->issuer,
	        s->run->token_endpoint,    s->x->code.redirect_uri,
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (contains_nocase(sv_of(words[i]), value))
			return true;
	return sv_starts(value, SV("urn:ietf:params:oauth:grant-type:"));
}

static void add_fields(struct hunt *h)
{
	struct sent_field *fields;
	size_t n = sent_fields(h->s, &fields);

	for (size_t i = 0; i < n; i++) {
		struct sv value = fields[i].value;
		if (is_protocol_word(h->s, value))
			continue;
		const char *what =
		        arena_printf(h->s->a, "the value that was sent as %s", arena_sv(h->s->a, fields[i].name));
		if (value.n > BEGINNING)
			value.n = BEGINNING;
		add_needle(h, what, value);
		char *plus = arena_sv(h->s->a, value);
		for (size_t k = 0; k < value.n; k++)
			plus[k] = (char)(plus[k] == ' ' ? '+' : plus[k]);
		add_needle(h, what, (struct sv){plus, value.n});
	}
}

/* Also the secret inside, which a scenario may have changed. */
static void add_basic(struct hunt *h)
{
	struct sv value = sent_credentials(h->s->x, "Basic"), text, secret, decoded;

	add_needle(h, "the Basic credentials", value);
	if (base64_decode_loosely(h->s->a, value, &text) < 0 || sv_find_char(text, ':') < 0)
		return;
	long colon = sv_find_char(text, ':');
	secret = (struct sv){text.p + colon + 1, text.n - (size_t)colon - 1};
	add_needle(h, "the client secret that was sent", secret);
	if (form_decode(h->s->a, secret, &decoded))
		add_needle(h, "the client secret that was sent", decoded);
}

static void add_all(struct hunt *h, bool request)
{
	const struct subject *s = h->s;

	add_needle(h, "the client secret", sv_of(s->run->client_secret));
	add_needle(h, "the second client's secret", sv_of(s->run->second_client_secret));
	add_needle(h, "the secret of the client whose secret needs encoding", sv_of(s->run->encoded_client_secret));
	add_needle(h, "the code", sv_of(s->x->code.code));
	add_needle(h, "the code verifier", sv_of(s->x->code.code_verifier));
	add_needle(h, "the access token", sent_credentials(s->x, "Bearer"));
	add_basic(h);
	if (request)
		add_fields(h);
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

int leaks_find(struct subject *s, bool request, struct leak *ret)
{
	struct hunt h = {.s = s, .found = ret};
	const struct message *m = &s->x->response;
	struct sv name;

	*ret = (struct leak){0};
	add_all(&h, request);
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

void leaks_judge(struct subject *s, const char *expected, bool request, struct finding *f)
{
	struct leak leak;
	int n = leaks_find(s, request, &leak);

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
