#ifndef BRANDCERT_COMMANDS_LOAD_H
#define BRANDCERT_COMMANDS_LOAD_H

#include "commands/options.h"
#include "evidence/evidence.h"
#include "suite/expected_file.h"
#include "suite/suite.h"
#include "suite/target.h"

/* Where our own files are: in the build tree beside build/, installed below share/ and libexec/. NULL: not found. */
char *find_suites(struct arena *a);
char *find_reference_brand(struct arena *a);

/* The suite that the options name, selected, with its digest. Prints every mistake; -1 when there was one. */
struct loaded_suite {
	struct suite suite;
	const char *digest; /* SHA-256 over names and contents of all files, hexadecimal */
};
int load_suite(const struct options *o, struct loaded_suite *ret) __attribute__((warn_unused_result));
/* The target in `path`, with the options' profile. Prints every mistake; -1 when there was one. */
int load_target(const struct options *o, const char *path, struct target *ret) __attribute__((warn_unused_result));

/* The expected failures that the options name, in *ret; *ret is NULL where they name none. Prints every mistake; -1 when
 * there was one, or when the file that is to be written is there already. */
int load_expected(const struct options *o, const struct loaded_suite *suite, struct expectations **ret)
        __attribute__((warn_unused_result));

/* What judging has to know of a target. Borrows its strings. */
struct run_facts facts_of(struct arena *a, const struct target *t);

#endif
