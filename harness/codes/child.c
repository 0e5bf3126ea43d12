#include "codes/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/limits.h"

#define READS_MAX 64 /* at a time: a program that never stops printing must not keep us */

static int start_failed(const struct child_program *p, int why, struct err *e)
{
	const char *name = p->argv[0];

	if (p->folder && !file_is_folder(p->folder))
		return err_input(e, "cannot run '%s' in '%s': no such folder", name, p->folder);
	switch (why) {
	case ENOENT:
		return err_input(e, "cannot run '%s': there is no such program%s", name,
		                 strchr(name, '/') ? ", or what its first line (#!) names is missing" : " in PATH");
	case EACCES:
		return err_input(e, "cannot run '%s': it is not executable (chmod +x), or its folder cannot be entered",
		                 name);
	case ENOEXEC:
		return err_input(
		        e, "cannot run '%s': it is not a program; a script begins with a line such as #!/bin/sh", name);
	default:
		return err_trouble(e, "cannot run '%s': %s", name, strerror(why));
	}
}

/* 0 or an errno. out and err become stdout and stderr. */
static int spawn(const struct child_program *p, int out, int err, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, standard;
	const short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	int r;

	sigemptyset(&none);
	sigfillset(&standard);
	if ((r = posix_spawn_file_actions_init(&files)))
		return r;
	if ((r = posix_spawnattr_init(&attributes))) {
		posix_spawn_file_actions_destroy(&files);
		return r;
	}
	r = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	r = r ? r : posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
	r = r ? r : posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	r = r ? r : posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	if (p->folder)
		r = r ? r : posix_spawn_file_actions_addchdir_np(&files, p->folder);
	r = r ? r : posix_spawnattr_setpgroup(&attributes, 0);
	r = r ? r : posix_spawnattr_setsigmask(&attributes, &none);
	r = r ? r : posix_spawnattr_setsigdefault(&attributes, &standard);
	r = r ? r : posix_spawnattr_setflags(&attributes, flags);
	r = r ? r
	      : posix_spawnp(pid, p->argv[0], &files, &attributes, (char *const *)(uintptr_t)p->argv,
	                     (char *const *)(uintptr_t)p->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return r;
}

int child_start(struct child *c, const struct child_program *p, struct err *e)
{
	int out[2] = {-1, -1}, err[2] = {-1, -1};
	int why = 0;

	*c = (struct child){.out = -1, .err = -1, .printed = {.cap = LIMIT_COMMAND_OUTPUT}};
	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0 || fcntl(out[0], F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(err[0], F_SETFL, O_NONBLOCK) < 0)
		why = errno;
	else
		why = spawn(p, out[1], err[1], &c->pid);
	file_closep(&out[1]);
	file_closep(&err[1]);
	c->out = out[0];
	c->err = err[0];
	if (why == 0)
		return 0;
	c->pid = 0;
	child_release(c);
	return start_failed(p, why, e);
}

static void keep_tail(struct child *c, const char *bytes, size_t n)
{
	if (n > sizeof c->tail) {
		bytes += n - sizeof c->tail;
		n = sizeof c->tail;
	}
	size_t old = c->tail_n + n > sizeof c->tail ? sizeof c->tail - n : c->tail_n;
	memmove(c->tail, c->tail + c->tail_n - old, old);
	memcpy(c->tail + old, bytes, n);
	c->tail_n = old + n;
}

/* Reads what is there; a file that has ended is closed. */
static void drain(struct child *c, int *fd)
{
	char piece[4096];

	for (int i = 0; *fd >= 0 && i < READS_MAX; i++) {
		ssize_t n = read(*fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			file_closep(fd);
		else if (fd == &c->err)
			keep_tail(c, piece, (size_t)n);
		else
			buf_add(&c->printed, piece, (size_t)n);
	}
}

bool child_ended(struct child *c)
{
	siginfo_t ended = {0};

	if (c->pid == 0)
		return true;
	drain(c, &c->out);
	drain(c, &c->err);
	/* ECHILD: somebody has ignored SIGCHLD, so the kernel reaped it. */
	if (waitid(P_PID, (id_t)c->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0)
		return false;
	child_kill(c);
	drain(c, &c->out);
	drain(c, &c->err);
	return true;
}

void child_kill(struct child *c)
{
	if (c->pid == 0)
		return;
	/* Before it is reaped: as long as it is a zombie, nobody else's group can have this number. */
	kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &c->status, 0) < 0) {
		if (errno == EINTR)
			continue;
		c->status = 0xff00; /* lost: exit status 255 */
		break;
	}
	c->pid = 0;
}

void child_release(struct child *c)
{
	child_kill(c);
	file_closep(&c->out);
	file_closep(&c->err);
	buf_release(&c->printed);
}
