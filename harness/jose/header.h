#ifndef BRANDCERT_JOSE_HEADER_H
#define BRANDCERT_JOSE_HEADER_H

#include "jose/jws.h"

/* What a signature's diagnosis needs of a JOSE header (RFC 7515 §4). Read tolerantly: of duplicate members the last. */
struct jose_header {
	bool is_object;
	bool has_alg;            /* the member is there, of whatever type */
	struct sv alg_text;      /* SV_NONE when it is no string */
	enum jose_alg alg;       /* by exact spelling */
	struct sv kid;           /* SV_NONE when it is absent or no string */
	bool is_encrypted;       /* has `enc`: a JWE */
	struct jwk embedded;     /* the key of `jwk`, or of the first certificate of `x5c`; for diagnosis only */
	const char *embedded_by; /* "jwk", "x5c", or NULL when there is no usable one */
};

void jose_header_read(struct arena *a, struct sv header, struct jose_header *ret);
void jose_header_release(struct jose_header *h);

#endif
