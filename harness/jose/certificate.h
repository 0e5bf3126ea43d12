#ifndef BRANDCERT_JOSE_CERTIFICATE_H
#define BRANDCERT_JOSE_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/* What an X.509 certificate says of itself (RFC 5280 §4.1). Whether it is to be believed is for others to find out. */
struct certificate {
	const char *subject, *issuer;  /* "CN=brand.example, O=Acme"; bounded, may be empty */
	int64_t not_before, not_after; /* unix seconds; the last second that is still valid */
	const char *key;               /* "RSA", "EC", "ED25519", …; "unknown" when it cannot be read */
	int bits;                      /* of the modulus or of the curve; 0 when it cannot be read */
	const char *signature;         /* "ecdsa-with-SHA256" */
	const char *hash;              /* of the signature: "SHA256"; NULL where the algorithm has none of its own */
	const char **dns, **ip;        /* subjectAltName's, NULL-terminated, at most LIMIT_CERTIFICATE_NAMES together */
	size_t names;                  /* how many it has */
	bool own_issuer;               /* subject and issuer are the same */
	bool names_issuer;             /* it says where its issuer's certificate can be fetched (RFC 5280 §4.2.2.1) */
};

/* Reads DER; what comes behind it is a mistake. Strings are arena memory. -1 (ERR_INPUT): it is no certificate. */
int certificate_read(struct arena *a, struct sv der, struct certificate *ret, struct err *e)
        __attribute__((warn_unused_result));

/*
 * True when the certificate is for that host: a name, an IPv4 address, or an IPv6 address in brackets or without. Only
 * subjectAltName counts, and a wildcard only as the whole left-most label (RFC 9110 §4.3.4, RFC 9525 §6.3).
 */
bool certificate_is_for(struct sv der, const char *host);

/* A key too short for today (RFC 9325 §4.5): RSA and DSA below 2048 bits, EC below 224. */
bool certificate_key_is_weak(const struct certificate *c);
/* Signed with MD5, SHA-1 or older (RFC 9325 §4.5). */
bool certificate_hash_is_weak(const struct certificate *c);

/* How the verification of a chain ended, told from OpenSSL's X509_V_ERR_… number. */
enum chain_trouble {
	CHAIN_TRUSTED,
	CHAIN_EXPIRED,     /* a certificate is not valid any more */
	CHAIN_NOT_YET,     /* … not valid yet */
	CHAIN_WEAK,        /* a key or a signature that is too weak to be accepted */
	CHAIN_SELF_SIGNED, /* the leaf is signed by itself and not trusted */
	CHAIN_OTHER_ROOT,  /* it leads to a root that is not trusted */
	CHAIN_NO_ISSUER,   /* the issuer of one is neither sent nor trusted */
	CHAIN_OTHER,
};
enum chain_trouble certificate_trouble(int64_t verify_error);

#endif
