#include "core/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double up to BLOCK_MAX; a larger object gets a block of its own. */
#define BLOCK_MIN ((size_t)4 * 1024)
#define BLOCK_MAX ((size_t)256 * 1024)

struct block {
	struct block *next;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *blocks;
	char *free; /* within the newest shared block */
	size_t left, next_size;
};

_Noreturn void mem_exhausted(void)
{
	static const char text[] = "brandcert: out of memory\n";

	(void)!fwrite(text, 1, sizeof text - 1, stderr);
	exit(3);
}

void *mem_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

void *mem_resize(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		mem_exhausted();
	return p;
}

char *mem_text(const char *text)
{
	if (!text)
		return NULL;
	size_t n = strlen(text) + 1;
	return memcpy(mem_alloc(n), text, n);
}

struct arena *arena_new(void)
{
	struct arena *a = mem_alloc(sizeof *a);

	a->next_size = BLOCK_MIN;
	return a;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	for (struct block *b = a->blocks, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

void arena_freep(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

static char *add_block(struct arena *a, size_t size)
{
	if (size > SIZE_MAX - sizeof(struct block))
		mem_exhausted();
	struct block *b = mem_alloc(sizeof *b + size);

	b->next = a->blocks;
	a->blocks = b;
	return b->bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size == 0)
		size = 1;
	if (size > SIZE_MAX - 64)
		mem_exhausted();
#ifdef BRANDCERT_ARENA_EACH
	return add_block(a, size);
#else
	size_t align = _Alignof(max_align_t);
	size_t rounded = (size + align - 1) / align * align;

	if (rounded > BLOCK_MAX / 4)
		return add_block(a, size);
	if (rounded > a->left) {
		a->free = add_block(a, a->next_size);
		a->left = a->next_size;
		if (a->next_size < BLOCK_MAX)
			a->next_size *= 2;
		if (rounded > a->left)
			return add_block(a, size);
	}
	void *p = a->free;
	a->free += rounded;
	a->left -= rounded;
	return p;
#endif
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		mem_exhausted();
	return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, void *old, size_t count, size_t size)
{
	if (count && (count < 8 || (count & (count - 1))))
		return old;
	void *grown = arena_array(a, count ? count * 2 : 8, size);
	if (count)
		memcpy(grown, old, count * size);
	return grown;
}

char *arena_text(struct arena *a, const char *text)
{
	return text ? arena_sv(a, sv_of(text)) : NULL;
}

char *arena_sv(struct arena *a, struct sv s)
{
	if (s.n == SIZE_MAX)
		mem_exhausted();
	char *p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct sv arena_svdup(struct arena *a, struct sv s)
{
	return (struct sv){arena_sv(a, s), s.n};
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		mem_exhausted();
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, format, args);
	return p;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *p = arena_vprintf(a, format, args);
	va_end(args);
	return p;
}
