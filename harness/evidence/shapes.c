#include "evidence/shapes.h"

#include <string.h>

#include "core/arena.h"
#include "core/base64.h"

struct shape_secret shape_secret(struct sv token)
{
	size_t dots = 0, first = 0, second = 0;

	for (size_t i = 0; i < token.n; i++) {
		if (token.p[i] != '.')
			continue;
		dots++;
		if (dots == 1)
			first = i + 1;
		else if (dots == 2)
			second = i + 1;
	}
	if (dots < 2 || second == token.n)
		return (struct shape_secret){0};
	/* a JWS has two dots, a JWE four; with three it is a JWE that was cut */
	return dots == 2 ? (struct shape_secret){second, "signature"} : (struct shape_secret){first, "encrypted"};
}

bool shape_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '+' || c == '/' || c == '=';
}

static size_t run(struct sv s, size_t i)
{
	while (i < s.n && shape_character(s.p[i]))
		i++;
	return i;
}

/* The base64 of {" or of { and a blank. */
static bool is_object_start(struct sv s)
{
	return s.n >= 3 && s.p[0] == 'e' &&
	       ((s.p[1] == 'y' && s.p[2] && strchr("ABCDIJKL", s.p[2])) ||
	        (s.p[1] == 'w' && s.p[2] && strchr("klmnopqr0123", s.p[2])));
}

bool shape_is_token(struct sv rest, size_t *end, size_t *next)
{
	enum { HEADER_MIN = 8 }; /* {"a":1} takes ten */
	size_t at;

	*next = 1;
	if (!is_object_start(rest))
		return false;
	at = run(rest, 0);
	/* what follows this run is the same wherever in it we begin */
	*next = at;
	if (at < HEADER_MIN || at >= rest.n || rest.p[at] != '.')
		return false;
	size_t dots = 0;
	while (at < rest.n && rest.p[at] == '.' && dots < 8) {
		at = run(rest, at + 1);
		dots++;
	}
	/* the full stop of a sentence is no part of it */
	while (dots && rest.p[at - 1] == '.' && dots != 2) {
		at--;
		dots--;
	}
	*end = at;
	if (dots >= 2)
		*next = at;
	return dots >= 2;
}

bool shape_is_credentials(struct sv base64)
{
	arena_auto *scratch = arena_new();
	struct sv text;

	return base64.n >= 4 && base64_decode_loosely(scratch, base64, &text) == 0 && sv_find_char(text, ':') >= 0;
}
