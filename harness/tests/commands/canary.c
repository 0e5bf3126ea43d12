#include "commands/canary.h"

#include <stdint.h>
#include <string.h>

#include "core/base64.h"
#include "core/form.h"
#include "testing.h"

/* --- spellings --------------------------------------------------------------------------------------------------- */

static char *taken(struct arena *a, struct buf *out)
{
	char *copy = arena_sv(a, buf_sv(out));

	buf_release(out);
	return copy;
}

/* Every byte as a number, with something before and behind it. */
enum digits { DECIMAL, LOWER, UPPER };

static char *each_byte(struct arena *a, struct sv s, const char *before, enum digits digits, const char *behind)
{
	struct buf out = {.cap = BUF_OWN};

	for (size_t i = 0; i < s.n; i++) {
		unsigned byte = (unsigned char)s.p[i];
		buf_add_text(&out, before);
		if (digits == DECIMAL)
			buf_addf(&out, "%u", byte);
		else
			buf_addf(&out, digits == UPPER ? "%02X" : "%02x", byte);
		buf_add_text(&out, behind);
	}
	return taken(a, &out);
}

static char *raw(struct arena *a, struct sv s)
{
	return arena_sv(a, s);
}

static char *form(struct arena *a, struct sv s)
{
	return form_encoded(a, s);
}

static char *percent(struct arena *a, struct sv s)
{
	return url_encoded(a, s);
}

static char *percent_lower(struct arena *a, struct sv s)
{
	return each_byte(a, s, "%", LOWER, "");
}

static char *percent_upper(struct arena *a, struct sv s)
{
	return each_byte(a, s, "%", UPPER, "");
}

static char *percent_twice(struct arena *a, struct sv s)
{
	return each_byte(a, s, "%25", UPPER, "");
}

static char *json_unicode(struct arena *a, struct sv s)
{
	return each_byte(a, s, "\\u00", LOWER, "");
}

static char *script(struct arena *a, struct sv s)
{
	return each_byte(a, s, "\\x", LOWER, "");
}

static char *html_decimal(struct arena *a, struct sv s)
{
	return each_byte(a, s, "&#", DECIMAL, ";");
}

static char *html_hex(struct arena *a, struct sv s)
{
	return each_byte(a, s, "&#x", UPPER, ";");
}

static char *hex_lower(struct arena *a, struct sv s)
{
	return each_byte(a, s, "", LOWER, "");
}

static char *hex_upper(struct arena *a, struct sv s)
{
	return each_byte(a, s, "", UPPER, "");
}

/* What JSON and HTML writers do to a few characters, once and then again. */
static char *replaced(struct arena *a, struct sv s, const char *from, const char *const *to)
{
	struct buf out = {.cap = BUF_OWN};

	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] ? strchr(from, s.p[i]) : NULL;
		if (at)
			buf_add_text(&out, to[at - from]);
		else
			buf_add_char(&out, s.p[i]);
	}
	return taken(a, &out);
}

static char *json(struct arena *a, struct sv s)
{
	static const char *const to[] = {"\\\"", "\\\\", "\\/", "\\r", "\\n", "\\t"};

	return replaced(a, s, "\"\\/\r\n\t", to);
}

static char *json_twice(struct arena *a, struct sv s)
{
	return json(a, sv_of(json(a, s)));
}

static char *html(struct arena *a, struct sv s)
{
	static const char *const to[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

	return replaced(a, s, "&<>\"'", to);
}

static char *base64(struct arena *a, struct sv s)
{
	return base64_encode(a, BASE64_STANDARD, s);
}

static char *base64url(struct arena *a, struct sv s)
{
	return base64_encode(a, BASE64_URL, s);
}

const struct spelling spellings[] = {
        {"raw", raw},
        {"form", form},
        {"percent", percent},
        {"percent, every byte, lower case", percent_lower},
        {"percent, every byte, upper case", percent_upper},
        {"percent twice", percent_twice},
        {"JSON", json},
        {"JSON in JSON", json_twice},
        {"JSON, \\u", json_unicode},
        {"JavaScript, \\x", script},
        {"HTML", html},
        {"HTML, decimal", html_decimal},
        {"HTML, hexadecimal", html_hex},
        {"base64", base64},
        {"base64url", base64url},
        {"hex, lower case", hex_lower},
        {"hex, upper case", hex_upper},
        {NULL, NULL},
};

/* --- search ------------------------------------------------------------------------------------------------------ */

#define BUCKETS (1u << 18)
#define KEY 12 /* bytes: no needle is shorter */
#define SHOWN_MAX 20

struct needle {
	struct needle *next;
	struct sv bytes;
	const char *name, *spelling;
};

struct canaries {
	struct arena *a;
	struct needle **buckets;
	size_t n;
};

struct canaries *canaries_new(struct arena *a)
{
	struct canaries *c = arena_alloc(a, sizeof *c);

	c->a = a;
	c->buckets = arena_array(a, BUCKETS, sizeof(struct needle *));
	return c;
}

static struct needle **bucket(const struct canaries *c, const char *p)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < KEY; i++)
		hash = (hash ^ (unsigned char)p[i]) * 16777619u;
	return &c->buckets[hash % BUCKETS];
}

static void add_needle(struct canaries *c, const char *name, const char *spelling, struct sv bytes)
{
	/* there was a NUL in it, which no report shows as it is */
	if (bytes.n < KEY)
		return;
	struct needle **at = bucket(c, bytes.p);
	for (struct needle *n = *at; n; n = n->next)
		if (sv_eq(n->bytes, bytes))
			return;
	struct needle *n = arena_alloc(c->a, sizeof *n);
	*n = (struct needle){*at, bytes, name, spelling};
	*at = n;
	c->n++;
}

/* The characters that stand for these bytes alone when `shift` bytes, modulo 3, stand before them. */
static void add_base64(struct canaries *c, const char *name, struct sv bytes, size_t shift)
{
	static const size_t head[] = {0, 2, 3};
	char before[2 + CANARY_WINDOW] = "xx";

	memcpy(before + shift, bytes.p, bytes.n);
	struct sv whole = {before, shift + bytes.n};
	size_t n = whole.n * 8 / 6 - head[shift];
	const char *standard = base64_encode(c->a, BASE64_STANDARD, whole),
	           *url = base64_encode(c->a, BASE64_URL, whole);
	add_needle(c, name, "base64", (struct sv){standard + head[shift], n});
	add_needle(c, name, "base64url", (struct sv){url + head[shift], n});
}

void canaries_add(struct canaries *c, const char *name, struct sv value, size_t step)
{
	name = arena_text(c->a, name);
	ck_assert_msg(value.n >= CANARY_WINDOW, "'%s' is too short to be recognised", name);
	for (size_t i = 0; i + CANARY_WINDOW <= value.n; i += step) {
		struct sv window = {value.p + i, CANARY_WINDOW};
		for (const struct spelling *s = spellings; s->name; s++)
			if (s->spell != base64 && s->spell != base64url)
				add_needle(c, name, s->name, sv_of(s->spell(c->a, window)));
		for (size_t shift = 0; shift < 3; shift++)
			add_base64(c, name, window, shift);
	}
}

size_t canaries_count(const struct canaries *c)
{
	return c->n;
}

void canaries_search(const struct canaries *c, const char *where, struct sv text, struct buf *found)
{
	const struct needle *shown[SHOWN_MAX];
	size_t n = 0;

	for (size_t i = 0; i + KEY <= text.n && n < SHOWN_MAX; i++) {
		const struct needle *hit = *bucket(c, text.p + i);
		while (hit && !sv_starts((struct sv){text.p + i, text.n - i}, hit->bytes))
			hit = hit->next;
		/* once for each kind of finding */
		for (size_t k = 0; hit && k < n; k++)
			if (!strcmp(shown[k]->name, hit->name) && !strcmp(shown[k]->spelling, hit->spelling))
				hit = NULL;
		if (!hit)
			continue;
		size_t from = i < 80 ? 0 : i - 80, length = text.n - from < 200 ? text.n - from : 200;
		buf_addf(found, "%s shows '%s' (%s) at %zu: …%.*s…\n", where, hit->name, hit->spelling, i, (int)length,
		         text.p + from);
		shown[n++] = hit;
	}
}
