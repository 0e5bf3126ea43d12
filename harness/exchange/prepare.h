#ifndef BRANDCERT_EXCHANGE_PREPARE_H
#define BRANDCERT_EXCHANGE_PREPARE_H

#include "exchange/exchange.h"

/*
 * The download of the target's key set, or of its discovery document (OpenID Connect Discovery 1.0 §4). The target must have
 * keys.jwks_uri, or an issuer. (exchange_prepare is in exchange.h.)
 */
void prepare_fetch(struct arena *a, const struct target *target, enum fetched what, struct prepared *ret);

#endif
