#ifndef BRANDCERT_CORE_BUF_H
#define BRANDCERT_CORE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/sv.h"

/*
 * A growing buffer that names its cap. What does not fit is dropped and `full` set; nothing is ever written past cap.
 * p is always NUL-terminated once anything was added. Zero-initialise apart from cap: struct buf b = {.cap = N}.
 */
struct buf {
	char *p;
	size_t n, size, cap;
	bool full;
};

/* cap for text that we ourselves compose */
#define BUF_OWN ((size_t)64 * 1024 * 1024)

bool buf_add(struct buf *b, const void *bytes, size_t n); /* false when cut */
bool buf_add_sv(struct buf *b, struct sv s);
bool buf_add_text(struct buf *b, const char *text);
bool buf_add_char(struct buf *b, char c);
bool buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct sv buf_sv(const struct buf *b); /* borrowed: until the next add or release */
void buf_clear(struct buf *b);         /* empties, keeps the memory */
void buf_release(struct buf *b);       /* frees; b can be used again */

#endif
