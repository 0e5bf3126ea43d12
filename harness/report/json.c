/* Results as JSON: see results_file.h. */
#include <jansson.h>
#include <stdlib.h>

#include "report/report.h"
#include "report/results_file.h"

int report_json(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	json_auto_t *root = results_json(r);
	char *text = json_dumps(root, JSON_INDENT(2));

	(void)o;
	if (!text)
		mem_exhausted();
	buf_add_text(out, text);
	buf_add_char(out, '\n');
	free(text);
	return out->full ? err_trouble(e, "cannot write JSON: it is larger than %zu bytes", out->cap) : 0;
}
