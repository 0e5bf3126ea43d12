#include "core/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

/* Room for n more bytes and a NUL; gives how many of the n may be added. */
static size_t reserve(struct buf *b, size_t n)
{
	size_t left = b->cap > b->n ? b->cap - b->n : 0;

	if (n > left) {
		b->full = true;
		n = left;
	}
	if (b->n + n + 1 > b->size) {
		size_t size = b->size ? b->size : 256;
		while (size < b->n + n + 1)
			size *= 2;
		b->p = mem_resize(b->p, size);
		b->size = size;
	}
	return n;
}

bool buf_add(struct buf *b, const void *bytes, size_t n)
{
	size_t fits = reserve(b, n);

	if (fits)
		memcpy(b->p + b->n, bytes, fits);
	b->n += fits;
	b->p[b->n] = '\0';
	return fits == n;
}

bool buf_add_sv(struct buf *b, struct sv s)
{
	return buf_add(b, s.p, s.n);
}

bool buf_add_text(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_add_char(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

bool buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;
	char *text = NULL;

	va_start(args, format);
	int n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		mem_exhausted();
	bool all = buf_add(b, text, (size_t)n);
	free(text);
	return all;
}

struct sv buf_sv(const struct buf *b)
{
	return (struct sv){b->p ? b->p : "", b->n};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->full = false;
	if (b->p)
		b->p[0] = '\0';
}

void buf_release(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.cap = b->cap};
}
