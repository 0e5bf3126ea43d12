#ifndef BRANDCERT_JOSE_ECDSA_H
#define BRANDCERT_JOSE_ECDSA_H

#include "core/arena.h"
#include "core/sv.h"

/*
 * An ECDSA signature in its two forms: R and S side by side, each `width` bytes (RFC 7518 §3.4), and DER (RFC 3279
 * §2.2.3), which OpenSSL and most other libraries speak. -1 when the given one is not of its form; *ret is then untouched.
 */
int ecdsa_to_der(struct arena *a, struct sv raw, size_t width, struct sv *ret) __attribute__((warn_unused_result));
int ecdsa_to_raw(struct arena *a, struct sv der, size_t width, struct sv *ret) __attribute__((warn_unused_result));

#endif
