#ifndef BRANDCERT_SUITE_TARGET_AUTHORIZATION_H
#define BRANDCERT_SUITE_TARGET_AUTHORIZATION_H

#include "suite/keys.h"
#include "suite/target.h"

/* Reads the `authorization` mapping of a target file into target->authorization. Internal to suite/. */
bool target_authorization_read(struct source *s, const struct node *n, struct target *target);
/* Its addresses, once it is known whether http is allowed. */
void target_authorization_check(struct source *s, const struct node *root, const struct target *target);

#endif
