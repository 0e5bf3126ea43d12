#include "commands/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "report/report.h"

#define DEFAULT_JOBS 16

/*
 * One table: what an option is called, which commands know it, what it takes, what it does, what --help says of it. The
 * setter gets the argument, or NULL for a flag.
 */
typedef int setter(struct options *o, const char *value, struct err *e);

static int append(struct options *o, const char ***list, const char *value)
{
	size_t n = 0;

	while (*list && (*list)[n])
		n++;
	const char **longer = arena_array(o->a, n + 2, sizeof *longer);
	for (size_t i = 0; i < n; i++)
		longer[i] = (*list)[i];
	longer[n] = value;
	*list = longer;
	return 0;
}

static int number(const char *name, const char *value, int least, int most, int *ret, struct err *e)
{
	char *end;

	errno = 0;
	long n = strtol(value, &end, 10);
	if (errno || *end || end == value || n < least || n > most)
		return err_input(e, "--%s takes a whole number from %d to %d, not '%s'", name, least, most, value);
	*ret = (int)n;
	return 0;
}

static int set_target(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->target = value;
	return 0;
}

static int set_suite(struct options *o, const char *value, struct err *e)
{
	(void)e;
	return append(o, &o->suites, value);
}

static int set_only(struct options *o, const char *value, struct err *e)
{
	(void)e;
	return append(o, &o->only, value);
}

static int set_tag(struct options *o, const char *value, struct err *e)
{
	(void)e;
	return append(o, &o->tags, value);
}

static int set_profile(struct options *o, const char *value, struct err *e)
{
	enum profile profile;

	if (profile_of(sv_of(value), &profile) < 0) {
		const char *names[PROFILE_COUNT];
		for (int p = 0; p < PROFILE_COUNT; p++)
			names[p] = profile_text((enum profile)p);
		return err_input(e, "there is no profile '%s': it is one of %s", value,
		                 text_list(o->a, names, PROFILE_COUNT, "and"));
	}
	o->profile = value;
	return 0;
}

static int set_jobs(struct options *o, const char *value, struct err *e)
{
	return number("jobs", value, 1, LIMIT_JOBS, &o->jobs, e);
}

static int set_tap_version(struct options *o, const char *value, struct err *e)
{
	return number("tap-version", value, 13, 14, &o->tap_version, e);
}

static int set_report(struct options *o, const char *value, struct err *e)
{
	const char *colon = strchr(value, ':');
	struct sv name = colon ? (struct sv){value, (size_t)(colon - value)} : sv_of(value);
	const char *names[16] = {NULL};
	size_t n = 0;

	for (const struct report_format *f = report_formats; f->name; f++) {
		if (n < sizeof names / sizeof *names)
			names[n++] = f->name;
		if (!sv_eq(sv_of(f->name), name))
			continue;
		if (colon && !colon[1])
			return err_input(e, "--report '%s' names no file behind the colon", value);
		o->reports = arena_grow(o->a, o->reports, o->nreports, sizeof *o->reports);
		o->reports[o->nreports++] = (struct report_wish){f, colon ? colon + 1 : f->default_file};
		return 0;
	}
	return err_input(e, "there is no report format '%.*s': it is one of %s", SV_ARG(name),
	                 text_list(o->a, names, n, "and"));
}

static int set_record(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->record = value;
	return 0;
}

static int set_state(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->state = value;
	return 0;
}

static int set_faults(struct options *o, const char *value, struct err *e)
{
	(void)e;
	o->faults = value;
	return 0;
}

static int set_dry_run(struct options *o, const char *value, struct err *e)
{
	(void)value, (void)e;
	o->dry_run = true;
	return 0;
}

static int set_quiet(struct options *o, const char *value, struct err *e)
{
	(void)value, (void)e;
	o->quiet = true;
	return 0;
}

static int set_verbose(struct options *o, const char *value, struct err *e)
{
	(void)value, (void)e;
	o->verbose = true;
	return 0;
}

static int set_help(struct options *o, const char *value, struct err *e)
{
	(void)value, (void)e;
	o->help = true;
	return 0;
}

static const struct option_row {
	const char *name;
	const char *commands; /* blank-separated, "" for all */
	const char *argument; /* NULL: a flag */
	setter *set;
	const char *help;
} rows[] = {
        {"target", "run", "FILE", set_target,
         "the brand to certify; without it brandcert starts its own reference brand"},
        {"suite", "run judge prove list", "PATH", set_suite,
         "scenario file or folder instead of the built-in suite; may be repeated"},
        {"only", "run judge prove list", "ID", set_only, "only this scenario; may be repeated"},
        {"tag", "run judge prove list", "TAG", set_tag, "only scenarios with this tag; may be repeated"},
        {"profile", "run judge", "NAME", set_profile, "liveperson, strict or google; overrides the target file"},
        {"jobs", "run prove", "N", set_jobs, "exchanges in flight at once (16)"},
        {"report", "run judge", "FORMAT[:FILE]", set_report,
         "write a report: junit, tap or json; FILE '-' is standard output; may be repeated"},
        {"tap-version", "run judge", "N", set_tap_version, "13 (what every consumer reads) or 14 (with subtests)"},
        {"record", "run", "FILE", set_record,
         "keep the evidence, which holds live secrets, in FILE (mode 0600) for 'judge'"},
        {"dry-run", "run", NULL, set_dry_run, "print the plan and send nothing"},
        {"faults", "serve", "JSON", set_faults,
         "break the reference brand: a list of faults, see 'brandcert list faults'"},
        {"state", "serve", "DIR", set_state, "where the CA, the target file and the throw-away secrets go"},
        {"quiet", "run judge prove", NULL, set_quiet,
         "no progress and no summary: the exit status and the reports only"},
        {"verbose", "run judge", NULL, set_verbose,
         "the summary lists infos, too: what is worth knowing, but no mistake"},
        {"help", "", NULL, set_help, "show this"},
};

#define ROWS (sizeof rows / sizeof *rows)

static bool belongs(const struct option_row *row, const char *command)
{
	for (struct sv rest = sv_of(row->commands), word; sv_cut(&rest, ' ', &word);)
		if (word.n == 0 || sv_eq(word, sv_of(command)))
			return true;
	return false;
}

static int unknown(struct options *o, const char *word, struct err *e)
{
	const char *names[ROWS];
	size_t n = 0;
	struct sv name = sv_of(word);

	while (name.n && name.p[0] == '-') {
		name.p++;
		name.n--;
	}
	long equals = sv_find_char(name, '=');
	if (equals >= 0)
		name.n = (size_t)equals;
	for (size_t i = 0; i < ROWS; i++)
		if (belongs(&rows[i], o->command))
			names[n++] = rows[i].name;
	const char *near = text_nearest(name, names, n);
	return err_input(e, "'brandcert %s' has no option '--%.*s'%s%s%s; see 'brandcert %s --help'", o->command,
	                 SV_ARG(name), near ? ", did you mean '--" : "", near ? near : "", near ? "'" : "", o->command);
}

int options_parse(struct arena *a, const struct command_row *command, int argc, char **argv, struct options *ret,
                  struct err *e)
{
	struct option longs[ROWS + 1] = {0};
	size_t known[ROWS], n = 0;
	int got;

	*ret = (struct options){.a = a, .command = command->name, .jobs = DEFAULT_JOBS, .tap_version = 13};
	for (size_t i = 0; i < ROWS; i++) {
		if (!belongs(&rows[i], command->name))
			continue;
		longs[n] = (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL,
		                           (int)n + 256};
		known[n++] = i;
	}
	/* argv[0] is the command's name; messages are ours, so that they name the nearest right spelling. */
	opterr = 0;
	while ((got = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (got == 'h') {
			ret->help = true;
			continue;
		}
		if (got == ':')
			return err_input(e, "%s wants a value; see 'brandcert %s --help'", argv[optind - 1],
			                 command->name);
		if (got == '?')
			return unknown(ret, argv[optind - 1], e);
		const struct option_row *row = &rows[known[got - 256]];
		if (row->argument && !*optarg)
			return err_input(e, "--%s wants a value: %s", row->name, row->argument);
		if (row->set(ret, optarg, e) < 0)
			return -1;
	}
	ret->nrest = (size_t)(argc - optind);
	ret->rest = arena_array(a, ret->nrest + 1, sizeof *ret->rest);
	for (size_t i = 0; i < ret->nrest; i++)
		ret->rest[i] = argv[optind + (int)i];
	return 0;
}

void options_help(FILE *out, const struct command_row *command)
{
	fprintf(out, "usage: brandcert %s [options]%s%s\n\n%s\n\n", command->name, command->arguments[0] ? " " : "",
	        command->arguments, command->summary);
	for (size_t i = 0; i < ROWS; i++) {
		char left[64];
		if (!belongs(&rows[i], command->name))
			continue;
		snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].argument ? " " : "",
		         rows[i].argument ? rows[i].argument : "");
		fprintf(out, "  %-24s  %s\n", left, rows[i].help);
	}
	fprintf(out, "\nexit status: 0 conformant, 1 a must failed, 2 bad usage or input, 3 no verdict\n");
}
