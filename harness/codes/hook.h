#ifndef BRANDCERT_CODES_HOOK_H
#define BRANDCERT_CODES_HOOK_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"
#include "evidence/evidence.h"

/* What a hook's request says and where its reply has the value: the pieces of http.c. */

struct hook_value {
	const char *name, *value; /* value NULL: "" */
};

/*
 * Replaces {name} and {name|filter} in text: `form` encodes as application/x-www-form-urlencoded, `json` as the inside of a
 * JSON string. Any other brace is only a brace. `values` ends with a row without a name. Arena memory.
 */
char *hook_fill(struct arena *a, const char *text, const struct hook_value *values);
/* Whether text, which may be NULL, uses this name. */
bool hook_mentions(const char *text, const char *name);
/* The non-empty string at a JSON pointer (RFC 6901) of a JSON text, in arena memory; SV_NONE: there is none. */
struct sv hook_pointed(struct arena *a, struct sv json, const char *pointer);
/* "application/json", or "no Content-Type": visible and bounded. */
const char *hook_media_type(struct arena *a, const struct exchange *x);

#endif
