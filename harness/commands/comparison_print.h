#ifndef BRANDCERT_COMMANDS_COMPARISON_PRINT_H
#define BRANDCERT_COMMANDS_COMPARISON_PRINT_H

#include "core/buf.h"
#include "verdict/comparison.h"

/* A comparison, with the names of the files it is of. */
struct compared {
	struct arena *a;
	const struct comparison *c;
	const char *was_name, *is_name;
	unsigned width; /* of the text */
};

/* Changes that read as one: of one kind, requirement and pair of verdicts. True and the next one from *at on, as
 * v[*from] up to v[*at]. Those that are the same are not among them. */
bool compared_group(const struct compared *d, size_t *at, size_t *from);
/* "valid-code, missing-sub and 3 more": the scenarios of the group v[from] up to v[to]. */
const char *compared_scenarios(const struct compared *d, size_t from, size_t to);
/* "pass → fail", "new: warn" */
const char *compared_verdicts(const struct compared *d, const struct change *c);
/* "2 requirements broke, 1 was mended; 410 results are the same, 3 of them failures." */
const char *compared_sentence(const struct compared *d);
/* Why the two cannot be compared like with like, NULL-terminated; may be empty. */
const char **compared_notes(const struct compared *d);
/* "acme staging, liveperson profile, 2026-11-21T12:00:00Z" */
const char *compared_run(const struct compared *d, const struct results *r);
/* What to call a kind of changes: "Broke". */
const char *compared_heading(enum change_kind kind);

void comparison_text(const struct compared *d, struct buf *out);
/* After suites/schema/comparison.json. */
void comparison_json(const struct compared *d, struct buf *out);
/* GitHub-flavoured, for a comment or job summary. */
void comparison_markdown(const struct compared *d, struct buf *out);

#endif
