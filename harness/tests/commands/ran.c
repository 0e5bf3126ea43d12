#include "commands/ran.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/buf.h"
#include "testing.h"

char *ran_file(struct arena *a, const char *path)
{
	char root[PATH_MAX];

	ck_assert_ptr_nonnull(realpath(testing_root(), root));
	return arena_printf(a, "%s/%s", root, path);
}

char *ran_program(struct arena *a, const char *name)
{
	const char *build = getenv("BRANDCERT_BUILD");
	char path[PATH_MAX];

	if (!realpath(arena_printf(a, "%s/%s", build ? build : "build", name), path))
		ck_abort_msg("'%s' is not built: run make first", name);
	return arena_text(a, path);
}

static pid_t start(struct arena *a, const char *folder, const char *const *argv, int in, int out, int err)
{
	size_t n = 0;

	while (argv[n])
		n++;
	char **copy = arena_array(a, n + 1, sizeof *copy);
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_text(a, argv[i]);
	if (strcmp(copy[0], "brandcert") == 0 || strcmp(copy[0], "reference-brand") == 0)
		copy[0] = ran_program(a, copy[0]);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || (err >= 0 && dup2(err, 2) < 0) || chdir(folder) < 0)
			_exit(126);
		execvp(copy[0], copy);
		_exit(127);
	}
	return pid;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct ran ran(struct arena *a, const char *folder, const char *const *argv)
{
	char *scratch = testing_folder(a);
	char *out = arena_printf(a, "%s/out", scratch), *err = arena_printf(a, "%s/err", scratch);
	int in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int out_fd = open(out, O_WRONLY | O_CREAT | O_CLOEXEC, 0600),
	    err_fd = open(err, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert(in_fd >= 0 && out_fd >= 0 && err_fd >= 0);
	int status = wait_for(start(a, folder, argv, in_fd, out_fd, err_fd));
	close(in_fd);
	close(out_fd);
	close(err_fd);
	return (struct ran){.status = status, .out = testing_read(a, out), .err = testing_read(a, err)};
}

static json_t *read_line(int fd)
{
	struct buf b = {.cap = 64 * 1024};
	char c;

	while (read(fd, &c, 1) == 1 && c != '\n')
		buf_add_char(&b, c);
	json_t *ready = json_loadb(b.p ? b.p : "", b.n, 0, NULL);
	buf_release(&b);
	return ready;
}

struct brand brand_start(struct arena *a, const char *faults)
{
	struct brand b = {.state = testing_folder(a)};
	const char *argv[] = {"reference-brand",
	                      "--until-stdin-closes",
	                      "--state",
	                      b.state,
	                      faults ? "--faults" : NULL,
	                      faults,
	                      NULL};
	int in[2], out[2];

	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	b.pid = start(a, ".", argv, in[0], out[1], -1);
	close(in[0]);
	close(out[1]);
	b.hold = in[1];
	b.ready = read_line(out[0]);
	close(out[0]);
	if (!b.ready)
		ck_abort_msg("the reference brand did not come up");
	return b;
}

const char *brand_says(const struct brand *b, const char *member)
{
	const char *text = json_string_value(json_object_get(b->ready, member));

	ck_assert_msg(text != NULL, "the ready line has no '%s'", member);
	return text;
}

void brand_stop(struct brand *b)
{
	close(b->hold);
	kill(b->pid, SIGTERM);
	(void)wait_for(b->pid);
	json_decref(b->ready);
}

json_t *ran_json(struct arena *a, const char *path)
{
	json_error_t why;
	json_t *v = json_loads(testing_read(a, path), 0, &why);

	if (!v)
		ck_abort_msg("%s: not JSON: %s", path, why.text);
	return v;
}
