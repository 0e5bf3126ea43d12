#include "suite/variable.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/buf.h"

static bool name_character(char c, bool first)
{
	return c == '_' || isalpha((unsigned char)c) || (!first && isdigit((unsigned char)c));
}

size_t variable_length(struct sv text)
{
	size_t i = 2;

	if (!sv_starts(text, SV("${")))
		return 0;
	while (i < text.n && name_character(text.p[i], i == 2))
		i++;
	return i > 2 && i < text.n && text.p[i] == '}' ? i + 1 : 0;
}

const char *variable_expand(struct source *s, const struct node *n)
{
	struct buf out = {.cap = BUF_OWN};
	size_t dollars = 0, before = s->mistakes;

	for (struct sv rest = n->text; rest.n;) {
		if (rest.p[0] != '$') {
			buf_add_char(&out, rest.p[0]);
			rest.p++, rest.n--;
			continue;
		}
		size_t at = node_find(s, n, '$', dollars++), length = variable_length(rest);
		if (sv_starts(rest, SV("${")) && !length) {
			source_error(s, at, "'${' begins no variable: write '${NAME}', or '$$' for a dollar sign");
			break;
		}
		if (!length) {
			buf_add_char(&out, '$');
			length = sv_starts(rest, SV("$$")) ? 2 : 1;
			dollars += length - 1;
		} else {
			const char *name = arena_sv(s->a, (struct sv){rest.p + 2, length - 3}), *value = getenv(name);
			if (!value || !*value)
				source_error(s, at, "the environment variable '%s' is %s", name,
				             value ? "empty" : "not set");
			buf_add_text(&out, value ? value : "");
		}
		rest.p += length, rest.n -= length;
	}
	const char *text = s->mistakes == before ? arena_sv(s->a, buf_sv(&out)) : NULL;
	buf_release(&out);
	return text;
}
