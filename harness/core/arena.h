#ifndef BRANDCERT_CORE_ARENA_H
#define BRANDCERT_CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "core/sv.h"

/*
 * Memory that lives as long as a run: allocated piecemeal, freed at once. Blocks come from malloc, so sanitizers see
 * them; built with -DBRANDCERT_ARENA_EACH every object gets a malloc of its own, which catches overruns between objects.
 * No function here returns NULL: out of memory ends the program with exit status 3.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is allowed */
void arena_freep(struct arena **a);
#define arena_auto __attribute__((cleanup(arena_freep))) struct arena

void *arena_alloc(struct arena *a, size_t size);               /* zeroed, aligned for anything */
void *arena_array(struct arena *a, size_t count, size_t size); /* zeroed; overflow ends the program */
/* A copy of old's count elements in room for twice that (at least 8) when count has reached a power of two from 8 on
 * or is 0; otherwise old itself. For appending one element: v = arena_grow(a, v, n, sizeof *v); v[n++] = x. */
void *arena_grow(struct arena *a, void *old, size_t count, size_t size);
char *arena_text(struct arena *a, const char *text); /* copy; of NULL: NULL */
char *arena_sv(struct arena *a, struct sv s);        /* NUL-terminated copy */
struct sv arena_svdup(struct arena *a, struct sv s); /* copy, with a NUL behind it */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* malloc family for the few things that outlive or precede an arena; they end the program rather than return NULL. */
void *mem_alloc(size_t size); /* zeroed */
void *mem_resize(void *old, size_t size);
char *mem_text(const char *text); /* of NULL: NULL */
_Noreturn void mem_exhausted(void);

#endif
