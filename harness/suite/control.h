#ifndef BRANDCERT_SUITE_CONTROL_H
#define BRANDCERT_SUITE_CONTROL_H

#include "suite/suite.h"
#include "suite/yaml.h"

/* What a control is checked against. Internal to suite/. */
struct control_context {
	const struct suite_options *options;
	const char *const *judged; /* requirement ids that the scenario judges */
	size_t njudged;
	bool judged_known; /* the list is whole: an id that is not in it is a mistake */
};

/* Reads one entry of `controls`. ret->faults is owned by the caller, also after a failure; it may be NULL then. */
bool control_read(struct source *s, const struct node *n, const struct control_context *c, struct control *ret);

#endif
