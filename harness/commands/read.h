#ifndef BRANDCERT_COMMANDS_READ_H
#define BRANDCERT_COMMANDS_READ_H

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/* What a command is handed: a file of at most cap bytes, or standard input for "-". *ret is arena memory with a NUL behind
 * it, never NULL after success. ERR_INPUT with the name. */
int read_input(struct arena *a, const char *path, size_t cap, struct sv *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
