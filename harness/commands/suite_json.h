#ifndef BRANDCERT_COMMANDS_SUITE_JSON_H
#define BRANDCERT_COMMANDS_SUITE_JSON_H

#include <jansson.h>

#include "suite/suite.h"

/* What the suite holds, for programs: `list` and `explain` with --format json. Members are stable: what is not there is
 * null or an empty array, never left out. Each is a new reference; text lives in the arena or the suite. */
json_t *requirement_json(struct arena *a, const struct suite *s, const struct requirement *r);
json_t *scenario_json(const struct scenario *s);
json_t *control_json(const struct scenario *s, const struct control *c);

/* Prints it, indented, and releases it. -1 (ERR_TROUBLE) when standard output cannot be written. */
int suite_json_print(json_t *value, struct err *e) __attribute__((warn_unused_result));

#endif
