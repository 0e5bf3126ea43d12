#ifndef BRANDCERT_TESTS_COMMANDS_CANARY_H
#define BRANDCERT_TESTS_COMMANDS_CANARY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sv.h"

/*
 * Secrets that nothing may show, and a search for them in every spelling: made independently of harness/evidence, which has
 * to survive it.
 */

/* How a target may spell what it repeats. */
struct spelling {
	const char *name;
	char *(*spell)(struct arena *a, struct sv s);
};
extern const struct spelling spellings[]; /* ends with name NULL */

/* Bytes of a secret in a row that count as found: less may be there by chance. */
#define CANARY_WINDOW 12

struct canaries;
struct canaries *canaries_new(struct arena *a);
/* Looks for the windows of value at every `step` bytes. Shorter values than one window fail the test. */
void canaries_add(struct canaries *c, const char *name, struct sv value, size_t step);
size_t canaries_count(const struct canaries *c);
/* Appends a line to found for what of them stands in text, at most a few. */
void canaries_search(const struct canaries *c, const char *where, struct sv text, struct buf *found);

#endif
