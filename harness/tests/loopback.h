#ifndef BRANDCERT_TESTS_LOOPBACK_H
#define BRANDCERT_TESTS_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"

/*
 * A scripted HTTP server in a thread of its own, on an ephemeral port of 127.0.0.1. It captures each request to the
 * byte and sends back the bytes that the test's script names, right or wrong.
 */
struct loopback;

struct loopback_request {
	size_t number;     /* from 0, in the order in which they were whole */
	size_t connection; /* from 0 */
	size_t nth;        /* on its connection, from 0 */
	size_t waiting;    /* requests without a reply at that moment, this one included */
	/* Connections on which at that moment a request was there, but for its last byte at most; this one included. */
	size_t ready;
	struct sv head; /* with the blank line */
	struct sv body;
	int64_t at_us; /* clock_mono_us */
};

struct loopback_reply {
	struct sv bytes; /* must live as long as the server */
	enum loopback_then {
		LOOPBACK_KEEP, /* the connection stays open for another request */
		LOOPBACK_CLOSE,
		LOOPBACK_FLOOD, /* the last `flood` bytes again and again until the client goes */
		LOOPBACK_HANG,  /* nothing more ever comes */
		LOOPBACK_HOLD,  /* not yet: the script is asked again when another request is whole */
	} then;
	size_t flood;
};

/* Called on the server's thread for each request, and then again for each that is held. */
typedef struct loopback_reply loopback_script(void *self, const struct loopback_request *q);

struct loopback *loopback_start(loopback_script *script, void *self);
/* The same over TLS with HTTP/1.1; its certificate is for 127.0.0.1 and its own CA. */
struct loopback_identity;
struct loopback *loopback_start_tls(loopback_script *script, void *self, const struct loopback_identity *id);
/* Before the first connection: the one of this number (from 0) is closed when something comes on it, or nothing is read. */
void loopback_refuse(struct loopback *l, size_t connection);
void loopback_ignore(struct loopback *l, size_t connection);
char *loopback_url(const struct loopback *l, struct arena *a, const char *path);
int loopback_port(const struct loopback *l);
/* Ends the thread; what was captured can be looked at from here on. */
void loopback_stop(struct loopback *l);
/* Before or after: the connections on which a request is there but for its last byte, and the requests that are whole. */
size_t loopback_lacking_one(struct loopback *l);
size_t loopback_whole(struct loopback *l);
size_t loopback_count(const struct loopback *l);
const struct loopback_request *loopback_at(const struct loopback *l, size_t i); /* fails the test when there is none */
size_t loopback_connections(const struct loopback *l);
void loopback_free(struct loopback *l);

/* "HTTP/1.1 200 OK", application/json, Content-Length, the body. Arena memory. */
struct sv loopback_json(struct arena *a, int status, const char *body);

#endif
