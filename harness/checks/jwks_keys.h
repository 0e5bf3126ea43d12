#ifndef BRANDCERT_CHECKS_JWKS_KEYS_H
#define BRANDCERT_CHECKS_JWKS_KEYS_H

#include "checks/check.h"
#include "checks/parsed.h"

/* One published key as it stands in the document (RFC 7517 §4, RFC 7518 §6). */

struct key_fault {
	const char *expected, *observed;
	const char *member; /* whose value it is, or NULL */
	const char *fix;    /* or NULL */
	bool leading_zero;  /* a number with zero octets in front: it can be read, and is not minimal */
};

/*
 * The first thing that is wrong with the key by itself; false: nothing. Keys of unknown kty, and curves that we do not know,
 * are legal and not looked into. The size of a key is jose.key-size's.
 */
bool key_fault(struct subject *s, const json_t *key, struct key_fault *ret);

/* use and key_ops let the key verify signatures (RFC 7517 §4.2, §4.3). */
bool key_may_sign(const json_t *key);

/* "its member d", "kty oct": private or symmetric material that the object holds itself, as a key; NULL: none. */
const char *key_private_member(const json_t *object);

/* "key 'k1'", "key number 2" */
const char *key_name(struct subject *s, const json_t *key, size_t index);

#endif
