#ifndef BRANDCERT_CODES_CHILD_H
#define BRANDCERT_CODES_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/buf.h"
#include "core/err.h"

#define CHILD_TAIL 1000 /* what is kept of stderr: its end */

/*
 * A program under our eyes: no shell, in a process group of its own, with /dev/null for stdin and none of our files.
 * What it prints is read without blocking and bounded. Nothing of its group outlives it.
 */
struct child {
	pid_t pid; /* 0: none is running */
	int out, err;
	struct buf printed; /* stdout; `full` when there was more than LIMIT_COMMAND_OUTPUT */
	char tail[CHILD_TAIL];
	size_t tail_n;
	int status; /* as waitpid gives it, once child_ended has said true */
};

struct child_program {
	const char *const *argv; /* NULL-terminated; [0] without a slash is looked for in PATH */
	const char *const *env;  /* NULL-terminated */
	const char *folder;      /* working directory, NULL: ours */
};

/* *c needs no initialisation. On failure e says what to mend, and nothing has to be released. */
int child_start(struct child *c, const struct child_program *p, struct err *e) __attribute__((warn_unused_result));
/* Reads what there is. True when the program itself has ended: then its group is gone, and all output is read. */
bool child_ended(struct child *c);
void child_kill(struct child *c); /* the whole group, and waits for the program; harmless when it has ended */
void child_release(struct child *c);

#endif
