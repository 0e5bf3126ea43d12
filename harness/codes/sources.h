#ifndef BRANDCERT_CODES_SOURCES_H
#define BRANDCERT_CODES_SOURCES_H

#include "core/err.h"
#include "core/sv.h"
#include "exchange/code_source.h"
#include "suite/target.h"

/*
 * The sources behind codes_open, one file each. Each sets up *ret for a target that outlives it; ret->ops->release frees
 * what `self` holds.
 */
int list_open(const struct target *t, struct code_source *ret, struct err *e) __attribute__((warn_unused_result));
int command_open(const struct target *t, struct code_source *ret, struct err *e) __attribute__((warn_unused_result));
int reference_open(const struct target *t, struct code_source *ret, struct err *e) __attribute__((warn_unused_result));

/* Ends a fetch as failed with e's text. */
void fetch_fail(struct fetch *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
