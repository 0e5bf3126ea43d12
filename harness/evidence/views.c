#include "evidence/views.h"

#include <string.h>

/* The bytes that one escape stands for. */
struct unescaped {
	size_t used; /* bytes of the escape; 0: it is none */
	size_t n;
	char bytes[4];
};

static void put_utf8(struct unescaped *u, uint32_t c)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	u->n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = u->n; i-- > 1; c >>= 6)
		u->bytes[i] = (char)(0x80 | (c & 0x3f));
	u->bytes[0] = (char)(lead[u->n > 1 ? u->n : 0] | c);
}

static int digit(char c, uint32_t base)
{
	int value = c >= '0' && c <= '9'   ? c - '0'
	            : c >= 'a' && c <= 'f' ? c - 'a' + 10
	            : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                                   : 99;

	return value < (int)base ? value : -1;
}

/* The number of exactly n hexadecimal digits at s, or -1. */
static long hex(struct sv s, size_t n)
{
	long value = 0;

	if (s.n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int d = digit(s.p[i], 16);
		if (d < 0)
			return -1;
		value = value << 4 | d;
	}
	return value;
}

static struct sv behind(struct sv s, size_t n)
{
	return (struct sv){s.p + n, s.n - n};
}

static struct unescaped json_unicode(struct sv s)
{
	struct unescaped u = {0};
	long c = hex(behind(s, 2), 4);

	if (c < 0)
		return u;
	u.used = 6;
	if (c >= 0xd800 && c < 0xdc00 && s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u') {
		long low = hex(behind(s, 8), 4);
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			u.used = 12;
		}
	}
	put_utf8(&u, (uint32_t)c);
	return u;
}

static struct unescaped json_escape(struct sv s)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";

	if (s.n < 2 || s.p[0] != '\\' || !s.p[1])
		return (struct unescaped){0};
	if (s.p[1] == 'u')
		return json_unicode(s);
	if (s.p[1] == 'x') {
		/* not JSON, but what makes scripts writes it */
		long c = hex(behind(s, 2), 2);
		return c < 0 ? (struct unescaped){0} : (struct unescaped){4, 1, {(char)c}};
	}
	const char *name = strchr(names, s.p[1]);
	return name ? (struct unescaped){2, 1, {bytes[name - names]}} : (struct unescaped){0};
}

static struct unescaped percent_escape(struct sv s)
{
	long c = s.p[0] == '%' ? hex(behind(s, 1), 2) : -1;

	return c < 0 ? (struct unescaped){0} : (struct unescaped){3, 1, {(char)c}};
}

static struct unescaped form_escape(struct sv s)
{
	return s.p[0] == '+' ? (struct unescaped){1, 1, {' '}} : percent_escape(s);
}

static struct unescaped html_number(struct sv s)
{
	struct unescaped u = {0};
	uint32_t base = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X') ? 16 : 10, c = 0;
	size_t first = base == 16 ? 3 : 2, i = first;

	for (int d; i < s.n && i < first + 8 && (d = digit(s.p[i], base)) >= 0; i++)
		c = c * base + (uint32_t)d;
	if (i == first || c > 0x10ffff)
		return u;
	u.used = i + (i < s.n && s.p[i] == ';');
	put_utf8(&u, c);
	return u;
}

static struct unescaped html_escape(struct sv s)
{
	static const struct {
		const char *name;
		char byte;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

	if (s.n < 3 || s.p[0] != '&')
		return (struct unescaped){0};
	if (s.p[1] == '#')
		return html_number(s);
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (sv_starts(s, sv_of(entities[i].name)))
			return (struct unescaped){strlen(entities[i].name), 1, {entities[i].byte}};
	return (struct unescaped){0};
}

static const struct {
	const char *triggers; /* bytes with which an escape begins */
	struct unescaped (*escape)(struct sv s);
} kinds[VIEW_KINDS] = {
        [VIEW_JSON] = {"\\", json_escape},
        [VIEW_PERCENT] = {"%", percent_escape},
        [VIEW_FORM] = {"+", form_escape}, /* without a + it is the same as VIEW_PERCENT */
        [VIEW_HTML] = {"&", html_escape},
};

size_t view_origin(const struct view *v, size_t at)
{
	return v->map ? v->map[at] : at;
}

bool view_decode(struct arena *a, const struct view *in, enum view_kind kind, struct view *ret)
{
	struct sv text = in->text;
	bool changed = false;

	if (text.n == 0 || text.n >= UINT32_MAX || !memchr(text.p, kinds[kind].triggers[0], text.n))
		return false;
	/* no escape stands for more bytes than it has */
	char *out = arena_alloc(a, text.n + 1);
	uint32_t *map = arena_array(a, text.n + 1, sizeof *map);
	size_t n = 0;
	for (size_t i = 0; i < text.n;) {
		struct unescaped u = kinds[kind].escape(behind(text, i));
		if (!u.used)
			u = (struct unescaped){1, 1, {text.p[i]}};
		else
			changed = true;
		for (size_t k = 0; k < u.n; k++) {
			out[n] = u.bytes[k];
			map[n++] = (uint32_t)view_origin(in, i);
		}
		i += u.used;
	}
	map[n] = (uint32_t)view_origin(in, text.n);
	*ret = (struct view){{out, n}, map};
	return changed;
}

static void visit_decoded(struct arena *scratch, const struct view *v, int depth, view_fn *visit, void *context)
{
	struct view decoded;

	visit(v, context);
	for (enum view_kind kind = 0; depth > 0 && kind < VIEW_KINDS; kind++)
		if (view_decode(scratch, v, kind, &decoded))
			visit_decoded(scratch, &decoded, depth - 1, visit, context);
}

void views_visit(struct arena *scratch, struct sv text, view_fn *visit, void *context)
{
	const struct view original = {text, NULL};

	visit_decoded(scratch, &original, 2, visit, context);
}
