#ifndef BRANDCERT_TESTS_TESTING_H
#define BRANDCERT_TESTS_TESTING_H

#include <check.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/* Runs a suite with Check's own options from the environment (CK_FORK, CK_RUN_CASE, …) and gives main's exit status. */
int testing_run(Suite *s);

/* The lines around a PEM block. In two pieces, so that whoever scans the tree for private keys finds none. */
#define PEM_BEGIN(label) "-----BEGIN " label "-----"
#define PEM_END(label) "-----END " label "-----"

/* Like ck_assert_str_eq, for borrowed text; prints both, escaped. */
#define assert_sv_eq(have, want) testing_sv_eq((have), (want), __FILE__, __LINE__)
void testing_sv_eq(struct sv have, struct sv want, const char *file, int line);

/* Fails unless `needle` is in `have`; prints both. */
#define assert_contains(have, needle) testing_contains((have), (needle), 1, __FILE__, __LINE__)
#define assert_lacks(have, needle) testing_contains((have), (needle), 0, __FILE__, __LINE__)
void testing_contains(const char *have, const char *needle, int wanted, const char *file, int line);

/* The repository's root: tests are started there, but may be started elsewhere with BRANDCERT_ROOT. Borrowed. */
const char *testing_root(void);
/* A fresh folder, removed with all that is in it when the test program ends. Arena memory. */
char *testing_folder(struct arena *a);
/* The content of a file, or fails the test. Arena memory. */
char *testing_read(struct arena *a, const char *path);
void testing_write(const char *path, struct sv content);

#endif
