#include "suite/source.h"

#include <stdarg.h>
#include <string.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "suite/variable.h"

/* A longer line is not shown. */
#define SHOWN_LINE 240

static void index_lines(struct source *s)
{
	size_t n = 1, i = 0;

	for (size_t at = 0; at < s->text.n; at++)
		n += s->text.p[at] == '\n';
	size_t *lines = arena_array(s->a, n, sizeof *lines);
	lines[i++] = 0;
	for (size_t at = 0; at < s->text.n; at++)
		if (s->text.p[at] == '\n')
			lines[i++] = at + 1;
	s->lines = lines;
	s->nlines = n;
}

static size_t line_of(const struct source *s, size_t offset)
{
	size_t low = 0, high = s->nlines;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (s->lines[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static struct sv line_shown(const struct source *s, size_t line)
{
	size_t from = s->lines[line], to = line + 1 < s->nlines ? s->lines[line + 1] - 1 : s->text.n;

	if (to > from && s->text.p[to - 1] == '\r')
		to--;
	return (struct sv){(s->masked ? s->masked : s->text.p) + from, to - from};
}

struct place source_place(const struct source *s, size_t offset)
{
	if (offset >= s->text.n) {
		offset = s->text.n;
		while (offset && strchr(" \t\r\n", s->text.p[offset - 1]))
			offset--;
	}
	size_t line = line_of(s, offset);
	struct sv text = line_shown(s, line);
	bool shown = sv_trim(text).n && text.n <= SHOWN_LINE && !memchr(text.p, '\0', text.n);
	return (struct place){
	        .path = s->path,
	        .line = (unsigned)(line + 1),
	        .column = (unsigned)(offset - s->lines[line] + 1),
	        .source = shown ? arena_sv(s->a, text) : NULL,
	};
}

size_t source_offset(const struct source *s, size_t line, size_t column)
{
	if (line >= s->nlines)
		return s->text.n;
	size_t at = s->lines[line];
	for (; column && at < s->text.n; column--)
		do
			at++;
		while (at < s->text.n && ((unsigned char)s->text.p[at] & 0xc0) == 0x80);
	return at;
}

void source_error(struct source *s, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	diags_error(s->d, source_place(s, offset), "%s", arena_vprintf(s->a, format, args));
	va_end(args);
	s->mistakes++;
}

void source_broken(struct source *s)
{
	s->mistakes++;
}

void source_hide(struct source *s, size_t from, size_t to)
{
	if (!s->masked)
		s->masked = arena_sv(s->a, s->text);
	if (to > s->text.n)
		to = s->text.n;
	for (size_t i = from; i < to; i++) {
		size_t n = variable_length((struct sv){s->text.p + i, to - i});
		if (n)
			i += n - 1;
		else if (!strchr("\r\n", s->text.p[i]))
			s->masked[i] = '*';
	}
}

/* The character at `at` when it is one that no file may hold. */
static const char *forbidden(struct sv text, size_t at)
{
	const unsigned char *p = (const unsigned char *)text.p + at;
	size_t n = text.n - at;

	if (*p == '\r' ? n < 2 || p[1] != '\n' : *p == 0x7f || (*p < ' ' && *p != '\t' && *p != '\n'))
		return "a control character";
	if (n >= 2 && *p == 0xc2 && p[1] < 0xa0)
		return "a control character"; /* C1, with NEL among them, which YAML takes for a line break */
	if (n >= 3 && *p == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
		return "a Unicode line separator";
	if (n >= 3 && *p == 0xe2 && p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae)
		return "a character that reverses the direction of text";
	if (n >= 3 && *p == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
		return "a character that reverses the direction of text";
	if (n >= 3 && *p == 0xef && p[1] == 0xbb && p[2] == 0xbf)
		return "a byte order mark";
	return NULL;
}

bool source_check(struct source *s)
{
	size_t before = s->mistakes;

	if (s->text.n >= 2 && (!memcmp(s->text.p, "\xff\xfe", 2) || !memcmp(s->text.p, "\xfe\xff", 2))) {
		source_error(s, 0, "this is UTF-16: save the file as UTF-8");
		return false;
	}
	/* The first offence of each line. */
	for (size_t line = 0; line < s->nlines; line++) {
		size_t from = s->lines[line], to = line + 1 < s->nlines ? s->lines[line + 1] : s->text.n;
		long bad = text_bad_utf8((struct sv){s->text.p + from, to - from});
		const char *what = NULL;
		for (size_t at = from; at < to && !what && (bad < 0 || at < from + (size_t)bad); at++)
			if ((what = forbidden(s->text, at)))
				source_error(s, at, "%s: leave it out", what);
		if (!what && bad >= 0)
			source_error(s, from + (size_t)bad, "this is not valid UTF-8");
	}
	return s->mistakes == before;
}

bool source_open(struct source *s, struct sv text)
{
	s->text = text.p ? text : SV("");
	index_lines(s);
	if (text.n > LIMIT_INPUT_FILE) {
		source_error(s, 0, "the file is larger than %d bytes", LIMIT_INPUT_FILE);
		return false;
	}
	return true;
}

bool source_read(struct source *s)
{
	struct buf b = {.cap = LIMIT_INPUT_FILE};
	struct err e = {0};

	if (file_read(s->path, LIMIT_INPUT_FILE, &b, &e) < 0) {
		diags_error(s->d, (struct place){0}, "%s", e.text);
		s->mistakes++;
		return false;
	}
	struct sv text = arena_svdup(s->a, buf_sv(&b));
	buf_release(&b);
	return source_open(s, text);
}

const char *did_you_mean(struct arena *a, struct sv word, const char *const *words, size_t n)
{
	const char *near = text_nearest(word, words, n);

	return near ? arena_printf(a, ", did you mean '%s'?", near) : "";
}
