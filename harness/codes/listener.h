#ifndef BRANDCERT_CODES_LISTENER_H
#define BRANDCERT_CODES_LISTENER_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"

/*
 * The loopback address on which a person's browser lands (RFC 8252 §7.3): a server for GET alone, for one path, that never
 * blocks. Anybody on this machine can talk to it, so what comes is bounded and believed only with our state in it.
 */
struct listener;

/* `address` as in supply.listen; its host is 127.0.0.1, [::1] or localhost. Port 0: any that is free. NULL and e (ERR_INPUT,
 * ERR_TROUBLE when the port is taken) on failure. */
struct listener *listener_open(const char *address, struct err *e);
void listener_close(struct listener *l);            /* NULL is allowed */
const char *listener_url(const struct listener *l); /* the redirect_uri: the address, with the port that it has */
int listener_fd(const struct listener *l);          /* readable when there is something to do */

struct visit {
	size_t connection;
	const char *url; /* the redirect_uri with the query that came, in a's memory */
};
/* The next request for our path. False: none for now. All others are answered here. */
bool listener_next(struct listener *l, struct arena *a, struct visit *ret);

enum visit_answer {
	VISIT_TAKEN,    /* thank you */
	VISIT_REFUSED,  /* that is not what was asked for */
	VISIT_FRAGMENT, /* come again and bring the fragment as the query: no browser sends it */
};
void listener_answer(struct listener *l, const struct visit *v, enum visit_answer answer);

#endif
