#ifndef BRANDCERT_TESTS_PAPERS_H
#define BRANDCERT_TESTS_PAPERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

/* X.509 certificates for tests that read them. All are signed with their own key, whoever is named as the issuer. */
struct paper {
	const char *subject, *issuer; /* common names; NULL: brand.example, Acme CA */
	int64_t begins, ends;         /* unix; 0, 0: from 1 January 2026 to 1 January 2028 */
	const char *key;              /* "P-256" (NULL), "P-192", "RSA-1024", "RSA-2048", "ED25519" */
	const char *hash;             /* NULL: SHA256 */
	const char *names; /* subjectAltName as OpenSSL reads it: "DNS:brand.example,IP:192.0.2.1"; NULL: none */
	bool names_issuer; /* authorityInfoAccess with a URL */
};

/* DER, arena memory. */
struct sv paper_make(struct arena *a, const struct paper *p);

#endif
