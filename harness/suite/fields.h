#ifndef BRANDCERT_SUITE_FIELDS_H
#define BRANDCERT_SUITE_FIELDS_H

#include "suite/keys.h"
#include "suite/suite.h"

/* What the kinds of steps have in common. Internal to suite/. */

key_reader read_fields;          /* struct fields: {name: value} */
key_reader read_repeated_fields; /* … where a list of values is as many fields */

/* The canonical JSON of a mapping: sorted keys, no blanks, so that what says the same is the same. With `kind`: as the
 * only member of an object, {"kind": …}. NULL: reported. */
const char *spec_of(struct source *s, const struct node *n, const char *kind);

#endif
