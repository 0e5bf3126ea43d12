#ifndef BRANDCERT_CORE_BASE64_H
#define BRANDCERT_CORE_BASE64_H

#include "core/arena.h"
#include "core/sv.h"

enum base64_kind {
	BASE64_STANDARD, /* RFC 4648 §4, padded */
	BASE64_URL,      /* RFC 4648 §5 without padding, as JOSE wants it (RFC 7515 §2) */
};

char *base64_encode(struct arena *a, enum base64_kind kind, struct sv bytes);

/* Why text is not what kind wants. The order is the order in which they are looked for at each place. */
enum base64_fault {
	BASE64_OK,
	BASE64_LINE_BREAK,     /* CR or LF */
	BASE64_BLANK,          /* space or tab */
	BASE64_PADDING,        /* = in base64url */
	BASE64_OTHER_ALPHABET, /* + or / in base64url, - or _ in standard */
	BASE64_FOREIGN,        /* any other byte */
	BASE64_LENGTH,         /* no such length: one character left over, or padding missing or misplaced */
	BASE64_TRAILING_BITS,  /* decodes, but unused bits of the last character are not zero */
};

/*
 * Decodes strictly. BASE64_OK: *ret is arena memory with a NUL behind it. BASE64_TRAILING_BITS: *ret is set, too.
 * Anything else: *ret untouched and *at (may be NULL) is the offset of the first offending character.
 */
enum base64_fault base64_decode(struct arena *a, enum base64_kind kind, struct sv text, struct sv *ret, size_t *at);

/* Decodes whatever can be decoded: either alphabet, with or without padding, line breaks and blanks dropped. For
 * diagnosis only. Returns 0, or -1 when other bytes are in it. */
int base64_decode_loosely(struct arena *a, struct sv text, struct sv *ret);

/* One clause, for findings: "has padding (=)". */
const char *base64_fault_text(enum base64_fault fault);

#endif
