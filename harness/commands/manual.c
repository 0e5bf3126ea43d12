/* The man page, made from the tables of commands and options: man(7). */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "core/version.h"

/* A line of text: nothing in it is a request or an escape, and hyphens are what people type. */
static void text(const char *line)
{
	if (*line == '.' || *line == '\'')
		printf("\\&");
	for (const char *p = line; *p; p++) {
		if (*p == '\\')
			printf("\\e");
		else if (*p == '-')
			printf("\\-");
		else if (*p == '\'')
			printf("\\(aq");
		else
			putchar(*p);
	}
	putchar('\n');
}

static void section(const char *name)
{
	printf(".SH %s\n", name);
}

static void item(const char *name, const char *line)
{
	printf(".TP\n.B ");
	text(name);
	text(line);
}

static void paragraph(const char *line)
{
	printf(".PP\n");
	text(line);
}

static void commands(struct arena *a)
{
	struct option_doc d;

	section("COMMANDS");
	for (const struct command_row *c = command_rows; c->name; c++) {
		printf(".SS %s\n.nf\n", c->name);
		text(arena_printf(a, "brandcert %s [options]%s%s", c->name, *c->arguments ? " " : "", c->arguments));
		printf(".fi\n.PP\n");
		text(c->summary);
		for (size_t i = 0; options_next(c->name, &i, &d);)
			item(arena_printf(a, "--%s%s%s", d.name, d.argument ? " " : "", d.argument ? d.argument : ""),
			     d.help);
	}
}

int command_manual(const struct options *o)
{
	struct err e = {0};

	if (o->nrest) {
		err_input(&e, "'brandcert manual' takes no argument, '%s' is one", o->rest[0]);
		return command_error(&e);
	}
	printf(".TH BRANDCERT 1 \"\" \"brandcert %s\" \"User Commands\"\n", BRANDCERT_VERSION);
	section("NAME");
	text("brandcert - certifies brand token endpoints");
	section("SYNOPSIS");
	printf(".B brandcert\n.I command\n[options] [arguments]\n");
	section("DESCRIPTION");
	text("A brand that uses LivePerson's messaging exposes an OpenID Connect token endpoint. brandcert redeems "
	     "authorization codes at it exactly as LivePerson does, judges what comes back against the specifications "
	     "and LivePerson's own documents, and says what to change. Where the target file says more, it judges the "
	     "authorization endpoint, tokens of the implicit flow, userinfo, discovery, JWKS and logout, too.");
	paragraph("Without a target file, run certifies the reference brand that brandcert starts itself.");
	commands(o->a);
	section("EXIT STATUS");
	item("0", "conformant: no must is violated");
	item("1", "a must is violated");
	item("2", "wrong usage, or a mistake in a file; nothing was sent");
	item("3", "no verdict: no answer, no code, or trouble of our own");
	section("ENVIRONMENT");
	item("${NAME} in a target file",
	     "takes the environment variable of that name: where client secrets, passwords and cookies belong");
	item("NO_COLOR", "when set, the summary has no colour");
	item("TMPDIR", "where evidence is kept, unlinked, while it is judged");
	item("GITHUB_ACTIONS, GITHUB_STEP_SUMMARY",
	     "when set, failures become annotations and the summary is added to the job's");
	section("FILES");
	item("reports/", "where reports go unless a file is named: everything in it is safe to publish");
	item("--record FILE", "evidence, which holds live secrets; mode 0600");
	section("EXAMPLES");
	item("brandcert init https://login.acme.example --output acme.yaml", "begins a target file");
	item("brandcert run --target acme.yaml --dry-run", "says what would be sent and how many codes it takes");
	item("brandcert list needs", "says what else a target file may set, and which scenarios that unlocks");
	item("brandcert run --target acme.yaml --only valid-code", "spends one code, and judges what it shows");
	item("brandcert run --target acme.yaml --tag implicit",
	     "judges tokens of the implicit flow, and spends no code");
	item("brandcert run --target acme.yaml --report junit --report html",
	     "certifies, with reports for CI and for people");
	item("pbpaste | brandcert inspect - --client-id liveperson", "judges one token without an endpoint");
	return EXIT_CONFORMANT;
}
