#ifndef BRANDCERT_EVIDENCE_SPANS_H
#define BRANDCERT_EVIDENCE_SPANS_H

#include "core/arena.h"
#include "core/sv.h"

/* Stretches of a text that have to go, and what stands in their place. */
struct span {
	size_t from, to;
	const char *name;
};

struct spans {
	struct arena *a;
	struct span *v;
	size_t n;
};

void spans_add(struct spans *s, struct span add);
/*
 * A copy of text, arena memory with a NUL behind it, with "[name]" for each stretch. Of stretches that overlap, or touch
 * under one name, one is made, under the name of the first and longest. Names that stand there in brackets already are left
 * in peace, so that masking twice is masking once. `names` ends with NULL.
 */
struct sv spans_render(struct spans *s, struct arena *a, struct sv text, const char *const *names);

#endif
