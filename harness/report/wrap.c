#include "report/wrap.h"

#include <string.h>

/* Bytes of the character or colour at p, and its columns. */
static size_t character(const char *p, unsigned *columns)
{
	size_t n = 1;

	if (*p == '\x1b') {
		n = strcspn(p, "m");
		*columns = 0;
		return n + (p[n] == 'm');
	}
	while (((unsigned char)p[n] & 0xc0) == 0x80)
		n++;
	*columns = 1;
	return n;
}

size_t wrap_columns(const char *text)
{
	size_t all = 0;

	for (unsigned columns; *text; all += columns)
		text += character(text, &columns);
	return all;
}

size_t wrap_bytes(struct sv text, size_t columns)
{
	size_t i = 0;

	for (; i < text.n && columns; columns--)
		for (i++; i < text.n && ((unsigned char)text.p[i] & 0xc0) == 0x80;)
			i++;
	return i;
}

/* Bytes of text that fit into `room` columns: up to a blank or the end, or else in the middle of a word. */
static size_t fitting(const char *text, size_t room)
{
	size_t used = 0, i = 0, blank = 0;

	while (text[i]) {
		unsigned columns;
		size_t n = character(text + i, &columns);
		if (text[i] == ' ')
			blank = i;
		if (used + columns > room)
			return blank ? blank : i ? i : n;
		used += columns;
		i += n;
	}
	return i;
}

static void wrapped(struct wrap *w, size_t first, const char *indent, const char *text)
{
	size_t at = first, later = wrap_columns(indent);

	for (;;) {
		size_t n = fitting(text, w->width > at ? w->width - at : 1);
		size_t shown = n;
		while (shown && text[shown - 1] == ' ')
			shown--;
		buf_add(w->out, text, shown);
		buf_add_char(w->out, '\n');
		text += n;
		text += strspn(text, " ");
		if (!*text)
			return;
		buf_add_text(w->out, indent);
		at = later;
	}
}

void wrap_line(struct wrap *w, const char *indent, const char *text)
{
	wrapped(w, 0, indent, text);
}

void wrap_item(struct wrap *w, const char *label, const char *text)
{
	static const char indent[] = "                ";

	if (!*text)
		return;
	buf_addf(w->out, "     %-11s", label);
	wrapped(w, sizeof indent - 1, indent, text);
}

void wrap_verbatim(struct wrap *w, const char *text)
{
	buf_add_text(w->out, text);
	buf_add_char(w->out, '\n');
}

void wrap_blank(struct wrap *w)
{
	buf_add_char(w->out, '\n');
}
