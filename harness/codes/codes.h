#ifndef BRANDCERT_CODES_CODES_H
#define BRANDCERT_CODES_CODES_H

#include "core/err.h"
#include "exchange/code_source.h"
#include "suite/target.h"

/* The source that a target's `codes` names. The target must outlive it. -1 and e when it cannot be set up. */
int codes_open(const struct target *t, struct code_source *ret, struct err *e) __attribute__((warn_unused_result));
void codes_close(struct code_source *c);

#endif
