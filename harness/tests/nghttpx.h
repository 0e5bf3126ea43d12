#ifndef BRANDCERT_TESTS_NGHTTPX_H
#define BRANDCERT_TESTS_NGHTTPX_H

#include <sys/types.h>

#include "core/arena.h"
#include "identity.h"

/* Debian's nghttpx as a TLS and HTTP/2 front end of a plain server on this machine, on an ephemeral port of 127.0.0.1. */
struct nghttpx {
	pid_t pid;
	int port;
};

/* Connections can be made at once: they wait until it is up. Fails the test when it cannot be started. */
struct nghttpx nghttpx_start(struct arena *a, const struct loopback_identity *id, int backend_port);
void nghttpx_stop(struct nghttpx *n);

#endif
