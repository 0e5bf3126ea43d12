#ifndef BRANDCERT_REPORT_JSON_MAKE_H
#define BRANDCERT_REPORT_JSON_MAKE_H

#include <jansson.h>

#include "core/arena.h"

/* Building JSON where nothing but memory can fail, and that ends the program. Values that are handed over are owned. */

static inline json_t *json_owned(json_t *value)
{
	if (!value)
		mem_exhausted();
	return value;
}

static inline void json_put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, json_owned(value)) < 0)
		mem_exhausted();
}

static inline void json_add(json_t *list, json_t *value)
{
	if (json_array_append_new(list, json_owned(value)) < 0)
		mem_exhausted();
}

#endif
