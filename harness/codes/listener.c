#include "codes/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codes/origin.h"
#include "core/buf.h"
#include "core/file.h"
#include "core/limits.h"

#define CONNECTIONS 8 /* browsers open some that they never use; the oldest makes room */
#define BACKLOG 16
#define EVENTS_MAX 64 /* at a time: nobody on this machine keeps us */
#define OURSELVES CONNECTIONS

struct listener {
	struct arena *a;
	const char *url, *path;
	int epoll, socket;
	struct connection {
		int fd; /* -1: none */
		struct buf in;
	} v[CONNECTIONS];
	size_t oldest;
};

#define PAGE(status, policy, body)                                                                     \
	"HTTP/1.1 " status "\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n" \
	"Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'" policy           \
	"\r\nConnection: close\r\n\r\n<!doctype html><title>brandcert</title><p>" body "\n"

static const char *const pages[] = {
        [VISIT_TAKEN] = PAGE("200 OK", "", "Thank you. You can close this window."),
        [VISIT_REFUSED] = PAGE("400 Bad Request", "", "This is not the answer that brandcert is waiting for."),
        [VISIT_FRAGMENT] = PAGE("200 OK", "; script-src 'unsafe-inline'",
                                "This address holds no answer of an authorization endpoint."
                                "<script>if (location.hash.length > 1) "
                                "location.replace(location.pathname + '?' + location.hash.slice(1));</script>"),
};

static void hang_up(struct connection *c)
{
	file_closep(&c->fd);
	buf_release(&c->in);
}

/* Short enough for any socket's buffer. */
static void reply(struct connection *c, const char *page)
{
	(void)!send(c->fd, page, strlen(page), MSG_NOSIGNAL);
	shutdown(c->fd, SHUT_WR);
	hang_up(c);
}

/* --- the address ------------------------------------------------------------------------------------------- */

/* Fills *ret from "http://127.0.0.1:8910"; gives its length, 0: it is none of ours. */
static socklen_t read_origin(struct arena *a, const char *origin, struct sockaddr_storage *ret)
{
	const char *host = strstr(origin, "//") + 2, *colon = strrchr(host, ':');
	long port = strtol(colon + 1, NULL, 10);
	const char *name = arena_sv(a, (struct sv){host, (size_t)(colon - host)});

	*ret = (struct sockaddr_storage){0};
	if (port > 65535)
		return 0;
	if (strcmp(name, "[::1]") == 0) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;
		in6->sin6_family = AF_INET6;
		in6->sin6_addr = in6addr_loopback;
		in6->sin6_port = htons((uint16_t)port);
		return sizeof *in6;
	}
	if (strcmp(name, "127.0.0.1") != 0 && strcmp(name, "localhost") != 0)
		return 0;
	struct sockaddr_in *in = (struct sockaddr_in *)ret;
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in->sin_port = htons((uint16_t)port);
	return sizeof *in;
}

static int begin(struct listener *l, struct sockaddr_storage *at, socklen_t n)
{
	struct epoll_event ours = {.events = EPOLLIN, .data.u32 = OURSELVES};
	const int on = 1;

	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->socket = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->epoll < 0 || l->socket < 0 || setsockopt(l->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(l->socket, (struct sockaddr *)at, n) < 0 || listen(l->socket, BACKLOG) < 0 ||
	    getsockname(l->socket, (struct sockaddr *)at, &n) < 0)
		return -1;
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->socket, &ours);
}

/* The address with the port that it has: another one only where it said 0. */
static void name_url(struct listener *l, const char *address, const struct sockaddr_storage *at)
{
	int port = ntohs(at->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)at)->sin6_port
	                                           : ((const struct sockaddr_in *)at)->sin_port);
	size_t authority = strcspn(address + strlen("http://"), "/?#") + strlen("http://");
	const char *rest = address + authority, *colon = memrchr(address, ':', authority);
	size_t host = (size_t)(colon - address);

	l->url = strtol(colon + 1, NULL, 10) == 0 ? arena_printf(l->a, "%.*s:%d%s", (int)host, address, port, rest)
	                                          : arena_text(l->a, address);
	l->path = *rest == '/' ? arena_sv(l->a, (struct sv){rest, strcspn(rest, "?#")}) : "/";
}

struct listener *listener_open(const char *address, struct err *e)
{
	struct listener *l = mem_alloc(sizeof *l);
	struct sockaddr_storage at;

	*l = (struct listener){.a = arena_new(), .epoll = -1, .socket = -1};
	for (size_t i = 0; i < CONNECTIONS; i++)
		l->v[i].fd = -1;
	const char *origin = strncmp(address, "http://", 7) == 0 ? url_origin(l->a, address) : NULL;
	socklen_t n = origin ? read_origin(l->a, origin, &at) : 0;
	if (!n) {
		err_input(
		        e,
		        "cannot listen on '%s': that takes an address such as http://127.0.0.1:8910/cb, on 127.0.0.1, "
		        "[::1] or localhost",
		        address);
	} else if (begin(l, &at, n) < 0) {
		err_trouble(e, "cannot listen on '%s': %s", address, strerror(errno));
	} else {
		name_url(l, address, &at);
		return l;
	}
	listener_close(l);
	return NULL;
}

void listener_close(struct listener *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < CONNECTIONS; i++)
		hang_up(&l->v[i]);
	file_closep(&l->socket);
	file_closep(&l->epoll);
	arena_free(l->a);
	free(l);
}

const char *listener_url(const struct listener *l)
{
	return l->url;
}

int listener_fd(const struct listener *l)
{
	return l->epoll;
}

/* --- requests ---------------------------------------------------------------------------------------------- */

static void take_in(struct listener *l)
{
	int fd = accept4(l->socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t i = 0;

	if (fd < 0)
		return;
	while (i < CONNECTIONS && l->v[i].fd >= 0)
		i++;
	if (i == CONNECTIONS) {
		i = l->oldest;
		l->oldest = (l->oldest + 1) % CONNECTIONS;
		hang_up(&l->v[i]);
	}
	struct epoll_event its = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
	l->v[i] = (struct connection){.fd = fd, .in = {.cap = LIMIT_ANSWER}};
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &its) < 0)
		hang_up(&l->v[i]);
}

/* A whole head: true when it is a request for our path. */
static bool judge_head(struct listener *l, struct connection *c, struct arena *a, struct visit *ret)
{
	struct sv line = buf_sv(&c->in), method, target = SV_NONE, version = SV_NONE;

	line.n = (size_t)sv_find(line, SV("\r\n"));
	(void)sv_cut(&line, ' ', &method);
	(void)sv_cut(&line, ' ', &target);
	(void)sv_cut(&line, ' ', &version);
	if (line.p || !sv_starts(version, SV("HTTP/1.")) || sv_find_char(target, '\0') >= 0) {
		reply(c, PAGE("400 Bad Request", "", "This is no HTTP request."));
		return false;
	}
	if (!sv_eq(method, SV("GET"))) {
		reply(c, PAGE("405 Method Not Allowed\r\nAllow: GET", "", "Only GET is understood here."));
		return false;
	}
	size_t path = 0;
	while (path < target.n && target.p[path] != '?')
		path++;
	if (!sv_eq((struct sv){target.p, path}, sv_of(l->path))) {
		reply(c, PAGE("404 Not Found", "", "There is nothing here."));
		return false;
	}
	ret->connection = (size_t)(c - l->v);
	ret->url = arena_printf(a, "%.*s%s", (int)strcspn(l->url, "?#"), l->url,
	                        arena_sv(a, (struct sv){target.p + path, target.n - path}));
	return true;
}

static bool read_some(struct listener *l, struct connection *c, struct arena *a, struct visit *ret)
{
	char piece[4096];
	ssize_t n = recv(c->fd, piece, sizeof piece, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		hang_up(c);
		return false;
	}
	buf_add(&c->in, piece, (size_t)n);
	if (c->in.full) {
		reply(c, PAGE("431 Request Header Fields Too Large", "", "This request is too long."));
		return false;
	}
	return sv_find(buf_sv(&c->in), SV("\r\n\r\n")) >= 0 && judge_head(l, c, a, ret);
}

bool listener_next(struct listener *l, struct arena *a, struct visit *ret)
{
	struct epoll_event event;

	for (int i = 0; i < EVENTS_MAX && epoll_wait(l->epoll, &event, 1, 0) == 1; i++) {
		if (event.data.u32 == OURSELVES)
			take_in(l);
		else if (read_some(l, &l->v[event.data.u32], a, ret))
			return true;
	}
	return false;
}

void listener_answer(struct listener *l, const struct visit *v, enum visit_answer answer)
{
	reply(&l->v[v->connection], pages[answer]);
}
