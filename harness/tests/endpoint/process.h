#ifndef BRANDCERT_TESTS_ENDPOINT_PROCESS_H
#define BRANDCERT_TESTS_ENDPOINT_PROCESS_H

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/buf.h"
#include "testing.h"

/* The built binary as a child process with pipes on its standard input, output and error. */

#define PROCESS_ARGS 12

extern char **environ;

struct process {
	struct arena *a;
	pid_t pid;
	int in, out, error;
	const char *folder; /* its state */
	json_t *ready;
};

static inline const char *process_program(struct arena *a)
{
	const char *build = getenv("BRANDCERT_BUILD");

	build = build ? build : "build";
	return arena_printf(a, "%s%s%s/reference-brand", *build == '/' ? "" : testing_root(), *build == '/' ? "" : "/",
	                    build);
}

/* args: NULL-terminated, behind the program's name. */
static inline void process_spawn(struct process *p, const char *const *args)
{
	char *argv[PROCESS_ARGS + 1] = {NULL};
	int in[2], out[2], error[2];
	posix_spawn_file_actions_t actions;

	argv[0] = arena_text(p->a, process_program(p->a));
	for (size_t i = 0; args[i] && i + 1 < PROCESS_ARGS; i++)
		argv[i + 1] = arena_text(p->a, args[i]);
	ck_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(error, O_CLOEXEC) == 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	posix_spawn_file_actions_adddup2(&actions, error[1], 2);
	int why = posix_spawn(&p->pid, argv[0], &actions, NULL, argv, environ);
	ck_assert_msg(why == 0, "cannot start '%s': %s", argv[0], strerror(why));
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	close(error[1]);
	p->in = in[1];
	p->out = out[0];
	p->error = error[0];
}

/* All that comes until the end, or until a line feed. Arena memory. */
static inline char *process_read(struct process *p, int fd, bool line)
{
	struct buf b = {.cap = 64 * 1024};
	ssize_t n;
	char c;

	buf_add_text(&b, "");
	while ((n = read(fd, &c, 1)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		ck_assert_int_eq(n, 1);
		buf_add_char(&b, c);
		if (line && c == '\n')
			break;
	}
	char *text = arena_sv(p->a, buf_sv(&b));
	buf_release(&b);
	return text;
}

/* Exit status, or -1 when a signal ended it. */
static inline int process_wait(struct process *p)
{
	int status;

	ck_assert_int_eq(waitpid(p->pid, &status, 0), p->pid);
	p->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void process_init(struct process *p)
{
	*p = (struct process){.a = arena_new(), .in = -1, .out = -1, .error = -1};
}

/* Ends it by its pid when it has not ended yet. */
static inline void process_release(struct process *p)
{
	int fds[] = {p->in, p->out, p->error};

	for (size_t i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (p->pid > 0) {
		kill(p->pid, SIGTERM);
		process_wait(p);
	}
	json_decref(p->ready);
	arena_free(p->a);
}

/* Starts a brand in a folder of its own and waits until it is ready. */
static inline void process_start(struct process *p, const char *faults)
{
	process_init(p);
	p->folder = arena_printf(p->a, "%s/state", testing_folder(p->a));
	const char *const args[] = {"--until-stdin-closes",     "--state", p->folder, "--code-lifetime=60",
	                            faults ? "--faults" : NULL, faults,    NULL};
	process_spawn(p, args);
	const char *line = process_read(p, p->out, true);
	p->ready = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(json_is_object(p->ready), "no ready line: '%s'", line);
}

static inline const char *process_fact(const struct process *p, const char *name)
{
	const char *text = json_string_value(json_object_get(p->ready, name));

	ck_assert_msg(text != NULL, "the ready line has no '%s'", name);
	return text;
}

static inline const char *process_file(struct process *p, const char *name)
{
	return testing_read(p->a, arena_printf(p->a, "%s/%s", p->folder, name));
}

#endif
