#ifndef BRANDCERT_SUITE_SCENARIO_H
#define BRANDCERT_SUITE_SCENARIO_H

#include "suite/expect.h"
#include "suite/suite.h"

/*
 * Reads a scenario file that was opened; ret->suite must be set. Mistakes are reported; what could be read is in *ret (ret->id
 * may be NULL), to be released with scenario_release in any case. Internal to suite/.
 */
void scenario_read(struct source *s, const struct suite_options *o, const struct judging *j, struct scenario *ret);
void scenario_release(struct scenario *sc);

#endif
