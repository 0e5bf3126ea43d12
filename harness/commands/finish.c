#include "commands/finish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/annotate.h"
#include "commands/commands.h"
#include "core/clock.h"
#include "core/file.h"
#include "jose/sign.h"
#include "plan/plan.h"
#include "report/report.h"
#include "verdict/expected.h"
#include "verdict/judge.h"

#define WIDTH_MIN 40
#define WIDTH_MAX 120

struct report_options finish_looks(const struct options *o, FILE *to)
{
	const char *no_color = getenv("NO_COLOR");
	struct winsize size = {0};
	struct report_options ro = {.tap_version = o->tap_version, .verbose = o->verbose};

	ro.color = o->color == COLOR_ALWAYS;
	if (isatty(fileno(to))) {
		ro.color |= o->color == COLOR_AUTO && !(no_color && *no_color);
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
	struct report_options ro = finish_looks(o, stdout);
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

static bool as_json(const struct options *o)
{
	return o->format && strcmp(o->format, "json") == 0;
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
	struct report_options ro = finish_looks(o, to);
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	/* Before the summary: its last line is the verdict, for whoever looks at that alone. */
	for (size_t i = 0; i < o->nreports; i++)
		if (written[i] && strcmp(o->reports[i].file, "-") != 0)
			fprintf(to, "Report: %s\n", o->reports[i].file);
	if (report_console(r, &ro, &out, &e) == 0) {
		/* the notes for GitHub go before the last line, too */
		struct buf notes = {.cap = BUF_OWN};
		annotate_lines(r, &notes);
		size_t last = annotate_last_line(buf_sv(&out));
		struct annotate_guard guard;
		annotate_guard(o->a, &guard);
		fprintf(to, "%s%s%.*s%s%s%s", o->nreports ? "\n" : "", guard.begin, (int)last, out.p, guard.end,
		        notes.n ? notes.p : "", out.p + last);
		buf_release(&notes);
	} else {
		(void)command_error(&e);
	}
	buf_release(&out);
}

/* Never over an older file: reasons and days stand in it that nobody else knows. */
static int write_expected(const struct options *o, const struct results *r, const struct expectations *old,
                          struct err *e)
{
	struct buf out = {.cap = BUF_OWN};
	char today[32];
	int status = 0;

	clock_iso(r->ended_ms, today);
	today[strcspn(today, "T")] = '\0';
	struct expectations x = expected_of(o->a, old, r, today);
	expected_write(&x, &out);
	FILE *f = fopen(o->write_expected, "wxe");
	if (!f)
		status = err_input(e, "cannot make '%s': %s", o->write_expected, strerror(errno));
	else if (fwrite(out.p, 1, out.n, f) != out.n)
		status = err_trouble(e, "cannot write '%s': %s", o->write_expected, strerror(errno));
	if (f && fclose(f) != 0 && status == 0)
		status = err_trouble(e, "cannot write '%s': %s", o->write_expected, strerror(errno));
	buf_release(&out);
	return status;
}

int finish_check(const struct options *o, struct err *e)
{
	if (o->format && strcmp(o->format, "text") != 0 && !as_json(o))
		return err_input(
		        e, "--format takes text or json, not '%s'; 'brandcert %s' writes other formats with --report",
		        o->format, o->command);
	if (as_json(o) && on_stdout(o))
		return err_input(e, "--format json and a report with the file '-' cannot both go to standard output");
	return 0;
}

int finish_results(const struct options *o, const struct results *r, const struct expectations *expected)
{
	bool *written = arena_array(o->a, o->nreports, sizeof *written);
	int trouble = EXIT_CONFORMANT;

	for (size_t i = 0; i < o->nreports; i++) {
		struct err e = {0};
		written[i] = write_report(o, &o->reports[i], r, &e) == 0;
		if (!written[i])
			trouble = command_error(&e);
	}
	if (o->write_expected) {
		struct err e = {0};
		if (write_expected(o, r, expected, &e) < 0)
			trouble = command_error(&e);
	}
	annotate_summary(r);
	const struct report_format format = {"json", NULL, report_json};
	struct err e = {0};
	if (as_json(o) && write_report(o, &(const struct report_wish){&format, "-"}, r, &e) < 0)
		trouble = command_error(&e);
	else if (!as_json(o) && !o->quiet)
		summary(o, r, written);
	int status = results_exit(r);
	/* What could not be written is our trouble, but a failure of the brand stays the news. */
	return status != EXIT_CONFORMANT ? status : trouble;
}

int finish(const struct options *o, const struct finishing *f)
{
	struct plan plan;
	struct results results;

	plan_make(o->a, &f->suite->suite, f->target, &plan);
	struct judge_input in = {.suite = &f->suite->suite,
	                         .plan = &plan,
	                         .evidence = f->evidence,
	                         .suite_digest = f->suite->digest,
	                         .evidence_sha256 = f->evidence_sha256,
	                         .mask_claims = o->mask_claims};
	judge(o->a, &in, &results);
	if (f->expected)
		expected_apply(o->a, f->expected, o->only || o->tags, &results);
	return finish_results(o, &results, f->expected);
}

const char *evidence_digest(struct arena *a, FILE *f)
{
	struct stat st;

	if (fflush(f) != 0 || fstat(fileno(f), &st) < 0 || st.st_size <= 0)
		return NULL;
	/* mapped, not read: a record may be larger than what one would like to have in memory */
	size_t n = (size_t)st.st_size;
	void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fileno(f), 0);
	if (p == MAP_FAILED)
		return NULL;
	const char *digest = jose_sha256_hex(a, (struct sv){p, n});
	munmap(p, n);
	return digest;
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
	        .code_lifetime_s = run->code_lifetime_s,
	        .published_token_endpoint = run->published_token_endpoint,
	        .authorization = {.endpoint = run->authorization_endpoint,
	                          .redirect_uri = run->authorization_redirect_uri,
	                          .scope = run->scope},
	        .limits = {.connections = (int)run->connections},
	        .has = run->has,
	};
	if (run->connector && strcmp(run->connector, "openid") == 0)
		ret->connector = CONNECTOR_OPENID;
	(void)profile_of(sv_of(run->profile), &ret->profile);
}
