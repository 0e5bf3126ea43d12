#ifndef BRANDCERT_CODES_SOURCES_H
#define BRANDCERT_CODES_SOURCES_H

#include "codes/codes.h"
#include "codes/wanted.h"
#include "core/err.h"
#include "core/sv.h"
#include "exchange/code_source.h"
#include "suite/target.h"

struct prompter;

/* What a source has to give, and from where. */
struct supplying {
	const struct target *target;
	const struct supply *supply; /* of the target */
	enum wanted wanted;
	struct prompter *prompter; /* of FROM_PROMPT; NULL: there is nobody to ask */
};

/*
 * The sources behind sources_open, one file each. Each sets up *ret for a target that outlives it; ret->ops->release frees
 * what `self` holds.
 */
typedef int source_open(const struct supplying *s, struct code_source *ret, struct err *e)
        __attribute__((warn_unused_result));
source_open list_open, command_open, reference_open, http_open, authorize_open, prompt_open;

/* The browser behind `authorize` steps, for a target with an authorization endpoint. */
void browser_open(const struct target *t, struct code_source *ret);

/* What one asker has under way: one question at a time, whoever asks. Each prompt_open that succeeds holds it. */
struct prompter *prompter_new(const struct asker *ask);
void prompter_hold(struct prompter *p);
void prompter_leave(struct prompter *p); /* frees it with the last; NULL is allowed */

/* Ends a fetch as failed with this text. */
void fetch_fail(struct fetch *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
long supply_endless(void *self); /* -1: for ops.supply */
/* What a source's `self` is made of; free() releases it. */
struct supplying *supplying_copy(const struct supplying *s);

#endif
