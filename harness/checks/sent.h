#ifndef BRANDCERT_CHECKS_SENT_H
#define BRANDCERT_CHECKS_SENT_H

#include "checks/check.h"

/* What the request of an exchange carried. */

struct sent_field {
	struct sv name, value; /* decoded; what cannot be decoded is as it was sent */
};

/*
 * The fields of the form body and of the URL's query, in order, LIMIT_SENT_FIELDS at most; their number. A body that is
 * labelled as anything but a form has none.
 */
size_t sent_fields(struct subject *s, struct sent_field **ret);

/* The first value of that name, or SV_NONE. */
struct sv sent_value(struct subject *s, const char *name);

/* What stands behind the scheme in the request's Authorization header of that scheme, or SV_NONE. */
struct sv sent_credentials(const struct exchange *x, const char *scheme);

#endif
