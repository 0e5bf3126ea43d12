#ifndef BRANDCERT_COMMANDS_OPTIONS_H
#define BRANDCERT_COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/err.h"

/* --report FORMAT[:FILE] */
struct report_wish {
	const struct report_format *format;
	const char *file; /* "-": standard output */
};

/* What the command line says. Lists are NULL-terminated; NULL where nothing was said. */
struct options {
	struct arena *a;
	const char *command;
	const char *target;
	const char **suites, **only, **tags;
	const char *profile;
	const char *record;
	const char *state;
	const char *faults;
	struct report_wish *reports;
	size_t nreports;
	const char *report_folder;
	const char *key, *output, *jwks, *public_key, *results;
	const char *format; /* --format: each command says what it knows; NULL: text for people */
	const char *client_id, *issuer, *nonce, *at, *decryption_key; /* what a token is inspected with */
	const char *ca_file;
	const char *area, *level;              /* filters of `list` */
	const char *expected, *write_expected; /* --expected-failures, --write-expected-failures */
	int jobs, tap_version;
	enum color_wish { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
	bool mask_claims; /* personal claims are masked, too */
	bool dry_run, quiet, verbose, markdown, json, help;
	const char **rest; /* what is left after the options */
	size_t nrest;
};

/* The commands that an option belongs to, and its row in the help. */
struct option_row;
struct command_row {
	const char *name, *arguments, *summary;
	int (*run)(const struct options *o);
};
extern const struct command_row command_rows[]; /* ends with name NULL */

/* Reads argv, whose first element is the command's name. ERR_INPUT names the option and the nearest right spelling. */
int options_parse(struct arena *a, const struct command_row *command, int argc, char **argv, struct options *ret,
                  struct err *e) __attribute__((warn_unused_result));
/* An option for documents. */
struct option_doc {
	const char *name, *argument, *help; /* argument NULL: a flag */
};
/* The next option of a command (NULL: of any), from *at on, which starts as 0. False: there is none. */
bool options_next(const char *command, size_t *at, struct option_doc *ret);
void options_help(FILE *out, const struct command_row *command);

#endif
