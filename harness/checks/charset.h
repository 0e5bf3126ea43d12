#ifndef BRANDCERT_CHECKS_CHARSET_H
#define BRANDCERT_CHECKS_CHARSET_H

#include <stdbool.h>

#include "core/sv.h"

/* Character sets of the grammars that several checks look at. */

bool charset_is_printable(char c); /* VSCHAR, %x20-7E: RFC 6749 Appendix A */
bool charset_is_nqchar(char c);    /* %x21 / %x23-5B / %x5D-7E */
bool charset_is_nqschar(char c);   /* the same and the space: %x20-21 / %x23-5B / %x5D-7E */
bool charset_is_b64token(char c);  /* RFC 6750 §2.1, with the = that may only end it */
bool charset_is_alnum(char c);     /* ASCII letters and digits */
bool charset_is_digit(char c);

/* Offset of the first byte that is not in the set, or -1. */
long charset_outside(struct sv text, bool (*in_set)(char c));

#endif
