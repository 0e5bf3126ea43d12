#ifndef BRANDCERT_CODES_PRINTED_H
#define BRANDCERT_CODES_PRINTED_H

#include "codes/wanted.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "exchange/code_source.h"

/*
 * Reads what a program printed: the code or token as the only line, or a JSON object: `code` and perhaps `redirect_uri`,
 * `nonce` and `code_verifier`; or `token` and perhaps `nonce`. -1 (ERR_TROUBLE) with what would be right; never quotes the
 * text, which may be a code.
 */
int printed_read(struct arena *a, enum wanted wanted, struct sv text, struct code *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
