#ifndef BRANDCERT_SUITE_VARIABLE_H
#define BRANDCERT_SUITE_VARIABLE_H

#include "core/sv.h"
#include "suite/yaml.h"

/* Environment variables in a target file's strings: ${NAME}; $$ is a dollar sign, any other $ stands for itself. */

/* Length of the well-formed ${NAME} that text begins with, or 0. */
size_t variable_length(struct sv text);
/* The scalar's text with its variables replaced, or NULL: reported. */
const char *variable_expand(struct source *s, const struct node *n);

#endif
