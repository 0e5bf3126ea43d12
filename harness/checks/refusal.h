#ifndef BRANDCERT_CHECKS_REFUSAL_H
#define BRANDCERT_CHECKS_REFUSAL_H

#include "checks/check.h"

/* What the checks of error replies (RFC 6749 §5.2) share. */

/*
 * True when the request was refused in a form that can be judged. Else f is set: an error, or a skip. Owners: what judges
 * `denied` here, err.never-5xx or what judges `clean` here, err.status for a redirect.
 */
bool refusal_has_form(struct subject *s, struct finding *f);

/* The error member, a non-empty string, or NULL with f set. Owner: err.json-shape and those above. */
const json_t *refusal_error(struct subject *s, struct finding *f);
bool refusal_error_is(const json_t *error, const char *word);

/* The value is one of those that the step names as fitting. */
bool refusal_expects(const struct subject *s, const char *error);
/* The best one of them, or NULL. */
const char *refusal_best(const struct subject *s);

/* The step judges that requirement, too: what it owns is not judged twice. */
bool refusal_judged_by(const struct subject *s, const char *requirement);

/* The client tried HTTP Basic: a request header Authorization with that scheme, in any letter case (RFC 7617 §2). */
bool refusal_of_basic(const struct exchange *x);

/* "step 'trailing-slash'", or "x7": what a person knows an exchange by. */
const char *refusal_name(struct subject *s);

#endif
