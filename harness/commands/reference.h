#ifndef BRANDCERT_COMMANDS_REFERENCE_H
#define BRANDCERT_COMMANDS_REFERENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "core/arena.h"
#include "core/err.h"
#include "suite/target.h"

/* The reference brand as a child process: it ends when we do, because it reads its standard input until that closes. */
struct reference {
	pid_t pid;
	int hold;    /* write end of its standard input */
	char *state; /* its folder; removed by reference_stop when it is temporary */
	bool temporary;
	const char *ca_file, *target_file, *control_url, *control_token_file;
	const char *issuer, *token_endpoint, *client_id, *redirect_uri;
};

/* Starts it and waits until it is ready. state NULL: a temporary folder. faults: JSON text or NULL. */
int reference_start(struct arena *a, const char *state, const char *faults, struct reference *ret, struct err *e)
        __attribute__((warn_unused_result));
void reference_stop(struct reference *r); /* does nothing on a zeroed one */

/* Makes a tenant with these faults (NULL: none), its codes living as long as base says, and gives a target for it: a copy of
 * *base with
 * what differs. */
int reference_tenant(struct arena *a, const struct target *base, const json_t *faults, struct target *ret,
                     struct err *e) __attribute__((warn_unused_result));

#endif
