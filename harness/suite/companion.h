#ifndef BRANDCERT_SUITE_COMPANION_H
#define BRANDCERT_SUITE_COMPANION_H

#include "suite/yaml.h"

/* Files that a target file names, relative to it. Internal to suite/. */

/*
 * The content of the file that the value of `n` (expanded: `path`) names, or SV_NONE: missing, unreadable or empty, reported at
 * n. *full is its path.
 */
struct sv companion_read(struct source *s, const struct node *n, const char *path, const char **full);
/* The same for a secret: one line, whose line end is dropped. NULL: reported. */
const char *companion_secret(struct source *s, const struct node *n, const char *path);

#endif
