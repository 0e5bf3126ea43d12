/* Completion scripts for shells, made from the tables of commands and options. */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "core/text.h"
#include "report/report.h"
#include "suite/suite.h"

/* What an option's value may be, where that is known: words, or a shell command that prints them one a line. */
struct values {
	const char *option; /* or a command, for its argument */
	const char *words, *lines;
	const char *zsh; /* the function of the script for zsh that offers those lines */
};

#define SCENARIOS "brandcert list scenarios 2>/dev/null | sed -n 's/^  \\([a-z0-9-]*\\).*/\\1/p'"
#define TAGS                                                                               \
	"brandcert list scenarios --json 2>/dev/null | sed -n '/\"tags\": \\[$/,/\\]/s/^ " \
	"*\"\\([a-z0-9-]*\\)\",*$/\\1/p'"                                                  \
	" | sort -u"
#define REQUIREMENTS "brandcert list requirements 2>/dev/null | sed -n '2,$s/ .*//p'"

static const char *joined(struct arena *a, const char *const *names, size_t n)
{
	char *text = arena_text(a, "");

	for (size_t i = 0; i < n; i++)
		text = arena_printf(a, "%s%s%s", text, i ? " " : "", names[i]);
	return text;
}

static const char *profiles(struct arena *a)
{
	const char *names[PROFILE_COUNT];

	for (int p = 0; p < PROFILE_COUNT; p++)
		names[p] = profile_text((enum profile)p);
	return joined(a, names, PROFILE_COUNT);
}

static const char *levels(struct arena *a)
{
	const char *names[LEVEL_COUNT];

	for (int l = 0; l < LEVEL_COUNT; l++)
		names[l] = level_text((enum level)l);
	return joined(a, names, LEVEL_COUNT);
}

static const char *formats(struct arena *a)
{
	const char *names[16];
	size_t n = 0;

	for (const struct report_format *f = report_formats; f->name && n < sizeof names / sizeof *names; f++)
		names[n++] = f->name;
	return joined(a, names, n);
}

/* "[scenarios|faults]" of a command's arguments as "scenarios faults"; NULL: they are no words. */
static const char *argument_words(struct arena *a, const char *arguments)
{
	char *text = arena_text(a, arguments);
	size_t n = strlen(text);

	if (n < 2 || text[0] != '[' || !strchr(text, '|'))
		return NULL;
	text[n - 1] = '\0';
	for (char *p = text; *p; p++)
		if (*p == '|')
			*p = ' ';
	return text + 1;
}

static struct values values_of(struct arena *a, const char *option)
{
	if (strcmp(option, "profile") == 0)
		return (struct values){option, profiles(a), NULL, NULL};
	if (strcmp(option, "level") == 0)
		return (struct values){option, levels(a), NULL, NULL};
	if (strcmp(option, "report") == 0)
		return (struct values){option, formats(a), NULL, NULL};
	if (strcmp(option, "color") == 0)
		return (struct values){option, "auto always never", NULL, NULL};
	if (strcmp(option, "format") == 0)
		return (struct values){option, "text json markdown", NULL, NULL};
	if (strcmp(option, "only") == 0)
		return (struct values){option, NULL, SCENARIOS, "_brandcert_scenarios"};
	if (strcmp(option, "tag") == 0)
		return (struct values){option, NULL, TAGS, "_brandcert_tags"};
	return (struct values){option, NULL, NULL, NULL};
}

/* --- bash ---------------------------------------------------------------------------------------------------- */

static void bash_values(struct arena *a)
{
	struct option_doc d;

	printf("\tcase \"$before\" in\n");
	for (size_t i = 0; options_next(NULL, &i, &d);) {
		struct values v = values_of(a, d.name);
		if (!d.argument)
			continue;
		if (v.words)
			printf("\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$now\")); return ;;\n", d.name, v.words);
		else if (v.lines)
			printf("\t--%s) COMPREPLY=($(compgen -W \"$(%s)\" -- \"$now\")); return ;;\n", d.name, v.lines);
		else
			printf("\t--%s) COMPREPLY=($(compgen -f -- \"$now\")); return ;;\n", d.name);
	}
	printf("\tesac\n");
}

static void bash_command(struct arena *a, const struct command_row *c)
{
	const char *words = argument_words(a, c->arguments);
	struct option_doc d;

	printf("\t%s)\n\t\toptions='", c->name);
	for (size_t i = 0, n = 0; options_next(c->name, &i, &d); n++)
		printf("%s--%s", n ? " " : "", d.name);
	printf("'\n");
	if (words)
		printf("\t\twords='%s' ;;\n", words);
	else if (strcmp(c->name, "explain") == 0)
		printf("\t\twords=\"$(%s; %s)\" ;;\n", REQUIREMENTS, SCENARIOS);
	else
		printf("\t\tfiles=%s ;;\n", *c->arguments ? "yes" : "");
}

static void bash(struct arena *a)
{
	printf("# brandcert's completion for bash: source it, or put it where bash-completion looks.\n"
	       "_brandcert() {\n"
	       "\tlocal now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= words= files=\n"
	       "\tCOMPREPLY=()\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (const struct command_row *c = command_rows; c->name; c++)
		printf("%s ", c->name);
	printf("--help --version' -- \"$now\"))\n\t\treturn\n\tfi\n");
	bash_values(a);
	printf("\tcase \"${COMP_WORDS[1]}\" in\n");
	for (const struct command_row *c = command_rows; c->name; c++)
		bash_command(a, c);
	printf("\tesac\n"
	       "\tcase \"$now\" in\n"
	       "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$now\")) ;;\n"
	       "\t*) COMPREPLY=($(compgen -W \"$words\" ${files:+-f} -- \"$now\")) ;;\n"
	       "\tesac\n"
	       "}\n"
	       "complete -o filenames -F _brandcert brandcert\n");
}

/* --- zsh ----------------------------------------------------------------------------------------------------- */

/* Inside single quotes, and inside the brackets and colons of _arguments. */
static const char *zsh_text(struct arena *a, const char *text)
{
	struct buf out = {.cap = BUF_OWN};

	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			buf_add_text(&out, "'\\''");
		else if (strchr("[]:\\", *p))
			buf_addf(&out, "\\%c", *p);
		else
			buf_add_char(&out, *p);
	}
	char *made = arena_sv(a, out.n ? buf_sv(&out) : SV(""));
	buf_release(&out);
	return made;
}

static void zsh_option(struct arena *a, const struct option_doc *d)
{
	struct values v = values_of(a, d->name);

	printf("\t\t\t'--%s[%s]", d->name, zsh_text(a, d->help));
	if (d->argument && v.words)
		printf(":%s:(%s)'", zsh_text(a, d->argument), v.words);
	else if (d->argument && v.lines)
		printf(":%s:%s'", zsh_text(a, d->argument), v.zsh);
	else if (d->argument)
		printf(":%s:_files'", zsh_text(a, d->argument));
	else
		printf("'");
	printf(" \\\n");
}

static void zsh_command(struct arena *a, const struct command_row *c)
{
	const char *words = argument_words(a, c->arguments);
	struct option_doc d;

	printf("\t%s)\n\t\t_arguments \\\n", c->name);
	for (size_t i = 0; options_next(c->name, &i, &d);)
		zsh_option(a, &d);
	if (words)
		printf("\t\t\t'1:what:(%s)' ;;\n", words);
	else if (strcmp(c->name, "explain") == 0)
		printf("\t\t\t'1:id:_brandcert_ids' ;;\n");
	else
		printf("\t\t\t'*:%s:_files' ;;\n", *c->arguments ? zsh_text(a, c->arguments) : "file");
}

static void zsh(struct arena *a)
{
	printf("#compdef brandcert\n"
	       "# brandcert's completion for zsh: put it as _brandcert into a folder of $fpath.\n"
	       "_brandcert_scenarios() {\n\tlocal -a ids\n\tids=(${(f)\"$(%s)\"})\n\tcompadd -a ids\n}\n"
	       "_brandcert_tags() {\n\tlocal -a tags\n\ttags=(${(f)\"$(%s)\"})\n\tcompadd -a tags\n}\n"
	       "_brandcert_ids() {\n\tlocal -a ids\n\tids=(${(f)\"$(%s; %s)\"})\n\tcompadd -a ids\n}\n"
	       "_brandcert() {\n"
	       "\tlocal -a commands\n"
	       "\tif (( CURRENT == 2 )); then\n\t\tcommands=(\n",
	       SCENARIOS, TAGS, REQUIREMENTS, SCENARIOS);
	for (const struct command_row *c = command_rows; c->name; c++)
		printf("\t\t\t'%s:%s'\n", c->name, zsh_text(a, c->summary));
	printf("\t\t)\n\t\t_describe 'command' commands\n\t\treturn\n\tfi\n"
	       "\tlocal command=$words[2]\n"
	       "\tshift words\n\t(( CURRENT-- ))\n"
	       "\tcase $command in\n");
	for (const struct command_row *c = command_rows; c->name; c++)
		zsh_command(a, c);
	printf("\tesac\n}\n"
	       "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n\t_brandcert \"$@\"\nelse\n"
	       "\tcompdef _brandcert brandcert\nfi\n");
}

int command_completion(const struct options *o)
{
	static const char *const shells[] = {"bash", "zsh"};
	struct err e = {0};

	if (o->nrest == 1 && strcmp(o->rest[0], shells[0]) == 0) {
		bash(o->a);
	} else if (o->nrest == 1 && strcmp(o->rest[0], shells[1]) == 0) {
		zsh(o->a);
	} else {
		err_input(&e, "'brandcert completion' takes the shell: %s", text_list(o->a, shells, 2, "or"));
		return command_error(&e);
	}
	return EXIT_CONFORMANT;
}
