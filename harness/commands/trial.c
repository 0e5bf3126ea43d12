#include "commands/trial.h"

#include <sys/resource.h>

#include "codes/codes.h"
#include "commands/load.h"
#include "commands/reference.h"
#include "core/limits.h"
#include "verdict/judge.h"

/* Descriptors that are not a trial's evidence: connections, those of the reference brand's pipes, the reports. */
#define SPARE_FILES (LIMIT_JOBS * 4)

/* How many trials fit into one loop: each keeps a temporary file open. */
static size_t batch_size(void)
{
	const rlim_t wanted = LIMIT_TRIALS + SPARE_FILES;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return 1;
	if (files.rlim_cur < wanted) {
		files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
		(void)setrlimit(RLIMIT_NOFILE, &files);
		if (getrlimit(RLIMIT_NOFILE, &files) < 0)
			return 1;
	}
	if (files.rlim_cur >= wanted)
		return LIMIT_TRIALS;
	return files.rlim_cur > SPARE_FILES ? files.rlim_cur - SPARE_FILES : 1;
}

static int prepare(struct trial *t, const struct target *base, struct err *e)
{
	t->a = arena_new();
	if (reference_tenant(t->a, base, t->faults, &t->target, e) < 0)
		return err_wrap(e, "%s", t->name);
	t->target.profile = t->profile;
	plan_make(t->a, &t->suite, &t->target, &t->plan);
	struct run_facts facts = facts_of(t->a, &t->target);
	if (!(t->out = evidence_open(NULL, e)) || evidence_write_run(t->out, &facts, e) < 0 ||
	    sources_open(&t->target, NULL, &t->sources, e) < 0)
		return -1;
	t->run = (struct engine_run){.plan = &t->plan, .target = &t->target, .out = t->out};
	sources_join(&t->sources, &t->run);
	return 0;
}

static int conclude(const struct trials *ts, size_t i, struct err *e)
{
	struct trial *t = ts->v[i];
	struct evidence ev;

	if (evidence_read(t->out, t->name, t->a, &ev, e) < 0)
		return -1;
	struct judge_input in = {
	        .suite = &t->suite, .plan = &t->plan, .evidence = &ev, .suite_digest = "", .verdicts_alone = true};
	judge(t->a, &in, &t->results);
	ts->judged(ts->self, i, t);
	return 0;
}

/* Leaves what the caller put in. */
static void close_trial(struct trial *t)
{
	sources_close(&t->sources);
	if (t->out)
		fclose(t->out);
	arena_free(t->a);
	*t = (struct trial){.name = t->name, .faults = t->faults, .profile = t->profile, .suite = t->suite};
}

static int drive(const struct trials *ts, size_t from, size_t to, struct err *e)
{
	struct engine *g = engine_new(ts->engine, e);
	int status = g ? 0 : -1;

	for (size_t i = from; i < to && status == 0; i++) {
		if (ts->engine->stop && *ts->engine->stop)
			status = err_trouble(e, "interrupted");
		else
			status = prepare(ts->v[i], ts->base, e);
		if (status == 0)
			engine_add(g, &ts->v[i]->run);
	}
	if (status == 0)
		status = engine_drive(g, e);
	engine_free(g);
	/* One after the other: what judging takes in memory, it takes once. */
	for (size_t i = from; i < to; i++) {
		if (status == 0)
			status = conclude(ts, i, e);
		close_trial(ts->v[i]);
	}
	return status;
}

int trials_drive(const struct trials *ts, struct err *e)
{
	size_t batch = batch_size();
	int status = 0;

	for (size_t i = 0; i < ts->n && status == 0; i += batch)
		status = drive(ts, i, i + batch < ts->n ? i + batch : ts->n, e);
	return status;
}
