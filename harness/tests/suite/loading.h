#ifndef BRANDCERT_TESTS_SUITE_LOADING_H
#define BRANDCERT_TESTS_SUITE_LOADING_H

#include <stdlib.h>
#include <string.h>

#include "suite/suite.h"
#include "testing.h"

/* What the tests of loading share. */

/* C checks that the tests pretend to have, NULL-terminated. */
extern const char *const loading_checks[];
/* Stands for the reference brand's: does not know the fault 'sing'. */
const char *loading_fault_problem(struct arena *a, const json_t *fault);

/* A path below this folder. */
char *loading_path(struct arena *a, const char *below);
/* Loads scenarios at or below `path` against the catalogue of good/. */
void loading_suite(struct arena *a, const char *path, struct diags *d, struct suite *ret);
/* All diagnostics as text, with every `folder` taken out. */
char *loading_rendered(struct arena *a, const struct diags *d, const char *folder);

#endif
