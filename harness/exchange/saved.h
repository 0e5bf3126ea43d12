#ifndef BRANDCERT_EXCHANGE_SAVED_H
#define BRANDCERT_EXCHANGE_SAVED_H

#include <jansson.h>
#include <stdbool.h>

#include "core/arena.h"
#include "evidence/evidence.h"
#include "plan/plan.h"

/* The values that steps keep for later steps of their scenario and round. Of several requests of one step, the first to be
 * answered with a value gives it. */
struct saved_value {
	const struct scenario *owner;
	int round;
	const char *name;
	bool is_code;
	const char *value;   /* NULL: the reply did not have it */
	const char *missing; /* then: "the reply of step 1 had no '/access_token'" */
};

struct saved {
	struct arena *arena;
	const char *redirect_uri; /* the target's: belongs to a code whose source told none */
	struct saved_value *v;
	size_t n;
};

/* Keeps what the step of p saves of its answered exchange. */
void saved_keep(struct saved *s, const struct planned *p, const struct exchange *x);

/* What the steps of one round of a scenario see; `find` is a saved_fn over it. */
struct saved_view {
	const struct saved *saved;
	const struct scenario *owner;
	int round;
	const char *code;    /* set by find: the saved code that was asked for last */
	const char *missing; /* set by find when the name is known and its value was not there */
};
const char *saved_find(void *view, const char *name);

/* What a JSON pointer (RFC 6901) names in a document, or NULL. Borrowed from it; `a` is for scratch. */
const json_t *json_pointed_at(struct arena *a, const json_t *document, const char *pointer);

#endif
