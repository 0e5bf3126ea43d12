#ifndef BRANDCERT_REPORT_WRAP_H
#define BRANDCERT_REPORT_WRAP_H

#include "core/buf.h"

/* Lines for a terminal, broken between words. Text is UTF-8 that was rendered visibly; a character is one column, and a
 * colour (ESC [ … m) none. */
struct wrap {
	struct buf *out;
	unsigned width;
};

/* A text of its own; its further lines begin with indent. */
void wrap_line(struct wrap *w, const char *indent, const char *text);
/* Columns before the text of an item. */
#define WRAP_ITEM 16
/* "     Expected  text": nothing when text is empty. */
void wrap_item(struct wrap *w, const char *label, const char *text);
void wrap_verbatim(struct wrap *w, const char *text);
void wrap_blank(struct wrap *w);
size_t wrap_columns(const char *text);
/* Bytes of the first `columns` characters of text without colours. */
size_t wrap_bytes(struct sv text, size_t columns);

#endif
