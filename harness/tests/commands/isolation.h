#ifndef BRANDCERT_TESTS_COMMANDS_ISOLATION_H
#define BRANDCERT_TESTS_COMMANDS_ISOLATION_H

#include <stddef.h>

#include "suite/suite.h"

/* What becomes of all the other requirements. */
enum isolated_rest {
	REST_JUDGED, /* none ends as error */
	REST_UNSEEN, /* of some requests there is too little of a reply: error where that has to be judged, nothing worse */
	REST_UNASKED, /* no client gets as far as a request: only TLS and tokens from elsewhere are judged */
};

/* One mistake of a brand, and all that the whole suite may say of it. */
struct isolated {
	const char *faults;        /* of the reference brand, a JSON array */
	const char *fails, *warns; /* requirements, blank-separated: these and no others; NULL: none */
	enum isolated_rest rest;
	enum profile profile; /* 0: liveperson */
};

extern const struct isolated isolated[];
extern const size_t nisolated;

#endif
