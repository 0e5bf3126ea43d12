#ifndef BRANDCERT_CHECKS_OPERATORS_H
#define BRANDCERT_CHECKS_OPERATORS_H

#include "checks/check.h"

/* The operators of matchers: what `equals`, `contains`, … mean for a value. OP_PRESENT is match()'s own. */
struct operation {
	enum match_operator op;
	const json_t *operand; /* templates replaced */
	bool header;           /* the value is a header's: text whatever the operand, words in any letter case */
};

bool operator_holds(const struct operation *o, const json_t *value);
/* One clause: "claim iss equal to the string \"…\"". */
const char *operator_expected(struct subject *s, const struct operation *o, const char *where);
const char *operator_observed(struct subject *s, const struct operation *o, const json_t *value);
/* A fix when the mistake is recognised (letter case, blanks, a number in quotes), or NULL. */
const char *operator_hint(const struct operation *o, const json_t *value);

#endif
