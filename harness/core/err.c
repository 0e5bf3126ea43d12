#include "core/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/limits.h"
#include "core/text.h"

static int __attribute__((format(printf, 3, 0)))
set(struct err *e, enum err_kind kind, const char *format, va_list args)
{
	if (e && e->kind == ERR_NONE) {
		e->kind = kind;
		vsnprintf(e->text, sizeof e->text, format, args);
	}
	return -1;
}

int err_input(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, ERR_INPUT, format, args);
	va_end(args);
	return -1;
}

int err_trouble(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, ERR_TROUBLE, format, args);
	va_end(args);
	return -1;
}

int err_unsuited(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, ERR_UNSUITED, format, args);
	va_end(args);
	return -1;
}

int err_wrap(struct err *e, const char *format, ...)
{
	if (!e || e->kind == ERR_NONE)
		return -1;
	char old[sizeof e->text];
	va_list args;

	memcpy(old, e->text, sizeof old);
	va_start(args, format);
	int n = vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n + 3 < sizeof e->text)
		snprintf(e->text + n, sizeof e->text - (size_t)n, ": %.*s", (int)(sizeof e->text - (size_t)n - 3), old);
	return -1;
}

static void __attribute__((format(printf, 4, 0)))
add(struct diags *d, struct place at, bool warning, const char *format, va_list args)
{
	char *text = NULL;

	if (!warning)
		d->errors++;
	if (d->n >= LIMIT_DIAGS) {
		d->dropped++;
		return;
	}
	if (vasprintf(&text, format, args) < 0)
		mem_exhausted();
	d->v = mem_resize(d->v, (d->n + 1) * sizeof *d->v);
	d->v[d->n++] = (struct diag){
	        .path = mem_text(at.path ? at.path : ""),
	        .line = at.line,
	        .column = at.column,
	        .text = text,
	        .source = mem_text(at.source),
	        .warning = warning,
	};
}

void diags_error(struct diags *d, struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(d, at, false, format, args);
	va_end(args);
}

void diags_warning(struct diags *d, struct place at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(d, at, true, format, args);
	va_end(args);
}

char *diag_text(const struct diag *d)
{
	struct buf out = {.cap = BUF_OWN};
	arena_auto *a = arena_new();

	if (d->path[0])
		buf_addf(&out, "%s:", text_visible(a, sv_of(d->path)));
	if (d->line)
		buf_addf(&out, "%u:", d->line);
	if (d->line && d->column)
		buf_addf(&out, "%u:", d->column);
	buf_addf(&out, "%s%s: %s\n", out.n ? " " : "", d->warning ? "warning" : "error",
	         text_visible(a, sv_of(d->text)));
	if (d->source && d->line) {
		/* The caret stands under the column as shown: what is before it may have been escaped, tabs are one blank. */
		struct sv source = sv_trim(sv_of(d->source));
		size_t lead = (size_t)(source.p ? source.p - d->source : 0);
		size_t column = d->column ? d->column - 1 : 0, before = column > lead ? column - lead : 0;
		if (before > source.n)
			before = source.n;
		char *left = text_visible(a, (struct sv){source.p, before});
		buf_addf(&out, "    %s%s\n", left, text_visible(a, (struct sv){source.p + before, source.n - before}));
		if (d->column) {
			buf_add_text(&out, "    ");
			for (size_t i = 0; left[i]; i++)
				if (((unsigned char)left[i] & 0xc0) != 0x80)
					buf_add_char(&out, ' ');
			buf_add_text(&out, "^\n");
		}
	}
	return out.p;
}

static int by_place(const void *x, const void *y)
{
	const struct diag *a = x, *b = y;
	int c = strcmp(a->path, b->path);

	if (c)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

void diags_sort(struct diags *d)
{
	/* Insertion sort: stable, and there are at most LIMIT_DIAGS. */
	for (size_t i = 1; i < d->n; i++) {
		struct diag x = d->v[i];
		size_t j = i;
		for (; j && by_place(&d->v[j - 1], &x) > 0; j--)
			d->v[j] = d->v[j - 1];
		d->v[j] = x;
	}
}

void diags_release(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].path);
		free(d->v[i].text);
		free(d->v[i].source);
	}
	free(d->v);
	*d = (struct diags){0};
}
