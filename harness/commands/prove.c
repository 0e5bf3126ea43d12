#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/load.h"
#include "commands/progress.h"
#include "commands/proof.h"
#include "commands/reference.h"
#include "core/file.h"

#define REPORT_FOLDER "reports"

static int drive(const struct options *o, struct proof *p, struct err *e)
{
	struct reference reference = {.hold = -1};
	struct progress progress;
	struct target base;
	struct engine_options eo = {
	        .jobs = o->jobs, .progress = progress_step, .progress_self = &progress, .stop = &interrupted};
	struct trials ts = {.n = p->n, .base = &base, .engine = &eo, .judged = proof_judged, .self = p};

	ts.v = arena_array(p->a, p->n, sizeof(struct trial *));
	for (size_t i = 0; i < p->n; i++)
		ts.v[i] = &p->v[i].trial;
	int status = reference_start(o->a, NULL, NULL, &reference, e);
	if (status == 0 && load_target(o, reference.target_file, &base) < 0)
		status = err_trouble(e, "the reference brand wrote a target file that cannot be used");
	progress_start(&progress, o->quiet);
	if (status == 0)
		status = trials_drive(&ts, e);
	progress_end(&progress);
	reference_stop(&reference);
	return status;
}

static int write_report(const struct options *o, const struct proof *p, const char *name,
                        void (*write)(const struct proof *p, struct buf *out), struct err *e)
{
	const char *file = arena_printf(o->a, "%s/%s", o->report_folder ? o->report_folder : REPORT_FOLDER, name);
	struct buf out = {.cap = BUF_OWN};

	write(p, &out);
	int status = out.full ? err_trouble(e, "'%s' would be larger than %zu bytes", file, (size_t)BUF_OWN)
	                      : file_replace(file, buf_sv(&out), 0666, e);
	buf_release(&out);
	if (status == 0 && !o->quiet)
		printf("Report: %s\n", file);
	return status;
}

int command_prove(const struct options *o)
{
	struct loaded_suite suite;
	struct err e = {0};

	if (o->nrest) {
		err_input(&e, "'brandcert prove' takes no argument, '%s' is one: see --only and --tag", o->rest[0]);
		return command_error(&e);
	}
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	struct proof proof = proof_make(o->a, &suite.suite);
	proof.suite_digest = suite.digest;
	proof.selected = o->only || o->tags;
	proof.foreign = o->suites != NULL;
	int status = drive(o, &proof, &e);
	if (status == 0) {
		/* Before what is printed: the totals stand last. What cannot be written is printed all the same. */
		if (write_report(o, &proof, "proof.json", proof_json, &e) < 0 ||
		    write_report(o, &proof, "proof.md", proof_markdown, &e) < 0)
			status = -1;
		proof_print(&proof, o->quiet);
	}
	bool proven = status == 0 && proof_totals(&proof).proven_all;
	suite_release(&suite.suite);
	return status < 0 ? command_error(&e) : proven ? EXIT_CONFORMANT : EXIT_FAILED;
}
