#ifndef BRANDCERT_TESTS_IDENTITY_H
#define BRANDCERT_TESTS_IDENTITY_H

#include "core/arena.h"

/* A key and a self-signed certificate for 127.0.0.1, as PEM files: who trusts the certificate's file trusts the server. */
struct loopback_identity {
	const char *key_file, *certificate_file;
};

/* In a folder that goes when the test program ends. */
struct loopback_identity identity_make(struct arena *a);

#endif
