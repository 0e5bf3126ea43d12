#ifndef BRANDCERT_REPORT_RESULTS_FIELDS_H
#define BRANDCERT_REPORT_RESULTS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/results_file.h"

/* What results.json is made of: one table a struct, which writing and reading share. */

enum results_kind {
	KIND_TEXT,    /* const char * or null */
	KIND_TEXTS,   /* const char **: an array; with `nullable` NULL is null */
	KIND_INT,     /* int, not negative */
	KIND_STATUS,  /* int; 0 is null */
	KIND_LINE,    /* unsigned */
	KIND_INT64,   /* int64_t, not negative */
	KIND_TIME,    /* int64_t unix milliseconds, as ISO 8601 in whole seconds */
	KIND_SPAN,    /* two int64_t, the first one a KIND_TIME before it: their distance in milliseconds */
	KIND_VERDICT, /* enum verdict */
	KIND_LEVEL,   /* enum level */
	KIND_GROUP,   /* an object with `fields` of the same struct */
};

struct results_field {
	const char *name; /* NULL ends a table */
	enum results_kind kind;
	size_t offset;
	bool nullable;                      /* of KIND_TEXTS */
	bool optional;                      /* files of the same version without it are read, too */
	const struct results_field *fields; /* of KIND_GROUP */
};

extern const struct results_field results_of_run[], results_of_result[], results_of_exchange[], results_of_stale[];

/* "totals": what the results add up to. A new reference. */
json_t *results_totals(const struct results *r);

#endif
