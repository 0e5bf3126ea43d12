#ifndef BRANDCERT_SUITE_REDEEM_H
#define BRANDCERT_SUITE_REDEEM_H

#include "suite/suite.h"
#include "suite/template.h"

/* Reads the `redeem` mapping of a step. *spec: the mapping as canonical JSON. False: reported. Internal to suite/. */
bool redeem_read(struct source *s, const struct node *n, struct names *names, struct redeem *ret, const char **spec);

/* A header name or method: one or more of the token characters of RFC 9110 §5.6.2. */
bool is_http_token(const char *text);

#endif
