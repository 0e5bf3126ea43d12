#ifndef BRANDCERT_COMMANDS_TENANT_H
#define BRANDCERT_COMMANDS_TENANT_H

#include <jansson.h>

#include "core/arena.h"
#include "core/err.h"
#include "suite/target.h"

/*
 * Changes a target for one tenant of the reference brand into one for another, by the facts that the control API told of
 * that. What they say nothing of, the tenant does not offer. ERR_TROUBLE when one is missing that every tenant has.
 */
int tenant_apply(struct arena *a, const json_t *facts, struct target *t, struct err *e)
        __attribute__((warn_unused_result));

#endif
