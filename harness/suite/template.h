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
	const char **needs; /* of the scenario, NULL-terminated; NULL: none */
	bool needs_unknown; /* … for they hold a mistake: what seems to be missing is not reported */
	size_t step;        /* the names of steps before this one (from 0) can be used */
	size_t chain;       /* … from this step on: those between have to follow one another */
	bool used;          /* set when a saved name was met */
	bool judging;       /* none of them can: judging sees the evidence alone */
	/* What is sent in this step. */
	bool choosing;        /* {code} cannot be used: it is being made */
	const char *codeless; /* why no code is sent, as a clause, or NULL */
	bool challenging;     /* false: `pkce: none` */
	bool authorizing;     /* an authorization request: {state} and {nonce} are its own */
	bool clear_text;      /* `scheme: http`: no secret can be used, nor a saved name, which may be one */
};

/* Reports the {…} of a string that mean nothing. Any other node: nothing to say. Lists and mappings: all that is in them. */
void template_check(struct source *s, const struct node *n, struct names *names);
/* Letters, digits and '_', beginning with a letter, and not the name of a value of the run. */
bool template_can_be_saved(struct sv name);
/* Reports that `what` cannot be used unless the scenario's `needs` has this entry. */
bool needs_entry(struct source *s, size_t at, const char *what, const struct names *names, const char *need);

#endif
