#include "loopback.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "core/buf.h"
#include "core/clock.h"
#include "identity.h"

#define CONNECTIONS_MAX 256
#define REQUESTS_MAX 1024
#define REQUEST_MAX ((size_t)8 * 1024 * 1024)

struct peer {
	int fd;
	SSL *tls; /* NULL: plain */
	size_t number, nth;
	struct buf in;
	struct sv out; /* left to send */
	struct sv again;
	bool held;      /* its request waits for the script */
	bool answering; /* between the request and the end of the reply */
	size_t request; /* which one that is */
	bool close_at_end, silent;
};

struct loopback {
	int listener, port, wake[2];
	loopback_script *script;
	void *self;
	pthread_t thread;
	bool stopped;
	SSL_CTX *tls;           /* NULL: plain */
	pthread_mutex_t access; /* to what is asked for while it runs */
	size_t lacking_one, whole;
	long refused, ignored; /* connection, or -1 */
	struct peer peers[CONNECTIONS_MAX];
	size_t npeers, connections, waiting;
	struct loopback_request *requests[REQUESTS_MAX];
	size_t count;
};

static void drop(struct loopback *l, struct peer *p)
{
	if (p->answering)
		l->waiting--;
	p->answering = p->held = false;
	SSL_free(p->tls);
	p->tls = NULL;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	buf_release(&p->in);
}

static void ask(struct loopback *l, struct peer *p)
{
	struct loopback_reply r = l->script(l->self, l->requests[p->request]);

	p->held = r.then == LOOPBACK_HOLD;
	if (p->held)
		return;
	p->out = r.bytes;
	if (r.then == LOOPBACK_FLOOD)
		p->again = (struct sv){r.bytes.p + r.bytes.n - r.flood, r.flood};
	p->close_at_end = r.then == LOOPBACK_CLOSE;
	p->silent = r.then == LOOPBACK_HANG;
}

/* Length of the request that `in` begins with, or 0 while its head is not whole. Sets *head. */
static size_t request_length(struct sv in, size_t *head)
{
	long end = sv_find(in, SV("\r\n\r\n"));
	size_t length = 0;

	if (end < 0)
		return 0;
	*head = (size_t)end + 4;
	struct sv rest = {in.p, *head}, line;
	while (sv_cut(&rest, '\n', &line))
		if (line.n > 15 && strncasecmp(line.p, "content-length:", 15) == 0)
			length = strtoul(line.p + 15, NULL, 10);
	return *head + length;
}

/* How many bytes of its request a connection still lacks; -1: that is not known yet, or there is none under way. */
static long lacking(const struct peer *p)
{
	size_t head, length = p->fd < 0 || p->answering ? 0 : request_length(buf_sv(&p->in), &head);

	return length == 0 ? -1 : length > p->in.n ? (long)(length - p->in.n) : 0;
}

static void note_progress(struct loopback *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->npeers; i++)
		n += lacking(&l->peers[i]) == 1;
	pthread_mutex_lock(&l->access);
	l->lacking_one = n;
	l->whole = l->count;
	pthread_mutex_unlock(&l->access);
}

static void read_more(struct loopback *l, struct peer *p);

/* Reads what has come on all connections meanwhile, so that the order in which they are looked at does not matter. */
static size_t count_ready(struct loopback *l, const struct peer *self)
{
	size_t n = 1;

	for (size_t i = 0; i < l->npeers; i++) {
		struct peer *p = &l->peers[i];
		if (p == self || p->fd < 0)
			continue;
		read_more(l, p);
		n += p->fd >= 0 && (p->answering || lacking(p) == 0 || lacking(p) == 1);
	}
	return n;
}

static void take_request(struct loopback *l, struct peer *p)
{
	size_t head, length = request_length(buf_sv(&p->in), &head);

	if (lacking(p) != 0 || l->count == REQUESTS_MAX)
		return;
	size_t ready = count_ready(l, p);
	char *copy = mem_alloc(length + 1);
	memcpy(copy, p->in.p, length);
	struct loopback_request *q = mem_alloc(sizeof *q);
	l->waiting++;
	*q = (struct loopback_request){.number = l->count,
	                               .connection = p->number,
	                               .nth = p->nth++,
	                               .waiting = l->waiting,
	                               .ready = ready,
	                               .head = {copy, head},
	                               .body = {copy + head, length - head},
	                               .at_us = clock_mono_us()};
	memmove(p->in.p, p->in.p + length, p->in.n - length);
	p->in.n -= length;
	p->request = l->count;
	p->answering = true;
	l->requests[l->count++] = q;
	ask(l, p);
	for (size_t i = 0; i < l->npeers; i++)
		if (l->peers[i].held && &l->peers[i] != p)
			ask(l, &l->peers[i]);
}

/* As read(2) says it: 0 at the end and when it broke, -1 with EAGAIN when there is nothing now. */
static ssize_t tls_result(const struct peer *p, int n)
{
	int why = n > 0 ? SSL_ERROR_NONE : SSL_get_error(p->tls, n);

	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		return n > 0 ? n : 0;
	errno = EAGAIN;
	return -1;
}

static ssize_t receive(const struct peer *p, char *piece, size_t size)
{
	if (p->tls)
		return tls_result(p, SSL_read(p->tls, piece, (int)size));
	ssize_t n = read(p->fd, piece, size);
	return n < 0 && errno != EAGAIN && errno != EINTR ? 0 : n;
}

static void read_more(struct loopback *l, struct peer *p)
{
	char piece[16 * 1024];
	bool any = false;
	ssize_t n;

	if (l->ignored == (long)p->number)
		return;
	if (l->refused == (long)p->number) {
		drop(l, p);
		return;
	}
	while ((n = receive(p, piece, sizeof piece)) > 0) {
		buf_add(&p->in, piece, (size_t)n);
		any = true;
	}
	if (n == 0 && !any) /* the end is there the next time, too */
		drop(l, p);
}

static void write_more(struct loopback *l, struct peer *p)
{
	ssize_t n = p->tls ? tls_result(p, SSL_write(p->tls, p->out.p, (int)p->out.n))
	                   : send(p->fd, p->out.p, p->out.n, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		drop(l, p);
		return;
	}
	p->out = (struct sv){p->out.p + n, p->out.n - (size_t)n};
	if (p->out.n == 0 && p->again.n)
		p->out = p->again;
}

/* The reply is out. */
static void end_reply(struct loopback *l, struct peer *p)
{
	l->waiting--;
	p->answering = false;
	if (p->close_at_end)
		drop(l, p);
	else
		take_request(l, p);
}

static void new_peer(struct loopback *l)
{
	int fd = accept4(l->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (l->npeers == CONNECTIONS_MAX) {
		close(fd);
		return;
	}
	struct peer *p = &l->peers[l->npeers++];
	*p = (struct peer){.fd = fd, .number = l->connections++, .in = {.cap = REQUEST_MAX}};
	if (!l->tls)
		return;
	p->tls = SSL_new(l->tls);
	SSL_set_fd(p->tls, fd);
	SSL_set_accept_state(p->tls); /* the handshake is made with the first read */
}

/* What was read while another connection was looked at. */
static void take_left(struct loopback *l)
{
	size_t before;

	do {
		before = l->count;
		for (size_t i = 0; i < l->npeers; i++)
			if (l->peers[i].fd >= 0)
				take_request(l, &l->peers[i]);
	} while (l->count != before);
}

static void *serve(void *self)
{
	struct loopback *l = self;
	struct pollfd fds[CONNECTIONS_MAX + 2];

	for (;;) {
		size_t n = l->npeers;
		fds[0] = (struct pollfd){.fd = l->wake[0], .events = POLLIN};
		fds[1] = (struct pollfd){.fd = l->listener, .events = POLLIN};
		for (size_t i = 0; i < n; i++)
			fds[i + 2] = (struct pollfd){.fd = l->ignored == (long)l->peers[i].number ? -1 : l->peers[i].fd,
			                             .events = (short)(POLLIN | (l->peers[i].out.n ? POLLOUT : 0))};
		if (poll(fds, n + 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[0].revents)
			return NULL;
		for (size_t i = 0; i < n; i++) {
			struct peer *p = &l->peers[i];
			if (p->fd >= 0 && fds[i + 2].revents & (POLLIN | POLLHUP | POLLERR))
				read_more(l, p);
			if (p->fd >= 0)
				take_request(l, p);
			if (p->fd >= 0 && p->out.n)
				write_more(l, p);
			if (p->fd >= 0 && p->answering && !p->held && !p->silent && p->out.n == 0)
				end_reply(l, p);
		}
		take_left(l);
		note_progress(l);
		if (fds[1].revents)
			new_peer(l);
	}
}

static struct loopback *start(loopback_script *script, void *self, SSL_CTX *tls)
{
	struct loopback *l = mem_alloc(sizeof *l);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;

	l->script = script;
	l->self = self;
	l->tls = tls;
	pthread_mutex_init(&l->access, NULL);
	l->refused = l->ignored = -1;
	l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(l->listener, 0);
	ck_assert_int_eq(bind(l->listener, (struct sockaddr *)&at, sizeof at), 0);
	ck_assert_int_eq(listen(l->listener, 128), 0);
	ck_assert_int_eq(getsockname(l->listener, (struct sockaddr *)&at, &n), 0);
	l->port = ntohs(at.sin_port);
	ck_assert_int_eq(pipe2(l->wake, O_CLOEXEC), 0);
	ck_assert_int_eq(pthread_create(&l->thread, NULL, serve, l), 0);
	return l;
}

struct loopback *loopback_start(loopback_script *script, void *self)
{
	return start(script, self, NULL);
}

struct loopback *loopback_start_tls(loopback_script *script, void *self, const struct loopback_identity *id)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	ck_assert_int_eq(SSL_CTX_use_certificate_file(tls, id->certificate_file, SSL_FILETYPE_PEM), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey_file(tls, id->key_file, SSL_FILETYPE_PEM), 1);
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return start(script, self, tls);
}

void loopback_refuse(struct loopback *l, size_t connection)
{
	l->refused = (long)connection;
}

void loopback_ignore(struct loopback *l, size_t connection)
{
	l->ignored = (long)connection;
}

size_t loopback_lacking_one(struct loopback *l)
{
	pthread_mutex_lock(&l->access);
	size_t n = l->lacking_one;
	pthread_mutex_unlock(&l->access);
	return n;
}

size_t loopback_whole(struct loopback *l)
{
	pthread_mutex_lock(&l->access);
	size_t n = l->whole;
	pthread_mutex_unlock(&l->access);
	return n;
}

char *loopback_url(const struct loopback *l, struct arena *a, const char *path)
{
	return arena_printf(a, "%s://127.0.0.1:%d%s", l->tls ? "https" : "http", l->port, path);
}

int loopback_port(const struct loopback *l)
{
	return l->port;
}

void loopback_stop(struct loopback *l)
{
	if (l->stopped)
		return;
	l->stopped = true;
	ck_assert_int_eq(write(l->wake[1], "", 1), 1);
	pthread_join(l->thread, NULL);
}

size_t loopback_count(const struct loopback *l)
{
	ck_assert_msg(l->stopped, "the loopback server still runs");
	return l->count;
}

const struct loopback_request *loopback_at(const struct loopback *l, size_t i)
{
	ck_assert_uint_lt(i, loopback_count(l));
	return l->requests[i];
}

size_t loopback_connections(const struct loopback *l)
{
	ck_assert_msg(l->stopped, "the loopback server still runs");
	return l->connections;
}

void loopback_free(struct loopback *l)
{
	loopback_stop(l);
	for (size_t i = 0; i < l->npeers; i++)
		drop(l, &l->peers[i]);
	for (size_t i = 0; i < l->count; i++) {
		free((void *)(uintptr_t)l->requests[i]->head.p);
		free(l->requests[i]);
	}
	close(l->listener);
	close(l->wake[0]);
	close(l->wake[1]);
	SSL_CTX_free(l->tls);
	pthread_mutex_destroy(&l->access);
	free(l);
}

struct sv loopback_json(struct arena *a, int status, const char *body)
{
	return sv_of(arena_printf(a,
	                          "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	                          status, status == 200 ? "OK" : "Other", strlen(body), body));
}
