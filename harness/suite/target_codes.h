#ifndef BRANDCERT_SUITE_TARGET_CODES_H
#define BRANDCERT_SUITE_TARGET_CODES_H

#include "suite/keys.h"
#include "suite/target.h"

/* Reads the `codes` mapping of a target file into target->codes. Internal to suite/. */
bool target_codes_read(struct source *s, const struct node *n, struct target *target);

#endif
