#include "commands/options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "report/report.h"

#define DEFAULT_JOBS 16

/*
 * One table: what an option is called, which commands know it, what it takes, where it goes, what --help says of it.
 */
enum option_kind {
	OPTION_FLAG, /* true into a bool at `at` */
	OPTION_TEXT, /* the argument into a const char * */
	OPTION_LIST, /* appended to a NULL-terminated const char ** */
	OPTION_READ, /* read by `set` */
};
typedef int setter(struct options *o, const char *value, struct err *e);

static void append(struct options *o, const char ***list, const char *value)
{
	size_t n = 0;

	while (*list && (*list)[n])
		n++;
	const char **longer = arena_array(o->a, n + 2, sizeof *longer);
	for (size_t i = 0; i < n; i++)
		longer[i] = (*list)[i];
	longer[n] = value;
	*list = longer;
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

static int set_color(struct options *o, const char *value, struct err *e)
{
	static const char *const names[] = {[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(value, names[i]) == 0) {
			o->color = (enum color_wish)i;
			return 0;
		}
	}
	return err_input(e, "--color takes auto, always or never, not '%s'", value);
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

/* --junit FILE and its like: --report junit:FILE. */
static int set_named_report(struct options *o, const char *format, const char *file, struct err *e)
{
	return set_report(o, arena_printf(o->a, "%s:%s", format, file), e);
}

static int set_junit(struct options *o, const char *value, struct err *e)
{
	return set_named_report(o, "junit", value, e);
}

static int set_tap(struct options *o, const char *value, struct err *e)
{
	return set_named_report(o, "tap", value, e);
}

static int set_html(struct options *o, const char *value, struct err *e)
{
	return set_named_report(o, "html", value, e);
}

static int set_markdown(struct options *o, const char *value, struct err *e)
{
	return set_named_report(o, "markdown", value, e);
}

static const struct option_row {
	const char *name;
	const char *commands; /* blank-separated, "" for all */
	const char *argument; /* NULL: a flag */
	enum option_kind kind;
	size_t at;
	setter *set;
	const char *help;
} rows[] = {
#define FLAG(name, commands, member, help)                                                      \
	{                                                                                       \
		name, commands, NULL, OPTION_FLAG, offsetof(struct options, member), NULL, help \
	}
#define TEXT(name, commands, argument, member, help)                                                \
	{                                                                                           \
		name, commands, argument, OPTION_TEXT, offsetof(struct options, member), NULL, help \
	}
#define LIST(name, commands, argument, member, help)                                                \
	{                                                                                           \
		name, commands, argument, OPTION_LIST, offsetof(struct options, member), NULL, help \
	}
#define READ(name, commands, argument, set, help)                   \
	{                                                           \
		name, commands, argument, OPTION_READ, 0, set, help \
	}
        TEXT("target", "run inspect", "FILE", target,
             "the brand; without it run starts its own reference brand, and inspect knows what its options say"),
        LIST("suite", "run judge prove list explain", "PATH", suites,
             "scenario file or folder instead of the built-in suite; may be repeated"),
        LIST("only", "run judge prove list", "ID", only, "only this scenario; may be repeated"),
        LIST("tag", "run judge prove list", "TAG", tags, "only scenarios with this tag; may be repeated"),
        READ("profile", "run judge list inspect", "NAME", set_profile,
             "liveperson, strict or google; overrides the target file"),
        READ("jobs", "run prove", "N", set_jobs, "exchanges in flight at once (16)"),
        READ("report", "run judge report", "FORMAT[:FILE]", set_report,
             "write a report: junit, tap, json, html or markdown; FILE '-' is standard output; may be repeated"),
        READ("junit", "run judge report", "FILE", set_junit, "the same as --report junit:FILE"),
        READ("tap", "run judge report", "FILE", set_tap, "the same as --report tap:FILE"),
        READ("html", "run judge report", "FILE", set_html, "the same as --report html:FILE"),
        READ("markdown", "run judge report", "FILE", set_markdown, "the same as --report markdown:FILE"),
        TEXT("report-folder", "prove", "DIR", report_folder, "where proof.json and proof.md go (reports)"),
        READ("tap-version", "run judge report", "N", set_tap_version,
             "13 (what every consumer reads) or 14 (with subtests)"),
        TEXT("format", "run judge report compare list inspect explain", "NAME", format,
             "text (for people) or json; compare also knows markdown"),
        READ("color", "run judge report inspect", "WHEN", set_color,
             "always, never, or auto: on a terminal where NO_COLOR is not set"),
        TEXT("expected-failures", "run judge report", "FILE", expected,
             "failures that are known: they do not fail the run, an entry that is no longer true does"),
        TEXT("write-expected-failures", "run judge report", "FILE", write_expected,
             "write the failures of this run as such a file; never over a file"),
        TEXT("record", "run", "FILE", record,
             "keep the evidence, which holds live secrets, in FILE (mode 0600) for 'judge'"),
        FLAG("dry-run", "run", dry_run, "print the plan and send nothing"),
        TEXT("faults", "serve", "JSON", faults,
             "break the reference brand: a list of faults, see 'brandcert list faults'"),
        TEXT("state", "serve", "DIR", state, "where the CA, the target file and the throw-away secrets go"),
        FLAG("quiet", "run judge prove report", quiet,
             "no progress and no summary: the exit status and the reports only"),
        FLAG("mask-claims", "run judge inspect", mask_claims,
             "mask personal claims, too: all of an id_token and of userinfo but the protocol's own"),
        FLAG("verbose", "run judge report inspect", verbose,
             "infos in the summary, too, and every exchange as HTTP with its secrets masked"),
        FLAG("json", "list explain inspect", json, "the same as --format json"),
        FLAG("markdown", "list", markdown, "the requirements as a page: what suites/REQUIREMENTS.md holds"),
        TEXT("key", "certify-record", "FILE", key, "the private key (PEM) to sign the record with"),
        TEXT("output", "certify-record init", "FILE", output,
             "write there instead of to standard output; never over a file"),
        TEXT("jwks", "verify-record inspect", "FILE", jwks,
             "the JWK Set whose keys are trusted; for inspect also an https URL"),
        TEXT("public-key", "verify-record inspect", "FILE", public_key,
             "the one public key that is trusted: PEM or base64"),
        TEXT("results", "verify-record", "FILE", results, "the results.json that the record has to be made for"),
        TEXT("decryption-key", "inspect", "FILE", decryption_key,
             "the private RSA key (PEM) that opens encrypted tokens"),
        TEXT("client-id", "inspect", "ID", client_id, "the client_id that the token has to be for"),
        TEXT("issuer", "inspect", "URL", issuer, "the issuer, exactly as it is configured at LivePerson"),
        TEXT("nonce", "inspect", "TEXT", nonce, "the nonce of the authorization request"),
        TEXT("at", "inspect", "TIME", at,
             "judge times as of then, not of now: 2026-11-21T12:00:00Z, 2026-11-21, or seconds since 1970"),
        TEXT("ca-file", "inspect init", "FILE", ca_file, "PEM file of a CA to trust beside the system's"),
        TEXT("area", "list", "PREFIX", area,
             "only requirements, controls and checks whose id begins so: idtoken, req.code"),
        TEXT("level", "list", "LEVEL", level,
             "only requirements of that level (must, should, may, off) in the profile"),
        FLAG("help", "", help, "show this"),
};

#define ROWS (sizeof rows / sizeof *rows)

static int put(struct options *o, const struct option_row *row, const char *value, struct err *e)
{
	void *at = (char *)o + row->at;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)at = value;
		return 0;
	case OPTION_LIST:
		append(o, at, value);
		return 0;
	case OPTION_READ:
		return row->set(o, value, e);
	}
	return -1;
}

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
		if (put(ret, row, optarg, e) < 0)
			return -1;
	}
	if (ret->json)
		ret->format = "json";
	ret->nrest = (size_t)(argc - optind);
	ret->rest = arena_array(a, ret->nrest + 1, sizeof *ret->rest);
	for (size_t i = 0; i < ret->nrest; i++)
		ret->rest[i] = argv[optind + (int)i];
	return 0;
}

bool options_next(const char *command, size_t *at, struct option_doc *ret)
{
	while (*at < ROWS) {
		const struct option_row *row = &rows[(*at)++];
		if (command && !belongs(row, command))
			continue;
		*ret = (struct option_doc){row->name, row->argument, row->help};
		return true;
	}
	return false;
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
