#include "nghttpx.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "/usr/sbin/nghttpx"

/* A listener that the program inherits, by the way in which it hands its own to a newer self: so its port is ours. */
static int listen_somewhere(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(fd, 128), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

struct nghttpx nghttpx_start(struct arena *a, const struct loopback_identity *id, int backend_port, bool backend_tls)
{
	struct nghttpx made = {0};
	int fd = listen_somewhere(&made.port);
	char *argv[] = {arena_text(a, PROGRAM),
	                arena_text(a, "--conf=/dev/null"),
	                arena_text(a, "--single-process"),
	                arena_text(a, "--workers=1"),
	                arena_text(a, "--log-level=FATAL"),
	                arena_printf(a, "--frontend=127.0.0.1,%d", made.port),
	                arena_text(a, "--insecure"),
	                arena_printf(a, "--backend=127.0.0.1,%d%s", backend_port, backend_tls ? ";;tls" : ""),
	                arena_text(a, id->key_file),
	                arena_text(a, id->certificate_file),
	                NULL};
	char *env[] = {arena_printf(a, "NGHTTPX_ACCEPT_1=tcp,%d", fd), NULL};

	ck_assert_msg(access(PROGRAM, X_OK) == 0, PROGRAM " is missing: make deps");
	made.pid = fork();
	ck_assert_int_ge(made.pid, 0);
	if (made.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test stops nothing */
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		execve(PROGRAM, argv, env);
		_exit(127);
	}
	close(fd);
	return made;
}

void nghttpx_stop(struct nghttpx *n)
{
	kill(n->pid, SIGKILL);
	ck_assert_int_eq(waitpid(n->pid, NULL, 0), n->pid);
}
