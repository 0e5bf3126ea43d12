#ifndef BRANDCERT_SUITE_EXPECTED_FILE_H
#define BRANDCERT_SUITE_EXPECTED_FILE_H

#include <stdint.h>

#include "core/buf.h"
#include "suite/suite.h"

/*
 * The user's file of expected failures: requirements that a brand is known to violate, each with the reason why that is
 * accepted for now. See suites/README.md and suites/schema/expected-failures.json.
 */

struct expectation {
	const char *requirement;
	const char *scenario; /* NULL: in whatever scenario it is judged */
	const char *reason;
	const char *until; /* "2026-12-31": the last day on which it is good, UTC; NULL: no end */
	int64_t until_ms;  /* the end of that day; 0: no end */
	struct place at;
};

struct expectations {
	struct expectation *v; /* in the file's order */
	size_t n;
};

/*
 * Reads and checks the file; every mistake goes to d (look at d->errors): an id that is not in the catalogue is one, and so
 * is an entry that is there twice. All of *ret is arena memory.
 */
void expected_load(struct arena *a, const char *path, const struct catalogue *catalogue, struct diags *d,
                   struct expectations *ret);

/* Writes such a file: what it is in comments, then the entries. */
void expected_write(const struct expectations *x, struct buf *out);

#endif
