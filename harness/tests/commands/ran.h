#ifndef BRANDCERT_TESTS_COMMANDS_RAN_H
#define BRANDCERT_TESTS_COMMANDS_RAN_H

#include <jansson.h>
#include <sys/types.h>

#include "core/arena.h"

/* Programs run as a person would run them, from tests. */

struct ran {
	int status; /* exit status; 128 + signal when it was killed */
	const char *out, *err;
};

/* Runs argv (NULL-terminated; argv[0] "brandcert" is the one in the build folder) to its end, in `folder`. */
struct ran ran(struct arena *a, const char *folder, const char *const *argv);
#define RAN(a, folder, ...) ran((a), (folder), (const char *const[]){__VA_ARGS__, NULL})

/* Absolute path of a program in the build folder (environment: BRANDCERT_BUILD). */
char *ran_program(struct arena *a, const char *name);
/* Absolute path of a file of the repository. */
char *ran_file(struct arena *a, const char *path);

/* The reference brand in its own process, with the JSON that it says when it is ready. */
struct brand {
	pid_t pid;
	int hold;
	json_t *ready;
	const char *state; /* folder with target.yaml, ca.pem, control-token, client-secret */
};
/* faults: JSON text or NULL. Fails the test when it does not come up. */
struct brand brand_start(struct arena *a, const char *faults);
const char *brand_says(const struct brand *b, const char *member);
void brand_stop(struct brand *b);

/* Loads a JSON file, or fails the test. */
json_t *ran_json(struct arena *a, const char *path);

#endif
