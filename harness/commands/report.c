/* Renders results again, and merges those of several runs or shards. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/commands.h"
#include "commands/finish.h"
#include "commands/load.h"
#include "report/results_file.h"
#include "verdict/expected.h"
#include "verdict/joined.h"

static int read_runs(const struct options *o, struct joined_run *runs, struct err *e)
{
	for (size_t i = 0; i < o->nrest; i++) {
		runs[i].name = o->rest[i];
		if (results_read(o->a, o->rest[i], &runs[i].results, e) < 0)
			return -1;
	}
	return 0;
}

static bool same_file(const char *x, const char *y)
{
	struct stat a, b;

	return stat(x, &a) == 0 && stat(y, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* A report never writes over what it is made from. */
static int refuse_overwriting(const struct options *o, struct err *e)
{
	for (size_t i = 0; i < o->nreports; i++)
		for (size_t k = 0; k < o->nrest; k++)
			if (same_file(o->reports[i].file, o->rest[k]))
				return err_input(
				        e, "the report '%s' would be written over the results that it is made from",
				        o->rest[k]);
	return 0;
}

static void note_suites(const struct joined_run *runs, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const char *x = runs[0].results.suite_digest, *y = runs[i].results.suite_digest;
		if (strcmp(x ? x : "", y ? y : "") == 0)
			continue;
		fprintf(stderr, "brandcert: note: '%s' and '%s' were judged by different suites\n", runs[0].name,
		        runs[i].name);
		return;
	}
}

int command_report(const struct options *o)
{
	struct joined_run *runs = arena_array(o->a, o->nrest, sizeof *runs);
	struct expectations *expected;
	struct loaded_suite suite = {0};
	struct results results;
	struct err e = {0};

	if (!o->nrest) {
		err_input(&e, "'brandcert report' takes one or more results.json, as --report json writes them");
		return command_error(&e);
	}
	if (finish_check(o, &e) < 0 || refuse_overwriting(o, &e) < 0 || read_runs(o, runs, &e) < 0 ||
	    results_join(o->a, runs, o->nrest, &results, &e) < 0)
		return command_error(&e);
	/* for the catalogue, whose ids the file of expected failures is held against */
	if (o->expected && load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	int status = load_expected(o, &suite, &expected);
	suite_release(&suite.suite);
	if (status < 0)
		return EXIT_INPUT;
	if (o->nrest > 1)
		note_suites(runs, o->nrest);
	if (expected)
		expected_apply(o->a, expected, false, &results);
	return finish_results(o, &results, expected);
}
