#ifndef BRANDCERT_SUITE_LOAD_H
#define BRANDCERT_SUITE_LOAD_H

#include "suite/catalogue.h"
#include "suite/expected_file.h"
#include "suite/scenario.h"
#include "suite/source.h"
#include "suite/target.h"

/* Loading from memory, for tests and fuzzing: sources that source_open has taken. Internal to suite/. */

/* As target_load() for a file that is open. */
void target_read(struct source *s, struct target *ret);
/* As expected_load(). */
void expected_read(struct source *s, const struct catalogue *catalogue, struct expectations *ret);

#endif
