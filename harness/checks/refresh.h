#ifndef BRANDCERT_CHECKS_REFRESH_H
#define BRANDCERT_CHECKS_REFRESH_H

#include "checks/check.h"

/* Refresh tokens and what they were exchanged for: RFC 6749 §6. */

/* The refresh token that the request carried, or SV_NONE. */
struct sv refresh_sent(struct subject *s);
/* The refresh token in the reply, or SV_NONE. */
struct sv refresh_received(struct subject *s);
/* The exchange before s in its scenario that brought the refresh token which s sent, or NULL. */
struct subject *refresh_source(struct subject *s);
/* The login at the beginning of the chain of refreshes that ends in s; NULL when s is no refresh, or the chain is broken. */
struct subject *refresh_login(struct subject *s);

#endif
