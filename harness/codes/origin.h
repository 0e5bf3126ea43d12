#ifndef BRANDCERT_CODES_ORIGIN_H
#define BRANDCERT_CODES_ORIGIN_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"
#include "suite/target.h"

/*
 * Where a browser may go on its way through a login. Everything here errs on the side of staying away: a URL that could be
 * read in two ways is nobody's.
 */

/*
 * What `reference`, as a Location header or a form's action has it, means on the page `base` (RFC 3986 §5.2), without
 * fragment; bytes that no URI may hold are percent-encoded, as browsers do. Arena memory. NULL: it cannot be read.
 */
char *url_resolve(struct arena *a, const char *base, struct sv reference);
/* "https://host:port" of an http or https URL; NULL when it is none, or when its host is not plain to see. */
char *url_origin(struct arena *a, const char *url);
/* Whether the URL is of the authorization endpoint's own origin, or https (http, too, with allow_http) to a host of
 * authorization.hosts. */
bool url_is_own(const struct target *t, const char *url);
/* Whether it is this redirect_uri, whatever the query and fragment of either. */
bool url_leads_to(struct sv url, const char *redirect_uri);
/* For messages: without query and fragment, which may hold secrets; visible and bounded. */
char *url_shown(struct arena *a, struct sv url);

#endif
