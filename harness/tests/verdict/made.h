#ifndef BRANDCERT_TESTS_VERDICT_MADE_H
#define BRANDCERT_TESTS_VERDICT_MADE_H

#include "core/arena.h"
#include "verdict/results.h"

/* Results from one line: "valid-code/token.pragma=pass missing-sub/idtoken.sub.valid=fail …". */
struct results made_results(struct arena *a, const char *line);
/* The one of a scenario and requirement, or NULL. */
const struct result *made_find(const struct results *r, const char *scenario, const char *requirement);
/* Back to such a line, with '!' behind what is accepted. */
char *made_line(struct arena *a, const struct results *r);

#endif
