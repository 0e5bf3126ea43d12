#ifndef BRANDCERT_COMMANDS_PROOF_H
#define BRANDCERT_COMMANDS_PROOF_H

#include <stdbool.h>

#include "commands/trial.h"
#include "core/buf.h"

/*
 * What `prove` proves: against the healthy reference brand nothing fails or warns, in any profile; with the faults of a
 * control exactly the requirements that it names do; and every requirement that a scenario judges is made to fail or warn by
 * some control, or it is unproven.
 */

/* Something that is not as it should be. */
struct surprise {
	const char *scenario, *requirement; /* NULL: it is about the trial as a whole */
	const char *path;
	unsigned line;
	const char *text; /* "should fail, but the verdict is pass: …" */
};

/* A trial, and what is kept of it: a row of the matrix. */
struct proof_row {
	struct trial trial;
	const struct scenario *scenario; /* NULL: all of them, on the healthy reference brand */
	const struct control *control;   /* NULL: the same */
	/* One for each requirement of the catalogue: the worst verdict over the scenarios, or -1 where it has none. */
	signed char *verdicts;
	const char **skips; /* one for each scenario: why it was not run here, or NULL; NULL for a control */
	struct surprise *surprises;
	size_t nsurprises;
};

enum proof_state { PROOF_NOT_JUDGED, PROOF_UNPROVEN, PROOF_PROVEN };

struct proof_totals {
	size_t proven, unproven, not_judged; /* requirements */
	size_t healthy_good, healthy, breaks_good, breaks, permits_good, permits;
	bool proven_all; /* all as it should be */
};

struct proof {
	struct arena *a;
	const struct suite *suite;
	const char *suite_digest;
	bool selected; /* some scenarios only: what they leave unproven is no fault of the suite */
	bool foreign;  /* not our own suite: it need not judge every requirement of the catalogue */
	struct proof_row *v;
	size_t n;
};

/* Every trial that the suite asks for, still to be driven. *s is borrowed. */
struct proof proof_make(struct arena *a, const struct suite *s);
/* For struct trials: keeps what a trial (the index-th row's) gave. self is the proof. */
void proof_judged(void *self, size_t index, const struct trial *t);
/* What became of requirement catalogue.v[i], and whether a row proves it, or is a variation under which it was judged. */
enum proof_state proof_state(const struct proof *p, size_t i);
bool proof_proves(const struct proof *p, const struct proof_row *row, size_t i);
bool proof_permits(const struct proof_row *row, size_t i);
struct proof_totals proof_totals(const struct proof *p);
/* Prints every surprise and every requirement that is not proven; unless quiet, the matrix and the totals, too. */
void proof_print(const struct proof *p, bool quiet);

/* True when the scenario judges the requirement on the reply to any of its steps. */
bool scenario_judges(const struct scenario *s, const struct requirement *r);
/* True when the control says that the requirement has to fail or warn. */
bool control_names(const struct control *c, const struct requirement *r);

/* The two reports: JSON after suites/schema/proof.json, and GitHub-flavoured Markdown. */
void proof_json(const struct proof *p, struct buf *out);
void proof_markdown(const struct proof *p, struct buf *out);

#endif
