#ifndef BRANDCERT_SUITE_FIND_H
#define BRANDCERT_SUITE_FIND_H

#include "core/arena.h"
#include "core/err.h"

/* A scenario file. Internal to suite/. */
struct found {
	const char *path;
	const char *name;  /* below the folder that was given */
	const char *suite; /* name of the folder that it stands in */
};

/* Every scenario file at or below paths (NULL-terminated), each once, in order. Trouble, and finding nothing, is reported. */
size_t find_scenarios(struct arena *a, const char *const *paths, struct diags *d, struct found **ret);

#endif
