#include "report/place.h"

#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "report/wrap.h"

struct spot {
	struct sv line;
	size_t from, to; /* bytes within line */
};

static const struct shown_exchange *exchange_of(const struct results *r, const char *id)
{
	for (size_t i = 0; id && i < r->nexchanges; i++)
		if (r->exchanges[i].id && strcmp(r->exchanges[i].id, id) == 0)
			return &r->exchanges[i];
	return NULL;
}

static const char *behind(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) == 0 ? text + n : NULL;
}

static bool header(const struct shown_exchange *x, const char *name, struct spot *ret)
{
	size_t n = strlen(name);

	for (size_t i = 0; x->response && x->response[i]; i++) {
		const char *line = x->response[i];
		if (strncasecmp(line, name, n) != 0 || line[n] != ':')
			continue;
		size_t from = n + 1 + strspn(line + n + 1, " \t");
		*ret = (struct spot){sv_of(line), from, strlen(line)};
		return ret->to > from;
	}
	return false;
}

static bool status(const struct shown_exchange *x, struct spot *ret)
{
	const char *line = x->response ? x->response[0] : NULL, *blank = line ? strchr(line, ' ') : NULL;

	if (!blank)
		return false;
	size_t from = (size_t)(blank - line) + 1;
	*ret = (struct spot){sv_of(line), from, from + strcspn(line + from, " ")};
	return ret->to > from;
}

/* The end of the JSON value at i: of a string, or of what stands on this line. */
static size_t value_end(const char *text, size_t i)
{
	size_t end = i;

	if (text[i] != '"') {
		end += strcspn(text + i, ",\n}");
		return end > i ? end : i + 1;
	}
	for (end++; text[end] && text[end] != '"' && text[end] != '\n'; end++)
		end += text[end] == '\\' && text[end + 1];
	return end + (text[end] == '"');
}

/* The first member of that name, with this before it (what tells a claim from a member deeper down). */
static bool member(struct arena *a, const char *text, const char *before, const char *name, struct spot *ret)
{
	const char *quoted = arena_printf(a, "%s\"%s\"", before, name);

	for (const char *at = text ? strstr(text, quoted) : NULL; at; at = strstr(at + 1, quoted)) {
		const char *colon = at + strlen(quoted) + strspn(at + strlen(quoted), " \t\n");
		if (*colon != ':')
			continue;
		const char *value = colon + 1 + strspn(colon + 1, " \t\n"), *line = value;
		while (line > text && line[-1] != '\n')
			line--;
		line += strspn(line, " \t");
		size_t from = (size_t)(value - line), to = value_end(line, from);
		*ret = (struct spot){{line, to + strcspn(line + to, "\n")}, from, to};
		return *value != '\0';
	}
	return false;
}

static bool spot_of(struct arena *a, const struct shown_exchange *x, const char *where, struct spot *ret)
{
	const char *name;

	if (strcmp(where, "status") == 0)
		return status(x, ret);
	if ((name = behind(where, "header ")))
		return header(x, name, ret);
	if ((name = behind(where, "claim ")))
		return member(a, x->claims, "\n  ", name, ret);
	if ((name = behind(where, "jose header ")))
		return member(a, x->jose_header, "\n  ", name, ret);
	if (behind(where, "body /"))
		return member(a, x->response_body, "", strrchr(where, '/') + 1, ret);
	return false;
}

static size_t characters(struct arena *a, struct sv s)
{
	return wrap_columns(arena_sv(a, s));
}

bool place_find(struct arena *a, const struct results *r, const struct result *x, size_t width, struct marked *ret)
{
	enum { BEFORE = 24 }; /* characters shown before a place far inside a long line */
	const struct shown_exchange *exchange = exchange_of(r, x->exchange);
	struct spot s;

	if (!exchange || !x->where || width < 2 * (size_t)BEFORE || !spot_of(a, exchange, x->where, &s))
		return false;
	size_t all = characters(a, s.line), column = characters(a, (struct sv){s.line.p, s.from});
	size_t columns = characters(a, (struct sv){s.line.p + s.from, s.to - s.from}), skipped = 0;
	struct sv shown = s.line;
	if (all > width && column > BEFORE && column + columns >= width) {
		skipped = column - BEFORE;
		size_t bytes = wrap_bytes(shown, skipped);
		shown = (struct sv){shown.p + bytes, shown.n - bytes};
		all -= skipped;
	}
	bool cut = all + (skipped > 0) > width;
	if (cut)
		shown.n = wrap_bytes(shown, width - 1 - (skipped > 0));
	/* what is in a results file that was given to us was not made by us */
	ret->line = arena_printf(a, "%s%s%s", skipped ? "…" : "", text_visible(a, shown), cut ? "…" : "");
	ret->column = column - skipped + (skipped > 0);
	ret->columns = ret->column + columns > width - cut ? width - cut - ret->column : columns;
	return ret->column < width - cut;
}
