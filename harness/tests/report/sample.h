#ifndef BRANDCERT_TESTS_REPORT_SAMPLE_H
#define BRANDCERT_TESTS_REPORT_SAMPLE_H

#include <jansson.h>

#include "core/arena.h"
#include "report/report.h"

/* Results as a run could leave them, and consumers to feed their reports to. */

enum sample {
	SAMPLE_ALL,         /* every verdict, two suites, a requirement judged twice */
	SAMPLE_GOOD,        /* pass, info, warn and skip: a run that conforms */
	SAMPLE_EMPTY,       /* nothing at all */
	SAMPLE_UNREACHABLE, /* error and skip alone */
	SAMPLE_SKIPPED,     /* skip alone */
	SAMPLE_HOSTILE,     /* every text is what a target would send that is after the reader of the report */
	SAMPLES
};

struct results *sample_results(struct arena *a, enum sample which);
/* The report's text. */
char *sample_report(struct arena *a, report_fn *write, const struct results *r, struct report_options o);
/* From here on numbers have decimal commas in this process. */
void sample_comma_locale(struct arena *a);
/* Writes the text to a file of its own and gives the path. */
char *sample_file(struct arena *a, const char *name, const char *text);

/* Output (stdout and stderr) of a shell command; fails the test with a clear text when the program is missing. */
char *consumer(struct arena *a, int *status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Its output as JSON, a new reference; fails the test unless it exits 0. */
json_t *consumer_json(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
