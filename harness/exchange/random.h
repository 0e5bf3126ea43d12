#ifndef BRANDCERT_EXCHANGE_RANDOM_H
#define BRANDCERT_EXCHANGE_RANDOM_H

#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

#define RANDOM_MAX 256 /* bytes that getrandom(2) gives at once, without a signal in between */

/* n (at most RANDOM_MAX) unpredictable bytes as base64url in arena memory: 32 give 43 characters, 48 give 64. NULL and
 * e when the kernel gives none. */
char *random_text(struct arena *a, size_t n, struct err *e);
/* Adds n unpredictable base64url characters, as many as are wanted. -1 and e when the kernel gives none. */
int random_characters(struct buf *out, size_t n, struct err *e) __attribute__((warn_unused_result));

#endif
