#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "commands/commands.h"
#include "commands/load.h"
#include "commands/progress.h"
#include "commands/proof.h"
#include "commands/reference.h"
#include "exchange/exchange.h"
#include "verdict/judge.h"

/* Trials driven together: each keeps a temporary file open, and 1024 is the usual limit. */
#define BATCH 512

static int prepare(struct proof *p, struct trial *t, const struct target *base, struct err *e)
{
	if (reference_tenant(p->a, base, t->control ? t->control->faults : NULL, &t->target, e) < 0)
		return err_wrap(e, "%s", t->name);
	t->target.profile = t->profile;
	plan_make(p->a, &t->suite, &t->target, &t->plan);
	struct run_facts facts = facts_of(p->a, &t->target);
	if (!(t->out = evidence_open(NULL, e)) || evidence_write_run(t->out, &facts, e) < 0 ||
	    codes_open(&t->target, &t->codes, e) < 0)
		return -1;
	t->codes_open = true;
	t->run = (struct engine_run){.plan = &t->plan, .target = &t->target, .codes = &t->codes, .out = t->out};
	return 0;
}

static int conclude(struct proof *p, struct trial *t, struct err *e)
{
	struct evidence ev;

	if (evidence_read(t->out, t->name, p->a, &ev, e) < 0)
		return -1;
	struct judge_input in = {.suite = &t->suite, .plan = &t->plan, .evidence = &ev, .suite_digest = ""};
	judge(p->a, &in, &t->results);
	return 0;
}

static void close_trial(struct trial *t)
{
	if (t->codes_open)
		codes_close(&t->codes);
	if (t->out)
		fclose(t->out);
	t->codes_open = false;
	t->out = NULL;
}

/* One batch, driven in one loop: waits of one trial cost the others nothing. */
static int drive(struct proof *p, size_t from, size_t to, const struct engine_options *eo, const struct target *base,
                 struct err *e)
{
	struct engine *g = engine_new(eo, e);
	int status = g ? 0 : -1;

	for (size_t i = from; i < to && status == 0; i++) {
		status = prepare(p, &p->v[i], base, e);
		if (status == 0)
			engine_add(g, &p->v[i].run);
	}
	if (status == 0)
		status = engine_drive(g, e);
	for (size_t i = from; i < to && status == 0; i++)
		status = conclude(p, &p->v[i], e);
	engine_free(g);
	for (size_t i = from; i < to; i++)
		close_trial(&p->v[i]);
	return status;
}

int command_prove(const struct options *o)
{
	struct loaded_suite suite;
	struct reference reference = {.hold = -1};
	struct target base;
	struct progress progress;
	struct err e = {0};

	if (o->nrest) {
		err_input(&e, "'brandcert prove' takes no argument, '%s' is one: see --only and --tag", o->rest[0]);
		return command_error(&e);
	}
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	struct proof proof = proof_make(o->a, &suite.suite);
	struct engine_options eo = {
	        .jobs = o->jobs, .progress = progress_step, .progress_self = &progress, .stop = &interrupted};
	int status = reference_start(o->a, NULL, NULL, &reference, &e);
	if (status == 0 && load_target(o, reference.target_file, &base) < 0)
		status = err_trouble(&e, "the reference brand wrote a target file that cannot be used");
	progress_start(&progress, o->quiet);
	for (size_t i = 0; i < proof.n && status == 0; i += BATCH)
		status = drive(&proof, i, i + BATCH < proof.n ? i + BATCH : proof.n, &eo, &base, &e);
	progress_end(&progress);
	reference_stop(&reference);
	status = status < 0 ? command_error(&e) : proof_conclude(&proof, o->quiet) ? EXIT_CONFORMANT : EXIT_FAILED;
	suite_release(&suite.suite);
	return status;
}
