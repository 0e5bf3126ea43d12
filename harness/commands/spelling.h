#ifndef BRANDCERT_COMMANDS_SPELLING_H
#define BRANDCERT_COMMANDS_SPELLING_H

#include <stdbool.h>

#include "core/arena.h"
#include "suite/target.h"

/*
 * How a run sends client id and secret in Basic where the two spellings differ and the target file says nothing of it:
 * form-encoded (RFC 6749 §2.3.1), unless the endpoint refuses that and takes them as they are. Asks the endpoint with codes
 * that nobody issued, one to three times; no answer leaves it at the rule. True: the target has raw_basic from now on.
 * Nothing is judged by it: that is the scenario's.
 */
bool spelling_find(struct arena *a, struct target *t);

#endif
