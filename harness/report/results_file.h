#ifndef BRANDCERT_REPORT_RESULTS_FILE_H
#define BRANDCERT_REPORT_RESULTS_FILE_H

#include <jansson.h>

#include "core/arena.h"
#include "core/err.h"
#include "verdict/results.h"

/*
 * results.json, both ways, from one set of tables: what was read and is written again is the same, byte for byte. The
 * file is described by suites/schema/results.schema.json; what is not there is null, never left out. Files of the same
 * version that an earlier brandcert wrote may lack what came later: it is read as null.
 */

#define RESULTS_VERSION 2

/* A new reference. */
json_t *results_json(const struct results *r);

/*
 * Reads what report_json wrote. Strict: ERR_INPUT names the file and the JSON place of whatever is missing, unknown, of
 * another type, out of range, or of another version; totals that do not add up are refused, too. All of *ret is arena
 * memory, counts are made.
 */
int results_read(struct arena *a, const char *path, struct results *ret, struct err *e)
        __attribute__((warn_unused_result));
/* The same from text; `name` is for messages. */
int results_parse(struct arena *a, struct sv text, const char *name, struct results *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
