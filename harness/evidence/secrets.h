#ifndef BRANDCERT_EVIDENCE_SECRETS_H
#define BRANDCERT_EVIDENCE_SECRETS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"

/* Known secrets, found in a text in one pass however many there are. */
struct secrets;

struct secrets *secrets_new(struct arena *a);
/* Looks for the value itself and for its base64 in either alphabet, at any alignment inside something larger. */
void secrets_add(struct secrets *s, const char *name, struct sv value);
/* Looks for these bytes alone. Fewer than 4 are ignored. */
void secrets_add_bytes(struct secrets *s, const char *name, struct sv bytes);

typedef void secrets_fn(size_t from, size_t to, const char *name, void *context);
/* Reports every occurrence that reaches beyond the ones before it, the longest at each place, in order of place. With
 * `cut`, also the beginning (8 bytes and more) of a secret at the very end of the text. */
void secrets_find(const struct secrets *s, struct sv text, bool cut, secrets_fn *found, void *context);

#endif
