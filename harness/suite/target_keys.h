#ifndef BRANDCERT_SUITE_TARGET_KEYS_H
#define BRANDCERT_SUITE_TARGET_KEYS_H

#include "suite/keys.h"
#include "suite/target.h"

/* Reads the `keys` mapping of a target file into target->keys. Internal to suite/. */
bool target_keys_read(struct source *s, const struct node *n, struct target *target);

#endif
