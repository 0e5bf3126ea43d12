#ifndef BRANDCERT_TESTS_COMMANDS_EDITED_H
#define BRANDCERT_TESTS_COMMANDS_EDITED_H

#include "commands/ran.h"

/*
 * The reference brand's own target file without the top-level parts named in `without` (blank-separated), and with `added`
 * behind it: its path. It stands beside the brand's files of secrets, as `name`.
 */
const char *edited_target(struct arena *a, const struct brand *b, const char *name, const char *without,
                          const char *added);

#endif
