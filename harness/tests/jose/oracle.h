#ifndef BRANDCERT_TESTS_JOSE_ORACLE_H
#define BRANDCERT_TESTS_JOSE_ORACLE_H

#include <jansson.h>

#include "core/arena.h"
#include "core/sv.h"

/* What oracle.mjs writes in the given mode when it reads `input`: one JSON value a line, as an array of them. */
json_t *oracle_ask(struct arena *a, const char *mode, struct sv input);
/* The text of a member, or fails the test. */
const char *oracle_member(const json_t *line, const char *name);

#endif
