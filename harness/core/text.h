#ifndef BRANDCERT_CORE_TEXT_H
#define BRANDCERT_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/sv.h"

/* Offset of the first byte that is not valid UTF-8 (RFC 3629: no overlong forms, no surrogates), or -1. */
long text_bad_utf8(struct sv s);

/*
 * Printable on one line and legal in XML 1.0 whatever the bytes: control characters, invalid UTF-8, U+FFFE, U+FFFF and
 * bidirectional overrides become \n, \r, \t or \xNN (each byte). Everything that a target sent passes through this or
 * text_block before it reaches a person.
 */
char *text_visible(struct arena *a, struct sv s);
/* The same, but tabs and line feeds stay. */
char *text_block(struct arena *a, struct sv s);
/* text_visible, cut to at most max bytes of output (at a character's edge) with " … (N bytes in all)" behind it. */
char *text_excerpt(struct arena *a, struct sv s, size_t max);

/* The candidate nearest to word by edit distance, for "did you mean"; NULL when none is near enough to help. */
const char *text_nearest(struct sv word, const char *const *candidates, size_t n);
/* "a, b and c", with last_word "and" */
char *text_list(struct arena *a, const char *const *items, size_t n, const char *last_word);

#endif
