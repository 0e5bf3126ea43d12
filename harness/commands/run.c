#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codes/codes.h"
#include "commands/commands.h"
#include "commands/finish.h"
#include "commands/load.h"
#include "commands/progress.h"
#include "commands/reference.h"
#include "commands/spelling.h"
#include "core/text.h"
#include "exchange/exchange.h"
#include "plan/plan.h"

/* --- the plan, for people -------------------------------------------------------------------------------------------- */

static bool uses(const struct planned_scenario *p, size_t exchange)
{
	for (size_t s = 0; !p->skip && s < p->scenario->nsteps; s++)
		if (p->exchanges[s] == exchange)
			return true;
	return false;
}

/* The scenarios that look at an exchange that several share. */
static void print_users(const struct plan *plan, size_t exchange)
{
	const char *before = "  for ";

	for (size_t i = 0; i < plan->nscenarios; i++) {
		if (!uses(&plan->scenarios[i], exchange))
			continue;
		printf("%s%s", before, plan->scenarios[i].scenario->id);
		before = ", ";
	}
}

/* "scenario/step": the key without round and member, which are said in words. */
static int name_length(const struct planned *x)
{
	const char *slash = x->owner ? strchr(x->key, '/') : NULL;

	return (int)(slash ? (size_t)(slash + 1 - x->key) + strcspn(slash + 1, "/") : strlen(x->key));
}

/* The rounds that the scenario of this exchange is done. */
static int rounds_of(const struct plan *plan, const struct planned *x)
{
	for (size_t i = 0; x->owner && i < plan->nscenarios; i++)
		if (plan->scenarios[i].scenario == x->owner && !plan->scenarios[i].skip)
			return plan->scenarios[i].rounds;
	return 1;
}

/* The request's method, or what it is when it is not one request. */
static const char *what_of(const struct planned *x)
{
	switch (x->step ? x->step->kind : STEP_FETCH) {
	case STEP_REDEEM:
		return x->step->redeem.method ? x->step->redeem.method : "POST";
	case STEP_USERINFO:
		return x->step->userinfo.method == USERINFO_POST ? "POST" : "GET";
	case STEP_AUTHORIZE:
		return x->step->authorize.session == SESSION_LOGIN || x->step->authorize.session == SESSION_DENY
		               ? "login"
		               : "authorize";
	case STEP_TOKEN:
		return "token";
	case STEP_HANDSHAKE:
		return "handshake";
	case STEP_LOGOUT:
		return "logout";
	default:
		return "document";
	}
}

/* One line for all rounds and for all requests of one burst. */
static void print_exchange(const struct plan *plan, size_t i)
{
	const struct planned *x = &plan->exchanges[i];
	int rounds = rounds_of(plan, x), codes = x->codes * rounds;

	printf("%-5s %-9s %.*s", x->id, what_of(x), name_length(x), x->key);
	if (x->times > 1)
		printf("  %d requests at once", x->times);
	if (rounds > 1)
		printf("%s%d rounds", x->times > 1 ? ", " : "  ", rounds);
	if (codes)
		printf("  %d code%s%s", codes, codes == 1 ? "" : "s",
		       x->step->redeem.code == CODE_EXPIRED ? ", sent once expired" : "");
	if (!x->owner)
		print_users(plan, i);
	printf("\n");
}

/* "303 exchanges, 127 codes, 12 logins and 1 token": codes are always said, they are what a brand has to supply. */
static const char *needs(struct arena *a, const struct plan *plan)
{
	const struct {
		const char *one;
		size_t n;
		bool always;
	} rows[] = {
	        {"exchange", plan->n, true},
	        {"code", (size_t)plan->codes, true},
	        {"login", (size_t)plan->logins, false},
	        {"token", (size_t)plan->tokens, false},
	};
	const char *items[4];
	size_t n = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].n || rows[i].always)
			items[n++] = arena_printf(a, "%zu %s%s", rows[i].n, rows[i].one, rows[i].n == 1 ? "" : "s");
	return text_list(a, items, n, "and");
}

static void print_plan(struct arena *a, const struct target *t, const struct plan *plan)
{
	printf("Target: %s, %s profile\n%s\n\n", t->name, profile_text(t->profile), t->token_endpoint);
	for (size_t i = 0; i < plan->n; i++)
		if (plan->exchanges[i].round <= 1 && plan->exchanges[i].member <= 1)
			print_exchange(plan, i);
	for (size_t i = 0; i < plan->nscenarios; i++)
		if (plan->scenarios[i].skip)
			printf("skip %s: %s\n", plan->scenarios[i].scenario->id, plan->scenarios[i].skip);
	printf("\n%s needed", needs(a, plan));
	if (plan->wait_s)
		printf(", about %lld s of waiting", (long long)plan->wait_s);
	printf("; nothing was sent\n");
}

/* --- the run --------------------------------------------------------------------------------------------------------- */

/* For codes and tokens that a person gets by logging in: standard output is the report's. */
static void say(void *self, const char *text)
{
	struct progress *progress = self;

	progress_end(progress);
	fputs(text, stderr);
}

static int drive(const struct options *o, const struct target *t, const struct plan *plan, FILE *out, struct err *e)
{
	struct sources sources = {0};
	struct progress progress;
	struct engine_options eo = {.jobs = o->jobs, .stop = &interrupted};

	const struct asker asker = {.say = say, .self = &progress, .fd = STDIN_FILENO};

	if (sources_open(t, &asker, &sources, e) < 0)
		return -1;
	progress_start(&progress, o->quiet);
	progress_plan(&progress, o->a, plan);
	eo.progress = progress_step;
	eo.progress_self = &progress;
	struct engine_run run = {.plan = plan, .target = t, .out = out};
	sources_join(&sources, &run);
	struct engine *g = engine_new(&eo, e);
	int status = g ? 0 : -1;
	if (g) {
		engine_add(g, &run);
		status = engine_drive(g, e);
	}
	engine_free(g);
	progress_end(&progress);
	sources_close(&sources);
	return status;
}

/* Records the evidence and judges that file: a live run and a replay are the same code. */
static int record_and_judge(const struct options *o, const struct loaded_suite *suite, struct target *t,
                            const struct expectations *expected)
{
	struct plan plan;
	struct evidence ev;
	struct err e = {0};

	plan_make(o->a, &suite->suite, t, &plan);
	if (o->dry_run) {
		print_plan(o->a, t, &plan);
		return EXIT_CONFORMANT;
	}
	FILE *f = evidence_open(o->record, &e);
	if (!f)
		return command_error(&e);
	if (spelling_find(o->a, t) && !o->quiet)
		fprintf(stderr,
		        "brandcert: note: the endpoint takes client id and secret in Basic only as they are, not "
		        "form-encoded (RFC 6749 §2.3.1); this run sends them so, see req.auth.basic-formencoded\n");
	struct run_facts facts = facts_of(o->a, t);
	const char *name = o->record ? o->record : "the evidence of this run";
	int failed = evidence_write_run(f, &facts, &e) < 0 || drive(o, t, &plan, f, &e) < 0 ||
	             evidence_read(f, name, o->a, &ev, &e) < 0;
	const struct finishing finishing = {.suite = suite,
	                                    .target = t,
	                                    .evidence = &ev,
	                                    .evidence_sha256 = failed ? NULL : evidence_digest(o->a, f),
	                                    .expected = expected};
	fclose(f);
	return failed ? command_error(&e) : finish(o, &finishing);
}

int command_run(const struct options *o)
{
	struct loaded_suite suite;
	struct reference reference = {.hold = -1};
	struct target target;
	struct expectations *expected;
	struct err e = {0};
	const char *path = o->target;

	if (o->nrest) {
		err_input(&e, "'brandcert run' takes no argument, '%s' is one: a target file goes behind --target",
		          o->rest[0]);
		return command_error(&e);
	}
	if (finish_check(o, &e) < 0)
		return command_error(&e);
	/* Nothing is started or sent before every file has loaded. */
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	if (load_expected(o, &suite, &expected) < 0) {
		suite_release(&suite.suite);
		return EXIT_INPUT;
	}
	int status = EXIT_INPUT;
	if (!path && reference_start(o->a, NULL, NULL, &reference, &e) < 0)
		status = command_error(&e);
	else if (load_target(o, path ? path : reference.target_file, &target) == 0)
		status = record_and_judge(o, &suite, &target, expected);
	reference_stop(&reference);
	suite_release(&suite.suite);
	return status;
}
