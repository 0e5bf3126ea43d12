#include "checks/parsed.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

#define BOM SV("\xEF\xBB\xBF")

static json_t *load(struct sv text, size_t flags, json_error_t *e)
{
	return json_loadb(text.n ? text.p : "", text.n,
	                  flags | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, e);
}

static bool looks_like_utf16(struct sv text)
{
	if (text.n < 2)
		return false;
	return sv_starts(text, SV("\xFF\xFE")) || sv_starts(text, SV("\xFE\xFF")) || (!text.p[0] != !text.p[1]);
}

/* Each bad byte becomes one '?', so that offsets stay. */
static struct sv repair_utf8(struct arena *a, struct sv text, size_t at)
{
	char *copy = arena_sv(a, text);

	for (long next = 0; next >= 0; at += (size_t)next + 1) {
		copy[at] = '?';
		next = text_bad_utf8((struct sv){copy + at + 1, text.n - at - 1});
	}
	return (struct sv){copy, text.n};
}

static bool out_of_range(const char *literal, size_t n)
{
	errno = 0;
	if (memchr(literal, '.', n) || memchr(literal, 'e', n) || memchr(literal, 'E', n))
		return fabs(strtod(literal, NULL)) > PARSED_HUGE;
	strtoll(literal, NULL, 10);
	return errno == ERANGE;
}

static void tame_number(char *literal, size_t n)
{
	bool negative = literal[0] == '-';

	if (!out_of_range(literal, n))
		return;
	/* "2e308" is the shortest that does not fit: the stand-in is never longer. */
	memset(literal, ' ', n);
	memcpy(literal, negative ? "-9e307" : "9e307", negative ? 6 : 5);
}

/*
 * What RFC 8259 allows and jansson cannot hold, mended in place: numbers beyond its types, and \u0000, which it refuses in
 * member names.
 */
static struct sv tame(struct arena *a, struct sv text)
{
	char *p = arena_sv(a, text);
	bool in_string = false;

	for (size_t i = 0; i < text.n; i++) {
		if (p[i] == '"') {
			in_string = !in_string;
		} else if (in_string && p[i] == '\\') {
			if (text.n - i >= 6 && memcmp(p + i, "\\u0000", 6) == 0)
				memcpy(p + i, "\\ufffd", 6);
			i++;
		} else if (!in_string && p[i] && strchr("-0123456789", p[i])) {
			size_t n = strspn(p + i, "-+.eE0123456789");
			tame_number(p + i, n);
			i += n - 1;
		}
	}
	return (struct sv){p, text.n};
}

/* The parser's words with the place. What it quotes is kept only when short: a token must not get out in pieces. */
static char *problem_text(struct arena *a, const json_error_t *e)
{
	char *text = arena_text(a, e->text), *near = strstr(text, " near '");

	if (near && strlen(near) > strlen(" near ''") + 6)
		*near = '\0';
	return arena_printf(a, "line %d, column %d: %s", e->line, e->column, text);
}

/* The member name that ends at `end`, just behind its closing quotation mark. */
static const char *name_before(struct arena *a, struct sv text, int end)
{
	if (end < 2 || (size_t)end > text.n || text.p[end - 1] != '"')
		return NULL;
	for (size_t i = (size_t)end - 1; i-- > 0 && (size_t)end - i < 100;)
		if (text.p[i] == '"' && (i == 0 || text.p[i - 1] != '\\'))
			return arena_sv(a, (struct sv){text.p + i + 1, (size_t)end - 2 - i});
	return NULL;
}

void parsed_fill(struct arena *a, struct sv text, struct parsed *ret)
{
	json_error_t e;
	size_t skipped = 0;

	*ret = (struct parsed){.done = true, .bad_utf8_at = text_bad_utf8(text)};
	ret->bad_utf8 = ret->bad_utf8_at >= 0;
	ret->utf16 = looks_like_utf16(text);
	if (ret->bad_utf8)
		text = repair_utf8(a, text, (size_t)ret->bad_utf8_at);
	if (sv_starts(text, BOM)) {
		ret->bom = true;
		skipped = BOM.n;
		text = (struct sv){text.p + skipped, text.n - skipped};
	}
	ret->value = load(text, 0, &e);
	if (!ret->value && (json_error_code(&e) == json_error_numeric_overflow ||
	                    json_error_code(&e) == json_error_null_byte_in_key)) {
		text = tame(a, text);
		ret->value = load(text, 0, &e);
	}
	if (!ret->value) {
		ret->cut_short = json_error_code(&e) == json_error_premature_end_of_input;
		ret->problem = problem_text(a, &e);
		return;
	}
	ret->end = skipped + (size_t)e.position;
	ret->trailing = sv_trim((struct sv){text.p + e.position, text.n - (size_t)e.position}).n > 0;

	json_auto_t *again = load(text, JSON_REJECT_DUPLICATES, &e);
	if (!again && json_error_code(&e) == json_error_duplicate_key) {
		ret->duplicate = true;
		ret->duplicate_name = name_before(a, text, e.position);
	}
}
