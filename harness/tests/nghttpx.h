#ifndef BRANDCERT_TESTS_NGHTTPX_H
#define BRANDCERT_TESTS_NGHTTPX_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/arena.h"
#include "identity.h"

/* Debian's nghttpx as a TLS and HTTP/2 front end of a server on this machine, on an ephemeral port of 127.0.0.1. */
struct nghttpx {
	pid_t pid;
	int port;
};

/* backend_tls: the server behind speaks TLS, too; its certificate is not looked at. Connections can be made at once: they wait until it is up. Fails the test when it cannot be started. */
struct nghttpx nghttpx_start(struct arena *a, const struct loopback_identity *id, int backend_port, bool backend_tls);
void nghttpx_stop(struct nghttpx *n);

#endif
