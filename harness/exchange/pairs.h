#ifndef BRANDCERT_EXCHANGE_PAIRS_H
#define BRANDCERT_EXCHANGE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"
#include "exchange/template.h"
#include "suite/suite.h"

/* Form fields, query parameters or headers, in the order in which they are sent. Arena memory. */
struct pair {
	struct sv name, value;
};

struct pairs {
	struct pair *v;
	size_t n;
};

/* What a scenario changes, in this order. Names of headers are compared without their letter case. */
struct pairs_changes {
	const char *const *remove; /* NULL-terminated, may be NULL */
	const struct fields *set, *add;
	bool ignore_case;
};

void pairs_add(struct arena *a, struct pairs *list, struct sv name, struct sv value);
/* -1 (as template_fill) when a value cannot be filled. */
int pairs_change(struct arena *a, struct pairs *list, const struct pairs_changes *c, const struct template_values *v,
                 struct err *e) __attribute__((warn_unused_result));
/* Adds them as application/x-www-form-urlencoded. */
void pairs_form(const struct pairs *list, struct buf *out);

#endif
