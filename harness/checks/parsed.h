#ifndef BRANDCERT_CHECKS_PARSED_H
#define BRANDCERT_CHECKS_PARSED_H

#include <stdint.h>

#include "checks/check.h"

/*
 * Reads text as JSON, as far as it can be read: a byte order mark is dropped, bytes that are not UTF-8 are replaced, what
 * stands behind the first value is noted, numbers beyond a double are kept as ±PARSED_HUGE (RFC 8259 §6 sets no bound). What
 * had to be mended is told in *ret, so that the requirement that owns it fails and the others still see the value.
 */
void parsed_fill(struct arena *a, struct sv text, struct parsed *ret);

/* Stands for every number of this magnitude or more. */
#define PARSED_HUGE 9e307

/* For walking borrowed JSON: jansson's iterators take no const, and change nothing. Nothing for what is not an object. */
static inline json_t *parsed_unconst(const json_t *value)
{
	return (json_t *)(uintptr_t)value;
}
#define parsed_each(object, key, value)                                                                     \
	for (void *it_ = json_object_iter(parsed_unconst(object));                                          \
	     it_ && ((key) = json_object_iter_key(it_), (void)(key), (value) = json_object_iter_value(it_), \
	            (void)(value), 1);                                                                      \
	     it_ = json_object_iter_next(parsed_unconst(object), it_))

#endif
