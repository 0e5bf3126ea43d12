#include "commands/markdown.h"

#include <string.h>

#include "core/text.h"

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* What Markdown or HTML would act on anywhere in a line. It leaves '_' inside a word alone. */
static bool speaks(struct sv s, size_t i)
{
	if (s.p[i] == '_' && i > 0 && i + 1 < s.n && is_word(s.p[i - 1]) && is_word(s.p[i + 1]))
		return false;
	return s.p[i] && strchr("\\`*_[]<>|~&#", s.p[i]) != NULL;
}

char *markdown_text(struct arena *a, const char *text)
{
	struct sv s = sv_of(text_visible(a, sv_of(text)));
	char *out = arena_alloc(a, s.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (speaks(s, i))
			out[n++] = '\\';
		out[n++] = s.p[i];
	}
	return out;
}

char *markdown_code(struct arena *a, const char *text, size_t max)
{
	struct sv s = sv_of(text_excerpt(a, sv_of(text), max));
	char *out = arena_alloc(a, s.n * 2 + 1);
	size_t n = 0, ticks = 0, longest = 0;

	for (size_t i = 0; i < s.n; i++) {
		ticks = s.p[i] == '`' ? ticks + 1 : 0;
		longest = ticks > longest ? ticks : longest;
		/* A table is cut into cells before code spans are looked for. */
		if (s.p[i] == '|')
			out[n++] = '\\';
		out[n++] = s.p[i];
	}
	if (longest == 0)
		return arena_printf(a, "`%s`", out);
	/* A span is fenced by more of them than stand inside. */
	char *fence = arena_alloc(a, longest + 2);
	memset(fence, '`', longest + 1);
	return arena_printf(a, "%s %s %s", fence, out, fence);
}

char *markdown_link(struct arena *a, const char *text, const char *url)
{
	return url ? arena_printf(a, "[%s](<%s>)", markdown_text(a, text), url) : markdown_text(a, text);
}

static size_t first_word(const char *id)
{
	return strcspn(id, ".");
}

bool markdown_same_area(const char *id, const char *other)
{
	size_t n = first_word(id);

	return n == first_word(other) && strncmp(id, other, n) == 0;
}

const char *markdown_area(const char *requirement_id)
{
	static const struct {
		const char *word, *heading;
	} areas[] = {
	        {"tls", "TLS"},
	        {"http", "HTTP"},
	        {"token", "The success response"},
	        {"req", "Requests: what is accepted, and what is refused"},
	        {"err", "Error responses"},
	        {"jose", "The id_token: serialisation, signature and keys"},
	        {"jwe", "The id_token: encryption"},
	        {"idtoken", "The id_token: claims"},
	        {"google", "The shape of Google's provider"},
	        {"az", "The authorization endpoint"},
	        {"imp", "The implicit flow: tokens that come through the browser"},
	        {"ui", "Userinfo"},
	        {"disc", "The discovery document"},
	        {"jwks", "Published keys"},
	        {"lpkey", "The key that was pasted at LivePerson"},
	        {"renew", "Expiry, refresh and logout"},
	};

	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
		if (markdown_same_area(areas[i].word, requirement_id))
			return areas[i].heading;
	return "Further requirements";
}

char *markdown_levels(struct arena *a, const enum level *level)
{
	bool same = true;

	for (int p = 1; p < PROFILE_COUNT; p++)
		same = same && level[p] == level[0];
	char *text = arena_text(a, level_text(level[0]));
	for (int p = 1; p < PROFILE_COUNT && !same; p++)
		text = arena_printf(a, "%s / %s", text, level_text(level[p]));
	return text;
}
