#ifndef BRANDCERT_COMMANDS_ANNOTATE_H
#define BRANDCERT_COMMANDS_ANNOTATE_H

#include "core/arena.h"
#include "core/buf.h"
#include "verdict/results.h"

/* What GitHub Actions shows beside the log. Where it does not run, nothing is done. */

/* With GITHUB_STEP_SUMMARY set: appends the Markdown summary to that file. What goes wrong is a note on stderr: it says
 * nothing about the brand, nor about the reports that were asked for. */
void annotate_summary(const struct results *r);

/*
 * The runner takes any line that begins with "::", blanks before it or not, for a command. Between these two it does not, so
 * what a target said and the summary quotes stays text. Both "" where GitHub Actions does not run.
 */
struct annotate_guard {
	const char *begin, *end;
};
void annotate_guard(struct arena *a, struct annotate_guard *ret);

/* With GITHUB_ACTIONS=true: failures as ::error lines, warnings as ::warning lines, LIMIT_ANNOTATIONS of each. */
void annotate_lines(const struct results *r, struct buf *out);
/* Where the last line of a text begins. */
size_t annotate_last_line(struct sv text);

#endif
