#ifndef BRANDCERT_SUITE_SCAN_H
#define BRANDCERT_SUITE_SCAN_H

#include "suite/source.h"

/*
 * First look at a YAML file, event by event, for what a loaded document no longer shows or could not survive: syntax
 * errors, anchors, aliases, tags, directives, a second document, nesting beyond LIMIT_YAML_DEPTH. Internal to suite/.
 */

/* All of it is reported. False: there is no first document that could be loaded. */
bool scan(struct source *s);

#endif
