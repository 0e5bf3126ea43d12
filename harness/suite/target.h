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

struct listed_code {
	const char *code, *redirect_uri, *nonce, *code_verifier;
};

struct target {
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
	const char *redirect_uri; /* default https://liveperson.net */
	struct {
		const char *jwks_uri;
		const char *public_key; /* the text, pasted or from public_key_file */
		const char *algorithm;  /* default RS256 */
	} keys;
	const char **audiences; /* trusted further audiences, NULL-terminated */
	int64_t tolerance_s;    /* clock tolerance, default 60 */
	struct {
		enum codes_from from;
		int64_t lifetime_s; /* 0: not declared */
		int64_t margin_s;   /* waited beyond the lifetime before a code counts as expired; default 5 */
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

/* True when the target file sets what `need` (a scenario's `needs` entry) names. */
bool target_has(const struct target *t, const char *need);
/* The names that `needs` may use, NULL-terminated. */
extern const char *const target_needs[];

#endif
