/* What changed between two runs. */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/comparison_print.h"
#include "commands/finish.h"
#include "report/results_file.h"

typedef void print_fn(const struct compared *d, struct buf *out);

/* NULL and e: there is none of that name. */
static print_fn *printer(const char *format, struct err *e)
{
	static const struct {
		const char *name;
		print_fn *print;
	} rows[] = {{"text", comparison_text}, {"json", comparison_json}, {"markdown", comparison_markdown}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!format || strcmp(rows[i].name, format) == 0)
			return rows[i].print;
	err_input(e, "there is no format '%s' of a comparison: it is one of text, json and markdown", format);
	return NULL;
}

int command_compare(const struct options *o)
{
	struct buf out = {.cap = BUF_OWN};
	struct results was, is;
	struct comparison c;
	struct err e = {0};
	print_fn *print = printer(o->format, &e);

	if (o->nrest != 2)
		err_input(&e, "'brandcert compare' takes two results.json: that of the older run, then the newer");
	if (!print || e.kind || results_read(o->a, o->rest[0], &was, &e) < 0 ||
	    results_read(o->a, o->rest[1], &is, &e) < 0)
		return command_error(&e);
	comparison_make(o->a, &was, &is, &c);
	const struct report_options looks = finish_looks(o, stdout);
	const struct compared d = {.a = o->a,
	                           .c = &c,
	                           .was_name = o->rest[0],
	                           .is_name = o->rest[1],
	                           .width = looks.width ? looks.width : 80};
	print(&d, &out);
	int status = comparison_exit(&c);
	if (out.full || fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0) {
		err_trouble(&e, "cannot write the comparison to standard output");
		status = status ? status : command_error(&e);
	}
	buf_release(&out);
	return status;
}
