#ifndef BRANDCERT_SUITE_HIDING_H
#define BRANDCERT_SUITE_HIDING_H

#include "suite/yaml.h"

/*
 * Puts asterisks over what must not be shown of a target file's lines in messages: everything but the values of keys that
 * are known to be harmless. A key that is misspelt may hold the secret. Internal to suite/.
 */

/* Before the file is parsed, by looking at its lines: hides too much rather than too little. */
void hide_lines(struct source *s);
/* Once it is parsed, exactly. */
void hide_values(struct source *s, const struct node *root);

#endif
