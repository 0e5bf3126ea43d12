#ifndef BRANDCERT_SUITE_TARGET_H
#define BRANDCERT_SUITE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "suite/suite.h"

/* Where a brand is and what it supports: one YAML file. All strings are arena memory; NULL: not given. */

enum client_auth { CLIENT_SECRET_BASIC, CLIENT_SECRET_POST };

enum codes_from { CODES_FROM_REFERENCE, CODES_FROM_LIST, CODES_FROM_COMMAND };

/* Whether codes come from authorization requests with a PKCE challenge (S256). */
enum target_pkce {
	PKCE_NONE, /* the default */
	PKCE_S256,
	PKCE_BOTH, /* with one, and where a scenario asks for it, without */
};

struct listed_code {
	const char *code, *redirect_uri, *nonce, *code_verifier;
	bool second_consumer, encoded_client; /* `consumer: second`, `client: encoded` */
};

struct client_credentials {
	const char *id, *secret;
};

struct target {
	const char **has; /* of a recorded run: what target_has() says, whatever the rest; NULL: the rest decides */
	const char *path;
	const char *name; /* target */
	enum profile profile;
	const char *issuer;
	const char *token_endpoint;
	const char *userinfo_endpoint;
	bool allow_http;
	struct {
		const char *id, *secret; /* secret or secret_file */
		enum client_auth authentication;
	} client;
	struct client_credentials second_client; /* another registered client: a code of ours is none of its */
	struct client_credentials
	        encoded_client; /* a client whose secret holds characters that form encoding changes */
	enum target_pkce pkce;
	const char *redirect_uri; /* default https://liveperson.net */
	struct {
		const char *jwks_uri;
		const char *public_key;     /* the text, pasted or from public_key_file */
		const char *algorithm;      /* default RS256 */
		const char *decryption_key; /* PEM of the private RSA key that stands in for LivePerson's; set: the
		                             * id_token is agreed to be encrypted to it */
	} keys;
	const char **audiences; /* trusted further audiences, NULL-terminated */
	int64_t tolerance_s;    /* clock tolerance, default 60 */
	struct {
		enum codes_from from;
		int64_t lifetime_s;   /* 0: not declared */
		bool second_consumer; /* the source can log in a second test consumer when it is asked to */
		int64_t margin_s;     /* waited beyond the lifetime before a code counts as expired; default 5 */
		struct listed_code *list;
		size_t nlist;
		const char **command;                    /* argv, NULL-terminated */
		int64_t timeout_ms;                      /* of one command, default LIMIT_COMMAND_MS */
		const char *folder;                      /* the command's working directory: the target file's */
		const char *control_url, *control_token; /* reference: the tenant's control URL and its bearer token */
	} codes;
	struct {
		const char *ca_file;
	} tls;
	struct {
		double rate;        /* exchanges a second, 0: unlimited */
		int connections;    /* in parallel, default 8 */
		int64_t timeout_ms; /* of one exchange, default LIMIT_TIMEOUT_MS */
	} limits;
};

/*
 * Reads and checks a target file; every mistake goes to d (look at d->errors), a literal client secret is a warning.
 * ${NAME} in any string takes the environment variable NAME; $$ is a dollar sign. Paths are relative to the file.
 */
void target_load(struct arena *a, const char *path, struct diags *d, struct target *ret);

/* The names that the target meets, NULL-terminated arena memory: for run_facts.has. */
const char **target_needs_met(struct arena *a, const struct target *t);
/* True when the target file sets what `need` (a scenario's `needs` entry) names. */
bool target_has(const struct target *t, const char *need);
/* The names that `needs` may use, NULL-terminated. */
extern const char *const target_needs[];

#endif
