#ifndef BRANDCERT_EXCHANGE_TEMPLATE_H
#define BRANDCERT_EXCHANGE_TEMPLATE_H

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "exchange/exchange.h"
#include "suite/target.h"

/* What {name} stands for in the request of one step. */
struct template_values {
	const struct target *target;
	struct sv code; /* SV_NONE: none is sent */
	const char *
	        redirect_uri; /* the one that this step sends if nothing changes it: the code's own, else the target's */
	saved_fn *saved;      /* may be NULL */
	void *saved_self;
};

/* Replaces {name} in text; {{ is a brace. -1 (ERR_INPUT) when a name is not known or has no value here. */
int template_fill(struct arena *a, const struct template_values *v, const char *text, struct sv *ret, struct err *e)
        __attribute__((warn_unused_result));

#endif
