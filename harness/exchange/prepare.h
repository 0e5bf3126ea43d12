#ifndef BRANDCERT_EXCHANGE_PREPARE_H
#define BRANDCERT_EXCHANGE_PREPARE_H

#include "exchange/exchange.h"

/* The download of the target's key set. The target must have keys.jwks_uri. (exchange_prepare is in exchange.h.) */
void prepare_jwks(struct arena *a, const struct target *target, struct prepared *ret);

#endif
