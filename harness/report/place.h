#ifndef BRANDCERT_REPORT_PLACE_H
#define BRANDCERT_REPORT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "verdict/results.h"

/* The line of an exchange that a result is about, for a caret under it. Masked and visible, as all of results. */
struct marked {
	char *line;
	size_t column, columns; /* where in it, counted in characters */
};

/*
 * Finds it by the result's `where`: a header field, the status, a member of the body, of the claims or of the JOSE header.
 * The line is cut to `width` characters around the place. False: nothing stands there, or there is no such place.
 */
bool place_find(struct arena *a, const struct results *r, const struct result *x, size_t width, struct marked *ret);

#endif
