#ifndef BRANDCERT_EVIDENCE_SECRETS_H
#define BRANDCERT_EVIDENCE_SECRETS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"

/* Known secrets, found in a text in one pass however many there are. */
struct secrets;

struct secrets *secrets_new(struct arena *a);
/* Whether a secret is also looked for in pieces: 12 bytes in a row of it, or half of it when it is shorter than 24. */
enum secret_reach { SECRET_WHOLE, SECRET_PIECES };

/* Looks for the value itself, for its base64 in either alphabet, at any alignment inside something larger, and for its
 * bytes in hexadecimal. Pieces are cut of each of these. */
void secrets_add(struct secrets *s, const char *name, struct sv value, enum secret_reach reach);
/* Looks for these bytes alone, whole. Fewer than 4 are ignored. */
void secrets_add_bytes(struct secrets *s, const char *name, struct sv bytes);

typedef void secrets_fn(size_t from, size_t to, const char *name, void *context);
/* Reports every occurrence that reaches beyond the ones before it, the longest at each place, in order of place. With
 * `cut`, also the beginning (8 bytes and more) of a secret at the very end of the text. */
void secrets_find(const struct secrets *s, struct sv text, bool cut, secrets_fn *found, void *context);

#endif
