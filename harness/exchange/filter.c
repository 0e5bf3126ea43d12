#include "exchange/filter.h"

#include <ctype.h>
#include <string.h>

#include "core/base64.h"
#include "core/form.h"
#include "exchange/random.h"

static char other_case(char c, enum template_filter how)
{
	bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';

	if ((upper && how != FILTER_UPPER) || (lower && how != FILTER_LOWER))
		return (char)(c ^ 0x20);
	return c;
}

static bool change_case(struct sv value, enum template_filter how, struct buf *out)
{
	bool changed = false;

	for (size_t i = 0; i < value.n; i++) {
		char c = other_case(value.p[i], how);
		changed = changed || c != value.p[i];
		buf_add_char(out, c);
	}
	return changed;
}

/*
 * A letter or digit that differs from c in what it says, too: as hexadecimal, and as base64url, whose last character may
 * hold as few as two bits that count (the two highest of six).
 */
static char another(char c)
{
	if (c >= '0' && c <= '9')
		return c < '5' ? '9' : '0';
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'f'))
		return '0';
	return 'A';
}

static bool change_last(struct sv value, struct buf *out)
{
	if (value.n == 0)
		return false;
	buf_add(out, value.p, value.n - 1);
	buf_add_char(out, another(value.p[value.n - 1]));
	return true;
}

static void add_base64(struct sv value, struct buf *out)
{
	arena_auto *a = arena_new();

	buf_add_text(out, base64_encode(a, BASE64_STANDARD, value));
}

static void repeat(struct sv value, int64_t times, struct buf *out)
{
	for (int64_t i = 0; i < times && !out->full; i++)
		buf_add_sv(out, value);
}

/* A URL (RFC 3986 §3) with another scheme, or with a text at one end of its host. False when it is none. */
static bool change_url(struct sv url, enum template_filter which, struct sv text, struct buf *out)
{
	long at = sv_find(url, SV("://"));
	size_t host = (size_t)at + 3, end = host;

	if (at <= 0)
		return false;
	while (end < url.n && !strchr(":/?#", url.p[end]))
		end++;
	if (which == FILTER_SCHEME) {
		buf_add_sv(out, text);
		buf_add(out, url.p + at, url.n - (size_t)at);
		return !sv_eq((struct sv){url.p, (size_t)at}, text);
	}
	size_t place = which == FILTER_BEFORE_HOST ? host : end;
	buf_add(out, url.p, place);
	buf_add_sv(out, text);
	buf_add(out, url.p + place, url.n - place);
	return true;
}

bool filter_apply(const struct template_call *call, struct sv value, struct buf *out)
{
	enum template_filter which = (enum template_filter)call->index;
	size_t n = (size_t)call->number;

	switch (which) {
	case FILTER_UPPER:
	case FILTER_LOWER:
	case FILTER_SWAPCASE:
		return change_case(value, which, out);
	case FILTER_CUT:
		return n <= value.n && buf_add(out, value.p, value.n - n);
	case FILTER_FIRST:
		buf_add(out, value.p, n < value.n ? n : value.n);
		return n < value.n;
	case FILTER_CHANGE_LAST:
		return change_last(value, out);
	case FILTER_FORM:
		form_encode(out, value);
		return true;
	case FILTER_BASE64:
		add_base64(value, out);
		return true;
	case FILTER_REPEAT:
		repeat(value, call->number, out);
		return true;
	case FILTER_SCHEME:
	case FILTER_BEFORE_HOST:
	case FILTER_BEHIND_HOST:
		return change_url(value, which, call->text, out);
	case TEMPLATE_FILTER_COUNT:
		break;
	}
	return true;
}

int filter_generate(const struct template_call *call, struct buf *out, struct err *e)
{
	switch ((enum template_generator)call->index) {
	case GENERATE_RANDOM:
		return random_characters(out, (size_t)call->number, e);
	case GENERATE_BYTES:
		buf_add_sv(out, call->text);
		return 0;
	case GENERATE_REPEAT:
		repeat(call->text, call->number, out);
		return 0;
	case TEMPLATE_GENERATOR_COUNT:
		break;
	}
	return 0;
}
