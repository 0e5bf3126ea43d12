/*
 * Files of results. What is read is written and read again, and is the same; every report can be made of it, and it can
 * be merged and compared with itself.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "report/results_file.h"
#include "verdict/comparison.h"
#include "verdict/joined.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

static void write(report_fn *report, const struct results *r, struct buf *out)
{
	const struct report_options o = {.tap_version = 13, .verbose = true};
	struct err e = {0};

	buf_clear(out);
	need(report(r, &o, out, &e) == 0, "what was read can be written");
}

static void read_again(struct arena *a, const struct results *r)
{
	struct buf text = {.cap = BUF_OWN}, again = {.cap = BUF_OWN};
	struct results second;
	struct err e = {0};

	write(report_json, r, &text);
	need(results_parse(a, buf_sv(&text), "again", &second, &e) == 0, "what was written can be read");
	write(report_json, &second, &again);
	need(sv_eq(buf_sv(&text), buf_sv(&again)), "they are the same");
	need(results_exit(r) == results_exit(&second), "so is the verdict");
	buf_release(&text);
	buf_release(&again);
}

static void use(struct arena *a, const struct results *r)
{
	struct joined_run twice[] = {{"one", *r}, {"two", *r}};
	struct comparison c;
	struct results all;
	struct err e = {0};
	struct buf out = {.cap = BUF_OWN};

	for (const struct report_format *f = report_formats; f->name; f++)
		write(f->write, r, &out);
	write(report_console, r, &out);
	buf_release(&out);
	comparison_make(a, r, r, &c);
	need(comparison_exit(&c) == 0 && c.count[CHANGE_SAME] == c.n, "nothing changed");
	need(results_join(a, twice, 2, &all, &e) == 0 && all.n == r->n, "the same twice is the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct results r;
	struct err e = {0};

	if (results_parse(a, (struct sv){(const char *)data, size}, "input", &r, &e) == 0) {
		read_again(a, &r);
		use(a, &r);
	}
	arena_free(a);
	return 0;
}
