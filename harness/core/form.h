#ifndef BRANDCERT_CORE_FORM_H
#define BRANDCERT_CORE_FORM_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sv.h"

/*
 * application/x-www-form-urlencoded, RFC 6749 Appendix B. Left alone are the letters, digits, '-', '.', '_' and '*';
 * a space becomes '+'; every other byte becomes %XX with upper-case digits.
 */
void form_encode(struct buf *out, struct sv value);
char *form_encoded(struct arena *a, struct sv value);
/* Decodes once. False when a % is not followed by two hexadecimal digits; *ret is then untouched. */
bool form_decode(struct arena *a, struct sv text, struct sv *ret);
/* Percent-encoding for a URL component: unreserved characters of RFC 3986 §2.3 stay, a space becomes %20. */
char *url_encoded(struct arena *a, struct sv value);

#endif
