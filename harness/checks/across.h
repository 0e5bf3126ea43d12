#ifndef BRANDCERT_CHECKS_ACROSS_H
#define BRANDCERT_CHECKS_ACROSS_H

#include "checks/check.h"

/* Exchanges looked at together. */

/*
 * The exchanges among v that issued tokens, one for each code: what a second redemption of a code brings is judged where
 * it is sent, and so is a refresh. What should have been refused (denied_by) is left out, too. Arena memory; the number
 * in *ret_n.
 */
struct subject **across_granted(struct subject *s, struct subject *const *v, size_t n, size_t *ret_n);

/* "x3 and x7": what a person finds them by in the reports, with the names of their steps. */
const char *across_pair(struct subject *x, struct subject *y);

#endif
