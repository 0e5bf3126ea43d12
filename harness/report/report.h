#ifndef BRANDCERT_REPORT_REPORT_H
#define BRANDCERT_REPORT_REPORT_H

#include "core/buf.h"
#include "core/err.h"
#include "verdict/results.h"

/* Report writers: results in, bytes out. Each is one file; none opens files or sees evidence. */

struct report_options {
	int tap_version; /* 13 (default) or 14 */
	bool color;      /* console only */
	unsigned width;  /* console: columns; 0: 80 */
	bool verbose;
};

typedef int report_fn(const struct results *r, const struct report_options *o, struct buf *out, struct err *e);

struct report_format {
	const char *name;         /* "junit" */
	const char *default_file; /* "reports/junit.xml" */
	report_fn *write;
};

report_fn report_junit, report_tap, report_json, report_html, report_markdown, report_console;
/* Ends with name NULL. Console is not among them. */
extern const struct report_format report_formats[];

#endif
