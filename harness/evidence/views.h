#ifndef BRANDCERT_EVIDENCE_VIEWS_H
#define BRANDCERT_EVIDENCE_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"

/*
 * A text with its escapes undone, and for each byte the place in the original from where it came. A secret comes back in
 * more spellings than could be listed (%2f and %2F, \/ and \u002F, &#x2f;, or one inside the other), so we look for it
 * in the decoded text and mask the original.
 */
struct view {
	struct sv text;
	const uint32_t *map; /* text.n + 1 offsets into the original; NULL: this is the original */
};

enum view_kind {
	VIEW_JSON,    /* \" \/ \n \u002f \x2f … */
	VIEW_PERCENT, /* %2F */
	VIEW_FORM,    /* %2F, and + for a blank */
	VIEW_HTML,    /* &amp; &#38; &#x26; … */
	VIEW_KINDS
};

/* Undoes one kind of escape, once. False when there is none: *ret is then untouched. Arena memory. */
bool view_decode(struct arena *a, const struct view *in, enum view_kind kind, struct view *ret);
/* Offset in the original of an offset of the view. */
size_t view_origin(const struct view *v, size_t at);

typedef void view_fn(const struct view *v, void *context);
/* Visits the text as it is, and decoded in every way once and twice. Texts of 4 GiB and more are visited as they are. */
void views_visit(struct arena *scratch, struct sv text, view_fn *visit, void *context);

#endif
