#include "core/sv.h"

#include <string.h>
#include <strings.h>

struct sv sv_of(const char *text)
{
	return text ? (struct sv){text, strlen(text)} : SV_NONE;
}

bool sv_eq(struct sv a, struct sv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Not strncasecmp: it stops at NUL and follows the locale. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sv_eq_nocase(struct sv a, struct sv b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool sv_starts(struct sv s, struct sv prefix)
{
	return s.n >= prefix.n && sv_eq((struct sv){s.p, prefix.n}, prefix);
}

bool sv_ends(struct sv s, struct sv suffix)
{
	return s.n >= suffix.n && sv_eq((struct sv){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct sv sv_trim(struct sv s)
{
	while (s.n && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

long sv_find(struct sv s, struct sv needle)
{
	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return -1;
	const char *at = memmem(s.p, s.n, needle.p, needle.n);
	return at ? at - s.p : -1;
}

long sv_find_char(struct sv s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
	return at ? at - s.p : -1;
}

bool sv_cut(struct sv *rest, char separator, struct sv *piece)
{
	if (!rest->p)
		return false;
	long at = sv_find_char(*rest, separator);
	if (at < 0) {
		*piece = *rest;
		*rest = SV_NONE;
		return true;
	}
	*piece = (struct sv){rest->p, (size_t)at};
	rest->p += at + 1;
	rest->n -= (size_t)at + 1;
	return true;
}
