#ifndef BRANDCERT_CHECKS_DOCUMENT_H
#define BRANDCERT_CHECKS_DOCUMENT_H

#include "checks/check.h"

/*
 * What is wrong with the body as one JSON text in UTF-8 (RFC 8259 §2, §4, §8.1), whatever value it is: one clause, or NULL.
 */
const char *document_problem(struct subject *s);

/* The media type is application/json. False: *ret says what it is instead. */
bool document_is_json(struct subject *s, const char **ret);

#endif
