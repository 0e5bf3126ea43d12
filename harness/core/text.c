#include "core/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"

/* Length of the valid UTF-8 character at s (RFC 3629 §4), or 0; *ret is its code point. */
static size_t utf8_at(struct sv s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n == 0)
		return 0;
	if (p[0] < 0x80) {
		*ret = p[0];
		return 1;
	}
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || s.n < n)
		return 0;
	uint32_t c = p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10ffff)) || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return n;
}

long text_bad_utf8(struct sv s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t n = utf8_at((struct sv){s.p + i, s.n - i}, &c);
		if (n == 0)
			return (long)i;
		i += n;
	}
	return -1;
}

/* Characters that must not reach a terminal or an XML file as they are: controls (C0, C1, DEL), line and paragraph
 * separators, bidirectional overrides (they reorder what a reader sees), a BOM, and what XML 1.0 §2.2 leaves out. */
static bool is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c & 0xfffe) == 0xfffe;
}

/* Appends the next character of s visibly, at most 24 bytes; gives how many bytes of s that were. */
static size_t show_one(struct buf *out, struct sv s, bool block)
{
	uint32_t c = 0;
	size_t n = utf8_at(s, &c);

	if (n && (!is_hidden(c) || (block && (c == '\n' || c == '\t')))) {
		buf_add(out, s.p, n);
		return n;
	}
	if (n == 1 && (c == '\n' || c == '\r' || c == '\t')) {
		buf_add_text(out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
		return 1;
	}
	if (n == 0)
		n = 1;
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "\\x%02x", (unsigned char)s.p[i]);
	return n;
}

static char *show(struct arena *a, struct sv s, bool block)
{
	struct buf out = {.cap = BUF_OWN};

	buf_add_text(&out, "");
	for (size_t i = 0; i < s.n;)
		i += show_one(&out, (struct sv){s.p + i, s.n - i}, block);
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

char *text_visible(struct arena *a, struct sv s)
{
	return show(a, s, false);
}

char *text_block(struct arena *a, struct sv s)
{
	return show(a, s, true);
}

char *text_excerpt(struct arena *a, struct sv s, size_t max)
{
	struct buf out = {.cap = BUF_OWN};
	size_t i = 0;

	buf_add_text(&out, "");
	while (i < s.n) {
		size_t before = out.n, used = show_one(&out, (struct sv){s.p + i, s.n - i}, false);
		if (out.n > max) {
			out.n = before;
			out.p[before] = '\0';
			buf_addf(&out, " … (%zu bytes in all)", s.n);
			break;
		}
		i += used;
	}
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

/* Edit distance with neighbouring letters swapped counted as one (optimal string alignment), capped by size. */
static size_t distance(struct sv a, struct sv b)
{
	enum { MAX = 64 };
	size_t d[3][MAX + 1];

	if (a.n > MAX || b.n > MAX)
		return MAX;
	for (size_t j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t *row = d[i % 3], *up = d[(i - 1) % 3], *up2 = d[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t cost = a.p[i - 1] != b.p[j - 1], best = up[j - 1] + cost;
			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
			    up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			row[j] = best;
		}
	}
	return d[a.n % 3][b.n];
}

const char *text_nearest(struct sv word, const char *const *candidates, size_t n)
{
	const char *nearest = NULL;
	/* a third of the word may be wrong, but at least one letter and at most four */
	size_t best = word.n / 3 + 1;

	if (best > 4)
		best = 4;
	best++;
	for (size_t i = 0; i < n; i++) {
		struct sv c = sv_of(candidates[i]);
		size_t d = distance(word, c);
		if (d < best && d < c.n) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

char *text_list(struct arena *a, const char *const *items, size_t n, const char *last_word)
{
	struct buf out = {.cap = BUF_OWN};

	buf_add_text(&out, "");
	for (size_t i = 0; i < n; i++) {
		if (i && i + 1 == n)
			buf_addf(&out, " %s ", last_word);
		else if (i)
			buf_add_text(&out, ", ");
		buf_add_text(&out, items[i]);
	}
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}
