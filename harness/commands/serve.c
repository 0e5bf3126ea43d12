#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/load.h"
#include "commands/reference.h"
#include "core/file.h"

/* Beside the program when that folder is ours (a build tree), otherwise in the current folder. */
static const char *default_state(struct arena *a)
{
	const char *folder = file_program_folder(a);

	if (folder && access(folder, W_OK) == 0 && file_exists(arena_printf(a, "%s/../suites", folder)))
		return arena_printf(a, "%s/reference", folder);
	return "brandcert-reference";
}

/*
 * Files for curl's --config: the credentials must not stand on a command line, where every user of the machine can read
 * them.
 */
static int write_curl_files(const struct options *o, const struct target *t, const char *state, struct err *e)
{
	char *control = arena_printf(o->a, "header = \"Authorization: Bearer %s\"\n", t->codes.control_token);
	char *client = arena_printf(o->a, "user = \"%s:%s\"\n", t->client.id, t->client.secret);

	if (file_replace(arena_printf(o->a, "%s/control.curl", state), sv_of(control), 0600, e) < 0)
		return -1;
	return file_replace(arena_printf(o->a, "%s/client.curl", state), sv_of(client), 0600, e);
}

static void print_how(const struct target *t, const struct reference *r)
{
	printf("The reference brand is up, with its own CA, until you press Ctrl-C.\n\n"
	       "  token endpoint  %s\n  issuer          %s\n  client_id       %s\n  redirect_uri    %s\n"
	       "  target file     %s\n  CA              %s\n\n",
	       t->token_endpoint, t->issuer, t->client.id, t->redirect_uri, r->target_file, r->ca_file);
	printf("Certify it:\n\n  brandcert run --target %s\n\n", r->target_file);
	printf("Get a code and redeem it (it lives %lld s):\n\n"
	       "  code=$(curl -sS --cacert %s --config %s/control.curl -X POST %s/codes | sed 's/.*\"code\": "
	       "*\"\\([^\"]*\\)\".*/\\1/')\n"
	       "  curl -sS --cacert %s --config %s/client.curl %s \\\n"
	       "    -d grant_type=authorization_code --data-urlencode \"code=$code\" --data-urlencode "
	       "redirect_uri=%s\n\n",
	       (long long)t->code_lifetime_s, r->ca_file, r->state, t->codes.control_url, r->ca_file, r->state,
	       t->token_endpoint, t->redirect_uri);
	fflush(stdout);
}

int command_serve(const struct options *o)
{
	struct reference r = {.hold = -1};
	struct target t;
	struct err e = {0};
	sigset_t until;
	int got;

	if (o->nrest) {
		err_input(&e, "'brandcert serve' takes no argument, '%s' is one", o->rest[0]);
		return command_error(&e);
	}
	/* Blocked before the child is made, so that Ctrl-C always passes through reference_stop. */
	sigemptyset(&until);
	sigaddset(&until, SIGINT);
	sigaddset(&until, SIGTERM);
	sigaddset(&until, SIGHUP);
	sigaddset(&until, SIGCHLD);
	sigprocmask(SIG_BLOCK, &until, NULL);

	if (reference_start(o->a, o->state ? o->state : default_state(o->a), o->faults, &r, &e) < 0)
		return command_error(&e);
	if (load_target(o, r.target_file, &t) < 0 || write_curl_files(o, &t, r.state, &e) < 0) {
		reference_stop(&r);
		return e.kind ? command_error(&e) : EXIT_NO_VERDICT;
	}
	print_how(&t, &r);
	sigwait(&until, &got);
	int status = EXIT_CONFORMANT;
	if (got == SIGCHLD) {
		err_trouble(&e, "the reference brand ended by itself");
		status = command_error(&e);
	}
	reference_stop(&r);
	return status;
}
