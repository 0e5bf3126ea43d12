#ifndef BRANDCERT_SUITE_SAVE_H
#define BRANDCERT_SUITE_SAVE_H

#include "suite/keys.h"
#include "suite/suite.h"
#include "suite/template.h"

/* The step that keeps values. Internal to suite/. */
struct saving {
	struct step *step;
	const struct names *names; /* of the scenario */
	bool sends;                /* it is known what kind of step it is */
	bool times;                /* `times` was written, right or wrong */
};

/* Reads `save` into the step, once the rest of it has been read. False: reported. */
bool saves_read(struct source *s, const struct key *k, const struct node *value, const struct saving *to);

#endif
