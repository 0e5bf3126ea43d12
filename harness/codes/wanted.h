#ifndef BRANDCERT_CODES_WANTED_H
#define BRANDCERT_CODES_WANTED_H

#include "core/err.h"
#include "core/sv.h"

/* What a source is asked for. A logout yields nothing. */
enum wanted { WANTED_CODE, WANTED_TOKEN, WANTED_LOGOUT };

/* "code", "token", "logout" */
const char *wanted_text(enum wanted w);
/*
 * -1 (ERR_TROUBLE) when value cannot be a code or a token: empty, too long, or with a control character in it. `gave` says
 * who gave it: "it printed". Never quotes the value.
 */
int wanted_check(enum wanted w, struct sv value, const char *gave, struct err *e) __attribute__((warn_unused_result));

#endif
