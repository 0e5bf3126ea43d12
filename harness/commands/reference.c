#include "commands/reference.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/load.h"
#include "commands/tenant.h"
#include "core/clock.h"
#include "core/file.h"
#include "exchange/exchange.h"

#define READY_MS 60000 /* it makes keys first: slow under valgrind */
#define CONTROL_MS 60000
#define READY_CAP (16 * 1024)

extern char **environ;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *f)
{
	(void)st, (void)kind, (void)f;
	return remove(path);
}

static int make_state(struct arena *a, const char *wanted, struct reference *ret, struct err *e)
{
	const char *tmp = getenv("TMPDIR");

	if (wanted) {
		ret->state = arena_text(a, wanted);
		return 0;
	}
	ret->state = arena_printf(a, "%s/brandcert.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(ret->state))
		return err_trouble(e, "cannot make a temporary folder '%s': %s", ret->state, strerror(errno));
	ret->temporary = true;
	return 0;
}

/* Spawns argv with pipes on its standard input and output; ours are close-on-exec, so no sibling keeps them open. */
static int spawn(char *const *argv, struct reference *r, int *ret_out, struct err *e)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	posix_spawn_file_actions_t actions;

	if (pipe2(in, O_CLOEXEC) < 0)
		return err_trouble(e, "cannot make a pipe: %s", strerror(errno));
	if (pipe2(out, O_CLOEXEC) < 0) {
		int why = errno;
		close(in[0]);
		close(in[1]);
		return err_trouble(e, "cannot make a pipe: %s", strerror(why));
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	int why = posix_spawn(&r->pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	r->hold = in[1];
	*ret_out = out[0];
	if (why) {
		r->pid = 0;
		return err_trouble(e, "cannot start '%s': %s", argv[0], strerror(why));
	}
	return 0;
}

/* The ready line, or an error when it does not come. */
static int read_ready(int fd, struct buf *line, struct err *e)
{
	int64_t until = clock_mono_us() + (int64_t)READY_MS * 1000;
	char c;

	while (!line->full) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left_ms = (until - clock_mono_us()) / 1000;
		if (left_ms <= 0 || poll(&p, 1, (int)left_ms) == 0)
			return err_trouble(e, "the reference brand was not ready within %d s", READY_MS / 1000);
		if (interrupted)
			return err_trouble(e, "interrupted");
		if (!(p.revents & (POLLIN | POLLHUP)))
			continue;
		ssize_t n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_trouble(e, "the reference brand ended before it was ready");
		if (c == '\n')
			return 0;
		buf_add_char(line, c);
	}
	return err_trouble(e, "the reference brand's first line is too long");
}

static int read_facts(struct arena *a, struct sv line, struct reference *r, struct err *e)
{
	const struct {
		const char *name, **to;
	} members[] = {
	        {"ca_file", &r->ca_file},         {"target_file", &r->target_file},
	        {"control_url", &r->control_url}, {"control_token_file", &r->control_token_file},
	        {"issuer", &r->issuer},           {"token_endpoint", &r->token_endpoint},
	        {"client_id", &r->client_id},     {"redirect_uri", &r->redirect_uri},
	};
	json_auto_t *facts = json_loadb(line.p, line.n, 0, NULL);

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		*members[i].to = arena_text(a, json_string_value(json_object_get(facts, members[i].name)));
		if (!*members[i].to)
			return err_trouble(e, "the reference brand's first line has no '%s'", members[i].name);
	}
	return 0;
}

int reference_start(struct arena *a, const char *state, const char *faults, struct reference *ret, struct err *e)
{
	*ret = (struct reference){.hold = -1};
	char *program = find_reference_brand(a);
	if (!program)
		return err_trouble(e, "the program 'reference-brand' is not beside brandcert: build it with 'make'");
	if (make_state(a, state, ret, e) < 0)
		return -1;

	char option[] = "--state", until[] = "--until-stdin-closes", broken[] = "--faults";
	char *argv[] = {program, until, option, ret->state, faults ? broken : NULL, arena_text(a, faults), NULL};
	struct buf line = {.cap = READY_CAP};
	fd_auto out = -1;
	int failed = spawn(argv, ret, &out, e) < 0 || read_ready(out, &line, e) < 0 ||
	             read_facts(a, buf_sv(&line), ret, e) < 0;
	buf_release(&line);
	if (failed)
		reference_stop(ret);
	return failed ? -1 : 0;
}

void reference_stop(struct reference *r)
{
	if (r->pid > 0) {
		close(r->hold);
		kill(r->pid, SIGTERM);
		while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (r->temporary)
		nftw(r->state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	*r = (struct reference){.hold = -1};
}

/* ".../control/tenants" from the tenant's own ".../control/tenants/t1" */
static char *tenants_url(struct arena *a, const char *control_url)
{
	const char *slash = strrchr(control_url, '/');

	return arena_sv(a, (struct sv){control_url, slash ? (size_t)(slash - control_url) : 0});
}

int reference_tenant(struct arena *a, const struct target *base, const json_t *faults, struct target *ret,
                     struct err *e)
{
	json_auto_t *wish =
	        json_pack("{s:O?, s:I}", "faults", faults, "code_lifetime", (json_int_t)base->code_lifetime_s);
	char *body = json_dumps(wish, JSON_COMPACT);
	const char *headers[] = {
	        arena_printf(a, "Authorization: Bearer %s", base->codes.control_token),
	        "Content-Type: application/json",
	        NULL,
	};
	struct http_request q = {
	        .method = "POST",
	        .url = tenants_url(a, base->codes.control_url),
	        .ca_file = base->tls.ca_file,
	        .headers = headers,
	        .body = sv_of(body),
	        .timeout_ms = CONTROL_MS,
	};
	struct http_response r = {0};

	if (!body)
		return err_trouble(e, "cannot write the faults as JSON");
	http_call(a, &q, &r);
	free(body);
	json_auto_t *reply = json_loadb(r.body.p ? r.body.p : "", r.body.n, 0, NULL);
	if (r.status != 201) {
		const char *why = json_string_value(json_object_get(reply, "error"));
		return err_trouble(e, "the reference brand made no tenant: %s",
		                   why         ? why
		                   : r.trouble ? r.trouble
		                               : "it gave no reason");
	}
	*ret = *base;
	return tenant_apply(a, reply, ret, e);
}
