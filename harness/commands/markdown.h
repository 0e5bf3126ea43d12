#ifndef BRANDCERT_COMMANDS_MARKDOWN_H
#define BRANDCERT_COMMANDS_MARKDOWN_H

#include "core/arena.h"
#include "core/buf.h"
#include "suite/suite.h"

/* Pieces of GitHub-flavoured Markdown. Each fits into a cell of a table, too: one line, no bare '|'. */

/* Text that is shown as it is written, whatever is in it. */
char *markdown_text(struct arena *a, const char *text);
/* The same as a code span, cut to `max` bytes. */
char *markdown_code(struct arena *a, const char *text, size_t max);
/* "[text](url)"; just the text where url is NULL. */
char *markdown_link(struct arena *a, const char *text, const char *url);
/* The heading of a section: what the ids that begin like this one are about, "The id_token: claims". */
const char *markdown_area(const char *requirement_id);
/* True when both ids begin with the same word. */
bool markdown_same_area(const char *id, const char *other);
/* "must", or "must / should / off" for liveperson, strict and google where they differ. */
char *markdown_levels(struct arena *a, const enum level *level);

#endif
