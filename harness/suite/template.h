#ifndef BRANDCERT_SUITE_TEMPLATE_H
#define BRANDCERT_SUITE_TEMPLATE_H

#include "suite/yaml.h"

/* Names that a scenario saves, and what may stand in {…} at a given step. Internal to suite/. */
struct saved_name {
	struct sv name;
	size_t step, at;
};

struct names {
	struct saved_name *v;
	size_t n;
	size_t step;  /* the names of steps before this one (from 0) can be used */
	bool judging; /* none of them can: judging sees the evidence alone */
	bool no_code; /* {code} cannot: it is being made */
};

/* Reports the {…} of a string that name nothing. Any other node: nothing to say. Lists and mappings: all that is in them. */
void template_check(struct source *s, const struct node *n, const struct names *names);
/* Letters, digits and '_', beginning with a letter, and not the name of a value of the run. */
bool template_can_be_saved(struct sv name);

#endif
