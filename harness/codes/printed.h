#ifndef BRANDCERT_CODES_PRINTED_H
#define BRANDCERT_CODES_PRINTED_H

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "exchange/code_source.h"

/*
 * Reads what a program printed: the code as the only line, or a JSON object with `code` and perhaps `redirect_uri`,
 * `nonce` and `code_verifier`. -1 (ERR_TROUBLE) with what would be right; never quotes the text, which may be a code.
 */
int printed_code(struct arena *a, struct sv text, struct code *ret, struct err *e) __attribute__((warn_unused_result));

#endif
