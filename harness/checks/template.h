#ifndef BRANDCERT_CHECKS_TEMPLATE_H
#define BRANDCERT_CHECKS_TEMPLATE_H

#include "checks/check.h"

/* What {…} may stand for: the run's values, and {code}, the code that the exchange sent (NULL: none). */
struct template_values {
	const struct run_facts *run;
	const char *code;
};

/* As run_expand(); when NULL is returned, *missing is the name that has no value. */
char *template_expand(struct arena *a, const struct template_values *v, const char *text, const char **missing);

#endif
