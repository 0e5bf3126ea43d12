#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/load.h"
#include "core/text.h"
#include "core/version.h"

static void usage(FILE *out)
{
	fprintf(out, "brandcert %s: certifies brand token endpoints\n\nusage: brandcert COMMAND [options]\n\n",
	        BRANDCERT_VERSION);
	for (const struct command_row *c = command_rows; c->name; c++)
		fprintf(out, "  %-14s  %s\n", c->name, c->summary);
	fprintf(out,
	        "\n'brandcert COMMAND --help' lists a command's options; 'brandcert --version' prints the version.\n"
	        "Without a target file 'brandcert run' certifies the reference brand that it starts itself.\n");
}

/* With the digest of the built-in suite, which reports carry, too. */
static int version(struct arena *a)
{
	const struct options o = {.a = a};
	struct loaded_suite suite;

	printf("brandcert %s\n", BRANDCERT_VERSION);
	if (load_suite(&o, &suite) < 0)
		return EXIT_INPUT;
	printf("suite %s: %zu scenarios, %zu requirements\n", suite.digest, suite.suite.n, suite.suite.catalogue.n);
	suite_release(&suite.suite);
	return EXIT_CONFORMANT;
}

static int unknown_command(const char *name)
{
	const char *names[32];
	struct err e = {0};
	size_t n = 0;

	for (const struct command_row *c = command_rows; c->name; c++)
		names[n++] = c->name;
	const char *near = text_nearest(sv_of(name), names, n);
	err_input(&e, "there is no command '%s'%s%s%s; see 'brandcert --help'", name, near ? ", did you mean '" : "",
	          near ? near : "", near ? "'" : "");
	return command_error(&e);
}

static void interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

int main(int argc, char **argv)
{
	arena_auto *a = arena_new();
	const struct sigaction stop = {.sa_handler = interrupt};
	struct options o;
	struct err e = {0};

	/* A reader that goes away (| head) must not kill us before the reports are written. */
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	if (argc < 2) {
		usage(stderr);
		return EXIT_INPUT;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		usage(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		return version(a);
	}
	for (const struct command_row *c = command_rows; c->name; c++) {
		if (strcmp(c->name, argv[1]) != 0)
			continue;
		if (options_parse(a, c, argc - 1, argv + 1, &o, &e) < 0)
			return command_error(&e);
		if (o.help) {
			options_help(stdout, c);
			return 0;
		}
		return c->run(&o);
	}
	return unknown_command(argv[1]);
}
