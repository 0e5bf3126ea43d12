#include "commands/finish.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "commands/commands.h"
#include "core/file.h"
#include "plan/plan.h"
#include "report/report.h"
#include "verdict/judge.h"

#define WIDTH_MIN 40
#define WIDTH_MAX 120

static struct report_options looks(const struct options *o, FILE *to)
{
	const char *no_color = getenv("NO_COLOR");
	struct winsize size = {0};
	struct report_options ro = {.tap_version = o->tap_version, .verbose = o->verbose};

	if (isatty(fileno(to))) {
		ro.color = !(no_color && *no_color);
		if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0)
			ro.width = size.ws_col;
	}
	if (ro.width && ro.width < WIDTH_MIN)
		ro.width = WIDTH_MIN;
	if (ro.width > WIDTH_MAX)
		ro.width = WIDTH_MAX;
	return ro;
}

static int write_report(const struct options *o, const struct report_wish *w, const struct results *r, struct err *e)
{
	struct report_options ro = looks(o, stdout);
	struct buf out = {.cap = BUF_OWN};
	int status = w->format->write(r, &ro, &out, e);

	if (status == 0 && out.full)
		status = err_trouble(e, "the %s report is larger than %zu bytes", w->format->name, (size_t)BUF_OWN);
	if (status == 0 && strcmp(w->file, "-") == 0) {
		if (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0)
			status = err_trouble(e, "cannot write the %s report to standard output", w->format->name);
	} else if (status == 0) {
		status = file_replace(w->file, buf_sv(&out), 0666, e);
	}
	buf_release(&out);
	return status;
}

static bool on_stdout(const struct options *o)
{
	for (size_t i = 0; i < o->nreports; i++)
		if (strcmp(o->reports[i].file, "-") == 0)
			return true;
	return false;
}

static void summary(const struct options *o, const struct results *r, const bool *written)
{
	/* A report on standard output must stay readable by a program. */
	FILE *to = on_stdout(o) ? stderr : stdout;
	struct report_options ro = looks(o, to);
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	/* Before the summary: its last line is the verdict, for whoever looks at that alone. */
	for (size_t i = 0; i < o->nreports; i++)
		if (written[i] && strcmp(o->reports[i].file, "-") != 0)
			fprintf(to, "Report: %s\n", o->reports[i].file);
	if (report_console(r, &ro, &out, &e) == 0)
		fprintf(to, "%s%s", o->nreports ? "\n" : "", out.p);
	else
		(void)command_error(&e);
	buf_release(&out);
}

int finish(const struct options *o, const struct loaded_suite *suite, const struct target *target,
           const struct evidence *ev)
{
	struct plan plan;
	struct results results;
	bool *written = arena_array(o->a, o->nreports, sizeof *written);
	bool all = true;

	plan_make(o->a, &suite->suite, target, &plan);
	struct judge_input in = {.suite = &suite->suite, .plan = &plan, .evidence = ev, .suite_digest = suite->digest};
	judge(o->a, &in, &results);
	for (size_t i = 0; i < o->nreports; i++) {
		struct err e = {0};
		written[i] = write_report(o, &o->reports[i], &results, &e) == 0;
		if (!written[i])
			(void)command_error(&e);
		all = all && written[i];
	}
	if (!o->quiet)
		summary(o, &results, written);
	int status = results_exit(&results);
	/* A report that could not be written is our trouble, but a failure of the brand stays the news. */
	return all || status != EXIT_CONFORMANT ? status : EXIT_NO_VERDICT;
}

void target_of_evidence(const struct evidence *ev, struct target *ret)
{
	const struct run_facts *run = &ev->run;

	*ret = (struct target){
	        .name = run->target,
	        .issuer = run->issuer,
	        .token_endpoint = run->token_endpoint,
	        .userinfo_endpoint = run->userinfo_endpoint,
	        .redirect_uri = run->redirect_uri,
	        .audiences = run->audiences,
	        .tolerance_s = run->tolerance_s,
	        .client = {.id = run->client_id, .secret = run->client_secret},
	        .keys = {.jwks_uri = run->jwks_uri, .public_key = run->public_key, .algorithm = run->algorithm},
	        .codes = {.lifetime_s = run->code_lifetime_s},
	};
	(void)profile_of(sv_of(run->profile), &ret->profile);
}
