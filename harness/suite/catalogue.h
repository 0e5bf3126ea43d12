#ifndef BRANDCERT_SUITE_CATALOGUE_H
#define BRANDCERT_SUITE_CATALOGUE_H

#include "suite/suite.h"
#include "suite/yaml.h"

/*
 * Reads requirements.yaml; mistakes are reported. False: the list of ids is not whole, so an id that is not in it may yet be
 * right. Internal to suite/.
 */
bool catalogue_read(struct source *s, struct catalogue *ret);

/* ", did you mean 'x'?" among the catalogue's ids, or "" */
const char *catalogue_nearest(const struct catalogue *c, struct arena *a, const char *id);

#endif
